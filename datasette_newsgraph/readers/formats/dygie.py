"""Read DyGIE++, SciERC, PURE, PL-Marker and CrossRE: lists of token numbers, one document a line.

- Spans of ``ner`` become mentions. Those of one label and the same words are one entity.
- The evidence of ``relations`` and ``events`` is the sentence under which they are listed. If an
  annotator of CrossRE has quoted the words that state a relation, the evidence is these words in
  that sentence. The uncertainty and ambiguity that CrossRE marks are left out.
- An event is an entity of type ``Event``, named by its trigger and local to the article. Its type
  is the value of ``event type``. Its arguments are relations, with their roles as predicates.
- In a chain of ``clusters``, the first named entity is related to those with different names as
  "possibly same as". What the others of the chain are called, except pronouns, becomes an alias of
  it.
- If the data has no annotation, ``predicted_ner`` and the like are read, with their probability as
  confidence.
- Rows of the articles file are joined by ``doc_key``. ``dataset`` is given as the model.

Offsets: tokens of the whole document (CrossRE: of its one ``sentence``), from 0, end inclusive.

Example::

    {"doc_key": "nobel-2021", "dataset": "news",
     "sentences": [["Maria", "Ressa", "founded", "Rappler", "in", "Manila", "."],
                   ["Ressa", "shared", "the", "prize", "."]],
     "ner": [[[0, 1, "PER"], [3, 3, "ORG"], [5, 5, "GPE"]], [[7, 7, "PER"]]],
     "relations": [[[0, 1, 3, 3, "founder of"], [3, 3, 5, 5, "based in"]], []],
     "clusters": [[[0, 1], [7, 7]]],
     "events": [[[[2, "Business.Start-Org"], [0, 1, "Agent"], [3, 3, "Org"]]], []]}
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.events import add_event
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.tokens import JoinedText, TokenSpan

__all__ = ["entries", "parse"]

_LONGEST_SENTENCE = 10_000


class _Document(Shape):
    doc_key: str | int | None = None
    dataset: str | None = None
    sentences: list[list[str]] | None = None
    sentence: list[str] | None = None
    ner: list[list[Any]] | None = None
    relations: list[list[Any]] | None = None
    clusters: list[list[Any]] | None = None
    events: list[list[Any]] | None = None
    predicted_ner: list[list[Any]] | None = None
    predicted_relations: list[list[Any]] | None = None
    predicted_clusters: list[list[Any]] | None = None
    predicted_events: list[list[Any]] | None = None


class _Row(NamedTuple):
    """One span, relation or event; ``sentence`` is that which it is listed under."""

    place: str
    sentence: int
    values: list[Any]


def parse(raw: bytes) -> Parsed:
    """Make one document an article. Raises RecordError if it has no tokens."""
    given = decode(raw, _Document)
    sentences = given.sentences if given.sentence is None else [given.sentence]
    reading = _Reading(JoinedText(sentences or []))
    if not reading.joined.text:
        raise RecordError("no entities in it, and no sentences: not a document of DyGIE++")
    lists, prefix = _lists(given)
    reading.is_predicted = bool(prefix)
    ner, relations, clusters, events = (each or [] for each in lists)
    for row in _rows(f"{prefix}ner", ner, depth=1):
        reading.mention(row)
    for row in _rows(f"{prefix}relations", relations, depth=1):
        reading.relation(row)
    for row in _rows(f"{prefix}events", events, depth=2):
        reading.event(row)
    for number, cluster in enumerate(clusters):
        reading.cluster(f"{prefix}clusters[{number}]", cluster)
    parsed = reading.building.finish(
        "DyGIE++" if given.sentence is None else "CrossRE",
        model=given.dataset,
        local_ids=(given.doc_key,),
    )
    parsed.is_joined = True
    return parsed


def _lists(given: _Document) -> tuple[tuple[list[list[Any]] | None, ...], str]:
    """Return the entities, relations, chains and events, and what their names begin with."""
    annotated = (given.ner, given.relations, given.clusters, given.events)
    if any(any(each) for each in annotated if each):
        return annotated, ""
    predicted = (
        given.predicted_ner,
        given.predicted_relations,
        given.predicted_clusters,
        given.predicted_events,
    )
    return predicted, "predicted_"


def _rows(place: str, given: list[list[Any]], depth: int) -> Iterator[_Row]:
    """Yield the rows of a list that has one list a sentence, or, of one sentence, the rows; a row
    is ``depth`` lists deep.
    """
    for number, each in enumerate(given):
        if each and not _is_nested(each, depth):
            yield _Row(f"{place}[{number}]", 0, each)
            continue
        for inside, row in enumerate(each):
            values = row if isinstance(row, list) else [row]
            yield _Row(f"{place}[{number}][{inside}]", number, values)


def _is_nested(value: Any, depth: int) -> bool:
    if not isinstance(value, list):
        return False
    return depth == 0 or any(_is_nested(each, depth - 1) for each in value)


class _Trigger(NamedTuple):
    first: Any
    last: Any
    type: str
    scores: list[Any]


class _Reading:
    """One document as its lists are read."""

    def __init__(self, joined: JoinedText) -> None:
        self.joined = joined
        self.is_predicted = False
        self.building = Building(joined.text)
        self._named: dict[tuple[int, int], Entity] = {}
        # Cut once: thousands of relations may be stated in one long sentence.
        self._sentences = [
            joined.sentence(number) for number in range(len(joined.first_tokens) - 1)
        ]

    def mention(self, row: _Row) -> None:
        """Take a row of ``ner``: first token, last token, label."""
        span = self._span(row.values[:2])
        if span is None or len(row.values) < 3 or not isinstance(row.values[2], str):
            self.building.fault(f"{row.place}: is no span of tokens with a label", row.values)
            return
        confidence = self._probability(row.values[3:])
        entity = self.building.mention(
            row.place, row.values, row.values[2], *span, confidence=confidence
        )
        if entity is not None:
            self._named.setdefault((row.values[0], row.values[1]), entity)

    def relation(self, row: _Row) -> None:
        """Take a row of ``relations``: the subject's and the object's first and last token, label."""
        values = row.values
        if len(values) < 5 or not isinstance(values[4], str):
            self.building.fault(f"{row.place}: is not two spans with a label", values)
            return
        subject, obj = (self._entity(row, values[place : place + 2]) for place in (0, 2))
        if subject is None or obj is None:
            return
        self.building.relation(
            subject,
            values[4],
            obj,
            confidence=self._probability(values[5:]),
            evidence=self._evidence(row.sentence, values[5] if len(values) > 5 else None),
        )

    def event(self, row: _Row) -> None:
        """Take a row of ``events``: the trigger with its type, then arguments with their roles."""
        first = row.values[0] if row.values else None
        trigger = _trigger(first)
        span = None if trigger is None else self._span([trigger.first, trigger.last])
        if trigger is None or span is None:
            self.building.fault(f"{row.place}: its trigger is no token with a type", first)
            return
        sure = self._probability(trigger.scores)
        event = add_event(
            self.building, row.place, first, [span], trigger.type, id=row.place, confidence=sure
        )
        if event is None:
            return
        for number, values in enumerate(row.values[1:], 1):
            self._argument(event, _Row(f"{row.place}[{number}]", row.sentence, values))

    def _argument(self, event: Entity, row: _Row) -> None:
        values = row.values
        if not isinstance(values, list) or len(values) < 3 or not isinstance(values[2], str):
            self.building.fault(f"{row.place}: is no span with a role", values)
            return
        entity = self._entity(row, values[:2])
        if entity is not None:
            self.building.relation(
                event,
                values[2],
                entity,
                confidence=self._probability(values[3:]),
                evidence=self._evidence(row.sentence),
            )

    def cluster(self, place: str, given: list[Any]) -> None:
        """Take a chain of coreferent spans."""
        named: dict[str, Entity] = {}
        words: list[str] = []
        for number, each in enumerate(given):
            span = self._span(each[:2]) if isinstance(each, list) else None
            if span is None:
                self.building.fault(f"{place}[{number}]: is no span of tokens", each)
            elif (entity := self._named.get((each[0], each[1]))) is not None:
                named.setdefault(entity.id, entity)
            elif span.surface.casefold() not in pronouns_of(None):
                words.append(span.surface)
        if not named:
            return
        self.building.relate_chain(named.values())
        first, *others = named.values()
        known = {first.name, *first.aliases}
        called = chain(
            (each.name for each in others if normalise_name(each.name) not in pronouns_of(None)),
            words,
        )
        first.aliases += [each for each in dict.fromkeys(called) if each not in known]

    def _probability(self, scores: list[Any]) -> float | None:
        """Return the second of a prediction's scores: the first is its logit."""
        given = scores[1] if self.is_predicted and len(scores) > 1 else None
        return float(given) if isinstance(given, (int, float)) and 0 <= given <= 1 else None

    def _span(self, ends: list[Any]) -> TokenSpan | None:
        if len(ends) != 2 or not all(map(_is_number, ends)):
            return None
        return self.joined.span(ends[0], ends[1] + 1)

    def _entity(self, row: _Row, ends: list[Any]) -> Entity | None:
        """Return the entity of a span; one that ``ner`` does not name is a thing of no type."""
        span = self._span(ends)
        if span is None:
            self.building.fault(f"{row.place}: {ends} is no span of tokens", row.values)
            return None
        entity = self._named.get((ends[0], ends[1]))
        if entity is None:
            entity = self.building.mention(row.place, row.values, None, *span)
            if entity is not None:
                self._named[ends[0], ends[1]] = entity
        return entity

    def _evidence(self, number: int, quoted: Any = None) -> list[Evidence]:
        span = self._sentences[number] if number < len(self._sentences) else None
        if span is None:
            return []
        text = span.surface
        # Not in a sentence of a megabyte, for each of its relations.
        if isinstance(quoted, str) and quoted.strip() and len(text) <= _LONGEST_SENTENCE:
            text = quoted if quoted in text else text
        return [Evidence(start=span.start, end=span.end, text=text)]


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _trigger(given: Any) -> _Trigger | None:
    """Return a trigger: a token or a first and a last one, a type, scores."""
    if isinstance(given, list) and len(given) >= 2 and isinstance(given[1], str):
        return _Trigger(given[0], given[0], given[1], given[2:])
    if isinstance(given, list) and len(given) >= 3 and isinstance(given[2], str):
        return _Trigger(given[0], given[1], given[2], given[3:])
    return None
