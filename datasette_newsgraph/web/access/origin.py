"""Where a graph comes from, as far as its visitor is told."""

from __future__ import annotations

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.datasette import lines


async def origin_of(visit: Visit) -> dict[str, str]:
    """Return what the metadata says of where the graph comes from, to who may see the database."""
    name = visit.graph.name
    if not await lines.may_view_database(visit.datasette, visit.request.actor, name):
        return {}
    return await lines.metadata_of(visit.datasette, name)
