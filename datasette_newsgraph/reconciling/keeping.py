"""What a service answered, among the candidates of a graph: for the pages on which people decide."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.judged import judged_pairs
from datasette_newsgraph.candidates.keeping import keep_candidates, kept_candidates
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.reconciling.finding import Found

if TYPE_CHECKING:
    from sqlite_utils import Database

_KNOWN = "SELECT key FROM entities UNION SELECT key FROM decided WHERE verdict = 'same'"
_CANONICAL = "SELECT key, value FROM decided WHERE verdict = 'same'"
_ENTITIES = (
    "SELECT key, name, basis = 'identifier' FROM entities"
    " WHERE key IN (SELECT value FROM json_each(?))"
)
_TOGETHER = (
    "SELECT count(*) FROM appearances JOIN appearances AS other USING (article_id)"
    " WHERE appearances.entity_id = (SELECT id FROM entities WHERE key = ?)"
    " AND other.entity_id = (SELECT id FROM entities WHERE key = ?)"
)


def known_keys(db: Database) -> frozenset[str]:
    """Return the keys of the entities of a graph, former ones too."""
    return frozenset(row[0] for row in db.conn.execute(_KNOWN))


def keep_found(db: Database, found: Iterable[Found]) -> int:
    """Add pairs to the candidates of a graph, and return how many they are: those of two entities that
    are there, on which nobody has decided. What is a candidate already gets a further reason.
    """
    canonical = dict(db.conn.execute(_CANONICAL).fetchall())
    judged = {frozenset(pair) for pair in judged_pairs(logged(db.conn))}
    pairs: dict[frozenset[str], list[Found]] = {}
    for each in found:
        pair = frozenset(canonical.get(key, key) for key in (each.left, each.right))
        if len(pair) == 2 and pair not in judged:
            pairs.setdefault(pair, []).append(each)
    names = _names(db, pairs)
    kept = {frozenset((each.left, each.right)): each for each in kept_candidates(db.conn)}
    count = 0
    for pair, of_pair in pairs.items():
        if pair <= names.keys():
            kept[pair] = _with_reasons(kept.get(pair) or _candidate(db, pair, names), of_pair)
            count += 1
    in_order = sorted(kept.values(), key=lambda each: (-each.score, each.left, each.right))
    keep_candidates(db, in_order)
    return count


def _names(db: Database, pairs: Iterable[frozenset[str]]) -> dict[str, tuple[str, bool]]:
    """Return the names of the entities that are there, by key, and whether an identifier tells them."""
    keys = json.dumps(sorted({key for pair in pairs for key in pair}))
    return {
        key: (name or "", bool(has_iri))
        for key, name, has_iri in db.conn.execute(_ENTITIES, [keys])
    }


def _candidate(db: Database, pair: frozenset[str], names: dict[str, tuple[str, bool]]) -> Candidate:
    # What has an identifier is kept.
    left, right = sorted(pair, key=lambda key: (not names[key][1], key))
    (together,) = db.conn.execute(_TOGETHER, [left, right]).fetchone()
    return Candidate(left, right, names[left][0], names[right][0], 0.0, "", (), (), together)


def _with_reasons(candidate: Candidate, found: list[Found]) -> Candidate:
    reasons = dict.fromkeys(
        (*candidate.reasons, *(text for each in found for text in each.reasons))
    )
    # How likely our own rules find it comes before what a service says.
    score = candidate.score or max(each.score for each in found)
    return replace(candidate, reasons=tuple(reasons), score=score)
