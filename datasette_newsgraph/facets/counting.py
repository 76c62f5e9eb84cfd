"""Numbers that follow from all articles together, stored so that a page need not count.

``entity_counts`` and ``relation_counts`` have a row for each entity and relation and are counted
again for those that a load touches. ``facet_counts`` holds the values of the facets of each view
with nothing filtered; ``facet_rows`` has for each of these values the set of its rows, by which it is
counted where something is filtered. Both are counted anew here, after a small change by
``recounting``.
"""

from __future__ import annotations

import sqlite3

from sqlite_utils import Database

from datasette_newsgraph.facets.catalogue import all_facets
from datasette_newsgraph.facets.definition import OF_TYPE, Facet
from datasette_newsgraph.facets.rowsets import pack, rows_of_facet, sets_of_all
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

#: The tables of counts: the column that they are counted by, and the SELECT of their rows. Type,
#: subject, predicate and object are there again so that one index serves to filter and to sort.
_RECOUNTS = {
    "entity_counts": (
        "entity_id",
        "SELECT entity_id, sum(mentions), count(*), min(published), max(published),"
        " (SELECT type FROM entities WHERE entities.id = entity_id)"
        " FROM appearances JOIN articles ON articles.id = article_id",
    ),
    "relation_counts": (
        "relation_id",
        "SELECT relation_id, subject_id, predicate, object_id, count(DISTINCT article_id), count(*),"
        " sum(confidence IS NULL), max(confidence), min(start_date), max(end_date),"
        " min(published), max(published) FROM evidence"
        " JOIN articles ON articles.id = article_id JOIN relations ON relations.id = relation_id",
    ),
}


def recount_query(table: str, touched: str) -> str:
    """Return the SELECT that gives the rows of a table of counts, for the ids in ``touched``."""
    column, query = _RECOUNTS[table]
    return f"{query} WHERE {column} IN ({touched}) GROUP BY {column}"


def recount(db: Database, table: str, touched: str) -> None:
    """Count the rows of a table of counts again, inside the caller's transaction."""
    column = _RECOUNTS[table][0]
    db.conn.execute(f"DELETE FROM {table} WHERE {column} IN ({touched})")
    db.conn.execute(f"{into(table)} {recount_query(table, touched)}")


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
