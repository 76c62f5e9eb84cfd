"""Find out what the offsets of an article count, from the words that its spans are said to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from datasette_newsgraph.anchoring.units import (
    CODE_POINTS,
    MARKS,
    UNITS,
    WIDE,
    Scale,
    Unit,
    scale_of,
    width,
)

#: (start, end, surface) as given.
Triple = tuple[int, int, str]
Convert = Callable[[int, int], "tuple[int, int] | None"]

#: How many spans are tried under each convention; more of them say nothing new.
_SAMPLE = 1000
#: Of the spans that are wrong under the expected convention another must make so many right: in an
#: article with accents, chance makes one or two of the randomly displaced right.
_GAIN = 0.34

#: So many right spans to a wrong one are chance.
_BY_CHANCE = 0.25
#: Numbers beyond are taken for this one, so that differences of them can be stored.
_FARTHEST = 1 << 60

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
    #: About where an offset is, be it inside a character or outside the text.
    locate: Callable[[int | None], int | None]
    #: Whether it is one that no tool would use unsaid, so that it needs a majority to be believed.
    is_odd: bool = False


def plain(text: str) -> Convention:
    """Return the convention that is ours."""
    return _by_scale(CODE_POINTS, Scale(len(text), ()), _ENDS[0])


def hinted(text: str, unit: Unit) -> Convention:
    """Return the convention of a unit, which is ours where the text makes no difference."""
    pattern = "" if text.isascii() else WIDE[unit]
    scale = scale_of(text, pattern, lambda run: len(run) * width(run[0], unit))
    return plain(text) if scale.is_plain else _by_scale(unit, scale, _ENDS[0])


def detect(text: str, right: Sequence[Triple], wrong: Sequence[Triple], unit: Unit) -> Convention:
    """Return the convention under which most spans read their surface.

    ``right`` are spans that do so as code points, ``wrong`` are all others. Between equals the
    expected ``unit`` is taken, then code points.
    """
    own = plain(text)
    default = own if unit == CODE_POINTS else hinted(text, unit)
    total = len(right) + len(wrong)
    if not total:
        return default
    some_right, some_wrong = _sample(right), _sample(wrong)

    def matches(convention: Convention) -> float:
        count = 0.0
        for triples, sample in ((right, some_right), (wrong, some_wrong)):
            if sample:
                count += _count(text, sample, convention.convert) * len(triples) / len(sample)
        return count

    best, best_count = default, matches(default)
    if default is not own and len(right) > best_count:
        best, best_count = own, len(right)
    if best_count >= total:
        return best
    least = best_count + max(1.0, _GAIN * (total - best_count))
    for convention in _conventions(text, right, wrong):
        count = matches(convention)
        if count <= best_count or count < least - 1e-9:
            continue
        if convention.is_odd and (count * 2 <= total or (count < 2 and total > 1)):
            continue
        best, best_count = convention, count
    return best


def _sample(triples: Sequence[Triple]) -> Sequence[Triple]:
    return triples[:: max(1, len(triples) // _SAMPLE)]


def _count(text: str, triples: Sequence[Triple], convert: Convert) -> int:
    count = 0
    for start, end, surface in triples:
        span = convert(start, end)
        if span is not None and span[1] - span[0] == len(surface):
            count += text.startswith(surface, span[0])
    return count


def _conventions(
    text: str, right: Sequence[Triple], wrong: Sequence[Triple]
) -> Iterator[Convention]:
    """Return the conventions that differ in this text, the likelier first."""
    scales = list(_scales(text))
    for name, scale in scales:
        yield _by_scale(name, scale, _ENDS[0])
    for escaped in _ESCAPES:
        if re.search(escaped, text):
            scale = scale_of(text, escaped, _ESCAPED.__getitem__)
            yield _by_scale("code points, & < > escaped", scale, _ENDS[0], True)
    if len(right) > _BY_CHANCE * len(wrong):
        return
    # What begins at 1, includes the end or counts tokens is never right as it is, but by chance.
    for name, scale in scales:
        for ends in _ENDS[1:]:
            yield _by_scale(name, scale, ends, True)
    yield from _token_conventions(text, wrong)


def _scales(text: str) -> Iterator[tuple[str, Scale]]:
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


def _scale(text: str, unit: Unit, wide: str, line_end: str, count: int) -> Scale:
    def units(run: str) -> int:
        return count if run[-1] == "\n" else len(run) * width(run[0], unit)

    return scale_of(text, "|".join(filter(None, (line_end, wide))), units)


def _by_scale(
    name: str, scale: Scale, ends: tuple[int, int, str], is_odd: bool = False
) -> Convention:
    first, last, told = ends

    def convert(start: int, end: int) -> tuple[int, int] | None:
        begin, stop = scale.code_point(start + first), scale.code_point(end + last)
        return None if begin is None or stop is None or begin >= stop else (begin, stop)

    def locate(offset: int | None) -> int | None:
        if offset is None:
            return None
        return scale.span(*[min(max(offset, -_FARTHEST), _FARTHEST)] * 2)[0]

    return Convention(name + told, convert, locate, is_odd)


def _token_conventions(text: str, wrong: Sequence[Triple]) -> Iterator[Convention]:
    if not wrong:
        return
    # Tokens are fewer than characters: most numbers must be small for their surfaces to be tokens.
    short = sum(end - start < len(surface) for start, end, surface in _sample(wrong))
    if short * 2 <= len(_sample(wrong)):
        return
    for pattern in _TOKENS:
        spans = [match.span() for match in re.finditer(pattern, text)]
        for first, last, told in _ENDS:
            yield _by_tokens(text, spans, first, last, told)


def _by_tokens(
    text: str, spans: list[tuple[int, int]], first: int, last: int, told: str
) -> Convention:
    def convert(start: int, end: int) -> tuple[int, int] | None:
        begin, stop = start + first, end + last
        if not 0 <= begin < stop <= len(spans):
            return None
        return spans[begin][0], spans[stop - 1][1]

    def locate(offset: int | None) -> int | None:
        if offset is None:
            return None
        number = min(max(offset + first, 0), len(spans))
        return spans[number][0] if number < len(spans) else spans[-1][1] if spans else 0

    return Convention("tokens" + told, convert, locate, True)
