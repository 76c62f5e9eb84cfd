"""Read doccano's JSON Lines: texts with labelled spans, and relations between them.

- Entities are objects with an id in projects with relations, and lists ``[start, end, label]`` in
  others (under ``label``, ``labels`` or ``entities``, by version).
- The id of an entity means something in its text only, and the id of a text in its project only.
- All records of one text are one article, wherever they stand in the file, and so are all whose
  columns give one web address. Their spans and relations are put together, equal ones once: several
  people may have annotated a text, or it was imported again. Records that say the same as one before
  them are counted as unchanged.
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

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeAlias

import msgspec

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.grouping import decoded, grouped, joined, records_of
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

#: What people have annotated of a text; all else describes it.
_ANNOTATIONS = frozenset({"entities", "label", "labels", "annotations", "relations", "Comments"})
#: Start, end and label of a mention.
_Place: TypeAlias = "tuple[int | None, int | None, str | None]"

_decode_columns = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


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


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the records about each article together, one a line, at the line of the last one."""
    for entry in grouped(source, resume, _article_of):
        repeats = 0 if entry.fault else _repeats(entry.raw)
        yield replace(entry, repeats=repeats) if repeats else entry


def _article_of(raw: bytes) -> str | None:
    """Return what tells the article of a record: its address, or else its text."""
    columns = {
        name: msgspec.json.decode(value)
        for name, value in _decode_columns(raw).items()
        if name not in _ANNOTATIONS
    }
    found = _about(columns).get("url") or columns.get("text") or columns.get("data")
    # A text without words says nothing of its article.
    return found if isinstance(found, str) and found.strip() else None


def _repeats(raw: bytes) -> int:
    """Return how many of the records say the same as one before them: another person's annotations
    of a text, or the text imported again.
    """
    lines = records_of(raw)
    if len(lines) < 2:
        return 0
    said = set()
    read = 0
    for line in lines:
        with suppress(RecordError):
            said.add(_said(line))
            read += 1
    return read - len(said)


def _said(raw: bytes) -> str:
    """Return all that is taken of a record, but for its ids."""
    given, columns = _decode(raw)
    places: dict[int | str | None, _Place | None] = {}
    spans = []
    for _, part, span in _spans(given):
        place = None if span is None else _place(span)
        spans.append(repr(part) if place is None else repr(place))
        if span is not None and span.id is not None:
            places.setdefault(span.id, place)
    relations = (
        repr((places.get(each.from_id), each.type, places.get(each.to_id)))
        for each in given.relations or ()
    )
    about = sorted(_about(columns).items())
    return repr((given.text or given.data, sorted({*spans}), sorted({*relations}), about))


def _decode(raw: bytes) -> tuple[_Text, dict[str, Any]]:
    return decode(raw, _Text), decode(raw, dict[str, Any])


def _about(columns: Mapping[str, Any]) -> dict[str, Any]:
    meta = columns.get("meta")
    return about_article({**(meta if isinstance(meta, dict) else {}), **columns})


def parse(raw: bytes) -> Parsed:
    """Make the records about one article, each a line, an article.

    Raises RecordError if there is no text and nothing in it.
    """
    records, faults = decoded(raw, _decode, "record")
    text, begins = joined(given.text or given.data for _, (given, _) in records)
    article = _Article(Building(text))
    article.building.faults += faults
    about: dict[str, Any] = {}
    for where, (given, columns) in records:
        article.add(where, given, begins.get(given.text or given.data or "", 0))
        about = {**_about(columns), **about}
    if text is None:
        raise RecordError("no entities in it, and no text")
    ids = dict.fromkeys(given.id for _, (given, _) in records)
    return article.building.finish("doccano", local_ids=ids, **about)


class _Article:
    """An article in the making; what several records say is taken once."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self._mentioned: dict[_Place, Entity] = {}
        self._stated: set[tuple[_Place, str | None, _Place]] = set()

    def add(self, where: str, given: _Text, base: int) -> None:
        """Add the spans and relations of a record, whose text begins at ``base``."""
        by_id: dict[int | str, _Place] = {}
        for name, part, span in _spans(given):
            if span is None:
                self.building.fault(f"{where}{name}: expected [start, end, label]", part)
                continue
            start, end, label = place = _place(span, base)
            if place not in self._mentioned:
                entity = self.building.mention(f"{where}{name}", part, label, start, end)
                if entity is None:
                    continue
                self._mentioned[place] = entity
            if span.id is not None:
                by_id.setdefault(span.id, place)
        for number, relation in enumerate(given.relations or ()):
            self._relation(f"{where}relations[{number}]", relation, by_id)

    def _relation(self, place: str, relation: _Relation, by_id: dict[int | str, _Place]) -> None:
        ends = []
        for key, id_ in (("from_id", relation.from_id), ("to_id", relation.to_id)):
            if id_ is None or id_ not in by_id:
                reason = f"{place}: {key} {id_!r} is no entity of this text"
                self.building.fault(reason, relation)
                return
            ends.append(by_id[id_])
        first, second = ends
        if (first, relation.type, second) not in self._stated:
            self._stated.add((first, relation.type, second))
            subject, object_ = self._mentioned[first], self._mentioned[second]
            self.building.relation(subject, relation.type, object_)


def _place(span: _Span, base: int = 0) -> _Place:
    """Return where a span is in the text of the article, and its label."""
    start = span.start if span.start_offset is None else span.start_offset
    end = span.end if span.end_offset is None else span.end_offset
    return (
        None if start is None else start + base,
        None if end is None else end + base,
        None if span.label is None else str(span.label),
    )


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
