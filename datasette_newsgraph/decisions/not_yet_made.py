"""Which decisions without times are made already: to give a file again decides nothing anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.standing import in_force
from datasette_newsgraph.verdicts import ON_PAIRS


def not_yet_made(decisions: Iterable[Decision], log: Iterable[Decision]) -> list[Decision]:
    """Return the decisions without those that have no time and are made: of all of them on one thing,
    the last says what the last in force in a log says. What takes back counts while what it takes back
    does not hold. Of those that say the same again, with nothing else on it between, the first is left.
    """
    given = list(_once(decisions))
    if all(each.at for each in given):
        return given
    all_made = list(log)
    kept = in_force(all_made)
    batches, keys = {each.batch for each in kept}, {each.key for each in kept}
    last = {_subject(each): _says(each) for each in kept}
    undone = {each.left for each in all_made if each.verdict == "undo"}
    last_given = {_subject(each): each for each in given if not each.at}

    def is_made(each: Decision) -> bool:
        if each.at:
            return False
        if each.verdict == "undo":
            return each.left in undone and each.left not in batches | keys
        subject = _subject(each)
        return last.get(subject) == _says(last_given[subject])

    return [each for each in given if not is_made(each)]


def _once(decisions: Iterable[Decision]) -> Iterator[Decision]:
    last: dict[tuple[Any, ...], Decision] = {}
    for each in decisions:
        subject = _subject(each)
        if each.at or each != last.get(subject):
            yield each
        last[subject] = each


def with_times_of_their_own(
    decisions: Iterable[Decision], log: Iterable[Decision]
) -> list[Decision]:
    """Return the decisions, those without time and batch that are lines of a log which somebody edited:
    with the time of the line, it would be chance which of both holds.
    """
    logged = {(each.at, _subject(each)): each.key for each in log}

    def is_edited(each: Decision) -> bool:
        key = logged.get((each.at, _subject(each)))
        return bool(each.at) and key is not None and key != each.key

    return [replace(each, at="", batch="") if is_edited(each) else each for each in decisions]


def _subject(decision: Decision) -> tuple[Any, ...]:
    """Return what a decision is on, of which the last one holds."""
    if decision.verdict in ON_PAIRS:
        return decision.left, decision.right
    return decision.verdict, decision.kind, decision.left, decision.articles


def _says(decision: Decision) -> tuple[str, ...]:
    return decision.verdict, decision.right, decision.keep, decision.value
