"""The table of raw formats: articles in which nothing has been found yet.

A reader of one offers what those of ``readers.formats`` do: ``entries``, which cuts a file into
records, and ``parse``, which makes one an article, without entities. A new one is a module of this
package and an entry here. They are looked for only where extraction is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from datasette_newsgraph.readers import Reader
from datasette_newsgraph.readers.format_signs import Keys, Pattern
from datasette_newsgraph.readers.formats import Format
from datasette_newsgraph.readers.unread import FROM_NEWS_TOOLS, HTML, PROSE


@dataclass(frozen=True)
class RawFormat(Format):
    """A raw format; ``takes_wide`` tells that its files may be UTF-16."""

    # The labels are those of records: whatever finds entities writes these.
    labels: tuple[str, ...] = ()
    takes_wide: bool = False

    @property
    def reader(self) -> Reader:
        """The module, imported when it is used."""
        return cast(Reader, import_module(f"{__name__}.{self.name}"))


_JSON = (".json", ".jsonl", ".ndjson")
#: A column of a table, wherever it stands in the first line.
_COLUMN = (
    rb"\A(?=[^\n{]*[,;|\t])(?=(?:[^\n]*[,;|\t])?[ \"]*"
    rb"(?i:text|html|body|content|maintext|article_?text|article_?body)[ \"]*(?:[,;|\t\r\n]|\Z))"
)

RAW: tuple[RawFormat, ...] = (
    RawFormat(
        "news_article",
        "schema.org NewsArticle, JSON-LD",
        (".json", ".jsonld", ".jsonl"),
        (Keys(("@type", "articleBody")), Keys(("@graph[].@type", "@graph[].articleBody"))),
    ),
    RawFormat(
        "ninjs",
        "ninjs of the IPTC, items with a body",
        _JSON,
        (
            Keys(("uri", "headline", "body_text")),
            Keys(("uri", "headline", "body_html")),
            Keys(("uri", "headline", "body_xhtml")),
            Keys(("uri", "headlines[].value", "bodies[].value")),
        ),
    ),
    RawFormat(
        "rows",
        "JSON objects with `text` or `html` beside metadata, as trafilatura and news-please write",
        _JSON,
        (
            FROM_NEWS_TOOLS[0],
            FROM_NEWS_TOOLS[1],
            *(Keys((name,)) for name in ("text", "html", "maintext", "article_text", "raw_html")),
            *(Keys((name, "title")) for name in ("body", "content")),
        ),
    ),
    RawFormat(
        "table",
        "a table (CSV, TSV) with a column `text` or `html` beside metadata",
        (".csv", ".tsv"),
        (Pattern(_COLUMN, "a first line with a column `text` or `html`", weight=2),),
    ),
    RawFormat(
        "html", "a web page (HTML)", (".html", ".htm"), (HTML,), extra="extract", takes_wide=True
    ),
    RawFormat("text", "plain text", (".txt",), (PROSE,), takes_wide=True),
)
TEXT = RAW[-1]
