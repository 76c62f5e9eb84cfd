"""Read SpERT and CoNLL04: sentences with entities and relations, as data and as predictions.

- Each record is one sentence. Entities of one type and the same words are one.
- Relations refer to entities by their place in the list. Their evidence is the sentence.
- The text is the tokens, joined by blanks. Rows of the articles file are joined by ``orig_id``.

Offsets: tokens of the record, from 0, end exclusive.

Example::

    [{"tokens": ["Angela", "Merkel", "was", "born", "in", "Hamburg", "."],
      "entities": [{"type": "Peop", "start": 0, "end": 2}, {"type": "Loc", "start": 5, "end": 6}],
      "relations": [{"type": "Live_In", "head": 0, "tail": 1}],
      "orig_id": 1}]
"""

from __future__ import annotations

from msgspec import field

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.tokens import JoinedText

__all__ = ["entries", "parse"]


class _Entity(Shape):
    type: str | None = None
    start: int | None = None
    end: int | None = None


class _Relation(Shape):
    type: str | None = None
    head: int | None = None
    tail: int | None = None


class _Sentence(Shape):
    tokens: list[str] = field(default_factory=list)
    entities: list[_Entity] | None = None
    relations: list[_Relation] | None = None
    orig_id: int | str | None = None


def parse(raw: bytes) -> Parsed:
    """Make one sentence an article. Raises RecordError if it has no tokens."""
    sentence = decode(raw, _Sentence)
    joined = JoinedText([sentence.tokens])
    if not joined.text:
        raise RecordError("no entities in it, and no tokens: not a sentence of SpERT")
    building = Building(joined.text)
    entities = [
        _entity(building, joined, number, each)
        for number, each in enumerate(sentence.entities or [])
    ]
    for number, each in enumerate(sentence.relations or []):
        _relation(building, entities, number, each)
    parsed = building.finish("SpERT", local_ids=(sentence.orig_id,))
    parsed.is_joined = True
    return parsed


def _entity(building: Building, joined: JoinedText, number: int, given: _Entity) -> Entity | None:
    start, end = given.start, given.end
    span = None if start is None or end is None else joined.span(start, end)
    if span is None:
        count = len(joined.tokens)
        building.fault(f"entities[{number}]: {start}-{end} is no span of {count} tokens", given)
        return None
    return building.mention(f"entities[{number}]", given, given.type, *span)


def _relation(
    building: Building, entities: list[Entity | None], number: int, given: _Relation
) -> None:
    ends: list[Entity] = []
    for key, place in (("head", given.head), ("tail", given.tail)):
        entity = entities[place] if place is not None and 0 <= place < len(entities) else None
        if entity is None:
            building.fault(f"relations[{number}]: {key} {place} is no entity of the record", given)
            return
        ends.append(entity)
    text = building.text or ""
    evidence = Evidence(start=0, end=len(text), text=text)
    building.relation(ends[0], given.type, ends[1], evidence=[evidence])
