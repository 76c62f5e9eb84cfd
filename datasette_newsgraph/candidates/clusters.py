"""Several candidates that hang together: one thing by many names, to be looked at as one list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.evidence import Evidence
from datasette_newsgraph.candidates.names import Name, analysed
from datasette_newsgraph.candidates.nations import nation_of
from datasette_newsgraph.candidates.spelling import compare_names, contradict

#: What a pair scores at least that joins two clusters.
LIKELY = 0.5
#: Entities of a cluster: in a longer list nobody finds the wrong one.
LARGEST = 40


@dataclass(frozen=True)
class Cluster:
    """Entities that may be one thing: the key and name of each, the one to keep first; and the
    candidates among them, the likeliest first.
    """

    members: dict[str, str]
    candidates: tuple[Candidate, ...]


def clusters_of(candidates: Iterable[Candidate], above: float = LIKELY) -> list[Cluster]:
    """Return the groups of candidates that hang together by pairs that score at least ``above``, in the
    order of their likeliest pair.

    A pair joins nothing that is contradicted, and none that would bring two full names together which
    are not alike: "Smith" is John or Jane, and these are two.
    """
    given = sorted(candidates, key=lambda each: -each.score)
    links = [each for each in given if each.score >= above and not each.against]
    alike = {frozenset((each.left, each.right)) for each in links}
    apart = {frozenset((each.left, each.right)) for each in given if each.against}
    groups: dict[str, dict[str, str]] = {}
    for each in links:
        one = groups.setdefault(each.left, {each.left: each.left_name})
        other = groups.setdefault(each.right, {each.right: each.right_name})
        if one is not other and _may_join(one, other, alike, apart):
            one |= other
            groups.update(dict.fromkeys(other, one))
    return [_cluster(group, links) for group in _different(groups.values()) if len(group) > 1]


def _may_join(
    one: dict[str, str],
    other: dict[str, str],
    alike: set[frozenset[str]],
    apart: set[frozenset[str]],
) -> bool:
    pairs = product(one.items(), other.items())
    return len(one) + len(other) <= LARGEST and not any(
        _are_two(left, right, alike, apart) for left, right in pairs
    )


def _different(groups: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return list({id(group): group for group in groups}.values())


def _cluster(members: dict[str, str], links: list[Candidate]) -> Cluster:
    inside = tuple(each for each in links if each.left in members and each.right in members)
    lost = {each.right for each in inside}
    # What no pair of them would give up stands for all.
    kept = sorted(members, key=lambda key: (key in lost, list(members).index(key)))
    return Cluster({key: members[key] for key in kept}, inside)


def _are_two(
    one: tuple[str, str],
    other: tuple[str, str],
    alike: set[frozenset[str]],
    apart: set[frozenset[str]],
) -> bool:
    """Tell whether two entities, each with key and name, are not to come into one cluster."""
    pair = frozenset((one[0], other[0]))
    if pair in apart:
        return True
    return pair not in alike and differ(analysed(one[1]), analysed(other[1]))


def differ(one: Name, other: Name) -> bool:
    """Tell whether two names are those of two things: by a word, or as two full names that are not
    alike.
    """
    short, long = (one, other) if len(one.telling) <= len(other.telling) else (other, one)
    found = Evidence(0, 1)
    compare_names(found, short, long)
    contradict(found, short, long)
    if found.opposite_words or found.other_numbers or found.other_middle or found.man_and_woman:
        return True
    is_full = min(len(one.core), len(other.core)) > 1
    return is_full and not found.is_alike and nation_of(one.raw) is None
