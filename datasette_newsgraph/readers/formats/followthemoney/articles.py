"""Cut a file of FollowTheMoney entities into articles that speak for themselves.

Entities name each other by id from anywhere in the file, so it is read as a whole: memory grows with
it. Each document becomes a record with what has it for `proof`; all the rest is one record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from msgspec import field

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.formats.followthemoney import model
from datasette_newsgraph.readers.limits import Held
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

_MAX_NESTING = 8


class FtmEntity(Shape, omit_defaults=True):
    """An entity with the values of its properties as strings."""

    id: str
    schema: str
    properties: dict[str, list[str]] = field(default_factory=dict)

    def values(self, *names: str) -> list[str]:
        """Return the values of the first of these properties that has any."""
        return next((self.properties[name] for name in names if self.properties.get(name)), [])

    def value(self, *names: str) -> str | None:
        """Return the first value of the first of these properties that has any."""
        return next(iter(self.values(*names)), None)


class FtmRecord(Shape, omit_defaults=True):
    """A document, the things that are told of in it, what is told of them (``links``, also what is
    told of one alone), and ``others`` that are only named in that.
    """

    document: FtmEntity | None = None
    entities: list[FtmEntity] = field(default_factory=list)
    links: list[FtmEntity] = field(default_factory=list)
    others: list[FtmEntity] = field(default_factory=list)


class FtmEnvelope(Shape):
    """What tells a record that was cut from an entity as it stands in a file."""

    followthemoney: FtmRecord | None = None


class _Given(Shape):
    id: str | int | None = None
    schema: str | None = None
    properties: dict[str, Any] | None = None
    caption: str | None = None


def entities_in(raw: bytes) -> list[FtmEntity]:
    """Return the entity of a line, behind those that are nested in it; raises RecordError."""
    found: list[FtmEntity] = []
    _flatten(decode(raw, _Given), found, 0)
    return found


def _flatten(given: _Given, found: list[FtmEntity], depth: int) -> str | None:
    """Add an entity with those in its properties, which the API of Aleph and "nested" exports have in
    place of their ids; return its id.
    """
    id_ = "" if given.id is None else str(given.id)
    if not id_.strip() or not given.schema or given.properties is None:
        if depth:
            return None
        raise RecordError("no FollowTheMoney entity: it needs id, schema and properties")
    entity = FtmEntity(id_, given.schema)
    for name, values in given.properties.items():
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, dict) and depth < _MAX_NESTING:
                value = _flatten(_nested(value), found, depth + 1)
            if value is not None and not isinstance(value, (dict, list)) and f"{value}".strip():
                entity.properties.setdefault(name, []).append(str(value))
    if given.caption and given.caption.strip():
        entity.properties.setdefault("caption", [given.caption])
    found.append(entity)
    return entity.id


def _nested(value: dict[str, Any]) -> _Given:
    try:
        return msgspec.convert(value, _Given, strict=False)
    except msgspec.ValidationError:
        return _Given()


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield a record for each document and one for the rest; lines that are no entity as they are."""
    file = _File()
    broken: list[Entry] = []
    held = Held(source.path, source.limit)
    for entry in records(source):
        held.add(len(entry.raw))
        try:
            if entry.fault is not None:
                raise RecordError(entry.fault)
            for entity in entities_in(entry.raw):
                file.add(entity, entry.line)
        except RecordError:
            broken.append(Entry(entry.line, entry.raw, fault=entry.fault))
    found = [*file.records(), *broken]
    found.sort(key=lambda each: each.line)
    # Nested entities stand on one line, and records are told apart by theirs.
    distinct = len({each.line for each in found}) == len(found)
    for number, each in enumerate(found, 1):
        yield each if distinct else Entry(number, each.raw, fault=each.fault)


class _File:
    """All entities of a file."""

    def __init__(self) -> None:
        self._entities: dict[str, FtmEntity] = {}
        self._lines: dict[str, int] = {}

    def add(self, entity: FtmEntity, line: int) -> None:
        """Add an entity, or what a further fragment says of one that is there."""
        known = self._entities.get(entity.id)
        if known is None:
            self._entities[entity.id] = entity
            self._lines[entity.id] = line
            return
        if known.schema in ("Thing", "LegalEntity"):
            known.schema = entity.schema
        for name, values in entity.properties.items():
            known.properties.setdefault(name, []).extend(values)

    def records(self) -> Iterator[Entry]:
        """Yield the records, in no order of lines."""
        for entity in self._entities.values():
            for name, values in entity.properties.items():
                entity.properties[name] = list(dict.fromkeys(values))
        found: dict[str | None, FtmRecord] = {
            id_: FtmRecord(each)
            for id_, each in self._entities.items()
            if each.schema in model.DOCUMENTS
        }
        rest = FtmRecord()
        spoken_of: set[str] = set()
        for entity in self._entities.values():
            homes = [found[id_] for id_ in self._documents(entity) if id_ in found]
            if model.is_thing(entity.schema):
                for home in homes:
                    home.entities.append(entity)
            elif entity.schema not in model.PASSED_OVER:
                for home in homes or [rest]:
                    home.links.append(entity)
            if homes:
                spoken_of.add(entity.id)
                spoken_of.update(self._named(entity))
        rest.entities = [each for each in self._things() if self._is_of_rest(each, spoken_of)]
        for id_, record in found.items():
            yield self._entry(record, self._lines[str(id_)])
        members = [each.id for each in (*rest.entities, *rest.links)]
        if members:
            yield self._entry(rest, min(self._lines[each] for each in members))

    def _documents(self, entity: FtmEntity) -> Iterable[str]:
        if entity.schema in model.DOCUMENTS:
            return ()
        names = model.IN_DOCUMENT.get(entity.schema, ("proof",))[:1]
        return dict.fromkeys(entity.values(*names))

    def _is_document(self, id_: str) -> bool:
        return id_ in self._entities and self._entities[id_].schema in model.DOCUMENTS

    def _things(self) -> Iterator[FtmEntity]:
        for each in self._entities.values():
            other = model.DOCUMENTS | model.PASSED_OVER
            if model.is_thing(each.schema) and each.schema not in other:
                yield each

    def _is_of_rest(self, thing: FtmEntity, spoken_of: set[str]) -> bool:
        if any(self._is_document(id_) for id_ in thing.values("proof")):
            return False
        says = any(thing.properties.get(name) for name in (*model.REFERENCES, *model.VALUES))
        return says or thing.id not in spoken_of

    def _named(self, entity: FtmEntity) -> Iterator[str]:
        for name in model.ends(entity.schema):
            yield from entity.properties.get(name, ())

    def _entry(self, record: FtmRecord, line: int) -> Entry:
        present = {each.id for each in record.entities}
        named = dict.fromkeys(
            id_ for each in (*record.entities, *record.links) for id_ in self._named(each)
        )
        record.others = [
            _bare(self._entities[id_])
            for id_ in named
            if id_ not in present and id_ in self._entities
        ]
        return Entry(line, msgspec.json.encode(FtmEnvelope(record)))


def _bare(entity: FtmEntity) -> FtmEntity:
    """Return an entity without its statements and its text."""
    left_out = {*model.REFERENCES, *model.VALUES, "bodyText", "proof"}
    properties = {
        name: values for name, values in entity.properties.items() if name not in left_out
    }
    return FtmEntity(entity.id, entity.schema, properties)
