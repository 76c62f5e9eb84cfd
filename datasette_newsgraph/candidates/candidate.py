"""Two entities that may be one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """Two entities that may be one thing, by their keys and names. ``left`` is the one to keep if
    nobody says otherwise.

    ``score`` is how likely it is, from 0 to 1; ``tier`` the name of the rule of ``tiers.TIERS`` that
    holds, "" if none does. ``reasons`` and ``against`` are sentences; ``together`` is the number of
    articles that name both.
    """

    left: str
    right: str
    left_name: str
    right_name: str
    score: float
    tier: str
    reasons: tuple[str, ...]
    against: tuple[str, ...]
    together: int
