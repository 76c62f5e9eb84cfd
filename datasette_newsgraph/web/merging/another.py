"""Another entity that is looked for, to merge one with it or to split articles off into it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from datasette_newsgraph.decisions.entities_meant import shown_key
from datasette_newsgraph.decisions.keys import key_meant
from datasette_newsgraph.web.access.arguments import text_argument
from datasette_newsgraph.web.access.visit import Visit

#: What finds entities by the words that are typed: as rows.
Finding = Callable[[Visit, str], Awaitable[list[Any]]]


class Another(NamedTuple):
    """The key of the entity that was chosen; or what was ``typed`` to find one, and what was found."""

    chosen: str | None
    typed: str
    hits: list[Any]


async def another(visit: Visit, key: str, argument: str, find: Finding) -> Another:
    """Return what is looked for beside the entity of a ``key``: chosen by an ``argument`` of the
    address, or typed (``q``). Raises BadRequest.
    """
    chosen, typed = text_argument(visit.request, argument), text_argument(visit.request, "q") or ""
    if typed and not chosen:
        # A key, an identifier or the address of a page names the entity itself.
        meant = await visit.read(lambda each: shown_key(each, key_meant(typed)))
        chosen = meant if await visit.row("SELECT 1 FROM entities WHERE key = ?", meant) else None
    hits = [row for row in await find(visit, typed) if row["key"] != key] if typed else []
    return Another(chosen, typed, hits)
