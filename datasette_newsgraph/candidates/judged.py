"""The pairs of entities that somebody has decided on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.standing import in_force, standing_of
from datasette_newsgraph.verdicts import ON_PAIRS


def judged_pairs(decisions: Iterable[Decision]) -> frozenset[tuple[str, str]]:
    """Return the pairs of keys on which there is a verdict in a log of decisions, whatever it is: as
    they were decided on, and as they are shown. The keys of a pair are in the order of the alphabet.
    """
    kept = in_force(decisions)
    return judged_in(kept, standing_of(kept).canonical)


def judged_in(kept: Iterable[Decision], canonical: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """Return the same of the decisions that nobody took back; ``canonical`` are the keys that stand for
    others.
    """
    # What was split off is another thing than what it was split from.
    verdicts = (*ON_PAIRS, "split")
    given = [(each.left, each.right) for each in kept if each.verdict in verdicts]
    shown = [tuple(canonical.get(key, key) for key in pair) for pair in given]
    return frozenset((min(pair), max(pair)) for pair in (*given, *shown) if pair[0] != pair[1])
