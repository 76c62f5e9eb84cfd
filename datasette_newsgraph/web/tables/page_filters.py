"""The filter of a page of rows, from its query string: values of linked facets beside what Datasette
and other plugins filter by; and no search in what is hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from datasette.filters import FilterArguments, Filters
from datasette.utils import await_me_maybe
from datasette.utils.asgi import BadRequest, Forbidden

from datasette_newsgraph.facets.catalogue import (
    ALL,
    FACETS,
    MAIN,
    ZONES_ARGUMENT,
    column_facet,
    facet_named,
)
from datasette_newsgraph.facets.clauses import LinkedValue, link_clauses
from datasette_newsgraph.facets.filtering import Condition, PageFilter
from datasette_newsgraph.metadata.descriptions import DESCRIPTIONS
from datasette_newsgraph.store.schema import FULL_TEXT
from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.datasette import lines, one_request
from datasette_newsgraph.web.parts.typography import unturned
from datasette_newsgraph.web.tables.asking import asked_in_our_form
from datasette_newsgraph.web.tables.request_limits import refuse_too_many

#: The full-text tables that index what is folded.
_OURS = frozenset(f"{table}_fts" for table in FULL_TEXT)
#: Datasette's filters of a column that a facet's values may be chosen by: whether of a JSON array.
_LOOKUPS = {"exact": False, "arraycontains": True}


async def filters_from_request(
    others: Iterable[Any], request: Any, database: str, table: str, datasette: Any
) -> FilterArguments:
    """Answer Datasette's hook for a page of rows with what ``others`` answer, Datasette itself and
    other plugins, and then our own. Raises what they raise, BadRequest and Forbidden.
    """
    arguments = await _joined(others)
    graph = await find_graph(datasette, database)
    if graph is None:
        return arguments
    refuse_too_many(request, table)
    sight = await sight_of(datasette, request.actor, graph)
    searched, is_raw = await _searched_table(datasette, request, database, table)
    if searched in secrecy.TELLS and not _may_search(searched, sight):
        if any(key.startswith("_search") for key in request.args):
            raise Forbidden(f"You do not have permission to search {searched}")
        arguments.extra_context["supports_search"] = False
    if not graph.trouble:
        if searched in _OURS:
            arguments.params |= asked_in_our_form(request.args, is_raw=is_raw)
        if table in FACETS:
            await _filter(arguments, request, table, sight, datasette.databases[database])
    return arguments


async def _joined(others: Iterable[Any]) -> FilterArguments:
    """Return the answers of others as one, in the way in which Datasette joins them."""
    joined = FilterArguments([])
    for each in others:
        # Not begun before it is its turn: the one before may refuse the request.
        answer = await await_me_maybe(each)
        if answer:
            joined.where_clauses.extend(answer.where_clauses)
            joined.params.update(answer.params)
            joined.human_descriptions.extend(answer.human_descriptions)
            joined.extra_context.update(answer.extra_context)
    return joined


def page_filter(request: Any, database: str, view: str) -> PageFilter:
    """Return what the page of a view under way is filtered by, as its hook has found it out."""
    found: PageFilter = one_request.remembered().setdefault(
        _key(request, database, view), PageFilter(view)
    )
    return found


def _key(request: Any, database: str, view: str) -> tuple[Any, ...]:
    """Return what the filter of a page is remembered by: within one request, a plugin may ask for the
    rows of several pages.
    """
    return PageFilter, database, view, request.query_string


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
    configured, is_raw = await lines.configured_search(datasette, database, table)
    named = request.args.get("_fts_table") or configured
    found = named or await datasette.databases[database].fts_table(table)
    return (str(found).lower() if found else None), is_raw


def _may_search(searched: str, sight: Sight) -> bool:
    # Its own permission is asked for, but not that of the tables that FTS5 makes beside it.
    is_seen = searched not in secrecy.SHOWN or sight.lists(searched)
    return is_seen and all(map(sight.lists, secrecy.TELLS[searched]))


async def _filter(
    arguments: FilterArguments, request: Any, view: str, sight: Sight, database: Any
) -> None:
    """Keep to the rows that go with each value asked for: ``?_entity=KEY``, ``?_predicate=WORDS`` …
    And keep what the page is filtered by for its facets.
    """
    linked = list(_linked_values(request, view))
    for each in linked:
        if not sight.sees(*each.facet.reads):
            raise Forbidden(f"You do not have permission to filter by {each.facet.base}")
    conditions, params = _of_columns(request, view)
    conditions += _of_others(arguments, view)
    clauses: list[str] = []
    if linked:
        clauses, words = await database.execute_fn(
            lambda connection: (
                link_clauses(connection, view, linked),
                [each.words(connection) for each in linked],
            )
        )
        arguments.where_clauses += clauses
        arguments.params |= {each.parameter: each.value for each in linked}
        # The page's title has it, too.
        arguments.human_descriptions += [
            each.describe(unturned(name)) for each, name in zip(linked, words, strict=True)
        ]
    one_request.remembered()[_key(request, database.name, view)] = PageFilter(
        view, conditions, linked, clauses, params | arguments.params
    )


def _linked_values(request: Any, view: str) -> Iterator[LinkedValue]:
    """Yield the values of linked facets of a view that a query string filters by. Raises BadRequest."""
    for name in (each.name for each in FACETS[view] if each.links):
        facet = facet_named(view, name, zones_asked_for(request))
        assert facet is not None
        for number, value in enumerate(request.args.getlist(facet.argument)):
            yield LinkedValue(facet, value, f"newsgraph_{facet.base}_{number}")


def _of_columns(request: Any, view: str) -> tuple[list[Condition], dict[str, Any]]:
    """Return the conditions that Datasette makes of a query string's columns, and their parameters."""
    columns = (key for key in request.args if not key.startswith("_") or "__" in key)
    filters = Filters(sorted((key, each) for key in columns for each in request.args.getlist(key)))
    clauses, params = filters.build_where_clauses(view)
    lookups = {lookup for lookup, *_ in filters.lookups()}
    conditions = [
        Condition(sql, column_facet(view, column, _LOOKUPS.get(lookup)), value)
        for sql, (column, lookup, value) in zip(
            clauses, (each for each in filters.selections() if each[1] in lookups), strict=True
        )
    ]
    return conditions, params


def _of_others(arguments: FilterArguments, view: str) -> list[Condition]:
    """Return the conditions that Datasette makes of a search, or that another plugin has."""
    searches = _searches(view)
    return [Condition(each, search=searches.get(each, "")) for each in arguments.where_clauses]


def _searches(view: str) -> Mapping[str, str]:
    """Return the conditions by which Datasette searches a view, each with the SELECT in it."""
    description = DESCRIPTIONS[view]
    table = description.fts_table
    found = {
        f"select rowid from {table} where {table} match {how}"
        for how in (":search", "escape_fts(:search)")
    }
    return {f"{description.fts_pk} in ({each})": each for each in found} if table else {}
