"""Read doccano's JSON Lines: texts with labelled spans, and relations between them.

- Entities are objects with an id in projects with relations, and lists ``[start, end, label]`` in
  others (under ``label``, ``labels`` or ``entities``, by version).
- The id of an entity means something in its text only, and the id of a text in its project only.
- Labels of whole texts, translations and comments are left out.
- Columns that were imported with the text and are called ``url``, ``title``, ``date`` and so on
  describe the article.

Offsets: Unicode code points, end exclusive. Some projects count grapheme clusters (what looks like
one character). They say so nowhere, and doccano does not write the words of a span, so that nothing
can tell. In such projects, spans after an emoji or a combining accent are too far left.

Example::

    {"id": 3, "text": "Ellen Johnson Sirleaf was elected President of Liberia.",
     "entities": [{"id": 11, "label": "PERSON", "start_offset": 0, "end_offset": 21},
                  {"id": 12, "label": "GPE", "start_offset": 47, "end_offset": 54}],
     "relations": [{"id": 1, "from_id": 11, "to_id": 12, "type": "president of"}],
     "Comments": []}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.about import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import Shape, decode

__all__ = ["entries", "parse"]


class _Span(Shape, omit_defaults=True):
    id: int | str | None = None
    label: str | int | None = None
    start_offset: int | None = None
    end_offset: int | None = None
    start: int | None = None
    end: int | None = None


class _Relation(Shape, omit_defaults=True):
    from_id: int | str | None = None
    to_id: int | str | None = None
    type: str | None = None


_Spans = list[_Span | list[Any] | str | int | float | None]


class _Text(Shape):
    id: int | str | None = None
    text: str | None = None
    #: As the text was called in versions 1.3 and 1.4.
    data: str | None = None
    entities: _Spans | None = None
    label: _Spans | str | int | None = None
    labels: _Spans | None = None
    #: The first versions gave the numbers of labels.
    annotations: _Spans | None = None
    relations: list[_Relation] | None = None
    meta: Any = None


def parse(raw: bytes) -> Parsed:
    """Make one text an article. Raises RecordError if there is no text and nothing in it."""
    given = decode(raw, _Text)
    building = Building(given.text or given.data)
    by_id: dict[int | str, Entity] = {}
    for place, part, span in _spans(given):
        if span is None:
            building.fault(f"{place}: expected [start, end, label]", part)
            continue
        start = span.start if span.start_offset is None else span.start_offset
        end = span.end if span.end_offset is None else span.end_offset
        label = None if span.label is None else str(span.label)
        entity = building.mention(place, part, label, start, end)
        if entity is not None and span.id is not None:
            by_id.setdefault(span.id, entity)
    for number, relation in enumerate(given.relations or ()):
        _relation(building, f"relations[{number}]", relation, by_id)
    if building.text is None:
        raise RecordError("no entities in it, and no text")
    columns = decode(raw, dict[str, Any])
    meta = given.meta if isinstance(given.meta, dict) else {}
    return building.finish("doccano", local_ids=(given.id,), **about_article({**meta, **columns}))


def _spans(given: _Text) -> Iterator[tuple[str, Any, _Span | None]]:
    """Yield the name, the part and the meaning of each span, None if it has none; labels of the whole
    text are no spans.
    """
    lists = {
        "entities": given.entities,
        "label": given.label if isinstance(given.label, list) else None,
        "labels": given.labels,
        "annotations": given.annotations,
    }
    for name, spans in lists.items():
        for number, part in enumerate(spans or ()):
            if isinstance(part, _Span):
                # A label of the whole text is an object too in the first versions.
                if name != "annotations" or (part.start_offset, part.start) != (None, None):
                    yield f"{name}[{number}]", part, part
            elif isinstance(part, list):
                yield f"{name}[{number}]", part, _of_list(part)


def _of_list(part: list[Any]) -> _Span | None:
    start, end, label, *_ = (*part, None, None, None)
    if isinstance(start, int) and isinstance(end, int) and isinstance(label, (str, int)):
        return _Span(label=label, start=start, end=end)
    return None


def _relation(
    building: Building, place: str, relation: _Relation, by_id: dict[int | str, Entity]
) -> None:
    ends = []
    for key, id_ in (("from_id", relation.from_id), ("to_id", relation.to_id)):
        if id_ is None or id_ not in by_id:
            building.fault(f"{place}: {key} {id_!r} is no entity of this text", relation)
            return
        ends.append(by_id[id_])
    building.relation(ends[0], relation.type, ends[1])
