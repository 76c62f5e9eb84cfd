"""The table that the benchmark prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HEAD = ("what", "newsgraph", "compared with", "", "ratio", "goal", "met", "M triples/s")


@dataclass(frozen=True)
class Row:
    """A comparison: two figures and what their ratio is to be.

    The goal is ``within``, how many times as much newsgraph may take, or ``times``, how many times
    faster it is to be, or there is none.
    """

    what: str
    ours: float
    against: str
    theirs: float
    within: float | None = None
    times: float | None = None
    unit: str = "s"
    triples: int = 0

    def cells(self) -> list[str]:
        """Return the row's text under ``HEAD``."""
        if self.times is not None:
            ratio, goal = self.theirs / self.ours, f"≥ {self.times:g} ×"
            met = "yes" if ratio >= self.times else "no"
        else:
            ratio, goal, met = self.ours / self.theirs, "", ""
            if self.within is not None:
                goal, met = f"≤ {self.within:g} ×", "yes" if ratio <= self.within else "no"
        speed = f"{self.triples / self.ours / 1e6:.2f}" if self.triples else ""
        return [
            self.what,
            _figure(self.ours, self.unit),
            self.against,
            _figure(self.theirs, self.unit),
            f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:.0f} ×",
            goal,
            met,
            speed,
        ]


@dataclass(frozen=True)
class Finding:
    """Something that there is to be none of, or where ``has_goal`` is false, as few as can be: what
    was seen, and how often.
    """

    what: str
    seen: Mapping[str, int]
    has_goal: bool = True

    def cells(self) -> list[str]:
        """Return the row's text under ``HEAD``."""
        seen = ", ".join(f"{each} ({count} times)" for each, count in self.seen.items())
        goal, met = ("none", "no" if seen else "yes") if self.has_goal else ("", "")
        return [self.what, seen or "none", "", "", "", goal, met, ""]


def markdown(rows: Iterable[Row | Finding]) -> str:
    """Return the rows as a Markdown table."""
    lines = (HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _figure(value: float, unit: str) -> str:
    if unit == "ms":
        return f"{value:.{0 if value >= 100 else 1}f} ms"
    return f"{value:.0f} MB" if unit == "MB" else f"{value:.{2 if value >= 1 else 3}f} s"
