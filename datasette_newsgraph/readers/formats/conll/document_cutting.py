"""Cut a file of columns into its documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.readers.columns import Columns
from datasette_newsgraph.readers.columns.document_lines import DocumentLines
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
    document = DocumentLines(first, source.limit)
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
