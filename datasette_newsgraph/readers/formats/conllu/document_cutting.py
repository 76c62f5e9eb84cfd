"""Cut a file of CoNLL-U into its documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.readers.columns.document_lines import DocumentLines
from datasette_newsgraph.readers.source import Entry, Source

_BEGINS = re.compile(rb"#[ \t]*newdoc\b")
#: The order of the fields of entities. It may be said once for all documents.
FIELDS = re.compile(rb"#[ \t]*global\.Entity[ \t]*=")


def documents(source: Source) -> Iterator[Entry]:
    """Yield the lines of each document behind the line that tells the fields of entities, which is
    empty if nothing does. A file in which no document begins is one.
    """
    fields = b""
    document = DocumentLines(fields, source.limit)
    waiting: bytes | None = None
    for entry in source.lines():
        raw = entry.raw
        if not raw.startswith(b"#"):
            if waiting is not None:
                fields, waiting = waiting, None
            document.token(entry)
            continue
        if FIELDS.match(raw):
            waiting = raw
        document.comment(entry)
        if _BEGINS.match(raw) and document.has_tokens:
            yield document.entry()
            document = document.next(fields)
    if document.has_tokens:
        yield document.entry()
