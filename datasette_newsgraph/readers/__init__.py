"""Stage 1: files → article records.

Each format is one module with two functions, named in ``READERS``:

``entries(source, resume)``
    yields the file's records as bytes with their lines, so that a record that was loaded before
    need not be parsed again;
``parse(raw)``
    makes one such record an article with its faults, or raises RecordError.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple, Protocol, cast

from datasette_newsgraph.article import Article
from datasette_newsgraph.readers.source import Entry, Source


class Fault(NamedTuple):
    """A part of a record that cannot be taken: why, and the part itself."""

    reason: str
    part: Any


@dataclass
class Parsed:
    """An article, what of its record could not be taken, and the unknown fields by their path."""

    article: Article
    faults: list[Fault] = field(default_factory=list)
    unknown_fields: Counter[str] = field(default_factory=Counter)
    #: Numbers that are none or out of range, and were taken as absent.
    numbers_dropped: int = 0
    #: Where the entities, relations … that were taken stood, if others of their list were not.
    places: dict[str, list[int]] = field(default_factory=dict)


class Reader(Protocol):
    """What a module of this package offers."""

    def entries(
        self, source: Source, resume: tuple[int, int, str] | None = None
    ) -> Iterator[Entry]:
        """Yield the records of a file as bytes."""

    def parse(self, raw: bytes) -> Parsed:
        """Make one record an article; raise RecordError if it is none."""


@dataclass(frozen=True)
class Format:
    """An input format: the module that reads it, and how people know it."""

    name: str
    title: str
    endings: tuple[str, ...]

    @property
    def reader(self) -> Reader:
        """The module, imported when it is used."""
        return cast(Reader, import_module(f"{__name__}.{self.name}"))


READERS: tuple[Format, ...] = (
    Format("record", "the article record of newsgraph", (".jsonl", ".ndjson", ".json")),
)
