"""The one way to hold the write lock for a piece of work."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from sqlite_utils import Database

#: Seconds for which one attempt keeps new readers out, so that those who are reading can finish: the
#: first, and the longest. Between attempts everybody reads for as long.
_FIRST_ATTEMPT = 0.1
_LONGEST_ATTEMPT = 1.0


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Hold the write lock for the body; all of it is kept, or nothing, also where the last step, the
    COMMIT, is refused.
    """
    begin(db.conn)
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise


def begin(connection: sqlite3.Connection) -> None:
    """Begin a transaction that nobody who reads can hold up; raises sqlite3.OperationalError if others
    read or write for longer than the connection waits for them.

    Without a write-ahead log, SQLite needs readers out before it can write to the file, and while it
    waits for one that stands still (``newsgraph export … | less``) it lets no other in. So we wait
    here, before anything is written, and in turns.
    """
    milliseconds = int(connection.execute("PRAGMA busy_timeout").fetchone()[0])
    deadline = monotonic() + milliseconds / 1000
    attempt = _FIRST_ATTEMPT
    try:
        while not _begin(connection, attempt, deadline):
            sleep(attempt)
            attempt = min(2 * attempt, _LONGEST_ATTEMPT)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")


def _begin(connection: sqlite3.Connection, seconds: float, deadline: float) -> bool:
    """Begin, and wait so long for others; tell whether it was done. Raises after the deadline."""
    left = max(0.0, deadline - monotonic())
    connection.execute(f"PRAGMA busy_timeout = {int(1000 * min(seconds, left))}")
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) or left == 0:
            raise
        return False
    return True
