"""A shard, or a database, that is attached to another one, and how articles are copied from it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from datasette_newsgraph.loading.numbering import LookUp
from datasette_newsgraph.loading.rows import COLUMNS, next_id
from datasette_newsgraph.store.schema import FOLDED, TABLES

#: The name under which it is attached: nobody else's is called so.
SCHEMA = "newsgraph_shard"
#: Rows of these are one where their keys are.
_KEYED = ("extractions", "entities", "relations")
#: The tables whose rows others refer to by new numbers, which temporary tables keep.
_MAPPED = (*_KEYED, "articles", "appearances", "quotes")
#: What a folded row is of, which is no foreign key.
_FOLDED = {
    FOLDED["article_texts"]: ("article_id", "articles"),
    FOLDED["quotes"]: ("quote_id", "quotes"),
}


@contextmanager
def attached(connection: sqlite3.Connection, path: str | Path) -> Iterator[None]:
    """Attach a database for the body, only to be read; outside of transactions."""
    name = quote(os.fsencode(Path(path).absolute()))
    connection.execute(f"ATTACH ? AS {SCHEMA}", [f"file:{name}?mode=ro"])
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for table in _MAPPED:
            connection.execute(f"DROP TABLE IF EXISTS temp.{_map(table)}")
        connection.execute(f"DETACH {SCHEMA}")


def _map(table: str) -> str:
    return f"newsgraph_{table}"


class Shelf:
    """Copies articles, with all that they give, from what is attached.

    ``is_indexed``: the rows of an article are found by indexes there, and few of its articles are
    copied at once; else all rows are looked through. ``look_up`` finds row numbers here by keys.
    """

    def __init__(
        self, connection: sqlite3.Connection, look_up: LookUp, *, is_indexed: bool
    ) -> None:
        self.connection = connection
        self.look_up = look_up
        self.is_indexed = is_indexed

    def copy(self, articles: Iterable[tuple[int, int]], source_id: int) -> None:
        """Copy articles, by their numbers there and the numbers that they get here. What they give
        gets the next row numbers, in the order in which it stands there.
        """
        execute = self.connection.execute
        for table in _MAPPED:
            execute(f"CREATE TEMP TABLE IF NOT EXISTS {_map(table)} (old INTEGER PRIMARY KEY, new)")
            execute(f"DELETE FROM temp.{_map(table)}")
        self.connection.executemany(f"INSERT INTO temp.{_map('articles')} VALUES (?, ?)", articles)
        for table in COLUMNS:
            if table in _KEYED:
                self._copy_keyed(table)
            else:
                self._copy(table, source_id)

    def touched(self, table: str) -> list[int]:
        """Return the row numbers of the entities or relations that the copied articles give."""
        rows = self.connection.execute(f"SELECT DISTINCT new FROM temp.{_map(table)}")
        return [row[0] for row in rows]

    def _rows(self, table: str, column: str, other: str) -> str:
        """Return the FROM clause of the rows of a table that hang on copied rows of another."""
        rows, copied = f"{SCHEMA}.{table} AS r", f"temp.{_map(other)} AS copied"
        first, second = (copied, rows) if self.is_indexed else (rows, copied)
        return f"{first} CROSS JOIN {second} ON copied.old = r.{column}"

    def _copy(self, table: str, source_id: int) -> None:
        """Copy the rows of a table that belong to the articles, directly or through another row."""
        column, other = _parent(table)
        rows = self._rows(table, column, other)
        values, joins = [], ""
        columns = [each for each in COLUMNS[table] if each != "id" or table in _MAPPED]
        if table in ("appearances", "quotes"):
            self._number(table, rows)
            joins += f" JOIN temp.{_map(table)} AS own ON own.old = r.id"
        for each in columns:
            if each == column:
                values.append("copied.new")
            elif each == "id":
                values.append("own.new")
            elif TABLES[table].references.get(each) == "sources":
                values.append(str(source_id))
            else:
                value, join = _renumbered(table, each)
                values.append(value)
                joins += join
        self.connection.execute(
            f"INSERT INTO main.{table} ({', '.join(columns)}) SELECT {', '.join(values)}"
            f" FROM {rows}{joins} ORDER BY {self._order(table)}"
        )

    def _order(self, table: str) -> str:
        key = COLUMNS[table][0]
        if table == "text_parts":
            return "r.article_id, r.number"
        return f"r.{key}"

    def _number(self, table: str, rows: str) -> None:
        """Number the rows of a table that are copied."""
        self.connection.execute(
            f"INSERT INTO temp.{_map(table)} SELECT r.id, row_number() OVER (ORDER BY r.id)"
            f" + (SELECT ifnull(max(id), 0) FROM main.{table}) FROM {rows}"
        )

    def _copy_keyed(self, table: str) -> None:
        """Copy the rows of a table that are not here yet, and note the numbers of all."""
        given = self.connection.execute(
            f"SELECT id, key FROM {SCHEMA}.{table} AS r WHERE id IN ({self._given(table)}) ORDER BY id"
        ).fetchall()
        here = dict(self.look_up(table, dict.fromkeys(key for _, key in given)))
        number = first = next_id(self.connection, table)
        numbers = []
        for old, key in given:
            if key not in here:
                here[key] = number
                number += 1
            numbers.append((old, here[key]))
        self.connection.executemany(f"INSERT INTO temp.{_map(table)} VALUES (?, ?)", numbers)
        values, joins = ["own.new"], ""
        for each in COLUMNS[table][1:]:
            value, join = _renumbered(table, each)
            values.append(value)
            joins += join
        columns = ", ".join(COLUMNS[table])
        # Of several rows of one key the first counts.
        self.connection.execute(
            f"INSERT INTO main.{table} ({columns}) SELECT {', '.join(values)}"
            f" FROM temp.{_map(table)} AS own CROSS JOIN {SCHEMA}.{table} AS r ON r.id = own.old{joins}"
            f" WHERE own.new >= ? AND own.old IN (SELECT min(old) FROM temp.{_map(table)} GROUP BY new)"
            " ORDER BY own.new",
            [first],
        )

    def _given(self, table: str) -> str:
        """Return the SELECT of the rows of a keyed table that the copied articles give."""
        given = {
            "extractions": ("articles", "id", "extraction_id"),
            "entities": ("appearances", "article_id", "entity_id"),
            "relations": ("evidence", "article_id", "relation_id"),
        }
        of, column, wanted = given[table]
        return f"SELECT r.{wanted} FROM {self._rows(of, column, 'articles')}"


def _renumbered(table: str, column: str) -> tuple[str, str]:
    """Return the value of a column as it is to be here, and the join that it needs, if it refers to a
    row that has another number here.
    """
    refers = TABLES[table].references.get(column)
    if refers is None:
        return f"r.{column}", ""
    join = f" LEFT JOIN temp.{_map(refers)} AS {column} ON {column}.old = r.{column}"
    return f"{column}.new", join


def _parent(table: str) -> tuple[str, str]:
    """Return the column of a table by which its rows belong to rows of another, and that table."""
    if table == "articles":
        return "id", "articles"
    if table in _FOLDED:
        return _FOLDED[table]
    for column, other in TABLES[table].references.items():
        if other in ("articles", "appearances"):
            return column, other
    raise KeyError(table)
