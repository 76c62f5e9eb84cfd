"""Cut a file of JSON-LD into its articles: objects, those of an array, those of a graph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers import cutting
from datasette_newsgraph.readers.published.schema_org import articles_in
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries"]


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each object, and of a graph the articles in it: those with a text, if any has one."""
    number = 0
    for entry in cutting.records(source, resume):
        for each in _articles(entry):
            # Those of one graph would have one number.
            number = max(number + 1, entry.line)
            yield replace(each, line=number)


def _articles(entry: Entry) -> list[Entry]:
    if entry.fault is not None or b'"@graph"' not in entry.raw:
        return [entry]
    try:
        given = decode(entry.raw, object)
    except RecordError:
        # Told where the record is read.
        return [entry]
    if not isinstance(given, dict) or not isinstance(given.get("@graph"), list):
        return [entry]
    found = list(articles_in(given)) or [each for each in given["@graph"] if isinstance(each, dict)]
    articles = [each for each in found if each.get("articleBody")] or found
    return [replace(entry, raw=msgspec.json.encode(each)) for each in articles] or [entry]
