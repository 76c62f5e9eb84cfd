"""Entries that are taken together, and what they were read as, if that was done elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from datasette_newsgraph.drafting.records import Reading, read_record
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.source import Entry
from datasette_newsgraph.reading.pipeline import Pipeline

#: Records that are planned and written together: more would only take memory.
CHUNK_RECORDS = 200
CHUNK_BYTES = 8 << 20


class Way(Protocol):
    """How a source is read, or was read for a shard; see ``Pipeline``."""

    @property
    def way(self) -> str:
        """What tells whether other records of the source were read in the same way."""

    @property
    def is_record(self) -> bool:
        """Whether an id that comes again in the source means to replace."""

    @property
    def is_extracted(self) -> bool:
        """Whether something extracts what raw articles of the source say."""


@dataclass(frozen=True)
class Batch:
    """Entries of one source, in order.

    ``readings`` has by the places of entries what these were read as; the others are read when they
    are needed. The rows of drafts that lie in a shard are in that of the path ``shard``, where those of
    an article are found by indexes if it ``is_indexed``. ``hashes`` are those of the records, if these
    are known already.
    """

    entries: list[Entry]
    shard: str | None = None
    is_indexed: bool = False
    hashes: list[str] | None = None
    readings: dict[int, Reading] = field(default_factory=dict)

    def hash(self, place: int, way: Way) -> str:
        """Return the hash of the record of a place."""
        if self.hashes is not None:
            return self.hashes[place]
        assert isinstance(way, Pipeline)
        return way.hash(self.entries[place])

    def read(self, place: int, way: Way) -> Reading:
        """Return what the entry of a place was read as, or read it now."""
        found = self.readings.get(place)
        if found is not None:
            return found
        assert isinstance(way, Pipeline)
        return read_record(way, self.entries[place])


class Broken(Exception):
    """Reading entries broke off; ``entries`` are those of the chunk that was begun."""

    def __init__(self, reason: InputError, entries: list[Entry]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.entries = entries


def batches_of(
    entries: Iterable[Entry], records: int | None = None, most: int | None = None
) -> Iterator[Batch]:
    """Yield the entries in batches of so many records or bytes, by default of those that are written
    together; raises Broken where an InputError comes between.
    """
    records, most = records or CHUNK_RECORDS, most or CHUNK_BYTES
    chunk: list[Entry] = []
    size = 0
    try:
        for entry in entries:
            chunk.append(entry)
            size += len(entry.raw)
            if len(chunk) >= records or size >= most:
                yield Batch(chunk)
                chunk, size = [], 0
    except InputError as error:
        raise Broken(error, chunk) from error
    if chunk:
        yield Batch(chunk)
