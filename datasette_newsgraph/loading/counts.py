"""The counts of each entity and each relation, stored so that a page need not count.

``entity_counts`` and ``relation_counts`` have a row for each entity and each relation: in how many
articles it is, how often, and from when to when. A load counts the rows again of the entities and
relations that it touches.
"""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.store.asserting import OF_RELATION
from datasette_newsgraph.store.schema import into

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
        f" min(published), max(published), {OF_RELATION} FROM evidence"
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
