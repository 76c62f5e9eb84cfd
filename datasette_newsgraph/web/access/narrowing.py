"""Have the names of tables stand for those of their rows that a visitor may see.

Where only a part of a table may be seen, every query of ours reads that part, whoever writes it: SQLite
looks for a name in a connection's temporary schema first. The views of the database itself, and so
full-text search, read the whole table all the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


def narrow(connection: sqlite3.Connection, parts: Mapping[str, str]) -> None:
    """Have the name of each table stand for the rows of a SELECT, which names tables with their schema:
    for as long as the connection is open.
    """
    with _writable(connection):
        for table, select in parts.items():
            connection.execute(f"CREATE TEMP VIEW {table} AS {select}")


@contextmanager
def narrowed(connection: sqlite3.Connection, parts: Mapping[str, str]) -> Iterator[None]:
    """Have the names stand for these rows meanwhile: the connection serves other visitors, too."""
    if not parts:
        yield
        return
    try:
        narrow(connection, parts)
        yield
    finally:
        with _writable(connection):
            for table in parts:
                connection.execute(f"DROP VIEW IF EXISTS temp.{table}")


@contextmanager
def _writable(connection: sqlite3.Connection) -> Iterator[None]:
    """Allow to write what is temporary, too, which Datasette has refused of a database in memory."""
    (is_refused,) = connection.execute("PRAGMA query_only").fetchone()
    connection.execute("PRAGMA query_only = OFF")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA query_only = {is_refused:d}")
