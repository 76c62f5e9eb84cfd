"""How to load, and what a load did."""

from __future__ import annotations

from collections import Counter
from copy import copy
from dataclasses import dataclass, field, fields, replace


@dataclass
class LoadSummary:
    """What a load did.

    ``rejected`` counts whole records, ``parts_rejected`` entities, relations, quotes and zones of
    records that were taken. ``numbers_dropped`` are confidences, coordinates and offsets that are
    none or out of range, taken as absent.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    parts_rejected: int = 0
    #: Records that their annotators rejected or skipped, or that hold nothing.
    left_out: int = 0
    unknown_fields: Counter[str] = field(default_factory=Counter)
    #: Mentions, evidence and quotes by offset status.
    spans: Counter[str] = field(default_factory=Counter)
    #: Articles by the unit that their offsets were found to count in.
    units: Counter[str] = field(default_factory=Counter)
    #: Labels that no preset and no map knows, as (kind, label), and those that were left out.
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    #: What of records in order was not taken, as there is room for one only.
    passed_over: Counter[str] = field(default_factory=Counter)
    #: What stands in the place of a date and is none, by why it is none, and the first words of each.
    unread_dates: Counter[str] = field(default_factory=Counter)
    date_examples: dict[str, str] = field(default_factory=dict)
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
    numbers_dropped: int = 0
    #: Spans of which a record says what its text does not bear out (``article.Anchored``).
    claims_refused: int = 0
    #: Indexes that somebody else made under a name that ours would have: name, table.
    indexes_named_alike: list[tuple[str, str]] = field(default_factory=list)
    #: Sources of which not one record could be taken, and why the first one could not.
    barren: dict[str, str] = field(default_factory=dict)
    #: Where the first reject of all sources was, and why it is one.
    first_reject: str = ""
    #: (source, line) behind which an interrupted load was taken up again.
    resumed: list[tuple[str, int]] = field(default_factory=list)

    def copy(self) -> LoadSummary:
        """Return the counts as they are now."""
        containers = {
            each.name: copy(value)
            for each in fields(self)
            if not isinstance(value := getattr(self, each.name), int)
        }
        return replace(self, **containers)

    def restore(self, kept: LoadSummary) -> None:
        """Make these counts what they were when ``kept`` was copied."""
        again = kept.copy()
        for each in fields(self):
            setattr(self, each.name, getattr(again, each.name))

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
    number of rejects that are borne.
    """

    replace: bool = False
    max_errors: int | None = None
