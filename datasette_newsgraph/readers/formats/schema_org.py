"""Read articles of schema.org in JSON-LD with what they are about: ``about`` and ``mentions``.

- Objects of a type that ends in ``Article`` are read: alone, on lines, in arrays and in a ``@graph``,
  in which others are referred to by ``@id``. An article without ``about`` and ``mentions`` has
  nothing found in it; a file of such articles only is raw.
- What is in ``mentions``, ``about``, ``contentLocation`` and ``spatialCoverage`` are entities, as the
  publisher states. They are looked for in the text by their names, of which ``alternateName`` are
  others. ``sameAs`` identifies them, and so does an ``@id`` or a ``url`` of an authority that newsgraph
  knows. Words without an object are things.
- ``keywords`` are no entities, and are counted. So is what else is said of an entity, such as its
  ``jobTitle``.
- The rest says what it says of raw articles: title, date, authors, publisher, sections, language,
  terms of use and address.

Offsets: none. The text is ``articleBody``, in which all occurrences of a name are mentions.

Example::

    {"@context": "https://schema.org", "@type": "NewsArticle", "url": "https://example.org/2016/accord",
     "headline": "Colombia signs", "datePublished": "2016-09-26", "inLanguage": "en",
     "author": {"@type": "Person", "name": "Ann Smith"},
     "articleBody": "Juan Manuel Santos signed the accord in Cartagena. Santos wept.",
     "about": [{"@type": "Person", "name": "Juan Manuel Santos", "alternateName": "Santos",
                "sameAs": "https://www.wikidata.org/wiki/Q57311"}],
     "mentions": [{"@type": "City", "name": "Cartagena"}]}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import OTHER, canonical_identifier, stated_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse, is_blank
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.published.schema_entries import entries
from datasette_newsgraph.readers.published.schema_org import listed, plain, row_of, types_of
from datasette_newsgraph.readers.published.signs import NAMED_IN_ARTICLES
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.sidecar_fields import article_data

__all__ = ["entries", "parse"]

_THING = "Thing"
#: What is read of the object of an entity.
_TAKEN = frozenset(
    (
        "name",
        "legalName",
        "headline",
        "alternateName",
        "description",
        "sameAs",
        "url",
        "geo",
        "type",
        "id",
    )
)


def parse(raw: bytes) -> Parsed:
    """Make one article an article. Raises RecordError if it has no text and names nothing."""
    given = decode(raw, object)
    if not isinstance(given, dict):
        raise RecordError(f"expected a JSON object, got {type(given).__name__}")
    article = plain(given)
    data = article_data(row_of(article))
    building = Building(data.text)
    sought: set[str] = set()
    passed_over = Counter(data.passed_over)
    for key, label in NAMED_IN_ARTICLES.items():
        for number, each in enumerate(listed(article.get(key))):
            entity = _entity(building, f"{key}[{number}]", label, each, passed_over)
            if entity is not None and entity.id not in sought:
                sought.add(entity.id)
                building.seek(entity)
    if not (data.text or "").strip() and not building.entities:
        raise RecordError("no entities in it, and no articleBody")
    if article.get("keywords"):
        passed_over["keywords"] = 1
    return building.finish(
        "publisher (schema.org)",
        id=data.iri,
        local_ids=data.ids,
        passed_over=passed_over,
        **data.about,
    )


def _entity(
    building: Building, place: str, label: str | None, given: Any, passed_over: Counter[str]
) -> Entity | None:
    if isinstance(given, str):
        if is_blank(given) or "://" in given:
            # An address names nothing that could be looked for.
            building.fault(f"{place}: has no name", given)
            return None
        return building.entity(label, given)
    said = plain(given) if isinstance(given, dict) else {}
    name = next((each for each in _words(said, "name", "legalName", "headline")), "")
    if is_blank(name):
        building.fault(f"{place}: has no name", given)
        return None
    types = [each for each in types_of(said) if each != _THING]
    entity = building.entity(
        types[0] if types else label,
        name,
        aliases=[each for each in _words(said, "alternateName") if not is_blank(each)],
        same_as=_identifiers(said),
        description=next((each for each in _words(said, "description")), None),
    )
    _place(entity, said.get("geo"))
    for key, value in said.items():
        if key not in _TAKEN and not key.startswith("@") and value not in (None, "", [], {}):
            passed_over[f"{key} of {place.partition('[')[0]}"] += 1
    return entity


def _words(said: dict[str, Any], *keys: str) -> Iterator[str]:
    for key in keys:
        for each in listed(said.get(key)):
            words = each.get("@value") if isinstance(each, dict) else each
            if isinstance(words, str) and words.strip():
                yield collapse(words)


def _identifiers(said: dict[str, Any]) -> list[str]:
    """Return the IRIs of the same thing elsewhere."""
    stated = [
        each.get("@id") if isinstance(each, dict) else each for each in listed(said.get("sameAs"))
    ]
    found = [iri for each in stated if isinstance(each, str) and (iri := stated_iri(each))]
    for each in (*listed(said.get("@id")), *listed(said.get("url"))):
        # A page of the publisher's own, or a website, is nothing that identifies it elsewhere.
        known = canonical_identifier(each) if isinstance(each, str) else None
        if known is not None and known[0] != OTHER:
            found.append(each)
    return found


def _place(entity: Entity, geo: Any) -> None:
    said = plain(geo) if isinstance(geo, dict) else {}
    try:
        latitude, longitude = float(said["latitude"]), float(said["longitude"])
    except (KeyError, TypeError, ValueError):
        return
    if -90 <= latitude <= 90 and -180 <= longitude <= 180:
        entity.latitude, entity.longitude = latitude, longitude
