"""The values of a facet among rows of a view that a page of ours chooses, read for a visit."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.facets.among_rows import Value, ViewRows, count_values
from datasette_newsgraph.facets.catalogue import ALL, MAIN, facet_named
from datasette_newsgraph.web.access.visit import Visit


async def values_among(
    visit: Visit,
    view: str,
    facet: str,
    rows: str,
    params: Mapping[str, Any],
    limit: int,
    all_zones: bool = False,
) -> list[Value]:
    """Return the first values of a facet of a view among the rows whose ids the SELECT ``rows`` gives.
    Raises QueryInterrupted if it takes too long.

    ``facet`` may end in a type of entities: ``entity:Person``. The caller has made sure that the
    visitor may see the view's tables and those that the facet reads.
    """
    found = facet_named(view, facet, ALL if all_zones else MAIN)
    assert found is not None, facet

    def count(connection: sqlite3.Connection) -> list[Value]:
        chosen = ViewRows(rows, params)
        return count_values(connection, view, found, chosen, limit)

    return await visit.read(count)
