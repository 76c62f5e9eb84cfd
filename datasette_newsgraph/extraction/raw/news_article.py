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

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.raw.rows import article_of_row
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.published.schema_entries import entries
from datasette_newsgraph.readers.published.schema_org import plain, row_of
from datasette_newsgraph.readers.shapes import decode

__all__ = ["entries", "parse"]


def parse(raw: bytes) -> Parsed:
    """Return the article of an object; raises RecordError where it has no text."""
    given = decode(raw, object)
    if not isinstance(given, dict):
        raise RecordError(f"expected a JSON object, got {type(given).__name__}")
    return article_of_row(row_of(plain(given)))
