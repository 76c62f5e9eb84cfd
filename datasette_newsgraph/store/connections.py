"""Use a connection of somebody else's as one of ours, and leave it as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlite_utils import Database

_Each = TypeVar("_Each")
#: What a connection may have been told about the rows that it gives.
_OF_ROWS = ("row_factory", "text_factory")


@contextmanager
def as_ours(connection: sqlite3.Connection) -> Iterator[None]:
    """Have the connection give tuples with strings, and begin no transaction by itself."""
    with _set(connection, isolation_level=None, row_factory=None, text_factory=str):
        yield


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
