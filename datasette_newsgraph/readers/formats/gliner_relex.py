"""Read what GLiNER-RelEx returns: GLiNER's entities, and relations between spans.

- A document is ``{"entities": […], "relations": […]}``, with the ``text`` if you add it, or the two
  lists that ``predict_relations`` returns, ``[[…], […]]``.
- For several texts, ``inference`` returns two lists of lists. They are paired by document, and a
  text in which nothing was found is left out.
- The head and the tail of a relation are the entities of the same span (and of the same type, if
  several have that span). If the list of entities lacks one, it is made from the relation.
- Scores are the confidence of mentions and relations.

Offsets: Unicode code points, end exclusive, in heads and tails, too. They are checked against the
``text`` of the span. If there are none, that text is looked for in the text of the article.

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

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.bare_lists import Wrapped, documents
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.gliner import Ends, GlinerSpan, add_entities, require_spans
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_THREE = re.compile(rb"\s*(?:\[\s*){3}")


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
    """Yield the documents: objects, or pairs of lists.

    An array, or the list on a line, may have the entities of all documents first, then all relations.
    """
    found = documents(source, resume, frozenset({"entities", "relations"}), depth=2)
    first = list(islice(found, 3))
    if len(first) == 2 and resume is None and not any(each.fault for each in first):
        paired = _paired(b"[%b,%b]" % (first[0].raw, first[1].raw))
        if paired is not None:
            yield from (Entry(number, raw) for number, raw in enumerate(paired, 1))
            return
    for entry in chain(first, found):
        paired = _paired(entry.raw) if entry.fault is None and _THREE.match(entry.raw) else None
        if paired is None:
            yield entry
            continue
        for number, raw in enumerate(paired, 1):
            # Only behind the last one can reading go on.
            is_end = number == len(paired)
            yield Entry(
                entry.line, raw, entry.end if is_end else None, entry.digest if is_end else None
            )


def _paired(raw: bytes) -> list[bytes] | None:
    """Return the documents of two lists of as many lists, entities and relations; None if it is
    something else.
    """
    if not _THREE.match(raw):
        return None
    try:
        lists = decode(raw, list[list[list[dict[str, Any]]]])
    except RecordError:
        return None
    if len(lists) != 2 or len(lists[0]) != len(lists[1]):
        return None
    entities, relations = lists
    if any("head" in each for each in chain.from_iterable(entities)) or not all(
        "head" in each for each in chain.from_iterable(relations)
    ):
        return None
    return [json.dumps(pair).encode() for pair in zip(entities, relations, strict=True)]


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
    require_spans(building, None if document.relations else document.entities)
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
