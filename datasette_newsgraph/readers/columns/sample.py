"""The lines of a sample as a table: its rows by sentence, and what is in each column."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.columns.lines import Separator, separator_of, split
from datasette_newsgraph.readers.columns.tags import TagSet, tag_set

#: More than any corpus has; a line without end is no table.
_MAX_WIDTH = 200


class Column(NamedTuple):
    """A column: how often it has each cell, and what they are as tags."""

    place: int
    cells: Counter[str]
    tags: TagSet | None


class Table(NamedTuple):
    """The lines that have as many columns as most, ``width``."""

    separator: Separator
    width: int
    sentences: list[list[list[str]]]
    columns: list[Column]

    @property
    def total(self) -> int:
        """How many lines there are."""
        return sum(map(len, self.sentences))


def table_of(sentences: list[list[str]]) -> Table:
    """Return the lines of each sentence as a table; raises RecordError if they are no columns."""
    found = separator_of([line for sentence in sentences for line in sentence])
    if found is None or found[1] > _MAX_WIDTH:
        raise RecordError(
            "no entities in it: its lines are no columns, as most have another number of cells; write"
            " a token and its tag a line (of plain text an extraction tool makes them)"
        )
    separator, count = found
    rows = [
        [cells for line in sentence if len(cells := split(line, separator)) == count]
        for sentence in sentences
    ]
    rows = [sentence for sentence in rows if sentence]
    counted = map(Counter, zip(*(cells for sentence in rows for cells in sentence), strict=True))
    columns = [Column(place, cells, tag_set(cells)) for place, cells in enumerate(counted)]
    return Table(separator, count, rows, columns)
