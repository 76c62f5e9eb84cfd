"""The spans of one article as the columns that mentions, evidence and quotes share."""

from __future__ import annotations

from bisect import bisect_right

from datasette_newsgraph.anchoring import EXACT, UNLOCATED, check_span, differs_in_space_only
from datasette_newsgraph.article import Evidence, Mention, Quote
from datasette_newsgraph.identity import HASH_LENGTH, span_key

_INT64 = 1 << 63
#: How much of a key says what a span is about; equal keys get an ordinal.
_ABOUT = slice(-HASH_LENGTH, 5 - HASH_LENGTH)

#: key, start_char, end_char, surface, zone, confidence, offset_status, given_start, given_end
SpanColumns = tuple[
    str,
    "int | None",
    "int | None",
    "str | None",
    "str | None",
    "float | None",
    str,
    "int | None",
    "int | None",
]


class SpanReader:
    """Reads the spans of one article and counts what is wrong with them.

    Of the spans that are ``wrong`` (do not read their surface), ``spaced`` would read it if white
    space did not count; ``dropped`` confidences were out of range.
    """

    def __init__(
        self, article_hash: str, text: str | None, zones: list[tuple[int, int, str]]
    ) -> None:
        self.wrong = self.spaced = self.dropped = 0
        self._hash = article_hash
        self._text = text
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
        start, end, surface, text = given.start, given.end, given.text, self._text
        if confidence is not None and not 0 <= confidence <= 1:
            self.dropped += 1
            confidence = None
        if (
            text is not None
            and start is not None
            and end is not None
            and surface is not None
            and 0 <= start < end
            and text[start:end] == surface
        ):
            # Nearly all spans are right; check_span says the same of them, more slowly.
            return (
                self._key(start, end, about, taken),
                start,
                end,
                surface,
                self.zone_at(start) if self._zones else "body",
                confidence,
                EXACT,
                start,
                end,
            )
        return self._read_doubtful(given, about, confidence, taken)

    def _read_doubtful(
        self,
        given: Mention | Evidence | Quote,
        about: str,
        confidence: float | None,
        taken: dict[str, int],
    ) -> SpanColumns:
        start, end, surface, status = check_span(self._text, given.start, given.end, given.text)
        if status == UNLOCATED:
            self.wrong += 1
            self.spaced += differs_in_space_only(self._text, given.start, given.end, given.text)
        given_start, given_end = _storable(given.start), _storable(given.end)
        key = self._key(given_start, given_end, about, taken)
        zone = self.zone_at(start)
        return key, start, end, surface, zone, confidence, status, given_start, given_end

    def _key(self, start: int | None, end: int | None, about: str, taken: dict[str, int]) -> str:
        key = span_key(self._hash, start, end, about[_ABOUT])
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
