"""What holds of the log of a graph just now, kept until something is added to it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from datasette_newsgraph.candidates.judged import judged_in
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.decisions.standing import Standing, in_force, standing_of
from datasette_newsgraph.web.access.visit import Visit


@dataclass(frozen=True)
class Now:
    """What holds: ``in_force`` are the decisions that nobody took back, by key."""

    standing: Standing
    in_force: dict[str, Decision]

    @cached_property
    def batches(self) -> frozenset[str]:
        """Return the batches of which something is in force."""
        return frozenset(each.batch for each in self.in_force.values())

    @cached_property
    def judged(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of entities of which somebody said something, as ``judged_in`` does."""
        return judged_in(self.in_force.values(), self.standing.canonical)

    def cluster_of(self, key: str) -> list[str]:
        """Return the other keys of the entities that are shown as the entity of this key."""
        canonical = self.standing.canonical
        return sorted(each for each, of in canonical.items() if of == key and each != key)


@dataclass(frozen=True)
class _Known:
    """A log as it was read last: the number and the key of its last row, and all decisions in it."""

    number: int
    key: str
    log: list[Decision]
    now: Now


_kept: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()
_LAST = "SELECT id, key FROM decisions ORDER BY id DESC LIMIT 1"


async def standing_now(visit: Visit) -> Now:
    """Return what holds of the log of a graph. The caller has made sure that the visitor sees it."""
    found: Now = await visit.database.execute_fn(lambda each: _read(each, visit.database))
    return found


def _read(connection: sqlite3.Connection, database: Any) -> Now:
    number, key = connection.execute(_LAST).fetchone() or (0, "")
    known = _kept.get(database)
    if known is None or (known.number, known.key) != (number, key):
        log = _log(connection, known)
        kept = in_force(log)
        now = Now(standing_of(kept), {each.key: each for each in kept})
        known = _kept[database] = _Known(number, key, log, now)
    return known.now


def _log(connection: sqlite3.Connection, known: _Known | None) -> list[Decision]:
    """Return all decisions; of a log that only grew, those that are new are read."""
    if known is not None and known.log:
        row = connection.execute(
            "SELECT key FROM decisions WHERE id = ?", [known.number]
        ).fetchone()
        if row is not None and row[0] == known.key:
            return [*known.log, *logged(connection, "id > ?", known.number)]
    return list(logged(connection))
