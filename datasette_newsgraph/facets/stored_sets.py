"""The sets of rows that are stored of the values of facets, as a page reads them.

``facet_rows`` has the set of the rows that go with each value that ``facet_counts`` has.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette_newsgraph.facets.definition import Facet
from datasette_newsgraph.facets.rowsets import set_of, unpack
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


def counted_values(facet: Facet) -> str:
    """Return the SELECT of the values of a facet whose rows are kept; ``:view`` and ``:facet`` are
    the parameters.
    """
    # Entities of any type are among those of each.
    named = "GLOB :facet || ':*'" if facet.of_entities else "= :facet"
    return f"SELECT DISTINCT value FROM facet_counts WHERE view = :view AND facet {named}"


def lacking_values(connection: sqlite3.Connection, view: str, facet: Facet) -> list[str]:
    """Return the values of a facet that are counted and have no stored set."""
    query = f"{counted_values(facet)} AND value NOT IN ({_STORED_VALUES})"
    names = {"view": view, "facet": facet.kept}
    return [value for (value,) in connection.execute(query, names)]


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
