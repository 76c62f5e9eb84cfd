"""Rows of CSV and TSV, with the line on which each begins; a row that is broken costs no other."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from datasette_newsgraph.readers.limits import DEFAULT, OBJECT, Limit

#: A line without its LF, and why it is not all there, if so.
Line = tuple[str, str | None]
_DELIMITERS = "\t;,|"
_BOM = "\ufeff"
#: Without these a row is what stands between its delimiters.
_NEEDS_CSV = re.compile(r'["\r\0]')
#: So often is a table looked through for the ends of rows that have none.
_IN_VAIN = 16
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


def rows(lines: str | Iterable[Line], delimiter: str, limit: Limit = DEFAULT) -> Iterator[Row]:
    """Yield the rows that are not blank of a text, or of its lines, first the header. Quoted cells may
    hold delimiters and line breaks.

    Where a quotation mark is not closed, or something stands behind it, that row's first line is a
    fault and reading goes on with the next; so too where a row is over the limit of an article. If
    files were put one behind the other, the header is not yielded again, and the rows of one with
    another header are faults.
    """
    if isinstance(lines, str):
        lines = ((line, None) for line in lines.split("\n"))
    table = _Lines(lines)
    # The text of an article is one cell; the limit of the module is one for the whole process.
    usual = csv.field_size_limit(limit.article)
    if (first := table.peek(0)) and _STATED.match(first[0] + "\n"):
        table.take(1)
    header: list[str] | None = None
    another = None
    in_vain = taken_size = 0
    try:
        while (first := table.peek(0)) is not None:
            line, line_fault = first
            if begins_file := line.startswith(_BOM):
                line = line.removeprefix(_BOM)
                table.put(line)
            number = table.number + 1
            if line_fault is None and not line.strip():
                table.take(1)
                continue
            # The end of one that has none is looked for far; of very many only in their first line.
            may_go_on = in_vain <= _IN_VAIN * (limit.article + taken_size)
            taken, cells, fault = _row(table, delimiter, limit, may_go_on=may_go_on)
            in_vain += table.looked_at if fault is not None else 0
            text = line if taken == 1 else table.text(taken)
            taken_size += len(text) + OBJECT
            if header is not None and cells == header:
                another = None
            else:
                if begins_file and header is not None:
                    another = f"line {number} is the header of another file, with other columns"
                yield Row(number, text, cells, another or fault)
            if header is None and fault is None:
                header = cells
            table.take(taken)
    finally:
        csv.field_size_limit(usual)


class _Lines:
    """The lines of a table, of which those of a row that is broken are read again."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._rest = iter(lines)
        self._ahead: deque[Line] = deque()
        #: How many were taken.
        self.number = 0
        #: How much was looked at for the row that was read last.
        self.looked_at = 0

    def peek(self, place: int) -> Line | None:
        """Return the line that comes so many behind the next, None behind the last."""
        while len(self._ahead) <= place:
            line = next(self._rest, None)
            if line is None:
                return None
            self._ahead.append(line)
        return self._ahead[place]

    def put(self, text: str) -> None:
        """Let the next line read so."""
        self._ahead[0] = (text, self._ahead[0][1])

    def text(self, count: int) -> str:
        """Return the next lines, which have been looked at, as one text."""
        return "\n".join(text for text, _ in islice(self._ahead, count))

    def take(self, count: int) -> None:
        """Go on behind so many lines."""
        for _ in range(count):
            self._ahead.popleft()
        self.number += count


class _TooLong(Exception):
    """A row goes on for longer than any may."""


def _row(
    lines: _Lines, delimiter: str, limit: Limit, *, may_go_on: bool
) -> tuple[int, list[str], str | None]:
    """Return how many lines the next row has, its cells, and what is wrong with it."""
    first, fault = lines.peek(0) or ("", None)
    if fault is None and _NEEDS_CSV.search(first) is None:
        lines.looked_at = len(first) + OBJECT
        cells = first.split(delimiter)
        return 1, cells if delimiter == "\t" else [cell.lstrip(" ") for cell in cells], None
    reader = csv.reader(
        _from(lines, limit.article if may_go_on else 0),
        delimiter=delimiter,
        strict=True,
        skipinitialspace=delimiter != "\t",
    )
    try:
        cells = next(reader)
    except csv.Error as error:
        return 1, [], f"is not CSV: {error}"
    except _TooLong:
        return 1, [], limit.too_long("the row")
    return reader.line_num, cells, None


def _from(lines: _Lines, most: int) -> Iterator[str]:
    lines.looked_at = place = 0
    while (line := lines.peek(place)) is not None and (place == 0 or most):
        text, fault = line
        lines.looked_at += len(text) + OBJECT
        if fault is not None or (place and lines.looked_at > most):
            raise _TooLong
        yield text + "\n"
        place += 1
