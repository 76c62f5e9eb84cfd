"""Filters of our own in a query string: rows about an entity; and no search in what is hidden."""

from __future__ import annotations

from typing import Any

from datasette.filters import FilterArguments
from datasette.utils.asgi import Forbidden

from datasette_newsgraph.store.facets import facet_named
from datasette_newsgraph.web import line, secrecy
from datasette_newsgraph.web.graphs import find_graph
from datasette_newsgraph.web.sight import Sight, sight_of


async def filters_from_request(
    request: Any, database: str, table: str, datasette: Any
) -> FilterArguments | None:
    """Answer Datasette's hook for a page of rows. Raises Forbidden."""
    graph = await find_graph(datasette, database)
    if graph is None:
        return None
    sight = await sight_of(datasette, request.actor, graph)
    arguments = FilterArguments([])
    searched = await _searched_table(datasette, request, database, table)
    if searched in secrecy.TELLS and not _may_search(searched, sight):
        if any(key.startswith("_search") for key in request.args):
            raise Forbidden(f"You do not have permission to search {searched}")
        arguments.extra_context["supports_search"] = False
    if not graph.trouble:
        await _about_entities(arguments, request, table, sight, datasette.databases[database])
    return arguments


async def _searched_table(datasette: Any, request: Any, database: str, table: str) -> str | None:
    """Return the full-text table that Datasette would search for this page, in lower case.

    It is the one that the query string names, on 0.65 any; else the one that the user's metadata or
    ours gives; else the one that has this table for its content.
    """
    named = request.args.get("_fts_table") or await line.configured_search(
        datasette, database, table
    )
    found = named or await datasette.databases[database].fts_table(table)
    return str(found).lower() if found else None


def _may_search(searched: str, sight: Sight) -> bool:
    return secrecy.TELLS[searched] <= sight.direct


async def _about_entities(
    arguments: FilterArguments, request: Any, table: str, sight: Sight, database: Any
) -> None:
    """Keep to the rows about each entity that is asked for: ``?_entity=KEY``."""
    facet = facet_named(table, "entity")
    if facet is None:
        return
    for number, key in enumerate(request.args.getlist("_entity")):
        if not sight.sees(*facet.reads):
            raise Forbidden("You do not have permission to filter by entity")
        parameter = f"newsgraph_entity_{number}"
        entity = f"SELECT id FROM entities WHERE key = :{parameter}"
        arguments.where_clauses.append(f"id IN ({facet.rows_about(entity)})")
        arguments.params[parameter] = key
        found = await database.execute("SELECT name FROM entities WHERE key = ?", [key])
        name = found.first()[0] if found.rows else key
        arguments.human_descriptions.append(f"about “{name}”")
