"""Filters of our own in a query string, one for each linked facet; and no search in what is hidden."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest, Forbidden

from datasette_newsgraph.store.facet import Facet
from datasette_newsgraph.store.facets import ALL, FACETS, MAIN, ZONES_ARGUMENT, facet_named
from datasette_newsgraph.store.rowsets import FEW, can_list, is_up_to_date, unpack
from datasette_newsgraph.web import line
from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import Sight, sight_of

_ROWS = "SELECT rows FROM facet_rows WHERE view = ? AND facet = ? AND value = ?"
#: Where an entity is in more than one of so many articles, each row of a page is looked at rather
#: than all of the entity's gathered.
_MANY = 4


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
        await _linked(arguments, request, table, sight, datasette.databases[database])
    return arguments


def zones_asked_for(request: Any) -> str:
    """Return the zones that ``?_zones=`` names, the main ones if there is none. Raises BadRequest."""
    zones = request.args.get(ZONES_ARGUMENT) or MAIN
    if zones not in (MAIN, ALL):
        raise BadRequest(f"{ZONES_ARGUMENT} is {MAIN} or {ALL}, not {zones!r}")
    return str(zones)


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
    # Its own permission is asked for, but not that of the tables that FTS5 makes beside it.
    is_seen = searched not in secrecy.SHOWN or searched in sight.direct
    return is_seen and secrecy.TELLS[searched] <= sight.direct


async def _linked(
    arguments: FilterArguments, request: Any, table: str, sight: Sight, database: Any
) -> None:
    """Keep to the rows that go with each value asked for: ``?_entity=KEY``, ``?_predicate=WORDS`` …"""
    for facet, value, parameter in linked_filters(request, table):
        if not sight.sees(*facet.reads):
            raise Forbidden(f"You do not have permission to filter by {facet.base}")
        clause, words = await database.execute_fn(
            lambda connection, args=(table, facet, value, parameter): (
                link_clause(connection, *args),
                _words(connection, args[1], args[2]),
            )
        )
        arguments.where_clauses.append(clause)
        arguments.params[parameter] = value
        in_all = " in any zone" if facet.kept.endswith(f"@{ALL}") else ""
        arguments.human_descriptions.append(facet.says.format(words) + in_all)


def linked_filters(request: Any, table: str) -> Iterator[tuple[Facet, str, str]]:
    """Yield what a query string filters by linked facets of a table: the facet, the value, and the
    name of its parameter. Raises BadRequest.
    """
    for name in (each.name for each in FACETS.get(table, ()) if each.links):
        facet = facet_named(table, name, zones_asked_for(request))
        assert facet is not None
        for number, value in enumerate(request.args.getlist(facet.argument)):
            yield facet, value, f"newsgraph_{facet.base}_{number}"


def link_clause(
    connection: sqlite3.Connection, table: str, facet: Facet, value: str, parameter: str
) -> str:
    """Return the condition that a row of the table goes with a value, in the form that is quickest
    for how many do.
    """
    if facet.pairs and is_up_to_date(connection):
        row = connection.execute(_ROWS, [table, facet.kept, value]).fetchone()
        count = unpack(row[0]).bit_count() if row else 0
        # Of an entity an index has the rows in order; of other values they would have to be gathered.
        if row and count > FEW and not facet.of_entities and can_list(row[0]):
            return f"id IN ({facet.kept_rows(table, parameter)})"
        if facet.of_entities and count > FEW and count * _MANY > _rows(connection):
            return facet.row_has(f"{table}.id", parameter)
    return f"id IN ({facet.rows_with(parameter)})"


def _rows(connection: sqlite3.Connection) -> int:
    """Return how many articles there are at most, which is quicker than to count them."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0])


def _words(connection: sqlite3.Connection, facet: Facet, value: str) -> str:
    if not facet.of_entities:
        return value
    row = connection.execute("SELECT name FROM entities WHERE key = ?", [value]).fetchone()
    return str(row[0]) if row else f"{value} (no such entity)"
