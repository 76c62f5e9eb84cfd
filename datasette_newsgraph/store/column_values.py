"""Find values that a column may not hold: somebody else wrote them there, or a broken disk."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.store.columns import KEY
from datasette_newsgraph.store.packed_sets import unpacked
from datasette_newsgraph.store.rules import IRIS, is_right, wanted
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.wording import counted

#: The bytes of keys, which are taken out of many keys at once to see whether anything is left.
_KEY = b"abcdefghijklmnopqrstuvwxyz0123456789-"
#: Keys that are looked at together.
_AT_ONCE = 1000


def are_keys(keys: list[Any]) -> bool:
    """Tell whether all of some values are keys: this is asked of each row of an export."""
    try:
        return all(keys) and not "".join(keys).encode("ascii").translate(None, _KEY)
    except (TypeError, UnicodeEncodeError):
        return False


class Wrong(NamedTuple):
    """A column that has wrong values: in how many rows, and the number of the first."""

    table: str
    column: str
    row: int | None
    rows: int

    @property
    def words(self) -> str:
        """Return what is wrong, without a word of what stands there."""
        return f"the {self.column} of {self.place} is not {self._wanted}"

    @property
    def place(self) -> str:
        """Return which rows they are."""
        others = f" (and {counted(self.rows - 1, 'further row')})" if self.rows > 1 else ""
        row = "a row" if self.row is None else f"row {self.row}"
        return f"{row} of {self.table}{others}"

    @property
    def column_words(self) -> str:
        """Return which column is wrong, without its rows: not everybody may know how many there are."""
        return f"a value in the column {self.column} of {self.table} is not {self._wanted}"

    @property
    def _wanted(self) -> str:
        return wanted(self.table, self.column)


def wrong_values(connection: sqlite3.Connection, table: str) -> list[Wrong]:
    """Return the columns of a table that have wrong values, by one pass over it."""
    columns = list(TABLES[table].columns)
    conditions = [
        # Quicker than by SQL, which goes on where one is none.
        f"typeof({table}.{column}) = 'text'"
        if TABLES[table].columns[column].rule is KEY.rule and _spell_keys(connection, table, column)
        else is_right(table, column)
        for column in columns
    ]
    wrong = ", ".join(f"NOT {each}" for each in conditions)
    found: dict[str, Wrong] = {}
    for number, *are_wrong in connection.execute(
        f"SELECT {row_number(table)}, {wrong} FROM {table} WHERE NOT ({' AND '.join(conditions)})"
    ):
        for column, is_wrong in zip(columns, are_wrong, strict=True):
            if is_wrong:
                _count(found, table, column, number)
    if table == "facet_rows" and not found:
        _count_broken_sets(connection, found)
    return list(found.values())


def _spell_keys(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Tell whether all values of a column, as bytes, are those of keys."""
    values = connection.execute(f"SELECT CAST({column} AS BLOB) FROM {table} NOT INDEXED")
    while rows := values.fetchmany(_AT_ONCE):
        keys = [key for (key,) in rows]
        if not all(keys) or b"".join(keys).translate(None, _KEY):
            return False
    return True


def row_number(table: str) -> str:
    """Return the SQL of the number of a row; not the rowid, which a column of a user's may hide."""
    pk = TABLES[table].pk
    is_number = isinstance(pk, str) and TABLES[table].is_row_number(pk)
    return f"CASE typeof({pk}) WHEN 'integer' THEN {pk} END" if is_number else "NULL"


def _count(found: dict[str, Wrong], table: str, column: str, number: int | None) -> None:
    first = found.get(column) or Wrong(table, column, number, 0)
    found[column] = first._replace(rows=first.rows + 1)


def _count_broken_sets(connection: sqlite3.Connection, found: dict[str, Wrong]) -> None:
    """Count the rows of ``facet_rows`` whose set cannot be unpacked."""
    for (stored,) in connection.execute("SELECT rows FROM facet_rows"):
        try:
            unpacked(stored)
        except zlib.error:
            _count(found, "facet_rows", "rows", None)


def wrong_iris(connection: sqlite3.Connection) -> Iterator[Wrong]:
    """Yield the columns of IRIs in which one is none, of text that is."""
    for (table, column), where in IRIS.items():
        found: dict[str, Wrong] = {}
        for number, iri in connection.execute(
            f"SELECT {row_number(table)}, {column} FROM {table}"
            f" WHERE ({where}) AND typeof({column}) = 'text'"
        ):
            if clean_iri(iri) != iri:
                _count(found, table, column, number)
        yield from found.values()


def first_wrong(connection: sqlite3.Connection) -> Wrong | None:
    """Return a column of any table that has wrong values, or None."""
    for table in TABLES:
        for found in wrong_values(connection, table):
            return found
    return next(wrong_iris(connection), None)
