"""Read ninjs, the JSON of the IPTC for news items: one item a line, or an array of them.

The text is ``body_text``, else the article in ``body_html`` or ``body_xhtml``; in version 2 the item
of ``bodies`` that is plain text, else one that is HTML. ``headline``, ``byline``, ``versioncreated`` or
``firstcreated``, ``language``, ``subject`` (as sections), ``copyrightholder`` and ``usageterms``
describe the article. Its id is ``uri``.

Example::

    {"uri": "urn:newsml:example.org:20151130:cop21", "type": "text", "language": "en",
     "headline": "Paris conference opens", "byline": "Ann Smith",
     "versioncreated": "2015-11-30T10:00:00Z",
     "body_text": "Laurent Fabius, foreign minister of France, presides over the talks."}
"""

from __future__ import annotations

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.raw.rows import article_of_row
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.published.ninjs import row_of
from datasette_newsgraph.readers.shapes import decode

__all__ = ["entries", "parse"]


def parse(raw: bytes) -> Parsed:
    """Return the article of an item; raises RecordError where it has no body."""
    item = decode(raw, object)
    if not isinstance(item, dict):
        raise RecordError(f"expected a JSON object, got {type(item).__name__}")
    return article_of_row(row_of(item))
