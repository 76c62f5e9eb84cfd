"""The list of the graphs on a server: what each is called and how much is in it."""

from __future__ import annotations

import sqlite3
from typing import Any, TypedDict

from datasette_newsgraph.kinds import WITH_PAGE
from datasette_newsgraph.store.damage import UNEXPECTED
from datasette_newsgraph.web.access.graphs import Graph, find_graphs
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.faults import passing_over_slow, report_sqlite
from datasette_newsgraph.web.frame.damage import wrong_in
from datasette_newsgraph.web.parts.totals import Count, counts, period


class _Named(TypedDict):
    """What the list has of every graph: its name, and the address of its overview."""

    name: str
    home: str


class ListedGraph(_Named, total=False):
    """A graph in the list, as far as the visitor may see it."""

    title: str | None
    description: str | None
    #: Why it cannot be read, and what to do.
    trouble: str
    counts: list[Count]
    period: tuple[str, str] | None


async def graphs_seen(datasette: Any, request: Any) -> list[ListedGraph]:
    """Return the graphs of which the visitor may see anything, with what of each they may see."""
    found = []
    for graph in await find_graphs(datasette):
        sight = await sight_of(datasette, request.actor, graph)
        if not sight.is_blind:
            found.append(await _described(datasette, request, graph, sight))
    return found


async def _described(datasette: Any, request: Any, graph: Graph, sight: Sight) -> ListedGraph:
    visit = Visit(datasette, request, graph, sight)
    described: ListedGraph = {"name": graph.name, "home": visit.links.home}
    if await lines.may_view_database(datasette, request.actor, graph.name):
        given = await lines.metadata_of(datasette, graph.name, or_of_server=False)
        described["title"], described["description"] = given.get("title"), given.get("description")
    if graph.trouble:
        described["trouble"] = graph.trouble
        return described
    # One that is locked, damaged or slow says so on its own page, and is no reason to hide others.
    try:
        with passing_over_slow(graph.name):
            # The overview counts more.
            described["counts"] = [each async for each in counts(visit, *WITH_PAGE)]
            described["period"] = await period(visit)
    except sqlite3.DatabaseError as error:
        report_sqlite(graph.name, error)
    except UNEXPECTED as error:
        trouble = await wrong_in(datasette, sight, error)
        if trouble is None:
            raise
        described["trouble"] = trouble
    return described
