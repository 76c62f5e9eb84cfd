"""The rows that a filtered page of a view has, by the sets that are kept where these can tell it.

Datasette gives a facet the SQL of the page. Where each of its conditions is one of those known here,
the rows are what their sets have in common, and the SQL need not be run for every facet.
"""

from __future__ import annotations

import functools
import operator
import re
import sqlite3
from collections.abc import Collection, Mapping
from typing import Any

from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.facets.definition import Facet
from datasette_newsgraph.facets.rowsets import is_up_to_date
from datasette_newsgraph.metadata.descriptions import DESCRIPTIONS
from datasette_newsgraph.web.parts.counting import Chosen, kept_set, set_of, set_with
from datasette_newsgraph.web.tables.filters import link_clauses

_AND = " and "
#: Datasette's conditions for ``?COLUMN=VALUE`` and ``?COLUMN__arraycontains=VALUE``.
_COLUMN_IS = re.compile(r'"(?P<column>\w+)" = :(?P<parameter>p\d+)')
_ARRAY_HAS = re.compile(
    r':(?P<parameter>p\d+) in \(select value from json_each\("?\w+"?\."?(?P<column>\w+)"?\)\)'
)


def chosen_rows(
    connection: sqlite3.Connection,
    view: str,
    sql: str,
    params: Mapping[str, Any],
    filters: Collection[tuple[Facet, str, str]],
    remembered: dict[Any, Any],
) -> Chosen:
    """Return the rows of a page of a view: ``sql`` is Datasette's SELECT of them, ``filters`` are the
    linked facets by which it is filtered, each with the value and the name of its parameter. What is
    the same for all facets of a page is ``remembered``.
    """
    key = (Chosen, view, sql, repr(params))
    if key not in remembered:
        bits = None
        if is_up_to_date(connection):
            bits = _known_rows(connection, view, sql, params, filters, remembered)
        remembered[key] = Chosen(f"SELECT id FROM ({sql})", params, bits)
    chosen: Chosen = remembered[key]
    return chosen


def _known_rows(
    connection: sqlite3.Connection,
    view: str,
    sql: str,
    params: Mapping[str, Any],
    filters: Collection[tuple[Facet, str, str]],
    remembered: dict[Any, Any],
) -> int | None:
    """Return the set of the rows; None if some condition is not known, or the set of its value."""
    _, is_filtered, rest = sql.strip().partition(f" from {view} where ")
    conditions = dict.fromkeys(rest.split(_AND))
    linked = link_clauses(connection, view, filters)
    if not is_filtered or not set(linked) <= conditions.keys():
        return None
    sets = [set_with(connection, view, facet, value, True) for facet, value, _ in filters]
    others = [each for each in conditions if each not in linked]
    # A search takes longer than all else: it is run when all else is known.
    for condition in sorted(others, key=lambda each: each in _searches(view)):
        found = _set_of_condition(connection, view, condition, params, remembered)
        if found is None:
            return None
        sets.append(found)
    return functools.reduce(operator.and_, sets)


def _set_of_condition(
    connection: sqlite3.Connection,
    view: str,
    condition: str,
    params: Mapping[str, Any],
    remembered: dict[Any, int],
) -> int | None:
    """Return the rows of a condition of Datasette's own, if it is known and they are kept."""
    search = _searches(view).get(condition)
    if search:
        key = (search, repr(params))
        if key not in remembered:
            remembered[key] = set_of([row[0] for row in connection.execute(search, params)])
        return remembered[key]
    for pattern, is_array in ((_COLUMN_IS, False), (_ARRAY_HAS, True)):
        match = pattern.fullmatch(condition)
        facet = match and _facet_of(view, match["column"], is_array)
        if match and facet:
            return kept_set(connection, view, facet, params[match["parameter"]])
    return None


def _searches(view: str) -> dict[str, str]:
    """Return the conditions by which Datasette searches a view, each with the SELECT in it."""
    description = DESCRIPTIONS[view]
    table = description.fts_table
    found = {
        f"select rowid from {table} where {table} match {how}"
        for how in (":search", "escape_fts(:search)")
    }
    return {f"{description.fts_pk} in ({each})": each for each in found} if table else {}


def _facet_of(view: str, column: str, is_array: bool) -> Facet | None:
    """Return the facet of a column whose values' rows are kept."""
    return next(
        (
            each
            for each in FACETS.get(view, ())
            if each.name == column and each.is_array == is_array and each.pairs and not each.links
        ),
        None,
    )
