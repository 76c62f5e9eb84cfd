"""Merge an entity with another one: it is looked for by name, then both are shown side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette.utils.asgi import BadRequest, Forbidden

from datasette_newsgraph.decisions.keys import key_meant
from datasette_newsgraph.errors import UnknownKey
from datasette_newsgraph.web.access.arguments import text_argument
from datasette_newsgraph.web.access.deciding import deciding_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.sides import sides_of
from datasette_newsgraph.web.page_contexts import MergePage

#: What finds entities by the words that are typed: as rows.
Finding = Callable[[Visit, str], Awaitable[list[Any]]]


async def merging(visit: Visit, find: Finding) -> MergePage:
    """Return what the page shows on which an entity (``key``) is merged with another one (``with``), or
    that one is looked for (``q``). Raises Forbidden, BadRequest, UnknownKey.
    """
    if not (await deciding_of(visit)).is_allowed:
        raise Forbidden("You do not have permission to decide")
    key, other = text_argument(visit.request, "key"), text_argument(visit.request, "with")
    typed = text_argument(visit.request, "q") or ""
    if not key:
        raise BadRequest("key has to be given: that of an entity.")
    if typed and not other:
        # A key, an identifier or the address of a page names the entity itself.
        meant = key_meant(typed)
        other = meant if await visit.row("SELECT 1 FROM entities WHERE key = ?", meant) else None
    keys = [each for each in (key, other) if each]
    sides = await sides_of(visit, keys)
    for each in keys:
        if each not in sides:
            raise UnknownKey("There is no such entity")
    pair = [sides[each] for each in dict.fromkeys(keys)]
    return {
        "pair": pair,
        "kept": max(pair, key=lambda each: each.weight).key,
        "asked_for": typed,
        "hits": [row for row in await find(visit, typed) if row["key"] != key] if typed else [],
        "trail": [
            ("Entities", None),
            (pair[0].name, visit.links.page("entity", key)),
            ("Merge", None),
        ],
    }
