"""Read ACE and ERE as they are prepared for OneIE (DEGREE, UIE), and what OneIE predicts.

- Each record is a sentence. Those of one ``doc_id`` are one article, in the order of the file.
- ``id`` of a mention names its entity where all ids of the article do as in ACE (``…-E3-25`` is a
  mention of the entity E3): mentions of one entity are one, also those that do not name it (``NOM``,
  ``PRO``), which give it no names. An entity without any name is local to its article. Otherwise
  mentions of one type and the same words are one entity. Subtypes of entities are left out.
- ``relation_mentions`` go from the first argument to the second, under their subtype if they have
  one. ``event_mentions`` are entities of type ``Event``, named by their trigger and local to the
  article, with relations to their arguments. The evidence of both is the sentence.
- In predictions, ``graph`` has all of that as lists, with scores as confidence; ``token_ids`` tell
  where there are blanks between tokens.
- Rows of the articles file are joined by ``doc_id``.

Offsets: tokens of the record, from 0, end exclusive. The text is each ``sentence`` (or ``text``), or
else the tokens joined by blanks; sentences are joined by blanks.

Example::

    {"doc_id": "brexit-0131", "sent_id": "brexit-0131-0",
     "tokens": ["Britain", "left", "the", "EU", "in", "January", "."],
     "sentence": "Britain left the EU in January.",
     "entity_mentions": [
       {"id": "brexit-0131-E1-1", "text": "Britain", "entity_type": "GPE", "mention_type": "NAM",
        "start": 0, "end": 1},
       {"id": "brexit-0131-E2-2", "text": "EU", "entity_type": "ORG", "mention_type": "NAM",
        "start": 3, "end": 4}],
     "relation_mentions": [
       {"id": "brexit-0131-R1-1", "relation_type": "ORG-AFF", "relation_subtype": "ORG-AFF:Membership",
        "arguments": [{"entity_id": "brexit-0131-E1-1", "text": "Britain", "role": "Arg-1"},
                      {"entity_id": "brexit-0131-E2-2", "text": "EU", "role": "Arg-2"}]}],
     "event_mentions": [
       {"id": "brexit-0131-EV1-1", "event_type": "Personnel:End-Position",
        "trigger": {"text": "left", "start": 1, "end": 2},
        "arguments": [{"entity_id": "brexit-0131-E1-1", "text": "Britain", "role": "Person"},
                      {"entity_id": "brexit-0131-E2-2", "text": "EU", "role": "Entity"}]}]}
"""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.events import add_event
from datasette_newsgraph.readers.formats.oneie.chains import Chains
from datasette_newsgraph.readers.formats.oneie.sentence import (
    Event,
    Head,
    Relation,
    Sentence,
    read_sentence,
)
from datasette_newsgraph.readers.grouping import decoded, grouped
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.tokens import JoinedText, TokenSpan

__all__ = ["entries", "parse"]


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the sentences of each document together."""
    return grouped(source, resume, lambda raw: decode(raw, Head).key)


def parse(raw: bytes) -> Parsed:
    """Make the sentences of one document an article. Raises RecordError if none has tokens."""
    found, faults = decoded(raw, read_sentence, "sentence")
    sentences = [each for _, each in found]
    joined = JoinedText.of_sentences((each.reading, each.tokens) for each in sentences)
    if not joined.text.strip():
        raise RecordError("no entities in it, and no tokens: not a sentence of OneIE")
    reading = _Reading(joined, Chains.of(sentences))
    reading.building.faults += faults
    for number, (where, sentence) in enumerate(found):
        reading.add(number, where, sentence)
    reading.chains.settle()
    parsed = reading.building.finish("OneIE", local_ids=(sentences[0].doc_id,))
    # What stands between sentences is not told.
    parsed.is_joined = True
    return parsed


class _Reading:
    """One article as its sentences are read."""

    def __init__(self, joined: JoinedText, chains: Chains) -> None:
        self.joined = joined
        self.chains = chains
        self.building = Building(joined.text)
        self._entities: dict[str, Entity] = {}

    def add(self, number: int, where: str, sentence: Sentence) -> None:
        """Add what is said in a sentence."""
        if sentence.graph is not None:
            # Ids of the data are of the article, numbers of a prediction of the sentence.
            self._entities = {}
        for index, each in enumerate(sentence.entity_mentions):
            place = f"{where}entity_mentions[{index}]"
            span = self._span(place, each, each.start, each.end, number)
            if span is None:
                continue
            chain = self.chains.key(each)
            entity = self.building.mention(
                place,
                each,
                each.entity_type,
                *span,
                confidence=each.score,
                name=self.chains.name(chain),
                id=chain,
            )
            if entity is not None:
                self.chains.note(chain, each, span.surface, entity)
                self._entities[each.key or f"{number}:{index}"] = entity
        whole = self.joined.sentence(number)
        evidence = [Evidence(*whole)] if whole is not None else []
        for index, relation in enumerate(sentence.relation_mentions):
            self._relate(f"{where}relation_mentions[{index}]", relation, evidence)
        for index, event in enumerate(sentence.event_mentions):
            self._add_event(f"{where}event_mentions[{index}]", event, number, evidence)

    def _span(
        self, place: str, part: object, start: int | None, end: int | None, sentence: int
    ) -> TokenSpan | None:
        if start is not None and end is not None:
            span = self.joined.span(start, end, sentence)
            if span is not None:
                return span
        first, beyond = self.joined.first_tokens[sentence : sentence + 2]
        self.building.fault(f"{place}: {start}-{end} is no span of {beyond - first} tokens", part)
        return None

    def _end(self, place: str, id_: str | int | None, part: object) -> Entity | None:
        entity = self._entities.get(str(id_))
        if entity is None:
            self.building.fault(f"{place}: {id_} is no mention of an entity", part)
        return entity

    def _relate(self, place: str, given: Relation, evidence: list[Evidence]) -> None:
        ids = given.ends
        if ids is None:
            self.building.fault(f"{place}: has no two arguments", given)
            return
        subject, object_ = (self._end(place, each, given) for each in ids)
        if subject is not None and object_ is not None:
            self.building.relation(
                subject,
                given.predicate,
                object_,
                confidence=given.score,
                evidence=evidence,
            )

    def _add_event(self, place: str, given: Event, number: int, evidence: list[Evidence]) -> None:
        trigger = given.trigger
        span = self._span(f"{place}.trigger", given, trigger.start, trigger.end, number)
        if span is None:
            return
        event = add_event(
            self.building, place, given, [span], given.kind, id=place, confidence=given.score
        )
        if event is None:
            return
        for index, each in enumerate(given.arguments):
            entity = self._end(f"{place}.arguments[{index}]", each.entity_id, each)
            if entity is not None:
                self.building.relation(
                    event,
                    each.role,
                    entity,
                    confidence=each.score,
                    evidence=evidence,
                )
