"""What a record gave and is not shown, as somebody decided that it is wrong."""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.standing_now import standing_now

#: Spans that are listed.
LISTED = 100
#: It is wrong itself, or what it is about is.
_TAKEN_OUT = (
    "SELECT kind, as_given.key, coalesce(json_extract(record, '$.row.surface'),"
    " json_extract(record, '$.name')) AS words, (SELECT decisions.key FROM decisions"
    " WHERE verdict = 'wrong' AND left_key IN"
    " (as_given.key, relation_key, subject_key, object_key) ORDER BY decisions.id DESC LIMIT 1)"
    " AS decision FROM as_given WHERE shown_key IS NULL AND {condition}"
    f" ORDER BY as_given.id LIMIT {LISTED + 1}"
)
_WORDS = {"appearance": ("entity", "entities"), "mention": ("mention", "mentions")}
_WORDS |= {"evidence": ("statement", "statements"), "quote": ("quote", "quotes")}


class Taken(NamedTuple):
    """Something that is not shown: its words, and the decision by which that is so, if it can be taken
    back by itself.
    """

    kind: str
    words: str | None
    decision: str | None


class TakenOut(NamedTuple):
    """What is not shown of an article or a relation; ``words`` say how much that is."""

    words: str
    listed: list[Taken]


async def taken_out(visit: Visit, column: str, value: str | int) -> TakenOut | None:
    """Return what is not shown of the article or relation that a column of ``as_given`` names; None if
    all is, or the visitor may not know.
    """
    if not visit.sight.sees("as_given", "decisions"):
        return None
    rows = await visit.rows(_TAKEN_OUT.format(condition=f"{column} = ?"), value)
    if not rows:
        return None
    now = await standing_now(visit)
    listed = [
        Taken(
            _WORDS[row["kind"]][0],
            row["words"],
            row["decision"] if row["decision"] in now.in_force else None,
        )
        for row in rows
    ]
    return TakenOut(_counted([row["kind"] for row in rows]), listed)


def _counted(kinds: list[str]) -> str:
    """Return how many there are of each kind: "2 mentions and 1 quote"."""
    numbers = {kind: kinds.count(kind) for kind in _WORDS if kind in kinds}
    words = [f"{number} {_WORDS[kind][number > 1]}" for kind, number in numbers.items()]
    more = "more than " if len(kinds) > LISTED else ""
    return more + (", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0])
