"""What holds of the log of a graph just now, kept until something is added to it."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.decisions.standing import Standing, in_force, standing_of
from datasette_newsgraph.verdicts import ON_PAIRS
from datasette_newsgraph.web.access.visit import Visit

#: What tells one state of a log from the next, as rows are only ever added to it.
_Mark = tuple[int, str] | None


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
        """Return the pairs of entities of which somebody said something, in code-point order."""
        return frozenset(
            (each.left, each.right) for each in self.in_force.values() if each.verdict in ON_PAIRS
        )

    @cached_property
    def apart(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of entities, as they are shown, that are not the same."""
        canonical = self.standing.canonical
        shown = (
            sorted((canonical.get(left, left), canonical.get(right, right)))
            for left, right in self.standing.different
        )
        return frozenset((left, right) for left, right in shown)

    def cluster_of(self, key: str) -> list[str]:
        """Return the other keys of the entities that are shown as the entity of this key."""
        canonical = self.standing.canonical
        return sorted(each for each, of in canonical.items() if of == key and each != key)


_kept: WeakKeyDictionary[Any, tuple[_Mark, Now]] = WeakKeyDictionary()


async def standing_now(visit: Visit) -> Now:
    """Return what holds of the log of a graph. The caller has made sure that the visitor sees it."""
    found: Now = await visit.database.execute_fn(lambda each: _read(each, visit.database))
    return found


def _read(connection: sqlite3.Connection, database: Any) -> Now:
    mark = connection.execute("SELECT id, key FROM decisions ORDER BY id DESC LIMIT 1").fetchone()
    known = _kept.get(database)
    if known is None or known[0] != (tuple(mark) if mark else None):
        kept = in_force(logged(connection))
        now = Now(standing_of(kept), {each.key: each for each in kept})
        known = _kept[database] = ((tuple(mark) if mark else None), now)
    return known[1]
