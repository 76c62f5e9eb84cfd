"""The sets of rows that are stored of the values of facets: gathered by a load, read by a page.

``facet_rows`` has the set of the rows that go with each value that ``facet_counts`` has.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.facets.catalogue import all_facets
from datasette_newsgraph.facets.definition import Facet
from datasette_newsgraph.facets.rowsets import bits_of, pack, set_of, unpack
from datasette_newsgraph.store.schema import FULL_TEXT

#: Rows up to which SQL is quick enough by itself.
FEW = 1000
_STATE = (
    "SELECT EXISTS (SELECT 1 FROM unsettled),"
    " EXISTS (SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table')"
)
_STORED_VALUES = "SELECT value FROM facet_rows WHERE view = :view AND facet = :facet"
_ROWS = "SELECT rows FROM facet_rows WHERE view = ? AND facet = ? AND value = ?"
_ALL_ROWS = "SELECT value, rows FROM facet_rows WHERE view = ? AND facet = ?"


def is_up_to_date(connection: sqlite3.Connection) -> bool:
    """Tell whether what is counted and kept is that of the tables now: no load is under way, nor the
    first one still to end, which makes the full-text tables.
    """
    unsettled, filled = connection.execute(_STATE, [f"{next(iter(FULL_TEXT))}_fts"]).fetchone()
    return bool(filled) and not unsettled


def facet_rows(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, bytes]]:
    """Yield the rows of ``facet_rows``: view, facet, value and set of rows, for those values that
    ``facet_counts`` has.
    """
    for view, facet in all_facets():
        if facet.pairs:
            yield from rows_of_facet(connection, view, facet)


def rows_of_facet(
    connection: sqlite3.Connection, view: str, facet: Facet, *, only_lacking: bool = False
) -> Iterator[tuple[str, str, str, bytes]]:
    """Yield the same of one facet; ``only_lacking``: for the values that ``facet_rows`` lacks."""
    for value, numbers in _rows_by_value(connection, view, facet, only_lacking).items():
        if numbers:
            yield view, facet.kept, value, pack(bits_of(numbers, max(numbers)))


def sets_of_all(
    connection: sqlite3.Connection, facet: Facet, most: int
) -> Iterator[tuple[str, int]] | None:
    """Return the values of a facet with their sets of rows; None if there are more than ``most``."""
    rows: dict[str, array[int]] = {}
    for value, number in connection.execute(facet.pairs):
        if value is None:
            continue
        if value not in rows:
            if len(rows) == most:
                return None
            rows[value] = array("Q")
        rows[value].append(number)
    return ((str(value), bits_of(numbers, max(numbers))) for value, numbers in rows.items())


def counted_values(facet: Facet) -> str:
    """Return the SELECT of the values of a facet whose rows are kept; ``:view`` and ``:facet`` are
    the parameters.
    """
    # Entities of any type are among those of each.
    named = "GLOB :facet || ':*'" if facet.of_entities else "= :facet"
    return f"SELECT DISTINCT value FROM facet_counts WHERE view = :view AND facet {named}"


def _rows_by_value(
    connection: sqlite3.Connection, view: str, facet: Facet, only_lacking: bool
) -> dict[str, array[int]]:
    """Return the row numbers of each value that is counted, some of them perhaps twice."""
    counted = counted_values(facet)
    if only_lacking:
        counted += f" AND value NOT IN ({_STORED_VALUES})"
    names = {"view": view, "facet": facet.kept}
    rows = {value: array("Q") for (value,) in connection.execute(counted, names)}
    if not rows:
        return {}
    pairs = facet.pairs.format(values=counted)
    for value, number in connection.execute(pairs, names if ":view" in pairs else {}):
        # One that is called "None" is not one that has none.
        numbers = None if value is None else rows.get(str(value))
        if numbers is not None:
            numbers.append(number)
    return rows


def stored_set(connection: sqlite3.Connection, view: str, facet: Facet, value: Any) -> bytes | None:
    """Return the set of the rows that go with a value, as it is stored; None if it is not."""
    row = connection.execute(_ROWS, [view, facet.kept, value]).fetchone()
    return row[0] if row else None


def stored_sets(connection: sqlite3.Connection, view: str, facet: Facet) -> list[tuple[str, bytes]]:
    """Return the values of a facet whose rows are stored, each with its set as it is stored."""
    return connection.execute(_ALL_ROWS, [view, facet.kept]).fetchall()


def kept_set(connection: sqlite3.Connection, view: str, facet: Facet, value: Any) -> int | None:
    """Return the set of the rows that go with a value; None if it is not stored."""
    stored = stored_set(connection, view, facet, value)
    return None if stored is None else unpack(stored)


def set_with(
    connection: sqlite3.Connection, view: str, facet: Facet, value: str, is_kept: bool
) -> int:
    """Return the set of the rows that go with a value of a linked facet: by SQL if it is not stored,
    or where ``is_kept`` says that what is stored is not up to date.
    """
    kept = kept_set(connection, view, facet, value) if is_kept else None
    if kept is not None:
        return kept
    rows = connection.execute(facet.rows_with("value"), {"value": value})
    return set_of([row[0] for row in rows])
