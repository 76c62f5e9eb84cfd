"""Cut a file of columns into its documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.readers.columns import Columns
from datasette_newsgraph.readers.limits import KEPT, OBJECT, Limit
from datasette_newsgraph.readers.source import Entry, Source

_BEGINS = re.compile(
    rb"(?:[0-9]+[ \t]+)?-DOCSTART-|#[ \t]*-?DOCSTART\b"
    rb"|#[ \t]*(?:(?:[\w.-]+:)?document_id\b|newdoc\b)"
)
#: It may be said again before every sentence.
_FILE = re.compile(rb"#[ \t]*file(?:name)?[ \t]*[:=](.*)")


def documents(source: Source, columns: Columns, first: bytes, *, is_named: bool) -> Iterator[Entry]:
    """Yield the lines of each document behind the line ``first``, which tells the columns; with
    ``is_named`` it is the file's own, and stands above its first document.
    """
    document = _Document(first, source.limit)
    file = None
    lines = source.lines()
    if is_named:
        next(lines, None)
    for entry in lines:
        raw = entry.raw
        if is_named and raw == first:
            # Of another file that was put behind the first one.
            continue
        begins = _BEGINS.match(raw) is not None
        if found := _FILE.match(raw):
            begins, file = begins or found[1] != file, found[1]
        if begins or (raw.startswith(b"#") and not _is_token(raw, columns)):
            document.comment(entry)
            if begins and document.has_tokens:
                yield document.entry()
                document = document.next()
        else:
            document.token(entry)
    if document.has_tokens:
        yield document.entry()


def _is_token(raw: bytes, columns: Columns) -> bool:
    line = raw.decode("utf-8", "replace")
    return columns.is_token(line) or columns.may_be_token(line)


class _Document:
    """The lines of a document, as they come.

    Comments wait until it is known whether they still belong to it: what names the next document may
    be the last of several.
    """

    def __init__(self, first: bytes, limit: Limit) -> None:
        self.has_tokens = False
        self._begin = first
        self._limit = limit
        #: Not a list of lines: each would take eight times its size, or more.
        self._lines = bytearray(first)
        self._comments: list[Entry] = []
        self._first = self._last = 0
        self._waiting = 0
        self._is_too_long = False

    def comment(self, entry: Entry) -> None:
        self._waiting += len(entry.raw) + OBJECT
        # Those of a file without tokens, perhaps.
        if self._waiting <= self._limit.article:
            self._comments.append(entry)

    def token(self, entry: Entry) -> None:
        for each in (*self._comments, entry):
            self._take(each)
        self._comments.clear()
        self._waiting = 0
        self.has_tokens = True

    def _take(self, entry: Entry) -> None:
        self._first = self._first or entry.line
        # Blank lines end a sentence; all are kept, so that faults can name the line.
        blank = entry.line - self._last - 1 if self._last else 0
        size = len(self._lines) + blank + 1 + len(entry.raw)
        # A line that is too long is there in part only.
        if entry.fault is not None or size > self._limit.article:
            self._is_too_long = True
            del self._lines[KEPT:]
        elif not self._is_too_long:
            self._lines += b"\n" * (blank + 1) + entry.raw
        self._last = entry.line

    def entry(self) -> Entry:
        if self._is_too_long:
            raw = bytes(self._lines[:KEPT])
            return Entry(self._first, raw, fault=self._limit.too_long("the document"))
        return Entry(self._first, bytes(self._lines))

    def next(self) -> _Document:
        """Return the document that the comments begin."""
        following = _Document(self._begin, self._limit)
        following._comments, following._waiting = self._comments, self._waiting
        return following
