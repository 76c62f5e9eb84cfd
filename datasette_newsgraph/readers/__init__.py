"""Stage 1: files → article records.

Each format is one module with two functions, and an entry in ``formats.FORMATS``:

``entries(source, resume)``
    yields the file's records as bytes with their lines, so that a record that was loaded before
    need not be parsed again;
``parse(raw)``
    makes one such record an article with its faults, or raises RecordError.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from datasette_newsgraph.anchoring.sought_names import Sought
from datasette_newsgraph.anchoring.units import CODE_POINTS, Unit
from datasette_newsgraph.article import Article
from datasette_newsgraph.notes import Notes
from datasette_newsgraph.readers.source import Entry


class Fault(NamedTuple):
    """A part of a record that cannot be taken: why, and the part itself."""

    reason: str
    part: Any


@dataclass
class Parsed:
    """An article, what of its record could not be taken, and what was met with in the record."""

    article: Article
    faults: list[Fault] = field(default_factory=list)
    #: All stages behind the reader add to them.
    notes: Notes = field(default_factory=Notes)
    #: Where the entities, relations … that were taken stood, if others of their list were not.
    places: dict[str, list[int]] = field(default_factory=dict)
    #: The entities whose names are to be looked for, as the tool says no places.
    sought: list[Sought] = field(default_factory=list)
    #: What the offsets count in, by the format's convention; anchoring may find out better.
    unit: Unit = CODE_POINTS
    #: The format gives the document no id of its own that would mean anything elsewhere.
    is_unnamed: bool = False
    #: The text is a tool's tokens joined by blanks: an original, if there is one, is better.
    is_joined: bool = False
    #: The preset of the labels that the record itself tells to be of one scheme: it comes first.
    label_scheme: str | None = None
    #: The ids by which the tool knows the document: a task's number, a name of a file.
    local_ids: tuple[str, ...] = ()


class Reader(Protocol):
    """What a module of this package offers."""

    # Most take a Source only; formats of folders take a Folder too.
    def entries(self, source: Any, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
        """Yield the records of a file as bytes."""

    def parse(self, raw: bytes) -> Parsed:
        """Make one record an article; raise RecordError if it is none."""
