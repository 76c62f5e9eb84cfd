"""Databases that Datasette was told nobody changes (``-i``), though somebody was not done with them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.store.migrations import applied_versions


def refuse_unfinished(datasette: Any) -> None:
    """Raise UsageError for an immutable graph that has a write-ahead log, or a rollback journal, with
    something in it: SQLite looks at neither, and would read what was there before, or half of it.
    """
    for database in datasette.databases.values():
        path = database.path
        if database.is_mutable or not path:
            continue
        for beside in (f"{path}-wal", f"{path}-journal"):
            if Path(beside).exists() and Path(beside).stat().st_size and _has_graph(path):
                name = Path(path).name
                raise UsageError(
                    f"{path} cannot be served with -i, as some of it is in {Path(beside).name};"
                    f" run newsgraph repair {name} while no other program has it open, which puts it"
                    " into the file, or serve it without -i"
                )


def _has_graph(path: str) -> bool:
    # With what is in the log, and where nothing can be written beside the file, without.
    return any(
        _is_graph(f"file:{quote(os.fsencode(path))}?{how}") for how in ("mode=ro", "immutable=1")
    )


def _is_graph(uri: str) -> bool:
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return bool(applied_versions(connection))
    except sqlite3.Error:
        # Damaged, or half written. It is said elsewhere.
        return False
