"""Databases as earlier versions made them."""

from __future__ import annotations

import sqlite3

from datasette_newsgraph.store.schema import FOLDED, FULL_TEXT, SEARCHED


def with_unbounded_rejects(connection: sqlite3.Connection) -> None:
    """Have articles say how many faults they have, as before ``m012_bounded_rejects``."""
    connection.executescript(
        "ALTER TABLE articles ADD COLUMN faults INTEGER;"
        " UPDATE articles SET faults ="
        " coalesce((SELECT faults FROM article_faults WHERE article_id = articles.id), 0);"
        " DROP TABLE article_faults; ALTER TABLE rejects DROP COLUMN parts;"
        " DELETE FROM _sqlite_migrations WHERE name = 'm012_bounded_rejects'"
    )


def without_folded_rows(connection: sqlite3.Connection) -> None:
    """Have full-text search index the tables themselves, as before ``m010_search_in_every_script``."""
    for table, columns in FULL_TEXT.items():
        connection.executescript(
            f"DROP TABLE {table}_fts; DROP VIEW {SEARCHED[table]}; DROP TABLE {FOLDED[table]};"
            f" CREATE VIRTUAL TABLE {table}_fts USING FTS5 ({', '.join(columns)},"
            f" tokenize='unicode61 remove_diacritics 2', content=[{table}]);"
            f" INSERT INTO {table}_fts ({table}_fts) VALUES ('rebuild');"
        )
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm010_search_in_every_script'")


def without_basis(connection: sqlite3.Connection) -> None:
    """Have entities not say what their keys come from, as before ``m011_entity_basis``."""
    connection.execute("DROP INDEX idx_entities_basis")
    connection.execute("ALTER TABLE entities DROP COLUMN basis")
    connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'm011_entity_basis'")
