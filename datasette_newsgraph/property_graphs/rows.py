"""The rows of nodes and edges, in the order of their keys: so equal graphs are equal files."""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias

import msgspec

from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.property_graphs.columns import CHOSEN, REQUIRED, Column, Element, Type
from datasette_newsgraph.rdf.selection import Selection
from datasette_newsgraph.store.column_values import wrong_values

#: A node or an edge: a value for each of its columns, None where there is none.
Row: TypeAlias = "list[Any]"
_CHOSEN = re.compile(re.escape(CHOSEN).replace(r"\{table\}", r"(\w+)"))
_HALVES = re.compile("[\ud800-\udfff]")


class Rows:
    """Reads a graph, or the part of it that is selected. The connection should hold a read transaction.

    Raises WrongValue for a value that no load writes.
    """

    def __init__(
        self, connection: sqlite3.Connection, selection: Selection | None, *, with_text: bool
    ) -> None:
        self.connection = connection
        self.selection = selection
        self.with_text = with_text

    def columns(self, element: Element) -> tuple[Column, ...]:
        """Return the columns of which the rows of an element have a value each."""
        return element.properties(with_text=self.with_text)

    def of(self, element: Element) -> Iterator[Row]:
        """Yield the nodes or edges of a kind, by their keys."""
        columns = self.columns(element)
        sql = ", ".join(each.sql for each in columns)
        condition = f"{element.condition} AND {CHOSEN.format(table=element.table)}"
        # Sorted where few are chosen, and not looked for along the keys of all that there are.
        order = element.order if self.selection is None else f"+{element.order}"
        cursor = self.execute(
            f"SELECT {sql} FROM {element.table} {element.joins} WHERE {condition} ORDER BY {order}"
        )
        return self.checked(cursor, columns, (element.table, *element.tables))

    def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:
        """Run a query in which the rows of tables are those that are chosen."""
        values = {str(place): each for place, each in enumerate(parameters, 1)}
        if self.selection is None:
            return self.connection.execute(sql, values)

        def condition(found: re.Match[str]) -> str:
            values[found[1]] = self._numbers(found[1])
            # By the plus, SQLite leaves the way to the rows as it is.
            return f"+{found[1]}.id IN (SELECT value FROM json_each(:{found[1]}))"

        return self.connection.execute(_CHOSEN.sub(condition, sql), values)

    def checked(
        self, rows: Iterable[Iterable[Any]], columns: tuple[Column, ...], tables: tuple[str, ...]
    ) -> Iterator[Row]:
        """Yield rows as values of Python; raises WrongValue for a value of another type, or where there
        is none though a node or an edge cannot be without it.
        """
        readers = [_READERS[each.type] for each in columns]
        required = [place for place, each in enumerate(columns) if each.name in REQUIRED]
        for row in rows:
            try:
                values = [
                    None if value is None else read(value)
                    for read, value in zip(readers, row, strict=True)
                ]
            except (TypeError, ValueError):
                raise self._refused(columns, tables) from None
            for place in required:
                if values[place] is None:
                    raise self._refused(columns, tables)
            yield values

    def _refused(self, columns: tuple[Column, ...], tables: tuple[str, ...]) -> WrongValue:
        """Return the error that says which value in some tables cannot be written."""
        for table in dict.fromkeys(chain(tables, *(each.tables for each in columns))):
            for wrong in wrong_values(self.connection, table):
                return WrongValue(f"{wrong.words}; newsgraph check lists what is wrong")
        return WrongValue(
            f"a value in the table {tables[0]} is not of its column's type;"
            " newsgraph check lists what is wrong"
        )

    def _numbers(self, table: str) -> str:
        """Return the numbers of the rows of a table that are selected, as a JSON array."""
        numbers = getattr(self.selection, table)
        if isinstance(numbers, dict):
            numbers = chain.from_iterable(numbers.values())
        return json.dumps(sorted(numbers))


def _string(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _integer(value: Any) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise TypeError
    return float(value)


def _strings(value: Any) -> list[str] | None:
    if value == "[]":
        return None
    try:
        # The JSON of a database may spell lone surrogates, which the other reader refuses.
        found = json.loads(value) if "\\u" in value else msgspec.json.decode(value)
    except msgspec.DecodeError as error:
        raise ValueError from error
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise TypeError
    return [whole(each) for each in found]


def _lines(value: Any) -> list[str] | None:
    return _string(value).split("\n") if value else None


def whole(text: str) -> str:
    r"""Return a text that can be written in UTF-8: U+FFFD stands for half a character.

    >>> whole("a\ud800b")
    'a�b'
    """
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


_READERS: dict[Type, Callable[[Any], Any]] = {
    Type.STRING: _string,
    Type.INTEGER: _integer,
    Type.NUMBER: _number,
    Type.STRINGS: _strings,
    Type.LINES: _lines,
}
