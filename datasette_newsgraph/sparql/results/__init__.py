"""How answers are written: one table of formats, for the endpoint and for the command line."""

from __future__ import annotations

from datasette_newsgraph.sparql.results.formats import (
    FORMATS,
    ResultFormat,
    choices,
    format_named,
    format_of_file,
    formats_for,
)

__all__ = ["FORMATS", "ResultFormat", "choices", "format_named", "format_of_file", "formats_for"]
