"""A facet of Datasette's that reads stored counts where nothing is filtered, and counts where it is."""

from __future__ import annotations

import re
from typing import Any

from datasette.database import QueryInterrupted
from datasette.facets import Facet
from datasette.utils import path_with_added_args, path_with_removed_args
from datasette.utils.asgi import BadRequest

from datasette_newsgraph.store.counts import KEPT
from datasette_newsgraph.store.facets import Facet as ViewFacet
from datasette_newsgraph.store.facets import facet_named
from datasette_newsgraph.web.graphs import find_graph
from datasette_newsgraph.web.sight import sight_of

_STORED = (
    "SELECT value, label, count FROM facet_counts WHERE view = :view AND facet = :facet"
    " ORDER BY {order} LIMIT {limit}"
)
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)


class CountedFacet(Facet):  # type: ignore[misc]  # datasette has no annotations
    """``?_facet_counted=NAME``: one of the facets in ``store.facets.FACETS``."""

    type = "counted"

    async def facet_results(self) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the facets asked for, and the names of those that took too long."""
        results, timed_out = [], []
        # A facet that the query string asks for as well, in one way or the other, is shown once.
        shown = set(self.request.args.getlist("_facet"))
        for each in reversed(self.get_configs()):
            name = str(each["config"].get("column") or each["config"].get("simple"))
            if name in shown:
                continue
            shown.add(name)
            facet = facet_named(self.table, name)
            if facet is None:
                raise BadRequest(f"{self.table or 'a query'} has no counted facet {name!r}")
            graph = await find_graph(self.ds, self.database)
            if graph is None or graph.trouble:
                continue
            sight = await sight_of(self.ds, self.request.actor, graph)
            if not sight.sees(self.table, *facet.reads):
                continue
            try:
                rows = await self._count(facet, sight.sees_counts_of(self.table))
            except QueryInterrupted:
                timed_out.append(name)
                continue
            size = self.get_facet_size()
            results.append(
                {
                    "name": name,
                    # Datasette writes the name of any other type beside the facet's.
                    "type": "column",
                    "hideable": each["source"] != "metadata",
                    "toggle_url": self.ds.urls.path(
                        path_with_removed_args(self.request, {"_facet_counted": name})
                    ),
                    "results": [self._value(facet, *row) for row in rows[:size]],
                    "truncated": len(rows) > size or len(rows) >= KEPT,
                }
            )
        return results[::-1], timed_out[::-1]

    async def _count(self, facet: ViewFacet, may_read_stored: bool) -> list[Any]:
        limit = self.get_facet_size() + 1
        # The views' own definitions are not in this SQL, so a "where" is a filter's.
        if may_read_stored and not _WHERE.search(self.sql):
            query, params = (
                _STORED.format(order=facet.order, limit=limit),
                {"view": self.table, "facet": facet.name},
            )
        else:
            query = (
                f"SELECT value, label, count FROM ({facet.counted_in(self.sql, limit)})"
                f" WHERE value IS NOT NULL ORDER BY {facet.order} LIMIT {limit}"
            )
            params = self.params
        results = await self.ds.execute(
            self.database,
            query,
            params,
            truncate=False,
            custom_time_limit=self.ds.setting("facet_time_limit_ms"),
        )
        return list(results.rows)

    def _value(self, facet: ViewFacet, value: Any, label: Any, count: int) -> dict[str, Any]:
        pair = (facet.argument, str(value))
        is_selected = pair in self.get_querystring_pairs()
        toggle = path_with_removed_args if is_selected else path_with_added_args
        path = toggle(self.request, [pair] if not is_selected else dict([pair]))
        return {
            "value": value,
            "label": facet.labels.get(str(value), label),
            "count": count,
            "toggle_url": self.ds.absolute_url(self.request, self.ds.urls.path(path)),
            "selected": is_selected,
        }
