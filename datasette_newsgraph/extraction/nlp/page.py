"""One parsed text with what the rules ask of it: words, zones, blocks, sentences."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from datasette_newsgraph.article import Zone

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


class Page:
    """A document of spaCy's, and the zones of its text. Lists are by token."""

    def __init__(self, doc: Doc, zones: Iterable[Zone] = ()) -> None:
        self.doc = doc
        self.zones = sorted(zones, key=lambda zone: zone.start)
        self._zone_starts = [zone.start for zone in self.zones]
        #: spaCy makes the text of a document anew each time that it is asked for.
        self.text: str = doc.text
        self.words: list[str] = [token.text for token in doc]
        self.starts: list[int] = doc.to_array(["IDX"]).tolist()

    def end_of(self, index: int) -> int:
        """Return where a token ends, in code points."""
        return self.starts[index] + len(self.words[index])

    def zone_at(self, position: int) -> str:
        """Return the zone of a position; what no zone covers is body."""
        for zone in reversed(self.zones[: bisect_right(self._zone_starts, position)]):
            if zone.end > position:
                return zone.zone
            # Zones that begin before this one may cover it; few do, and none far behind.
            if zone.end < position - 5000:
                break
        return "body"

    @cached_property
    def token_zones(self) -> list[str]:
        """The zone of each token."""
        found = ["body"] * len(self.words)
        for zone in self.zones:
            first, last = self.token_at(zone.start), self.token_at(zone.end)
            for index in range(first, last):
                found[index] = zone.zone
        return found

    def token_at(self, position: int) -> int:
        """Return the first token that begins at a position or behind it."""
        index = bisect_right(self.starts, position)
        return index - 1 if index and self.starts[index - 1] == position else index

    @cached_property
    def sentences(self) -> list[Span]:
        """The sentences, without those of white space."""
        if not self.doc.has_annotation("SENT_START"):
            return []
        return [each for each in self.doc.sents if not each.text.isspace()]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [each.start for each in self.sentences]

    def sentence_of(self, index: int) -> Span:
        """Return the sentence of a token. spaCy's own ``Token.sent`` looks at the whole document."""
        number = bisect_right(self._sentence_starts, index) - 1
        return self.sentences[max(number, 0)]

    def sentence_span(self, index: int) -> tuple[int, int]:
        """Return the span of the sentence of a token, without white space around it."""
        sentence = self.sentence_of(index)
        return trimmed(self.text, sentence.start_char, sentence.end_char)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without the white space at its edges."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
