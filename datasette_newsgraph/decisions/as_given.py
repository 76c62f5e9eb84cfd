"""The table ``as_given``: what a record gave, of whatever is shown otherwise or not shown."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, NamedTuple

#: Under this key a quote is shown that has no speaker.
NOBODY = ""


class Ends(NamedTuple):
    """What a record gave: the key of the entity, speaker or subject, those of the object and of the
    relation.
    """

    subject: str | None
    object: str | None = None
    relation: str | None = None


class Kept(NamedTuple):
    """A row of ``as_given``; ``shown`` is None where the thing is not shown."""

    id: int
    kind: str
    key: str
    ends: Ends
    shown: str | None
    record: Any


class AsGiven:
    """The rows of ``as_given``: of one article they are read, and of many written together."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._new: list[tuple[Any, ...]] = []
        self._gone: list[tuple[int]] = []

    def rows(self, article: int) -> list[Kept]:
        """Return all rows of an article."""
        return [
            Kept(number, kind, key, Ends(*ends), shown, json.loads(record) if record else None)
            for number, kind, key, *ends, shown, record in self._connection.execute(
                "SELECT id, kind, key, subject_key, object_key, relation_key, shown_key, record"
                " FROM as_given WHERE article_id = ?",
                [article],
            )
        ]

    def keep(
        self,
        article: int,
        kind: str,
        key: str,
        ends: Ends,
        shown: str | None,
        record: Mapping[str, Any] | None = None,
    ) -> None:
        """Add a row, when it is written."""
        written = None if record is None else json.dumps(record, ensure_ascii=False)
        self._new.append((article, kind, key, *ends, shown, written))

    def forget(self, row: Kept) -> None:
        """Delete a row, when others are written."""
        self._gone.append((row.id,))

    def write(self) -> None:
        """Write what was added and deleted."""
        self._connection.executemany("DELETE FROM as_given WHERE id = ?", self._gone)
        self._connection.executemany(
            "INSERT INTO as_given (article_id, kind, key, subject_key, object_key, relation_key,"
            " shown_key, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self._new,
        )
        self._gone.clear()
        self._new.clear()
