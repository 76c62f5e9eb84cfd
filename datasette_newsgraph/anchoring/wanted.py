"""The wanted spans: words that are to be found in a text, with where they are expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from datasette_newsgraph.anchoring.statuses import UNLOCATED, Anchor
from datasette_newsgraph.anchoring.thresholds import ORDERED_PAIRS, ORDERED_SHARE, PASSAGE

#: A place in the text: where it begins and where it ends.
Found = tuple[int, int]


@dataclass(eq=False)
class Wanted:
    """A span to be found, by its words (``surface``). ``group`` says of what it is a span, such as an
    entity: two spans of one group never get the same place while another place is free.
    """

    surface: str
    group: int
    #: Where the span begins and ends as given, in code points; None where no place was given.
    start: int | None
    end: int | None
    #: Whether it is the span of a mention. Mentions keep clear of one another where nothing says
    #: better; evidence lies over mentions.
    is_mention: bool = True
    #: The ``id()`` of the spans of the record that this one stands for: they are of the same group, and
    #: given at the same place with the same words.
    ids: list[int] = field(default_factory=list)
    #: The first and the last place at which the span is expected to begin.
    low: int = 0
    high: int = 0
    #: By how much the spans beside it are displaced, as far as they agree.
    shifts: tuple[int, ...] = (0,)
    #: Its place in the text; None while it has none.
    found: Found | None = None
    status: str = UNLOCATED

    def expect(self, length: int) -> None:
        """Set where the span is expected to begin, in a text of this length."""
        start, end = self.start, self.end
        if start is None and end is not None:
            start = end - len(self.surface)
        if start is None:
            self.high = length
        elif end is None:
            self.start = self.low = self.high = start
        else:
            start, end = min(start, end), max(start, end)
            last = end - len(self.surface)
            if last < start - PASSAGE:
                last = start
            self.low, self.high = min(start, last), max(start, last)

    @property
    def has_place(self) -> bool:
        """Whether the span was given with a place."""
        return self.start is not None

    @property
    def is_in_passage(self) -> bool:
        """Whether the span was given with the place of a passage, somewhere in which its words are."""
        return self.has_place and self.high - self.low > PASSAGE

    def distance(self, place: int) -> int:
        """Return how far a place is from where the span is expected to begin."""
        return min(
            max(self.low + shift - place, place - self.high - shift, 0) for shift in self.shifts
        )

    def is_beyond(self, length: int) -> bool:
        """Tell whether the spans beside this one agree that it is beyond the text, of this length."""
        return self.has_place and all(
            shift and not -len(self.surface) < self.low + shift < length for shift in self.shifts
        )

    def anchor(self, text: str) -> Anchor:
        """Return where in the text the span was found, and how."""
        if self.found is None:
            return Anchor(None, None, self.surface, UNLOCATED)
        begin, stop = self.found
        words = text[begin:stop]
        moved = None if self.start is None else begin - self.start
        return Anchor(
            begin, stop, words, self.status, moved, None if words == self.surface else self.surface
        )


def unite(wanted: Iterable[Wanted], length: int) -> list[Wanted]:
    """Set where each wanted span is expected, in a text of this length; return the spans, with one in
    the place of all those of a group that are given at the same place with the same words.
    """
    united: dict[tuple[int, str, int, int], Wanted] = {}
    result = []
    for span in wanted:
        span.expect(length)
        if span.has_place and not span.is_in_passage:
            first = united.setdefault((span.group, span.surface, span.low, span.high), span)
            if first is not span:
                first.ids += span.ids
                continue
        result.append(span)
    return result


def is_in_order(wanted: Iterable[Wanted]) -> bool:
    """Tell whether the mentions of each entity are given in the order of the text.

    If they are, their order says more than offsets that are wrong by the distance of two mentions.
    """
    pairs = ascending = 0
    last: dict[int, int] = {}
    for span in wanted:
        if span.has_place:
            if span.group in last:
                pairs += 1
                ascending += last[span.group] <= span.low
            last[span.group] = span.low
    return pairs >= ORDERED_PAIRS and ascending >= ORDERED_SHARE * pairs
