"""Keep the counts of entities right by what a load adds to them and takes away.

Many articles name the same entities, and a small load is not to look at all of them. So sums are added
up with the rows that they count, in the same transaction. Only of an entity that loses the first or the
last of its articles all are looked at, when the load ends.
"""

from __future__ import annotations

import sqlite3
from collections import Counter

from sqlite_utils import Database

from datasette_newsgraph.facets.updating import IN_ARTICLES
from datasette_newsgraph.loading.counts import recount
from datasette_newsgraph.store.schema import into
from datasette_newsgraph.store.unsettled import ENTITIES, ENTITY, LESSENED, NOTE, noted


def _either(function: str, column: str) -> str:
    """Return the assignment of the earlier or later of two dates, or of the one that is known."""
    new = f"excluded.{column}"
    return f"{column} = {function}(coalesce({column}, {new}), coalesce({new}, {column}))"


_TYPE = "(SELECT type FROM entities WHERE entities.id = entity_id)"
_NAMED = (
    "FROM appearances JOIN articles ON articles.id = article_id"
    f" WHERE article_id IN ({IN_ARTICLES}) GROUP BY entity_id"
    " ON CONFLICT (entity_id) DO UPDATE SET mentions = mentions + excluded.mentions,"
    f" articles = articles + excluded.articles, {_either('min', 'first_seen')},"
    f" {_either('max', 'last_seen')}"
)
_ADD = (
    f"{into('entity_counts')} SELECT entity_id, sum(mentions), count(*), min(published),"
    f" max(published), {_TYPE} {_NAMED}"
)
_TAKE_AWAY = (
    f"{into('entity_counts')} SELECT entity_id, -sum(mentions), -count(*), NULL, NULL,"
    f" {_TYPE} {_NAMED}"
)
_NOTE_BOUNDS = (
    f"{NOTE} SELECT '{ENTITY}', counts.entity_id FROM entity_counts AS counts"
    " JOIN appearances ON appearances.entity_id = counts.entity_id"
    " JOIN articles ON articles.id = appearances.article_id"
    f" WHERE articles.id IN ({IN_ARTICLES})"
    " AND articles.published IN (counts.first_seen, counts.last_seen)"
)


def add_articles(connection: sqlite3.Connection, articles: str) -> None:
    """Add some articles to the counts of the entities that they name, inside the caller's transaction;
    ``articles`` are row numbers as a JSON array.
    """
    connection.execute(_ADD, {"articles": articles})


def take_articles_away(connection: sqlite3.Connection, articles: str) -> None:
    """Take some articles away from the counts, as ``add_articles`` adds them; entities whose first or
    last date may go with them are noted in ``unsettled``.
    """
    connection.execute(_NOTE_BOUNDS, {"articles": articles})
    connection.execute(_TAKE_AWAY, {"articles": articles})


def end_adding(db: Database) -> None:
    """Make the counts of the entities noted in ``unsettled`` those of the entities that there are now,
    with what adding up does not tell, inside the caller's transaction.
    """
    recount(db, "entity_counts", noted(ENTITY))
    db.conn.execute(
        f"DELETE FROM entity_counts WHERE entity_id IN ({LESSENED})"
        " AND entity_id NOT IN (SELECT id FROM entities)"
    )
    db.conn.execute(
        f"UPDATE entity_counts SET type = {_TYPE} WHERE entity_id IN ({ENTITIES}) AND type <> {_TYPE}"
    )


def count_relations(db: Database, relations: str) -> Counter[int]:
    """Return how many of some relations that are counted each entity has, by row number;
    ``relations`` is the SELECT of the relations' row numbers.
    """
    ends = db.conn.execute(
        f"SELECT subject_id, object_id FROM relation_counts WHERE relation_id IN ({relations})"
    )
    # A relation of a thing to itself is one.
    return Counter(entity for pair in ends for entity in {*pair} if entity is not None)
