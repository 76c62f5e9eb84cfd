"""The way in to a graph from Datasette's own pages: from the front page, a database and a row; and from
an address of ours at which nothing is shown.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from datasette.utils import tilde_decode

from datasette_newsgraph.kinds import BY_TABLE
from datasette_newsgraph.metadata.descriptions import DESCRIPTIONS
from datasette_newsgraph.store.schema import SEARCHED
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.access.graphs import Graph, find_graph, find_graphs
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.frame import error_page
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.tables.menus import menu_links

#: The templates of what goes wrong.
_ERROR = re.compile(r"(error|[0-9]{3})\.html")
#: Graphs that the front page names; all are in the list of graphs.
NAMED = 20


@dataclass(frozen=True)
class Entrance:
    """Where one graph can be entered: its overview, and its views with what they are called.

    ``trouble`` says why a graph cannot be read, and what to do; ``unlisted`` are the views that are for
    full-text search alone.
    """

    name: str
    links: Links
    sight: Sight
    views: tuple[tuple[str, str], ...]
    trouble: str | None
    unlisted: tuple[str, ...] = tuple(SEARCHED.values())


async def template_vars(
    datasette: Any,
    template: str,
    view_name: str | None,
    database: str | None,
    table: str | None,
    request: Any,
) -> dict[str, Any]:
    """Return what the templates of Datasette's own pages are given for the way in.

    Nothing is read but who may see what; a graph of which the visitor sees nothing leaves no trace.
    """
    if request is None:
        return {}
    if _ERROR.fullmatch(template):
        return await _from_error(datasette, request) if error_page.is_ours(request) else {}
    if view_name == "index":
        found = [
            each
            for graph in await find_graphs(datasette)
            if (each := await _entrance(datasette, request, graph)) is not None
        ]
        return {"newsgraph_entrances": found[:NAMED], "newsgraph_has_more": len(found) > NAMED}
    if view_name not in ("database", "row") or database is None:
        return {}
    if view_name == "row" and table not in DESCRIPTIONS:
        return {}
    graph = await find_graph(datasette, database)
    entrance = None if graph is None else await _entrance(datasette, request, graph)
    kind = BY_TABLE.get(table or "")
    return {"newsgraph_entrance": entrance, "newsgraph_kind": kind and kind.name}


async def _from_error(datasette: Any, request: Any) -> dict[str, Any]:
    """Return the way on from an address of ours at which nothing is shown."""
    database, entrance = None, None
    with suppress(KeyError):
        route = tilde_decode(request.url_vars["database"])
        database = datasette.get_database(route=route).name
        graph = await find_graph(datasette, database)
        entrance = None if graph is None else await _entrance(datasette, request, graph)
    return {
        "newsgraph_is_ours": True,
        "newsgraph_database": database,
        "newsgraph_entrance": entrance,
        "newsgraph_list": await menu_links(datasette, request.actor),
    }


async def _entrance(datasette: Any, request: Any, graph: Graph) -> Entrance | None:
    """Return the entrance to a graph, or None where the visitor may see nothing of it."""
    sight = await sight_of(datasette, request.actor, graph)
    if sight.is_blind:
        return None
    links = Links(datasette, graph.name)
    views = tuple(
        (DESCRIPTIONS[view].title, links.rows(view))
        for view in VIEWS
        if sight.sees(view) and not graph.trouble
    )
    return Entrance(graph.name, links, sight, views, graph.trouble)
