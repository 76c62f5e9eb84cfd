"""Rows of CSV and TSV, with the line on which each begins; a row that is broken costs no other."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

_DELIMITERS = "\t;,|"


class Row(NamedTuple):
    """A row: its cells, or why it has none. ``text`` is how it stands in the file."""

    line: int
    text: str
    cells: list[str]
    fault: str | None = None


def delimiter_of(header: str) -> str:
    """Return what stands between the names of a header: the most frequent of tab ``;`` ``,`` ``|``."""
    return max(_DELIMITERS, key=header.count)


def rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows that are not blank. Quoted cells may hold delimiters and line breaks.

    Where a quotation mark is not closed, or something stands behind it, that row's first line is a
    fault and reading goes on with the next.
    """
    lines = text.split("\n")
    # The text of an article is one cell; the limit is one for the whole process.
    usual = csv.field_size_limit(max(len(text), 1))
    place = 0
    try:
        while place < len(lines):
            if not lines[place].strip():
                place += 1
                continue
            taken, cells, fault = _row(lines, place, delimiter)
            yield Row(place + 1, "\n".join(lines[place : place + taken]), cells, fault)
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
