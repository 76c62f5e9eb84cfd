"""Stage 4: SQLite → RDF."""

from __future__ import annotations

from datasette_newsgraph.rdf.formats import (
    FORMATS,
    Format,
    choices,
    format_named,
    format_of_file,
)

__all__ = ["FORMATS", "Format", "choices", "format_named", "format_of_file"]
