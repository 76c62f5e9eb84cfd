"""Read the entries of a load in several processes, each piece of them into a shard.

::

    entries ── pieces, in turn ──┬── read here
                                 └── dealt to a process ── shard, outcomes ──> Batch, in order

This process is one of those that read: it takes every so manieth piece itself, and meanwhile the others
read theirs. What is decided of records is decided here, piece by piece, as in a load by one process.
"""

from __future__ import annotations

import gc
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.cores import cores
from datasette_newsgraph.drafting.records import read_record
from datasette_newsgraph.errors import LoadStopped
from datasette_newsgraph.loading.batch import Batch, Broken, batches_of
from datasette_newsgraph.loading.given_files import GivenFiles
from datasette_newsgraph.loading.known import known_records
from datasette_newsgraph.loading.shards import layout
from datasette_newsgraph.loading.shards.folder import remove_abandoned, shard_folder
from datasette_newsgraph.loading.shards.outcome import decode, encode
from datasette_newsgraph.loading.shards.writing import ShelfWriter
from datasette_newsgraph.readers.sidecar import Sidecar, Usage
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.pipeline import Pipeline
from datasette_newsgraph.spawned import begin_process, end_pool, without_interrupts
from datasette_newsgraph.store import AnyDatabase

#: Entries in a piece, and their bytes: it is one transaction, and is held in memory until then.
_RECORDS = 500
_BYTES = 2 << 20
#: Fewer records than these are read sooner than dealt.
_FEW = 50
#: Bytes of input from which on it pays to start processes.
_WORTH = 8 << 20


class _Read(NamedTuple):
    """What a process has read: the outcomes, encoded, and what was asked of the sidecar."""

    outcomes: list[bytes]
    usage: Usage | None


@dataclass
class _Dealt:
    """A piece that another process reads: which of its entries, and into which shard."""

    entries: list[Entry]
    hashes: list[str]
    places: list[int]
    shard: Path
    future: Future[_Read]


class Pieces:
    """Processes that read for a load; to be used as a context manager. ``folder`` is for their shards.

    Raises LoadStopped where one of them has died.
    """

    def __init__(self, jobs: int, folder: Path, sidecar: Sidecar | None) -> None:
        self.jobs = jobs
        self.folder = folder
        self.sidecar = sidecar
        self._number = 0
        self._pool = ProcessPoolExecutor(jobs - 1, get_context("spawn"), _begin, (sidecar,))

    def batches(
        self, db: Database, pipeline: Pipeline, entries: Iterable[Entry]
    ) -> Iterator[Batch]:
        """Yield all entries of a source in batches, in order, those of some pieces read elsewhere.

        A batch is to be taken before the next is asked for. Raises Broken where the source breaks off.
        """
        waiting: deque[Batch | _Dealt] = deque()
        broken: Broken | None = None
        pieces = batches_of(entries, _RECORDS, _BYTES)
        turn = 0
        while True:
            try:
                piece = next(pieces, None)
            except Broken as error:
                broken, piece = error, None
            if piece is None:
                break
            waiting.append(self._dealt(db, pipeline, piece) if self._is_dealt(turn) else piece)
            turn += 1
            if len(waiting) == 2 * self.jobs + 1:
                yield from self._taken(waiting.popleft())
        for each in waiting:
            yield from self._taken(each)
        if broken is not None:
            raise broken

    def _is_dealt(self, turn: int) -> bool:
        """Tell whether the piece of a turn is for another process. This one begins with two, while the
        others start.
        """
        return turn >= 2 and turn % self.jobs != 1

    def _dealt(self, db: Database, pipeline: Pipeline, piece: Batch) -> Batch | _Dealt:
        """Have a process read what is not there yet of a piece, if that is worth it."""
        entries = piece.entries
        hashes = [pipeline.hash(each) for each in entries]
        known = known_records(db, hashes)
        places = [place for place, each in enumerate(hashes) if each not in known]
        if len(places) < _FEW:
            return piece
        self._number += 1
        shard = self.folder / f"{self._number}.db"
        wanted = [(entries[place], hashes[place]) for place in places]
        try:
            with without_interrupts():
                future = self._pool.submit(
                    _read, replace(pipeline, sidecar=None), wanted, str(shard)
                )
        except BrokenProcessPool as error:
            raise _stopped() from error
        return _Dealt(entries, hashes, places, shard, future)

    def _taken(self, piece: Batch | _Dealt) -> Iterator[Batch]:
        if isinstance(piece, Batch):
            yield from batches_of(piece.entries)
            return
        try:
            read = piece.future.result()
        except BrokenProcessPool as error:
            raise _stopped() from error
        if self.sidecar is not None and read.usage is not None:
            self.sidecar.usage.add(read.usage)
        readings = {
            place: decode(each).reading()
            for place, each in zip(piece.places, read.outcomes, strict=True)
        }
        yield Batch(piece.entries, str(piece.shard), hashes=piece.hashes, readings=readings)
        piece.shard.unlink()

    def __enter__(self) -> Pieces:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        end_pool(self._pool, is_awaited=error is None)


def _stopped() -> LoadStopped:
    return LoadStopped(
        "a process that reads has died, perhaps as memory is short; run the same command with fewer"
        " --jobs: it goes on where it stopped (a script of your own loads with several jobs only"
        " under if __name__ == '__main__')"
    )


#: In a process that reads: the sidecar of its load.
_sidecar: Sidecar | None = None


def _begin(sidecar: Sidecar | None) -> None:
    global _sidecar  # a process has one load
    _sidecar = sidecar
    begin_process()
    gc.disable()


def _read(pipeline: Pipeline, wanted: list[tuple[Entry, str]], path: str) -> _Read:
    """Read entries, given with the hashes of their records, into a new shard."""
    pipeline = replace(pipeline, sidecar=_sidecar)
    usage = None if _sidecar is None else _sidecar.begin_usage()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # A shard that is not finished is not used.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        layout.create_tables(connection)
        writer = ShelfWriter(connection)
        outcomes = [
            encode(writer.add(read_record(pipeline, entry), record_hash))
            for entry, record_hash in wanted
        ]
        writer.flush()
        connection.execute("COMMIT")
    return _Read(outcomes, usage)


@contextmanager
def pieces_of(
    database: AnyDatabase, jobs: int | None, given: GivenFiles
) -> Iterator[Pieces | None]:
    """Start the processes that read for a load into a database, and end them; there are none where one
    process is to do it, or the database is given as a connection. ``jobs`` None asks for as many as
    are worth it. Shards of a load that was killed are removed.
    """
    if not isinstance(database, (str, Path)):
        yield None
        return
    remove_abandoned(database)
    jobs = _usual_jobs(given.opened.size) if jobs is None else jobs
    if jobs == 1:
        yield None
        return
    with shard_folder(database) as folder, Pieces(jobs, folder, given.sidecar) as pieces:
        yield pieces


def _usual_jobs(size: int) -> int:
    """Return how many processes are worth it for so many bytes to be read."""
    return cores() if size >= _WORTH else 1
