"""Compare derived tables with what they follow from, by SQL or row by row: neither side is held in
memory, however large the graph is.

A row that is there with other values is two that differ: the one that is there, and the right one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from datasette_newsgraph.loading.counts import recount_query
from datasette_newsgraph.store.schema import TABLES


def differing_counts(connection: sqlite3.Connection, table: str) -> int:
    """Return how many rows of a table of counts differ from a recount; its first column says whose
    counts they are.
    """
    columns = list(TABLES[table].columns)
    key, other = columns[0], TABLES[table].references[columns[0]]
    # A row at a time: for a join SQLite would first put the whole recount into a table of its own.
    right = recount_query(table, f"SELECT id FROM {other} WHERE id = {table}.{key}")
    lacking = recount_query(table, "SELECT counted.id")
    (wrong, missing) = connection.execute(
        f"SELECT (SELECT count(*) + coalesce(sum(EXISTS ({right})), 0) FROM {table}"
        f" WHERE ({', '.join(columns)}) IS NOT ({right})),"
        f" (SELECT count(*) FROM {other} AS counted"
        f" WHERE id NOT IN (SELECT {key} FROM {table}) AND EXISTS ({lacking}))"
    ).fetchone()
    return int(wrong) + int(missing)


def differing_rows(
    connection: sqlite3.Connection, table: str, right: Iterable[tuple[Any, ...]]
) -> int:
    """Return how many rows of a table differ from the right ones, which come in any order, each once.

    The table has to have an index by which one row is found.
    """
    same = " AND ".join(f"{column} IS ?" for column in TABLES[table].columns)
    query = f"SELECT 1 FROM {table} WHERE {same}"
    found = missing = 0
    for row in right:
        if connection.execute(query, row).fetchone():
            found += 1
        else:
            missing += 1
    (there,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(there) - found + missing
