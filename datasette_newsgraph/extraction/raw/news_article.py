"""Read schema.org NewsArticle in JSON-LD: one object, one a line, an array, or those of a ``@graph``.

The text is ``articleBody``. ``headline``, ``datePublished``, ``author``, ``publisher``,
``articleSection``, ``inLanguage``, ``license`` and ``url`` describe the article. Objects of a graph
that have no ``articleBody``, such as the publisher, are passed over.

Example::

    {"@context": "https://schema.org", "@type": "NewsArticle", "@id": "https://example.org/cop21",
     "headline": "Paris conference opens", "datePublished": "2015-11-30", "inLanguage": "en",
     "author": {"@type": "Person", "name": "Ann Smith"},
     "articleBody": "Laurent Fabius, foreign minister of France, presides over the talks."}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.raw.rows import parse
from datasette_newsgraph.readers import cutting
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each object, and of a graph those that have a text."""
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
    graph = given.get("@graph") if isinstance(given, dict) else None
    found = [each for each in graph if isinstance(each, dict)] if isinstance(graph, list) else []
    articles = [msgspec.json.encode(each) for each in found if each.get("articleBody")]
    return [replace(entry, raw=raw) for raw in articles] or [entry]
