"""The one way to open a database."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

from sqlite_utils import Database

from datasette_newsgraph.errors import StoreError, UsageError
from datasette_newsgraph.journal_modes import MODES, WAL
from datasette_newsgraph.store.connections import as_ours
from datasette_newsgraph.store.damage import RESTORE, said_by, telling_wrong_values
from datasette_newsgraph.store.journal import (
    OwnConnection,
    chosen_mode,
    is_logged,
    log_of,
    own_journal,
    write_choice,
)
from datasette_newsgraph.store.migrations import applied_versions, is_filled, require_schema
from datasette_newsgraph.store.signals import heed_signals
from datasette_newsgraph.store.transactions import transaction
from datasette_newsgraph.wording import printable

#: Seconds that we wait for another writer.
BUSY_TIMEOUT = 30.0
#: kB of the database that SQLite keeps in memory. Keys are spread evenly, so that its own 2 MB would
#: be read and written over and over.
CACHE_KB = 4_000

AnyDatabase: TypeAlias = "str | Path | sqlite3.Connection | Database"


@contextmanager
def open_store(
    database: AnyDatabase,
    *,
    write: bool = False,
    make: bool = False,
    damaged: bool = False,
    timeout: float = BUSY_TIMEOUT,
    log_stays: Callable[[str], None] = lambda name: None,
    log_patience: float | None = None,
) -> Iterator[Database]:
    """Open a news graph, to read or to ``write`` it; with ``make`` also where it has to be made, or
    migrated; with ``damaged`` also where tables and views are not what we made. ``log_stays`` is told
    the name of a write-ahead log that was used to write and has to stay, as others have the file open
    after ``log_patience`` seconds; None is a second.

    A connection that is given is used and left open; it gives rows, begins transactions and keeps a
    journal as before. Raises StoreError for whatever keeps SQLite from opening, reading or writing the
    file, and UsageError for what is no name of a file, and for a connection that cannot be used as it
    is; StoreError also for an error in the body that values which nobody of us wrote have led to.
    """
    if isinstance(database, (str, Path)):
        name = _file_name(str(database))
        try:
            is_there = Path(name).is_file()
            # A journal that a killed program left has to be rolled back before anybody can read.
            recover = Path(f"{name}-journal").exists()
        except OSError as error:
            raise StoreError(f"{name}: {error.strerror}; choose another file name") from error
        if not make and not is_there:
            raise StoreError(f"{name}: there is no such database")
        mode = "rwc" if make else "rw" if write or recover else "ro"
        uri = f"file:{quote(os.fsencode(Path(name).absolute()))}?mode={mode}"
        with _sqlite_errors(name):
            own = OwnConnection(uri, uri=True, timeout=timeout, isolation_level=None)
            own.uri = uri
            with closing(own), _signals(own), telling_wrong_values(own, name):
                own.execute(f"PRAGMA cache_size = -{CACHE_KB}")
                db = Database(own)
                with (
                    _journal(own, db, lambda: log_stays(log_of(name)), log_patience)
                    if write or make
                    else nullcontext()
                ):
                    require_schema(db, name, make=make, damaged=damaged)
                    if make and not own.takes_log and is_logged(own):
                        # It has one since before the graph came: somebody wants it.
                        set_journal_mode(db, WAL)
                    yield db
        return
    connection = database.conn if isinstance(database, Database) else database
    if not isinstance(connection, sqlite3.Connection):
        raise UsageError(
            "a database is the name of its file or an open connection, not"
            f" {type(database).__name__}"
        )
    name = "the database"
    with (
        as_ours(connection) as db,
        _sqlite_errors(name),
        telling_wrong_values(connection, name),
    ):
        require_schema(db, name, make=make, damaged=damaged)
        yield db


def _file_name(name: str) -> str:
    """Return the name of a database's file; raises UsageError for what SQLite gives another meaning."""
    if name == ":memory:" or name.startswith("file:"):
        raise UsageError(
            f"{name} is no name of a file; give one, or from Python an open connection:"
            f" sqlite3.connect({name!r}{', uri=True' if name.startswith('file:') else ''})"
        )
    if not name or "\0" in name:
        raise UsageError(f"{name!r} is no name of a file; give one")
    return name


def _journal(
    own: OwnConnection, db: Database, log_stays: Callable[[], None], patience: float | None
) -> AbstractContextManager[None]:
    # The first fill has no readers, and a database of somebody else's is left as it is.
    filled = is_filled(db) and bool(applied_versions(own))
    return own_journal(own, is_filled=filled, log_stays=log_stays, patience=patience)


def set_journal_mode(db: Database, mode: str) -> None:
    """Let all who write to a database from now on use one of the journal MODES. Raises UsageError for
    none of them, and for a connection that was given to us: it keeps its own.
    """
    if mode not in MODES:
        raise UsageError(f"{mode!r} is no journal mode; there are: {', '.join(MODES)}")
    if not isinstance(db.conn, OwnConnection):
        raise UsageError("a connection keeps its journal mode; give the name of the file instead")
    if chosen_mode(db.conn) != mode:
        with transaction(db):
            write_choice(db.conn, mode)


@contextmanager
def _signals(connection: sqlite3.Connection) -> Iterator[None]:
    """Raise what the handler of a signal raised, for which a query was ended."""
    raised = heed_signals(connection)
    try:
        yield
    except sqlite3.OperationalError as error:
        if raised:
            raise raised[0] from error
        raise


@contextmanager
def _sqlite_errors(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"{name}: {said_by(error)}{_remedy(str(error), name)}") from error


def _is_wal(name: str) -> bool:
    """Tell whether a file is a database with a write-ahead log (SQLite's file format, section 1.3)."""
    try:
        with open(name, "rb") as file:
            head = file.read(20)
    except OSError:
        return False
    return head.startswith(b"SQLite format 3\0") and head[18:20] == b"\x02\x02"


def _remedy(message: str, name: str) -> str:
    if "unable to open" in message and os.path.exists(name) and not os.access(name, os.R_OK):
        return "; you have no right to read it"
    if ("unable to open" in message or "readonly" in message) and _is_wal(name):
        return (
            "; it has a write-ahead log (WAL), and SQLite has to write files beside it even to read it:"
            " copy it to a folder that is writable, or run on it, where it is writable:"
            f" sqlite3 {shlex.quote(printable(Path(name).name))} 'PRAGMA journal_mode = DELETE'"
        )
    remedies = {
        "locked": "; another program uses it: try again when that is done",
        "full": "; make room, then run the same command again: it goes on where it stopped",
        "disk I/O": "; look at the disk, then run the same command again",
        "readonly": "; make the file and its directory writable",
        "unable to open": "; check that the directory exists and is writable",
        "not a database": "; choose another file name",
        "malformed": f"; {RESTORE}",
        "UTF-8": f"; {RESTORE}",
    }
    return next((remedy for part, remedy in remedies.items() if part in message), "")
