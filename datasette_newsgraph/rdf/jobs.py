"""How many processes an export is worth, where nobody says."""

from __future__ import annotations

import os
import sqlite3

#: Bytes of a database from which on another process is worth its start, of a quarter of a second.
_WORTH_IT = 64 << 20
#: With more, they would wait for the one that puts the document together.
_MOST = 8


def jobs_worth_it(connection: sqlite3.Connection) -> int:
    """Return as many processes as this one may have cores, for the whole of a large graph; else 1."""
    pages, page_size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size")
    )
    return min(_cores(), _MOST) if pages * page_size >= _WORTH_IT else 1


def _cores() -> int:
    try:
        # Those that this process may have, which are fewer in many a container.
        return len(os.sched_getaffinity(0))
    except AttributeError:
        # Not on macOS. Where pipes cannot be waited for, as on Windows, there is one process.
        return (os.cpu_count() or 1) if os.name == "posix" else 1
