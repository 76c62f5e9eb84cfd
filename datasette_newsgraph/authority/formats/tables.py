"""What the formats that are tables share: columns by their names, and a thing for each row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from datasette_newsgraph.authorities import canonical_identifier, stated_iri
from datasette_newsgraph.authority.formats.choice import Read
from datasette_newsgraph.authority.things import Fault, LeftOut, Thing
from datasette_newsgraph.authority.types import type_of_given
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.readers.table_rows import rows_of

#: What stands between several values in one cell.
BETWEEN = "|"
_ITEM = re.compile(r"Q[1-9][0-9]*")


@dataclass(frozen=True)
class Columns:
    """The names that the columns of a table may have, in small letters; the first two are needed."""

    iri: tuple[str, ...]
    label: tuple[str, ...]
    names: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class _Places:
    """Where in a row the columns stand."""

    def __init__(self, columns: Columns, header: Sequence[str]) -> None:
        self._columns = columns
        self._header = [cell.strip().lower() for cell in header]
        self.iri = self._place(columns.iri)
        self.label = self._place(columns.label)
        self.names = self._place(columns.names)
        self.description = self._place(columns.description)
        self.type = self._place(columns.type)
        self.links = self._place(columns.links)

    def _place(self, names: tuple[str, ...]) -> int | None:
        return next((self._header.index(each) for each in names if each in self._header), None)


def has_columns(columns: Columns, sample: str) -> bool:
    """Tell whether a table that begins so has the columns that are needed."""
    header = next(delimited.rows(sample, delimited.delimiter_of(sample)), None)
    if header is None or header.fault is not None:
        return False
    places = _Places(columns, header.cells)
    return places.iri is not None and places.label is not None


def things_of(source: Source, columns: Columns, *, are_checked: bool = False) -> Iterator[Read]:
    """Yield a thing for each row of a table behind its header, or what is wrong with the row;
    ``are_checked``: people matched its names with things.
    """
    places: _Places | None = None
    for row in rows_of(source):
        if row.fault is not None:
            yield Fault(row.line, row.fault)
        elif places is None:
            places = _Places(columns, row.cells)
        else:
            yield _thing(row, places, are_checked)


def _thing(row: delimited.Row, places: _Places, is_checked: bool) -> Read:
    def cell(place: int | None) -> str:
        return "" if place is None else collapse(row.cells[place].replace("\0", "\ufffd"))

    given, label = cell(places.iri), cell(places.label)
    if not given or not label:
        # Not reconciled, or without a label in the language that was asked for.
        return LeftOut(row.line)
    stated = stated_iri(given)
    identifier = None if stated is None else canonical_identifier(stated)
    if identifier is None:
        return Fault(row.line, f"{given!r} is neither an item of Wikidata nor an IRI")
    if _ITEM.fullmatch(label) and identifier[1].endswith(f"/{label}"):
        return LeftOut(row.line)
    links = cell(places.links)
    if links and not (links.isascii() and links.isdigit() and len(links) < 16):
        return Fault(row.line, f"{links!r} is no number of sitelinks")
    return Thing(
        identifier[1],
        label,
        tuple(filter(None, map(collapse, cell(places.names).split(BETWEEN)))),
        cell(places.description),
        type_of_given(cell(places.type).split(BETWEEN)),
        int(links or 0),
        is_checked,
    )
