"""The first line of a text, by which an article is called that has no title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from datasette_newsgraph.article import APART_ZONES

#: Code points of a first line at most, the ellipsis included.
LENGTH = 120
ELLIPSIS = "…"
#: Zones that say nothing of what the article is about, and that many pages begin with.
PASSED_OVER: frozenset[str] = APART_ZONES | {"byline"}

#: Code points of a line that are looked at: white space is collapsed before the line is cut.
_EXAMINED = 10 * LENGTH
#: How far back the end of a word is looked for; in a script without spaces there is none.
_LONGEST_WORD = 40
#: A line of rules, bullets or stars says as little as one that is blank.
_WORD = re.compile(r"\w")
_LINE_END = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_JOINER = "\u200d"


def first_line(text: str, zones: Iterable[tuple[str, int, int]] = ()) -> str | None:
    """Return the first line of a text that has a word in it, white space collapsed; None if there is
    none.

    ``zones`` are (zone, start, end). A line that begins in one of ``PASSED_OVER`` is passed over,
    unless there is no other. A line that is too long is cut behind a word, or at least between two
    characters as they are seen, and ends in an ellipsis.
    """
    passed_over = sorted((start, end) for zone, start, end in zones if zone in PASSED_OVER)
    return _first_of(text, passed_over) or (_first_of(text, []) if passed_over else None)


def _first_of(text: str, passed_over: list[tuple[int, int]]) -> str | None:
    """Return the first line, or what of it stands in none of these spans, which are in order."""
    place = 0
    for start, end in [*passed_over, (len(text), len(text))]:
        word = _WORD.search(text, place, start) if start > place else None
        if word:
            return _line_around(text, word.start(), place, start)
        place = max(place, end)
    return None


def _line_around(text: str, word: int, first: int, last: int) -> str:
    """Return the line in which a word stands, as far as it stands in ``text[first:last]``."""
    before = text[max(first, word - LENGTH) : word]
    begun = max((found.end() for found in _LINE_END.finditer(before)), default=0)
    start = word - len(before) + begun
    part = text[start : min(last, start + _EXAMINED)]
    ended = _LINE_END.search(part, word - start)
    is_whole = ended is not None or start + _EXAMINED >= last
    line = " ".join((part[: ended.start()] if ended else part).split())
    return line if is_whole and len(line) <= LENGTH else _cut(line)


def _cut(line: str) -> str:
    room = LENGTH - len(ELLIPSIS) - 1
    space = line.rfind(" ", room - _LONGEST_WORD, room + 1)
    if space > 0:
        return f"{line[:space]} {ELLIPSIS}"
    end = min(room, len(line))
    while end > 1 and end < len(line) and _goes_on(line, end):
        end -= 1
    return line[:end] + ELLIPSIS


def _goes_on(line: str, place: int) -> bool:
    """Tell whether what is seen as one character goes on at a place: a mark, or what is joined."""
    return (
        unicodedata.category(line[place]).startswith("M")
        or line[place] == _JOINER
        or line[place - 1] == _JOINER
        # The tones of skin, and the second letter of a flag.
        or "\U0001f3fb" <= line[place] <= "\U0001f3ff"
        or all("\U0001f1e6" <= each <= "\U0001f1ff" for each in line[place - 1 : place + 1])
    )
