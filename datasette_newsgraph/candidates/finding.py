"""Find the pairs of entities of a graph that may be one thing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator

from sqlite_utils import Database

from datasette_newsgraph.candidates.aside import aside
from datasette_newsgraph.candidates.blocking import Pair, paired
from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.comparing import Comparison
from datasette_newsgraph.candidates.graph import Graph, read_graph
from datasette_newsgraph.candidates.reasons import Words
from datasette_newsgraph.candidates.scoring import score
from datasette_newsgraph.candidates.tiers import tier_of
from datasette_newsgraph.candidates.vocabulary import Vocabulary

#: What a pair scores at least that anybody is asked about.
LEAST = 0.05
_KEYS = "SELECT id, key FROM entities WHERE key IN (SELECT value FROM json_each(?))"
_KEY = "SELECT key FROM entities WHERE id = ?"


def find_candidates(
    db: Database,
    *,
    judged: Collection[tuple[str, str]] = frozenset(),
    above: float = LEAST,
) -> Iterator[Candidate]:
    """Yield the pairs of entities that may be one thing, the likeliest first. Nothing is written, and
    a database gives the same pairs each time.

    ``judged`` are pairs of keys that somebody has decided on already, each in the order of the
    alphabet: they are left out. So are pairs that score no more than ``above``.
    """
    graph = read_graph(db)
    vocabulary = Vocabulary(graph)
    left_out = _numbers(db, graph, judged)
    with aside() as beside:
        beside.execute(
            "CREATE TABLE found (score REAL, left INTEGER, right INTEGER, tier TEXT, reasons TEXT,"
            " against TEXT, together INTEGER)"
        )
        pairs = (each for each in paired(beside, graph, vocabulary) if each not in left_out)
        beside.executemany(
            "INSERT INTO found VALUES (?, ?, ?, ?, ?, ?, ?)",
            _weighed(graph, vocabulary, pairs, above),
        )
        yield from _in_order(db, graph, beside)


def _numbers(db: Database, graph: Graph, judged: Collection[tuple[str, str]]) -> frozenset[Pair]:
    """Return judged pairs by the numbers of their entities, the smaller first."""
    keys = json.dumps(sorted({key for pair in judged for key in pair}))
    rows = {row: number for number, row in enumerate(graph.rows)} if judged else {}
    numbers = {key: rows[row] for row, key in db.conn.execute(_KEYS, [keys]) if row in rows}
    found = ([numbers[key] for key in pair if key in numbers] for pair in judged)
    return frozenset((min(pair), max(pair)) for pair in found if len(pair) == 2)


def _weighed(
    graph: Graph, vocabulary: Vocabulary, pairs: Iterator[Pair], above: float
) -> Iterator[tuple[float, int, int, str, str, str, int]]:
    comparison, words = Comparison(graph, vocabulary), Words(graph)
    for one, other in pairs:
        found = comparison.compare(one, other)
        if found is None:
            continue
        likely = score(found)
        if likely <= above:
            continue
        reasons, against = words.reasons(found), words.against(found)
        left, right = sorted((one, other), key=lambda each: _to_keep(graph, each))
        yield (
            *(round(likely, 4), left, right, tier_of(found, against)),
            *(json.dumps(reasons), json.dumps(against), found.together),
        )


def _to_keep(graph: Graph, entity: int) -> tuple[bool, int, int, str, str]:
    """Return by what one of two is kept: the first in order."""
    name = graph.names[entity]
    is_known = entity in graph.identifiers
    return not is_known, -graph.fame(entity), -len(name), name, graph.types[entity]


def _in_order(db: Database, graph: Graph, beside: sqlite3.Connection) -> Iterator[Candidate]:
    rows = beside.execute("SELECT * FROM found ORDER BY score DESC, tier DESC, left, right")
    for likely, left, right, tier, reasons, against, together in rows:
        keys = [db.conn.execute(_KEY, [graph.rows[each]]).fetchone() for each in (left, right)]
        if None in keys:
            # A load has taken one of them away since.
            continue
        yield Candidate(
            *(keys[0][0], keys[1][0], graph.names[left], graph.names[right], likely, tier),
            *(tuple(json.loads(reasons)), tuple(json.loads(against)), together),
        )
