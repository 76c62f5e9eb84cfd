"""The one way to hold the write lock for a piece of work."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from sqlite_utils import Database

from datasette_newsgraph.store.journal import (
    OwnConnection,
    enter_log,
    is_locked,
    is_logged,
    name_of,
)
from datasette_newsgraph.wording import printable

LOGGER = logging.getLogger("datasette_newsgraph")
#: Seconds for which one attempt keeps new readers out, so that those who are reading can finish: the
#: first, and the longest. Between attempts everybody reads for as long.
_FIRST_ATTEMPT = 0.1
_LONGEST_ATTEMPT = 1.5
#: Seconds that we wait for readers, whatever a connection waits for other writers: an export of a large
#: graph takes minutes. And seconds after which we say that we wait.
_PATIENCE = 600.0
_SILENCE = 5.0


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
    read or write for longer than we wait for them.

    With a write-ahead log, nobody has to wait for readers. To begin one, and without one, SQLite needs
    all readers out, and while it waits for one that takes long it lets no other in. So we wait here,
    before anything is written, and in turns.
    """
    milliseconds = int(connection.execute("PRAGMA busy_timeout").fetchone()[0])
    turns = _Turns(connection, milliseconds / 1000)
    try:
        if isinstance(connection, OwnConnection) and connection.takes_log:
            turns.take(lambda: enter_log(connection))
        turns.take(lambda: connection.execute("BEGIN EXCLUSIVE"))
    finally:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")


class _Turns:
    """Attempts at what needs others out, with time for these in between."""

    def __init__(self, connection: sqlite3.Connection, seconds: float) -> None:
        self._connection = connection
        self._begun = monotonic()
        self._deadline = self._begun + seconds
        self._is_silent = True

    def take(self, attempt: Callable[[], object]) -> None:
        """Attempt it until it is done. Raises sqlite3.OperationalError after the deadline."""
        seconds = _FIRST_ATTEMPT
        while True:
            left = max(0.0, self._deadline - monotonic())
            self._wait_for(min(seconds, left))
            try:
                attempt()
                return
            except sqlite3.OperationalError as error:
                if not is_locked(error) or left == 0:
                    raise
            if self._let_others_read(seconds) and isinstance(self._connection, OwnConnection):
                self._deadline = self._begun + _PATIENCE
                self._say_once()
            seconds = min(2 * seconds, _LONGEST_ATTEMPT)

    def _let_others_read(self, seconds: float) -> bool:
        """Let others read for a while; tell whether it is readers that we wait for, and no writer.

        Meanwhile a journal lies beside the database, as soon as something is to be written: that tells
        our own readers that they are waited for (``journal.is_awaited``).
        """
        connection = self._connection
        self._wait_for(0)
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if not is_locked(error):
                raise
            sleep(seconds)
            return False
        try:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute(f"PRAGMA user_version = {version}")
            sleep(seconds)
            return not is_logged(connection)
        finally:
            connection.execute("ROLLBACK")

    def _wait_for(self, seconds: float) -> None:
        self._connection.execute(f"PRAGMA busy_timeout = {int(1000 * seconds)}")

    def _say_once(self) -> None:
        if self._is_silent and monotonic() - self._begun > _SILENCE:
            self._is_silent = False
            name = printable(Path(name_of(self._connection)).name)
            LOGGER.warning("%r: waiting for a program that reads it", name)
