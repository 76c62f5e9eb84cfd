"""How to load, and what a load did."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import Any

from datasette_newsgraph.decisions.adding import Added
from datasette_newsgraph.notes import Notes


@dataclass(eq=False, repr=False)
class LoadSummary(Notes):
    """What a load did, with the notes of all records that it read (those on spans are of the articles
    that it wrote).

    ``rejected`` counts whole records, ``parts_rejected`` entities, relations, quotes and zones of
    records that were taken.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    parts_rejected: int = 0
    #: Terms that a file gave for labels whose term the database has otherwise, and keeps.
    terms_kept: dict[tuple[str, str], str] = field(default_factory=dict)
    #: Rows of the sidecar that fit no record, and records without a row.
    rows_unused: int = 0
    rows_missed: int = 0
    #: Of the latter, those whose text several rows have; and why the first has no row.
    rows_undecided: int = 0
    rows_reason: str = ""
    #: Records that have the text of another one, and took the same row.
    rows_shared: int = 0
    #: Files of folders that were not read, by their path, and why.
    unread: dict[str, str] = field(default_factory=dict)
    #: Other files in folders that are one input, by the name of the folder.
    unused: dict[str, list[str]] = field(default_factory=dict)
    #: The format of each source, by its name.
    formats: dict[str, str] = field(default_factory=dict)
    #: Indexes that somebody else made under a name that ours would have: name, table.
    indexes_named_alike: list[tuple[str, str]] = field(default_factory=list)
    #: Sources of which not one record could be taken, and why the first one could not.
    barren: dict[str, str] = field(default_factory=dict)
    #: Where the first reject of all sources was, and why it is one.
    first_reject: str = ""
    #: What the extractor of raw articles does not find, if it says so.
    limits: str = ""
    #: The name of the write-ahead log that stays beside the database, as others have that open.
    log: str = ""
    #: What became of the decisions that came with the load.
    decided: Added | None = None
    #: (source, line) behind which an interrupted load was taken up again.
    resumed: list[tuple[str, int]] = field(default_factory=list)

    def note_log(self, name: str) -> None:
        """Note that a write-ahead log of this name stays."""
        self.log = name

    def kept(self) -> dict[str, Any]:
        """Return the counts as they are now, for ``restore``."""
        return {name: copy(count) for name, count in vars(self).items()}

    def restore(self, kept: dict[str, Any]) -> None:
        """Make these counts what they were when they were ``kept``."""
        vars(self).clear()
        vars(self).update({name: copy(count) for name, count in kept.items()})

    @property
    def is_complete(self) -> bool:
        """Whether all records, with all their parts, were taken of all files."""
        return not self.rejects and not self.unread and not self.unused

    @property
    def rejects(self) -> int:
        """All that the rows of ``rejects`` stand for that this load made or found again."""
        return self.rejected + self.parts_rejected


@dataclass(frozen=True)
class LoadOptions:
    """``replace``: take an article also where another tool's is there already. ``max_errors``: the
    number of rejects that are borne. ``journal_mode``: ``"delete"``, ``"wal"`` or ``"auto"``, which the
    database keeps from now on; None leaves it as it is.
    """

    replace: bool = False
    max_errors: int | None = None
    journal_mode: str | None = None
