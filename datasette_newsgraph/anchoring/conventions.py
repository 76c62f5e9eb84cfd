"""The ways in which tools count offsets: units, line ends, escapes, ends and tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple, TypeAlias

from datasette_newsgraph.anchoring.scales import MARKS, AnyScale, Scale, scale_of
from datasette_newsgraph.anchoring.thresholds import FARTHEST_OFFSET
from datasette_newsgraph.anchoring.units import (
    CODE_POINTS,
    UNITS,
    WIDE,
    Unit,
    count_units,
    unit_scale,
    width,
)

Convert = Callable[[int, int], "tuple[int, int] | None"]
Offset: TypeAlias = int | None
Locate = Callable[[Offset, Offset], "tuple[Offset, Offset]"]


#: What is added to start and end before they are converted, and how it is told.
_ENDS: tuple[tuple[int, int, str], ...] = (
    (0, 0, ""),
    (0, 1, ", end inclusive"),
    (-1, 0, ", from 1, end inclusive"),
    (-1, -1, ", from 1"),
)
#: Words for the tokens of tools, from the coarsest to the finest.
_TOKENS = (
    r"\S+",
    r"\w+(?:[.'’\-]\w+)*|[^\w\s]",
    r"\w+|[^\w\s]",
)
_LINE_ENDS = (
    ("", 0, ""),
    (r"(?<!\r)\n", 2, ", line ends counted as two"),
    (r"\r\n", 1, ", line ends counted as one"),
)
#: What is several code points and looks like one character: letters with their marks, flags, emoji.
_CLUSTER = re.compile(
    "\r\n|[\U0001f1e6-\U0001f1ff]{2}"
    f"|[^\\s\u200d](?:[{MARKS}\U0001f3fb-\U0001f3ff]|\u200d[^\\s\u200d])+"
)
_ESCAPES = ("[&<>]", '[&<>"]', "[&<>\"']")
_ESCAPED = {"&": 5, "<": 4, ">": 4, '"': 6, "'": 5}


class Convention(NamedTuple):
    """A way to count: its name, and what makes a span in it one of code points, or None."""

    name: str
    convert: Convert
    #: About where a start and an end are, be they inside a character or outside the text.
    locate: Locate
    #: Whether it is one that no tool would use unsaid, so that it needs a majority to be believed.
    is_odd: bool = False


def plain(text: str) -> Convention:
    """Return the convention that is ours."""
    return _by_scale(CODE_POINTS, Scale(len(text)), _ENDS[0])


def hinted(text: str, unit: Unit) -> Convention:
    """Return the convention of a unit, which is ours where the text makes no difference."""
    scale = unit_scale(text, unit)
    return plain(text) if scale.is_plain else _by_scale(unit, scale, _ENDS[0])


def by_characters(text: str) -> Iterator[tuple[Convention, list[Convention]]]:
    """Return the conventions that differ in this text, the likelier first; each with those that
    begin at 1 or include the end.
    """
    for name, scale in _scales(text):
        others = [_by_scale(name, scale, ends, True) for ends in _ENDS[1:]]
        yield _by_scale(name, scale, _ENDS[0]), others


def by_escapes(text: str) -> Iterator[Convention]:
    """Yield the conventions that count what stands for a sign in HTML."""
    for escaped in _ESCAPES:
        if re.search(escaped, text):
            scale = scale_of(text, escaped, _ESCAPED.__getitem__)
            yield _by_scale("code points, & < > escaped", scale, _ENDS[0], True)


def by_tokens(text: str) -> Iterator[Convention]:
    """Yield the conventions that count tokens."""
    for pattern in _TOKENS:
        spans = [match.span() for match in re.finditer(pattern, text)]
        for first, last, told in _ENDS:
            yield _by_tokens(text, spans, first, last, told)


def named(text: str, names: Collection[str]) -> dict[str, list[Convention]]:
    """Return the conventions of these names, as far as they make a difference in this text. Several
    ways to cut tokens, or to escape signs, have one name.
    """
    found: dict[str, list[Convention]] = {each: [] for each in names}
    candidates = [plain(text)]
    if any(each != CODE_POINTS for each in names):
        candidates += (each for first, others in by_characters(text) for each in (first, *others))
        candidates += by_escapes(text)
        candidates += by_tokens(text)
    for each in candidates:
        # Code points are among the characters, too.
        if each.name in found and not (each.name == CODE_POINTS and found[CODE_POINTS]):
            found[each.name].append(each)
    return found


def _scales(text: str) -> Iterator[tuple[str, AnyScale]]:
    for line_end, count, told in _LINE_ENDS:
        if line_end and re.search(line_end, text) is None:
            continue
        for unit in UNITS:
            wide = "" if text.isascii() else WIDE[unit]
            if unit != CODE_POINTS and (not wide or re.search(wide, text) is None):
                continue
            yield unit + told, _scale(text, unit, wide, line_end, count)
    if not text.isascii() and _CLUSTER.search(text):
        yield "characters as seen", scale_of(text, _CLUSTER.pattern, lambda cluster: 1)


def _scale(text: str, unit: Unit, wide: str, line_end: str, count: int) -> AnyScale:
    def units(run: str) -> int:
        return count if run[-1] == "\n" else len(run) * width(run[0], unit)

    def total(part: str) -> int:
        windows = part.count("\r\n")
        longer = part.count("\n") - windows if count == 2 else -windows if count else 0
        return count_units(part, unit) + longer

    return scale_of(text, "|".join(filter(None, (line_end, wide))), units, total)


def _by_scale(
    name: str, scale: AnyScale, ends: tuple[int, int, str], is_odd: bool = False
) -> Convention:
    first, last, told = ends

    def convert(start: int, end: int) -> tuple[int, int] | None:
        begin, stop = scale.code_point(start + first), scale.code_point(end + last)
        return None if begin is None or stop is None or begin >= stop else (begin, stop)

    def about(offset: Offset, added: int) -> Offset:
        if offset is None:
            return None
        return scale.about(min(max(offset + added, -FARTHEST_OFFSET), FARTHEST_OFFSET))

    def locate(start: Offset, end: Offset) -> tuple[Offset, Offset]:
        return about(start, first), about(end, last)

    return Convention(name + told, convert, locate, is_odd)


def _by_tokens(
    text: str, spans: list[tuple[int, int]], first: int, last: int, told: str
) -> Convention:
    def convert(start: int, end: int) -> tuple[int, int] | None:
        begin, stop = start + first, end + last
        if not 0 <= begin < stop <= len(spans):
            return None
        return spans[begin][0], spans[stop - 1][1]

    def about(offset: Offset, added: int) -> Offset:
        if offset is None:
            return None
        number = min(max(offset + added, 0), len(spans))
        return spans[number][0] if number < len(spans) else spans[-1][1] if spans else 0

    def locate(start: Offset, end: Offset) -> tuple[Offset, Offset]:
        return about(start, first), about(end, last)

    return Convention("tokens" + told, convert, locate, True)
