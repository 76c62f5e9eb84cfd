"""Read JSON as language models write it: in a fence, between words, with commas too many and comments,
or broken off at the end.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, NamedTuple

from datasette_newsgraph.readers.shapes import MAX_DIGITS, writable

_FENCE = "```"
_OPENING = re.compile(r"[\[{]")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],"]', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}
#: Deeper than this no answer is nested.
_MAX_DEPTH = 100
#: So many brackets in words are tried as the beginning of JSON, and so often is a text gone through.
_MAX_TRIES = 500
_MAX_PASSES = 8
#: What is looked at of any text, beside its length.
_LEAST_STEPS = 10_000
#: So near the end of a text is what breaks off there: the rest of a word, a number or an escape.
_CUT = 8
#: Strings, which stay as they are; comments, and commas that are one too many, which do not.
_STRING = r'("[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z))'
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMMA = re.compile(rf"{_STRING}|,(?=\s*[\]}}])", re.DOTALL)
#: What stands where an answer would go on, if commas or comments are in it.
_MAY_BE_SURPLUS = re.compile(r"[\]},/]")
#: What a model has thought before it answers; some leave out where that begins.
_THOUGHT = re.compile(r"</(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_THINKS = re.compile(r"\s*<(?:think|thinking|thought|reasoning)>", re.IGNORECASE)


class Loose(NamedTuple):
    """A JSON value; ``rest`` is what of it could not be read, as it is broken off there."""

    value: Any
    rest: str = ""
    #: Whether it stands in a fence.
    is_fenced: bool = False


def values_in(text: str) -> Iterator[Loose]:
    r"""Yield the JSON values in a text: the text itself, or those between its words. What a model has
    thought is no part of its answer.

    >>> list(values_in('Sure! ```json\n{"a": 1}\n``` Anything else?'))
    [Loose(value={'a': 1}, rest='', is_fenced=True)]
    >>> list(values_in('{"entities": [{"name": "Ana"}, {"na'))
    [Loose(value={'entities': [{'name': 'Ana'}]}, rest='{"na', is_fenced=False)]
    """
    yield from _Scan(_answer(text.removeprefix("\ufeff"))).values()


def is_loose(text: str) -> bool:
    """Tell whether a text that begins with a bracket is no JSON but as models write it: broken off, or
    with comments and commas in it.
    """
    text = text.strip()
    try:
        _decoder.raw_decode(text)
    except (json.JSONDecodeError, RecursionError):
        return text[:1] in _CLOSERS and _Scan(text).read(0)[0] is not None
    return False


def _answer(text: str) -> str:
    if text.lstrip()[:1] in _CLOSERS:
        return text
    for last in _THOUGHT.finditer(text):
        end = last.end()
    if _THOUGHT.search(text):
        return text[end:]
    return "" if _THINKS.match(text) else text


class _Scan:
    """Goes through a text once; what is tried on the way is bounded by its length."""

    def __init__(self, text: str) -> None:
        self._text = text.rstrip()
        self._steps = _LEAST_STEPS + _MAX_PASSES * len(text)
        self._ends = [*_ends_of_fences(self._text), len(self._text)]

    def values(self) -> Iterator[Loose]:
        text, at, tries = self._text, 0, 0
        fences, counted = 0, 0
        while (opening := _OPENING.search(text, at)) and tries < _MAX_TRIES and self._steps > 0:
            begin = opening.start()
            fences += text.count(_FENCE, counted, begin)
            counted = begin
            found, at = self.read(begin)
            if found is None:
                tries += 1
            elif found.value:
                yield found._replace(is_fenced=fences % 2 == 1)

    def read(self, begin: int) -> tuple[Loose | None, int]:
        """Return the value that begins at a bracket, whole or broken off, None if it is no JSON; and
        where to go on.
        """
        text = self._text
        try:
            value, end = _decoder.raw_decode(text, begin)
            return Loose(writable(value)), end
        except json.JSONDecodeError as error:
            reached = len(text) if "Unterminated" in error.msg else error.pos
        except RecursionError:
            reached = begin + _LEAST_STEPS
            self._steps -= reached - begin
            return None, begin + 1
        self._steps -= reached - begin
        end = self._ends[bisect_left(self._ends, reached)]
        if reached >= end - _CUT or _MAY_BE_SURPLUS.match(text, reached):
            found = self._mended(begin, text[begin:end])
            if found is not None:
                return found
        return None, begin + 1

    def _mended(self, begin: int, part: str) -> tuple[Loose, int] | None:
        """Return what a part has without comments and surplus commas, and without its end if it breaks
        off there.
        """
        self._steps -= 2 * len(part)
        # One for one, so that places stay what they are.
        bare = _COMMA.sub(_blank, _COMMENT.sub(_blank, part))
        try:
            value, end = _decoder.raw_decode(bare)
            return Loose(writable(value)), begin + end
        except json.JSONDecodeError as error:
            if "Unterminated" not in error.msg and error.pos < len(bare.rstrip()) - _CUT:
                return None
        except RecursionError:
            return None
        found = _whole_part(bare)
        return None if found is None or not found.value else (found, begin + len(part))


def _blank(found: re.Match[str]) -> str:
    return found[1] or " " * len(found[0])


def _ends_of_fences(text: str) -> Iterator[int]:
    """Yield where there are fences in lines of their own, or the end of what is before."""
    at = text.find(f"\n{_FENCE}")
    while at >= 0:
        yield at - (text[at - 1 : at] == "\r")
        at = text.find(f"\n{_FENCE}", at + 1)


def _whole_part(text: str) -> Loose | None:
    """Return a value that is broken off with what is whole of it: the whole members of its lists, and
    the fields of the objects around them.
    """
    stack: list[str] = []
    whole, closers = 0, ""
    for found in _TOKEN.finditer(text):
        mark = found[0]
        if mark in _CLOSERS:
            stack.append(_CLOSERS[mark])
            if len(stack) > _MAX_DEPTH:
                return None
            if mark == "[" and _is_outermost(stack):
                whole, closers = found.end(), "".join(reversed(stack))
        elif mark in "}]":
            if len(stack) < 2 or stack.pop() != mark:
                return None
            if _is_outermost(stack):
                whole, closers = found.end(), "".join(reversed(stack))
        elif mark == "," and _is_outermost(stack):
            whole, closers = found.start(), "".join(reversed(stack))
        elif mark == '"':
            break
    try:
        value = _decoder.decode(text[:whole] + closers)
    except (ValueError, RecursionError):
        return None
    return Loose(writable(value), text[whole:].lstrip(", \r\n\t") or "…")


def _is_outermost(stack: list[str]) -> bool:
    """Tell whether what stands here is a member of a list that is in no other list, or a field of the
    outermost object.
    """
    return "]" not in stack[:-1] and (stack[-1] == "]" or len(stack) == 1)


def _whole_number(digits: str) -> int | None:
    return int(digits) if len(digits) <= MAX_DIGITS else None


def _finite(number: str) -> float | None:
    value = float(number)
    return value if abs(value) != float("inf") else None


# Not strict: models write line breaks in strings.
_decoder = json.JSONDecoder(
    strict=False, parse_int=_whole_number, parse_float=_finite, parse_constant=lambda _: None
)
