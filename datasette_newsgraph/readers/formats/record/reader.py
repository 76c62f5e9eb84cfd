"""Read article records: JSON Lines, or a JSON file with one object or an array of them.

An article record can hold everything that newsgraph stores. ``docs/record.md`` lists its fields.

Offsets: Unicode code points, end exclusive. If the surfaces show that it is another unit, that unit
is used. What a record says of where its tool had a span is checked before it is believed.

Example::

    {"id": "https://example.org/cop21", "title": "Paris conference opens", "published": "2015-11-30",
     "text": "Laurent Fabius presides over the talks.",
     "entities": [{"id": "e1", "type": "Person", "name": "Laurent Fabius",
                   "mentions": [{"start": 0, "end": 14, "text": "Laurent Fabius"}]}],
     "relations": [{"subject": "e1", "predicate": "role", "value": "presides over the talks"}],
     "extractor": {"name": "by hand"}}
"""

from __future__ import annotations

import msgspec

from datasette_newsgraph.article import Article
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.formats.record.lenient import parse_leniently

__all__ = ["entries", "parse"]

_decode_article = msgspec.json.Decoder(Article).decode


def parse(raw: bytes) -> Parsed:
    """Decode one record strictly; where that fails, once more leniently.

    NUL is legal in JSON but not in what comes after, so it takes the lenient way as well.
    Raises RecordError where even that gives no article.
    """
    if b"\\u0000" not in raw:
        try:
            return Parsed(_decode_article(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            pass
    return parse_leniently(raw)
