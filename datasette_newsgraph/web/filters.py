"""Filters of our own in a query string: rows about an entity; and no search in what is hidden."""

from __future__ import annotations

from typing import Any

from datasette.filters import FilterArguments
from datasette.utils.asgi import Forbidden

from datasette_newsgraph.descriptions import DESCRIPTIONS
from datasette_newsgraph.store.facets import facet_named
from datasette_newsgraph.store.schema import FULL_TEXT
from datasette_newsgraph.web import secrecy
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
    searched = _searched_table(request, table)
    if searched in secrecy.TELLS and not _may_search(searched, sight):
        if any(key.startswith("_search") for key in request.args):
            raise Forbidden(f"You do not have permission to search {searched}")
        arguments.extra_context["supports_search"] = False
    if not graph.trouble:
        await _about_entities(arguments, request, table, sight, datasette.databases[database])
    return arguments


def _searched_table(request: Any, table: str) -> str | None:
    """Return the full-text table that Datasette would search for this page.

    0.65 takes any from the query string, for any page.
    """
    named = request.args.get("_fts_table")
    if named:
        return str(named).lower()
    description = DESCRIPTIONS.get(table)
    if description is not None and description.fts_table:
        return description.fts_table
    return f"{table}_fts" if table in FULL_TEXT else None


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
