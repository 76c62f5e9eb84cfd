"""A text cut into blocks and pieces, each of which has one colour and leads to one place.

Offsets are code points of the whole text. Spans may nest, cross and repeat, zones too: one sweep over
their ends cuts the text, in time that grows as the ends do (but for a logarithm).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

#: Lines that are drawn under a piece: of the mentions over it, those that began first.
LINES = 3
BODY = "body"


class Span(NamedTuple):
    """A part of the text; the end is exclusive."""

    start: int
    end: int


class Sign(NamedTuple):
    """What stands behind a piece for a mention that ends there."""

    mention: int
    #: Whether it is all by which the mention can be reached, as no piece leads to it.
    is_link: bool


class Piece(NamedTuple):
    """Code points under the same mentions, which are numbers of those given."""

    text: str
    #: The shortest of the mentions over it, to which it leads.
    mention: int | None
    #: The mentions over it by the line drawn for them; None where a line is free.
    lines: tuple[int | None, ...]
    #: Whether its mention ends here, of which it is the last piece.
    is_last: bool
    #: Mentions that end here and of which it is no piece, the shortest first.
    signs: tuple[Sign, ...]
    is_asked: bool


class Run(NamedTuple):
    """Pieces next to each other that are all of the span asked for, or none of them."""

    is_asked: bool
    pieces: list[Piece]


class Block(NamedTuple):
    """A line of the text, or the part of a line that is in one zone."""

    start: int
    zone: str
    #: Whether it goes on with the line of the block before.
    is_continued: bool
    runs: list[Run]

    @property
    def text(self) -> str:
        """Return its part of the text."""
        return "".join(piece.text for run in self.runs for piece in run.pieces)


def blocks(
    text: str,
    first: int,
    mentions: Sequence[Span],
    zones: Iterable[tuple[str, Span]],
    asked: Span,
) -> list[Block]:
    """Return a part of a text in blocks.

    ``text`` begins at the code point ``first`` of the whole. What is given beside it may reach over its
    ends. Lines of white space that no mention and not the span asked for touch are left out; else the
    text of the blocks is the text but for its line ends.
    """
    within = Span(first, first + len(text))
    names, zone_spans = _split(zones)
    line_ends = [first + at for at, each in enumerate(text) if each == "\n"]
    mentioned, in_zone = _Sweep(mentions, within), _Sweep(zone_spans, within)
    growing = _Growing()
    for start, end in pairwise(_cuts(within, [*mentions, *zone_spans, asked], line_ends)):
        growing.sign(mentioned.move(start), mentioned.reached)
        in_zone.move(start)
        part = text[start - first : end - first]
        if part == "\n":
            growing.end_line()
            continue
        number = in_zone.innermost()
        growing.enter(BODY if number is None else names[number], start, part)
        is_asked = asked.start <= start < asked.end
        lines = tuple(mentioned.lines)
        growing.pieces.append(Piece(part, mentioned.reach(), lines, False, (), is_asked))
    growing.sign(mentioned.move(within.end), mentioned.reached)
    growing.end_line()
    return growing.blocks


class _Growing:
    """The blocks so far, and the pieces of the one that is growing."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.pieces: list[Piece] = []
        self._start = 0
        self._zone = BODY
        self._is_blank = True
        self._is_continued = False

    def enter(self, zone: str, place: int, part: str) -> None:
        """Get ready for a part of a line: one in another zone begins a block.

        White space alone does not, whatever zone it is in: nobody would see it.
        """
        is_blank = part.isspace()
        if self.pieces and zone != self._zone and not is_blank and not self._is_blank:
            self._finish()
            self._is_continued = True
        if not self.pieces:
            self._start, self._is_blank = place, True
        if self._is_blank:
            self._zone = zone
        self._is_blank = self._is_blank and is_blank

    def end_line(self) -> None:
        """Finish the block of a line, if there is anything in it."""
        is_touched = any(each.mention is not None or each.is_asked for each in self.pieces)
        if self.pieces and (is_touched or not self._is_blank):
            self._finish()
        self.pieces = []
        self._is_continued = False

    def _finish(self) -> None:
        runs = [Run(key, list(each)) for key, each in groupby(self.pieces, lambda p: p.is_asked)]
        self.blocks.append(Block(self._start, self._zone, self._is_continued, runs))
        self.pieces = []

    def sign(self, ended: list[int], reached: set[int]) -> None:
        """Let the last piece say which mentions end with it; ``reached`` are those with a piece."""
        if not ended or not (self.pieces or self.blocks):
            return
        last = self.pieces or self.blocks[-1].runs[-1].pieces
        piece = last[-1]
        signs = [Sign(each, each not in reached) for each in ended if each != piece.mention]
        is_last = piece.is_last or piece.mention in ended
        last[-1] = piece._replace(is_last=is_last, signs=(*piece.signs, *signs))


def _split(zones: Iterable[tuple[str, Span]]) -> tuple[list[str], list[Span]]:
    listed = list(zones)
    return [name for name, _ in listed], [span for _, span in listed]


def _cuts(within: Span, spans: Iterable[Span], line_ends: Iterable[int]) -> list[int]:
    """Return every place where something begins or ends, the line ends set apart."""
    places = {place for span in spans for place in span if within.start < place < within.end}
    for each in line_ends:
        places.update((each, each + 1))
    return sorted(places | set(within))


class _Sweep:
    """Which of many spans are over a place that moves on through the text."""

    def __init__(self, spans: Sequence[Span], within: Span) -> None:
        self.spans = spans
        there = [
            number
            for number, (start, end) in enumerate(spans)
            if max(start, within.start) < min(end, within.end)
        ]
        # Turned around, so that the next is the last. What is longer begins first.
        self._to_begin = sorted(
            there, key=lambda each: (spans[each].start, -spans[each].end, each), reverse=True
        )
        self._to_end: list[tuple[int, int, int]] = []
        self._by_length: list[tuple[int, int]] = []
        self._free_lines: list[int] = []
        self._line_of: dict[int, int] = {}
        self._lines_begun = 0
        self._last = within.end
        self.lines: list[int | None] = [None] * LINES
        #: Those that have been the innermost somewhere.
        self.reached: set[int] = set()

    def move(self, place: int) -> list[int]:
        """Go on to a place and return the spans that have ended there, the shortest first."""
        ended = []
        while self._to_end and self._to_end[0][0] <= place:
            number = heapq.heappop(self._to_end)[2]
            ended.append(number)
            line = self._line_of.pop(number)
            heapq.heappush(self._free_lines, line)
            if line < LINES:
                self.lines[line] = None
        while self._to_begin and self.spans[self._to_begin[-1]].start <= place:
            self._begin(self._to_begin.pop())
        return ended

    def _begin(self, number: int) -> None:
        start, end = self.spans[number]
        heapq.heappush(self._to_end, (min(end, self._last), end - start, number))
        heapq.heappush(self._by_length, (end - start, number))
        if self._free_lines:
            line = heapq.heappop(self._free_lines)
        else:
            line, self._lines_begun = self._lines_begun, self._lines_begun + 1
        self._line_of[number] = line
        if line < LINES:
            self.lines[line] = number

    def innermost(self) -> int | None:
        """Return the shortest span over the place, of equals the first that was given."""
        while self._by_length and self._by_length[0][1] not in self._line_of:
            heapq.heappop(self._by_length)
        return self._by_length[0][1] if self._by_length else None

    def reach(self) -> int | None:
        """Return the same, and remember that it has been."""
        number = self.innermost()
        if number is not None:
            self.reached.add(number)
        return number
