"""What is known while the spans of an article are looked for: who has which place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from datasette_newsgraph.anchoring.folding import FoldedText, undo
from datasette_newsgraph.anchoring.occurrences import WordIndex
from datasette_newsgraph.anchoring.thresholds import COVERING_MENTION, FOLDED_MARGIN, LONG_TEXT
from datasette_newsgraph.anchoring.wanted import Found, Wanted, is_in_order

Buckets = list[tuple[int, list[Wanted]]]


class Board:
    """The ``wanted`` spans of a text, and the places that are taken."""

    def __init__(self, text: str, wanted: list[Wanted]) -> None:
        self.text = text
        self.wanted = wanted
        surfaces = {each.surface for each in wanted}
        self.index = WordIndex(text, surfaces | {undo(each) for each in surfaces})
        self.is_in_order = is_in_order(wanted)
        #: The places that each group has.
        self.taken: defaultdict[int, set[Found]] = defaultdict(set)
        #: The places that mentions have, of whatever group.
        self.mentioned: set[Found] = set()
        self._covered = bytearray(len(text))
        #: The length of the longest name, known without a place, that is at each character.
        self._named = bytearray(len(text))

    @cached_property
    def folded(self) -> FoldedText:
        """The text folded."""
        return FoldedText(self.text)

    def folded_around(self, low: int, high: int) -> tuple[FoldedText, int]:
        """Return a folded text that has what is from ``low`` to ``high``, and where it begins: of a
        long text with little to find only that part.
        """
        if self._is_folded_whole:
            return self.folded, 0
        begin = max(0, low - FOLDED_MARGIN)
        return FoldedText(self.text[begin : max(begin, high) + FOLDED_MARGIN]), begin

    @cached_property
    def _is_folded_whole(self) -> bool:
        if len(self.text) <= LONG_TEXT:
            return True
        return sum(FOLDED_MARGIN * 4 + 2 * len(each.surface) for each in self.left()) > len(
            self.text
        )

    def left(self) -> list[Wanted]:
        """Return the wanted spans that have no place yet."""
        return [each for each in self.wanted if each.found is None]

    def buckets(self, wanted: Iterable[Wanted], key: Callable[[Wanted], str]) -> Buckets:
        """Return the wanted spans that compete for the same occurrences together, with their group;
        longer words first, so that what is part of them is not taken for others.
        """
        buckets: defaultdict[tuple[int, str], list[Wanted]] = defaultdict(list)
        for each in wanted:
            buckets[each.group, key(each)].append(each)
        ordered = sorted(buckets.items(), key=lambda item: -len(item[0][1]))
        return [(group, bucket) for (group, _), bucket in ordered]

    def occupy(self, group: int, found: Found, is_mention: bool) -> None:
        """Note that a group has a place."""
        self.taken[group].add(found)
        if not is_mention:
            return
        self.mentioned.add(found)
        start, end = found
        if end - start <= COVERING_MENTION:
            self._covered[start:end] = b"\1" * (end - start)

    def take(self, wanted: Wanted, found: Found, status: str) -> None:
        """Give a wanted span its place."""
        wanted.found, wanted.status = found, status
        self.occupy(wanted.group, found, wanted.is_mention)

    def note_name(self, places: list[int], length: int) -> None:
        """Note where a name stands that was given without a place: New York Times, of which New York
        is no mention.
        """
        length = min(length, COVERING_MENTION)
        if self.index.spend(len(places)):
            for start in places:
                if max(self._named[start : start + length]) < length:
                    self._named[start : start + length] = bytes([length]) * length

    def is_part_of_name(self, start: int, end: int) -> bool:
        """Tell whether a longer name stands at a span."""
        return max(self._named[start : min(end, start + COVERING_MENTION)], default=0) > end - start

    def is_covered(self, start: int, end: int) -> bool:
        """Tell whether a mention is at a span, or at a part of it."""
        return self._covered.find(1, start, end) >= 0
