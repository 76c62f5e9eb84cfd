"""Check the keys of rows: that each is of one row, that it is the one that the row gives, and that rows
refer to rows that are there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.checking.fault import LOAD_AGAIN, OF_TABLES, Fault, Mend
from datasette_newsgraph.decisions.state import UNDECIDED
from datasette_newsgraph.drafting.draft import NOBODY
from datasette_newsgraph.drafting.spans import ABOUT
from datasette_newsgraph.identity import (
    HASH_LENGTH,
    article_key,
    entity_key,
    extraction_key,
    relation_key,
    span_key,
)
from datasette_newsgraph.store.column_values import Wrong, row_number
from datasette_newsgraph.store.damage import RESTORE
from datasette_newsgraph.store.indexes import EARLY_INDEXES, LATE_INDEXES
from datasette_newsgraph.store.schema import GIVEN_BY, TABLES
from datasette_newsgraph.wording import counted

#: Columns that are unique, by the indexes of the schema.
_UNIQUE = [(table, columns) for table, columns, unique in (*EARLY_INDEXES, *LATE_INDEXES) if unique]
#: What a key comes from: the SELECT of row number, key, and what the function makes the key of.
_MADE: dict[str, tuple[str, Callable[..., str]]] = {
    "articles": ("SELECT id, key, given_id FROM articles", article_key),
    "extractions": ("SELECT id, key, tool, version, model FROM extractions", extraction_key),
    "relations": (
        "SELECT relations.id, relations.key, subjects.key, predicate, objects.key,"
        " coalesce(value, ''), coalesce(datatype, '') FROM relations"
        " JOIN entities AS subjects ON subjects.id = subject_id"
        " LEFT JOIN entities AS objects ON objects.id = object_id",
        relation_key,
    ),
    # Those of others come from identifiers, or from what is not kept.
    "entities": (
        f"SELECT id, key, type, name FROM entities WHERE basis = 'name' AND {UNDECIDED}",
        entity_key,
    ),
}
#: The key of what a span is about, by table, and the column that refers to it.
_ABOUT = {
    "mentions": ("entities", "entity_id"),
    "evidence": ("relations", "relation_id"),
    "quotes": ("entities", "speaker_id"),
}

#: What ``as_given`` calls these rows, and its column with the key that was given.
_GIVEN = {
    "mentions": ("mention", "subject_key"),
    "evidence": ("evidence", "relation_key"),
    "quotes": ("quote", "subject_key"),
}


def check_references(db: Database) -> Iterator[Fault]:
    """Yield which rows of ours refer to rows that are not there; a user's tables are his."""
    for table, each in TABLES.items():
        for column, other in each.references.items():
            key = next(iter(TABLES[other].columns))
            count, row = db.conn.execute(
                f"SELECT count(*), min({row_number(table)}) FROM {table} WHERE {column} IS NOT NULL"
                f" AND NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.{key} = {table}.{column})"
            ).fetchone()
            if count:
                found = Wrong(table, column, row, count)
                words = f"foreign keys: {found.place} refers to a row that {other} does not have"
                yield Fault(words, mend_of_reference(table, column), remedy=LOAD_AGAIN)


def mend_of_reference(table: str, column: str) -> Mend | None:
    """Return how it is put right that a row refers to no row."""
    # A row of no article is none that anybody can ask for.
    return Mend.ORPHANS if GIVEN_BY.get(table) == column else OF_TABLES.get(table)


def check_unique(db: Database) -> Iterator[Fault]:
    """Yield the columns that several rows share and are to be of one: their index cannot be made."""
    for table, columns in _UNIQUE:
        listed = ", ".join(columns)
        # As SQLite has it, no null is the same as another.
        known = " AND ".join(f"{column} IS NOT NULL" for column in columns)
        (count,) = db.conn.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {known}"
            f" GROUP BY {listed} HAVING count(*) > 1)"
        ).fetchone()
        if count:
            words = (
                f"keys: several rows of {table} have the same {listed}, {counted(count, 'time')}"
            )
            remedy = LOAD_AGAIN if table in GIVEN_BY else RESTORE
            yield Fault(words, OF_TABLES.get(table), remedy=remedy)


def check_made(db: Database) -> Iterator[Fault]:
    """Yield which keys are not those that their rows give."""
    for table, (query, make) in _MADE.items():
        for number, key, *parts in db.conn.execute(query):
            if key != make(*parts):
                yield _wrong(table, number)
    for table, (other, column) in _ABOUT.items():
        yield from _of_spans(db, table, other, column)


def _of_spans(db: Database, table: str, other: str, column: str) -> Iterator[Fault]:
    kind, given = _GIVEN[table]
    for number, key, article, start, end, about in db.conn.execute(
        f"SELECT {table}.id, {table}.key, articles.key, given_start, given_end,"
        f" coalesce((SELECT {given} FROM as_given WHERE kind = '{kind}'"
        f" AND as_given.key = {table}.key), abouts.key)"
        f" FROM {table} JOIN articles ON articles.id = article_id"
        f" LEFT JOIN {other} AS abouts ON abouts.id = {column}"
    ):
        made = span_key(article[-HASH_LENGTH:], start, end, (about or NOBODY)[ABOUT])
        # Of equal ones those behind the first have a number.
        if key != made and not (key.startswith(f"{made}-") and key[len(made) + 1 :].isdecimal()):
            yield _wrong(table, number)


def _wrong(table: str, number: Any) -> Fault:
    words = f"keys: the key of row {number} of {table} is not the one that its row gives"
    return Fault(words, remedy=LOAD_AGAIN)
