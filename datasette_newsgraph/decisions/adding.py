"""Add decisions to the log, and tell what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.decisions.decision import Decision, validated
from datasette_newsgraph.decisions.log import decide, logged
from datasette_newsgraph.decisions.not_yet_made import not_yet_made, with_times_of_their_own
from datasette_newsgraph.decisions.presence import absent
from datasette_newsgraph.decisions.standing import Conflict, in_force, standing_of
from datasette_newsgraph.errors import DecisionError

#: Characters of a name in a message.
_SHOWN = 80


class Added(NamedTuple):
    """What became of decisions: those that were not in the log before, as they stand there now;
    ``conflicts`` in which one of them is; ``replaced`` are the verdicts on pairs in whose place they
    are, but those in conflicts; ``absent`` are their keys of things that are not loaded, and
    ``unknown`` what they take back that is not in the log.
    """

    new: list[Decision]
    conflicts: list[Conflict]
    replaced: list[Decision]
    absent: list[str]
    unknown: list[str]

    @property
    def batches(self) -> list[str]:
        """The batches of the new decisions, each once."""
        return list(dict.fromkeys(each.batch for each in self.new))


def add(db: Database, decisions: Iterable[Decision], *, must_hold: bool = False) -> Added:
    """Add decisions to the log, inside the caller's transaction; those without a time that are made
    already are left out.

    With ``must_hold`` DecisionError is raised where one of them does not hold beside the others.
    Raises DecisionError, too, for what is no decision; nothing is to be kept then.
    """
    before = list(logged(db.conn))
    known = {each.key for each in before}
    given = with_times_of_their_own((validated(each) for each in decisions), before)
    stored = decide(db, not_yet_made(given, before))
    new = {each.key: each for each in stored if each.key not in known}
    found = standing_of([*before, *new.values()]).conflicts
    if must_hold:
        _refuse(given, found)
    conflicts = [each for each in found if each.decision.key in new or each.other.key in new]
    return Added(
        [*new.values()],
        conflicts,
        _replaced(before, new.values(), {each.decision.key for each in conflicts}),
        not_loaded(db, new.values()),
        absent(
            db.conn, ((each.kind, each.left) for each in new.values() if each.verdict == "undo")
        ),
    )


def not_loaded(db: Database, decisions: Iterable[Decision]) -> list[str]:
    """Return the keys of things that decisions are on, of those that are not loaded."""
    given = [each for each in decisions if each.verdict != "undo"]
    made = {each.right for each in given if each.verdict == "split"}
    things = ((each.kind, key) for each in given for key in (each.left, each.right) if key)
    return absent(db.conn, (each for each in things if each[1] not in made))


def _replaced(
    before: Iterable[Decision], new: Iterable[Decision], told: set[str]
) -> list[Decision]:
    """Return the last verdicts on pairs of which later ones say something else."""
    last = {(each.left, each.right): each for each in in_force(before) if each.is_on_pair}
    found = {}
    for each in new:
        other = last.get((each.left, each.right))
        if other and each.is_on_pair and each.verdict != other.verdict and each.order > other.order:
            found[other.key] = other
    return [each for key, each in found.items() if key not in told]


def _refuse(given: list[Decision], conflicts: list[Conflict]) -> None:
    pairs = {(each.verdict, each.left, each.right) for each in given}
    for barred, other, words in conflicts:
        # A later verdict on the same pair is no obstacle, as it is one of those that are given.
        is_superseded = (barred.left, barred.right) == (other.left, other.right)
        if not is_superseded and (barred.verdict, barred.left, barred.right) in pairs:
            raise DecisionError(
                f"{barred.left} and {barred.right} cannot be one, as {words}: {described(other)};"
                " newsgraph undo takes that back"
            )


def described(decision: Decision) -> str:
    """Return a decision in a few words."""
    on = (decision.left, decision.right, _shortened(decision.value))
    by = f" by {_shortened(decision.by)}" if decision.by else ""
    return f"{decision.verdict} {' '.join(filter(None, on))}{by} (batch {decision.batch})"


def conflict_words(conflict: Conflict) -> str:
    """Return why a decision does not hold, with the other one."""
    return f"{described(conflict.decision)}: {conflict.words}: {described(conflict.other)}"


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
