"""What the properties of nodes and relationships in a property graph say.

Property graphs have no fixed keys. A few that many tools use are understood (names, descriptions,
identifiers, dates, confidence, quoted passages); what else a node has becomes a value under its key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.authorities import OTHER, canonical_identifier, identifier_iri
from datasette_newsgraph.dates import is_date
from datasette_newsgraph.dates.forms import first_date, may_be_date
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers.building import Building

Properties = Mapping[str, Any]

_NAMES = ("name", "title", "label")
_DESCRIPTIONS = ("description", "summary", "entity_description", "relationship_description")
_ALIASES = ("aliases", "alias", "also_known_as", "aka")
_IDENTIFIERS = (
    "same_as",
    "sameas",
    "uri",
    "iri",
    "wikidata",
    "wikidata_id",
    "wikipedia",
    "dbpedia",
)
_CONFIDENCES = ("confidence", "score", "probability", "weight")
_BEGINNINGS = ("start_date", "start", "startdate", "from", "since", "valid_from", "start_time")
_ENDS = ("end_date", "end", "enddate", "to", "until", "valid_to", "end_time")
_DAYS = ("date", "on", "time", "year")
#: Those that mean a date whatever stands there; "from" may be a place.
_OF_DATES = frozenset(
    ("start_date", "startdate", "valid_from", "end_date", "enddate", "valid_to", "date")
)
_PASSAGES = (
    "evidence",
    "quote",
    "source_text",
    "sentence",
    "passage",
    "context",
    "text",
    *_DESCRIPTIONS,
)
_LATITUDES, _LONGITUDES = ("latitude", "lat"), ("longitude", "lon", "lng", "long")
#: What is about the tool or the file, not about the thing.
_TECHNICAL = (
    *("id", "embedding", "embeddings", "triplet_source_id", "source_id", "chunk_id"),
    *("document_id", "doc_id", "ref_doc_id", "page_label", "page_content"),
    *("file_name", "file_path", "file_type", "file_size", "creation_date"),
    *("last_modified_date", "last_accessed_date"),
)
_UNDERSTOOD = frozenset(_TECHNICAL).union(
    _NAMES, _DESCRIPTIONS, _ALIASES, _IDENTIFIERS, _CONFIDENCES, _LATITUDES, _LONGITUDES
)


def name_of(properties: Properties) -> str | None:
    """Return the name that a node has among its properties."""
    return next(_texts(properties, _NAMES), None)


def confidence_of(properties: Properties) -> float | None:
    """Return the first number from 0 to 1 that says how sure the tool is."""
    return _number(properties, _CONFIDENCES, 0, 1)


def dates_of(properties: Properties) -> tuple[str | None, str | None]:
    """Return when a relationship began and ended; both are its day, if that is all there is."""
    start, end, day = (_date(properties, keys) for keys in (_BEGINNINGS, _ENDS, _DAYS))
    return (day, day) if start is None and end is None else (start, end)


def _date(properties: Properties, keys: tuple[str, ...]) -> str | None:
    return first_date(
        words
        for key in keys
        for words in _texts(properties, (key,))
        if key in _OF_DATES or may_be_date(words)
    )


def describe(building: Building, entity: Entity, properties: Properties) -> None:
    """Take all that the properties of a node say of its entity."""
    entity.description = entity.description or next(_texts(properties, _DESCRIPTIONS), None)
    known = {entity.name, *entity.aliases, ""}
    aliases = dict.fromkeys(_aliases(building, entity, properties))
    entity.aliases += [each for each in aliases if each not in known]
    for text in _texts(properties, _IDENTIFIERS):
        iri = _identifier(text)
        if iri is not None and iri not in entity.same_as:
            entity.same_as.append(iri)
    latitude = _number(properties, _LATITUDES, -90, 90)
    longitude = _number(properties, _LONGITUDES, -180, 180)
    if latitude is not None and longitude is not None:
        entity.latitude, entity.longitude = latitude, longitude
    for key, value in properties.items():
        if key.casefold() not in _UNDERSTOOD and not key.startswith("_"):
            for each in value if isinstance(value, list) else [value]:
                _value(building, entity, key, each)


def _value(building: Building, entity: Entity, key: str, value: Any) -> None:
    if isinstance(value, bool):
        building.relation(entity, key, value=value, datatype="boolean")
    elif _is_number(value):
        building.relation(entity, key, value=value, datatype="number")
    elif isinstance(value, str) and value.strip():
        # A year alone may be any number.
        is_day = is_date(value) and ("-" in value or "date" in key or "year" in key)
        is_iri = value.startswith(("http://", "https://")) and not value.split()[1:]
        datatype = "date" if is_day else "IRI" if is_iri else "string"
        building.relation(entity, key, value=value, datatype=datatype)


class Passages:
    """The passages of an article that properties quote."""

    #: Characters that are searched at most, however many properties there are.
    _most = 1 << 30

    def __init__(self, text: str | None) -> None:
        self._text = _folded(text or "")

    def evidence(self, properties: Properties) -> list[Evidence]:
        """Return what in the properties of a relationship is said in the article too."""
        found = dict.fromkeys(
            text for text in _texts(properties, _PASSAGES) if self._has(_folded(text))
        )
        return [Evidence(text=text) for text in found]

    def _has(self, passage: str) -> bool:
        self._most -= len(self._text)
        # One word is a name, not a passage.
        return self._most > 0 and " " in passage and passage in self._text


def same_as(identifier: str) -> list[str]:
    """Return a node's id as an identifier, if it is one of a known authority."""
    known = canonical_identifier(identifier) if "://" in identifier else None
    return [known[1]] if known is not None and known[0] < OTHER else []


def _identifier(text: str) -> str | None:
    if text[:1] == "Q" and text[1:].isdigit():
        return identifier_iri("Wikidata", text)
    known = canonical_identifier(text) if "://" in text else None
    return None if known is None else known[1]


def _aliases(building: Building, entity: Entity, properties: Properties) -> Iterator[str]:
    """Yield the further names of an entity, of which a number may be one; others are faults."""
    for key in _ALIASES:
        value = properties.get(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) or _is_number(each):
                # One that is blank stays as it is, to be told as a fault with its place.
                yield collapse(str(each)) or str(each)
            elif each is not None:
                building.fault(f"one of the {key} of {entity.name!r} is no name", each)


def _texts(properties: Properties, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the strings under any of the keys; a number is one too, where it is a year."""
    for key in keys:
        value = properties.get(key)
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each.strip():
                yield each
            elif _is_number(each) and key in _DAYS + _BEGINNINGS + _ENDS:
                yield str(each)


def _number(properties: Properties, keys: tuple[str, ...], least: int, most: int) -> float | None:
    """Return the first number under any of the keys that is in the range."""
    for key in keys:
        value = properties.get(key)
        if isinstance(value, (int, float)) and _is_number(value) and least <= value <= most:
            return float(value)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
