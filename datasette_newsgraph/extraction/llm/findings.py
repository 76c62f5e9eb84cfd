"""Bring the answers about the windows of an article together, and keep what its text bears out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec.structs import replace

from datasette_newsgraph.anchoring import UNLOCATED, Anchor, anchor
from datasette_newsgraph.article import Article, Entity, Evidence, Quote, Relation
from datasette_newsgraph.dates import LONGEST as LONGEST_DATE
from datasette_newsgraph.extraction.extractor import Extracted
from datasette_newsgraph.extraction.llm.answer import Answer, AnsweredQuote, AnsweredRelation
from datasette_newsgraph.extraction.llm.names import (
    LONGEST_LABEL,
    LONGEST_NAME,
    MOST_NAMES,
    NOT_THERE,
    TOO_MANY,
    Named,
    Names,
    visible,
)
from datasette_newsgraph.identity import collapse, normalise_label, normalise_name

#: Entities, statements and quotes each of one window.
MOST = 500
#: Code points of a sentence, of a value, and of what is quoted.
_LONGEST_SENTENCE = 2_000
_LONGEST_VALUE = 500
_LONGEST_QUOTE = 4_000
#: All that decides what of an answer is taken.
BOUNDS = (
    *(MOST, MOST_NAMES, LONGEST_NAME, LONGEST_LABEL),
    *(_LONGEST_SENTENCE, _LONGEST_VALUE, _LONGEST_QUOTE),
)

#: What is not in the record, as people are told.
NOT_OF_ENTITIES = "statements of what is no entity of the article"
INCOMPLETE = "statements without a predicate, an object or a sentence"
NOT_SAID = "quotes that the article does not have"
NOT_BY_ENTITIES = "quotes by what is no entity of the article"
NO_WORDS = "quotes without words"
_QUOTE_MARKS = "\"'“”‘’„‚«»‹› "

_Part = TypeVar("_Part")


class Findings:
    """What is known of an article, window by window."""

    def __init__(self, text: str, language: str | None = None) -> None:
        self.left_out: Counter[str] = Counter()
        self._text = text
        self._names = Names(language, self.left_out)
        self._relations: list[tuple[Named, Named | None, Relation]] = []
        self._quotes: list[tuple[Named | None, Quote]] = []
        #: Where the quotes of the last window begin.
        self._last = 0
        self._said: set[tuple[object, ...]] = set()

    def add(self, answer: Answer, start: int, end: int) -> None:
        """Add what is answered of a window; what was answered of one before it is not added again."""
        given = self._first(answer.entities)
        meant = self._names.add(self._text[start:end], start, given)
        for relation in self._first(answer.relations or []):
            self._take_relation(relation, meant, start, end)
        # Quotes of one window may lie in each other, those of two are the same. A window has something
        # in common with the one before it, and with none before that.
        before = [quote for _, quote in self._quotes[self._last :]]
        self._last = len(self._quotes)
        for quote in self._first(answer.quotes or []):
            self._take_quote(quote, meant, start, end, before)

    def _first(self, parts: Sequence[_Part]) -> Sequence[_Part]:
        self.left_out[TOO_MANY] += len(parts[MOST:])
        return parts[:MOST]

    def _take_relation(
        self, given: AnsweredRelation, meant: Mapping[str, Named], start: int, end: int
    ) -> None:
        predicate = collapse(given.predicate or "")[:LONGEST_LABEL]
        sentence = visible(given.sentence, _LONGEST_SENTENCE, self.left_out)
        value = given.value
        if isinstance(value, str):
            value = visible(value, _LONGEST_VALUE, self.left_out)
        other = visible(given.object, LONGEST_NAME, self.left_out)
        if not predicate or sentence is None or (other is None and value is None):
            self.left_out[INCOMPLETE] += 1
            return
        subject = meant.get(normalise_name(given.subject or ""))
        object_ = None if other is None else meant.get(normalise_name(other))
        if subject is None or (other is not None and object_ is None):
            self.left_out[NOT_OF_ENTITIES] += 1
            return
        place = self._place(sentence, start, end)
        evidence = Evidence(start=place and place[0], end=place and place[1], text=sentence)
        relation = Relation(
            subject="",
            predicate=predicate,
            value=value if object_ is None else None,
            confidence=_confidence(given.confidence),
            start_date=_date(given.start_date),
            end_date=_date(given.end_date),
            evidence=[evidence],
        )
        where = place or normalise_name(sentence)
        said = (id(subject), normalise_label(predicate), id(object_), relation.value, where)
        if said not in self._said:
            self._said.add(said)
            self._relations.append((subject, object_, relation))

    def _take_quote(
        self,
        given: AnsweredQuote,
        meant: Mapping[str, Named],
        start: int,
        end: int,
        before: Iterable[Quote],
    ) -> None:
        words = visible(given.words, _LONGEST_QUOTE, self.left_out)
        name = visible(given.speaker, LONGEST_NAME, self.left_out)
        if words is None:
            self.left_out[NO_WORDS] += 1
            return
        speaker = None if name is None else meant.get(normalise_name(name))
        if name is not None and speaker is None:
            self.left_out[NOT_BY_ENTITIES] += 1
            return
        place = self._place(words, start, end)
        if place is None and (bare := words.strip(_QUOTE_MARKS)):
            # A model puts marks around what it was asked for without, or others.
            place = self._place(bare, start, end)
            words = words if place is None else bare
        where = place or normalise_name(words)
        if ("quote", where) in self._said or any(_overlap(place, each) for each in before):
            return
        self._said.add(("quote", where))
        verb = collapse(visible(given.verb, LONGEST_LABEL, self.left_out) or "")
        quote = Quote(
            start=place and place[0],
            end=place and place[1],
            text=words,
            verb=verb or None,
            direct=given.direct,
        )
        self._quotes.append((speaker, quote))

    def _place(self, words: str, start: int, end: int) -> tuple[int, int] | None:
        place = self._text.find(words, start, end)
        return None if place < 0 else (place, place + len(words))

    def of(self, article: Article) -> Extracted:
        """Return the record of an article, with what of the answers is not in it."""
        entities = {
            id(named): named.entity(number) for number, named in enumerate(self._names.all, 1)
        }
        quotes = [quote for _, quote in self._quotes]
        # What has no place yet is looked for as it will be when the record is loaded.
        looked = anchor(
            Article(id="", text=self._text, entities=[*entities.values()], quotes=quotes)
        )
        for named in self._names.all:
            if not self._keep_found(entities[id(named)], named, looked.spans):
                del entities[id(named)]
        record = replace(
            article,
            entities=[*entities.values()],
            relations=self._stated(entities),
            quotes=self._quoted(entities, looked.spans),
        )
        return Extracted(record, +self.left_out)

    def _keep_found(self, entity: Entity, named: Named, spans: Mapping[int, Anchor]) -> bool:
        """Leave an entity the mentions that were found, and name it by words of the text; tell whether
        there are any.
        """
        found = {words: words for words in named.there}
        kept = []
        for mention in entity.mentions:
            at = spans.get(id(mention))
            if at is not None and (at.status == UNLOCATED or at.start is None):
                self.left_out[NOT_THERE] += 1
                continue
            kept.append(mention)
            if at is not None:
                found[mention.text or ""] = collapse(self._text[at.start : at.end])
        entity.mentions = kept
        if not kept:
            return False
        fullest = max(found.values(), key=lambda each: (each != each.lower(), len(each)))
        entity.name = found.get(entity.name, fullest)
        aliases = (found[each] for each in found if named.names.get(each))
        entity.aliases = [each for each in dict.fromkeys(aliases) if each != entity.name]
        return True

    def _stated(self, entities: Mapping[int, Entity]) -> list[Relation]:
        stated = []
        for subject, object_, relation in self._relations:
            if id(subject) not in entities or (object_ is not None and id(object_) not in entities):
                self.left_out[NOT_OF_ENTITIES] += 1
            else:
                relation.subject = entities[id(subject)].id
                relation.object = None if object_ is None else entities[id(object_)].id
                stated.append(relation)
        return stated

    def _quoted(self, entities: Mapping[int, Entity], spans: Mapping[int, Anchor]) -> list[Quote]:
        quoted = []
        for speaker, quote in self._quotes:
            at = spans.get(id(quote))
            if at is not None and at.status == UNLOCATED:
                self.left_out[NOT_SAID] += 1
            elif speaker is not None and id(speaker) not in entities:
                self.left_out[NOT_BY_ENTITIES] += 1
            else:
                quote.speaker = None if speaker is None else entities[id(speaker)].id
                quoted.append(quote)
        return quoted


def _confidence(given: float | None) -> float | None:
    return given if given is not None and 0 <= given <= 1 else None


def _date(given: str | int | None) -> str | None:
    words = collapse("" if given is None else str(given))
    return words if words and len(words) <= LONGEST_DATE else None


def _overlap(place: tuple[int, int] | None, quote: Quote) -> bool:
    if place is None or quote.start is None or quote.end is None:
        return False
    return quote.start < place[1] and place[0] < quote.end
