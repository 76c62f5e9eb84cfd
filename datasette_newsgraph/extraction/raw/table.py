"""Read tables (CSV, TSV) with a column of texts or pages beside metadata: a row is an article.

The columns have the names that objects of the format ``rows`` have. A row that does not have as many
cells as the header is rejected by itself.

Example::

    url,title,date,text
    https://example.org/cop21,Paris conference opens,2015-11-30,"Laurent Fabius presides over it."
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from datasette_newsgraph.extraction.raw.rows import parse
from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_HEAD = 1 << 20
#: What bytes that are not UTF-8 are decoded to.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each row behind the header as a JSON object; nothing is resumed."""
    head = source.sample(_HEAD)[0].decode("utf-8", "replace")
    header: list[str] = []
    for row in delimited.rows(_lines(source), delimited.delimiter_of(head), source.limit):
        fault = row.fault or _unreadable(row.text)
        if fault is None and header and len(row.cells) != len(header):
            fault = f"the row has {len(row.cells)} cells, but the header {len(header)}"
        if not header and fault is None:
            header = [cell.strip() for cell in row.cells]
            continue
        cells = dict(zip(header, row.cells, strict=False))
        raw = row.text.encode("utf-8", "surrogateescape") if fault else msgspec.json.encode(cells)
        yield Entry(row.line, raw, fault=fault)


def _unreadable(text: str) -> str | None:
    """Return why a row that was decoded with ``surrogateescape`` cannot be read, or None."""
    if _NOT_UTF8.search(text) is None:
        return None
    return "not UTF-8; convert the file first (iconv -t UTF-8)"


def _lines(source: Source) -> Iterator[delimited.Line]:
    for entry in source.lines(as_they_are=True):
        # What is left of a line that is too long may end within a character, too.
        yield entry.raw.decode("utf-8", "surrogateescape"), entry.fault
