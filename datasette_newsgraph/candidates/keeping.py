"""Keep candidates in the database, for the pages on which people decide."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from sqlite_utils import Database

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.store.schema import into
from datasette_newsgraph.store.transactions import transaction

_INSERT = f"{into('candidates')} VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_KEPT = (
    "SELECT left_key, right_key, one.name, other.name, score, tier, reasons, against, together"
    " FROM candidates JOIN entities AS one ON one.key = left_key"
    " JOIN entities AS other ON other.key = right_key ORDER BY candidates.id"
)


def keep_candidates(db: Database, found: Iterable[Candidate]) -> int:
    """Put candidates in the place of those that the database has, in one transaction, in the order in
    which they are given; return how many they are.

    They are of the moment: a load does not change them, but for those of entities that go with it.
    """
    rows = _rows(found)
    # All are found when the first one is given: nobody else shall wait for that to write.
    first = list(islice(rows, 1))
    with transaction(db):
        db.conn.execute("DELETE FROM candidates")
        db.conn.executemany(_INSERT, chain(first, rows))
        (count,) = db.conn.execute("SELECT count(*) FROM candidates").fetchone()
    return int(count)


def kept_candidates(connection: sqlite3.Connection) -> Iterator[Candidate]:
    """Yield the candidates that a database has, the likeliest first, of entities that are there."""
    for left, right, name, other, score, tier, *words, together in connection.execute(_KEPT):
        reasons, against = (tuple(json.loads(each)) for each in words)
        yield Candidate(left, right, name, other, score, tier, reasons, against, together)


def _rows(found: Iterable[Candidate]) -> Iterator[tuple[object, ...]]:
    for number, each in enumerate(found, start=1):
        reasons, against = (
            json.dumps(words, ensure_ascii=False) for words in (each.reasons, each.against)
        )
        yield number, each.left, each.right, each.score, each.tier, reasons, against, each.together
