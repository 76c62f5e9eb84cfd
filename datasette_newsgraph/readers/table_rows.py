"""The rows of a file that is a table, with what is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.source import Source

#: The header of a table is looked for in so much of it.
_HEAD = 1 << 20
#: What bytes that are not UTF-8 are decoded to.
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_LATIN = "cp1252"


class Decoding:
    """UTF-8, or Windows-1252 where most lines of the beginning, or else the first line with other
    characters than those of ASCII, are not UTF-8.
    """

    def __init__(self, head: bytes = b"") -> None:
        others = [line for line in head.split(b"\n")[:-1] if not line.isascii()]
        wrong = sum(not _is_utf8(line) for line in others)
        self._encoding = None if not others else _LATIN if 2 * wrong > len(others) else "utf-8"

    def __call__(self, raw: bytes) -> str:
        """Return a line as text."""
        if self._encoding is None and not raw.isascii():
            self._encoding = "utf-8" if _is_utf8(raw) else _LATIN
        return raw.decode(self._encoding or "utf-8", "surrogateescape")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _utf8(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def rows_of(source: Source, decode: Callable[[bytes], str] = _utf8) -> Iterator[delimited.Row]:
    """Yield the rows of a table, first the header. A row that is not UTF-8, or does not have as many
    cells as the header, is a fault.
    """
    head = source.sample(_HEAD)[0].decode("utf-8", "surrogateescape")
    lines = ((decode(entry.raw), entry.fault) for entry in source.lines(as_they_are=True))
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
