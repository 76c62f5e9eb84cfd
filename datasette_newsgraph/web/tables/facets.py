"""A facet of Datasette's that reads stored counts where nothing is filtered, and counts where it is."""

from __future__ import annotations

import json
import re
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
from datasette_newsgraph.facets.rowsets import is_up_to_date
from datasette_newsgraph.web import line
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.access.visit import read_within
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.parts.counting import Chosen, Value, count_values
from datasette_newsgraph.web.tables.chosen import chosen_rows
from datasette_newsgraph.web.tables.filters import link_clauses, linked_filters, zones_asked_for

_STORED = (
    "SELECT value, label, count FROM facet_counts WHERE view = :view AND facet = :facet"
    " ORDER BY {order} LIMIT {limit}"
)
#: Types that have a facet each where one is asked for ``entity:*``; and more if values of theirs are
#: chosen.
_TYPES = 5
_FREQUENT_TYPES = (
    "SELECT substr(facet, length(:first) + 1) FROM facet_counts WHERE view = :view"
    " AND facet >= :first AND facet < :behind GROUP BY facet ORDER BY sum(count) DESC, facet"
)
_TYPES_OF = (
    "SELECT DISTINCT type FROM entities WHERE key IN (SELECT value FROM json_each(:keys))"
    " ORDER BY type"
)
_NAMED = (
    "SELECT key, name FROM entities WHERE key IN (SELECT value FROM json_each(:keys))"
    " AND (:type IS NULL OR type = :type)"
)
#: What lets all zones count is called so.
ZONES = "zones"
_Read = TypeVar("_Read")
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)


def _name(facet: ViewFacet) -> str:
    """Return the name by which a query string asks for a facet."""
    return facet.base + (OF_TYPE + facet.of_type if facet.of_type else "")


class CountedFacet(Facet):  # type: ignore[misc]  # datasette has no annotations
    """``?_facet_counted=NAME``: one of the facets in ``store.facets.FACETS``. A facet of entities may
    be kept to one type, ``entity:Person``, or stand for one of each frequent type, ``entity:*``.
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
        if any(facet.base in IN_ALL_ZONES.get(self.table, ()) for facet, *_ in self._filters()):
            try:
                results.append(await self._zones())
            except QueryInterrupted:
                report(Fault.SLOW, self.database)
                timed_out.append(ZONES)
        return results, timed_out

    def _filters(self) -> list[tuple[ViewFacet, str, str]]:
        return list(linked_filters(self.request, self.table))

    async def _zones(self) -> dict[str, Any]:
        """Return what looks like a facet and lets all zones count, or the main ones alone again; raises
        QueryInterrupted if it takes too long.
        """
        is_all = zones_asked_for(self.request) == ALL
        remembered = line.remembered()
        counted = await self._read(
            lambda connection: self._count_in_all_zones(connection, remembered)
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

    def _count_in_all_zones(
        self, connection: sqlite3.Connection, remembered: dict[Any, Any]
    ) -> int:
        """Return how many rows the page has if all zones count."""
        filters = self._filters()
        in_all = [
            (IN_ALL_ZONES[self.table].get(facet.base, facet), value, parameter)
            for facet, value, parameter in filters
        ]
        first, *others = link_clauses(connection, self.table, filters)
        wider = " and ".join(link_clauses(connection, self.table, in_all))
        sql = self.sql
        for each in others:
            sql = sql.replace(f" and {each}", "")
        sql = sql.replace(first, wider)
        chosen = chosen_rows(connection, self.table, sql, self.params, in_all, remembered)
        return chosen.size(connection)

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
        """Return the types that have a facet: the frequent ones and those of chosen values."""
        if sight.sees_counts_of(self.table):
            query = _FREQUENT_TYPES
        else:
            query = "SELECT type FROM entities GROUP BY type ORDER BY count(*) DESC, type"
        first = facet.kept + OF_TYPE
        behind = facet.kept + chr(ord(OF_TYPE) + 1)
        parameters = {"view": self.table, "first": first, "behind": behind}
        frequent = await self.ds.execute(self.database, f"{query} LIMIT {_TYPES}", parameters)
        keys = json.dumps(self.request.args.getlist(facet.argument))
        chosen = await self.ds.execute(self.database, _TYPES_OF, {"keys": keys})
        return list(dict.fromkeys(row[0] for row in (*frequent.rows, *chosen.rows)))

    async def _values(self, facet: ViewFacet, sight: Sight) -> tuple[list[Value], list[Value]]:
        """Return the chosen values that would not be shown, and those to be shown with one more; raises
        QueryInterrupted if it takes too long.
        """
        limit = self.get_facet_size() + 1
        # The views' own definitions are not in this SQL, so a "where" is a filter's.
        is_filtered = bool(_WHERE.search(self.sql))
        may_read_stored = not is_filtered and sight.sees_counts_of(self.table)
        # Known to this task, not to the thread that reads.
        remembered = line.remembered()

        def read(connection: sqlite3.Connection) -> tuple[list[Value], list[Value]]:
            if may_read_stored and is_up_to_date(connection):
                stored = self._stored(connection, facet, limit)
                if stored is not None:
                    return [], stored
            counted = self._count(connection, facet, limit, remembered)
            shown = counted[: limit - 1]
            return self._cut_off(connection, facet, shown, remembered), counted

        return await self._read(read)

    async def _read(self, work: Callable[[sqlite3.Connection], _Read]) -> _Read:
        limit = self.ds.setting("facet_time_limit_ms")
        return await read_within(self.ds.databases[self.database], limit, work)

    def _stored(
        self, connection: sqlite3.Connection, facet: ViewFacet, limit: int
    ) -> list[Value] | None:
        """Return the stored values; None for a type that is too rare to have any."""
        query = _STORED.format(order=facet.order, limit=limit)
        names = {"view": self.table, "facet": facet.name}
        found = [Value(*row) for row in connection.execute(query, names)]
        return found or (None if facet.of_type else found)

    def _count(
        self,
        connection: sqlite3.Connection,
        facet: ViewFacet,
        limit: int,
        remembered: dict[Any, Any],
    ) -> list[Value]:
        if facet.pairs:
            chosen = self._chosen(connection, remembered)
            return count_values(connection, self.table, facet, chosen, limit)
        query = facet.counted_in(self.sql, f"SELECT id FROM ({self.sql})")
        of_type = "" if facet.of_type is None else " AND type = :newsgraph_type"
        rows = connection.execute(
            f"SELECT value, label, count FROM ({query}) WHERE value IS NOT NULL{of_type}"
            f" ORDER BY {facet.order} LIMIT {limit:d}",
            {**dict(self.params), "newsgraph_type": facet.of_type},
        )
        return [Value(*row) for row in rows]

    def _cut_off(
        self,
        connection: sqlite3.Connection,
        facet: ViewFacet,
        shown: list[Value],
        remembered: dict[Any, Any],
    ) -> list[Value]:
        """Return the chosen values that are not shown, as no row goes with all that is chosen or
        others come before them: they are to be taken away again. Every row goes with each of them.
        """
        chosen = dict.fromkeys(self.request.args.getlist(facet.argument)) if facet.links else {}
        missing = [each for each in chosen if each not in {str(value.value) for value in shown}]
        if not missing:
            return []
        labels = {each: each for each in missing}
        if facet.of_entities:
            rows = connection.execute(_NAMED, {"keys": json.dumps(missing), "type": facet.of_type})
            labels = dict(rows.fetchall())
        if not labels:
            return []
        count = self._chosen(connection, remembered).size(connection)
        return [Value(value, label, count) for value, label in labels.items()]

    def _chosen(self, connection: sqlite3.Connection, remembered: dict[Any, Any]) -> Chosen:
        """Return the rows of the page."""
        filters = self._filters()
        return chosen_rows(connection, self.table, self.sql, self.params, filters, remembered)

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
