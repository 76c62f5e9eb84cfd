"""Compare derived tables with what they follow from, by SQL or row by row: neither side is held in
memory, however large the graph is.

A row that is there with other values is two that differ: the one that is there, and the right one.
"""

from __future__ import annotations

import sqlite3
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


class Comparison:
    """A table that is compared with the rows that it is to have, which come one by one, in any order,
    each once. It has to have an index by which one row is found.
    """

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        """Begin with none of the right rows."""
        same = " AND ".join(f"{column} IS ?" for column in TABLES[table].columns)
        self._query = f"SELECT 1 FROM {table} WHERE {same}"
        self._connection = connection
        self._table = table
        self._found = self._missing = 0

    def add(self, row: tuple[Any, ...]) -> None:
        """Look for a row that is to be there."""
        if self._connection.execute(self._query, row).fetchone():
            self._found += 1
        else:
            self._missing += 1

    def differing(self) -> int:
        """Return how many rows of the table differ, when all right ones have been added."""
        (there,) = self._connection.execute(f"SELECT count(*) FROM {self._table}").fetchone()
        return int(there) - self._found + self._missing
