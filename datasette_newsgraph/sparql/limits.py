"""How long a question may take, and how much it may find."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from datasette_newsgraph.errors import QueryStopped


@dataclass
class Limits:
    """Limits of one question; None is no limit. ``seconds`` count from when the limits are made."""

    seconds: float | None = None
    rows: int | None = None
    _ends: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Begin to count."""
        if self.seconds is not None:
            self._ends = time.monotonic() + self.seconds

    @property
    def is_over(self) -> bool:
        """Tell whether the time is over."""
        return self._ends is not None and time.monotonic() > self._ends

    def require_time(self) -> None:
        """Raise QueryStopped when the time is over."""
        if self.is_over and self.seconds is not None:
            raise too_long(self.seconds)

    def require_few(self, rows: int) -> None:
        """Raise QueryStopped when an answer has more than the rows that it may have."""
        if self.rows is not None and rows > self.rows:
            raise QueryStopped(
                f"the answer has more than {self.rows:,} rows; add a LIMIT, or download the graph"
            )


def too_long(seconds: float) -> QueryStopped:
    """Return the error of a question that has taken so many seconds and is not answered."""
    return QueryStopped(
        f"the question took longer than {seconds:g} s; ask for less, or put a LIMIT to what it looks"
        " through"
    )
