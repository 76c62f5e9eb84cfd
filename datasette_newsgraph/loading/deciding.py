"""Decide, and carry it out at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.decisions.adding import Added, add
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.files.fields import decision_of
from datasette_newsgraph.decisions.taking_back import taken_back
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.store import AnyDatabase, open_store
from datasette_newsgraph.store.transactions import transaction


def decide(
    database: AnyDatabase, decisions: Iterable[Decision | Mapping[str, Any]]
) -> list[Decision]:
    """Add decisions to the log of a database and carry them out; return those that are new, as they
    stand there.

    A decision is a ``Decision``, or a dictionary of the fields that files of decisions have: verdict,
    left, right and so on, where an identifier IRI may stand for the key of an entity. ``database`` is a
    path, or an open ``sqlite_utils.Database`` or ``sqlite3.Connection``. Raises DecisionError for what
    is no decision, and nothing is added then; StoreError, and UsageError for one decision in place of
    many.
    """
    if isinstance(decisions, (str, bytes, Mapping, Decision)):
        raise UsageError(f"decisions are given as a list, not as one {type(decisions).__name__}")
    given = [each if isinstance(each, Decision) else decision_of(each) for each in decisions]
    with open_store(database, write=True) as db:
        return decide_in(db, lambda: given).new


def undo(database: AnyDatabase, batch: str, *, by: str = "", why: str = "") -> Decision:
    """Take back all decisions of a batch, or the decision of a key, and carry it out; return the
    decision that takes back. To undo its own batch brings them again.

    ``by`` and ``why`` say who and why. Raises UnknownKey where the log has no such batch or decision,
    UsageError where nothing of it holds, DecisionError and StoreError.
    """
    with open_store(database, write=True) as db:
        made = decide_in(db, lambda: [replace(taken_back(db, batch).decision, by=by, why=why)])
        return made.new[0]


def decide_in(
    db: Database, make: Callable[[], Iterable[Decision]], *, must_hold: bool = False
) -> Added:
    """Add the decisions that ``make`` returns to the log of an open database, and carry them out.

    It is called inside the transaction that adds them, where all earlier ones have been carried out:
    so nobody decides in between. With ``must_hold`` DecisionError is raised where one of them does not
    hold beside what was decided before, and nothing is added.
    """
    carry_out(db)
    with transaction(db):
        added = add(db, make(), must_hold=must_hold)
    carry_out(db)
    return added
