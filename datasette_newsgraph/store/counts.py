"""Numbers that follow from all articles together, stored so that a page need not count.

``entity_counts`` and ``relation_counts`` have a row for each entity and relation and are counted
again for those that a load touches. ``facet_counts`` holds the values of the facets of each view
with nothing filtered, and is counted anew whenever anything has changed.
"""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.store.facets import FACETS

#: Values of a facet that are kept, the most frequent: one more than Datasette ever shows, so that it
#: can tell that there are more.
KEPT = 1001

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
    """Count the facets of all views, inside the caller's transaction."""
    db.conn.execute("DELETE FROM facet_counts")
    db.conn.execute(f"INSERT INTO facet_counts {facet_counts_query()}")


def facet_counts_query() -> str:
    """Return the SELECT that gives the rows of ``facet_counts``."""
    return " UNION ALL ".join(
        f"SELECT * FROM (SELECT '{view}', '{facet.name}', CAST(value AS TEXT) AS value,"
        f" CAST(label AS TEXT) AS label, count FROM"
        f" ({facet.counted}) WHERE value IS NOT NULL ORDER BY {facet.order} LIMIT {KEPT})"
        for view, facets in FACETS.items()
        for facet in facets
    )
