"""What Stanford CoreNLP writes as JSON, with its text and the spans of its tokens.

Sections of its ``JSONOutputter`` that say nothing about entities (parses, dependencies, sentiment)
are passed over.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import field

from datasette_newsgraph.anchoring.units import CODE_POINTS, UTF16, Unit
from datasette_newsgraph.readers.penn_treebank import ESCAPED
from datasette_newsgraph.readers.placed_text import Piece, place, width
from datasette_newsgraph.readers.shapes import Shape
from datasette_newsgraph.readers.tokens import TokenSpan


class Token(Shape, rename="camel"):
    """A token; ``index`` counts from 1 in its sentence."""

    index: int | None = None
    word: str | None = None
    original_text: str | None = None
    character_offset_begin: int | None = None
    character_offset_end: int | None = None
    codepoint_offset_begin: int | None = None
    codepoint_offset_end: int | None = None
    before: str | None = None
    after: str | None = None

    @property
    def words(self) -> str:
        """What stands in the text, where a token has no ``originalText`` too."""
        return self.original_text or ESCAPED.get(self.word or "", self.word or "")


class Timex(Shape):
    """A time expression."""

    type: str | None = None
    value: str | None = None


class EntityMention(Shape, rename="camel"):
    """A named entity; the tokens count from 0 in the sentence, the end exclusive."""

    text: str | None = None
    ner: str | None = None
    character_offset_begin: int | None = None
    character_offset_end: int | None = None
    token_begin: int | None = None
    token_end: int | None = None
    normalized_ner: str | None = field(name="normalizedNER", default=None)
    timex: Timex | None = None
    entitylink: str | None = None
    ner_confidences: dict[str, float | None] | None = None


class Triple(Shape, rename="camel"):
    """A triple of OpenIE or KBP; spans are tokens of the sentence from 0, the end exclusive."""

    subject: str | None = None
    subject_span: list[int] | None = None
    relation: str | None = None
    object: str | None = None
    object_span: list[int] | None = None
    confidence: float | None = None


class Sentence(Shape):
    """A sentence; ``index`` counts from 0."""

    index: int | None = None
    entitymentions: list[EntityMention] | None = None
    tokens: list[Token] | None = None
    openie: list[Triple] | None = None
    kbp: list[Triple] | None = None


class CorefMention(Shape, rename="camel"):
    """A link of a coreference chain: sentence and tokens count from 1, ``end_index`` exclusive."""

    text: str | None = None
    type: str | None = None
    sent_num: int | None = None
    start_index: int | None = None
    end_index: int | None = None
    head_index: int | None = None
    is_representative_mention: bool | None = None


class Quotation(Shape, rename="camel"):
    """A quotation with its marks; the end is exclusive. Nobody is called ``Unknown``."""

    text: str | None = None
    begin_index: int | None = None
    end_index: int | None = None
    speaker: str | None = None
    canonical_speaker: str | None = None


class Section(Shape, rename="camel"):
    """A post or part of a document."""

    author: str | None = None
    date_time: str | None = None


class Document(Shape, rename="camel"):
    """A document."""

    doc_id: str | int | None = None
    doc_date: str | None = None
    author: str | None = None
    text: str | None = None
    sentences: list[Sentence] | None = None
    corefs: dict[str, list[CorefMention]] | None = None
    quotes: list[Quotation] | None = None
    sections: list[Section] | None = None


class _SentenceTokens(NamedTuple):
    """What a sentence reads, and where each of its tokens (from 0) stands in that and in the text."""

    reading: str
    places: dict[int, tuple[int, int, int, int]]
    whole: TokenSpan | None


class DocumentTokens:
    """The text of a document and the spans of its tokens, in code points if all tokens have such
    offsets, else in UTF-16.
    """

    def __init__(self, document: Document, most_blanks: int) -> None:
        sentences = document.sentences or []
        tokens = [token for sentence in sentences for token in sentence.tokens or ()]
        self._characters: list[int] = []
        self._code_points: list[int] = []
        self.unit: Unit = UTF16
        if tokens and all(_has_code_points(token) for token in tokens):
            self.unit = CODE_POINTS
            pairs = sorted(pair for token in tokens for pair in _boundaries(token))
            self._characters = [characters for characters, _ in pairs]
            self._code_points = [code_points for _, code_points in pairs]
        self.text, self.has_blanks, self.too_far = document.text, False, 0
        if not self.text:
            pieces = [*self._token_pieces(tokens), *self._mention_pieces(sentences)]
            placed = place(pieces, self.unit, most_blanks)
            self.text, self.has_blanks, self.too_far = placed
            self.text = self.text if self.text.strip() else None
        self._sentences = {
            number if sentence.index is None else sentence.index: self._read(sentence)
            for number, sentence in enumerate(sentences)
        }

    def offset(self, characters: int | None) -> int | None:
        """Return an offset that is given in UTF-16 in the unit of the document."""
        if characters is None or not self._characters:
            return characters
        # From the token before it: inside of tokens both mostly count the same.
        before = bisect_right(self._characters, characters) - 1
        if before < 0:
            return characters
        return self._code_points[before] + characters - self._characters[before]

    def span(self, sentence: int, first: int, end: int, longest: int) -> TokenSpan | None:
        """Return the span of tokens of a sentence, all counted from 0; None if there are none of
        these. It has no surface where that would be longer than ``longest``.
        """
        known = self._sentences.get(sentence)
        if known is None or first >= end:
            return None
        one, last = known.places.get(first), known.places.get(end - 1)
        if one is None or last is None or one[2] >= last[3]:
            return None
        reading = known.reading[one[0] : last[1]] if last[1] - one[0] <= longest else ""
        return TokenSpan(one[2], last[3], reading)

    def sentence(self, sentence: int) -> TokenSpan | None:
        """Return the span of a sentence, counted from 0."""
        known = self._sentences.get(sentence)
        return known and known.whole

    def _start(self, token: Token) -> int | None:
        in_code_points = self.unit == CODE_POINTS
        return token.codepoint_offset_begin if in_code_points else token.character_offset_begin

    def _end(self, token: Token) -> int | None:
        in_code_points = self.unit == CODE_POINTS
        return token.codepoint_offset_end if in_code_points else token.character_offset_end

    def _token_pieces(self, tokens: list[Token]) -> Iterator[Piece]:
        for token in tokens:
            start = self._start(token)
            if start is not None and token.words:
                yield Piece(start, token.words, token.before, token.after)

    def _mention_pieces(self, sentences: list[Sentence]) -> Iterator[Piece]:
        # Where tokens were left out of a record, its mentions still say what stands there.
        for sentence in sentences:
            for mention in sentence.entitymentions or ():
                start = self.offset(mention.character_offset_begin)
                end = self.offset(mention.character_offset_end)
                words = mention.text or ""
                if start is not None and end is not None and width(words, self.unit) == end - start:
                    yield Piece(start, words)

    def _read(self, sentence: Sentence) -> _SentenceTokens:
        parts: list[str] = []
        places: dict[int, tuple[int, int, int, int]] = {}
        length = 0
        for number, token in enumerate(sentence.tokens or ()):
            start, end = self._start(token), self._end(token)
            after = " " if token.after is None else token.after
            if start is not None and end is not None:
                index = number if token.index is None else token.index - 1
                places[index] = (length, length + len(token.words), start, end)
            parts += (token.words, after)
            length += len(token.words) + len(after)
        reading = "".join(parts)
        whole = None
        if places:
            first, last = places[min(places)], places[max(places)]
            whole = TokenSpan(first[2], last[3], reading[first[0] : last[1]])
        return _SentenceTokens(reading, places, whole)


def _has_code_points(token: Token) -> bool:
    return None not in (
        token.codepoint_offset_begin,
        token.codepoint_offset_end,
        token.character_offset_begin,
        token.character_offset_end,
    )


def _boundaries(token: Token) -> Iterator[tuple[int, int]]:
    if token.character_offset_begin is not None and token.codepoint_offset_begin is not None:
        yield token.character_offset_begin, token.codepoint_offset_begin
    if token.character_offset_end is not None and token.codepoint_offset_end is not None:
        yield token.character_offset_end, token.codepoint_offset_end
