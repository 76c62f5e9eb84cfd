r"""Read plain text: a file is an article.

The text is stored as it stands in the file. Title, date, byline, captions and footer are found in it
by their layout. The file may be UTF-8, with or without a byte order mark, or UTF-16. Any other is
taken for Windows-1252, and the load says so.

Example::

    Paris conference opens

    Monday, 30 November 2015

    Laurent Fabius, foreign minister of France, presides over the talks.
"""

from __future__ import annotations

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.raw.encodings import decode
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import whole as entries

__all__ = ["entries", "parse"]


def parse(raw: bytes) -> Parsed:
    """Return the article that has the text; raises RecordError where nothing is in it."""
    found = decode(raw)
    if not any(map(str.isalnum, found.text)):
        raise RecordError("there is no text in it")
    parsed = Parsed(Article(id="", text=found.text), is_unnamed=True)
    if found.is_guessed:
        parsed.notes.guessed_encodings[found.encoding] += 1
    return parsed
