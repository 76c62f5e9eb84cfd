"""Take one key out of a cluster, and leave the others together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.standing import in_force, standing_of
from datasette_newsgraph.errors import DecisionError


def take_out(decisions: Iterable[Decision], key: str) -> list[Decision]:
    """Return what has to be decided, besides the ``decisions`` of a log, so that ``key`` is shown by
    itself and the rest of its cluster stays together, under the key that stands for it.

    Whoever said of the key that it is the same as one of the others is contradicted, pair by pair.
    Raises DecisionError where the key is in no cluster, or is the one that stands for it.
    """
    kept = in_force(decisions)
    standing = standing_of(kept)
    canonical = standing.canonical.get(key)
    if canonical is None or canonical == key:
        raise DecisionError(f"{key} is not merged into another entity")
    others = {each for each, of in standing.canonical.items() if of == canonical} - {key}
    pairs = {
        pair[1] if pair[0] == key else pair[0]
        for each in kept
        if each.verdict == "same" and key in (pair := (each.left, each.right))
    }
    apart = [Decision("different", key, each) for each in sorted((pairs & others) | {canonical})]
    # Some may have been together by way of the key alone.
    left = standing_of([*kept, *_as_made_now(apart)])
    rejoined = [
        Decision("same", each, canonical, keep=canonical)
        for each in sorted(others - {canonical})
        if left.canonical.get(each) != canonical
    ]
    return apart + rejoined


def _as_made_now(decisions: list[Decision]) -> list[Decision]:
    """Return decisions as they stand in a log, the last of all."""
    return [
        replace(each, at=f"9999-12-31T23:59:59.{number:06}Z", left=left, right=right)
        for number, each in enumerate(decisions)
        for left, right in [sorted((each.left, each.right))]
    ]
