"""How many processes an export is worth, where nobody says."""

from __future__ import annotations

import os
import sqlite3

from datasette_newsgraph.cores import cores

#: Bytes of a database from which on another process is worth its start, of a quarter of a second.
_WORTH_IT = 64 << 20


def jobs_worth_it(connection: sqlite3.Connection) -> int:
    """Return as many processes as this one may have cores, for the whole of a large graph; else 1."""
    pages, page_size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    # Where pipes cannot be waited for, as on Windows, one process is to do it.
    return cores() if pages * page_size >= _WORTH_IT and os.name == "posix" else 1
