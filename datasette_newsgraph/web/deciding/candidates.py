"""The pairs of entities that may be one thing, and of which nobody has decided whether they are."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.candidates.bulk import may_accept_in_bulk
from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.clusters import clusters_of
from datasette_newsgraph.web.deciding.standing_now import Now

#: Pairs that are counted, and members of a cluster that are listed.
COUNTED, MEMBERS = 50_000, 60
#: The score from which "the same" is chosen already, and the one from which pairs make a cluster.
SURE, LINKED = 0.9, 0.5

_OPEN = (
    "SELECT candidates.id, left_key, right_key, score, tier, reasons, against, together,"
    " lefts.id AS lefts, rights.id AS rights FROM {source}"
    " LEFT JOIN entities AS lefts ON lefts.key = left_key"
    " LEFT JOIN entities AS rights ON rights.key = right_key WHERE {condition}"
    " ORDER BY candidates.id LIMIT :most"
)
#: The pairs of some keys, along both indexes.
_OF_KEYS = (
    "(SELECT * FROM candidates WHERE left_key IN (SELECT value FROM json_each(:keys))"
    " UNION SELECT * FROM candidates WHERE right_key IN (SELECT value FROM json_each(:keys)))"
    " AS candidates"
)


class Pair(NamedTuple):
    """Two entities that may be one: ``keep`` is the key that would stand for both. ``reasons`` and
    ``against`` are sentences; ``together`` is how many articles name both.
    """

    number: int
    keep: str
    other: str
    score: float
    tier: str
    reasons: list[str]
    against: list[str]
    together: int

    @property
    def is_sure(self) -> bool:
        """Tell whether "the same" is what is chosen already."""
        return self.score >= SURE and not self.against


def open_pairs(
    connection: sqlite3.Connection,
    now: Now,
    condition: str = "true",
    *,
    source: str = "candidates",
    most: int = COUNTED,
    **given: str | float,
) -> Iterator[Pair]:
    """Yield the pairs that are still to be decided, the likeliest first: each once, by the keys under
    which its entities are shown now. ``condition`` is of the table ``candidates``.
    """
    rows = connection.execute(
        _OPEN.format(source=source, condition=condition), {"most": most, **given}
    )
    canonical = now.standing.canonical
    seen: set[tuple[str, str]] = set()
    for number, left, right, score, tier, reasons, against, together, *there in rows:
        is_loaded = all(
            row is not None or key in canonical
            for key, row in zip((left, right), there, strict=True)
        )
        keep, other = canonical.get(left, left), canonical.get(right, right)
        pair = _ordered(keep, other)
        if not is_loaded or keep == other or pair in seen:
            continue
        if now.judged & {pair, _ordered(left, right)}:
            continue
        seen.add(pair)
        yield Pair(
            *(number, keep, other, score, tier, json.loads(reasons), json.loads(against), together)
        )


def counted(connection: sqlite3.Connection, now: Now) -> dict[str, int]:
    """Return how many pairs are to be decided, by the name of their tier; of at most ``COUNTED``."""
    found: dict[str, int] = defaultdict(int)
    for each in open_pairs(connection, now):
        found[each.tier] += 1
    return found


def of_tier(connection: sqlite3.Connection, now: Now, tier: str) -> list[Pair]:
    """Return the pairs of a tier."""
    return list(open_pairs(connection, now, "tier = :tier", tier=tier))


def may_not_accept(connection: sqlite3.Connection) -> str | None:
    """Return why the pairs of a tier may not be accepted as one in this graph, or None."""
    return may_accept_in_bulk(Database(connection))


def digest(pairs: Iterable[Pair]) -> str:
    """Return what tells some pairs from any others: who accepts them accepts what was shown."""
    text = "\n".join(f"{each.keep} {each.other}" for each in pairs)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def linked_with(
    connection: sqlite3.Connection, now: Now, keys: Iterable[str]
) -> dict[str, list[Pair]]:
    """Return the pairs of each of some keys that are likely enough to make a cluster, and those that
    something contradicts.
    """
    canonical = now.standing.canonical
    wanted = {*keys}
    # A pair may be of a key that was merged into one of these.
    asked = wanted | {each for each, of in canonical.items() if of in wanted}
    found: dict[str, list[Pair]] = defaultdict(list)
    for each in open_pairs(
        connection,
        now,
        "score >= :least OR against <> '[]'",
        source=_OF_KEYS,
        keys=json.dumps(sorted(asked)),
        least=LINKED,
    ):
        for key in {each.keep, each.other} & wanted:
            found[key].append(each)
    return found


class Member(NamedTuple):
    """An entity of a cluster that pairs propose; ``is_sure`` if sure pairs lead to it."""

    key: str
    is_sure: bool
    reasons: list[str]


def cluster_of(connection: sqlite3.Connection, now: Now, key: str) -> list[Member]:
    """Return the entities that are likely to be one with an entity, by whatever others, itself among
    them; it alone if there are none.
    """
    key = now.standing.canonical.get(key, key)
    pairs = _hanging_together(connection, now, key)
    names = _names(connection, {each for pair in pairs for each in (pair.keep, pair.other)})
    given = (
        Candidate(
            *(each.keep, each.other, names[each.keep], names[each.other], each.score, each.tier),
            *(tuple(each.reasons), tuple(each.against), each.together),
        )
        for each in pairs
        if each.keep in names and each.other in names
    )
    cluster = next((each for each in clusters_of(given, LINKED) if key in each.members), None)
    if cluster is None:
        return [Member(key, True, [])]
    sure = _reached(
        key, {(each.left, each.right) for each in cluster.candidates if each.score >= SURE}
    )
    return [
        Member(
            each,
            each in sure,
            [
                f"{of.left_name}, {of.right_name}: {' '.join(of.reasons)}"
                for of in cluster.candidates
                if each == of.right
            ],
        )
        for each in cluster.members
    ]


def _hanging_together(connection: sqlite3.Connection, now: Now, key: str) -> list[Pair]:
    """Return the likely pairs of an entity, those of the entities in them, and so on; with those that
    contradict them.
    """
    found: dict[int, Pair] = {}
    seen, coming = {key}, {key}
    while coming and len(seen) < MEMBERS:
        links = linked_with(connection, now, sorted(coming))
        found |= {each.number: each for of in links.values() for each in of}
        reached = {
            end
            for of in links.values()
            for each in of
            if not each.against
            for end in (each.keep, each.other)
        }
        coming, seen = reached - seen, seen | reached
    return [found[number] for number in sorted(found)]


def _reached(key: str, links: set[tuple[str, str]]) -> set[str]:
    found, coming = {key}, {key}
    while coming:
        ends = {end for pair in links if coming & {*pair} for end in pair}
        coming, found = ends - found, found | ends
    return found


def _names(connection: sqlite3.Connection, keys: set[str]) -> dict[str, str]:
    rows = connection.execute(
        "SELECT key, name FROM entities WHERE key IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(keys))],
    )
    return {key: name or "" for key, name in rows}


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
