"""Stage 4, beside RDF: SQLite → files of nodes and edges, for other graph tools."""

from __future__ import annotations

from datasette_newsgraph.property_graphs.formats import (
    FORMATS,
    GraphFormat,
    choices,
    find_format,
    format_of_name,
)

__all__ = ["FORMATS", "GraphFormat", "choices", "find_format", "format_of_name"]
