"""Decide what one article record gives: who its entities are, which statements it makes, what of it
cannot be taken. Knows no database: keys only, no row numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple, TypeAlias, TypeVar

from msgspec import Struct

from datasette_newsgraph.article import Article, Entity, Evidence, Quote, Relation
from datasette_newsgraph.authorities import canonical_identifier
from datasette_newsgraph.identity import (
    HASH_LENGTH,
    Basis,
    article_key,
    collapse,
    entity_key,
    extraction_key,
    is_blank,
    is_value_type,
    local_entity_key,
    normalise_label,
    normalise_name,
    own_entity_key,
    relation_key,
)
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers import Fault, Parsed

Places: TypeAlias = "dict[str, list[int]]"
_Part = TypeVar("_Part")
#: What the end of a zone may be where there is no text to go by: SQLite's largest number.
_LONGEST = (1 << 63) - 1
#: Evidence for a relation that names no span: somewhere in the article.
_SOMEWHERE = [Evidence()]


class Appearance(Struct, gc=False):
    """An entity in this article: the records that turned out to be the same, as one."""

    key: str
    basis: Basis
    type: str
    name: str
    description: str | None
    latitude: float | None
    longitude: float | None
    aliases: list[str]
    identifiers: list[str]
    records: list[Entity]


class Statement(Struct, gc=False):
    """A relation with its value as text; ``object`` and ``subject`` are entity keys."""

    key: str
    subject: str
    predicate: str
    object: str | None
    value: str | None
    datatype: str | None
    relation: Relation
    evidence: list[Evidence]


class Plan(Struct, gc=False):
    """What an article gives. ``faults`` are the parts of the record that it could not."""

    article: Article
    key: str
    extraction: str | None
    appearances: dict[str, Appearance]
    statements: list[Statement]
    quotes: list[tuple[str | None, Quote]]
    zones: list[tuple[int, int, str]]
    faults: list[Fault]

    @property
    def hash(self) -> str:
        """The 13 characters by which keys inside this article begin."""
        return self.key[-HASH_LENGTH:]


def plan_article(parsed: Parsed) -> Plan:
    """Return what the article of ``parsed`` gives."""
    article, places = parsed.article, parsed.places
    faults = list(parsed.faults)
    extractor = article.extractor
    appearances, local = _appearances(article, places, faults)
    return Plan(
        article=article,
        key=article_key(article.id),
        extraction=None
        if extractor is None
        else extraction_key(extractor.name, extractor.version, extractor.model),
        appearances=appearances,
        statements=_statements(article, places, local, faults),
        quotes=_quotes(article, places, local, faults),
        zones=_zones(article, places, faults),
        faults=faults,
    )


def _numbered(name: str, parts: list[_Part], places: Places) -> Iterable[tuple[int, _Part]]:
    """Return the parts with the numbers that they have in the record."""
    return zip(places[name], parts, strict=True) if name in places else enumerate(parts)


def _appearances(
    article: Article, places: Places, faults: list[Fault]
) -> tuple[dict[str, Appearance], dict[str, str]]:
    """Return the entities by key, and the keys by the ids that are local to the article."""
    found: dict[str, Appearance] = {}
    local: dict[str, str] = {}
    pronouns = pronouns_of(article.language)
    for number, entity in _numbered("entities", article.entities, places):
        one = _identify(
            entity.type,
            entity.name,
            # "PERSON:1" is an id of a tool, though by its form it could be an IRI.
            entity.id if "://" in entity.id or entity.id.startswith("urn:") else "",
            tuple(entity.same_as),
        )
        if not one.name or not one.type:
            part = "type" if one.name else "name"
            faults.append(Fault(f"entities[{number}]: has no {part}", entity))
            continue
        if entity.id in local:
            faults.append(Fault(f"entities[{number}]: the id {entity.id!r} is given twice", entity))
            continue
        for given in one.not_iris:
            reason = f"entities[{number}].same_as: {given!r} is not an absolute IRI"
            faults.append(Fault(reason, given))
        for alias in filter(is_blank, entity.aliases):
            faults.append(Fault(f"entities[{number}].aliases: {alias!r} is blank", alias))
        key, basis = one.key, one.basis
        if not one.identifiers:
            if entity.local:
                key, basis = own_entity_key(one.type, one.name, article.id, entity.id), "article"
            elif one.is_value or _is_pronoun(one, pronouns):
                key, basis = local_entity_key(one.type, one.name, article.id), "article"
        local[entity.id] = key
        appearance = found.get(key)
        if appearance is None:
            appearance = found[key] = Appearance(
                key, basis, one.type, one.name, None, None, None, [], list(one.identifiers), []
            )
        _merge(appearance, entity, one)
    return found, local


def _is_pronoun(one: _Identified, pronouns: frozenset[str]) -> bool:
    # "WHO" and "US" in capitals are names.
    is_acronym = one.name.isupper() and sum(map(str.isalpha, one.name)) > 1
    return one.normalised in pronouns and not is_acronym


class _Identified(NamedTuple):
    """What follows from an entity's own fields, whatever the article."""

    type: str
    name: str
    normalised: str
    is_value: bool
    key: str
    basis: Basis
    identifiers: tuple[str, ...]
    not_iris: tuple[str, ...]


@lru_cache(maxsize=8192)
def _identify(type_: str, name: str, iri: str, same_as: tuple[str, ...]) -> _Identified:
    found = {given: canonical_identifier(given) for given in same_as}
    identifiers = sorted(
        {pair for pair in (*found.values(), iri and canonical_identifier(iri)) if pair}
    )
    type_, name = collapse(type_), collapse(name)
    return _Identified(
        type_,
        name,
        normalise_name(name),
        is_value_type(type_),
        entity_key(type_, name, identifiers),
        "identifier" if identifiers else "name",
        tuple(each for _, each in identifiers),
        tuple(given for given, pair in found.items() if pair is None),
    )


def _merge(appearance: Appearance, entity: Entity, one: _Identified) -> None:
    appearance.records.append(entity)
    if entity.aliases or one.name != appearance.name:
        names = [one.name, *map(collapse, entity.aliases)]
        appearance.aliases += [
            each
            for each in dict.fromkeys(names)
            if each and each != appearance.name and each not in appearance.aliases
        ]
    for iri in one.identifiers:
        if iri not in appearance.identifiers:
            appearance.identifiers.append(iri)
    if appearance.description is None and entity.description:
        appearance.description = entity.description.strip() or None
    if appearance.latitude is None and _is_on_earth(entity.latitude, entity.longitude):
        appearance.latitude, appearance.longitude = entity.latitude, entity.longitude


def _is_on_earth(latitude: float | None, longitude: float | None) -> bool:
    if latitude is None or longitude is None:
        return False
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def _statements(
    article: Article, places: Places, local: dict[str, str], faults: list[Fault]
) -> list[Statement]:
    statements = []
    for number, relation in _numbered("relations", article.relations, places):
        path = f"relations[{number}]"
        subject = local.get(relation.subject)
        predicate = normalise_label(relation.predicate)
        if subject is None:
            faults.append(
                Fault(f"{path}: the article has no entity {relation.subject!r} (subject)", relation)
            )
            continue
        if is_blank(predicate):
            faults.append(Fault(f"{path}: has no predicate", relation))
            continue
        object_ = value = datatype = None
        if relation.object is not None:
            if relation.value is not None:
                faults.append(Fault(f"{path}: has both an object and a value", relation))
                continue
            object_ = local.get(relation.object)
            if object_ is None:
                faults.append(
                    Fault(
                        f"{path}: the article has no entity {relation.object!r} (object)", relation
                    )
                )
                continue
        elif relation.value is None:
            faults.append(Fault(f"{path}: has neither an object nor a value", relation))
            continue
        else:
            value, datatype = _value(relation)
            if datatype == "IRI":
                value = clean_iri(value)
                if value is None:
                    faults.append(
                        Fault(f"{path}: {relation.value!r} is not an absolute IRI", relation)
                    )
                    continue
        key = relation_key(subject, predicate, object_, value or "", datatype or "")
        statements.append(
            Statement(
                key,
                subject,
                predicate,
                object_,
                value,
                datatype,
                relation,
                relation.evidence or _SOMEWHERE,
            )
        )
    return statements


def _value(relation: Relation) -> tuple[str, str]:
    """Return a relation's value as text, and its datatype: the one given, else the JSON type's."""
    value = relation.value
    if isinstance(value, bool):
        return str(value).lower(), relation.datatype or "boolean"
    if isinstance(value, (int, float)):
        return repr(value), relation.datatype or "number"
    return str(value), relation.datatype or "string"


def _quotes(
    article: Article, places: Places, local: dict[str, str], faults: list[Fault]
) -> list[tuple[str | None, Quote]]:
    quotes: list[tuple[str | None, Quote]] = []
    for number, quote in _numbered("quotes", article.quotes, places):
        speaker = None
        if quote.speaker is not None:
            speaker = local.get(quote.speaker)
            if speaker is None:
                reason = f"quotes[{number}]: the article has no entity {quote.speaker!r} (speaker)"
                faults.append(Fault(reason, quote))
                continue
        quotes.append((speaker, quote))
    return quotes


def _zones(article: Article, places: Places, faults: list[Fault]) -> list[tuple[int, int, str]]:
    zones = []
    length = None if article.text is None else len(article.text)
    for number, zone in _numbered("zones", article.zones, places):
        if not 0 <= zone.start < zone.end <= (_LONGEST if length is None else length):
            reason = f"zones[{number}]: {zone.start}-{zone.end} is not a span of the text"
            faults.append(Fault(reason, zone))
        else:
            zones.append((zone.start, zone.end, zone.zone))
    # An inner zone behind the one around it.
    return sorted(set(zones), key=lambda zone: (zone[0], -zone[1], zone[2]))
