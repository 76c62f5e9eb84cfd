"""Read news items of ninjs that name people, organisations, places, objects and events.

- Versions 1 (``person``, ``organisation``) and 2 (``people``, ``organisations``) of the IPTC's format
  are read, one item a line, or an array. An item that names nothing has nothing found in it; a file
  of such items only is raw.
- What is named are entities, as the publisher states. They are looked for in the text by their names.
  ``subject`` are concepts and, as for raw items, the sections of the article.
- A ``uri``, and a ``code`` of a ``scheme`` that is an address, identify an entity. ``confidence`` is
  from 0 to 100. ``rel`` and ``relevance`` are left out.

Offsets: none. The text is ``body_text``, or that of the body in HTML, in which all occurrences of a
name are mentions.

Example::

    {"uri": "https://example.org/items/2014-scotland", "type": "text", "language": "en",
     "headline": "Scotland votes No", "byline": "Ann Smith", "versioncreated": "2014-09-19T07:00:00Z",
     "body_text": "Alex Salmond conceded in Edinburgh. Scotland stays.",
     "person": [{"name": "Alex Salmond", "rel": "about", "uri": "http://www.wikidata.org/entity/Q9545"}],
     "place": [{"name": "Edinburgh"}, {"name": "Scotland"}],
     "subject": [{"name": "referendum", "scheme": "http://cv.iptc.org/newscodes/mediatopic/",
                  "code": "20000580"}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import stated_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import is_blank
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.published.ninjs import row_of
from datasette_newsgraph.readers.published.pages import text_of_html
from datasette_newsgraph.readers.published.schema_org import listed
from datasette_newsgraph.readers.published.signs import NAMED_IN_ITEMS
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.sidecar_fields import article_data

__all__ = ["entries", "parse"]


def parse(raw: bytes) -> Parsed:
    """Make one item an article. Raises RecordError if it has no text and names nothing."""
    item = decode(raw, object)
    if not isinstance(item, dict):
        raise RecordError(f"expected a JSON object, got {type(item).__name__}")
    row = row_of(item)
    page = row.pop("html", None)
    if isinstance(page, str):
        row["text"] = text_of_html(page)
    data = article_data(row)
    building = Building(data.text)
    for key, label in NAMED_IN_ITEMS.items():
        for number, each in enumerate(listed(item.get(key))):
            _add(building, f"{key}[{number}]", label, each)
    if not (data.text or "").strip() and not building.entities:
        raise RecordError("no entities in it, and no body")
    return building.finish(
        "publisher (ninjs)",
        id=data.iri,
        local_ids=data.ids,
        passed_over=data.passed_over,
        **data.about,
    )


def _add(building: Building, place: str, label: str, given: Any) -> None:
    said: Mapping[str, Any] = given if isinstance(given, dict) else {"name": given}
    name = said.get("name") or said.get("literal")
    if not isinstance(name, str) or is_blank(name):
        building.fault(f"{place}: has no name", given)
        return
    before = len(building.entities)
    entity = building.entity(label, name, same_as=_identifiers(said))
    _locate(entity, said.get("geojson") or said.get("geometry_geojson"))
    if len(building.entities) > before:
        building.seek(entity, confidence=_confidence(said.get("confidence")))


def _identifiers(said: Mapping[str, Any]) -> list[str]:
    scheme, code = said.get("scheme"), said.get("code")
    given = [said.get("uri"), code]
    if isinstance(scheme, str) and isinstance(code, str) and "://" in scheme:
        given.append(scheme.rstrip("/") + "/" + code)
    return [iri for each in given if isinstance(each, str) and (iri := stated_iri(each))]


def _confidence(given: Any) -> float | None:
    is_one = isinstance(given, (int, float)) and not isinstance(given, bool) and 0 <= given <= 100
    return given / 100 if is_one else None


def _locate(entity: Entity, given: Any) -> None:
    """Take the point where a place lies, longitude first."""
    match given:
        case {
            "type": "Point",
            "coordinates": [int() | float() as east, int() | float() as north, *_],
        }:
            if -90 <= north <= 90 and -180 <= east <= 180:
                entity.latitude, entity.longitude = float(north), float(east)
