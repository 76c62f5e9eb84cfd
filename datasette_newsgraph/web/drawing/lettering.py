"""Words in a drawing: names that fit a width, and that no character of theirs can break.

Nobody asks a font how wide a name is: the estimate errs to the wide side, and a drawing cuts off
what is wider still.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from datasette_newsgraph.web.parts.typography import BIDI_CONTROLS

#: Characters of a name that are read at all; a tooltip has all of these.
LONGEST = 300
#: What stands for a name of which nothing can be seen.
NAMELESS = "(without a name)"
_ELLIPSIS = "…"
#: First strong isolate and its end: a name cannot turn round what stands beside it.
_ISOLATE, _END = "\u2068", "\u2069"

_INVISIBLE = frozenset({"Cc", "Cf", "Mn", "Me", "Zs"})
#: Marks on one letter; real scripts have up to three or four.
_MARKS = 4

_NARROW = frozenset(" .,:;'’‘|!iIjltfr()[]/-·")
_BROAD = frozenset("mwMW@%—…&")
#: Letters of Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic: about as wide as one another.
_ALPHABETS_END = 0x0800


def cleaned(name: str | None) -> str:
    """Return a name in one line of characters that XML may hold, without controls of direction."""
    line = " ".join((name or "")[:LONGEST].split())
    kept: list[str] = []
    marks = 0
    for each in line:
        category = unicodedata.category(each)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if each in BIDI_CONTROLS or marks > _MARKS:
            continue
        kept.append("\ufffd" if category in ("Cc", "Cs") or ord(each) & 0xFFFE == 0xFFFE else each)
    if all(unicodedata.category(each) in _INVISIBLE for each in kept):
        return NAMELESS
    return "".join(kept) + (_ELLIPSIS if name and len(name) > LONGEST else "")


def isolated(text: str) -> str:
    """Return a text that keeps its direction to itself."""
    return f"{_ISOLATE}{text}{_END}"


def width(text: str) -> float:
    """Return about how wide a text is, in units of the font's size."""
    return sum(map(_width, text))


@lru_cache(maxsize=4096)
def _width(character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.1
    if character in _NARROW:
        return 0.36
    if character in _BROAD:
        return 0.98
    if character.isupper():
        return 0.72
    return 0.59 if ord(character) < _ALPHABETS_END else 0.9


def cut(text: str, room: float) -> str:
    """Return a text, or as much of it as has room with an ellipsis, which may be that alone."""
    if width(text) <= room:
        return text
    room -= width(_ELLIPSIS)
    used = 0.0
    for place, each in enumerate(text):
        used += _width(each)
        if used > room:
            return text[:place].rstrip().rstrip("\u200d") + _ELLIPSIS
    return text


def lines(text: str, room: float, count: int) -> list[str]:
    """Return a text in at most so many lines, broken at spaces where that can be."""
    found: list[str] = []
    words = text.split(" ")
    while words and len(found) < count - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}") <= room:
            line = f"{line} {words.pop(0)}"
        if width(line) > room:
            return [*found, cut(" ".join([line, *words]), room)]
        found.append(line)
    return [*found, cut(" ".join(words), room)] if words else found
