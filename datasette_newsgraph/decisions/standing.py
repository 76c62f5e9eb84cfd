"""What holds of a log of decisions: a function of the decisions in it, in whatever order they came.

Of a pair of entities the last verdict holds. Pairs that are the same make clusters, decisions of people
before those by rules, then earlier ones first; one that would join what is different is left out and
listed. Of a cluster one key stands for all: the one that the last decision keeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.verdicts import ON_PAIRS, Kind


class Conflict(NamedTuple):
    """A decision that does not hold because of another one, or beside which another was made."""

    decision: Decision
    other: Decision
    words: str


@dataclass
class Standing:
    """What holds.

    ``canonical``: each key of a cluster → the key that stands for it, itself included. ``splits``:
    (key of an article, key of an entity) → the key of what is meant there. ``types`` and ``names``:
    by the key under which an entity is shown. ``wrong``: (kind, key).
    """

    canonical: dict[str, str] = field(default_factory=dict)
    splits: dict[tuple[str, str], str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    wrong: set[tuple[Kind, str]] = field(default_factory=set)
    different: set[tuple[str, str]] = field(default_factory=set)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def is_of_spans(self) -> bool:
        """Whether something is wrong that is no entity."""
        return any(kind != "entity" for kind, _ in self.wrong)

    def shown(self, article: str, key: str) -> str | None:
        """Return the key under which an article's entity of a key is shown; None if it is wrong."""
        meant = self.splits.get((article, key), key)
        return None if ("entity", meant) in self.wrong else self.canonical.get(meant, meant)


def in_force(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that nobody took back, in order, without those that take back."""
    kept: list[Decision] = []
    gone_keys: set[str] = set()
    gone_batches: set[str] = set()
    # From the last: what takes back may be taken back itself, by what came behind it.
    for each in sorted(decisions, key=lambda one: one.order, reverse=True):
        if each.key in gone_keys or each.batch in gone_batches:
            continue
        if each.verdict == "undo":
            (gone_batches if each.kind == "batch" else gone_keys).add(each.left)
        else:
            kept.append(each)
    kept.reverse()
    return kept


def standing_of(decisions: Iterable[Decision]) -> Standing:
    """Return what holds of a log."""
    kept = in_force(decisions)
    standing = Standing()
    pairs = _last_verdicts(kept, standing)
    _join(pairs, standing)
    for each in kept:
        if each.verdict == "split":
            standing.splits.update(((article, each.left), each.right) for article in each.articles)
        elif each.verdict == "wrong" and each.kind is not None:
            standing.wrong.add((each.kind, each.left))
        if each.verdict == "type":
            standing.types[standing.canonical.get(each.left, each.left)] = each.value
        elif each.verdict == "name" or (each.verdict == "split" and each.value):
            key = each.left if each.verdict == "name" else each.right
            standing.names[standing.canonical.get(key, key)] = each.value
    return standing


def _last_verdicts(kept: list[Decision], standing: Standing) -> list[Decision]:
    """Return the verdicts that hold of pairs, and note whom they contradict."""
    last: dict[tuple[str, str], Decision] = {}
    for each in kept:
        if each.verdict in ON_PAIRS:
            pair = each.left, each.right
            before = last.get(pair)
            if before is not None and before.verdict != each.verdict and before.by != each.by:
                standing.conflicts.append(
                    Conflict(before, each, f"a later decision says {each.verdict}, and holds")
                )
            last[pair] = each
    standing.different = {pair for pair, each in last.items() if each.verdict == "different"}
    return [*last.values()]


def _join(pairs: list[Decision], standing: Standing) -> None:
    """Make clusters of the pairs that are the same, and choose the key that stands for each."""
    apart: dict[str, dict[str, Decision]] = defaultdict(dict)
    for each in pairs:
        if each.verdict == "different":
            apart[each.left][each.right] = apart[each.right][each.left] = each
    cluster_of: dict[str, list[str]] = {}
    kept: dict[str, Decision] = {}
    same = sorted(
        (each for each in pairs if each.verdict == "same"),
        key=lambda one: (one.is_by_rule, *one.order),
    )
    for each in same:
        first = cluster_of.setdefault(each.left, [each.left])
        second = cluster_of.setdefault(each.right, [each.right])
        if first is second:
            kept[each.key] = each
            continue
        small, large = sorted((first, second), key=len)
        barred = _barring(small, large, apart, cluster_of)
        if barred is not None:
            words = f"{barred.left} and {barred.right} are different"
            standing.conflicts.append(Conflict(each, barred, words))
            continue
        kept[each.key] = each
        large.extend(small)
        cluster_of.update(dict.fromkeys(small, large))
    _choose(cluster_of, kept.values(), standing)


def _barring(
    small: list[str],
    large: list[str],
    apart: dict[str, dict[str, Decision]],
    cluster_of: dict[str, list[str]],
) -> Decision | None:
    """Return a decision that keeps two clusters apart, if there is one. The larger one is not read: a
    cluster may grow by thousands, one at a time.
    """
    found = (
        each
        for key in small
        if key in apart
        for other, each in apart[key].items()
        if cluster_of.get(other) is large
    )
    return min(found, key=lambda one: one.order, default=None)


def _choose(cluster_of: dict[str, list[str]], same: Iterable[Decision], standing: Standing) -> None:
    chosen: dict[int, str] = {}
    # The last one of a person, or else of a rule, that says what to keep.
    for each in sorted(same, key=lambda one: (not one.is_by_rule, *one.order)):
        if each.keep in cluster_of:
            chosen[id(cluster_of[each.keep])] = each.keep
    for key, cluster in cluster_of.items():
        if len(cluster) > 1:
            if id(cluster) not in chosen:
                chosen[id(cluster)] = min(cluster)
            standing.canonical[key] = chosen[id(cluster)]
