"""What the tests of a load share: what stands in the tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import FULL_TEXT

Article = dict[str, Any]


def faults(path: Path) -> list[str]:
    """What ``newsgraph check``, SQLite and FTS5 find wrong."""
    with open_store(path) as db:
        found = list(check(db))
    with closing(sqlite3.connect(path)) as connection:
        found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        for table in FULL_TEXT:
            try:
                connection.execute(
                    f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('integrity-check', 1)"
                )
            except sqlite3.DatabaseError as error:
                found.append(f"{table}_fts: {error}")
        connection.rollback()
    return found


def search(path: Path, table: str, words: str) -> set[str]:
    """The keys of articles or entities, or the surfaces of quotes, that full-text search finds."""
    column = {
        "article_texts": "(SELECT key FROM articles WHERE id = article_id)",
        "entities": "key",
        "quotes": "surface",
    }[table]
    with closing(sqlite3.connect(path)) as connection:
        return {
            row[0]
            for row in connection.execute(
                f"SELECT {column} FROM {table}"
                f" WHERE rowid IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)",
                [words],
            )
        }


def named(name: str, type_: str = "Place", **more: Any) -> Article:
    """An entity record."""
    return {"id": f"{type_}/{name}", "type": type_, "name": name} | more


def numbered(count: int, **more: Any) -> list[Article]:
    """Small articles n0, n1, …, all of them about Kabul."""
    return [
        {"id": f"n{number}", "title": f"Title {number}", "entities": [named("Kabul")]} | more
        for number in range(count)
    ]
