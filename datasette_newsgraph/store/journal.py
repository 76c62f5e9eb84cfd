"""Which journal SQLite keeps of a database: a rollback journal, or a write-ahead log.

With a rollback journal a database is one file, which can be copied, and served from where nothing can
be written. So that is how it is filled, and how it rests. But nobody can write while somebody reads,
nor the other way round. So whoever writes to a graph that is there already switches to a write-ahead
log (WAL) first, and back when he is done, if nobody else has the file open then.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from time import monotonic, sleep
from typing import Any

from datasette_newsgraph.journal_modes import AUTO, DELETE, MODES, WAL

#: Seconds that we wait at the end for others to close the file, and between two looks.
_LONGEST_WAIT = 1.0
_PAUSE = 0.05
_SETTING = "journal_mode"


class OwnConnection(sqlite3.Connection):
    """A connection to a file that we opened ourselves: its journal is ours to choose. One that is given
    to us keeps the one that it has.

    ``uri`` is what it was opened by; it ``takes_log`` if what it writes goes into a log.
    """

    uri: str
    takes_log = False


@contextmanager
def own_journal(
    connection: OwnConnection,
    *,
    is_filled: bool,
    log_stays: Callable[[], None],
    patience: float | None = None,
) -> Iterator[None]:
    """Let the body write to a graph, that ``is_filled`` or is not yet, with the journal that is right
    for it; then leave the file as it is to rest. ``log_stays`` is called if there still is a log then,
    because others have the file open after so many seconds of ``patience``; None is a second.
    """
    connection.takes_log = is_filled
    try:
        yield
    except BaseException:
        # What went wrong is what is told. The log stays then at worst.
        with suppress(sqlite3.Error):
            _rest(connection, log_stays, patience)
        raise
    _rest(connection, log_stays, patience)


def enter_log(connection: OwnConnection) -> None:
    """Switch to a write-ahead log, where that is right and can be done; raises
    sqlite3.OperationalError while others read or write: SQLite needs them out for it.
    """
    if _mode(connection) == WAL:
        return
    if chosen_mode(connection) == DELETE:
        return
    milliseconds = _first(connection, "PRAGMA busy_timeout")
    # By a connection of its own: one that cannot use the log cannot do without it again, either.
    other = sqlite3.connect(connection.uri, uri=True, timeout=milliseconds / 1000)
    with closing(other):
        other.execute("PRAGMA journal_mode = WAL")
        try:
            for each in (other, connection):
                _first(each, "SELECT count(*) FROM sqlite_master")
            return
        except sqlite3.OperationalError as error:
            if is_locked(error):
                raise
    # Some network drives have no memory that processes share, which a log needs.
    connection.takes_log = False
    with closing(sqlite3.connect(connection.uri, uri=True)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("PRAGMA journal_mode = DELETE")


def _rest(connection: OwnConnection, log_stays: Callable[[], None], patience: float | None) -> None:
    """Leave the file without a log, unless one was chosen or others have the file open."""
    chosen = chosen_mode(connection)
    is_logged_now = is_logged(connection)
    if chosen == WAL and not is_logged_now:
        try:
            enter_log(connection)
        except sqlite3.OperationalError as error:
            # While others read; the next command that writes does it.
            if not is_locked(error):
                raise
    if chosen == WAL or not is_logged_now:
        return
    milliseconds = _first(connection, "PRAGMA busy_timeout")
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        # Most of the log now, while others can read and write.
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        if not _gives_up_log(connection, patience):
            # With nothing in it, if nobody is reading just now.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            log_stays()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")


def _gives_up_log(connection: sqlite3.Connection, patience: float | None) -> bool:
    deadline = monotonic() + (_LONGEST_WAIT if patience is None else patience)
    while True:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if not is_locked(error):
                raise
        else:
            return True
        if monotonic() > deadline:
            return False
        sleep(_PAUSE)


def chosen_mode(connection: sqlite3.Connection) -> str:
    """Return which of the MODES a user has chosen for a database."""
    has_settings = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'settings'"
    if not _first(connection, has_settings):
        return AUTO
    row = connection.execute("SELECT value FROM settings WHERE name = ?", [_SETTING]).fetchone()
    return row[0] if row is not None and row[0] in MODES else AUTO


def write_choice(connection: sqlite3.Connection, mode: str) -> None:
    """Keep which of the MODES a user has chosen."""
    connection.execute("DELETE FROM settings WHERE name = ?", [_SETTING])
    if mode != AUTO:
        connection.execute("INSERT INTO settings (name, value) VALUES (?, ?)", [_SETTING, mode])


def is_logged(connection: sqlite3.Connection) -> bool:
    """Tell whether a database has a write-ahead log."""
    return _mode(connection) == WAL


def name_of(connection: sqlite3.Connection) -> str:
    """Return the name of the file that a connection reads; it is empty where there is none."""
    # As bytes: a file's name need not be text.
    query = "SELECT CAST(file AS BLOB) FROM pragma_database_list WHERE name = 'main'"
    (name,) = connection.execute(query).fetchone()
    return os.fsdecode(name) if name else ""


def is_awaited(database: str) -> bool:
    """Tell whether somebody is writing to a database without a write-ahead log, who needs all readers
    out sooner or later: SQLite's journal lies beside it then.
    """
    try:
        # An empty one is kept by programs that do not remove it.
        return os.stat(f"{database}-journal").st_size > 0
    except OSError:
        return False


def begin_reading(connection: sqlite3.Connection) -> None:
    """Begin to read one state of a database, for long. Who waits to write goes first, for as long as
    the connection waits for others: else those who read one after the other would keep him out.
    """
    path = name_of(connection)
    milliseconds = _first(connection, "PRAGMA busy_timeout")
    deadline = monotonic() + milliseconds / 1000
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        # SQLite's own way to wait would let us in as soon as nobody writes.
        while not _begins_to_read(connection, path) and monotonic() < deadline:
            sleep(_PAUSE)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
    if not connection.in_transaction:
        connection.execute("BEGIN")


def _begins_to_read(connection: sqlite3.Connection, path: str) -> bool:
    if path and is_awaited(path):
        return False
    connection.execute("BEGIN")
    try:
        _first(connection, "SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        connection.execute("ROLLBACK")
        if not is_locked(error):
            raise
        return False
    return True


def log_of(database: str) -> str:
    """Return the name of a database's write-ahead log."""
    return f"{database}-wal"


def is_locked(error: sqlite3.OperationalError) -> bool:
    """Tell whether others keep us from reading or writing."""
    return "locked" in str(error)


def _mode(connection: sqlite3.Connection) -> str:
    return str(_first(connection, "PRAGMA journal_mode"))


def _first(connection: sqlite3.Connection, query: str) -> Any:
    return connection.execute(query).fetchone()[0]
