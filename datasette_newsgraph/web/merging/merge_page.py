"""Merge an entity with another one: it is looked for by name, then both are shown side by side."""

from __future__ import annotations

from datasette.utils.asgi import BadRequest, Forbidden

from datasette_newsgraph.errors import UnknownKey
from datasette_newsgraph.web.access.arguments import text_argument
from datasette_newsgraph.web.access.deciding import deciding_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.sides import sides_of
from datasette_newsgraph.web.merging.another import Finding, another
from datasette_newsgraph.web.page_contexts import MergePage


async def merging(visit: Visit, find: Finding) -> MergePage:
    """Return what the page shows on which an entity (``key``) is merged with another one (``with``), or
    that one is looked for (``q``). Raises Forbidden, BadRequest, UnknownKey.
    """
    if not (await deciding_of(visit)).is_allowed:
        raise Forbidden("You do not have permission to decide")
    key = text_argument(visit.request, "key")
    if not key:
        raise BadRequest("key has to be given: that of an entity.")
    other = await another(visit, key, "with", find)
    keys = [each for each in (key, other.chosen) if each]
    sides = await sides_of(visit, keys)
    for each in keys:
        if each not in sides:
            raise UnknownKey("There is no such entity")
    pair = [sides[each] for each in dict.fromkeys(keys)]
    return {
        "pair": pair,
        "kept": max(pair, key=lambda each: each.weight).key,
        "asked_for": other.typed,
        "hits": other.hits,
        "trail": [
            ("Entities", None),
            (pair[0].name, visit.links.page("entity", key)),
            ("Merge", None),
        ],
    }
