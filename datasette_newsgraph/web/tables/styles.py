"""Our style sheets on Datasette's own pages of a graph."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.web.access.graphs import find_graph, find_graphs
from datasette_newsgraph.web.access.sight import sees_any
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.tables.pages import DATABASE, SERVER, kind_of_page

#: Colours by day and by night; how our tables, views and queries are laid out; Datasette by night.
_COLOURS, _TABLES, _NIGHT = "newsgraph.css", "newsgraph-tables.css", "newsgraph-night.css"


async def css_urls(datasette: Any, request: Any, **told: Any) -> list[str]:
    """Return the addresses of our style sheets for a page of Datasette's that shows something of ours
    to this visitor.

    A user's own style sheet knows of no night, so where there is one Datasette's pages stay light.
    """
    kind = kind_of_page(datasette, **told)
    if kind is None or request is None:
        return []
    if kind in (SERVER, DATABASE) and not await _shows(datasette, request, told["database"]):
        return []
    sheets = [_COLOURS] if kind in (SERVER, DATABASE) else [_COLOURS, _TABLES]
    if not lines.has_own_styles(datasette):
        sheets.append(_NIGHT)
    # Not as ``str``: Datasette would put its ``base_url`` before them again.
    return [datasette.urls.static_plugins("datasette_newsgraph", each) for each in sheets]


async def _shows(datasette: Any, request: Any, database: str | None) -> bool:
    """Tell whether the visitor may see anything of the database's graph, or of any on the server."""
    if database is None:
        return await sees_any(datasette, request.actor, await find_graphs(datasette))
    graph = await find_graph(datasette, database)
    return graph is not None and await sees_any(datasette, request.actor, [graph])
