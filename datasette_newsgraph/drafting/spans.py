"""The spans of one article as the columns that mentions, evidence and quotes share."""

from __future__ import annotations

from bisect import bisect_right

from datasette_newsgraph.anchoring import EXACT, UNVERIFIED, Anchor, Anchors
from datasette_newsgraph.article import Evidence, Mention, Quote
from datasette_newsgraph.drafting.draft_rows import SpanColumns
from datasette_newsgraph.identity import HASH_LENGTH, span_key

_INT64 = 1 << 63
#: A relation for which no evidence is given is somewhere in the article.
_SOMEWHERE = Anchor(None, None, None, UNVERIFIED, None, None)
#: How much of a key says what a span is about; equal keys get an ordinal.
ABOUT = slice(-HASH_LENGTH, 5 - HASH_LENGTH)


class SpanReader:
    """Makes columns of the anchored spans of one article.

    ``dropped`` confidences were out of range; ``count`` is the number of spans, ``statuses`` says
    how many of those that are not exact have which status.
    """

    def __init__(
        self, article_hash: str, anchors: Anchors, zones: list[tuple[int, int, str]]
    ) -> None:
        self.dropped = 0
        self.count = 0
        self.statuses: dict[str, int] = {}
        self._hash = article_hash
        self._anchors = anchors.spans
        self._zones = zones
        self._starts = [zone[0] for zone in zones]

    def read(
        self,
        given: Mention | Evidence | Quote,
        about: str,
        confidence: float | None,
        taken: dict[str, int],
    ) -> SpanColumns:
        """Return the columns of a span; ``about`` is the key of what it is about, and ``taken``
        counts the keys of its kind, as content that repeats gets an ordinal.
        """
        if confidence is not None and not 0 <= confidence <= 1:
            self.dropped += 1
            confidence = None
        start, end = given.start, given.end
        anchor = self._anchors.get(id(given))
        self.count += 1
        if anchor is None and start is not None:
            return SpanColumns(
                self._key(start, end, about, taken),
                start,
                end,
                given.text,
                self.zone_at(start) if self._zones else "body",
                confidence,
                EXACT,
                start,
                end,
                0,
                None,
            )
        if anchor is None:
            anchor = _SOMEWHERE
            self.count -= 1
        else:
            self.statuses[anchor.status] = self.statuses.get(anchor.status, 0) + 1
        start, end = _storable(start), _storable(end)
        return SpanColumns(
            self._key(start, end, about, taken),
            anchor.start,
            anchor.end,
            anchor.surface,
            self.zone_at(anchor.start),
            confidence,
            anchor.status,
            start,
            end,
            anchor.moved,
            anchor.given_surface,
        )

    def _key(self, start: int | None, end: int | None, about: str, taken: dict[str, int]) -> str:
        key = span_key(self._hash, start, end, about[ABOUT])
        count = taken[key] = taken.get(key, 0) + 1
        return key if count == 1 else f"{key}-{count}"

    def zone_at(self, start: int | None) -> str | None:
        """Return the zone of a span by its start.

        Without zones all is body. With zones a span that has no place has none: that it is body
        would be a guess, and body is what the article is taken to speak of.
        """
        if not self._zones:
            return "body"
        if start is None:
            return None
        # Zones nest seldom; where they do, the inner one begins later.
        for index in range(bisect_right(self._starts, start) - 1, -1, -1):
            if start < self._zones[index][1]:
                return self._zones[index][2]
        return "body"


def _storable(number: int | None) -> int | None:
    """Return the number if SQLite can hold it: 64 bits with a sign."""
    return number if number is None or -_INT64 <= number < _INT64 else None
