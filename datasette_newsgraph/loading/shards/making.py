"""Make a shard of files: all that a load would read of them, with nothing decided yet."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from datasette_newsgraph.drafting.records import Reading, read_record, shortened
from datasette_newsgraph.errors import InputError, StoreError
from datasette_newsgraph.extraction.request import Extraction
from datasette_newsgraph.loading.chunk import rejects_of
from datasette_newsgraph.loading.given_files import (
    GivenFiles,
    HowToRead,
    open_files,
    raise_broken,
)
from datasette_newsgraph.loading.intake import count
from datasette_newsgraph.loading.rows import insert_rows
from datasette_newsgraph.loading.shards import layout
from datasette_newsgraph.loading.shards.outcome import encode
from datasette_newsgraph.loading.shards.writing import ShelfWriter
from datasette_newsgraph.loading.summary import LoadSummary
from datasette_newsgraph.readers.inputs import Input
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.extracting import ahead
from datasette_newsgraph.reading.pipeline import Pipeline
from datasette_newsgraph.store.base_iri import DEFAULT_BASE, check_base
from datasette_newsgraph.whole_files import whole_or_absent

if TYPE_CHECKING:
    from typing_extensions import Unpack

#: Records that are written together.
_RECORDS = 200


def make_shard(
    path: str | Path,
    files: Iterable[str | Path],
    *,
    base_iri: str = DEFAULT_BASE,
    extract: Extraction | None = None,
    summary: LoadSummary | None = None,
    progress: Callable[[int, int], None] = lambda position, size: None,
    **how: Unpack[HowToRead],
) -> LoadSummary:
    """Read files, or folders of them, into a new shard, which ``combine`` takes into a database.

    The shard is whole or absent; one of the same name is replaced. ``base_iri`` is that of the
    database that it is for. The other arguments are those of ``load_files``, and so are the errors;
    a file that cannot be read to its end is in the shard up to there. In the ``summary`` no article is
    new or changed: that is decided by ``combine``.
    """
    summary = LoadSummary() if summary is None else summary
    base = check_base(base_iri)
    collecting = gc.isenabled()
    try:
        with (
            open_files(path, files, extract, how) as given,
            whole_or_absent(Path(path)) as part,
            closing(sqlite3.connect(part, isolation_level=None)) as connection,
        ):
            gc.disable()
            given.note(summary)
            broken = _Making(connection, base, summary).write(given, progress)
            given.note_rows(summary)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{path}: {error}; look at the disk, and make the shard again") from error
    finally:
        if collecting:
            gc.enable()
    raise_broken(broken)
    return summary


class _Making:
    """Writes one shard."""

    def __init__(self, connection: sqlite3.Connection, base: str, summary: LoadSummary) -> None:
        self.connection = connection
        self.summary = summary
        # What is not finished has not its name yet.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        layout.create_whole(connection, base)
        self._writer = ShelfWriter(connection)
        self._number = 0

    def write(self, given: GivenFiles, progress: Callable[[int, int], None]) -> list[InputError]:
        """Write all files; return why some could not be read to their end."""
        broken: list[InputError] = []
        before, size = 0, given.opened.size
        for number, (source, way, entries) in enumerate(_coming(given), 1):
            self.summary.formats[source.name] = way.format.name
            error = None
            line = 0
            try:
                for entry in entries:
                    self._add(entry, way, number)
                    line = max(line, entry.line)
                    if self._number % _RECORDS == 0:
                        self._flush()
                        progress(before + source.position(), size)
            except InputError as reason:
                error = reason
                broken.append(reason)
            self._add_source(source, way, number, line, is_complete=error is None)
            before += source.size or 0
        self._flush()
        layout.finish(self.connection)
        self.connection.execute("COMMIT")
        progress(size, size)
        return broken

    def _add(self, entry: Entry, way: Pipeline, source: int) -> None:
        reading = read_record(way, entry)
        record_hash = way.hash(entry)
        self._number += 1
        self.summary.read += 1 + entry.repeats
        self.summary.add(reading.notes)
        self._count_rejects(entry, reading)
        outcome = encode(self._writer.add(reading, record_hash))
        values = (self._number, source, entry.line, shortened(entry.raw), entry.end, entry.digest)
        row = [*values, entry.repeats, record_hash, outcome]
        insert_rows(self.connection, "records", layout.RECORDS, row)

    def _count_rejects(self, entry: Entry, reading: Reading) -> None:
        """Count what is rejected in whatever database the shard is taken into."""
        rejects = rejects_of(entry, reading)
        count(self.summary, rejects)
        if rejects and not self.summary.first_reject:
            self.summary.first_reject = f"line {entry.line}: {rejects[0].reason}"

    def _flush(self) -> None:
        self._writer.flush()

    def _add_source(
        self, source: Input, way: Pipeline, number: int, line: int, *, is_complete: bool
    ) -> None:
        row: list[object] = [number, source.name, source.place, source.size, source.sha256, line]
        row += [is_complete, way.way, way.format.name, way.is_record, way.is_extracted]
        insert_rows(self.connection, "shard_sources", layout.SOURCES, row)


def _coming(given: GivenFiles) -> Iterator[tuple[Input, Pipeline, Iterable[Entry]]]:
    if given.running is None:
        for source, way in given.opened.read():
            yield source, way, way.format.reader.entries(source)
        return
    for source, way, batches in ahead(given.opened.read(), given.running):
        yield source, way, (entry for batch in batches for entry in batch)
