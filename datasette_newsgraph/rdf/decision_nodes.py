"""Decisions as rows that can be written: who decided what and when, of all that holds now.

They name people, so they are written only where that is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.decisions.standing import Standing, in_force, standing_of
from datasette_newsgraph.identity import make_key
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.node_columns import ordered, value_of
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.verdicts import EXPORTED, ON_PAIRS

_NODE = mapping.DECISION
_said: Any = value_of(
    _NODE, "key", "verdict", "kind", "left_key", "right_key", "articles", "decided_by"
)
#: Puts what is added to a row, in this order, into that of the mapping.
_added: Any = ordered(_NODE, "things", "split_off", "decider")
_of_decider: Any = ordered(mapping.DECIDER, "key", "name")


class DecisionNodes:
    """The decisions that hold, and about something that is written."""

    def __init__(self, rows: GraphRows) -> None:
        self.rows = rows
        log = list(logged(rows.connection))
        standing = standing_of(log)
        self.decisions = [each for each in _holding(log, standing) if self._is_of(each, standing)]

    def decider_rows(self) -> list[Any]:
        """Return the rows of those who decided something, by their keys."""
        found = {(decider_key(each.by), each.by) for each in self.decisions if each.by}
        return [_of_decider(each) for each in sorted(found)]

    def decision_rows(self, part: Part) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of decisions, by their keys, as the compiled function takes them."""
        written = {each.key for each in self.decisions}
        whole = GraphRows(
            self.rows.connection, None, self.rows.tables, with_text=self.rows.with_text
        )
        for row in whole.nodes(_NODE, part):
            key, verdict, kind, left, right, articles, by = _said(row)
            if key not in written:
                continue
            is_split = verdict == "split"
            things = [f"{kind}/{left}"]
            if right and not is_split:
                things.append(f"entity/{right}")
            things += [f"article/{each}" for each in json.loads(articles or "[]")]
            added = (things, right if is_split else None, decider_key(by) if by else None)
            yield (*row, *_added(added))

    def _is_of(self, decision: Decision, standing: Standing) -> bool:
        """Tell whether a decision is about something that is selected."""
        selection = self.rows.selection
        if selection is None:
            return True
        if decision.kind == "entity":
            keys = [key for key in (decision.left, decision.right) if key]
            shown = [*keys, *(standing.canonical.get(key, key) for key in keys)]
            return self._is_any("SELECT id FROM entities WHERE key = ?", shown, selection.entities)
        # It is not shown, but the article that it was in may be.
        column = "relation_key" if decision.kind == "relation" else "key"
        kind = "evidence" if decision.kind == "relation" else decision.kind
        query = f"SELECT article_id FROM as_given WHERE kind = '{kind}' AND {column} = ?"
        return self._is_any(query, [decision.left], selection.articles)

    def _is_any(self, query: str, keys: Iterable[str], numbers: set[int]) -> bool:
        return any(
            number in numbers
            for key in keys
            for (number,) in self.rows.connection.execute(query, [key])
        )


def _holding(log: list[Decision], standing: Standing) -> Iterator[Decision]:
    """Yield the decisions that nobody took back, and that no other one contradicts or replaces; not
    those of whoever was unsure.
    """
    kept = in_force(log)
    last = {_about(each, standing): each.key for each in kept}
    in_conflict = {each.decision.key for each in standing.conflicts}
    for each in kept:
        is_last = last[_about(each, standing)] == each.key
        if is_last and each.verdict in EXPORTED and each.key not in in_conflict:
            yield each


def _about(decision: Decision, standing: Standing) -> tuple[str, ...]:
    """Return what the last of several decisions says alone."""
    left = decision.left
    if decision.verdict in ON_PAIRS:
        return "pair", left, decision.right
    if decision.verdict in ("type", "name"):
        return decision.verdict, standing.canonical.get(left, left)
    return (decision.key,)


def decider_key(name: str) -> str:
    """Return the key of somebody who decided, by their name."""
    return make_key(name, f"decider\n{name}", "decider")
