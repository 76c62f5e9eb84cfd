"""What the properties of nodes and edges in a property graph say.

Property graphs have no fixed keys. Those that many tools use are understood (``named_keys``: names,
descriptions, identifiers, dates, confidence, quoted passages); what else a node has becomes a value
under its key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from datasette_newsgraph.article import Entity, Evidence
from datasette_newsgraph.authorities import OTHER, canonical_identifier, identifier_iri
from datasette_newsgraph.dates import is_date
from datasette_newsgraph.dates.forms import first_date, may_be_date
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import named_keys
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.named_keys import by_folded_key, folded, folded_all, values_in
from datasette_newsgraph.readers.plain_values import is_number
from datasette_newsgraph.readers.property_graphs.graph import BETWEEN

#: Properties by their keys as ``named_keys`` folds them.
Folded = Mapping[str, Any]
Keys = tuple[str, ...]

_DAYS = named_keys.BEGINNINGS + named_keys.ENDINGS + named_keys.DAYS
_PASSAGES = (*named_keys.EVIDENCE, "text", "summary", *named_keys.STATEMENT_DESCRIPTIONS)
#: What is no value of a thing, whatever stands there.
UNDERSTOOD = frozenset(
    map(
        folded,
        (
            *named_keys.TECHNICAL,
            *named_keys.CHUNKS,
            *named_keys.DESCRIPTIONS,
            *named_keys.ALIASES,
            *named_keys.CONFIDENCES,
            *named_keys.LATITUDES,
            *named_keys.LONGITUDES,
        ),
    )
)
_IDENTIFIERS = frozenset(map(folded, named_keys.IDENTIFIERS))


def confidence_of(properties: Folded, keys: Keys = named_keys.CONFIDENCES) -> float | None:
    """Return the first number from 0 to 1 that says how sure the tool is."""
    return _number(properties, keys, 0, 1)


def dates_of(properties: Folded) -> tuple[str | None, str | None]:
    """Return when a relationship began and ended; both are its day, if that is all there is."""
    roles = (named_keys.BEGINNINGS, named_keys.ENDINGS, named_keys.DAYS)
    start, end, day = (_date(properties, keys) for keys in roles)
    return (day, day) if start is None and end is None else (start, end)


def _date(properties: Folded, keys: Keys) -> str | None:
    if properties.keys().isdisjoint(folded_all(keys)):
        return None
    return first_date(
        words
        for key in keys
        for words in texts_of(properties, (key,))
        if key in named_keys.OF_DATES or may_be_date(words)
    )


def describe(
    building: Building, entity: Entity, properties: Mapping[str, Any], besides: Collection[str]
) -> None:
    """Take all that the properties of a node say of its entity; ``besides`` are folded keys of which
    something was taken already, or that are of no use.
    """
    given = by_folded_key(properties)
    if entity.description is None:
        entity.description = next(texts_of(given, named_keys.DESCRIPTIONS), None)
    known = {entity.name, *entity.aliases, ""}
    aliases = dict.fromkeys(_aliases(building, entity, given))
    entity.aliases += [each for each in aliases if each not in known]
    latitude = _number(given, named_keys.LATITUDES, -90, 90)
    longitude = _number(given, named_keys.LONGITUDES, -180, 180)
    if latitude is not None and longitude is not None:
        entity.latitude, entity.longitude = latitude, longitude
    for key, value in properties.items():
        name = folded(key)
        if name in UNDERSTOOD or name in besides or key.startswith("_"):
            continue
        for each in value if isinstance(value, list) else [value]:
            iri = _identifier(name, each) if name in _IDENTIFIERS else None
            if iri is None:
                _value(building, entity, key, each)
            elif iri not in entity.same_as:
                entity.same_as.append(iri)


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

    def evidence(self, properties: Folded) -> list[Evidence]:
        """Return what in the properties of a relationship is said in the article too."""
        found = dict.fromkeys(
            text for text in texts_of(properties, _PASSAGES) if self._has(_folded(text))
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


def _identifier(key: str, given: Any) -> str | None:
    """Return the IRI that a value under the key of an identifier stands for, if it does."""
    text = str(given) if _is_number(given) else given if isinstance(given, str) else ""
    if text[:1] == "Q" and text[1:].isdecimal():
        return identifier_iri("Wikidata", text)
    if key.startswith("geonames") and text.isdecimal():
        return identifier_iri("GeoNames", text)
    known = canonical_identifier(text) if "://" in text else None
    return None if known is None else known[1]


def _aliases(building: Building, entity: Entity, properties: Folded) -> Iterator[str]:
    """Yield the further names of an entity, of which a number may be one; others are faults."""
    for key in named_keys.ALIASES:
        value = properties.get(folded(key))
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) or _is_number(each):
                for name in str(each).split(BETWEEN):
                    # One that is blank stays as it is, to be told as a fault with its place.
                    yield collapse(name) or name
            elif each is not None:
                building.fault(f"one of the {key} of {entity.name!r} is no name", each)


def texts_of(properties: Folded, keys: Keys) -> Iterator[str]:
    """Yield the strings under any of the keys; a number is one too, where it is a year."""
    for key, name in zip(keys, folded_all(keys), strict=True):
        if name not in properties:
            continue
        value = properties[name]
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and each.strip():
                yield each
            elif _is_number(each) and key in _DAYS:
                yield str(each)


def _number(properties: Folded, keys: Keys, least: int, most: int) -> float | None:
    """Return the first number under any of the keys that is in the range; it may be in words."""
    for given in values_in(properties, keys):
        value = float(given) if isinstance(given, str) and is_number(given.strip()) else given
        if isinstance(value, (int, float)) and _is_number(value) and least <= value <= most:
            return float(value)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
