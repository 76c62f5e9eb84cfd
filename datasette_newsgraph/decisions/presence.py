"""Whether there is what decisions name by key: it may be still to come, or mistyped."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from datasette_newsgraph.decisions.span_rows import SPANS
from datasette_newsgraph.verdicts import Kind


def _span(kind: str) -> tuple[str, str]:
    return (
        f"SELECT 1 FROM {SPANS[kind][0]} WHERE key = :key",
        f"SELECT 1 FROM as_given WHERE key = :key AND kind = '{kind}'",
    )


#: By the kind of thing, the queries of which one finds what has a key: as it is shown, or as it was
#: given where something else is shown, or nothing.
_THERE: dict[Kind, tuple[str, ...]] = {
    "entity": (
        "SELECT 1 FROM entities WHERE key = :key",
        "SELECT 1 FROM as_given WHERE subject_key = :key AND kind = 'appearance'",
    ),
    "mention": _span("mention"),
    "quote": _span("quote"),
    "evidence": _span("evidence"),
    "relation": (
        "SELECT 1 FROM relations WHERE key = :key",
        "SELECT 1 FROM as_given WHERE relation_key = :key AND kind = 'evidence'",
    ),
    "decision": ("SELECT 1 FROM decisions WHERE key = :key",),
    "batch": ("SELECT 1 FROM decisions WHERE batch = :key",),
}


def is_there(connection: sqlite3.Connection, kind: Kind, key: str) -> bool:
    """Tell whether something of a kind has a key: what is loaded, or what is in the log."""
    return is_found(connection, key, _THERE[kind])


def is_found(connection: sqlite3.Connection, key: str, queries: Iterable[str]) -> bool:
    """Tell whether one of some queries with ``:key`` finds anything."""
    return any(connection.execute(f"{query} LIMIT 1", {"key": key}).fetchone() for query in queries)


def absent(connection: sqlite3.Connection, things: Iterable[tuple[Kind | None, str]]) -> list[str]:
    """Return the keys of those of some things, by kind and key, that are not there."""
    given = dict.fromkeys(things)
    return [key for kind, key in given if kind is not None and not is_there(connection, kind, key)]
