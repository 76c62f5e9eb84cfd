"""What is known while the wanted spans of an article are looked for: which span has which place."""

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
    """The wanted spans of a text, and the places in the text that are taken.

    The spans of one group are of the same thing, such as the mentions of an entity: two of them do not
    get the same place while another place is free. Spans of different groups may.
    """

    def __init__(self, text: str, wanted: list[Wanted]) -> None:
        self.text = text
        self.wanted = wanted
        surfaces = {span.surface for span in wanted}
        self.index = WordIndex(text, surfaces | {undo(surface) for surface in surfaces})
        self.is_in_order = is_in_order(wanted)
        #: The places that the spans of each group have.
        self.taken: defaultdict[int, set[Found]] = defaultdict(set)
        #: The places that spans of mentions have, of whatever group.
        self.mentioned: set[Found] = set()
        self._covered = bytearray(len(text))
        #: Of each character, the length of the longest name over it that was given without a place.
        self._named = bytearray(len(text))

    @cached_property
    def folded(self) -> FoldedText:
        """The whole text, folded."""
        return FoldedText(self.text)

    def folded_around(self, low: int, high: int) -> tuple[FoldedText, int]:
        """Return a folded part of the text that has at least what is from ``low`` to ``high``, and
        where that part begins in the text. It is the whole text, unless that is long and few spans
        are to be found in it.
        """
        if self._is_folded_whole:
            return self.folded, 0
        begin = max(0, low - FOLDED_MARGIN)
        return FoldedText(self.text[begin : max(begin, high) + FOLDED_MARGIN]), begin

    @cached_property
    def _is_folded_whole(self) -> bool:
        if len(self.text) <= LONG_TEXT:
            return True
        return sum(FOLDED_MARGIN * 4 + 2 * len(wanted.surface) for wanted in self.left()) > len(
            self.text
        )

    def left(self) -> list[Wanted]:
        """Return the wanted spans without a place: nothing has found them yet."""
        return [wanted for wanted in self.wanted if wanted.found is None]

    def buckets(self, wanted: Iterable[Wanted], key: Callable[[Wanted], str]) -> Buckets:
        """Return the wanted spans in buckets, and of each bucket its group. The spans of a bucket are
        of one group and have the same ``key``, their words in some form, so that they compete for the
        same occurrences. Buckets of longer words come first, so that no part of these words is taken
        for others.
        """
        buckets: defaultdict[tuple[int, str], list[Wanted]] = defaultdict(list)
        for span in wanted:
            buckets[span.group, key(span)].append(span)
        ordered = sorted(buckets.items(), key=lambda item: -len(item[0][1]))
        return [(group, bucket) for (group, _), bucket in ordered]

    def occupy(self, group: int, found: Found, is_mention: bool) -> None:
        """Note that a span of a group has a place, and whether it is the span of a mention."""
        self.taken[group].add(found)
        if not is_mention:
            return
        self.mentioned.add(found)
        start, end = found
        if end - start <= COVERING_MENTION:
            self._covered[start:end] = b"\1" * (end - start)

    def take(self, wanted: Wanted, found: Found, status: str) -> None:
        """Give a wanted span the place at which it was found, and the status that says how."""
        wanted.found, wanted.status = found, status
        self.occupy(wanted.group, found, wanted.is_mention)

    def note_name(self, places: list[int], length: int) -> None:
        """Note that a name of this length, which was given without a place, starts at these places: New
        York Times, of which New York is no mention.
        """
        length = min(length, COVERING_MENTION)
        if self.index.spend(len(places)):
            for start in places:
                if max(self._named[start : start + length]) < length:
                    self._named[start : start + length] = bytes([length]) * length

    def is_part_of_name(self, start: int, end: int) -> bool:
        """Tell whether a longer name stands over a span of the text."""
        return max(self._named[start : min(end, start + COVERING_MENTION)], default=0) > end - start

    def is_covered(self, start: int, end: int) -> bool:
        """Tell whether a mention has a span of the text, or a part of it."""
        return self._covered.find(1, start, end) >= 0
