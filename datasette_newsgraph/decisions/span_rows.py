"""The rows of mentions, quotes and evidence: what they are about, and those that are taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.store.full_text import fold_rows, index, unindex
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.schema import FOLDED, TABLES

#: The tables of spans by kind, and the column with what the span is about.
SPANS = {
    "mention": ("mentions", "entity_id"),
    "quote": ("quotes", "speaker_id"),
    "evidence": ("evidence", "relation_id"),
}


class SpanRows:
    """The spans of a database; what is searched of quotes goes and comes back with them."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._is_filled = is_filled(db)
        self._turned: dict[str, list[tuple[int | None, int]]] = {kind: [] for kind in SPANS}

    def turn(self, kind: str, number: int, about: int | None) -> None:
        """Have a span be about the row of this number, when it is written."""
        self._turned[kind].append((about, number))

    def write(self) -> None:
        """Write what other rows spans are about."""
        for kind, turned in self._turned.items():
            table, column = SPANS[kind]
            self._db.conn.executemany(f"UPDATE {table} SET {column} = ? WHERE id = ?", turned)
            turned.clear()

    def take_out(self, kind: str, number: int) -> dict[str, Any]:
        """Delete a span, and return what brings it back."""
        table, _ = SPANS[kind]
        columns = _own_columns(kind)
        execute = self._db.conn.execute
        found = execute(
            f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?", [number]
        ).fetchone()
        if kind == "quote":
            if self._is_filled:
                unindex(self._db, table, "id = :id", {"id": str(number)})
            execute(f"DELETE FROM {FOLDED[table]} WHERE quote_id = ?", [number])
        execute(f"DELETE FROM {table} WHERE id = ?", [number])
        return dict(zip(columns, found, strict=True))

    def put_back(
        self, kind: str, key: str, article: int, record: Mapping[str, Any], about: int | None
    ) -> None:
        """Insert a span that was taken out."""
        table, column = SPANS[kind]
        given = {"key": key, "article_id": article, column: about, **record}
        if "extraction_id" in TABLES[table].columns:
            query = "SELECT extraction_id FROM articles WHERE id = ?"
            given["extraction_id"] = self._db.conn.execute(query, [article]).fetchone()[0]
        cursor = self._db.conn.execute(
            f"INSERT INTO {table} ({', '.join(given)}) VALUES ({', '.join('?' * len(given))})",
            [*given.values()],
        )
        if kind == "quote":
            fold_rows(self._db, table, f"id = {cursor.lastrowid}")
            if self._is_filled:
                index(self._db, table, "id = :id", {"id": str(cursor.lastrowid)})


def _own_columns(kind: str) -> list[str]:
    """Return the columns of a span besides its key and its row numbers: those mean something in this
    database only. What found it is what found all of its article.
    """
    table = TABLES[SPANS[kind][0]]
    return [each for each in table.columns if each != "key" and not table.is_row_number(each)]
