"""Use a connection of somebody else's as one of ours, and leave it as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlite_utils import Database

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.store.own_names import all_names

_Each = TypeVar("_Each")
#: What a connection may have been told about the rows that it gives.
_OF_ROWS = ("row_factory", "text_factory")
#: What a connection may have been told of how to go about its work, which we tell it otherwise.
_OF_WORK = ("cache_size", "recursive_triggers")


@contextmanager
def as_ours(connection: sqlite3.Connection) -> Iterator[Database]:
    """Have the connection give tuples with strings, and begin no transaction by itself.

    Raises UsageError where it is closed, used by another thread than its own, in a transaction, or has
    temporary tables that would be taken for ours.
    """
    try:
        # From Python 3.12 on; sqlite-utils does not take such a connection.
        if getattr(connection, "autocommit", None) in (True, False):
            raise UsageError("the connection was opened with autocommit; open one without")
        if connection.in_transaction:
            raise UsageError("the connection has a transaction open; commit it first")
        with _set(connection, isolation_level=None, row_factory=None, text_factory=str):
            _refuse_temporary(connection)
            with _pragmas(connection):
                yield Database(connection)
    except sqlite3.ProgrammingError as error:
        reason = str(error).partition(".")[0]
        raise UsageError(
            f"the connection cannot be used here ({reason}); open another one"
        ) from error


def _refuse_temporary(connection: sqlite3.Connection) -> None:
    """Raise UsageError where SQLite would take a temporary table for one of ours."""
    names = connection.execute(
        "SELECT name FROM temp.sqlite_master WHERE type IN ('table', 'view')"
    )
    for (name,) in names.fetchall():
        if name.lower() in all_names():
            raise UsageError(
                f"the connection has a temporary table {name!r}, which is a name of newsgraph's;"
                " drop it first"
            )


@contextmanager
def _pragmas(connection: sqlite3.Connection) -> Iterator[None]:
    """Give back what is told by PRAGMA, by us or by sqlite-utils, as it was."""
    before = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _OF_WORK}
    try:
        yield
    finally:
        for name, value in before.items():
            connection.execute(f"PRAGMA {name} = {value}")


def read_as_given(database: object, items: Iterable[_Each]) -> Iterator[_Each]:
    """Yield ``items``, each made while the connection is as its owner has it now: they may be read
    from that very connection, whose rows he knows as he has told it to give them.

    ``database`` may be whatever ``open_store`` takes; a path has no owner.
    """
    connection = database.conn if isinstance(database, Database) else database
    if not isinstance(connection, sqlite3.Connection):
        return iter(items)
    # Now, not when the first item is asked for: it is ours then.
    return _read(connection, {name: getattr(connection, name) for name in _OF_ROWS}, iter(items))


def _read(
    connection: sqlite3.Connection, given: dict[str, Any], items: Iterator[_Each]
) -> Iterator[_Each]:
    while True:
        with _set(connection, **given):
            try:
                item = next(items)
            except StopIteration:
                return
        yield item


@contextmanager
def _set(connection: sqlite3.Connection, **wanted: Any) -> Iterator[None]:
    before = {name: getattr(connection, name) for name in wanted}
    try:
        for name, value in wanted.items():
            setattr(connection, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(connection, name, value)
