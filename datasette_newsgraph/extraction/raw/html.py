"""Read web pages: a page is an article, of which trafilatura finds the text.

Title, date, authors, publisher, address, sections and terms of use are those that the page states, the
language is that of its element ``html``. Navigation, comments and captions are not part of the text.
Nothing is fetched. A page without an article is rejected, as is one that is a list of links.

Example::

    <html lang="en"><head><title>Paris conference opens</title>
    <meta property="article:published_time" content="2015-11-30T10:00:00Z">
    <link rel="canonical" href="https://example.org/cop21"></head>
    <body><article><p>Laurent Fabius, foreign minister of France, presides over the talks.
    They are to end on 11 December.</p></article></body></html>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import RecordError, UsageError
from datasette_newsgraph.extraction.raw.described import describe
from datasette_newsgraph.extraction.raw.encodings import decode
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.cutting import whole as entries
from datasette_newsgraph.readers.sidecar_fields import article_data

__all__ = ["article_of_page", "entries", "parse"]

_STATED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{2,40})", re.I
)
_HEAD = 4096
#: lxml refuses characters of which it is told what bytes they were.
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_SENTENCE_END = re.compile(r"[.!?…。！？।؟]")
#: An article says something in as many characters.
_LEAST = 40
#: A page is one of links where so much of its text is the text of links.
_MOST_LINKS = 0.6


def parse(raw: bytes) -> Parsed:
    """Return the article of a page; raises RecordError where it has none."""
    stated = _STATED.search(raw[:_HEAD])
    found = decode(raw, stated[1].decode("ascii", "replace") if stated else None)
    parsed = Parsed(article_of_page(found.text), is_unnamed=True)
    if found.is_guessed:
        parsed.notes.guessed_encodings[found.encoding] += 1
    return parsed


def article_of_page(page: str) -> Article:
    """Return the article that a page holds, without an id; raises RecordError where there is none, and
    UsageError where trafilatura is not installed.
    """
    trafilatura = _trafilatura()
    try:
        tree = trafilatura.load_html(_XML_DECLARATION.sub("", page))
        if tree is None:
            raise RecordError("is no web page that can be read")
        language = tree.get("lang")
        links = {_squeezed(each.text_content()) for each in tree.iter("a")} - {""}
        found = trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False)
    except RecordError:
        raise
    except Exception as error:
        # Pages are made to be shown, and no parser is told of all that stands in them.
        words = " ".join(str(error).split())
        raise RecordError(f"the page cannot be read: {type(error).__name__}: {words}") from error
    text = "" if found is None else _paragraphs(found.text)
    if len(text) < _LEAST or not _SENTENCE_END.search(text):
        raise RecordError("the page has no article in it; save the article's own page, or its text")
    if _share_of(links, text) > _MOST_LINKS:
        raise RecordError("the page is a list of links; save the articles that they lead to")
    about = article_data(
        {
            "url": found.url,
            "title": found.title,
            "date": found.date,
            "sitename": found.sitename,
            "authors": found.author,
            "categories": found.categories,
            "language": language,
            "license": found.license,
        }
    )
    article = Article(id="", text=text)
    describe(article, about)
    return article


def _trafilatura() -> Any:
    try:
        import trafilatura
    except ImportError as error:
        raise UsageError(
            f"reading web pages needs trafilatura ({error}):"
            " pip install 'datasette-newsgraph[extract]'"
        ) from error
    return trafilatura


def _paragraphs(text: str | None) -> str:
    """Return a text whose lines are paragraphs with a blank line between them."""
    return "\n\n".join(
        filter(None, map(str.strip, (text or "").replace("\0", "\ufffd").split("\n")))
    )


def _share_of(links: set[str], text: str) -> float:
    """Return how much of a text is lines that are the text of a link and nothing else."""
    lines: Iterator[str] = filter(None, map(_squeezed, text.split("\n")))
    sizes = [(len(line), line.removeprefix("-").strip() in links) for line in lines]
    return sum(size for size, is_link in sizes if is_link) / max(1, sum(size for size, _ in sizes))


def _squeezed(text: str) -> str:
    return " ".join(text.split())
