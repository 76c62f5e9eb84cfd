"""Decisions as pages list them."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.web.deciding.names import Named, Names
from datasette_newsgraph.web.deciding.standing_now import Now


@dataclass(frozen=True)
class Entry:
    """One decision as it is listed: ``left`` and ``right`` are what it is on."""

    decision: Decision
    left: Named
    right: Named | None
    is_in_force: bool


def entry_of(decision: Decision, now: Now, names: Names) -> Entry:
    """Return a decision with the names of what it is on."""
    right = names.of("entity", decision.right) if decision.right else None
    is_in_force = decision.key in now.in_force
    return Entry(decision, names.of(decision.kind or "", decision.left), right, is_in_force)
