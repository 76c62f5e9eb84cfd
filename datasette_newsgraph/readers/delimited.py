"""Rows of CSV and TSV, with the line on which each begins; a row that is broken costs no other."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

_DELIMITERS = "\t;,|"
_BOM = "\ufeff"
_STATED = re.compile(r'\ufeff?"?sep=(\t|[^\w\s"])"?[^\S\n]*(?:\n|\Z)', re.IGNORECASE)


class Row(NamedTuple):
    """A row: its cells, or why it has none. ``text`` is how it stands in the file."""

    line: int
    text: str
    cells: list[str]
    fault: str | None = None


def stated_line(text: str) -> str:
    """Return the first line if it is what Excel is told the delimiter by, ``sep=;``; else nothing."""
    found = _STATED.match(text)
    return "" if found is None else found[0]


def delimiter_of(text: str) -> str:
    """Return what stands between cells: what the first line states (``sep=;``), or else the most
    frequent of tab ``;`` ``,`` ``|`` in the header.
    """
    if found := _STATED.match(text):
        return found[1]
    header = text.lstrip().partition("\n")[0]
    return max(_DELIMITERS, key=header.count)


def rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows that are not blank, first the header. Quoted cells may hold delimiters and line
    breaks.

    Where a quotation mark is not closed, or something stands behind it, that row's first line is a
    fault and reading goes on with the next. If files were put one behind the other, the header is not
    yielded again, and the rows of one with another header are faults.
    """
    lines = text.split("\n")
    # The text of an article is one cell; the limit is one for the whole process.
    usual = csv.field_size_limit(max(len(text), 1))
    place = 1 if _STATED.match(text) else 0
    header: list[str] | None = None
    another = None
    try:
        while place < len(lines):
            begins_file = lines[place].startswith(_BOM)
            lines[place] = lines[place].removeprefix(_BOM)
            if not lines[place].strip():
                place += 1
                continue
            taken, cells, fault = _row(lines, place, delimiter)
            if header is not None and cells == header:
                another = None
            else:
                if begins_file and header is not None:
                    another = f"line {place + 1} is the header of another file, with other columns"
                row = "\n".join(lines[place : place + taken])
                yield Row(place + 1, row, cells, another or fault)
            if header is None and fault is None:
                header = cells
            place += taken
    finally:
        csv.field_size_limit(usual)


def _row(lines: list[str], place: int, delimiter: str) -> tuple[int, list[str], str | None]:
    """Return how many lines the row at ``place`` has, its cells, and what is wrong with it."""
    reader = csv.reader(
        _from(lines, place), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"
    )
    try:
        cells = next(reader)
    except csv.Error as error:
        return 1, [], f"is not CSV: {error}"
    return reader.line_num, cells, None


def _from(lines: list[str], place: int) -> Iterator[str]:
    for number in range(place, len(lines)):
        yield lines[number] + "\n"
