"""Read JSON as language models write it: in a fence, between words, or broken off at the end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from datasette_newsgraph.readers.shapes import MAX_DIGITS, writable

_FENCE = re.compile(
    r"```[ \t]*(?:json5?|jsonc|JSON)?[ \t]*\r?\n(.*?)(?:\r?\n[ \t]*```|\Z)", re.DOTALL
)
_OPENING = re.compile(r"[\[{]")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],"]', re.DOTALL)
_CLOSERS = {"{": "}", "[": "]"}
#: Deeper than this no answer is nested.
_MAX_DEPTH = 100
#: So many brackets in words are tried as the beginning of JSON.
_MAX_TRIES = 50
#: What may stand before JSON, and a comma that is one too many.
_COMMAS = re.compile(r",(\s*[\]}])")


class Loose(NamedTuple):
    """A JSON value; ``rest`` is what of it could not be read, as it is broken off there."""

    value: Any
    rest: str = ""


def values_in(text: str) -> Iterator[Loose]:
    r"""Yield the JSON values in a text: the text itself, those in its fences, or the first between
    its words.

    >>> list(values_in('Sure! ```json\n{"a": 1}\n``` Anything else?'))
    [Loose(value={'a': 1}, rest='')]
    >>> list(values_in('{"entities": [{"name": "Ana"}, {"na'))
    [Loose(value={'entities': [{'name': 'Ana'}]}, rest='{"na')]
    """
    stripped = text.strip().removeprefix("\ufeff")
    if stripped[:1] in ("{", "["):
        found = _read(stripped)
        if found is not None:
            yield found
            return
    fenced = [
        found for each in _FENCE.findall(stripped) if (found := _read(each.strip())) is not None
    ]
    if fenced:
        yield from fenced
        return
    for number, match in enumerate(_OPENING.finditer(stripped)):
        if number == _MAX_TRIES:
            return
        found = _read(stripped[match.start() :])
        if found is not None and isinstance(found.value, (dict, list)) and found.value:
            yield found
            return


def is_broken_off(text: str) -> bool:
    """Tell whether a text that begins with a bracket ends before that is closed."""
    found = _read(text.strip())
    return found is not None and bool(found.rest or _ends_within(text))


def _read(text: str) -> Loose | None:
    """Return the value that a text begins with, whole or broken off; None if it is no JSON."""
    if text[:1] not in ("{", "["):
        return None
    for candidate in dict.fromkeys((text, _COMMAS.sub(r"\1", text))):
        try:
            value, _ = _decoder.raw_decode(candidate)
            return Loose(writable(value))
        except json.JSONDecodeError as error:
            # What is wrong before the end is no JSON.
            is_cut = error.pos >= len(candidate.rstrip()) - 1 or "Unterminated" in error.msg
        except RecursionError:
            return None
    return _whole_part(text) if is_cut or _ends_within(text) else None


def _ends_within(text: str) -> bool:
    """Tell whether a text ends in a bracket that is never closed."""
    depth = 0
    for found in _TOKEN.finditer(text):
        depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(found[0], 0)
        if depth == 0 and found[0] in "}]":
            return False
        if found[0] == '"':
            return True
    return depth > 0


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
        value = _decoder.decode(_COMMAS.sub(r"\1", text[:whole] + closers))
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
