"""How much is in a graph, and from when: by stored counts where there are any."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.facets.counting import KEPT
from datasette_newsgraph.kinds import COUNTED, MENTION, RELATION, Kind
from datasette_newsgraph.web.access.visit import Visit


@dataclass(frozen=True)
class Count:
    """How many rows a table has, and where they are listed; None where not all of them may be seen."""

    table: str
    count: int
    link: str | None


#: The facets whose stored counts add up to the rows of a table, as every row has a value of it and
#: there are few values.
_SUMMED = {MENTION: "offset_status", RELATION: "predicate"}


async def counts(visit: Visit, *kinds: Kind) -> AsyncIterator[Count]:
    """Give the counts of these kinds, or else of all with a view, as far as they may be seen."""
    for kind in kinds or COUNTED:
        if kind.view and visit.sight.sees(kind.table):
            listed = visit.sight.first_listed(*kind.lists)
            link = visit.links.rows(listed) if listed else None
            yield Count(kind.table, await _count(visit, kind, kind.view), link)


async def _count(visit: Visit, kind: Kind, view: str) -> int:
    facet = _SUMMED.get(kind)
    values = await stored(visit, view, facet, KEPT) if facet else []
    # There may be more values than are kept.
    if values and len(values) < KEPT:
        return sum(each["count"] for each in values)
    return int((await visit.row(visit.sight.count_of(kind.table)))[0])


async def stored(visit: Visit, view: str, facet: str, limit: int) -> list[Any]:
    """Return the most frequent values of a facet with their counts; none if they are hidden."""
    if not visit.sight.sees_counts_of(view):
        return []
    return await visit.rows(
        "SELECT value, count FROM facet_counts WHERE view = ? AND facet = ?"
        " ORDER BY count DESC, value LIMIT ?",
        view,
        facet,
        limit,
    )


async def period(visit: Visit) -> tuple[str, str] | None:
    """Return the first and the last day of the articles; None if they are hidden, or have none."""
    if not visit.sight.sees("articles"):
        return None
    first = await visit.row("SELECT min(published) FROM articles")
    last = await visit.row("SELECT max(published) FROM articles")
    if first[0] is None:
        return None
    if not isinstance(last[0], str):
        raise TypeError("the column published of articles holds what is not text")
    return first[0][:10], last[0][:10]
