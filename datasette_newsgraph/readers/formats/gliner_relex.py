"""Read what GLiNER-RelEx returns: GLiNER's entities, and relations between spans.

A document is ``{"entities": […], "relations": […]}`` with the ``text`` if you add it, or the two lists
that ``predict_relations`` returns, ``[[…], […]]``. Head and tail of a relation are the entities of the
same span (and type, if several have that span); where the list of entities lacks one, it is made of
what the relation says. Scores are the confidence of mentions and relations.

Offsets: Unicode code points, end exclusive, in heads and tails too. ``text`` of a span is checked
against them; without offsets it is looked for in the text.

Example::

    {"text": "Wangari Maathai founded the Green Belt Movement in Kenya.",
     "entities": [{"start": 0, "end": 15, "text": "Wangari Maathai", "label": "person",
                   "score": 0.99},
                  {"start": 28, "end": 47, "text": "Green Belt Movement",
                   "label": "organization", "score": 0.97}],
     "relations": [{"head": {"start": 0, "end": 15, "text": "Wangari Maathai", "type": "person",
                             "entity_idx": 0},
                    "tail": {"start": 28, "end": 47, "text": "Green Belt Movement",
                             "type": "organization", "entity_idx": 1},
                    "relation": "founded", "score": 0.94}]}
"""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.article import Entity
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import Wrapped, documents, require_content
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.gliner import Ends, GlinerSpan, add_entities
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]


class _End(Shape):
    start: int | None = None
    end: int | None = None
    text: str | None = None
    type: str | None = None
    label: str | None = None
    entity_idx: int | None = None


class _Relation(Shape):
    head: _End | None = None
    tail: _End | None = None
    relation: str | None = None
    score: float | None = None


class _Document(Wrapped):
    entities: list[GlinerSpan] | None = None
    relations: list[_Relation] | None = None


class _Either(GlinerSpan):
    """A member of one of the two lists."""

    head: _End | None = None
    tail: _End | None = None
    relation: str | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the documents: objects, or pairs of lists."""
    return documents(source, resume, frozenset({"entities", "relations"}), depth=2)


def parse(raw: bytes) -> Parsed:
    """Make one document an article."""
    given = decode(raw, _Document | list[list[_Either]])  # type: ignore[arg-type]
    document = _of_pair(given) if isinstance(given, list) else given
    building = Building(document.text)
    ends = add_entities(building, document.entities or (), "entities")
    for number, relation in enumerate(document.relations or ()):
        place = f"relations[{number}]"
        head = _entity_at(building, f"{place}: head", relation.head, relation, ends)
        tail = _entity_at(building, f"{place}: tail", relation.tail, relation, ends)
        if head is not None and tail is not None:
            building.relation(head, relation.relation, tail, confidence=relation.score)
    require_content(building)
    return building.finish("GLiNER-RelEx", **document.about)


def _of_pair(lists: list[list[_Either]]) -> _Document:
    both = [each for one in lists for each in one]
    return _Document(
        entities=[each for each in both if each.head is None and each.tail is None],
        relations=[
            _Relation(each.head, each.tail, each.relation, each.score)
            for each in both
            if each.head is not None or each.tail is not None
        ],
    )


def _entity_at(
    building: Building, place: str, end: _End | None, relation: _Relation, ends: Ends
) -> Entity | None:
    if end is None:
        building.fault(f"{place} is missing", relation)
        return None
    label = end.type or end.label
    if end.start is not None and end.end is not None:
        known = ends.get((end.start, end.end, label)) or ends.get((end.start, end.end, None))
        if known is not None:
            return known
    entity = building.mention(place, relation, label, end.start, end.end, end.text)
    if entity is not None and end.start is not None and end.end is not None:
        ends[end.start, end.end, label] = entity
    return entity
