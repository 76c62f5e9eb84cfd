"""Read FollowTheMoney entities, as Aleph, OpenSanctions and ``ftm`` write them, one a line.

- Things become entities by their ids. Further names, aliases and earlier names are aliases.
  ``wikidataId``, ``leiCode`` and ``wikipediaUrl`` are identifiers; an id like ``Q90`` is one, too.
- What joins two things (``Ownership``, ``Directorship``, ``Family``, ``UnknownLink``, ``Payment``
  …) becomes a relation from its one end to the other. The predicate is its ``role`` or
  ``relationship``, or else the name of the schema. ``startDate`` (or ``date``) and ``endDate`` are
  the dates of the relation.
- Properties that hold another thing (``addressEntity``, ``parent``, ``owner`` …) and properties
  that hold a value (``country``, ``birthDate``, ``position`` …) become relations, too. So do
  sanctions, risks, passports and notes, as relations of their thing. Amounts of payments are not
  read.
- Documents (``Article``, ``Document``, ``HyperText`` …) are articles. What has a document as its
  ``proof``, or is joined to it by ``Documentation`` or ``Mention``, belongs to that article.
  Everything else in a file becomes one more article, without title and text.
- Entities refer to each other from anywhere in a file. So the file is read as a whole, takes memory
  accordingly, and may not be larger than ``--max-article`` times four.

Offsets: none. In a document with ``bodyText``, the names are looked for.

Example::

    {"id": "a1", "schema": "Article", "properties": {"title": ["A centre for climate"], "publishedAt": ["2021-01-25"], "bodyText": ["Ban Ki-moon chairs the Global Center on Adaptation."]}}
    {"id": "p1", "schema": "Person", "properties": {"name": ["Ban Ki-moon"], "country": ["kr"]}}
    {"id": "o1", "schema": "Organization", "properties": {"name": ["Global Center on Adaptation"], "alias": ["GCA"]}}
    {"id": "d1", "schema": "Directorship", "properties": {"director": ["p1"], "organization": ["o1"], "role": ["chair"], "startDate": ["2018"], "proof": ["a1"]}}
"""  # noqa: E501 - a line of the example is an entity

from __future__ import annotations

import re

from datasette_newsgraph.article import Entity, Mention
from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.dates.forms import first_date, read_day
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.formats.followthemoney import model
from datasette_newsgraph.readers.formats.followthemoney.articles import (
    FtmEntity,
    FtmEnvelope,
    FtmRecord,
    entities_in,
    entries,
)
from datasette_newsgraph.readers.plain_values import datatype_of
from datasette_newsgraph.readers.shapes import decode

__all__ = ["entries", "parse"]

_ITEM = re.compile(r"Q[1-9]\d*")
#: A link of more things with more things than this is a mistake.
_MAX_PAIRS = 1000
#: A summary can stand for a name.
_MAX_NAME = 500
#: A role of more characters is a sentence, and no predicate.
_MAX_ROLE = 60


def parse(raw: bytes) -> Parsed:
    """Return the article of one record, or of one entity as it stands; raises RecordError."""
    record = decode(raw, FtmEnvelope).followthemoney or _record_of(entities_in(raw))
    if record.document is None and not (record.entities or record.links or record.others):
        raise RecordError("no entities in it")
    return _Reading(record).parsed()


def _record_of(entities: list[FtmEntity]) -> FtmRecord:
    record = FtmRecord()
    for each in entities:
        if each.schema in model.DOCUMENTS and record.document is None:
            record.document = each
        elif model.is_thing(each.schema):
            record.entities.append(each)
        else:
            record.links.append(each)
    return record


class _Reading:
    """The reading of one record."""

    def __init__(self, record: FtmRecord) -> None:
        self._record = record
        document = record.document
        text = None if document is None else "\n".join(document.values("bodyText")) or None
        self._building = Building(text)
        self._entities: dict[str, Entity] = {}

    def parsed(self) -> Parsed:
        record = self._record
        for each in (*record.entities, *record.others):
            self._thing(each)
        for each in record.entities:
            self._properties(each)
        for each in record.links:
            self._link(each)
        return self._finished(record.document)

    def _finished(self, document: FtmEntity | None) -> Parsed:
        if document is None:
            return self._building.finish("FollowTheMoney")
        for name, schema in model.FOUND.items():
            for surface in document.values(name):
                self._building.mention(name, document, schema, None, None, surface)
        language = document.value("language", "detectedLanguage")
        return self._building.finish(
            "FollowTheMoney",
            url=document.value("sourceUrl"),
            title=document.value("title", "subject", "name"),
            authors=document.values("author"),
            publisher=document.value("publisher"),
            published=_date(document, "publishedAt", "date", "authoredAt"),
            language=language and model.LANGUAGES.get(language, language),
            local_ids=(document.id, document.value("fileName")),
        )

    def _thing(self, thing: FtmEntity) -> None:
        name = _name(thing)
        entity = self._building.entity(
            thing.schema,
            name,
            id=thing.id,
            aliases=[
                *thing.properties.get("name", ()),
                *(each for key in model.ALIASES for each in thing.properties.get(key, ())),
            ],
            same_as=_same_as(thing),
            description=thing.value("description", "summary", "notes"),
        )
        entity.latitude, entity.longitude = _number(thing, "latitude"), _number(thing, "longitude")
        if self._building.text is not None and not entity.mentions:
            entity.mentions.append(Mention(text=entity.name))
        self._entities[thing.id] = entity

    def _properties(self, thing: FtmEntity) -> None:
        """State what a thing's own properties say."""
        entity = self._entities[thing.id]
        for name in model.REFERENCES:
            for id_ in thing.properties.get(name, ()):
                other = self._there(thing, name, id_)
                if other is not None:
                    self._building.relation(entity, name, other)
        for name in model.VALUES:
            for value in thing.properties.get(name, ()):
                datatype = datatype_of(value, of_date=True) if name.endswith("Date") else "string"
                self._building.relation(entity, name, value=value, datatype=datatype)

    def _there(self, entity: FtmEntity, name: str, id_: str) -> Entity | None:
        found = self._entities.get(id_)
        if found is None:
            self._building.fault(
                f"{entity.schema} {entity.id}: {name} {id_!r} is no entity of the file", entity
            )
        return found

    def _all_there(self, entity: FtmEntity, name: str) -> list[Entity]:
        ids = entity.properties.get(name, ())
        if not ids:
            self._building.fault(f"{entity.schema} {entity.id}: has no {name}", entity)
        found = (self._there(entity, name, id_) for id_ in ids)
        return [each for each in found if each is not None]

    def _link(self, link: FtmEntity) -> None:
        if link.schema in model.IN_DOCUMENT:
            self._in_document(link)
        elif link.schema in model.REMARKS:
            self._remark(link)
        else:
            self._relations(link, *model.LINKS.get(link.schema, ("subject", "object")))

    def _relations(self, link: FtmEntity, source: str, target: str) -> None:
        sources, targets = self._all_there(link, source), self._all_there(link, target)
        predicates = _predicates(link)
        if len(sources) * len(targets) * len(predicates) > _MAX_PAIRS:
            reason = (
                f"joins {len(sources)} things with {len(targets)}, more than {_MAX_PAIRS} pairs"
            )
            self._building.fault(f"{link.schema} {link.id}: {reason}", link)
            return
        for predicate in predicates:
            for subject in sources:
                for object_ in targets:
                    self._building.relation(
                        subject,
                        predicate,
                        object_,
                        confidence=_number(link, "confidenceScore"),
                        start_date=_date(link, "startDate", "date"),
                        end_date=_date(link, "endDate"),
                    )

    def _remark(self, remark: FtmEntity) -> None:
        name, predicate, sources = model.REMARKS[remark.schema]
        value = remark.value(*sources)
        if value is None:
            reason = f"has none of {', '.join(sources)}"
            self._building.fault(f"{remark.schema} {remark.id}: {reason}", remark)
            return
        for entity in self._all_there(remark, name):
            self._building.relation(
                entity,
                predicate,
                value=value,
                datatype="string",
                start_date=_date(remark, "startDate", "date"),
                end_date=_date(remark, "endDate"),
            )

    def _in_document(self, link: FtmEntity) -> None:
        """Take what a document speaks of; that it does says the record."""
        if self._record.document is None:
            name = model.IN_DOCUMENT[link.schema][0]
            reason = f"{name} {link.value(name)!r} is no document of the file"
            self._building.fault(f"{link.schema} {link.id}: {reason}", link)
            return
        surfaces = link.values("name") if link.schema == "Mention" else []
        resolved = model.IN_DOCUMENT[link.schema][1]
        if link.schema == "Mention" and not link.properties.get(resolved):
            for surface in surfaces:
                label = link.value("detectedSchema")
                self._building.mention(f"Mention {link.id}", link, label, None, None, surface)
            return
        for entity in self._all_there(link, resolved):
            known = {each.text for each in entity.mentions}
            entity.mentions += [Mention(text=each) for each in surfaces if each not in known]


def _name(thing: FtmEntity) -> str:
    name = thing.value(*model.NAMES)
    if name is None and thing.schema == "Address":
        parts = (thing.value(part) for part in model.ADDRESS)
        name = ", ".join(part for part in parts if part)
    if name is None and thing.schema == "Person":
        name = " ".join(filter(None, (thing.value("firstName"), thing.value("lastName"))))
    # Even without a name it may be what others are joined by.
    return (name or thing.id)[:_MAX_NAME]


def _same_as(thing: FtmEntity) -> list[str]:
    items = [each for each in (thing.id, *thing.values("wikidataId")) if _ITEM.fullmatch(each)]
    return [
        *(identifier_iri("Wikidata", each) for each in dict.fromkeys(items)),
        *(identifier_iri("LEI", each) for each in thing.values("leiCode")),
        *thing.values("wikipediaUrl"),
    ]


def _predicates(link: FtmEntity) -> list[str]:
    roles = [each for each in map(collapse, link.values(*model.ROLES)) if len(each) <= _MAX_ROLE]
    return list(dict.fromkeys(roles)) or [link.schema]


def _date(entity: FtmEntity, *names: str) -> str | None:
    """Return the earliest of several dates; where none is one that alone tells, the first words."""
    given = list(entity.values(*names))
    dates = (found for words in given if (found := read_day(words)))
    return min(dates, default=first_date(given))


def _number(entity: FtmEntity, name: str) -> float | None:
    try:
        return float(entity.value(name) or "")
    except ValueError:
        return None
