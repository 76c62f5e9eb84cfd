"""The row of ``sources`` that a load keeps of a file, with the rejects of that file."""

from __future__ import annotations

from typing import NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.loading.chunk import Reject
from datasette_newsgraph.readers.source import Origin
from datasette_newsgraph.store.transactions import transaction


class Stored(NamedTuple):
    """What is noted of a source: how far it was read, and in which way."""

    id: int
    size: int | None
    sha256: str
    line: int
    byte: int | None
    complete: int
    way: str | None


class SourceRow:
    """What the database keeps of one source; ``way`` is that in which it is read now.

    There is a row as soon as there is something to refer to it.
    """

    def __init__(self, db: Database, origin: Origin, way: str) -> None:
        self.db = db
        self.origin = origin
        self.way = way
        stored = self.stored()
        self._id = stored.id if stored else 0

    def stored(self) -> Stored | None:
        """Return what is noted, or None if the source is not known."""
        row = self.db.conn.execute(
            "SELECT id, size, sha256, resume_line, resume_byte, complete, way FROM sources"
            " WHERE name = ? AND place = ?",
            [self.origin.name, self.origin.place],
        ).fetchone()
        return None if row is None else Stored(*row)

    def make(self) -> int:
        """Return the row's number; it is made if it is not there yet."""
        if not self._id:
            place = [self.origin.name, self.origin.place]
            # Another loader of the same source may have been first.
            self.db.conn.execute(
                "INSERT OR IGNORE INTO sources (name, place, complete) VALUES (?, ?, 0)", place
            )
            (self._id,) = self.db.conn.execute(
                "SELECT id FROM sources WHERE name = ? AND place = ?", place
            ).fetchone()
        return self._id

    def note(self, digest: str | None, line: int, byte: int | None, *, complete: bool) -> None:
        """Note how far the source has been read: ``digest`` is of its bytes up to there."""
        self.db.conn.execute(
            "UPDATE sources SET size = ?, sha256 = ?, resume_line = ?, resume_byte = ?, complete = ?,"
            " way = ? WHERE id = ?",
            [self.origin.size, digest, line, byte, int(complete), self.way, self._id],
        )

    def finish(self, last_line: int) -> None:
        """Note that the source was read to its end, unless that is what is noted already."""
        row = self.stored()
        beyond = (last_line + 1, 1 << 62)
        end = (self.origin.size, self.origin.sha256, last_line, None, 1, self.way)
        if row and row[1:] == end and not self.rejects(beyond):
            return
        with transaction(self.db):
            self.make()
            # What a longer version of the file once gave.
            self.write_rejects(beyond, [])
            self.note(self.origin.sha256, last_line, None, complete=True)

    def rejects(self, lines: tuple[int, int]) -> list[Reject]:
        """Return the rejects within ``lines``, both included."""
        rows = self.db.conn.execute(
            "SELECT line, item, reason, raw, parts, article_key FROM rejects"
            " WHERE source_id = ? AND line BETWEEN ? AND ? ORDER BY line, item",
            [self._id, *lines],
        )
        return [Reject(*row) for row in rows]

    def write_all_rejects(self, rejects: list[Reject]) -> None:
        """Make ``rejects`` all that there are of the source."""
        self.db.conn.execute("DELETE FROM rejects WHERE source_id = ?", [self._id])
        self.add_rejects(rejects)

    def write_rejects(self, lines: tuple[int, int], rejects: list[Reject]) -> None:
        """Make ``rejects`` the rows within ``lines``, both included."""
        if self.rejects(lines) == rejects:
            return
        self.db.conn.execute(
            "DELETE FROM rejects WHERE source_id = ? AND line BETWEEN ? AND ?", [self._id, *lines]
        )
        self.add_rejects(rejects)

    def add_rejects(self, rejects: list[Reject]) -> None:
        """Add rejects to those that there are."""
        self.db.conn.executemany(
            "INSERT INTO rejects (source_id, source, line, item, reason, raw, parts, article_key)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((self._id, self.origin.name, *reject) for reject in rejects),
        )
