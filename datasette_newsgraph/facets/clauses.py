"""The SQL conditions that keep a page of a view to the rows that go with values of linked facets."""

from __future__ import annotations

import functools
import operator
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from datasette_newsgraph.facets.catalogue import ALL, IN_ALL_ZONES
from datasette_newsgraph.facets.definition import ROWS_FUNCTION, Facet
from datasette_newsgraph.facets.rowsets import TOGETHER, can_list, unpack
from datasette_newsgraph.facets.stored_sets import FEW, is_up_to_date, stored_set
from datasette_newsgraph.store.views import VIEWS

#: Where more than one of so many rows is asked for, those of a page are looked for one by one in their
#: order rather than all gathered.
_MANY = 4


class LinkedValue(NamedTuple):
    """A value of a linked facet that a page is filtered by, and the name of its parameter in SQL."""

    facet: Facet
    value: str
    parameter: str

    def in_all_zones(self, view: str) -> LinkedValue:
        """Return the same value of the facet that looks at all zones, if the view has one."""
        wider = IN_ALL_ZONES.get(view, {}).get(self.facet.base, self.facet)
        return self._replace(facet=wider)

    def words(self, connection: sqlite3.Connection) -> str:
        """Return the name of the entity that the value is the key of, or else the value."""
        if not self.facet.of_entities:
            return self.value
        row = connection.execute("SELECT name FROM entities WHERE key = ?", [self.value]).fetchone()
        return str(row[0]) if row else f"{self.value} (no such entity)"

    def describe(self, words: str) -> str:
        """Return what the filter says of the rows, with the ``words`` for the value."""
        in_all = " in any zone" if self.facet.kept.endswith(f"@{ALL}") else ""
        return self.facet.says.format(words) + in_all

    @property
    def condition(self) -> str:
        """Return the condition that a row goes with the value, by the tables that say so."""
        return f"id IN ({self.facet.rows_with(self.parameter)})"


def link_clauses(
    connection: sqlite3.Connection, view: str, linked: Iterable[LinkedValue]
) -> list[str]:
    """Return conditions that together hold for a row of the view if it goes with each value, in the
    form that is quickest for how many do.
    """
    is_kept = is_up_to_date(connection)
    clauses, together = [], []
    for each in linked:
        stored = None
        if is_kept and each.facet.pairs:
            stored = stored_set(connection, view, each.facet, each.value)
        if stored is None:
            clauses.append(each.condition)
        else:
            together.append((each, stored))
    for first in range(0, len(together), TOGETHER):
        clauses += _in_sets(connection, view, together[first : first + TOGETHER])
    return clauses


def _in_sets(
    connection: sqlite3.Connection, view: str, together: list[tuple[LinkedValue, bytes]]
) -> list[str]:
    """Return the conditions that a row is in the stored set of each of these values."""
    stored = [each for _, each in together]
    count = functools.reduce(operator.and_, map(unpack, stored)).bit_count()
    is_dense = count * _MANY > _highest(connection, view)
    if len(together) == 1:
        ((only, _),) = together
        if only.facet.of_entities and is_dense:
            return [only.facet.row_has(f"{view}.id", only.parameter)]
        # Of an entity an index has the rows in order; of other values they would have to be gathered.
        if only.facet.of_entities or count <= FEW:
            return [only.condition]
    if not can_list(*stored):
        return [each.condition for each, _ in together]
    sets = ", ".join(each.facet.stored_set(view, each.parameter) for each, _ in together)
    # A plus keeps SQLite from looking up each of so many rows to sort them then.
    row = "+id" if is_dense else "id"
    return [f"{row} IN (SELECT value FROM json_each({ROWS_FUNCTION}({sets})))"]


def _highest(connection: sqlite3.Connection, view: str) -> int:
    """Return the highest row number of a view, which is quicker than to count its rows."""
    columns, source = VIEWS[view]
    return int(
        connection.execute(f"SELECT coalesce(max({columns['id']}), 0) FROM {source}").fetchone()[0]
    )
