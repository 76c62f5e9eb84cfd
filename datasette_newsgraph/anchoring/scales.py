"""A text measured in two ways: by code points, and by another count."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import TypeAlias

from datasette_newsgraph.anchoring.thresholds import SCALE_PART

#: Characters that belong to the letter before them: accents, vowel signs, variants of emoji.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962-\u0963\u0981-\u0983\u09bc-\u09cd\u0b82\u0bbe-\u0bcd"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)

#: Where a text can be cut, so that nothing which counts as one is torn.
_APART = re.compile(f"(?<!\u200d)[^\n\u200d\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff{MARKS}]")

Count = Callable[[str], int]


class Scale:
    """The two measures of a text.

    ``pieces`` are the stretches in which the two differ, in order: where it begins and how long it is
    in code points, and how long it is in the other measure. In between they run alike.
    """

    def __init__(self, length: int, pieces: Iterable[tuple[int, int, int]] = ()) -> None:
        self.length = length
        self._begins, self._lengths = array("q"), array("i")
        self._others, self._other_lengths = array("q"), array("i")
        self._longer = 0
        for begin, own, other in pieces:
            self.add(begin, own, other)

    def add(self, begin: int, own: int, other: int) -> None:
        """Add a piece behind all others."""
        self._begins.append(begin)
        self._lengths.append(own)
        self._others.append(begin + self._longer)
        self._other_lengths.append(other)
        self._longer += other - own

    @property
    def is_plain(self) -> bool:
        """Whether the two measures are the same."""
        return not self._begins

    def code_point(self, offset: int) -> int | None:
        """Return the code point that begins at an offset of the other measure, if one does."""
        if not self._begins:
            return offset if 0 <= offset <= self.length else None
        piece = bisect_right(self._others, offset) - 1
        if piece < 0:
            return offset if offset >= 0 else None
        within = offset - self._others[piece]
        own, other = self._lengths[piece], self._other_lengths[piece]
        if within >= other:
            place = self._begins[piece] + own + within - other
            return place if place <= self.length else None
        if other % own:
            return None if within else self._begins[piece]
        step, rest = divmod(within, other // own)
        return None if rest else self._begins[piece] + step

    def about(self, offset: int) -> int:
        """Return the code point at an offset, be it inside of one or outside the text."""
        return self._outer(bisect_right(self._others, offset) - 1, offset, 0)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span of code points that holds a span of the other measure."""
        return self.about(start), self._outer(bisect_left(self._others, end) - 1, end, 1)

    def _outer(self, piece: int, offset: int, is_end: int) -> int:
        if piece < 0:
            return offset
        within = offset - self._others[piece]
        own, other = self._lengths[piece], self._other_lengths[piece]
        if within >= other:
            return self._begins[piece] + own + within - other
        if other % own:
            return self._begins[piece] + (own if is_end and within else 0)
        step, rest = divmod(within, other // own)
        return self._begins[piece] + step + (is_end if rest else 0)

    def other(self, place: int) -> int:
        """Return where a code point begins in the other measure, or the piece that it is in."""
        piece = bisect_right(self._begins, place) - 1
        if piece < 0:
            return place
        within, own = place - self._begins[piece], self._lengths[piece]
        if within >= own:
            return self._others[piece] + self._other_lengths[piece] + within - own
        return self._others[piece]


class LongScale:
    """The scale of a long text, of which only the parts are made that somebody asks for.

    ``make`` gives the scale of a part; ``others`` are where the parts begin in the other measure.
    """

    def __init__(self, begins: list[int], others: list[int], make: Callable[[int], Scale]) -> None:
        self._begins, self._others, self._make = begins, others, make
        self._parts: dict[int, Scale] = {}
        #: Whether the two measures are the same, where one is never the shorter.
        self.is_plain = begins == others

    def code_point(self, offset: int) -> int | None:
        """Return the code point that begins at an offset of the other measure, if one does."""
        number = self._number(offset)
        place = self._part(number).code_point(offset - self._others[number])
        return None if place is None else self._begins[number] + place

    def about(self, offset: int) -> int:
        """Return the code point at an offset, be it inside of one or outside the text."""
        number = self._number(offset)
        return self._begins[number] + self._part(number).about(offset - self._others[number])

    def _number(self, offset: int) -> int:
        # The last begin is the end of the text.
        return min(max(bisect_right(self._others, offset) - 1, 0), len(self._begins) - 2)

    def _part(self, number: int) -> Scale:
        part = self._parts.get(number)
        if part is None:
            part = self._parts[number] = self._make(number)
        return part


AnyScale: TypeAlias = Scale | LongScale


def scale_of(text: str, pattern: str, count: Count, total: Count | None = None) -> AnyScale:
    """Return the scale in which the matches of ``pattern`` are ``count`` units long.

    ``total`` counts the units of a part of the text, if there is a quicker way than match by match.
    """
    if not pattern:
        return Scale(len(text))
    search = re.compile(pattern)

    def pieces(part: str) -> Iterable[tuple[int, int, int]]:
        return (
            (match.start(), match.end() - match.start(), count(match.group()))
            for match in search.finditer(part)
        )

    if len(text) <= 2 * SCALE_PART:
        return Scale(len(text), pieces(text))
    begins, others = [*_cuts(text), len(text)], [0]
    for begin, end in pairwise(begins):
        part = text[begin:end]
        longer = total(part) if total else end - begin + sum(c - b for _, b, c in pieces(part))
        others.append(others[-1] + longer)

    def make(number: int) -> Scale:
        part = text[begins[number] : begins[number + 1]]
        return Scale(len(part), pieces(part))

    return LongScale(begins, others, make)


def _cuts(text: str) -> Iterable[int]:
    place = 0
    while place < len(text):
        yield place
        match = _APART.search(text, place + SCALE_PART)
        place = match.start() if match else len(text)
