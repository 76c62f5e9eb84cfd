"""The units that offsets count in, and how they become code points.

Python, spaCy and the W3C Web Annotation Data Model (section 4.2.4) count Unicode code points; Java,
JavaScript and so CoreNLP and Label Studio count UTF-16 code units; Go, Rust and C count the bytes of
UTF-8. In text of the Basic Multilingual Plane the first two are the same, in ASCII all three.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Literal, get_args

Unit = Literal["code points", "UTF-16", "UTF-8"]
UNITS: tuple[Unit, ...] = get_args(Unit)

CODE_POINTS: Unit = "code points"
UTF16: Unit = "UTF-16"
UTF8: Unit = "UTF-8"

#: An offset in a unit → the code point that begins there, or None if none does.
Convert = Callable[[int], "int | None"]

#: Runs of characters that are wider than one unit. Surrogates never get here: readers replace them.
WIDE: dict[Unit, str] = {
    CODE_POINTS: "",
    UTF16: "[\U00010000-\U0010ffff]+",
    UTF8: "[\x80-\u07ff]+|[\u0800-\uffff]+|[\U00010000-\U0010ffff]+",
}
#: Characters that belong to the letter before them: accents, vowel signs, variants of emoji.
MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962-\u0963\u0981-\u0983\u09bc-\u09cd\u0b82\u0bbe-\u0bcd"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)


def width(character: str, unit: Unit) -> int:
    """Return how many units a character is."""
    if unit == UTF16:
        return 2 if character > "\uffff" else 1
    if unit == CODE_POINTS or character < "\x80":
        return 1
    return 2 if character < "\u0800" else 3 if character < "\U00010000" else 4


class Scale:
    """A text measured in two ways: ours, by code points, and another.

    ``pieces`` are the stretches in which the two differ, in order: where it begins and how long it is
    in code points, and how long it is in the other measure. In between they run alike.
    """

    def __init__(self, length: int, pieces: Iterable[tuple[int, int, int]]) -> None:
        self.length = length
        self._begins, self._lengths = array("q"), array("q")
        self._others, self._other_lengths = array("q"), array("q")
        longer = 0
        for begin, own, other in pieces:
            self._begins.append(begin)
            self._lengths.append(own)
            self._others.append(begin + longer)
            self._other_lengths.append(other)
            longer += other - own
        self.is_plain = not self._begins

    def code_point(self, offset: int) -> int | None:
        """Return the code point that begins at an offset of the other measure, if one does."""
        if self.is_plain:
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

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest span of code points that holds a span of the other measure."""
        return self._outer(bisect_right(self._others, start) - 1, start, 0), self._outer(
            bisect_left(self._others, end) - 1, end, 1
        )

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


def scale_of(text: str, pattern: str, count: Callable[[str], int]) -> Scale:
    """Return the scale in which the matches of ``pattern`` are ``count`` units long."""
    if not pattern:
        return Scale(len(text), ())
    return Scale(
        len(text),
        (
            (match.start(), match.end() - match.start(), count(match.group()))
            for match in re.finditer(pattern, text)
        ),
    )


def converter(text: str, unit: Unit) -> Convert:
    """Return the function that makes an offset of ``text`` in ``unit`` a code point.

    The offset behind the last character is one too. It gives None for what is negative, beyond the
    text, or inside a character. Linear in the length of the text, then logarithmic a call.
    """
    pattern = "" if text.isascii() else WIDE[unit]
    return scale_of(text, pattern, lambda run: len(run) * width(run[0], unit)).code_point
