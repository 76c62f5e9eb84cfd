"""How to load, and what a load did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields, replace


@dataclass
class LoadSummary:
    """What a load did.

    ``rejected`` counts whole records, ``parts_rejected`` entities, relations, quotes and zones of
    records that were taken. ``spans_wrong`` do not read their surface; of those, ``spans_spaced``
    would if white space did not count. ``numbers_dropped`` are confidences, coordinates and offsets
    that are none or out of range, taken as absent.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    parts_rejected: int = 0
    unknown_fields: Counter[str] = field(default_factory=Counter)
    spans_wrong: int = 0
    spans_spaced: int = 0
    numbers_dropped: int = 0
    #: (source, line) behind which an interrupted load was taken up again.
    resumed: list[tuple[str, int]] = field(default_factory=list)

    def copy(self) -> LoadSummary:
        """Return the counts as they are now."""
        return replace(
            self, unknown_fields=Counter(self.unknown_fields), resumed=list(self.resumed)
        )

    def restore(self, kept: LoadSummary) -> None:
        """Make these counts what they were when ``kept`` was copied."""
        again = kept.copy()
        for each in fields(self):
            setattr(self, each.name, getattr(again, each.name))

    @property
    def rejects(self) -> int:
        """All rows of ``rejects`` that this load made or found again."""
        return self.rejected + self.parts_rejected


@dataclass(frozen=True)
class LoadOptions:
    """``replace``: take an article also where another tool's is there already. ``max_errors``: the
    number of rejects that are borne.
    """

    replace: bool = False
    max_errors: int | None = None
