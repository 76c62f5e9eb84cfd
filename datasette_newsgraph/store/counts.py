"""Numbers that follow from all articles together, stored so that a page need not count.

``entity_counts`` and ``relation_counts`` have a row for each entity and relation and are counted
again for those that a load touches. ``facet_counts`` holds the values of the facets of each view
with nothing filtered, and is counted anew whenever anything has changed; ``facet_rows`` has for each
of these values the set of its rows, by which it is counted where something is filtered.
"""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.identity import VALUE_TYPES
from datasette_newsgraph.store.facet import OF_TYPE, Facet
from datasette_newsgraph.store.facets import FACETS, IN_ALL_ZONES
from datasette_newsgraph.store.rowsets import facet_rows

#: Values of a facet that are kept, the most frequent: one more than Datasette ever shows, so that it
#: can tell that there are more.
KEPT = 1001

#: Types of entities that have facets of their own: the most frequent, but for values such as dates,
#: which are of one article each.
TYPES = 12
_VALUE_TYPES = ", ".join(f"'{each}'" for each in sorted(VALUE_TYPES))
_FREQUENT_TYPES = (
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
    db.conn.execute(f"INSERT INTO {table} {recount_query(table, touched)}")


def count_facets(db: Database) -> None:
    """Count the facets of all views, and keep the rows of the values of those that are filtered
    most, inside the caller's transaction.
    """
    db.conn.execute("DELETE FROM facet_counts")
    db.conn.execute(f"INSERT INTO facet_counts {facet_counts_query()}")
    db.conn.execute("DELETE FROM facet_rows")
    db.conn.executemany("INSERT INTO facet_rows VALUES (?, ?, ?, ?)", facet_rows(db.conn))


def facet_counts_query() -> str:
    """Return the SELECT that gives the rows of ``facet_counts``."""
    parts = []
    for view, facets in FACETS.items():
        for facet in (*facets, *IN_ALL_ZONES.get(view, {}).values()):
            parts.append(_stored(view, facet))
            if facet.of_entities and facet.pairs:
                parts.append(_stored_by_type(view, facet))
    return " UNION ALL ".join(parts)


def _stored(view: str, facet: Facet) -> str:
    return (
        f"SELECT * FROM (SELECT '{view}', '{facet.name}', CAST(value AS TEXT) AS value,"
        f" CAST(label AS TEXT) AS label, count FROM"
        f" ({facet.counted}) WHERE value IS NOT NULL ORDER BY {facet.order} LIMIT {KEPT})"
    )


def _stored_by_type(view: str, facet: Facet) -> str:
    """Return the same for the entities of each of the frequent types."""
    return (
        f"SELECT '{view}', '{facet.name}{OF_TYPE}' || type, value, label, count FROM (SELECT *,"
        " row_number() OVER (PARTITION BY type ORDER BY count DESC, value) AS place"
        f" FROM ({facet.counted}) WHERE type IN ({_FREQUENT_TYPES})) WHERE place <= {KEPT}"
    )
