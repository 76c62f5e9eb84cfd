"""Count the facets of all views anew, at the end of a load, so that a page need not count.

``facet_counts`` holds the values of the facets of each view with nothing filtered. ``facet_rows`` has
for each of these values the set of its rows, by which the values are counted where something is
filtered. After a small change ``updating`` counts only what the change touched.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from datasette_newsgraph.facets.catalogue import all_facets
from datasette_newsgraph.facets.definition import OF_TYPE, Facet
from datasette_newsgraph.facets.rowsets import pack
from datasette_newsgraph.facets.stored_sets import rows_of_facet, sets_of_all
from datasette_newsgraph.identity import VALUE_TYPES
from datasette_newsgraph.store.schema import into

#: Values of a facet that are kept, the most frequent: one more than Datasette ever shows, so that it
#: can tell that there are more.
KEPT = 1001

#: Types of entities that have facets of their own: the most frequent, but for values such as dates,
#: which are of one article each.
TYPES = 12
_VALUE_TYPES = ", ".join(f"'{each}'" for each in sorted(VALUE_TYPES))
FREQUENT_TYPES = (
    f"SELECT type FROM entity_counts WHERE lower(type) NOT IN ({_VALUE_TYPES})"
    f" GROUP BY type ORDER BY sum(articles) DESC, type LIMIT {TYPES}"
)


def count_facets(db: Database) -> None:
    """Count the facets of all views, and keep the rows of the values of those that are filtered
    most, inside the caller's transaction.
    """
    connection = db.conn
    connection.execute("DELETE FROM facet_counts")
    connection.execute("DELETE FROM facet_rows")
    for view, facet in all_facets():
        sets = (
            None if facet.of_entities or not facet.pairs else sets_of_all(connection, facet, KEPT)
        )
        if sets is not None:
            # Where all values are kept, how many rows a value has need not be counted again.
            for value, rows in sets:
                counted = (view, facet.name, value, value, rows.bit_count())
                connection.execute(f"{into('facet_counts')} VALUES (?, ?, ?, ?, ?)", counted)
                stored = (view, facet.kept, value, pack(rows))
                connection.execute(f"{into('facet_rows')} VALUES (?, ?, ?, ?)", stored)
            continue
        connection.execute(f"{into('facet_counts')} {_stored(view, facet)}")
        if facet.pairs and facet.of_entities:
            query = _stored_by_type(view, facet, FREQUENT_TYPES)
            connection.execute(f"{into('facet_counts')} {query}")
        if facet.pairs:
            connection.executemany(
                f"{into('facet_rows')} VALUES (?, ?, ?, ?)", rows_of_facet(connection, view, facet)
            )


def facet_counts_query() -> str:
    """Return the SELECT that gives the rows of ``facet_counts``."""
    parts = []
    for view, facet in all_facets():
        parts.append(_stored(view, facet))
        if facet.of_entities and facet.pairs:
            parts.append(_stored_by_type(view, facet, FREQUENT_TYPES))
    return " UNION ALL ".join(parts)


def count_list(
    connection: sqlite3.Connection, view: str, facet: Facet, of_type: str | None = None
) -> None:
    """Count the values of one facet, or of its entities of one type, inside the caller's
    transaction.
    """
    name = facet.name if of_type is None else f"{facet.name}{OF_TYPE}{of_type}"
    connection.execute("DELETE FROM facet_counts WHERE view = ? AND facet = ?", [view, name])
    if of_type is None:
        connection.execute(f"{into('facet_counts')} {_stored(view, facet)}")
    else:
        query = _stored_by_type(view, facet, ":type")
        connection.execute(f"{into('facet_counts')} {query}", {"type": of_type})


def _stored(view: str, facet: Facet) -> str:
    return (
        f"SELECT * FROM (SELECT '{view}', '{facet.name}', CAST(value AS TEXT) AS value,"
        f" CAST(label AS TEXT) AS label, count FROM"
        f" ({facet.counted}) WHERE value IS NOT NULL ORDER BY {facet.order} LIMIT {KEPT})"
    )


def _stored_by_type(view: str, facet: Facet, types: str) -> str:
    """Return the same for the entities of each of some types."""
    return (
        f"SELECT '{view}', '{facet.name}{OF_TYPE}' || type, value, label, count FROM (SELECT *,"
        " row_number() OVER (PARTITION BY type ORDER BY count DESC, value) AS place"
        f" FROM ({facet.counted}) WHERE type IN ({types})) WHERE place <= {KEPT}"
    )
