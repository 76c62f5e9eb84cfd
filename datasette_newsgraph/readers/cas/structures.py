"""The feature structures of a CAS, as UIMA calls them: things of a type with values and references."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from datasette_newsgraph.readers.cas import layers

SOFA = "uima.cas.Sofa"
_DOCUMENT = "uima.tcas.DocumentAnnotation"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
#: Lists of structures or of words, which stand apart from the structure that has them.
_ARRAYS = ("uima.cas.FSArray", "uima.cas.StringArray")
_LISTS = ("uima.cas.NonEmptyFSList", "uima.cas.NonEmptyStringList")
#: What INCEpTION and WebAnno write into their files, and no other tool of UIMA does.
_OF_INCEPTION = ("webanno.", "de.tudarmstadt.ukp.clarin.webanno.", "de.tudarmstadt.ukp.inception.")
#: Nobody makes longer lists for one annotation: a list that leads back to itself ends there.
_LONGEST_LIST = 100_000


@dataclass(slots=True, eq=False)
class Structure:
    """A feature structure. ``values`` may hold the ids of others, where a file does not tell them from
    numbers; ``references`` are ids that are said to be such. ``elements`` is what is in an array.
    """

    id: str
    type: str
    sofa: str | None = None
    begin: int | None = None
    end: int | None = None
    values: dict[str, list[str]] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    elements: list[str] = field(default_factory=list)


class Cas:
    """All feature structures of a file that may say something, by their ids. A file may tell
    references from numbers.
    """

    def __init__(self, *, tells_references: bool = False) -> None:
        self._tells_references = tells_references
        self.structures: dict[str, Structure] = {}
        self.sofas: dict[str, Structure] = {}
        #: What is said of the document: title, id, language …
        self.about: dict[str, str] = {}
        self.passed_over: Counter[str] = Counter()
        self.is_of_inception = False
        #: For each type that came up whether it is wanted, or as what it is counted.
        self._wanted: dict[str, bool | str] = {}

    def wants(self, type_: str) -> bool:
        """Tell whether structures of a type are to be read; others are counted."""
        found = self._wanted.get(type_)
        if found is None:
            found = self._wanted[type_] = self._judge(type_)
        if isinstance(found, bool):
            return found
        self.passed_over[found] += 1
        return False

    def _judge(self, type_: str) -> bool | str:
        self.is_of_inception = self.is_of_inception or type_.startswith(_OF_INCEPTION)
        if type_ in (SOFA, _DOCUMENT, METADATA, *_ARRAYS, *_LISTS) or layers.is_read(type_):
            return True
        return False if layers.is_furniture(type_) else layers.short_name(type_)

    def add(self, structure: Structure) -> None:
        """Add a structure of a type that is wanted."""
        if structure.type == SOFA:
            self.sofas[structure.id] = structure
        elif structure.type in (_DOCUMENT, METADATA):
            for name, values in structure.values.items():
                self.about.setdefault(name, values[0])
        else:
            self.structures.setdefault(structure.id, structure)

    def referred(self, structure: Structure, feature: str) -> Structure | None:
        """Return the structure that a feature refers to; None if it refers to none that is read."""
        id_ = structure.references.get(feature)
        if (
            id_ is None
            and not self._tells_references
            and len(values := structure.values.get(feature, [])) == 1
        ):
            id_ = values[0]
        return None if id_ is None else self.structures.get(id_)

    def refers(self, structure: Structure, feature: str) -> bool:
        """Tell whether a feature is given that could be a reference."""
        if self._tells_references or feature in structure.references:
            return feature in structure.references
        values = structure.values.get(feature)
        return values is not None and values[0].isdecimal()

    def listed(self, structure: Structure, feature: str) -> list[Structure]:
        """Return the structures that a feature lists, in whichever way; none if it lists none."""
        ids = self._ids(structure, feature)
        found = [self.structures.get(each) for each in ids]
        return [each for each in found if each is not None]

    def _ids(self, structure: Structure, feature: str) -> list[str]:
        list_ = self.referred(structure, feature)
        if list_ is not None and list_.type in (*_ARRAYS, *_LISTS):
            return self.elements(list_)
        if feature in structure.references:
            return [structure.references[feature]]
        if self._tells_references:
            return []
        return [id_ for value in structure.values.get(feature, ()) for id_ in value.split()]

    def elements(self, list_: Structure) -> list[str]:
        """Return what is in an array or a list."""
        if list_.type in _ARRAYS:
            return list_.elements or [
                each for value in list_.values.get("elements", ()) for each in value.split()
            ]
        return list(self._chained(list_))

    def _chained(self, list_: Structure) -> Iterator[str]:
        cell: Structure | None = list_
        for _ in range(_LONGEST_LIST):
            if cell is None or cell.type not in _LISTS:
                return
            head = cell.references.get("head")
            yield from cell.values.get("head", ()) if head is None else (head,)
            cell = self.referred(cell, "tail")

    def words(self, structure: Structure) -> dict[str, list[str]]:
        """Return the values of a structure, and those of its lists of words."""
        found = dict(structure.values)
        for feature in structure.references:
            list_ = self.referred(structure, feature)
            if list_ is not None and list_.type.endswith(("StringArray", "StringList")):
                found[feature] = self.elements(list_)
        return {feature: values for feature, values in found.items() if values}
