"""Read what UIE returns, PaddleNLP's ``Taskflow("information_extraction")``: spans by labels.

- Each object is the result of one text. Its keys are the labels that UIE was asked for, and become
  the types of the spans under them. Spans of one label and the same words are one entity.
- ``relations`` of a span relate it to others, under their key. What UIE says no label of is a thing.
- A ``text`` (or ``content``) that stands beside the labels is the text.
- ``probability`` is the confidence. Choices without a span, as those of a classification, are
  counted.

Offsets: Unicode code points, end exclusive. They are checked against the ``text`` of the span.

Example::

    [{"Person": [{"text": "Nelson Mandela", "start": 0, "end": 14, "probability": 0.99,
                  "relations": {"released from": [
                    {"text": "Victor Verster Prison", "start": 28, "end": 49, "probability": 0.87}]}}],
      "Date": [{"text": "11 February 1990", "start": 53, "end": 69, "probability": 0.98}]}]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import msgspec

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordError, RecordLeftOut
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.elements import NotJson, Stream, Value, elements
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_TEXTS = ("text", "content")
#: Spans within relations are within others no deeper than that.
_DEEPEST = 8


class _Span(Shape):
    text: str | None = None
    start: int | None = None
    end: int | None = None
    probability: float | None = None
    relations: dict[str, list[_Span] | None] | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the results: each line may have the list that one call returned."""
    number = 0
    for entry in records(source, resume):
        for raw, fault in _results(entry, source):
            # Those of one line would have one number.
            number = max(number + 1, entry.line)
            yield Entry(number, raw, fault=fault)


def _results(entry: Entry, source: Source) -> list[Value]:
    whole = [Value(entry.raw, entry.fault)]
    if entry.fault is not None or not entry.raw.startswith(b"["):
        return whole
    try:
        return list(elements(Stream(BytesIO(entry.raw).read, limit=source.limit)))
    except NotJson:
        # Told where the record is read.
        return whole


def parse(raw: bytes) -> Parsed:
    """Make one result an article. Raises RecordError if it is none, RecordLeftOut if it has neither a
    text nor a span.
    """
    given = decode(raw, dict[str, Any])
    lists = {key: each for key, each in given.items() if isinstance(each, list)}
    text = next((given[key] for key in _TEXTS if isinstance(given.get(key), str)), None)
    reading = _Reading(Building(text))
    for label, listed in lists.items():
        for number, each in enumerate(listed):
            reading.add(f"{label}[{number}]", label, each)
    reading.relate_all()
    building = reading.building
    if not building.entities and not (text or "").strip():
        if not any(lists.values()):
            raise RecordLeftOut("no entities and no text in it")
        first = f": {building.faults[0].reason}" if building.faults else ""
        raise RecordError(f"no entities and no text in it{first}")
    named = {key: each for key, each in given.items() if key not in lists and key not in _TEXTS}
    about = about_article(named)
    counted = reading.passed_over + Counter(about.pop("passed_over", {}))
    return building.finish("UIE", passed_over=counted, local_ids=(_id_of(named),), **about)


def _id_of(given: dict[str, Any]) -> str | int | None:
    id_ = given.get("id")
    return id_ if isinstance(id_, (str, int)) else None


class _Reading:
    """The spans of one result."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self.passed_over: Counter[str] = Counter()
        self._found: list[tuple[str, Entity, _Span]] = []
        #: By label and place; by place alone, for the ends of relations.
        self._mentioned: dict[tuple[str | None, int | None, int | None, str | None], Entity] = {}

    def add(self, place: str, label: str, given: Any) -> None:
        """Add what was found of a label."""
        try:
            span = msgspec.convert(given, _Span, strict=False)
        except msgspec.ValidationError as error:
            self.building.fault(f"{place}: {error}", given)
            return
        if span.start is None and not span.relations:
            self.passed_over["choices without a span"] += 1
        elif (entity := self._entity(place, label, span)) is not None:
            self._found.append((place, entity, span))

    def relate_all(self) -> None:
        """Add the relations of all spans, whose ends may be any of them."""
        for place, entity, span in self._found:
            self._relate(place, entity, span, 0)

    def _relate(self, place: str, entity: Entity, span: _Span, depth: int) -> None:
        for predicate, listed in (span.relations or {}).items():
            for number, each in enumerate(listed or ()):
                where = f"{place}.relations.{predicate}[{number}]"
                if depth >= _DEEPEST:
                    self.building.fault(f"{where}: too many relations within others", None)
                    return
                other = self._entity(where, None, each)
                if other is not None:
                    self.building.relation(entity, predicate, other, confidence=each.probability)
                    self._relate(where, other, each, depth + 1)

    def _entity(self, place: str, label: str | None, span: _Span) -> Entity | None:
        key = (label, span.start, span.end, span.text)
        anywhere = (None, *key[1:])
        known = self._mentioned.get(key)
        if known is not None:
            return known
        entity = self.building.mention(
            place, span, label, span.start, span.end, span.text, confidence=span.probability
        )
        if entity is not None:
            self._mentioned[key] = entity
            self._mentioned.setdefault(anywhere, entity)
        return entity
