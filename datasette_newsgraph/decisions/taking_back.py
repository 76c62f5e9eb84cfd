"""Take decisions back: those of a batch, or one."""

from __future__ import annotations

from typing import NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.decisions.standing import in_force
from datasette_newsgraph.errors import UnknownKey, UsageError


class TakenBack(NamedTuple):
    """The decision that takes back, and the numbers of decisions that hold no longer, and again."""

    decision: Decision
    gone: int
    again: int


def taken_back(db: Database, given: str) -> TakenBack:
    """Return what takes back the batch of a name, or else the decision of a key.

    What took others back may be taken back itself, and they hold again. Raises UnknownKey where there
    is no such batch and no such decision, UsageError where nothing of it holds.
    """
    log = list(logged(db.conn))
    is_batch = any(each.batch == given for each in log)
    if not is_batch and all(each.key != given for each in log):
        raise UnknownKey(
            f"there is no batch and no decision {given[:80]!r}; newsgraph decisions lists them"
        )
    last = max(each.at for each in log)
    # Behind all others, whatever the time is.
    undo = Decision("undo", given, kind="batch" if is_batch else "decision", at=f"{last}~")
    before, after = ({each.key for each in in_force(some)} for some in (log, [*log, undo]))
    if before == after:
        raise UsageError(f"nothing of {given} holds that could be taken back: that was done before")
    return TakenBack(
        Decision("undo", given, kind=undo.kind), len(before - after), len(after - before)
    )
