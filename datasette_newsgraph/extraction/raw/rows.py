"""Read JSON objects with a text or a page beside metadata: one a line, or an array of them.

- The text is ``text``, or ``maintext`` (news-please), ``article_text``, ``body``, ``content``. The page
  is ``html`` or ``raw_html``. It is read as a web page where there is no text, and what the object
  itself says of the article comes first.
- Metadata have the names that ``--articles`` reads: ``url``, ``title``, ``date``, ``author``,
  ``sitename``, ``language`` and so on.
- An id that is a number means something in its file only. An article without another id or an address
  has the hash of its text for its id.

Example::

    {"url": "https://example.org/cop21", "title": "Paris conference opens", "date": "2015-11-30",
     "author": "Ann Smith", "sitename": "Example", "language": "en",
     "text": "Laurent Fabius, foreign minister of France, presides over the talks."}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.extraction.raw.described import describe
from datasette_newsgraph.extraction.raw.html import article_of_page
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import records as entries
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.sidecar_fields import ArticleData, article_data, folded

__all__ = ["article_of_row", "entries", "parse"]

#: The names of a page, as they are compared.
_PAGES = tuple(map(folded, ("html", "raw_html", "body_html", "content_html", "page")))


def parse(raw: bytes) -> Parsed:
    """Return the article of an object; raises RecordError where it has neither text nor page."""
    row = decode(raw, object)
    if not isinstance(row, dict):
        raise RecordError(f"expected a JSON object, got {type(row).__name__}")
    return article_of_row(row)


def article_of_row(row: Mapping[str, Any]) -> Parsed:
    """Return the article of a row; raises RecordError where it has neither text nor page."""
    data = article_data(row)
    article = Article(id="", text=data.text) if data.text else _of_page(row)
    describe(article, data)
    article.id = _id_of(data)
    parsed = Parsed(article, is_unnamed=not article.id, local_ids=(*data.ids, *data.files))
    parsed.notes.passed_over.update(data.passed_over)
    return parsed


def _of_page(row: Mapping[str, Any]) -> Article:
    given = {folded(str(name)): value for name, value in row.items()}
    page = next((given[name] for name in _PAGES if given.get(name)), None)
    if not isinstance(page, str) or not page.strip():
        raise RecordError("there is no text in it: its text is called text, a page html")
    return article_of_page(page)


def _id_of(data: ArticleData) -> str:
    if data.iri is not None:
        return data.iri
    return next((each for each in data.ids if not each.isdigit()), "")
