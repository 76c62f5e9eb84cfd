"""A database beside the graph for what is too much to hold in memory, and gone afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

#: kB of it that SQLite keeps in memory.
_CACHE_KB = 8_000


@contextmanager
def aside() -> Iterator[sqlite3.Connection]:
    """Give a temporary database: nobody else sees it, and no transaction of it is worth a journal."""
    # An empty name: on the disk as far as it outgrows the cache, and deleted when it is closed.
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE_KB}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        yield connection
