"""The pairs of entities that somebody has decided on."""

from __future__ import annotations

from collections.abc import Iterable

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.standing import in_force, standing_of
from datasette_newsgraph.verdicts import ON_PAIRS


def judged_pairs(decisions: Iterable[Decision]) -> frozenset[tuple[str, str]]:
    """Return the pairs of keys on which there is a verdict in a log of decisions, whatever it is: as
    they were decided on, and as they are shown. The keys of a pair are in the order of the alphabet.
    """
    log = list(decisions)
    canonical = standing_of(log).canonical
    # What was split off is another thing than what it was split from.
    verdicts = (*ON_PAIRS, "split")
    given = [(each.left, each.right) for each in in_force(log) if each.verdict in verdicts]
    shown = [tuple(canonical.get(key, key) for key in pair) for pair in given]
    return frozenset((min(pair), max(pair)) for pair in (*given, *shown) if pair[0] != pair[1])
