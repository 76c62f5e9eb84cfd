"""Read the output of OneKE, of its framework, and of models that are trained on IEPile.

- The answer is in ``output``, ``prediction`` or ``label``, as JSON or as a string of it. The text is in
  ``text`` or ``input``, or is the ``input`` within ``instruction``. OneKE asks for a few labels at a
  time: all answers about one ``doc_id``, or else about one text, are one article.
- Entities are lists of names by type, or objects with ``entity`` and ``entity_type``. Relations are
  lists of ``subject`` and ``object`` (``head``, ``tail``) by predicate, or objects with all three. The
  lists of the framework (``entity_list``, ``relation_list``, ``triple_list``, ``event_list``) are read,
  too. An end of a relation has the type that an answer gives it as an entity.
- An event becomes an entity of the type ``Event``, named by its trigger and local to its article. Its
  type is the value of ``event type``. Its arguments become relations, with their roles as
  predicates. ``NAN`` is no argument.
- Of an answer about properties (``{"Person": {"…": {"Occupation": …}}}``) each becomes a value.

Offsets: none. Names are looked for in the text.

Example::

    {"task": "NER", "input": "Denis Mukwege founded Panzi Hospital in Bukavu.",
     "output": {"person": ["Denis Mukwege"], "organization": ["Panzi Hospital"]}}
    {"task": "RE", "input": "Denis Mukwege founded Panzi Hospital in Bukavu.",
     "output": {"founder of": [{"subject": "Denis Mukwege", "object": "Panzi Hospital"}]}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.article_metadata import about_article
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.grouping import decoded, grouped
from datasette_newsgraph.readers.property_graphs.graph import words_of
from datasette_newsgraph.readers.schema_answers import LISTS, answer_in, text_in
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_NOTHING = ("NAN", "NaN", "nan", "None", "null", "")
_EVENT, _EVENT_TYPE = "Event", "event type"
_SUBJECTS, _OBJECTS = ("subject", "head"), ("object", "tail")
_PREDICATES = ("predicate", "relation", "relation_type")
_NAMES, _TYPES = ("name", "entity", "text"), ("type", "entity_type", "label")
_TRIGGERS, _ARGUMENTS = ("trigger", "event_trigger"), ("arguments", "event_argument")
#: What tells a document, also from one of the same text; an ``id`` may be that of a question.
_DOCUMENTS = ("doc_id", "document_id", "article_id", "file_name")
_LONGEST_NAME = 1000


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the answers about each text together, one a line, at the line of the last one."""
    return grouped(source, resume, _text_of)


def _text_of(raw: bytes) -> str | None:
    given = decode(raw, Any)
    if not isinstance(given, dict):
        return None
    return _first(given, _DOCUMENTS) or text_in(given)


def parse(raw: bytes) -> Parsed:
    """Make the answers about one text an article; raises RecordError if there is none."""
    records, faults = decoded(raw, _decode, "answer")
    first = records[0][1]
    reading = _Reading(Building(text_in(first)))
    reading.building.faults += faults
    for where, record in records:
        reading.take(where, record)
    reading.finish_relations()
    building = reading.building
    if building.text is None and not building.entities:
        raise RecordError("no entities in it, and no text")
    for entity in building.entities:
        building.seek(entity)
    about = {key: value for key, value in first.items() if key not in ("source", "label", "name")}
    ids = (words_of(first.get(key)) for key in (*_DOCUMENTS, "id"))
    return building.finish("OneKE", local_ids=ids, **about_article(about))


def _decode(raw: bytes) -> dict[str, Any]:
    given = decode(raw, Any)
    if not isinstance(given, dict):
        raise RecordError("no answer in it: it is no object")
    return given


class _Reading:
    """An article as the answers about it are read."""

    def __init__(self, building: Building) -> None:
        self.building = building
        self._by_name: dict[str, Entity] = {}
        #: Until all entities are known, whose types the ends have.
        self._relations: list[tuple[str, dict[str, Any], str | None]] = []
        self._stated: set[tuple[str, str, str]] = set()

    def take(self, where: str, record: dict[str, Any]) -> None:
        """Take an answer."""
        key, answer = answer_in(record)
        task = str(record.get("task") or "")
        place = f"{where}{key}"
        if isinstance(answer, list):
            self._list(place, answer, None, task)
        elif isinstance(answer, dict):
            for label, members in answer.items():
                at = f"{place}[{label!r}]"
                called = None if label in LISTS else label
                if isinstance(members, list):
                    self._list(at, members, called, task)
                elif isinstance(members, dict):
                    self._described(at, members, label)
                elif members not in _NOTHING and members is not None:
                    self.building.fault(f"{at}: is no list", members)
        elif answer is not None:
            self.building.fault(f"{place}: is no JSON", answer)

    def _list(self, place: str, members: list[Any], label: str | None, task: str) -> None:
        for number, each in enumerate(members):
            at = f"{place}[{number}]"
            if isinstance(each, dict):
                self._member(at, each, label)
            elif (name := words_of(each)) is None:
                self.building.fault(f"{at}: is no name", each)
            elif task == "EET":
                self._event(at, {"trigger": name}, label)
            elif name not in _NOTHING:
                self._entity(at, name, label)

    def _member(self, place: str, given: dict[str, Any], label: str | None) -> None:
        """Take an object: a relation, an event, or an entity."""
        if any(key in given for key in (*_SUBJECTS, *_OBJECTS)):
            self._relations.append((place, given, label))
        elif any(key in given for key in (*_TRIGGERS, *_ARGUMENTS)):
            self._event(place, given, label)
        else:
            self._entity(place, _first(given, _NAMES), _first(given, _TYPES) or label, given)

    def _entity(
        self, place: str, name: str | None, label: str | None, part: Any = None
    ) -> Entity | None:
        name = collapse(name or "")
        if not name or len(name) > _LONGEST_NAME:
            reason = "is too long for a name" if name else "has no name"
            self.building.fault(f"{place}: {reason}", part)
            return None
        known = None if label else self._by_name.get(name)
        entity = known or self.building.entity(label, name)
        self._by_name.setdefault(name, entity)
        return entity

    def _described(self, place: str, members: dict[str, Any], label: str) -> None:
        """Take the things of a type, by name, with their properties."""
        for name, properties in members.items():
            entity = self._entity(f"{place}[{name!r}]", name, label, properties)
            if entity is None or not isinstance(properties, dict):
                continue
            for key, values in properties.items():
                for each in values if isinstance(values, list) else [values]:
                    if (value := words_of(each)) and value not in _NOTHING:
                        self.building.relation(entity, key, value=value, datatype="string")

    def _event(self, place: str, given: dict[str, Any], label: str | None) -> None:
        type_ = _first(given, ("event_type",)) or label
        trigger = _first(given, _TRIGGERS) or type_
        if trigger in _NOTHING or trigger is None:
            self.building.fault(f"{place}: has no trigger", given)
            return
        event = self.building.entity(_EVENT, trigger, id=place)
        event.local = True
        if type_:
            self.building.relation(event, _EVENT_TYPE, value=type_, datatype="string")
        arguments = next((given[key] for key in _ARGUMENTS if key in given), None) or {}
        if not isinstance(arguments, dict):
            self.building.fault(f"{place}: its arguments are no object", arguments)
            return
        for role, values in arguments.items():
            for each in values if isinstance(values, list) else [values]:
                if (name := words_of(each)) and name not in _NOTHING:
                    other = self._entity(f"{place}[{role!r}]", name, None, each)
                    if other is not None:
                        self.building.relation(event, role, other)

    def finish_relations(self) -> None:
        """Take the relations, when all entities are known."""
        for place, given, label in self._relations:
            names = _first(given, _SUBJECTS), _first(given, _OBJECTS)
            if names[1] in _NOTHING:
                continue
            types = (
                _first(given, ("head_type", "subject_type")),
                _first(given, ("tail_type", "object_type")),
            )
            ends = [
                self._entity(place, name, type_, given)
                for name, type_ in zip(names, types, strict=True)
            ]
            predicate = _first(given, _PREDICATES) or label
            if ends[0] is None or ends[1] is None:
                continue
            stated = ends[0].id, predicate or "", ends[1].id
            if stated not in self._stated:
                self._stated.add(stated)
                self.building.relation(ends[0], predicate, ends[1])


def _first(given: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    return next(filter(None, (words_of(given.get(key)) for key in keys)), None)
