"""The log of decisions: rows are added to ``decisions``, and never changed."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.decisions.decision import Decision, time_after, validated
from datasette_newsgraph.store.unsettled import DECISION, NOTE, noted

_COLUMNS = (
    *("verdict", "kind", "left_key", "right_key", "keep", "articles", "value"),
    *("decided_by", "decided_at", "how", "why", "batch"),
)
_INSERT = (
    f"INSERT OR IGNORE INTO decisions (key, {', '.join(_COLUMNS)})"
    f" VALUES ({', '.join('?' * (1 + len(_COLUMNS)))})"
)


def decide(db: Database, decisions: Iterable[Decision]) -> list[Decision]:
    """Add decisions to the log, inside the caller's transaction, and return them as they stand there.

    Those without a time get the present one, each behind the last in the log; those without a batch
    get one together. Those that the log has already are left as they are. What follows from new ones
    is noted in ``unsettled``, and ``carry_out`` of ``loading.carrying_out`` does it. Raises
    DecisionError; nothing is added then.
    """
    given = [validated(each) for each in decisions]
    (last,) = db.conn.execute("SELECT max(decided_at) FROM decisions").fetchone()
    stored, batch = [], ""
    for each in given:
        if not each.at:
            last = time_after(last or "")
            each = replace(each, at=last)
        if not each.batch:
            batch = batch or _batch_of(each.at)
            each = replace(each, batch=batch)
        stored.append(each)
    for each in stored:
        added = db.conn.execute(_INSERT, _row(each))
        if added.rowcount:
            db.conn.execute(f"{NOTE} VALUES (?, ?)", [DECISION, added.lastrowid])
    return stored


def _batch_of(at: str) -> str:
    """Return the name of the batch of a time, which no spreadsheet program takes for a number."""
    date, _, time = at.partition("T")
    return f"{date.replace('-', '')}-{re.sub('[^0-9]', '', time)}"


def logged(connection: sqlite3.Connection, where: str = "true", *values: Any) -> Iterator[Decision]:
    """Yield the decisions of the log in the order in which they count; ``where`` is a condition."""
    for row in connection.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM decisions WHERE {where} ORDER BY decided_at, key",
        values,
    ):
        yield _decision(*row)


def waiting(connection: sqlite3.Connection) -> int:
    """Return how many decisions are in the log that have not been carried out."""
    return int(connection.execute(f"SELECT count(*) FROM ({noted(DECISION)})").fetchone()[0])


def _row(decision: Decision) -> list[str | None]:
    one = decision
    return [
        *(one.key, one.verdict, one.kind, one.left, one.right or None, one.keep or None),
        *(json.dumps(one.articles) if one.articles else None, one.value or None),
        *(one.by or None, one.at, one.how or None, one.why or None, one.batch),
    ]


def _decision(verdict: Any, kind: Any, *values: str | None) -> Decision:
    left, right, keep, articles, value, by, at, how, why, batch = (each or "" for each in values)
    return Decision(
        verdict=verdict,
        kind=kind,
        left=left,
        right=right,
        keep=keep,
        articles=tuple(json.loads(articles)) if articles else (),
        value=value,
        by=by,
        at=at,
        how=how,
        why=why,
        batch=batch,
    )
