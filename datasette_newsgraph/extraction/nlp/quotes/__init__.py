"""Quotations with the verb that reports them and who is quoted.

The verb is the one that the parse hangs the quoted words on, or the one beside the marks; its subject
is the speaker. "According to" needs no verb. A quotation without a verb is of the speaker before, if it
goes on from there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette_newsgraph.extraction.nlp.he_said import HeSaid, LastSpeaker
from datasette_newsgraph.extraction.nlp.lexicons import Lexicon
from datasette_newsgraph.extraction.nlp.names import Name
from datasette_newsgraph.extraction.nlp.page import Page
from datasette_newsgraph.extraction.nlp.quote_marks import Part, Quotation, find_quotations
from datasette_newsgraph.extraction.nlp.quotes.cues import Cues
from datasette_newsgraph.extraction.nlp.quotes.names_by_token import NamesByToken
from datasette_newsgraph.extraction.nlp.quotes.speakers import SUBJECTS, Speakers

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

__all__ = ["NamesByToken", "Quote", "find_quotes"]

#: Words of the longest clause of reported speech.
_LONGEST_CLAUSE = 60
#: Zones in which nobody is quoted.
_SILENT = frozenset(("breadcrumb", "byline", "footer", "dateline", "promotion"))


@dataclass(slots=True)
class Quote:
    """Something that somebody is quoted with; ``speaker`` is the number of a name."""

    start: int
    end: int
    direct: bool
    verb: str | None = None
    speaker: int | None = None
    confidence: float = 0.5


def find_quotes(
    page: Page,
    names: Sequence[Name],
    lexicon: Lexicon,
    parts: Sequence[Part],
    titled: dict[int, int],
) -> list[Quote]:
    """Return the quotes of a text in order. ``titled`` gives the person who is named by a title that
    stands without a name elsewhere: the number of a name for a token.
    """
    return _Finder(page, names, lexicon, parts, titled).find()


class _Finder:
    def __init__(
        self,
        page: Page,
        names: Sequence[Name],
        lexicon: Lexicon,
        parts: Sequence[Part],
        titled: dict[int, int],
    ) -> None:
        self.page, self.names, self.lexicon = page, names, lexicon
        self.by_token = NamesByToken(page, names)
        self.parts = [part for part in parts if page.zone_at(part.start) not in _SILENT]
        self._part_starts = [part.start for part in self.parts]
        self.quotations = find_quotations(page.text, self.parts)
        self._quoted_tokens = self._tokens_of(self.quotations)
        quoted = self._quoted_tokens
        self._he_said = HeSaid(page, self.by_token, lexicon, quoted, self._block_of)
        self.cues = Cues(page, lexicon, quoted)
        self.speakers = Speakers(
            page, lexicon, self.by_token, self.cues, titled, self._he_said, quoted
        )
        #: The speaker of the quote or of the reported clause before.
        self.last: LastSpeaker | None = None

    def _tokens_of(self, quotations: Sequence[Quotation]) -> bytearray:
        found = bytearray(len(self.page.words) + 1)
        for each in quotations:
            first, last = self.page.token_at(each.outer_start), self.page.token_at(each.outer_end)
            found[first:last] = b"\1" * (last - first)
        return found

    def find(self) -> list[Quote]:
        if not self.page.sentences:
            return [self._bare(each) for each in self.quotations]
        found: list[Quote] = []
        starts = [each.start_char for each in self.page.sentences]
        by_sentence: dict[int, list[Quotation]] = {}
        for quotation in self.quotations:
            by_sentence.setdefault(bisect_right(starts, quotation.start) - 1, []).append(quotation)
        for number, sentence in enumerate(self.page.sentences):
            quotations = by_sentence.get(number, [])
            if quotations:
                found += self._direct(sentence, quotations, found)
            else:
                found += self._reported(sentence)
        return sorted(found, key=lambda quote: quote.start)

    @staticmethod
    def _bare(quotation: Quotation) -> Quote:
        return Quote(quotation.start, quotation.end, direct=True)

    def _block_of(self, position: int) -> int:
        return bisect_right(self._part_starts, position) - 1

    def _direct(
        self, sentence: Span, quotations: list[Quotation], before: list[Quote]
    ) -> Iterator[Quote]:
        for quotation in quotations:
            quote = Quote(quotation.start, quotation.end, direct=True)
            cue = self.cues.of(quotation, sentence)
            if cue is not None:
                quote.verb = cue.text.lower()
                quote.speaker, quote.confidence = self.speakers.of(cue, quotation.start, self.last)
            elif (speaker := self.speakers.according_to(sentence)) is not None:
                quote.verb, quote.speaker, quote.confidence = "according to", speaker, 0.9
            else:
                self._carry_over(quote, quotation, before)
            if quote.speaker is not None:
                said_by = cue.i if cue is not None else sentence.start
                self._spoke(quote.speaker, quotation.start, said_by)
            if quote.verb is None and quote.speaker is None and self._is_no_speech(quotation):
                continue
            before.append(quote)
            yield quote
            before.pop()

    def _spoke(self, speaker: int, position: int, index: int) -> None:
        """Note who spoke at a position, and that the sentence of a token says so."""
        behind = self.page.sentence_of(index).end
        self.last = LastSpeaker(speaker, self._block_of(position), behind)

    def _is_no_speech(self, quotation: Quotation) -> bool:
        """Tell whether marks without a speaker are around a name or a few words only."""
        words = self.page.text[quotation.start : quotation.end].split()
        capitals = sum(word[:1].isupper() for word in words)
        return len(words) < 4 or capitals > len(words) / 2

    def _carry_over(self, quote: Quote, quotation: Quotation, before: list[Quote]) -> None:
        """Take the speaker of the quote before, if this one goes on from it, or stands behind it in the
        same paragraph.
        """
        text = self.page.text
        previous = before[-1] if before else None
        block = self._block_of(quotation.start)
        if previous is not None and quotation.goes_on:
            quote.speaker, quote.verb, quote.confidence = previous.speaker, previous.verb, 0.85
        elif previous is not None and previous.direct and self._block_of(previous.start) == block:
            quote.speaker, quote.confidence = previous.speaker, 0.75
        elif text[: quotation.outer_start].rstrip().endswith(":"):
            self._of_sentence_before(quote, quotation)
        elif self.last is not None and self._begins_sentence(quotation):
            # Behind reported speech in its paragraph, or a paragraph of nothing but a quotation.
            behind = block - self.last.block
            is_near = behind == 0 or (behind == 1 and self._stands_alone(quotation))
            if is_near and not self._he_said.is_other_named_since(self.last, quotation.start):
                quote.speaker, quote.confidence = self.last.speaker, 0.7

    def _of_sentence_before(self, quote: Quote, quotation: Quotation) -> None:
        """Take the verb and speaker of the sentence that ends with a colon before a quotation."""
        index = self.page.token_at(quotation.outer_start) - 1
        while index >= 0 and self.page.words[index].isspace():
            index -= 1
        if index < 0:
            return
        for token in reversed(list(self.page.sentence_of(index))):
            if self.cues.is_cue(token):
                quote.verb = token.text.lower()
                quote.speaker, quote.confidence = self.speakers.of(token, token.idx, self.last)
                return

    def _begins_sentence(self, quotation: Quotation) -> bool:
        before = self.page.text[max(0, quotation.outer_start - 4) : quotation.outer_start].rstrip()
        return not before or before[-1] in '.!?”"' or self._stands_alone(quotation)

    def _stands_alone(self, quotation: Quotation) -> bool:
        part = self.parts[self._block_of(quotation.start)]
        return (
            quotation.outer_start - part.start < 2
            and quotation.outer_end - quotation.outer_start > 20
        )

    def _reported(self, sentence: Span) -> Iterator[Quote]:
        """Yield what a sentence without marks reports of somebody who is named."""
        if any(self._quoted_tokens[sentence.start : sentence.end]):
            return
        for token in sentence:
            if token.pos_ != "VERB" or not self.lexicon.reporting.get(token.lemma_.lower()):
                continue
            clause = next(
                (c for c in token.children if c.dep_ == "ccomp" and c.pos_ in ("VERB", "AUX")), None
            )
            if clause is None or not any(c.dep_ in SUBJECTS for c in clause.children):
                continue
            if any(c.dep_ == "neg" for c in token.children):
                continue
            speaker, sure = self.speakers.of(token, sentence.start_char, self.last)
            if speaker is None:
                continue
            self._spoke(speaker, token.idx, token.i)
            span = self._clause_span(token, clause)
            if span is not None:
                yield Quote(span[0], span[1], False, token.text.lower(), speaker, sure - 0.1)
            return

    def _clause_span(self, verb: Token, clause: Token) -> tuple[int, int] | None:
        left, right = clause.left_edge.i, clause.right_edge.i
        if left <= verb.i <= right or right - left > _LONGEST_CLAUSE:
            return None
        doc = self.page.doc
        while (left < right and doc[left].lower_ in ("that", ",", "if", "whether")) or doc[
            left
        ].is_space:
            left += 1
        while right > left and (doc[right].is_punct or doc[right].is_space):
            right -= 1
        return (self.page.starts[left], self.page.end_of(right)) if right - left > 1 else None
