"""Links to our pages in Datasette's menus, for who may see what they lead to."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.kinds import BY_TABLE
from datasette_newsgraph.web.access.graphs import find_graph, find_graphs
from datasette_newsgraph.web.access.sight import sees_any, sight_of
from datasette_newsgraph.web.links import Links, graphs_page

Menu = list[dict[str, str]]


async def menu_links(datasette: Any, actor: Any) -> Menu:
    """Return the entry of the menu that every page has."""
    if not await sees_any(datasette, actor, await find_graphs(datasette)):
        return []
    return [{"href": graphs_page(datasette), "label": "News graphs"}]


async def database_actions(datasette: Any, actor: Any, database: str) -> Menu:
    """Return the entry of a database's menu."""
    graph = await find_graph(datasette, database)
    if graph is None or not await sees_any(datasette, actor, [graph]):
        return []
    return [
        {
            "href": Links(datasette, database).home,
            "label": "News graph",
            "description": "Overview of its articles and what they name, and downloads as RDF",
        }
    ]


async def table_actions(datasette: Any, actor: Any, database: str, table: str) -> Menu:
    """Return the entry of the menu of one of our tables or views."""
    if table not in BY_TABLE:
        return []
    return await database_actions(datasette, actor, database)


async def row_actions(datasette: Any, actor: Any, database: str, table: str, row: Any) -> Menu:
    """Return the entries of a row's menu: its own page, or where its article has it."""
    graph = await find_graph(datasette, database)
    if table not in BY_TABLE or graph is None:
        return []
    sight = await sight_of(datasette, actor, graph)
    links, kind = Links(datasette, database), BY_TABLE[table].name
    if sight.is_blind or not sight.lists(table) or not isinstance(row["key"], str):
        return []
    return [
        {
            "href": links.identifier(kind, row["key"]),
            "label": f"Read about this {kind}",
            "description": "The page of the news graph that describes it",
        },
        *await database_actions(datasette, actor, database),
    ]
