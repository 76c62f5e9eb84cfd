"""Take articles back, and settle what follows from all articles together.

An entity's name is what most articles say, its counts are sums: values that follow from the whole
database. While rows come and go, the articles, entities, relations and extractions that they touch are
noted in ``unsettled``, in the same transaction; settling computes what follows from them again and
empties the table. A load that is killed leaves its notes behind, and the next one settles them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from datasette_newsgraph.decisions.following import follow
from datasette_newsgraph.facets.counting import count_facets
from datasette_newsgraph.facets.updating import (
    IN_ARTICLES,
    are_few_entities_touched,
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
from datasette_newsgraph.loading.names import choose_names
from datasette_newsgraph.loading.touched_names import choose_touched_names
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
    first_time, is_loaded = not is_filled(db), True
    if first_time:
        indexes.create(db.conn, (*indexes.EARLY, *indexes.OF_ROWS))
        touched = "SELECT id FROM entities"
        relations = "SELECT id FROM relations"
        follow(db, everything=True)
    else:
        is_loaded = db.conn.execute(f"{noted(ARTICLE)} LIMIT 1").fetchone() is not None
        follow(db, everything=False)
        touched = ENTITIES
        relations = noted(RELATION)
        # What an earlier load indexed; entities that are new have no words to take away.
        unindex(
            db, "entities", f"id IN ({touched}) AND id IN (SELECT id FROM entities_fts_docsize)", {}
        )
    execute = db.conn.execute
    execute(f"DELETE FROM folded_names WHERE entity_id IN ({touched})")
    delete_orphans(db, noted(RELATION), touched, noted(EXTRACTION))
    if first_time:
        choose_names(db, touched)
    else:
        choose_touched_names(db)
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
    if not first_time and (are_few_touched if is_loaded else are_few_entities_touched)(db.conn):
        more = count_relations(db, noted(RELATION))
        more.subtract(before)
        count_touched(db.conn, more, are_articles_new=is_loaded)
    else:
        count_facets(db)
    if first_time:
        indexes.create(db.conn, indexes.OF_FACETS)
    execute("DELETE FROM unsettled")


def settle_everything(db: Database) -> None:
    """Have all rows follow the decisions, whatever they did before, and settle, inside the caller's
    transaction.
    """
    follow(db, everything=True)
    settle(db)


def delete_orphans(db: Database, relations: str, entities: str, extractions: str) -> None:
    """Delete the relations, entities and extractions that no article gives any longer, inside the
    caller's transaction. Each argument is a SELECT of the row numbers that may go.
    """
    execute = db.conn.execute
    execute(
        f"DELETE FROM relations WHERE id IN ({relations})"
        " AND NOT EXISTS (SELECT 1 FROM evidence WHERE relation_id = relations.id)"
    )
    unnamed = "NOT EXISTS (SELECT 1 FROM appearances WHERE entity_id = entities.id)"
    gone = f"id IN ({entities}) AND {unnamed}"
    if execute("SELECT EXISTS (SELECT 1 FROM candidates)").fetchone()[0]:
        # One that is shown as another, or not, comes back when the decision is taken back.
        keys = (
            f"SELECT key FROM entities WHERE {gone} AND key NOT IN"
            " (SELECT key FROM decided WHERE verdict IN ('same', 'wrong') AND kind = 'entity')"
        )
        for column in ("left_key", "right_key"):
            execute(f"DELETE FROM candidates WHERE {column} IN ({keys})")
    execute(f"DELETE FROM entities WHERE {gone}")
    execute(
        f"DELETE FROM extractions WHERE id IN ({extractions})"
        " AND NOT EXISTS (SELECT 1 FROM articles WHERE extraction_id = extractions.id)"
    )
