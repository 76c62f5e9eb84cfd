"""A facet of Datasette's that reads stored counts where nothing is filtered, and counts where it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.utils import (
    path_with_removed_args,
    path_with_replaced_args,
)
from datasette.utils.asgi import BadRequest

from datasette_newsgraph.facets.among_rows import Value
from datasette_newsgraph.facets.catalogue import (
    ALL,
    IN_ALL_ZONES,
    ZONES_ARGUMENT,
    facet_named,
    kept_to_type,
)
from datasette_newsgraph.facets.counting import KEPT
from datasette_newsgraph.facets.definition import EACH_TYPE, OF_TYPE
from datasette_newsgraph.facets.definition import Facet as ViewFacet
from datasette_newsgraph.facets.filtering import PageFilter
from datasette_newsgraph.facets.page_values import (
    chosen_but_not_shown,
    shown_types,
    stored_values,
    values_of_page,
)
from datasette_newsgraph.facets.stored_sets import is_up_to_date
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.access.visit import read_within
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.tables.page_filters import page_filter, zones_asked_for

#: What lets all zones count is called so.
ZONES = "zones"
_Read = TypeVar("_Read")


def _name(facet: ViewFacet) -> str:
    """Return the name by which a query string asks for a facet."""
    return facet.base + (OF_TYPE + facet.of_type if facet.of_type else "")


class CountedFacet(Facet):  # type: ignore[misc]  # datasette has no annotations
    """``?_facet_counted=NAME``: one of the facets in ``facets.catalogue.FACETS``. A facet of entities
    may be kept to one type, ``entity:Person``, or stand for one of each frequent type, ``entity:*``.
    """

    type = "counted"

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the facets asked for, and the names of those that took too long."""
        results: list[dict[str, Any]] = []
        timed_out: list[str] = []
        graph = await find_graph(self.ds, self.database)
        if graph is None or graph.trouble:
            return results, timed_out
        sight = await sight_of(self.ds, self.request.actor, graph)
        for name, is_hideable in self._asked_for():
            facet = facet_named(
                self.table, name.removesuffix(OF_TYPE + EACH_TYPE), zones_asked_for(self.request)
            )
            if facet is None or (name.endswith(OF_TYPE + EACH_TYPE) and not facet.of_entities):
                raise BadRequest(f"{self.table or 'a query'} has no counted facet {name!r}")
            if not sight.sees(self.table, *facet.reads):
                continue
            facets = [facet]
            if name.endswith(OF_TYPE + EACH_TYPE):
                of_types = [kept_to_type(facet, each) for each in await self._types(facet, sight)]
                asked_for = self.request.args.getlist("_facet_counted")
                facets = [each for each in of_types if _name(each) not in asked_for]
            for each in facets:
                try:
                    chosen, found = await self._values(each, sight)
                except QueryInterrupted:
                    report(Fault.SLOW, self.database)
                    timed_out.append(each.of_type or each.base)
                    continue
                # What has nothing to offer is shown to be hidden again, if the visitor asked for it.
                if chosen or found or is_hideable:
                    asked = name if is_hideable else None
                    results.append(self._result(each, chosen, found, asked))
        page = self._page
        in_all = IN_ALL_ZONES.get(self.table, {})
        if page.is_that_of(self.sql, self.params) and any(
            each.facet.base in in_all for each in page.linked
        ):
            try:
                results.append(await self._zones(page))
            except QueryInterrupted:
                report(Fault.SLOW, self.database)
                timed_out.append(ZONES)
        return results, timed_out

    @property
    def _page(self) -> PageFilter:
        """Return what the page is filtered by."""
        return page_filter(self.request, self.database, self.table)

    async def _zones(self, page: PageFilter) -> dict[str, Any]:
        """Return what looks like a facet and lets all zones count, or the main ones alone again; raises
        QueryInterrupted if it takes too long.
        """
        is_all = zones_asked_for(self.request) == ALL
        counted = await self._read(
            lambda connection: page.rows_in_all_zones(connection, self.sql, self.params).size(
                connection
            )
        )
        path = path_with_replaced_args(
            self.request, {ZONES_ARGUMENT: None if is_all else ALL, "_next": None}
        )
        choice = {
            "value": ALL,
            "label": "captions, footers and all other zones count, too",
            "count": counted,
            "toggle_url": self.ds.absolute_url(self.request, self.ds.urls.path(path)),
            "selected": is_all,
        }
        return {
            "name": ZONES,
            "type": "column",
            "hideable": False,
            "toggle_url": None,
            "results": [choice],
            "truncated": False,
        }

    def _asked_for(self) -> Iterator[tuple[str, bool]]:
        """Yield the names of the facets, and whether the visitor may hide them."""
        # A facet that the query string asks for as well, in one way or the other, is shown once.
        shown = set(self.request.args.getlist("_facet"))
        asked = []
        for each in reversed(self.get_configs()):
            name = str(each["config"].get("column") or each["config"].get("simple"))
            if name not in shown:
                shown.add(name)
                asked.append((name, each["source"] != "metadata"))
        yield from reversed(asked)

    async def _types(self, facet: ViewFacet, sight: Sight) -> list[str]:
        """Return the types that have a facet: the frequent ones and those of chosen values; raises
        QueryInterrupted if it takes longer than the server allows a query.
        """
        chosen = self._page.values_of(facet)
        may_read_stored = sight.sees_counts_of(self.table)
        return await read_within(
            self.ds.databases[self.database],
            self.ds.setting("sql_time_limit_ms"),
            lambda connection: shown_types(connection, self.table, facet, chosen, may_read_stored),
        )

    async def _values(self, facet: ViewFacet, sight: Sight) -> tuple[list[Value], list[Value]]:
        """Return the chosen values that would not be shown, and those to be shown with one more; raises
        QueryInterrupted if it takes too long.
        """
        limit = self.get_facet_size() + 1
        # Known to this task, not to the thread that reads.
        page = self._page
        is_whole = page.is_empty and page.is_that_of(self.sql, self.params)
        may_read_stored = is_whole and sight.sees_counts_of(self.table)
        select = self.sql, self.params

        def read(connection: sqlite3.Connection) -> tuple[list[Value], list[Value]]:
            if may_read_stored and is_up_to_date(connection):
                stored = stored_values(connection, self.table, facet, limit)
                if stored is not None:
                    return [], stored
            counted = values_of_page(connection, page, facet, *select, limit)
            shown = counted[: limit - 1]
            return chosen_but_not_shown(connection, page, facet, *select, shown), counted

        return await self._read(read)

    async def _read(self, work: Callable[[sqlite3.Connection], _Read]) -> _Read:
        limit = self.ds.setting("facet_time_limit_ms")
        return await read_within(self.ds.databases[self.database], limit, work)

    def _result(
        self, facet: ViewFacet, chosen: list[Value], found: list[Value], hideable: str | None
    ) -> dict[str, Any]:
        size = self.get_facet_size()
        return {
            "name": facet.of_type or facet.base,
            # Datasette writes the name of any other type beside the facet's.
            "type": "column",
            "hideable": hideable is not None,
            "toggle_url": self.ds.urls.path(
                path_with_removed_args(self.request, {"_facet_counted": hideable or _name(facet)})
            ),
            "results": [self._value(facet, each) for each in (*chosen, *found[:size])],
            "truncated": len(found) > size or len(found) >= KEPT,
        }

    @cached_property
    def _first_page(self) -> str:
        """Return the path of the page from its first row on: another filter has another next one."""
        return str(path_with_removed_args(self.request, {"_next"}))

    @cached_property
    def _origin(self) -> str:
        """Return what makes a path an address: the same for hundreds of values."""
        return str(self.ds.absolute_url(self.request, "/"))[:-1]

    def _value(self, facet: ViewFacet, found: Value) -> dict[str, Any]:
        pair = (facet.argument, str(found.value))
        is_selected = pair in self.get_querystring_pairs()
        path = self._first_page
        if is_selected:
            path = path_with_removed_args(self.request, dict([pair]), path)
        else:
            path += f"{'&' if '?' in path else '?'}{urlencode([pair])}"
        return {
            "value": found.value,
            "label": facet.labels.get(str(found.value), found.label),
            "count": found.count,
            "toggle_url": self._origin + self.ds.urls.path(path),
            "selected": is_selected,
        }
