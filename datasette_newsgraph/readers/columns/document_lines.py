"""The lines of one document of a file of columns, as they come."""

from __future__ import annotations

from datasette_newsgraph.readers.limits import KEPT, OBJECT, Limit
from datasette_newsgraph.readers.source import Entry


class DocumentLines:
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
        """Take a line that may as well belong to the next document."""
        self._waiting += len(entry.raw) + OBJECT
        # Those of a file without tokens, perhaps.
        if self._waiting <= self._limit.article:
            self._comments.append(entry)

    def token(self, entry: Entry) -> None:
        """Take a line of this document, and the comments before it."""
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
        """Return the document; of one that is over the limit the beginning, with the fault."""
        if self._is_too_long:
            raw = bytes(self._lines[:KEPT])
            return Entry(self._first, raw, fault=self._limit.too_long("the document"))
        return Entry(self._first, bytes(self._lines))

    def next(self, first: bytes | None = None) -> DocumentLines:
        """Return the document that the comments begin, behind the line ``first`` if it is given."""
        following = DocumentLines(self._begin if first is None else first, self._limit)
        following._comments, following._waiting = self._comments, self._waiting
        return following
