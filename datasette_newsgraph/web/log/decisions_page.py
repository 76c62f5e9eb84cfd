"""What was decided: batch by batch, the newest first, with what contradicts what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.identifier_conflicts import (
    IdentifierConflict,
    identifier_conflicts,
)
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.decisions.standing import Conflict
from datasette_newsgraph.web.access.arguments import number_argument, text_argument
from datasette_newsgraph.web.access.deciding import hides_people
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.names import Named, Names, names_of
from datasette_newsgraph.web.deciding.standing_now import Now, standing_now
from datasette_newsgraph.web.faults import passing_over_slow
from datasette_newsgraph.web.log.entries import Entry, entry_of
from datasette_newsgraph.web.page_contexts import DecisionsPage

#: Batches on a page, decisions listed of each, of a batch that is shown alone, and conflicts.
BATCHES, OF_EACH, OF_ONE, CONFLICTS = 20, 6, 500, 100

_BATCHES = (
    "SELECT batch, max(id) AS last, count(*) AS count FROM decisions"
    " WHERE {condition} GROUP BY batch HAVING max(id) < :before"
    f" ORDER BY 2 DESC LIMIT {BATCHES + 1}"
)
_FIRST = (
    "SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY batch ORDER BY id) AS place"
    " FROM decisions WHERE batch IN (SELECT value FROM json_each(:batches)) AND {condition})"
    " WHERE place <= :most"
)
#: Above every row number.
_NEWEST = 2**62


@dataclass(frozen=True)
class Batch:
    """Decisions that are taken back together: the first of them, and how many there are. ``by``,
    ``how`` and ``why`` are of the first; who decided and why is empty where the visitor is not told.
    """

    name: str
    at: str
    by: str
    how: str
    why: str
    entries: list[Entry]
    count: int
    is_in_force: bool


@dataclass(frozen=True)
class Clash:
    """A decision that does not hold, or that another one contradicts."""

    one: Entry
    other: Entry
    words: str


@dataclass(frozen=True)
class TwoOfOne:
    """What is shown as one thing, and of which an authority has two."""

    entity: Named
    authority: str
    iris: tuple[str, ...]


async def decisions(visit: Visit) -> DecisionsPage:
    """Return what the page of decisions shows. Raises Forbidden, BadRequest."""
    visit.require("decisions")
    batch, of = text_argument(visit.request, "batch"), text_argument(visit.request, "of")
    before = number_argument(visit.request, "before", _NEWEST)
    condition = "(:batch IS NULL OR batch = :batch)"
    if of:
        condition += " AND id IN (SELECT id FROM decisions WHERE left_key = :of"
        condition += " UNION SELECT id FROM decisions WHERE right_key = :of)"
    given: dict[str, Any] = {"batch": batch, "of": of, "before": before}
    rows = await visit.rows_of(_BATCHES.format(condition=condition), given)
    now = await standing_now(visit)
    clashes = [] if batch or of else now.standing.conflicts[:CONFLICTS]
    listed = await _listed(visit, [row["batch"] for row in rows[:BATCHES]], condition, given)
    doubles = [] if batch or of else await _doubles(visit)
    merged = (Decision("same", each.entity, kind="entity") for each in doubles)
    names = await names_of(visit, [*listed, *_of(clashes), *merged])
    sees_people = not await hides_people(visit.datasette, visit.request.actor, visit.graph)
    found = [
        _batch(
            row, [each for each in listed if each.batch == row["batch"]], now, names, sees_people
        )
        for row in rows[:BATCHES]
    ]
    asked = {
        "of": of or "",
        "before": str(rows[BATCHES - 1]["last"]) if len(rows) > BATCHES else "",
    }
    return {
        "batches": found,
        "sees_people": sees_people,
        "batch": batch,
        "of": of,
        "of_name": (names.of("entity", of).name or of) if of else "",
        "earlier": _address(visit, asked) if asked["before"] else None,
        "conflicts": [
            Clash(entry_of(each.decision, now, names), entry_of(each.other, now, names), each.words)
            for each in clashes
        ],
        "doubles": [
            TwoOfOne(names.of("entity", each.entity), each.authority, each.iris) for each in doubles
        ],
        "trail": [("Decisions", None)],
    }


async def _doubles(visit: Visit) -> list[IdentifierConflict]:
    if not visit.sight.sees("decided", "entities", "identifiers"):
        return []
    # The page can do without them.
    with passing_over_slow(visit.graph.name):
        return await visit.read(lambda each: [*islice(identifier_conflicts(each), CONFLICTS)])
    return []


async def _listed(
    visit: Visit, batches: list[str], condition: str, given: Mapping[str, Any]
) -> list[Decision]:
    """Return the first decisions of some batches, in the order in which they count."""
    most = OF_ONE if given["batch"] else OF_EACH
    named = {**given, "batches": json.dumps(batches), "most": most}
    found = await visit.rows_of(_FIRST.format(condition=condition), named)
    numbers = [row[0] for row in found]
    where = "id IN (SELECT value FROM json_each(?))"
    return await visit.read(lambda each: list(logged(each, where, json.dumps(numbers))))


def _of(conflicts: Iterable[Conflict]) -> Iterable[Decision]:
    for each in conflicts:
        yield from (each.decision, each.other)


def _batch(row: Any, listed: list[Decision], now: Now, names: Names, sees_people: bool) -> Batch:
    first = listed[0]
    return Batch(
        name=row["batch"],
        at=first.at,
        by=first.by if sees_people else "",
        how=first.how,
        why=first.why if sees_people else "",
        entries=[entry_of(each, now, names) for each in listed],
        count=row["count"],
        is_in_force=row["batch"] in now.batches or any(each.verdict == "undo" for each in listed),
    )


def _address(visit: Visit, asked: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{visit.links.home}/decisions?{query}"
