"""The tags of a column: their schemes, and the names that the tags of a sentence make.

``prefixed`` tags are a letter and a label (``B-PER``; IOB1, IOB2, IOBES, BILOU, BMES), ``suffixed``
ones a label and a letter (``PER-B``); ``letters`` have no label (``B``), ``labels`` no letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

Scheme = Literal["prefixed", "suffixed", "letters", "labels"]

#: What files write for a token that is in no name.
OUTSIDE_MARKS = frozenset({"O", "_", "-", "*", ""})
_LETTERS = frozenset("BIESLUM")
_PREFIXED = re.compile(r"([BIESLUM])[-_](.+)", re.DOTALL)
_SUFFIXED = re.compile(r"(.+)[-_]([BIESLUM])", re.DOTALL)
_LABEL = re.compile(r"[^\W\d_](?:[\w.&/+:-]{0,60}\w)?")
_LETTER = re.compile(r"[^\W\d_]")

#: Tag sets have a few dozen types, of which most are used again and again.
_MANY_TYPES = 36
_FAR_TOO_MANY_TYPES = 150
#: The phrases that chunkers tag, in a column of their own beside that of names.
_CHUNKS = frozenset(
    {"ADJP", "ADVP", "AP", "CONJP", "INTJ", "LST", "NC", "NP", "NX", "PC", "PNP", "PP", "PRT", "QP",
     "SBAR", "UCP", "VC", "VP"}
)  # fmt: skip


class Tag(NamedTuple):
    """What the tag of one token says: ``part`` of a name (B, I, E, S …), empty outside of names."""

    part: str
    label: str

    def beginning(self) -> Tag:
        """Return the tag as one that never goes on a name."""
        return Tag({"I": "B", "M": "B", "E": "S", "L": "S"}.get(self.part, self.part), self.label)


OUTSIDE = Tag("", "")


@lru_cache(maxsize=4096)
def tag_of(cell: str, scheme: Scheme, outside: tuple[str, ...]) -> Tag | None:
    """Return what a cell says; None if it is no tag of the scheme."""
    if cell in outside:
        return OUTSIDE
    if scheme == "letters":
        return Tag(cell, "") if cell in _LETTERS else None
    if scheme == "labels":
        return Tag("I", cell) if _LABEL.fullmatch(cell) else None
    if scheme == "suffixed":
        found = _SUFFIXED.fullmatch(cell)
        return Tag(found[2], found[1]) if found else None
    found = _PREFIXED.fullmatch(cell)
    return Tag(found[1], found[2]) if found else None


def spans(tags: Iterable[Tag]) -> Iterator[tuple[int, int, str]]:
    """Yield (first, end, label) of the names of a sentence, whichever of the schemes it is.

    ``I`` of another label, or behind nothing, begins a name, as in IOB1 it does.
    """
    begun: tuple[int, str] | None = None
    place = -1
    for place, (part, label) in enumerate(tags):
        if begun is not None and not (part and part in "IELM" and label == begun[1]):
            yield begun[0], place, begun[1]
            begun = None
        if not part:
            continue
        if begun is None:
            begun = (place, label)
        if part in "ELSU":
            yield begun[0], place + 1, begun[1]
            begun = None
    if begun is not None:
        yield begun[0], place + 1, begun[1]


class TagSet(NamedTuple):
    """What the cells of a column are, taken as tags: how often each label comes."""

    scheme: Scheme
    outside: tuple[str, ...]
    labels: Counter[str]

    @property
    def is_of_chunks(self) -> bool:
        """Whether the labels are of phrases, not of names."""
        return bool(self.labels) and _CHUNKS.issuperset(self.labels)

    @property
    def is_of_words(self) -> bool:
        """Whether there are more types than any tag set has, most of them hardly used."""
        few = sum(count <= 2 for count in self.labels.values())
        many = len(self.labels) > _MANY_TYPES and 2 * few > len(self.labels)
        return many or len(self.labels) > _FAR_TOO_MANY_TYPES

    @property
    def has_numbers(self) -> bool:
        """Whether some label has no letter in it."""
        return not all(map(has_letter, self.labels))


def has_letter(label: str) -> bool:
    """Tell whether a label has a letter, as all but very few have."""
    return _LETTER.search(label) is not None


def tag_set(cells: Mapping[str, int]) -> TagSet | None:
    """Return what the cells of a column (each with how often it comes) are as tags, or None.

    What they are is told by most of them: three quarters, and half of those that are in a name.
    """
    total = sum(cells.values())
    # A mark that comes once in a while, beside O, is no mark of this file.
    least = max(total / 20, 3 if "O" in cells else 1)
    outside = tuple(
        mark for mark in sorted(OUTSIDE_MARKS) if mark == "O" or cells.get(mark, 0) >= least
    )
    inside = Counter({cell: count for cell, count in cells.items() if cell not in outside})
    in_names = inside.total()
    prefixed = _counted(inside, "prefixed")
    if not prefixed.total():
        if "O" not in cells:
            return None
        if inside:
            return _unprefixed(inside, outside, total)
    if 4 * (in_names - prefixed.total()) > total or 2 * prefixed.total() < in_names:
        return None
    return TagSet("prefixed", outside, prefixed)


def _unprefixed(inside: Counter[str], outside: tuple[str, ...], total: int) -> TagSet | None:
    in_names = inside.total()
    # In what is read, most tokens are in no name; a fifth is the least that is believed.
    if 5 * (total - in_names) < total:
        return None
    letters = Counter({cell: count for cell, count in inside.items() if cell in _LETTERS})
    if letters["B"] + letters["I"] and 4 * letters.total() >= 3 * in_names:
        return TagSet("letters", outside, Counter({"": letters.total()}))
    suffixed = _counted(inside, "suffixed")
    if 4 * suffixed.total() >= 3 * in_names:
        return TagSet("suffixed", outside, suffixed)
    labels = _counted(inside, "labels")
    # Words come once, types again and again; or they are in capitals.
    plain = sum(n for label, n in labels.items() if n > 1 or label == label.upper())
    if 4 * labels.total() < 3 * in_names or 2 * plain < in_names:
        return None
    return TagSet("labels", outside, labels)


def _counted(cells: Counter[str], scheme: Scheme) -> Counter[str]:
    """Return how often each label comes in the cells that are tags of the scheme."""
    found: Counter[str] = Counter()
    for cell, count in cells.items():
        if tag := tag_of(cell, scheme, ()):
            found[tag.label] += count
    return found
