"""Full-text search: the tables of FTS5, what they index, and how both are kept up.

FTS5 indexes a view: of each row what is folded, or else the row as it is. So most texts in Latin or
Cyrillic letters are kept once, and an index can be rebuilt from what is there.
"""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.search_form import TOKENIZER, folded_row
from datasette_newsgraph.store.schema import FOLDED, FULL_TEXT, SEARCHED, TABLES, into


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


def wrongly_folded(db: Database, table: str) -> int:
    """Return how many rows of a table are not folded as they are to be, and folded rows of none."""
    key, columns, folded = key_of(table), FULL_TEXT[table], FOLDED[table]
    listed = ", ".join(f"{name}.{column}" for name in (table, folded) for column in columns)
    rows = db.conn.execute(
        f"SELECT {listed} FROM {table} LEFT JOIN {folded} ON {folded}.{key_of(folded)} = {table}.{key}"
    )
    width = len(columns)
    wrong = sum(list(row[width:]) != (folded_row(row[:width]) or [None] * width) for row in rows)
    others = f"{key_of(folded)} NOT IN (SELECT {key} FROM {table})"
    query = f"SELECT count(*) FROM {folded} WHERE {others}"
    return wrong + int(db.conn.execute(query).fetchone()[0])


def create_searched_views(db: Database) -> None:
    """Make the views that FTS5 reads."""
    for table, name in SEARCHED.items():
        db.create_view(name, searched_sql(table))


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


def create_full_text(db: Database) -> None:
    """Make the FTS5 tables, ``<table>_fts``, anew, and fill them."""
    for table, columns in FULL_TEXT.items():
        db.conn.execute(f"DROP TABLE IF EXISTS main.{table}_fts")
        db.conn.execute(
            f"CREATE VIRTUAL TABLE {table}_fts USING fts5({', '.join(columns)},"
            f' tokenize="{TOKENIZER}", content="{SEARCHED[table]}", content_rowid="{key_of(table)}")'
        )
        db.conn.execute(f"INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild')")


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
