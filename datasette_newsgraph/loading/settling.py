"""Take articles back, and settle what follows from all articles together.

An entity's name, type, description and coordinates are what most articles say, its counts are sums:
values that follow from the whole database. While rows come and go, the articles, entities, relations
and extractions that they touch are noted in ``unsettled``, in the same transaction; settling computes
what follows from them again and empties the table. A load that is killed leaves its notes behind, and
the next one settles them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from sqlite_utils import Database

from datasette_newsgraph.facets.counting import count_facets
from datasette_newsgraph.facets.updating import (
    IN_ARTICLES,
    are_few_touched,
    count_touched,
    tally,
)
from datasette_newsgraph.loading.adding_up import (
    add_articles,
    count_relations,
    end_adding,
    take_articles_away,
)
from datasette_newsgraph.loading.counts import recount
from datasette_newsgraph.store import indexes
from datasette_newsgraph.store.full_text import (
    create_full_text,
    fold_rows,
    index,
    key_of,
    unindex,
)
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.schema import FOLDED, GIVEN_BY, TABLES
from datasette_newsgraph.store.unsettled import (
    ARTICLE,
    ENTITIES,
    EXTRACTION,
    LEFT,
    NOTE,
    RELATION,
    noted,
)

_NOTES = (
    f"{NOTE} SELECT '{LEFT}', entity_id FROM appearances WHERE article_id IN ({IN_ARTICLES})",
    f"{NOTE} SELECT '{RELATION}', relation_id FROM evidence WHERE article_id IN ({IN_ARTICLES})",
    f"{NOTE} SELECT '{EXTRACTION}', extraction_id FROM articles"
    f" WHERE id IN ({IN_ARTICLES}) AND extraction_id IS NOT NULL",
    # What is counted by article changes with each, whatever it names.
    f"{NOTE} SELECT '{ARTICLE}', id FROM articles WHERE id IN ({IN_ARTICLES})",
)


def _given(table: str) -> str:
    """Return the condition of the rows of a table that the articles gave."""
    column = GIVEN_BY[table]
    other = TABLES[table].references[column]
    if other == "articles":
        return f"{column} IN ({IN_ARTICLES})"
    return f"{column} IN (SELECT {key_of(other)} FROM {other} WHERE {_given(other)})"


def removals() -> Iterator[tuple[str, str]]:
    """Yield the tables from which rows go with their articles, and the condition of these rows; what
    refers to rows of another table stands before that.
    """
    for table in reversed(GIVEN_BY):
        if table in FOLDED:
            folded, key = FOLDED[table], key_of(table)
            rows = f"{key_of(folded)} IN (SELECT {key} FROM {table} WHERE {_given(table)})"
            yield folded, _given(table) if key == key_of(folded) else rows
        yield table, _given(table)
    yield "articles", f"id IN ({IN_ARTICLES})"


_TAKE_BACK = (*_NOTES, *(f"DELETE FROM {table} WHERE {where}" for table, where in removals()))
#: The columns of an entity on which articles may disagree; coordinates are one value.
DISPUTED = (("name",), ("type",), ("description",), ("latitude", "longitude"))


def take_back(db: Database, articles: Iterable[int]) -> None:
    """Delete all that the articles (row numbers) gave, inside the caller's transaction."""
    parameters = {"articles": json.dumps(list(articles))}
    if not is_filled(db):
        # Rows are looked up by article here, in the middle of a first load.
        indexes.create(db.conn, indexes.OF_ROWS)
    else:
        unindex(db, "article_texts", f"article_id IN ({IN_ARTICLES})", parameters)
        unindex(db, "quotes", f"article_id IN ({IN_ARTICLES})", parameters)
        tally(db.conn, parameters["articles"], -1)
        take_articles_away(db.conn, parameters["articles"])
    for statement in _TAKE_BACK:
        db.conn.execute(statement, parameters)


def note_touched(db: Database, kind: str, numbers: Iterable[int]) -> None:
    """Note rows by a kind of ``store.unsettled``: these numbers are of what an article now has."""
    db.conn.executemany(
        f"{NOTE} VALUES (?, ?)",
        ((kind, each) for each in numbers),
    )


def take_in(db: Database, articles: list[int]) -> None:
    """Add the texts and quotes of articles that were just inserted to full-text search, and their
    mentions and quotes to the counts.
    """
    parameters = {"articles": json.dumps(articles)}
    index(db, "article_texts", f"article_id IN ({IN_ARTICLES})", parameters)
    index(db, "quotes", f"article_id IN ({IN_ARTICLES})", parameters)
    tally(db.conn, parameters["articles"], 1)
    add_articles(db.conn, parameters["articles"])


def settle(db: Database) -> None:
    """Compute what follows from all articles, inside the caller's transaction.

    In a database that is being filled for the first time this is the end of it: the rows are indexed,
    everything is computed, then indexed.
    """
    first_time = not is_filled(db)
    if first_time:
        indexes.create(db.conn, (*indexes.EARLY, *indexes.OF_ROWS))
        touched = "SELECT id FROM entities"
        relations = "SELECT id FROM relations"
    else:
        touched = ENTITIES
        relations = noted(RELATION)
        # What an earlier load indexed; entities that are new have no words to take away.
        unindex(
            db, "entities", f"id IN ({touched}) AND id IN (SELECT id FROM entities_fts_docsize)", {}
        )
    execute = db.conn.execute
    execute(f"DELETE FROM folded_names WHERE entity_id IN ({touched})")
    delete_orphans(db, noted(RELATION), touched, noted(EXTRACTION))
    choose_names(db, touched)
    before = count_relations(db, noted(RELATION))
    recount(db, "relation_counts", relations)
    if first_time:
        recount(db, "entity_counts", touched)
        indexes.create(db.conn, indexes.OF_COUNTS)
    else:
        end_adding(db)
    fold_rows(db, "entities", f"id IN ({touched})")
    if first_time:
        create_full_text(db)
    else:
        index(db, "entities", f"id IN ({touched})", {})
    if not first_time and are_few_touched(db.conn):
        more = count_relations(db, noted(RELATION))
        more.subtract(before)
        count_touched(db.conn, more)
    else:
        count_facets(db)
    if first_time:
        indexes.create(db.conn, indexes.OF_FACETS)
    execute("DELETE FROM unsettled")


def delete_orphans(db: Database, relations: str, entities: str, extractions: str) -> None:
    """Delete the relations, entities and extractions that no article gives any longer, inside the
    caller's transaction. Each argument is a SELECT of the row numbers that may go.
    """
    execute = db.conn.execute
    execute(
        f"DELETE FROM relations WHERE id IN ({relations})"
        " AND NOT EXISTS (SELECT 1 FROM evidence WHERE relation_id = relations.id)"
    )
    execute(
        f"DELETE FROM entities WHERE id IN ({entities})"
        " AND NOT EXISTS (SELECT 1 FROM appearances WHERE entity_id = entities.id)"
    )
    execute(
        f"DELETE FROM extractions WHERE id IN ({extractions})"
        " AND NOT EXISTS (SELECT 1 FROM articles WHERE extraction_id = extractions.id)"
    )


def choose_names(db: Database, touched: str) -> None:
    """Choose what most articles say of some entities, and gather their other names, inside the
    caller's transaction; ``touched`` is the SELECT of their row numbers.
    """
    _decide(db, touched)
    _gather_aliases(db, touched)


def _disputed_query(touched: str) -> str:
    """Return the SELECT of the entities of which some article says what the entity's row does not."""
    differs = " OR ".join(
        f"given.{column} IS NOT chosen.{column}" for columns in DISPUTED for column in columns
    )
    return (
        "SELECT DISTINCT entity_id FROM appearances AS given"
        " JOIN entities AS chosen ON chosen.id = entity_id"
        f" WHERE ({differs}) AND entity_id IN ({touched})"
    )


def winner_query(columns: tuple[str, ...], entities: str) -> str:
    """Return the SELECT of (entity_id, the columns) where the entity's row is not what it should be.

    Most articles win, then most mentions, then code-point order. ``entities`` is the SELECT of the
    entities looked at.
    """
    value = ", ".join(columns)
    winner = ", ".join(f"winner.{column}" for column in columns)
    differs = " OR ".join(f"entities.{column} IS NOT winner.{column}" for column in columns)
    return (
        f"SELECT winner.entity_id, {winner} FROM (SELECT entity_id, {value}, row_number() OVER ("
        f"PARTITION BY entity_id ORDER BY {columns[0]} IS NULL, count(*) DESC, sum(mentions) DESC,"
        f" {value}) AS place FROM appearances WHERE entity_id IN ({entities})"
        f" GROUP BY entity_id, {value}) AS winner"
        f" JOIN entities ON entities.id = winner.entity_id WHERE place = 1 AND ({differs})"
    )


def _decide(db: Database, touched: str) -> None:
    query = _disputed_query(touched)
    disputed = json.dumps([row[0] for row in db.conn.execute(query)])
    for columns in DISPUTED:
        winners = db.conn.execute(
            winner_query(columns, "SELECT value FROM json_each(?)"), [disputed]
        ).fetchall()
        db.conn.executemany(
            f"UPDATE entities SET {', '.join(f'{column} = ?' for column in columns)} WHERE id = ?",
            ((*values, entity) for entity, *values in winners),
        )


def alias_query(touched: str) -> str:
    """Return the SELECT of (entity, name) for all names but the chosen one, in order."""
    return (
        "SELECT entity_id, alias FROM ("
        f"SELECT entity_id, alias FROM aliases WHERE entity_id IN ({touched})"
        f" UNION SELECT entity_id, name FROM appearances WHERE entity_id IN ({touched})"
        ") JOIN entities ON entities.id = entity_id"
        " WHERE alias <> entities.name ORDER BY entity_id, alias"
    )


def _gather_aliases(db: Database, touched: str) -> None:
    # Read to the end before the first update, or the query would meet its own changes.
    found = db.conn.execute(alias_query(touched)).fetchall()
    db.conn.execute(
        f"UPDATE entities SET alias_text = NULL WHERE id IN ({touched}) AND alias_text IS NOT NULL"
    )
    db.conn.executemany(
        "UPDATE entities SET alias_text = ? WHERE id = ?",
        (
            ("\n".join(alias for _, alias in group), entity)
            for entity, group in groupby(found, key=itemgetter(0))
        ),
    )
