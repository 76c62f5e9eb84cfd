"""Tell an error that a damaged database leads to from one of ours."""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from datasette_newsgraph.errors import StoreError, WrongValue
from datasette_newsgraph.store.column_values import first_wrong
from datasette_newsgraph.store.signals import is_of_another

#: What to do about a file, or a table, that cannot be used.
RESTORE = "restore it from a copy, or load its articles into another database file"
#: What Python raises where a value is not what our code was written for.
UNEXPECTED = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    zlib.error,
)
#: How Python tells of bytes that are no text.
_NO_TEXT = re.compile(r"Could not decode to UTF-8 (column '[^']*').*", re.DOTALL)


def said_by(error: sqlite3.Error) -> str:
    """Return what SQLite says, without the words of a text that it could not read."""
    said = str(error)
    return _NO_TEXT.sub(r"\1 is not text in UTF-8", said)


@contextmanager
def telling_wrong_values(connection: sqlite3.Connection, name: str) -> Iterator[None]:
    """Raise StoreError for an error that wrong values in the database have led to."""
    try:
        yield
    except WrongValue as error:
        raise StoreError(f"{name}: {error}") from error
    except UNEXPECTED as error:
        cause = _cause_in(connection, name, error)
        if cause is None:
            raise
        raise StoreError(f"{name}: {cause}") from error


def _cause_in(connection: sqlite3.Connection, name: str, error: BaseException) -> str | None:
    """Return what in the database has led to an error that our code did not expect, and what to do;
    None if all is as it may be, so that the fault is ours. Reads the database.
    """
    # Text in a value that cannot be read, SQLite tells of otherwise.
    if isinstance(error, UnicodeDecodeError) and _has_broken_names(connection):
        return f"the names of its tables are not text in UTF-8; {RESTORE}"
    try:
        wrong = first_wrong(connection)
    except sqlite3.Error as sqlite_error:
        if is_of_another(sqlite_error):
            raise
        words = said_by(sqlite_error)
    else:
        if wrong is None:
            return None
        words = wrong.words
    return f"{words}; newsgraph check {name} lists what is wrong"


def _has_broken_names(connection: sqlite3.Connection) -> bool:
    """Tell whether SQLite's own table of tables has names that are no UTF-8."""
    before = connection.text_factory
    connection.text_factory = bytes
    try:
        rows = connection.execute("SELECT name, tbl_name, sql FROM sqlite_master").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        # What SQLite says of it has such a name in it.
        return True
    finally:
        connection.text_factory = before
    return any(
        each != each.decode("utf-8", "ignore").encode() for row in rows for each in row if each
    )
