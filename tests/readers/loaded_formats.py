"""x"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.store import open_store


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def faults(path: Path) -> list[str]:
    with open_store(path) as db:
        return list(check(db))
