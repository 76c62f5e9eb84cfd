"""The rows of a file that is a table, with what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.source import Source

#: The header of a table is looked for in so much of it.
_HEAD = 1 << 20
#: What bytes that are not UTF-8 are decoded to.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


def rows_of(source: Source) -> Iterator[delimited.Row]:
    """Yield the rows of a table, first the header. A row that is not UTF-8, or does not have as many
    cells as the header, is a fault.
    """
    head = source.sample(_HEAD)[0].decode("utf-8", "surrogateescape")
    lines = (
        (entry.raw.decode("utf-8", "surrogateescape"), entry.fault)
        for entry in source.lines(as_they_are=True)
    )
    width = 0
    for row in delimited.rows(lines, delimited.delimiter_of(head), source.limit):
        fault = row.fault
        if fault is None and not row.text.isascii() and _NOT_UTF8.search(row.text):
            fault = "not UTF-8"
        if fault is None:
            width = width or len(row.cells)
            # Blank cells behind the last column are some programs' habit.
            if len(row.cells) < width or any(cell.strip() for cell in row.cells[width:]):
                fault = f"the row has {len(row.cells)} cells, but the header {width}"
        yield row if fault is row.fault else row._replace(fault=fault)


def bytes_of(row: delimited.Row, most: int) -> bytes:
    """Return how a row stands in the file, up to so many bytes."""
    return row.text[:most].encode("utf-8", "surrogateescape")[:most]
