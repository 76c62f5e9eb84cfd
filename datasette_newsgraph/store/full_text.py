"""Full-text search: the tables of FTS5, what they index, and how both are kept up.

FTS5 indexes a view: of each row what is folded, or else the row as it is. So most texts in Latin or
Cyrillic letters are kept once, and an index can be rebuilt from what is there.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator

from sqlite_utils import Database

from datasette_newsgraph.search_form import TOKENIZER, folded_row
from datasette_newsgraph.store.schema import FOLDED, FULL_TEXT, SEARCHED, TABLES, into
from datasette_newsgraph.store.signals import is_of_another
from datasette_newsgraph.store.views import replace_view
from datasette_newsgraph.wording import counted

#: Rows of which the words are looked up in a check, and the code points of each that have them.
_SAMPLES = 50
_BEGINNING = 200
#: Bytes of words that FTS5 gathers in memory before it writes a segment of an index: more where all
#: rows are indexed, so that fewer segments have to be merged; and later what it does by itself.
_GATHERED, _GATHERED_LATER = 4 << 20, 1 << 20
#: What FTS5 needs to open a table: tables of its own, and their columns.
_NEEDED = {
    "data": "id INTEGER PRIMARY KEY, block BLOB",
    "idx": "segid, term, pgno, PRIMARY KEY (segid, term)",
    "docsize": "id INTEGER PRIMARY KEY, sz BLOB",
    "config": "k PRIMARY KEY, v",
}
#: A word that every tokenizer sees as one, with more behind it: the last may have been cut.
_WORD = re.compile(r"(?<![^\s])[A-Za-z]{2,}(?=\s)")


def key_of(table: str) -> str:
    """Return the column of a table, or of its folded rows or its view, that has the row number."""
    return next(iter(TABLES[table].columns))


def fold_rows(db: Database, table: str, where: str) -> None:
    """Keep of some rows of a table, which have none, what is to be searched of them."""
    key, columns, folded = key_of(table), FULL_TEXT[table], FOLDED[table]
    # SQL passes over most rows: those of ASCII alone.
    others = " OR ".join(f"{column} GLOB '*[^' || char(1) || '-~]*'" for column in columns)
    rows = db.conn.cursor().execute(
        f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE ({where}) AND ({others})"
    )
    places = ", ".join("?" * (len(columns) + 1))
    db.conn.executemany(
        f"{into(folded)} VALUES ({places})",
        ((number, *row) for number, *values in rows if (row := folded_row(values)) is not None),
    )


def wrongly_folded(db: Database, table: str, within: Callable[[float], None]) -> int:
    """Return how many rows of a table are not folded as they are to be, and folded rows of none;
    ``within`` is told which part of the table is read, from 0 to 1.
    """
    key, columns, folded = key_of(table), FULL_TEXT[table], FOLDED[table]
    (highest,) = db.conn.execute(f"SELECT max({key}) FROM {table}").fetchone()
    listed = ", ".join(f"{name}.{column}" for name in (table, folded) for column in columns)
    width, wrong = len(columns), 0
    for number, *row in db.conn.execute(
        f"SELECT {table}.{key}, {listed} FROM {table}"
        f" LEFT JOIN {folded} ON {folded}.{key_of(folded)} = {table}.{key}"
    ):
        wrong += row[width:] != (folded_row(row[:width]) or [None] * width)
        within(number / highest)
    others = f"{key_of(folded)} NOT IN (SELECT {key} FROM {table})"
    query = f"SELECT count(*) FROM {folded} WHERE {others}"
    return wrong + int(db.conn.execute(query).fetchone()[0])


def create_searched_views(db: Database) -> None:
    """Make the views that FTS5 reads."""
    for table, name in SEARCHED.items():
        replace_view(db.conn, name, searched_sql(table))


def fold_all(db: Database) -> None:
    """Fold all rows anew, inside the caller's transaction."""
    for table, folded in FOLDED.items():
        db.conn.execute(f"DELETE FROM {folded}")
        fold_rows(db, table, "true")


def searched_sql(table: str) -> str:
    """Return the SELECT of what is searched of a table."""
    folded, key = FOLDED[table], key_of(table)
    columns = ", ".join(
        f"coalesce({folded}.{column}, {table}.{column}) AS {column}" for column in FULL_TEXT[table]
    )
    return (
        f"SELECT {table}.{key}, {columns} FROM {table}"
        f" LEFT JOIN {folded} ON {folded}.{key_of(folded)} = {table}.{key}"
    )


def full_text_sql(table: str) -> str:
    """Return the statement that makes the FTS5 table of a table."""
    return (
        f"CREATE VIRTUAL TABLE {table}_fts USING fts5({', '.join(FULL_TEXT[table])},"
        f' tokenize="{TOKENIZER}", content="{SEARCHED[table]}", content_rowid="{key_of(table)}")'
    )


def create_full_text(db: Database) -> None:
    """Make the FTS5 tables, ``<table>_fts``, anew, and fill them."""
    for table in FULL_TEXT:
        _drop(db.conn, f"{table}_fts")
        db.conn.execute(full_text_sql(table))
        command = f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES"
        db.conn.execute(f"{command} ('hashsize', {_GATHERED})")
        db.conn.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild')")
        db.conn.execute(f"{command} ('hashsize', {_GATHERED_LATER})")


def _drop(connection: sqlite3.Connection, name: str) -> None:
    """Drop an FTS5 table, whatever of it is there. FTS5 opens a table before it drops it, so that it
    has to find tables of its own, in the format of some version (FTS5 section 9).
    """
    is_there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND lower(name) = ?"
    if connection.execute(is_there, [name]).fetchone():
        for shadow, columns in _NEEDED.items():
            connection.execute(f"CREATE TABLE IF NOT EXISTS main.{name}_{shadow} ({columns})")
        connection.execute(f"REPLACE INTO main.{name}_config VALUES ('version', 4)")
        # The structure of an index without segments.
        connection.execute(f"REPLACE INTO main.{name}_data VALUES (10, zeroblob(7)), (1, x'')")
    connection.execute(f"DROP TABLE IF EXISTS main.{name}")


def index_fault(db: Database, table: str) -> str | None:
    """Return what is wrong with the full-text index of a table, or None.

    It has to have each row, and the words of some rows, which stand for all: to read all words anew
    would take as long as to index them.
    """
    name, key = f"{table}_fts", key_of(table)
    try:
        both = f"SELECT {key} FROM {table}", f"SELECT id FROM {name}_docsize"
        for one, other, words in ((*both, "lacks"), (*both[::-1], "has too many")):
            query = f"SELECT count(*) FROM ({one} EXCEPT {other})"
            (count,) = db.conn.execute(query).fetchone()
            if count:
                return f"{name} {words} {counted(count, 'row')}"
        for number, word in _sample(db, table):
            query = f"SELECT 1 FROM {name} WHERE {name} MATCH ? AND rowid = ?"
            if db.conn.execute(query, [f'"{word}"', number]).fetchone() is None:
                return f"{name} does not have the words of row {number} of {table}"
    except sqlite3.DatabaseError as error:
        if is_of_another(error):
            raise
        return f"{name} cannot be read ({error})"
    return None


def _sample(db: Database, table: str) -> Iterator[tuple[int, str]]:
    """Yield some rows of what is searched of a table, each with a word of it."""
    key, columns = key_of(table), FULL_TEXT[table]
    (highest,) = db.conn.execute(f"SELECT max({key}) FROM {table}").fetchone()
    step = max(1, (highest or 0) // _SAMPLES)
    beginnings = ", ".join(f"substr({column}, 1, {_BEGINNING})" for column in columns)
    for number, *parts in db.conn.execute(
        f"SELECT {key}, {beginnings} FROM {SEARCHED[table]} WHERE {key} IN"
        f" (SELECT {key} FROM {table} WHERE {key} % {step} = 0 LIMIT {_SAMPLES})"
    ).fetchall():
        whole = (part if len(part) == _BEGINNING else f"{part} " for part in parts if part)
        found = next((word for part in whole for word in _WORD.findall(part)), None)
        if found is not None:
            yield number, found


def index(db: Database, table: str, where: str, parameters: dict[str, str]) -> None:
    """Add rows of a table, and what of them is folded, to full-text search."""
    key, columns = key_of(table), ", ".join(FULL_TEXT[table])
    db.conn.execute(
        f"INSERT INTO {table}_fts (rowid, {columns}) SELECT {key}, {columns} FROM {SEARCHED[table]}"
        f" WHERE {key} IN (SELECT {key} FROM {table} WHERE {where})",
        parameters,
    )


def unindex(db: Database, table: str, where: str, parameters: dict[str, str]) -> None:
    """Take rows of a table out of full-text search: before they change, or what of them is folded."""
    key, columns = key_of(table), ", ".join(FULL_TEXT[table])
    # FTS5 has to be told the words that it indexed (FTS5 section 4.4.3).
    db.conn.execute(
        f"INSERT INTO {table}_fts ({table}_fts, rowid, {columns})"
        f" SELECT 'delete', {key}, {columns} FROM {SEARCHED[table]}"
        f" WHERE {key} IN (SELECT {key} FROM {table} WHERE {where})",
        parameters,
    )
