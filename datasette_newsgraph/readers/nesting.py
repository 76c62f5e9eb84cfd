"""Where a JSON value ends and how deep it is nested, told by its brackets outside of strings.

Whole pieces are looked at by what ``bytes`` does at once; only where the value may end is each
bracket looked at.
"""

from __future__ import annotations

import re
from itertools import accumulate

#: A value nested deeper than this is not collected.
MAX_DEPTH = 512

#: From this length of a piece on it is worth while to ask first whether the value can end in it.
_LONG = 1 << 16
#: Rounds in which innermost pairs of brackets are taken away, before the rest is counted one by one.
_ROUNDS = 32

_SCALAR = re.compile(rb'[^ \t\r\n,\[\]{}"]*')
_MARK = re.compile(rb'"[^"]*"?|[\[\]{}]')
_STRING = re.compile(rb'"[^"]*"?')
_AS_LISTS = bytes.maketrans(b"{}", b"[]")
_NO_MARKS = bytes(each for each in range(256) if each not in b'"[]{}')
_QUOTE = b'"'[0]
_OPENING = b"[{"
_STEP = {b"["[0]: 1, b"]"[0]: -1}


def is_too_deep(value: bytes) -> bool:
    """Tell whether a whole value is nested deeper than ``MAX_DEPTH``."""
    if value.count(b"[") + value.count(b"{") <= MAX_DEPTH:
        return False
    outline, _ = _outline(_without_escapes(value), in_string=False)
    return _ROUNDS + max(accumulate(map(_STEP.__getitem__, outline)), default=0) > MAX_DEPTH


class Nesting:
    """Follows one value through the blocks in which it lies, by its brackets and strings."""

    def __init__(self) -> None:
        self.depth = 0
        self.in_string = False
        self._is_scalar: bool | None = None
        self._is_escaped = False

    @property
    def is_open(self) -> bool:
        """The value asks for more."""
        return self.depth > 0 or self.in_string

    def end_in(self, data: bytes) -> int | None:
        """Return the place behind the value in the next bytes, or None if it goes on behind them."""
        if self._is_scalar is None:
            self._is_scalar = data[0] not in b'"[{'
        if self._is_scalar:
            found = _SCALAR.match(data)
            return found.end() if found and found.end() < len(data) else None
        if self._is_escaped and data[:1] in (b'"', b"\\"):
            data = b" " + data[1:]
        data = _without_escapes(data)
        self._is_escaped = data.endswith(b"\\")
        if len(data) >= _LONG:
            outline, in_string = _outline(data, in_string=self.in_string)
            closing = outline.count(b"]")
            if closing < self.depth:
                # It cannot end here: there is no need to look at each bracket.
                self.depth += len(outline) - 2 * closing
                self.in_string = in_string
                return None
        return self._end_by_marks(data)

    def _end_by_marks(self, data: bytes) -> int | None:
        place = 0
        if self.in_string:
            place = data.find(b'"') + 1
            if place == 0:
                return None
            self.in_string = False
            if self.depth == 0:
                return place
        for found in _MARK.finditer(data, place):
            mark = data[found.start()]
            if mark == _QUOTE:
                if found.end() - found.start() == 1 or data[found.end() - 1] != _QUOTE:
                    self.in_string = True
                    return None
            else:
                self.depth += 1 if mark in _OPENING else -1
            if self.depth <= 0:
                return found.end()
        return None


def _without_escapes(data: bytes) -> bytes:
    """Return ``data``, of the same length, with no quote in it that does not begin or end a string."""
    if b"\\" not in data:
        return data
    return data.replace(b"\\\\", b"  ").replace(b'\\"', b"  ")


def _outline(data: bytes, *, in_string: bool) -> tuple[bytes, bool]:
    """Return the brackets outside of strings, as those of lists and without ``_ROUNDS`` levels of
    those that close again, and whether the data ends inside a string.
    """
    marks = (b'"' if in_string else b"") + data.translate(_AS_LISTS, _NO_MARKS)
    ends_in_string = marks.count(b'"') % 2 == 1
    brackets = _STRING.sub(b"", marks.replace(b'""', b""))
    for _ in range(_ROUNDS):
        before = len(brackets)
        brackets = brackets.replace(b"[]", b"")
        if len(brackets) == before:
            break
    return brackets, ends_in_string
