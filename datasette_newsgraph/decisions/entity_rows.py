"""The rows of entities and relations that articles refer to: found by key, or made; and which of them
were touched, so that what follows from them is computed again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.decisions.article_state import Statement


class EntityRows:
    """Rows of entities and relations by key. ``entities`` and ``relations`` that were touched are
    noted by their numbers.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.entities: set[int] = set()
        self.relations: set[int] = set()
        self._known: dict[str, int] = {}

    def touch(self, entity: int) -> None:
        """Note that an entity is named otherwise than before."""
        self.entities.add(entity)

    def touch_relation(self, key: str) -> None:
        """Note that a relation is stated otherwise than before."""
        row = self.connection.execute("SELECT id FROM relations WHERE key = ?", [key]).fetchone()
        if row is not None:
            self.relations.add(row[0])

    def find(self, key: str) -> int:
        """Return the number of an entity that some article of ours names."""
        return self._known.get(key) or self._looked_up(key) or 0

    def _looked_up(self, key: str) -> int | None:
        row = self.connection.execute("SELECT id FROM entities WHERE key = ?", [key]).fetchone()
        if row is not None:
            self._known[key] = row[0]
            return int(row[0])
        return None

    def entity(self, key: str, like: int) -> int:
        """Return the number of an entity, made ``like`` another one if it is not there."""
        found = self.find(key)
        if not found:
            found = self._insert(
                "SELECT ?, type, name, description, latitude, longitude, basis FROM entities"
                " WHERE id = ?",
                key,
                like,
            )
        self.entities.add(found)
        return found

    def entity_of_record(self, key: str, record: Mapping[str, Any]) -> int:
        """Return the number of an entity, made of a record of an appearance if it is not there."""
        found = self.find(key)
        if not found:
            values = (record[each] for each in ("type", "name", "description"))
            found = self._insert(
                "SELECT ?, ?, ?, ?, ?, ?, 'name'",
                *(key, *values, record["latitude"], record["longitude"]),
            )
        self.entities.add(found)
        return found

    def _insert(self, query: str, key: str, *values: Any) -> int:
        cursor = self.connection.execute(
            "INSERT INTO entities (key, type, name, description, latitude, longitude, basis)"
            f" {query}",
            [key, *values],
        )
        self._known[key] = int(cursor.lastrowid or 0)
        return self._known[key]

    def relation(self, key: str, subject: str, object_: str | None, said: Statement) -> int:
        """Return the number of a relation between entities that are there, made if it is not."""
        row = self.connection.execute("SELECT id FROM relations WHERE key = ?", [key]).fetchone()
        if row is None:
            cursor = self.connection.execute(
                "INSERT INTO relations (key, subject_id, predicate, object_id, value, datatype)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    *(key, self.find(subject), said.predicate),
                    *(object_ and self.find(object_), said.value, said.datatype),
                ],
            )
            number = int(cursor.lastrowid or 0)
        else:
            number = int(row[0])
        self.relations.add(number)
        return number
