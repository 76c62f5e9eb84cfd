"""What is known while the spans of an article are looked for: who has which place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from datasette_newsgraph.anchoring.folding import FoldedText
from datasette_newsgraph.anchoring.occurrences import WordIndex
from datasette_newsgraph.anchoring.wanted import Found, Wanted, is_in_order

#: Longer mentions cover nothing: that would cost more than it tells.
_LONGEST = 200

Buckets = list[tuple[int, list[Wanted]]]


class Board:
    """The ``wanted`` spans of a text, and the places that are taken."""

    def __init__(self, text: str, wanted: list[Wanted]) -> None:
        self.text = text
        self.wanted = wanted
        self.index = WordIndex(text)
        self.is_in_order = is_in_order(wanted)
        #: The places that each group has.
        self.taken: defaultdict[int, set[Found]] = defaultdict(set)
        self._covered = bytearray(len(text))

    @cached_property
    def folded(self) -> FoldedText:
        """The text folded."""
        return FoldedText(self.text)

    def left(self) -> list[Wanted]:
        """Return those that have no place yet."""
        return [each for each in self.wanted if each.found is None]

    def buckets(self, wanted: Iterable[Wanted], key: Callable[[Wanted], str]) -> Buckets:
        """Return those that compete for the same occurrences together, each with its group; longer
        words first, so that what is part of them is not taken for others.
        """
        buckets: defaultdict[tuple[int, str], list[Wanted]] = defaultdict(list)
        for each in wanted:
            buckets[each.group, key(each)].append(each)
        ordered = sorted(buckets.items(), key=lambda item: -len(item[0][1]))
        return [(group, bucket) for (group, _), bucket in ordered]

    def occupy(self, group: int, found: Found, is_mention: bool) -> None:
        """Note that a group has a place."""
        self.taken[group].add(found)
        start, end = found
        if is_mention and end - start <= _LONGEST:
            self._covered[start:end] = b"\1" * (end - start)

    def take(self, wanted: Wanted, found: Found, status: str) -> None:
        """Give a wanted span its place."""
        wanted.found, wanted.status = found, status
        self.occupy(wanted.group, found, wanted.is_mention)

    def is_covered(self, start: int, end: int) -> bool:
        """Tell whether a mention is at a span, or at a part of it."""
        return self._covered.find(1, start, end) >= 0
