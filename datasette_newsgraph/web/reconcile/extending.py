"""What else a client may have of the entities that it has reconciled: columns for its table.

The data extension service of version 0.2, sections 7.1 (which properties there are) and 7.2 (their
values). A visitor is offered, and told, what the visitor may see.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec
from datasette.utils.asgi import BadRequest
from datasette.views.base import DatasetteError

from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.web.access.arguments import number_argument, text_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.known_under import known_under
from datasette_newsgraph.web.parts.identifiers import identifiers_of
from datasette_newsgraph.web.rdf.former import now_under_key
from datasette_newsgraph.web.reconcile.asked import BATCH
from datasette_newsgraph.web.reconcile.entity_rows import name_of

_ENTITIES = (
    "SELECT entities.id AS number, key, name, entities.type AS type, description, alias_text,"
    " latitude, longitude, {counts} FROM entities{join}"
    " WHERE key IN (SELECT value FROM json_each(?))"
)
_COUNTS = ("articles", "mentions", "first_seen", "last_seen")
_COUNTED = " LEFT JOIN entity_counts ON entity_id = entities.id"

#: Values as the specification has them: each an object with the kind of value as its only field.
_Values = list[dict[str, Any]]


class Property(NamedTuple):
    """A property of entities: what of them it tells, by ``values``; ``needs`` are the tables that a
    visitor has to see, besides entities.
    """

    id: str
    name: str
    needs: tuple[str, ...]
    values: Callable[[Visit, Any], Any]


def _column(name: str, kind: str = "str") -> Callable[[Visit, Any], _Values]:
    return lambda visit, row: _listed([row[name]], kind)


def _listed(values: Iterable[Any], kind: str = "str") -> _Values:
    return [{kind: each} for each in values if each not in (None, "")]


async def _identifiers(visit: Visit, row: Any) -> _Values:
    return _listed(await identifiers_of(visit, row["number"]))


async def _former_names(visit: Visit, row: Any) -> _Values:
    found = await known_under(visit, row["key"], row["number"])
    names = dict.fromkeys(each.name for each in found)
    return _listed(each for each in names if each != row["name"])


def _page(visit: Visit, row: Any) -> _Values:
    page = visit.links.page(ENTITY.name, row["key"])
    return _listed([visit.datasette.absolute_url(visit.request, page)])


#: All properties, the most asked for first. None is only of some types.
PROPERTIES: dict[str, Property] = {
    each.id: each
    for each in (
        Property("name", "Name", (), lambda visit, row: _listed([name_of(row["name"])])),
        Property("type", "Type", (), _column("type")),
        Property("description", "Description", (), _column("description")),
        Property("identifiers", "Identifiers", ("identifiers",), _identifiers),
        Property(
            "other_names",
            "Other names",
            (),
            lambda visit, row: _listed((row["alias_text"] or "").split("\n")),
        ),
        Property("former_names", "Former names", ("decided", "as_given"), _former_names),
        Property("articles", "Number of articles", ("entity_counts",), _column("articles", "int")),
        Property("mentions", "Number of mentions", ("entity_counts",), _column("mentions", "int")),
        # Dates may be partial, and then are no dates as the specification has them.
        Property("first_seen", "First seen", ("entity_counts",), _column("first_seen")),
        Property("last_seen", "Last seen", ("entity_counts",), _column("last_seen")),
        Property("latitude", "Latitude", (), _column("latitude", "float")),
        Property("longitude", "Longitude", (), _column("longitude", "float")),
        Property("page", "Page", (), _page),
    )
}


class _Asked(msgspec.Struct):
    id: str


class _Extension(msgspec.Struct):
    ids: list[str]
    properties: list[_Asked]


def proposed(visit: Visit) -> dict[str, Any]:
    """Return the properties that a client may offer for a ``type``. Raises BadRequest."""
    type_ = text_argument(visit.request, "type")
    limit = number_argument(visit.request, "limit", len(PROPERTIES))
    offered = [each for each in PROPERTIES.values() if _may_see(visit, each)][:limit]
    told: dict[str, Any] = {"type": type_} if type_ else {}
    return told | {"limit": limit, "properties": [_described(each) for each in offered]}


async def extended(visit: Visit, text: str) -> dict[str, Any]:
    """Return the values of properties of entities that are asked for in JSON. Nothing is told of what
    is not there or not to be seen. Raises BadRequest, and a DatasetteError of status 413.
    """
    try:
        asked = msgspec.json.decode(text, type=_Extension)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise BadRequest(f"extend is not JSON as the specification has it: {error}.") from error
    ids = list(dict.fromkeys(asked.ids))
    if len(ids) > BATCH:
        raise DatasetteError(f"Up to {BATCH} entities may be asked for.", status=413)
    names = list(dict.fromkeys(each.id for each in asked.properties))
    if not PROPERTIES.keys() >= {*names}:
        raise BadRequest(f"properties may be: {', '.join(PROPERTIES)}.")
    properties = [PROPERTIES[each] for each in names]
    rows = await _rows(visit, ids)
    return {
        "meta": [_described(each) for each in properties],
        "rows": {
            key: {each.id: await _values(visit, each, rows.get(key)) for each in properties}
            for key in ids
        },
    }


async def _rows(visit: Visit, keys: list[str]) -> dict[str, Any]:
    """Return entities by the keys by which they are asked for, be they former ones."""
    found = await _of_keys(visit, keys)
    led = {key: await _now_under(visit, key) for key in keys if key not in found}
    now = await _of_keys(visit, [each for each in led.values() if each])
    return found | {key: now[each] for key, each in led.items() if each in now}


async def _of_keys(visit: Visit, keys: list[str]) -> dict[str, Any]:
    is_counted = visit.sight.sees("entity_counts")
    counts = ", ".join(each if is_counted else f"NULL AS {each}" for each in _COUNTS)
    query = _ENTITIES.format(counts=counts, join=_COUNTED if is_counted else "")
    return {row["key"]: row for row in await visit.rows(query, json.dumps(keys))}


async def _now_under(visit: Visit, key: str) -> str | None:
    try:
        return await now_under_key(visit, ENTITY, key)
    except DatasetteError:
        # It was decided to be wrong.
        return None


async def _values(visit: Visit, asked: Property, row: Any) -> _Values:
    if row is None or not _may_see(visit, asked):
        return []
    found = asked.values(visit, row)
    values: _Values = found if isinstance(found, list) else await found
    return values


def _may_see(visit: Visit, asked: Property) -> bool:
    return visit.sight.sees(*asked.needs)


def _described(each: Property) -> dict[str, str]:
    return {"id": each.id, "name": each.name}
