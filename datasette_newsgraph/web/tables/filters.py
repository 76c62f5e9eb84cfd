"""Filters of our own in a query string, one for each linked facet; and no search in what is hidden."""

from __future__ import annotations

import functools
import operator
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from datasette.filters import FilterArguments
from datasette.utils.asgi import BadRequest, Forbidden

from datasette_newsgraph.facets.catalogue import ALL, FACETS, MAIN, ZONES_ARGUMENT, facet_named
from datasette_newsgraph.facets.definition import ROWS_FUNCTION, Facet
from datasette_newsgraph.facets.rowsets import FEW, TOGETHER, can_list, is_up_to_date, unpack
from datasette_newsgraph.store.schema import FULL_TEXT
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web import line
from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.parts.counting import stored_set
from datasette_newsgraph.web.parts.typography import unturned
from datasette_newsgraph.web.tables.asking import asked_in_our_form
from datasette_newsgraph.web.tables.request_limits import refuse_too_many

#: The full-text tables that index what is folded.
_OURS = frozenset(f"{table}_fts" for table in FULL_TEXT)
#: Where more than one of so many rows is asked for, those of a page are looked for one by one in their
#: order rather than all gathered.
_MANY = 4


async def filters_from_request(
    request: Any, database: str, table: str, datasette: Any
) -> FilterArguments | None:
    """Answer Datasette's hook for a page of rows. Raises BadRequest and Forbidden."""
    graph = await find_graph(datasette, database)
    if graph is None:
        return None
    refuse_too_many(request, table)
    sight = await sight_of(datasette, request.actor, graph)
    arguments = FilterArguments([])
    searched, is_raw = await _searched_table(datasette, request, database, table)
    if searched in secrecy.TELLS and not _may_search(searched, sight):
        if any(key.startswith("_search") for key in request.args):
            raise Forbidden(f"You do not have permission to search {searched}")
        arguments.extra_context["supports_search"] = False
    if not graph.trouble:
        if searched in _OURS:
            arguments.params |= asked_in_our_form(request.args, is_raw=is_raw)
        await _linked(arguments, request, table, sight, datasette.databases[database])
    return arguments


def zones_asked_for(request: Any) -> str:
    """Return the zones that ``?_zones=`` names, the main ones if there is none. Raises BadRequest."""
    zones = request.args.get(ZONES_ARGUMENT) or MAIN
    if zones not in (MAIN, ALL):
        raise BadRequest(f"{ZONES_ARGUMENT} is {MAIN} or {ALL}, not {zones!r}")
    return str(zones)


async def _searched_table(
    datasette: Any, request: Any, database: str, table: str
) -> tuple[str | None, bool]:
    """Return the full-text table that Datasette would search for this page, in lower case, and whether
    the configuration has it searched in FTS5's own language.

    It is the one that the query string names, on 0.65 any; else the one that the user's metadata or
    ours gives; else the one that has this table for its content.
    """
    configured, is_raw = await line.configured_search(datasette, database, table)
    named = request.args.get("_fts_table") or configured
    found = named or await datasette.databases[database].fts_table(table)
    return (str(found).lower() if found else None), is_raw


def _may_search(searched: str, sight: Sight) -> bool:
    # Its own permission is asked for, but not that of the tables that FTS5 makes beside it.
    is_seen = searched not in secrecy.SHOWN or sight.lists(searched)
    return is_seen and all(map(sight.lists, secrecy.TELLS[searched]))


async def _linked(
    arguments: FilterArguments, request: Any, table: str, sight: Sight, database: Any
) -> None:
    """Keep to the rows that go with each value asked for: ``?_entity=KEY``, ``?_predicate=WORDS`` …"""
    filters = list(linked_filters(request, table))
    for facet, *_ in filters:
        if not sight.sees(*facet.reads):
            raise Forbidden(f"You do not have permission to filter by {facet.base}")
    if not filters:
        return
    clauses, words = await database.execute_fn(
        lambda connection: (
            link_clauses(connection, table, filters),
            [_words(connection, facet, value) for facet, value, _ in filters],
        )
    )
    arguments.where_clauses += clauses
    for (facet, value, parameter), name in zip(filters, words, strict=True):
        arguments.params[parameter] = value
        in_all = " in any zone" if facet.kept.endswith(f"@{ALL}") else ""
        # The page's title has it, too.
        arguments.human_descriptions.append(facet.says.format(unturned(name)) + in_all)


def linked_filters(request: Any, table: str) -> Iterator[tuple[Facet, str, str]]:
    """Yield what a query string filters by linked facets of a table: the facet, the value, and the
    name of its parameter. Raises BadRequest.
    """
    for name in (each.name for each in FACETS.get(table, ()) if each.links):
        facet = facet_named(table, name, zones_asked_for(request))
        assert facet is not None
        for number, value in enumerate(request.args.getlist(facet.argument)):
            yield facet, value, f"newsgraph_{facet.base}_{number}"


def link_clauses(
    connection: sqlite3.Connection, table: str, filters: Iterable[tuple[Facet, str, str]]
) -> list[str]:
    """Return conditions that together hold for a row of the table if it goes with each value, in the
    form that is quickest for how many do.
    """
    is_kept = is_up_to_date(connection)
    clauses, together = [], []
    for facet, value, parameter in filters:
        stored = None
        if is_kept and facet.pairs:
            stored = stored_set(connection, table, facet, value)
        if stored is None:
            clauses.append(_has(facet, parameter))
        else:
            together.append((facet, parameter, stored))
    for first in range(0, len(together), TOGETHER):
        clauses += _in_sets(connection, table, together[first : first + TOGETHER])
    return clauses


def _has(facet: Facet, parameter: str) -> str:
    return f"id IN ({facet.rows_with(parameter)})"


def _in_sets(
    connection: sqlite3.Connection, table: str, together: list[tuple[Facet, str, bytes]]
) -> list[str]:
    """Return the conditions that a row is in each of these sets, of facets' values by parameters."""
    stored = [each for *_, each in together]
    count = functools.reduce(operator.and_, map(unpack, stored)).bit_count()
    is_dense = count * _MANY > _highest(connection, table)
    if len(together) == 1:
        facet, parameter, _ = together[0]
        if facet.of_entities and is_dense:
            return [facet.row_has(f"{table}.id", parameter)]
        # Of an entity an index has the rows in order; of other values they would have to be gathered.
        if facet.of_entities or count <= FEW:
            return [_has(facet, parameter)]
    if not can_list(*stored):
        return [_has(facet, parameter) for facet, parameter, _ in together]
    sets = ", ".join(facet.stored_set(table, parameter) for facet, parameter, _ in together)
    # A plus keeps SQLite from looking up each of so many rows to sort them then.
    row = "+id" if is_dense else "id"
    return [f"{row} IN (SELECT value FROM json_each({ROWS_FUNCTION}({sets})))"]


def _highest(connection: sqlite3.Connection, view: str) -> int:
    """Return the highest row number of a view, which is quicker than to count its rows."""
    columns, source = VIEWS[view]
    return int(
        connection.execute(f"SELECT coalesce(max({columns['id']}), 0) FROM {source}").fetchone()[0]
    )


def _words(connection: sqlite3.Connection, facet: Facet, value: str) -> str:
    if not facet.of_entities:
        return value
    row = connection.execute("SELECT name FROM entities WHERE key = ?", [value]).fetchone()
    return str(row[0]) if row else f"{value} (no such entity)"
