"""The text of a NAF document, and the places of words and terms in it."""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph.anchoring.units import CODE_POINTS
from datasette_newsgraph.readers.formats.naf.layers import Layers, Word
from datasette_newsgraph.readers.placed_text import Piece, blanks_allowed, place

#: So many words, or characters, are no name, and no sentence that states something.
_MOST_WORDS = 1000
_LONGEST = 10_000


class Span(NamedTuple):
    """Where words stand, as the document has it, and what they read."""

    start: int
    end: int
    surface: str


class Text:
    """The raw text, or that of the words, each at its offset, or joined by blanks if they have none."""

    def __init__(self, layers: Layers, size: int) -> None:
        self._layers = layers
        words = list(layers.words_by_id.values())
        self.is_joined = False
        self.too_far = 0
        _count_on(words)
        if layers.raw is not None and layers.raw.strip():
            self.text: str | None = layers.raw
        else:
            pieces = (Piece(each.start or 0, each.words) for each in words)
            placed = place(pieces, CODE_POINTS, blanks_allowed(size))
            self.text = placed.text or None
            self.is_joined, self.too_far = bool(placed.text), placed.too_far
        self._sentences: dict[str, list[Word]] = {}
        for word in words:
            self._sentences.setdefault(word.sentence, []).append(word)
        self._spans: dict[str, Span | None] = {}

    def span(self, ids: list[str]) -> Span | None:
        """Return where terms or words stand together; None if one of them is not there."""
        words = self._layers.words_by_id
        if sum(len(self._layers.terms.get(id_, (id_,))) for id_ in ids) > _MOST_WORDS:
            return None
        found = [words.get(each) for id_ in ids for each in self._layers.terms.get(id_, (id_,))]
        return self._of([each for each in found if each is not None]) if None not in found else None

    def sentence(self, ids: list[str]) -> Span | None:
        """Return the sentence in which terms or words begin, if the words tell sentences."""
        for id_ in ids:
            for each in self._layers.terms.get(id_, (id_,)):
                word = self._layers.words_by_id.get(each)
                if word is not None and word.sentence:
                    if word.sentence not in self._spans:
                        # Cut once: thousands of events may be in one long sentence.
                        self._spans[word.sentence] = self._of(self._sentences[word.sentence])
                    return self._spans[word.sentence]
        return None

    def _of(self, words: list[Word]) -> Span | None:
        if not words or len(words) > _MOST_WORDS:
            return None
        words = sorted(words, key=lambda each: each.start or 0)
        start, last = words[0].start or 0, words[-1]
        end = (last.start or 0) + last.length
        if (last.start or 0) - start > _LONGEST:
            return None
        text = self.text or ""
        if all(text.startswith(each.words, each.start or 0) for each in words):
            # Not by the length that the last one says: it may count something else.
            end = (last.start or 0) + len(last.words)
            return Span(start, end, text[start:end])
        # What they read is looked for: offsets may count something else than characters.
        return Span(start, end, _joined(words))


def _joined(words: list[Word]) -> str:
    parts, end = [words[0].words], (words[0].start or 0) + words[0].length
    for word in words[1:]:
        parts += (" " if (word.start or 0) > end else "", word.words)
        end = (word.start or 0) + word.length
    return "".join(parts)


def _count_on(words: list[Word]) -> None:
    """Give words without an offset one behind the word before them."""
    end = -1
    for word in words:
        if word.start is None:
            word.start = end + 1
        end = word.start + word.length
