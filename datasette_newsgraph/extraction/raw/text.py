r"""Read plain text: a file is an article.

The text is stored as it stands in the file. Title, date, byline, captions and footer are found in it
by their layout. The file may be UTF-8, with or without a byte order mark, or UTF-16. Any other is
taken for Windows-1252 or, if it is in another script, for what its bytes look like (Shift_JIS, EUC-JP,
GB18030, Big5, EUC-KR, KOI8-R, Windows-1251 and others), and the load says so.

Example::

    Paris conference opens

    Monday, 30 November 2015

    Laurent Fabius, foreign minister of France, presides over the talks.
"""

from __future__ import annotations

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.raw.encodings import OTHERWISE, decode
from datasette_newsgraph.extraction.raw.guessing import is_of_another_script
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import whole as entries

__all__ = ["entries", "parse"]


def parse(raw: bytes) -> Parsed:
    """Return the article that has the text; raises RecordError where nothing is in it."""
    found = decode(raw)
    if not any(map(str.isalnum, found.text)):
        raise RecordError("there is no text in it")
    if found.encoding == OTHERWISE and is_of_another_script(raw):
        raise RecordError(
            "it cannot be told what it is encoded in; convert it to UTF-8 first"
            " (iconv -f ENCODING -t UTF-8)"
        )
    parsed = Parsed(Article(id="", text=found.text), is_unnamed=True)
    if found.is_guessed:
        parsed.notes.guessed_encodings[found.encoding] += 1
    return parsed
