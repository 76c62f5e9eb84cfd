"""Decisions as a table (CSV), as a spreadsheet program reads and writes it.

A spreadsheet program takes a cell that begins with ``=`` and the like for a formula. Such a cell is
written with an apostrophe before it, which is taken away again when the table is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.files.fields import (
    CONFLICT,
    FIELDS,
    NameOf,
    Written,
    decision_of,
    on_line,
    values_of,
)
from datasette_newsgraph.errors import DecisionError
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.readers.table_rows import rows_of
from datasette_newsgraph.wording import listed

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def read(source: Source) -> Iterator[Decision]:
    """Yield the decisions of a table; blank rows are passed over."""
    header: list[str] = []
    for row in rows_of(source):
        with on_line(source, row.line):
            if row.fault is not None:
                raise DecisionError(row.fault)
            if not header:
                header = _checked([each.strip() for each in row.cells])
            elif any(each.strip() for each in row.cells):
                yield decision_of(dict(zip(header, map(_plain, row.cells), strict=False)))


def write(decisions: Iterable[Written], name_of: NameOf) -> Iterator[bytes]:
    """Yield the rows of a table; the column of conflicts is there if one is to be told."""
    header: list[str] = []
    for each in decisions:
        values = values_of(each, name_of)
        if not header:
            header = [*values]
            yield _row(header)
        articles = " ".join(values["articles"])
        yield _row([_shielded(str(cell)) for cell in {**values, "articles": articles}.values()])
    if not header:
        yield _row(FIELDS)


def _checked(header: list[str]) -> list[str]:
    """Return the header without the blank columns at its end; raises DecisionError for another one."""
    while header and not header[-1]:
        header.pop()
    known = (*FIELDS, CONFLICT)
    unknown = [each for each in header if each not in known]
    if unknown:
        raise DecisionError(
            f"there is no column {listed([repr(each[:80]) for each in unknown])}; there are"
            f" {listed(FIELDS, most=len(FIELDS))}"
        )
    if len({*header}) < len(header):
        raise DecisionError("two columns have one name")
    return header


def _shielded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _row(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    # Quoted all, as else spaces at the beginning of a cell are lost.
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return line.getvalue().encode("utf-8", "replace")
