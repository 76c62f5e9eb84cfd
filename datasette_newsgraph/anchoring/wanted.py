"""The spans that are to be found, with where they are expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from datasette_newsgraph.anchoring.statuses import UNLOCATED, Anchor
from datasette_newsgraph.anchoring.thresholds import ORDERED_PAIRS, ORDERED_SHARE, PASSAGE

Found = tuple[int, int]


@dataclass(eq=False)
class Wanted:
    """A span to be found. ``group`` is what it is of: two of one group never get the same place
    while another is free.
    """

    surface: str
    group: int
    #: Where it begins and ends as given, in code points; None where no place was given.
    start: int | None
    end: int | None
    #: Mentions keep clear of one another where nothing says better; evidence lies over mentions.
    is_mention: bool = True
    #: The ``id()`` of those that are given alike: of the same group, at the same place.
    ids: list[int] = field(default_factory=list)
    #: Between which places it is expected to begin.
    low: int = 0
    high: int = 0
    #: By how much its neighbours are displaced, as far as they agree.
    shifts: tuple[int, ...] = (0,)
    found: Found | None = None
    status: str = UNLOCATED

    def expect(self, length: int) -> None:
        """Set where it is expected, in a text of this length."""
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
        """Whether the place is a passage that the words are somewhere in."""
        return self.has_place and self.high - self.low > PASSAGE

    def distance(self, place: int) -> int:
        """Return how far a place is from where it is expected."""
        return min(
            max(self.low + shift - place, place - self.high - shift, 0) for shift in self.shifts
        )

    def is_beyond(self, length: int) -> bool:
        """Tell whether its neighbours agree that the text, of this length, does not reach to it."""
        return self.has_place and all(
            shift and not -len(self.surface) < self.low + shift < length for shift in self.shifts
        )

    def anchor(self, text: str) -> Anchor:
        """Return where it was found."""
        if self.found is None:
            return Anchor(None, None, self.surface, UNLOCATED)
        begin, stop = self.found
        words = text[begin:stop]
        moved = None if self.start is None else begin - self.start
        return Anchor(
            begin, stop, words, self.status, moved, None if words == self.surface else self.surface
        )


def unite(wanted: Iterable[Wanted], length: int) -> list[Wanted]:
    """Set where each is expected, in a text of this length, and make one of those of a group that are
    given at the same place with the same words.
    """
    united: dict[tuple[int, str, int, int], Wanted] = {}
    result = []
    for each in wanted:
        each.expect(length)
        if each.has_place and not each.is_in_passage:
            first = united.setdefault((each.group, each.surface, each.low, each.high), each)
            if first is not each:
                first.ids += each.ids
                continue
        result.append(each)
    return result


def is_in_order(wanted: Iterable[Wanted]) -> bool:
    """Tell whether the mentions of each entity are given in the order of the text.

    Then that order says more than offsets that are wrong by the distance of two mentions.
    """
    pairs = ascending = 0
    last: dict[int, int] = {}
    for each in wanted:
        if each.has_place:
            if each.group in last:
                pairs += 1
                ascending += last[each.group] <= each.low
            last[each.group] = each.low
    return pairs >= ORDERED_PAIRS and ascending >= ORDERED_SHARE * pairs
