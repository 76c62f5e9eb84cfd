"""What each of several processes is told of an export, and how they find that they read the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Container
from dataclasses import dataclass
from typing import TypeAlias

from datasette_newsgraph.mapping.profiles import Profile
from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.selection import Selection
from datasette_newsgraph.rdf.stream import GraphStream

#: Cheap to read, and other numbers after most changes.
_NUMBERS = ("SELECT max(id) FROM articles", "PRAGMA page_count", "PRAGMA schema_version")
State: TypeAlias = "tuple[int | None, ...]"


@dataclass(frozen=True)
class Task:
    """What to export, and how. Another process can be told it."""

    format: Format
    base: str
    profile: Profile
    with_text: bool
    with_decisions: bool
    assert_from: float
    selection: Selection | None
    tables: Container[str]

    def stream(self, connection: sqlite3.Connection) -> GraphStream:
        """Return the stream that writes it. The connection should hold a read transaction."""
        return GraphStream(
            connection,
            self.format.syntax(self.base),
            profile=self.profile,
            with_text=self.with_text,
            with_decisions=self.with_decisions,
            assert_from=self.assert_from,
            selection=self.selection,
            tables=self.tables,
        )


def state(connection: sqlite3.Connection) -> State:
    """Return numbers that are the same for all who read the same state of a database. A transaction
    that has begun reads from now on.
    """
    return tuple(connection.execute(query).fetchone()[0] for query in _NUMBERS)
