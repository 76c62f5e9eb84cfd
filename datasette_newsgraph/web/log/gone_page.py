"""Of a thing that is not shown any more: what was decided to be wrong, and how to take that back."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.kinds import Kind
from datasette_newsgraph.verdicts import WRONG
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.names import names_of
from datasette_newsgraph.web.deciding.standing_now import standing_now
from datasette_newsgraph.web.log.entries import Entry, entry_of
from datasette_newsgraph.web.page_contexts import GonePage

#: Decisions that are listed, the newest first.
LISTED = 100
#: By the kind of a thing, the column of ``as_given`` with its key.
_OF = {"entity": "subject_key", "relation": "relation_key"}
#: The keys of what records gave of a thing and is not shown, each with the kind of what has it.
_NOT_SHOWN = (
    "WITH given AS (SELECT * FROM as_given WHERE {column} = :key AND shown_key IS NULL)"
    " SELECT kind, key FROM given WHERE kind <> 'appearance'"
    " UNION SELECT 'relation', relation_key FROM given"
    " UNION SELECT 'entity', subject_key FROM given UNION SELECT 'entity', object_key FROM given"
)


@dataclass(frozen=True)
class Gone:
    """A thing of a kind that is not shown: what it was called, and the decisions that led to it."""

    kind: str
    key: str
    name: str | None
    entries: list[Entry]
    is_more: bool


def may_be_told(visit: Visit) -> bool:
    """Tell whether the visitor may know what was decided of things that are not shown."""
    return visit.sight.sees("decisions", "decided", "as_given")


async def gone(visit: Visit, kind: Kind, key: str) -> GonePage:
    """Return what is shown in place of the page of a thing that was decided to be wrong. The caller has
    made sure that it was, and that the visitor ``may_be_told``.
    """
    query = _NOT_SHOWN.format(column=_OF[kind.name])
    about = {(kind.name, key)} | {(*row,) for row in await visit.rows_of(query, {"key": key})}
    now = await standing_now(visit)
    # What its articles were decided to mean instead may be wrong.
    about |= {("entity", meant) for (_, of), meant in now.standing.splits.items() if of == key}
    found = [
        each
        for each in reversed(now.in_force.values())
        if each.verdict == "wrong" and (each.kind, each.left) in about
    ]
    listed = found[:LISTED]
    itself = [Decision("wrong", key, kind=each) for each in WRONG if each == kind.name]
    names = await names_of(visit, [*itself, *listed])
    name = names.of(kind.name, key).name
    shown = Gone(
        kind.name,
        key,
        name,
        [entry_of(each, now, names) for each in listed],
        len(found) > LISTED,
    )
    return {"gone": shown, "trail": [(kind.title, None), (name or key, None)]}
