"""The tables of a shard: those that articles fill, and what it keeps of records and their sources."""

from __future__ import annotations

import json
import sqlite3

from datasette_newsgraph.loading.rows import COLUMNS
from datasette_newsgraph.store.migrations import SCHEMA_VERSIONS

#: The newest version of the tables that this package makes.
SCHEMA = max(SCHEMA_VERSIONS)

#: Of each record that was read: where it lies in its source, what of its raw bytes a reject shows, and
#: what came of it (``Outcome``).
RECORDS = (
    *("id", "source_id", "line", "raw", "end", "digest", "repeats"),
    *("record_hash", "outcome"),
)
#: Of each source, what a load notes of it, and whether an id that comes again in it means to replace.
SOURCES = (
    *("id", "name", "place", "size", "sha256", "last_line", "complete"),
    *("way", "format", "is_record", "is_extracted"),
)
#: By these columns the rows of one article are found in a shard of many records.
_INDEXED = {
    **dict.fromkeys(("zones", "appearances", "mentions", "evidence", "quotes"), "article_id"),
    **dict.fromkeys(("aliases", "identifiers"), "appearance_id"),
    "records": "source_id",
}


def _table(name: str, columns: tuple[str, ...]) -> str:
    """Return the statement of a table. Row numbers have a type, or no index would find them; of all
    other columns values come out as they were put in.
    """
    first, *others = columns
    rest = ", ".join(f"{each} INTEGER" if each.endswith("_id") else each for each in others)
    if name == "text_parts":
        return f"CREATE TABLE {name} ({first} INTEGER, {rest}, UNIQUE ({first}, {others[0]}))"
    return f"CREATE TABLE {name} ({first} INTEGER PRIMARY KEY, {rest})"


_TABLES = [_table(name, columns) for name, columns in COLUMNS.items()]


def create_tables(connection: sqlite3.Connection) -> None:
    """Make the tables that records are written to."""
    for statement in _TABLES:
        connection.execute(statement)


def create_whole(connection: sqlite3.Connection, base: str) -> None:
    """Make all tables of a shard that is taken into a database later, and perhaps elsewhere: into one
    of this ``base``, and with the tables that this version makes.
    """
    create_tables(connection)
    connection.execute(_table("records", RECORDS))
    connection.execute(_table("shard_sources", SOURCES))
    connection.execute("CREATE TABLE shard_settings (base_iri, schema, rows)")
    connection.execute("INSERT INTO shard_settings VALUES (?, ?, NULL)", [base, SCHEMA])


def rows_of(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table of a shard has."""
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in (*COLUMNS, "records", "shard_sources")
    }


def finish(connection: sqlite3.Connection) -> None:
    """Index the rows of a shard by article, when all are there, and note how many there are."""
    connection.execute("UPDATE shard_settings SET rows = ?", [json.dumps(rows_of(connection))])
    for table, column in _INDEXED.items():
        connection.execute(f"CREATE INDEX idx_{table} ON {table} ({column})")
