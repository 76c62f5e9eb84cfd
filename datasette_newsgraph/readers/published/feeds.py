"""Feeds: RSS 2.0 and 1.0, and Atom 1.0."""

from __future__ import annotations

import re
from typing import Any

from datasette_newsgraph.readers.published.pages import text_of_html
from datasette_newsgraph.readers.xml_input import XML, local, walk

#: By what the first element of a feed is told.
FEED = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?(?:(?!\?>)[\s\S]){0,999}\?>\s*|<!--(?:(?!-->)[\s\S]){0,9999}-->\s*){0,9}"
    rb"<(?:\w+:)?(?:rss|feed|RDF)\b"
)
#: RSS has the address of an author, and the name behind it.
_MAILED = re.compile(r"\S+@\S+ \(([^()]+)\)")
_ITEMS = frozenset({"item", "entry"})
_WHOLE = frozenset({"rss", "RDF", "channel", "feed"})
#: Blanks do not end here.
_BLOCKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote", "tr"})
#: What an item calls its parts, and what rows call them.
_PARTS = {
    "title": "title",
    "guid": "guid",
    "id": "guid",
    "pubDate": "published",
    "published": "published",
    "issued": "published",
    "date": "published",
    "updated": "updated",
    "encoded": "text",
    "content": "text",
    "creator": "authors",
    "author": "authors",
    "name": "authors",
    "category": "sections",
    "subject": "sections",
    "language": "language",
    "rights": "license",
    "copyright": "license",
    "license": "license",
    "link": "link",
    "source": "source",
}
_LISTS = ("authors", "sections")


def rows_of_feed(raw: bytes) -> list[dict[str, Any]]:
    """Return a row for each item, with what the feed says of all; raises RecordError."""
    target = _Feed()
    walk(raw, target)
    return [target.whole(each) for each in target.rows]


class _Feed:
    """Takes a feed as it is parsed."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self._of_all: dict[str, Any] = {}
        self._row: dict[str, Any] | None = None
        #: The elements that are open, by their local names.
        self._open: list[str] = []
        #: The part that is being read, how deep it stands, and its words.
        self._part, self._depth = "", 0
        self._words: list[str] = []
        self._is_html = False
        #: The author that is being read has had a name.
        self._is_named = False

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Take the beginning of an element."""
        called = local(name)
        self._open.append(called)
        if self._part:
            if called == "name" and self._part == "authors":
                # What an author of Atom has besides are addresses.
                self._words = []
            elif called in _BLOCKS:
                self._words.append("\n")
            return
        if called in _ITEMS:
            self._row = {}
            about = next((v for key, v in attributes.items() if local(key) == "about"), None)
            if about:
                self._row["guid"] = about
        if (language := attributes.get(f"{XML}lang")) is not None:
            (self._of_all if self._row is None else self._row).setdefault("language", language)
        if called in _PARTS and self._is_part():
            self._part, self._depth, self._words = _PARTS[called], len(self._open), []
            self._is_named = False
            self._is_html = called == "encoded" or attributes.get("type") == "html"
            self._by_attributes(called, attributes)

    def _is_part(self) -> bool:
        """Tell whether the element that has just begun says something of an item, or of all."""
        around = self._open[-2] if len(self._open) > 1 else ""
        return around in (_ITEMS if self._row is not None else _WHOLE)

    def _by_attributes(self, called: str, attributes: dict[str, str]) -> None:
        """Take what Atom says in attributes."""
        if called == "link" and attributes.get("rel", "alternate") == "alternate":
            self._set("link", attributes.get("href", ""))
        if called == "category":
            self._set("sections", attributes.get("label") or attributes.get("term") or "")

    def words(self, text: str, /) -> None:
        """Take text."""
        if self._part:
            self._words.append(text)

    def end(self, name: str, /) -> None:
        """Take the end of an element."""
        if self._part:
            if len(self._open) == self._depth:
                if not self._is_named:
                    self._set(self._part, self._said())
                self._part = ""
            elif self._part == "authors" and local(name) == "name":
                self._set(self._part, "".join(self._words))
                self._is_named = True
        self._open.pop()
        if local(name) in _ITEMS and self._row is not None and not _ITEMS & {*self._open}:
            self.rows.append(self._row)
            self._row = None

    def _said(self) -> str:
        words = "".join(self._words).strip()
        if self._part == "authors" and (mailed := _MAILED.fullmatch(words)):
            return mailed[1]
        # Nearly all feeds have HTML in encoded content, and none says so.
        return text_of_html(words) if self._is_html else words

    def _set(self, part: str, words: str) -> None:
        words = words.strip()
        if not words:
            return
        row = self._of_all if self._row is None else self._row
        if part in _LISTS:
            if words not in row.setdefault(part, []):
                row[part].append(words)
        else:
            row.setdefault(part, words)

    def whole(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return the row of an item with what is said of all of the feed."""
        given = self._of_all
        return {
            **{key: given[key] for key in ("language", "license") if key in given},
            "publisher": given.get("title"),
            "published": row.get("updated"),
            **{key: value for key, value in row.items() if key not in ("updated", "source")},
        }
