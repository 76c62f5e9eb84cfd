"""Our style sheet on Datasette's own pages of our tables, where many columns are described."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.descriptions import DESCRIPTIONS
from datasette_newsgraph.web.access.graphs import known_graphs


def css_urls(datasette: Any, database: str | None, table: str | None) -> list[str]:
    """Return the address of our style sheet for a page of one of our tables or views."""
    if table not in DESCRIPTIONS or database not in known_graphs(datasette):
        return []
    return [str(datasette.urls.static_plugins("datasette_newsgraph", "newsgraph.css"))]
