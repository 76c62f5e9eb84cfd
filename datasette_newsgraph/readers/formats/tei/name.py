"""A name in a text, as little as has to be kept of it: there may be one for each fifty bytes."""

from __future__ import annotations

from datasette_newsgraph.readers.formats.tei.elements import NAMES, TYPED
from datasette_newsgraph.readers.formats.tei.references import Reference, References

_REFERRING = ("ref", "key", "corresp", "sameAs")
_VALUES = ("when", "when-iso", "value")
_RANGE = (("from", "notBefore"), ("to", "notAfter"))


class Name:
    """A name with its place in the text, or in the notes; ``start`` is None if it has no words."""

    __slots__ = ("element", "end", "in_notes", "label", "number", "reference", "start", "value")

    def __init__(self, element: str, number: int, label: str | None, reference: Reference) -> None:
        self.element, self.number, self.label, self.reference = element, number, label, reference
        self.start: int | None = None
        self.end = 0
        self.in_notes = False
        #: The day or the period that a date is.
        self.value: str | None = None

    @classmethod
    def of(
        cls, element: str, number: int, attributes: dict[str, str], references: References
    ) -> Name:
        """Return the name that an element is, by its attributes."""
        if element in TYPED:
            label = attributes.get("type")
        else:
            label = "work" if element == "title" else NAMES[element]
        name = cls(element, number, label, _reference(attributes, references))
        if element == "date":
            name.value = _value(attributes)
        return name

    @property
    def place(self) -> str:
        """What it is called in a fault: the third name of a person."""
        return f"{self.element}[{self.number}]"

    def is_all_of(self, other: Name) -> bool:
        """Tell whether both have the same words, in one place."""
        return self.start is not None and (self.start, self.end, self.in_notes) == (
            other.start,
            other.end,
            other.in_notes,
        )

    def take_over(self, outer: Name) -> bool:
        """Be one with the name around it, of the same words, if both are of one thing; tell whether."""
        if self.reference and outer.reference and self.reference != outer.reference:
            return False
        self.reference = outer.reference or self.reference
        self.value = outer.value or self.value
        is_vague = outer.element in TYPED and outer.label is None
        if not is_vague:
            self.element, self.number, self.label = outer.element, outer.number, outer.label
        return True


def _reference(attributes: dict[str, str], references: References) -> Reference:
    key = next((each for each in _REFERRING if attributes.get(each)), None)
    if key is None:
        return references.read(None)
    return (references.key if key == "key" else references.read)(attributes[key])


def _value(attributes: dict[str, str]) -> str | None:
    """Return the day of a date, or the first and the last one of a period with a slash between."""
    exact = next((attributes[each] for each in _VALUES if attributes.get(each)), None)
    if exact is not None:
        return exact
    ends = [
        next((attributes[each] for each in names if attributes.get(each)), "") for names in _RANGE
    ]
    return "/".join(ends) if any(ends) else None
