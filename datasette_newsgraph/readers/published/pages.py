"""Web pages without a parser of HTML: the JSON-LD in them, and the text of a piece of HTML.

Every pass is linear, whatever is left open in a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.published.schema_org import articles_in
from datasette_newsgraph.readers.shapes import decode

_SCRIPT = re.compile(
    rb"<script\b[^<>]{0,2000}?\btype\s*=\s*[\"']?application/ld\+json\b[^<>]{0,2000}>",
    re.IGNORECASE,
)
_SCRIPT_ENDS = re.compile(rb"</script", re.IGNORECASE)
#: What some publishers put around the JSON in a script.
_AROUND = re.compile(rb"\A\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)?\s*|\s*(?:-->|//\]\]>|\]\]>)?\s*\Z")
_TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)[^<>]*>|<[!?][^<>]*>")
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption"),
        *(
            "figure",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "li",
            "main",
            "nav",
        ),
        *("ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"),
    }
)
_HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe"})
_BLANK_LINES = re.compile(r"[ \t]*\n\s*")
_BLANKS = re.compile(r"[ \t\r\f\v\n]+")


def articles_of_page(page: bytes) -> Iterator[dict[str, Any]]:
    """Yield the articles that the JSON-LD of a page tells of; what is no JSON is passed over."""
    for script in _scripts(page):
        try:
            value = decode(_AROUND.sub(b"", script), object)
        except RecordError:
            continue
        yield from articles_in(value)


def _scripts(page: bytes) -> Iterator[bytes]:
    place = 0
    while (found := _SCRIPT.search(page, place)) is not None:
        end = _SCRIPT_ENDS.search(page, found.end())
        if end is None:
            return
        yield page[found.end() : end.start()]
        place = end.end()


def text_of_html(given: str) -> str:
    """Return the text of a piece of HTML, a paragraph a line; what is hidden is left out.

    >>> text_of_html("<p>They <b>&amp;</b> we &hellip;</p>")
    'They & we …'
    """
    parts: list[str] = []
    hidden = ""
    place = 0
    for tag in _TAG.finditer(given):
        if not hidden:
            parts.append(_BLANKS.sub(" ", given[place : tag.start()]))
        place = tag.end()
        name = (tag[2] or "").lower()
        if hidden:
            hidden = "" if tag[1] and name == hidden else hidden
        elif name in _HIDDEN and not tag[1]:
            hidden = name
        elif name in _BLOCKS:
            parts.append("\n")
    if not hidden:
        parts.append(_BLANKS.sub(" ", given[place:]))
    return _BLANK_LINES.sub("\n", unescape("".join(parts))).strip()
