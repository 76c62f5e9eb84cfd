"""The one way to hold the write lock for a piece of work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Hold the write lock for the body; all of it is kept, or nothing, also where the last step, the
    COMMIT, is refused (another connection reads: SQLite's "database is locked").
    """
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.conn.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        raise
