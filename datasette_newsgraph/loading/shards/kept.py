"""What a shard keeps of its sources and their records, read for a load into a database."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.loading.batch import Batch
from datasette_newsgraph.loading.shards.layout import RECORDS, SCHEMA, SOURCES, rows_of
from datasette_newsgraph.loading.shards.outcome import Outcome, decode
from datasette_newsgraph.readers.source import Entry

#: Records that are taken into the database together.
_RECORDS = 1000


class KeptSource(NamedTuple):
    """A row of ``shard_sources``. It stands for the way in which the source was read, too."""

    id: int
    name: str
    place: str
    size: int | None
    sha256: str | None
    last_line: int
    complete: bool
    way: str
    format: str
    is_record: bool
    is_extracted: bool


class _KeptRecord(NamedTuple):
    """A row of ``records``."""

    id: int
    source_id: int
    line: int
    raw: str
    end: int | None
    digest: str | None
    repeats: int
    record_hash: str
    outcome: bytes

    def entry(self) -> Entry:
        return Entry(self.line, self.raw.encode(), self.end, self.digest, None, self.repeats)


class KeptShard:
    """A shard that is open to be read; ``base`` is the base IRI that it was made for."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.path = path
        settings = connection.execute(
            "SELECT base_iri, schema, rows FROM shard_settings"
        ).fetchone()
        if settings is None:
            raise StoreError(f"{path}: has no settings; make the shard again")
        self.base, self.schema, rows = settings
        if self.schema != SCHEMA:
            raise StoreError(
                f"{path}: was made by another version of datasette-newsgraph, of the tables of"
                f" {self.schema}, and this one has those of {SCHEMA}; make the shard again"
            )
        if rows != json.dumps(rows_of(connection)):
            raise StoreError(f"{path}: has lost rows, or got others; make the shard again")

    @property
    def size(self) -> int:
        """The number of records."""
        return int(self.connection.execute("SELECT count(*) FROM records").fetchone()[0])

    def sources(self) -> list[KeptSource]:
        """Return the sources in the order in which they were read."""
        query = f"SELECT {', '.join(SOURCES)} FROM shard_sources ORDER BY id"
        return [KeptSource(*row) for row in self.connection.execute(query)]

    def batches(self, source: KeptSource) -> Iterator[Batch]:
        """Yield the records of a source, in order. Raises StoreError where one is damaged."""
        cursor = self.connection.execute(
            f"SELECT {', '.join(RECORDS)} FROM records WHERE source_id = ? ORDER BY id",
            [source.id],
        )
        while rows := cursor.fetchmany(_RECORDS):
            entries, hashes, readings = [], [], {}
            for place, row in enumerate(rows):
                record = self._record(row)
                entries.append(record.entry())
                hashes.append(record.record_hash)
                readings[place] = self._outcome(record).reading()
            yield Batch(entries, str(self.path), True, hashes, readings)

    def _record(self, row: tuple[object, ...]) -> _KeptRecord:
        try:
            return msgspec.convert(row, _KeptRecord)
        except msgspec.ValidationError as error:
            raise self._damaged(row[0], error) from error

    def _outcome(self, record: _KeptRecord) -> Outcome:
        try:
            return decode(record.outcome)
        except msgspec.DecodeError as error:
            raise self._damaged(record.id, error) from error

    def _damaged(self, number: object, error: Exception) -> StoreError:
        return StoreError(
            f"{self.path}: row {number} of records is damaged ({error}); make the shard again"
        )


def is_shard(path: Path) -> bool:
    """Tell whether a file is a shard. Raises StoreError where it is no database at all."""
    try:
        with _connected(path) as connection:
            names = connection.execute("SELECT name FROM sqlite_master")
            return "shard_settings" in {row[0] for row in names}
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}; give shards and databases of newsgraph") from error


@contextmanager
def kept_in(path: Path) -> Iterator[KeptShard]:
    """Open a shard. Raises StoreError where another version made it."""
    try:
        with _connected(path) as connection:
            yield KeptShard(connection, path)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{path}: {error}; make the shard again") from error


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    uri = f"file:{quote(os.fsencode(path.absolute()))}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection:
        yield connection
