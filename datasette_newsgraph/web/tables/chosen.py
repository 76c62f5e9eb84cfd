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

from datasette_newsgraph.descriptions import DESCRIPTIONS
from datasette_newsgraph.store.facet import Facet
from datasette_newsgraph.store.facets import FACETS
from datasette_newsgraph.store.rowsets import is_up_to_date
from datasette_newsgraph.web.parts.counting import Chosen, kept_set, set_of
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
            bits = _common(connection, view, sql, params, filters, remembered)
        remembered[key] = Chosen(f"SELECT id FROM ({sql})", params, bits)
    chosen: Chosen = remembered[key]
    return chosen


def _common(
    connection: sqlite3.Connection,
    view: str,
    sql: str,
    params: Mapping[str, Any],
    filters: Collection[tuple[Facet, str, str]],
    remembered: dict[Any, Any],
) -> int | None:
    """Return the set of the rows; None if some condition is not known."""
    _, is_filtered, rest = sql.strip().partition(f" from {view} where ")
    conditions = set(rest.split(_AND))
    linked = set(link_clauses(connection, view, filters))
    if not is_filtered or not linked <= conditions:
        return None
    sets = [_linked_set(connection, view, *each) for each in filters]
    for condition in conditions - linked:
        # A search takes longer than all else.
        key = (condition, repr(params))
        if key not in remembered:
            remembered[key] = _set_of_condition(connection, view, condition, params)
        if remembered[key] is None:
            return None
        sets.append(remembered[key])
    return functools.reduce(operator.and_, sets)


def _linked_set(
    connection: sqlite3.Connection, view: str, facet: Facet, value: str, parameter: str
) -> int:
    kept = kept_set(connection, view, facet, value)
    if kept is not None:
        return kept
    rows = connection.execute(facet.rows_with(parameter), {parameter: value})
    return set_of([row[0] for row in rows])


def _set_of_condition(
    connection: sqlite3.Connection, view: str, condition: str, params: Mapping[str, Any]
) -> int | None:
    """Return the rows of a condition of Datasette's own, if it is known."""
    searched = DESCRIPTIONS[view].fts_table
    for how in (":search", "escape_fts(:search)"):
        found = f"select rowid from {searched} where {searched} match {how}"
        if searched and condition == f"{DESCRIPTIONS[view].fts_pk} in ({found})":
            return set_of([row[0] for row in connection.execute(found, params)])
    for pattern, is_array in ((_COLUMN_IS, False), (_ARRAY_HAS, True)):
        match = pattern.fullmatch(condition)
        facet = match and _facet_of(view, match["column"], is_array)
        if match and facet:
            return kept_set(connection, view, facet, params[match["parameter"]])
    return None


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
