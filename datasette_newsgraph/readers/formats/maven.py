"""Read MAVEN, MAVEN-ERE and MAVEN-Arg: documents with events, and what relates these.

- Each event is an entity of type ``Event``, local to its article and named by its first trigger. Its
  type is the value of ``event type``; its triggers are its mentions.
- Each of ``TIMEX`` is an entity of its type. In ``entities`` of MAVEN-Arg each cluster is one entity
  with its mentions. Its name is the one that most mentions have, or a longer one that contains it.
- Arguments are relations of the event, with their roles as predicates. Words that are no entity
  become a thing that is local to the article.
- ``temporal_relations``, ``causal_relations`` and ``subevent_relations`` relate events and times.
  They have no evidence, because they are stated of the document.
- ``negative_triggers`` and candidates of test data are no events, and are left out.
- Rows of the articles file are joined by ``id`` and by title.

Offsets: tokens of the sentence ``sent_id``, from 0, end exclusive; in MAVEN-Arg code points of
``document``, end exclusive. The text is the sentences, joined by blanks.

Example::

    {"id": "8d4ca3", "title": "Storming of the Bastille",
     "content": [{"sentence": "Parisians stormed the Bastille in 1789.",
                  "tokens": ["Parisians", "stormed", "the", "Bastille", "in", "1789", "."]},
                 {"sentence": "The governor was killed.",
                  "tokens": ["The", "governor", "was", "killed", "."]}],
     "events": [{"id": "EVENT_1", "type": "Attack", "type_id": 14, "mention": [
                  {"id": "m1", "trigger_word": "stormed", "sent_id": 0, "offset": [1, 2]}]},
                {"id": "EVENT_2", "type": "Killing", "type_id": 30, "mention": [
                  {"id": "m2", "trigger_word": "killed", "sent_id": 1, "offset": [3, 4]}]}],
     "TIMEX": [{"id": "TIME_1", "mention": "1789", "type": "DATE", "sent_id": 0, "offset": [5, 6]}],
     "temporal_relations": {"CONTAINS": [["TIME_1", "EVENT_1"]]},
     "causal_relations": {"CAUSE": [["EVENT_1", "EVENT_2"]]}, "subevent_relations": [],
     "negative_triggers": []}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import field

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.chains import fullest
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.events import add_event
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.tokens import JoinedText, TokenSpan

__all__ = ["entries", "parse"]

_SUBEVENT = "subevent"


class _Sentence(Shape):
    sentence: str | None = None
    tokens: list[str] = field(default_factory=list)


class _Place(Shape):
    """Where something stands: a trigger, a time, a name, an argument."""

    id: str | None = None
    trigger_word: str | None = None
    mention: str | None = None
    content: str | None = None
    type: str | None = None
    sent_id: int | None = None
    offset: list[int] = field(default_factory=list)
    entity_id: str | None = None

    @property
    def words(self) -> str | None:
        """What stands there."""
        return self.trigger_word or self.mention or self.content


class _Cluster(Shape):
    """An event or an entity."""

    id: str | None = None
    type: str | None = None
    mention: list[_Place] = field(default_factory=list)
    argument: dict[str, list[_Place] | None] = field(default_factory=dict)


class _Document(Shape):
    id: str | int | None = None
    title: str | None = None
    content: list[_Sentence] | None = None
    tokens: list[list[str]] | None = None
    sentences: list[str] | None = None
    document: str | None = None
    events: list[_Cluster] = field(default_factory=list)
    entities: list[_Cluster] = field(default_factory=list)
    times: list[_Place] = field(name="TIMEX", default_factory=list)
    temporal_relations: dict[str, list[Any]] = field(default_factory=dict)
    causal_relations: dict[str, list[Any]] = field(default_factory=dict)
    subevent_relations: list[Any] = field(default_factory=list)

    @property
    def joined(self) -> JoinedText:
        """The text of the sentences."""
        if self.content is not None:
            return JoinedText.of_sentences((each.sentence, each.tokens) for each in self.content)
        tokens = self.tokens or []
        texts: list[Any] = self.sentences if self.sentences is not None else []
        if len(texts) != len(tokens):
            texts = [None] * len(tokens)
        return JoinedText.of_sentences(zip(texts, tokens, strict=True))


def parse(raw: bytes) -> Parsed:
    """Make one document an article. Raises RecordError if it has no text."""
    document = decode(raw, _Document)
    reading = _Reading(document)
    if not (reading.building.text or "").strip():
        raise RecordError("no entities in it, and no text: not a document of MAVEN")
    for number, each in enumerate(document.entities):
        reading.add_entity(f"entities[{number}]", each)
    for number, time in enumerate(document.times):
        reading.add_time(f"TIMEX[{number}]", time)
    for number, each in enumerate(document.events):
        reading.add_event(f"events[{number}]", each)
    for number, each in enumerate(document.events):
        reading.add_arguments(f"events[{number}]", each)
    for name, predicate, pairs in _relations(document):
        for number, pair in enumerate(pairs):
            reading.relate(f"{name}[{number}]", predicate, pair)
    parsed = reading.building.finish(
        "MAVEN", title=document.title, local_ids=(document.id, document.title)
    )
    # Also that of MAVEN-Arg has a blank between all tokens.
    parsed.is_joined = True
    return parsed


def _relations(document: _Document) -> Iterator[tuple[str, str, list[Any]]]:
    for name in ("temporal_relations", "causal_relations"):
        for predicate, pairs in getattr(document, name).items():
            yield f"{name}.{predicate}", predicate, pairs
    yield "subevent_relations", _SUBEVENT, document.subevent_relations


class _Reading:
    """One document, with its entities by their ids."""

    def __init__(self, document: _Document) -> None:
        self._joined = document.joined if document.document is None else None
        text = document.document if self._joined is None else self._joined.text
        self.building = Building(text)
        self._by_id: dict[str, Entity] = {}
        #: Words that are arguments and no entities, by where they stand.
        self._things: dict[tuple[int, int], Entity] = {}

    def add_entity(self, place: str, given: _Cluster) -> None:
        """Add an entity with its mentions."""
        names = Counter(name for each in given.mention if (name := collapse(each.words or "")))
        if not names:
            self.building.fault(f"{place}: no mention of it has words", given)
            return
        name = fullest(names)
        for where, each, span in self._spans(place, given.mention):
            entity = self.building.mention(
                where, each, given.type, *span, name=name, id=given.id or place
            )
            if entity is not None:
                self._by_id.setdefault(given.id or place, entity)
        if (known := self._by_id.get(given.id or place)) is not None:
            known.aliases = [each for each in names if each != known.name]

    def add_time(self, place: str, given: _Place) -> None:
        """Add a date or a time."""
        for where, each, span in self._spans(place, [given]):
            entity = self.building.mention(where, each, given.type, *span)
            if entity is not None:
                self._by_id.setdefault(given.id or place, entity)

    def add_event(self, place: str, given: _Cluster) -> None:
        """Add an event with its triggers."""
        spans = [span for *_, span in self._spans(place, given.mention)]
        if not given.mention:
            self.building.fault(f"{place}: has no mention", given)
        key = given.id or place
        event = add_event(self.building, place, given, spans, given.type, id=key)
        if event is not None:
            self._by_id.setdefault(key, event)

    def add_arguments(self, place: str, given: _Cluster) -> None:
        """Add what takes part in an event."""
        event = self._by_id.get(given.id or place)
        if event is None:
            return
        for role, listed in given.argument.items():
            for number, each in enumerate(listed or ()):
                found = self._argument(f"{place}.argument.{role}[{number}]", each)
                if found is not None:
                    self.building.relation(event, role, found)

    def _argument(self, place: str, given: _Place) -> Entity | None:
        if given.entity_id is not None:
            return self._end(place, given.entity_id, given)
        for where, each, span in self._spans(place, [given], is_list=False):
            known = self._things.get((span.start, span.end))
            if known is None:
                known = self.building.mention(where, each, None, *span)
                if known is None:
                    return None
                known.local = True
                self._things[span.start, span.end] = known
            return known
        return None

    def relate(self, place: str, predicate: str, pair: Any) -> None:
        """Add what relates two events, or an event and a time."""
        match pair:
            case [str(one), str(other)]:
                subject, object_ = (self._end(place, each, pair) for each in (one, other))
                if subject is not None and object_ is not None:
                    self.building.relation(subject, predicate, object_)
            case _:
                self.building.fault(f"{place}: expected the ids of two events or times", pair)

    def _end(self, place: str, id_: str, part: Any) -> Entity | None:
        entity = self._by_id.get(id_)
        if entity is None:
            self.building.fault(f"{place}: {id_} is nothing of this document", part)
        return entity

    def _spans(
        self, place: str, given: list[_Place], *, is_list: bool = True
    ) -> Iterator[tuple[str, _Place, TokenSpan]]:
        """Yield those of the places that are in the text, each with what names it in faults."""
        for number, each in enumerate(given):
            where = f"{place}.mention[{number}]" if is_list and len(given) > 1 else place
            span = self._span(each)
            if span is not None:
                yield where, each, span
            else:
                reason = f"offset {each.offset} is no span of "
                reason += "the text" if self._joined is None else f"sentence {each.sent_id}"
                self.building.fault(f"{where}: {reason}", each)

    def _span(self, given: _Place) -> TokenSpan | None:
        if len(given.offset) != 2:
            return None
        start, end = given.offset
        if self._joined is not None:
            return None if given.sent_id is None else self._joined.span(start, end, given.sent_id)
        words = self.building.words(start, end)
        return None if words is None else TokenSpan(start, end, given.words or words)
