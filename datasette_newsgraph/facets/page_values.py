"""The values of a facet that a page of a view shows, and the values chosen there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import Any

from datasette_newsgraph.facets.among_rows import Value, count_values
from datasette_newsgraph.facets.definition import OF_TYPE, Facet
from datasette_newsgraph.facets.filtering import PageFilter

#: Types that have a facet each where one is asked for ``entity:*``; and more if values of theirs are
#: chosen.
_TYPES = 5
_STORED = (
    "SELECT value, label, count FROM facet_counts WHERE view = :view AND facet = :facet"
    " ORDER BY {order} LIMIT {limit}"
)
_FREQUENT_TYPES = (
    "SELECT substr(facet, length(:first) + 1) FROM facet_counts WHERE view = :view"
    " AND facet >= :first AND facet < :behind GROUP BY facet ORDER BY sum(count) DESC, facet"
)
_COUNTED_TYPES = "SELECT type FROM entities GROUP BY type ORDER BY count(*) DESC, type"
_TYPES_OF = (
    "SELECT DISTINCT type FROM entities WHERE key IN (SELECT value FROM json_each(:keys))"
    " ORDER BY type"
)
_NAMED = (
    "SELECT key, name FROM entities WHERE key IN (SELECT value FROM json_each(:keys))"
    " AND (:type IS NULL OR type = :type)"
)


def shown_types(
    connection: sqlite3.Connection,
    view: str,
    facet: Facet,
    chosen: Collection[str],
    may_read_stored: bool,
) -> list[str]:
    """Return the types of which a facet of entities is shown: the frequent ones, by stored counts where
    these may be read, and those of the ``chosen`` values.
    """
    query = _FREQUENT_TYPES if may_read_stored else _COUNTED_TYPES
    names = {
        "view": view,
        "first": facet.kept + OF_TYPE,
        "behind": facet.kept + chr(ord(OF_TYPE) + 1),
    }
    frequent = connection.execute(f"{query} LIMIT {_TYPES}", names).fetchall()
    of_chosen = connection.execute(_TYPES_OF, {"keys": json.dumps(list(chosen))}).fetchall()
    return list(dict.fromkeys(row[0] for row in (*frequent, *of_chosen)))


def stored_values(
    connection: sqlite3.Connection, view: str, facet: Facet, limit: int
) -> list[Value] | None:
    """Return the first values of a facet in the whole view, at most so many, as they are stored; None
    for a type that is too rare to have any.
    """
    query = _STORED.format(order=facet.order, limit=limit)
    found = [Value(*row) for row in connection.execute(query, {"view": view, "facet": facet.name})]
    return found or (None if facet.of_type else found)


def values_of_page(
    connection: sqlite3.Connection,
    page: PageFilter,
    facet: Facet,
    sql: str,
    params: Mapping[str, Any],
    limit: int,
) -> list[Value]:
    """Return the first values of a facet among the rows of a page, at most so many; Datasette selects
    these rows by ``sql``.
    """
    if facet.pairs:
        return count_values(connection, page.view, facet, page.rows(connection, sql, params), limit)
    query = facet.counted_in(sql, f"SELECT id FROM ({sql})")
    of_type = "" if facet.of_type is None else " AND type = :newsgraph_type"
    rows = connection.execute(
        f"SELECT value, label, count FROM ({query}) WHERE value IS NOT NULL{of_type}"
        f" ORDER BY {facet.order} LIMIT {limit:d}",
        {**dict(params), "newsgraph_type": facet.of_type},
    )
    return [Value(*row) for row in rows]


def chosen_but_not_shown(
    connection: sqlite3.Connection,
    page: PageFilter,
    facet: Facet,
    sql: str,
    params: Mapping[str, Any],
    shown: Collection[Value],
) -> list[Value]:
    """Return the values of a facet that a page is filtered by and that are not ``shown``, as no row
    goes with all that is chosen or others come before them: they are to be taken away again. Every row
    of the page goes with each of them.
    """
    values = {str(each.value) for each in shown}
    missing = [each for each in dict.fromkeys(page.values_of(facet)) if each not in values]
    if not missing:
        return []
    labels = {each: each for each in missing}
    if facet.of_entities:
        rows = connection.execute(_NAMED, {"keys": json.dumps(missing), "type": facet.of_type})
        labels = dict(rows.fetchall())
    if not labels:
        return []
    count = page.rows(connection, sql, params).size(connection)
    return [Value(value, label, count) for value, label in labels.items()]
