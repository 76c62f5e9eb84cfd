"""Write into a shard the rows that records would give."""

from __future__ import annotations

import sqlite3

from datasette_newsgraph.drafting.draft import Draft
from datasette_newsgraph.drafting.records import Reading
from datasette_newsgraph.loading.chunk import hash_as_read
from datasette_newsgraph.loading.numbering import Numbering
from datasette_newsgraph.loading.rows import COLUMNS, Rows
from datasette_newsgraph.loading.shards.outcome import Outcome, outcome_of

#: Articles that are written together.
_CHUNK = 200


class ShelfWriter:
    """Writes articles into the tables of a shard, which ``layout`` has made.

    Entities, relations and extractions may have several rows of one key there: those that are written
    together have one.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._numbering = Numbering(lambda _table, _keys: {})
        self._rows = Rows(dict.fromkeys(COLUMNS, 1))
        self._waiting: list[tuple[Draft, int, str]] = []

    def add(self, reading: Reading, record_hash: str) -> Outcome:
        """Add the rows of a record, if it has any, and return what else came of it."""
        row = 0
        if isinstance(reading.draft, Draft):
            row = self._rows.new_id("articles")
            self._waiting.append((reading.draft, row, hash_as_read(record_hash, reading)))
        if len(self._waiting) >= _CHUNK:
            self.flush()
        return outcome_of(reading, row)

    def flush(self) -> None:
        """Write what was added."""
        self._numbering.resolve([draft for draft, _, _ in self._waiting], self._rows)
        for draft, row, record_hash in self._waiting:
            self._rows.add_article(draft, row, self._numbering.ids, 0, record_hash)
        self._rows.insert(self.connection)
        self._waiting.clear()
