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

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_CLAUSES = frozenset(
    ("ccomp", "xcomp", "advcl", "conj", "parataxis", "acl", "relcl", "dep", "pcomp", "prep")
)
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj"))
_HE = frozenset(("he", "she"))
#: With which words a sentence begins that says who was quoted in the one before.
_AFTER_QUOTE = frozenset(("he", "she", "said", "says"))
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


class NamesByToken:
    """Which name covers a token."""

    def __init__(self, page: Page, names: Sequence[Name]) -> None:
        self.names = names
        self._of: dict[int, int] = {}
        for number, name in enumerate(names):
            for index in range(name.first, name.last):
                self._of[index] = number

    def at(self, index: int) -> int | None:
        """Return the number of the name that covers a token."""
        return self._of.get(index)

    def of(self, token: Token, lexicon: Lexicon) -> int | None:
        """Return the name that a noun phrase is of, by its head: the head itself, a name beside it
        ("spokesman Ana Ruiz", "the mayor, Ana Ruiz,"), or whose speaker it is ("a spokesman for X").
        """
        number = self.at(token.i)
        if number is not None:
            return number
        for child in token.children:
            if child.dep_ in ("appos", "flat", "compound", "nmod") and child.pos_ == "PROPN":
                number = self.at(child.i)
                if number is not None and self.names[number].type == "Person":
                    return number
        return None


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
        self.titled = titled
        self.quotations = find_quotations(page.text, self.parts)
        self._quoted_tokens = self._tokens_of(self.quotations)
        self._he_said = HeSaid(page, self.by_token, lexicon, self._quoted_tokens, self._block_of)
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
            cue = self._cue(quotation, sentence)
            if cue is not None:
                quote.verb = cue.text.lower()
                quote.speaker, quote.confidence = self._speaker(cue, quotation.start)
            elif (speaker := self._according_to(sentence)) is not None:
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
            if self._is_cue(token):
                quote.verb = token.text.lower()
                quote.speaker, quote.confidence = self._speaker(token, token.idx)
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

    def _cue(self, quotation: Quotation, sentence: Span) -> Token | None:
        """Return the verb that reports a quotation: above it in the parse, or beside its marks."""
        doc, first = self.page.doc, self.page.token_at(quotation.start)
        last = self.page.token_at(quotation.outer_end)
        best: tuple[int, int, Token] | None = None
        # A quotation of several sentences has its verb in the first or in the last of them.
        around = [sentence]
        if last - 1 >= sentence.end and last <= len(doc):
            around.append(self.page.sentence_of(min(last, len(doc)) - 1))
        if last < len(doc) and doc[last].lower_ in _AFTER_QUOTE and last >= sentence.end:
            around.append(self.page.sentence_of(last))
        for each in around:
            for token in each:
                if not self._is_cue(token):
                    continue
                rank = self._rank(token, first, last)
                distance = min(abs(token.i - first), abs(token.i - last))
                if best is None or (rank, distance) < best[:2]:
                    best = (rank, distance, token)
        if best is None or best[0] > 2:
            return None
        return best[2]

    def _is_cue(self, token: Token) -> bool:
        if self._quoted_tokens[token.i] or token.pos_ not in ("VERB", "AUX"):
            return False
        return token.lemma_.lower() in self.lexicon.reporting

    def _rank(self, cue: Token, first: int, last: int) -> int:
        """Return how near a verb is to a quotation in the parse: 0 beside it, 1 above it, 2 in its
        sentence.
        """
        beside = cue.i
        if last <= beside <= last + 8 and self._only_subject_between(last, beside):
            return 0
        inside = self.page.doc[first:last]
        if len(inside):
            for steps, above in enumerate(inside.root.ancestors):
                if above.i == cue.i:
                    return 1
                if steps > 5 or (above.pos_ == "VERB" and self._is_cue(above)):
                    break
        return 2

    def _only_subject_between(self, last: int, verb: int) -> bool:
        """Tell whether neither another verb nor an end stands between closing marks and a verb."""
        for index in range(last, verb):
            token = self.page.doc[index]
            if token.pos_ in ("VERB",) or token.text in (".", ";") or self._quoted_tokens[index]:
                return False
        return True

    def _subject(self, verb: Token) -> Token | None:
        """Return the subject of a verb, its own or of a verb that it hangs on."""
        token = self._outer(verb)
        for _ in range(6):
            for child in token.children:
                if child.dep_ in _SUBJECTS and not self._quoted_tokens[child.i]:
                    if child.lower_ in ("who", "which", "that") and token.dep_ in ("relcl", "acl"):
                        return token.head
                    return child
            agent = next((c for c in token.children if c.dep_ == "agent"), None)
            if agent is not None:
                return next((c for c in agent.children if c.dep_ == "pobj"), None)
            if token.dep_ in ("relcl", "acl"):
                return token.head
            if token.dep_ not in _CLAUSES or token.head.i == token.i:
                return None
            token = token.head
        return None

    def _outer(self, verb: Token) -> Token:
        """Return the verb that another is joined to across a report: in "he said that they agreed but
        criticised …", the second verb of saying is of who said it.
        """
        first = verb
        while first.dep_ == "conj" and first.head.pos_ in ("VERB", "AUX"):
            if any(child.dep_ in _SUBJECTS for child in first.children):
                return verb
            first = first.head
        if first is verb or first.dep_ != "ccomp":
            return verb
        outer = first.head
        return outer if self._is_cue(outer) and outer.i < first.i else verb

    def _speaker(self, cue: Token, position: int) -> tuple[int | None, float]:
        """Return the name of who speaks by the verb, and how sure that is."""
        subject = self._subject(cue)
        if subject is None:
            return None, 0.5
        number = self.by_token.of(subject, self.lexicon)
        if number is not None:
            return self._person_of(number), 0.92
        if subject.i in self.titled:
            return self.titled[subject.i], 0.8
        if subject.lower_ in _HE:
            meant = self._he_said.meant(subject, position, self.last)
            return meant, 0.8 if meant is not None else 0.5
        speaker = self._of_office(subject)
        return speaker, 0.75 if speaker is not None else 0.5

    def _person_of(self, number: int) -> int:
        return number

    def _of_office(self, subject: Token) -> int | None:
        """Return whose spokesman or official an unnamed one is: "a spokesman for the ministry"."""
        if subject.lemma_.lower() not in self.lexicon.titles and subject.lower_ not in (
            "statement",
            "report",
            "spokespeople",
            "officials",
            "authorities",
            "police",
            "officers",
        ):
            return None
        for child in subject.children:
            if child.dep_ == "prep" and child.lower_ in ("for", "of", "from", "at", "with"):
                for noun in child.children:
                    if (
                        noun.dep_ == "pobj"
                        and (number := self.by_token.of(noun, self.lexicon)) is not None
                    ):
                        return number
            if child.dep_ in ("compound", "poss", "amod", "nmod"):
                number = self.by_token.at(child.i)
                if number is not None and self.names[number].type == "Organization":
                    return number
        return None

    def _according_to(self, sentence: Span) -> int | None:
        for token in sentence:
            is_said_by = token.lower_ == "according" or (
                token.lower_ == "words" and self.page.words[token.i + 1 : token.i + 2] == ["of"]
            )
            if is_said_by and token.i + 1 < len(self.page.words):
                for index in range(token.i + 2, min(token.i + 14, sentence.end)):
                    if self.page.words[index] in (",", ".", "“", '"'):
                        break
                    number = self.by_token.at(index)
                    if number is not None:
                        return self._last_of_phrase(number, sentence.end)
        return None

    def _last_of_phrase(self, number: int, end: int) -> int:
        """Return the person at the end of a phrase: "Acme's chief, Ana Ruiz"."""
        name = self.names[number]
        if name.type == "Person":
            return number
        for index in range(name.last, min(name.last + 7, end)):
            other = self.by_token.at(index)
            if other is not None:
                return other if self.names[other].type == "Person" else number
            if self.page.doc[index].pos_ in ("VERB", "AUX"):
                break
        return number

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
            if clause is None or not any(c.dep_ in _SUBJECTS for c in clause.children):
                continue
            if any(c.dep_ == "neg" for c in token.children):
                continue
            speaker, sure = self._speaker(token, sentence.start_char)
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
