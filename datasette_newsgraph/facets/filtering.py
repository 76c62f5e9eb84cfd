"""What one page of a view is filtered by: made once for a request, and asked by each of its facets.

A page has conditions of two kinds: values of our linked facets, and what Datasette and other plugins
filter by. All of them are known here as data. So the rows of the page are what the sets of its
conditions have in common, where these sets are stored, and no facet has to run the SQL of the page.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from datasette_newsgraph.facets.among_rows import ViewRows
from datasette_newsgraph.facets.clauses import LinkedValue, link_clauses
from datasette_newsgraph.facets.definition import Facet
from datasette_newsgraph.facets.rowsets import set_of
from datasette_newsgraph.facets.stored_sets import is_up_to_date, kept_set, set_with


class Condition(NamedTuple):
    """A condition of Datasette's or of another plugin's: its SQL, and what its rows are known by. That
    is the ``value`` of a ``facet``, or the SELECT of a full-text ``search``, or neither.
    """

    sql: str
    facet: Facet | None = None
    value: str = ""
    search: str = ""


class PageFilter:
    """The conditions of a page of a view, with their SQL, their parameters and the set of its rows."""

    def __init__(
        self,
        view: str,
        conditions: Iterable[Condition] = (),
        linked: Iterable[LinkedValue] = (),
        clauses: Iterable[str] = (),
        params: Mapping[str, Any] | None = None,
    ) -> None:
        """Take the conditions of others, and the values of linked facets with their ``clauses``, in the
        order in which Datasette joins them; ``params`` are the parameters of all.
        """
        self.view = view
        self.conditions = tuple(conditions)
        self.linked = tuple(linked)
        self.clauses = tuple(clauses)
        self.params = dict(params or {})
        self._rows: ViewRows | None = None
        self._met: int | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether the page has all rows of the view."""
        return not (self.conditions or self.linked)

    def values_of(self, facet: Facet) -> list[str]:
        """Return the values of a linked facet that the page is filtered by, whatever their zones."""
        return [each.value for each in self.linked if each.facet.base == facet.base]

    def is_that_of(self, sql: str, params: Iterable[Any]) -> bool:
        """Tell whether Datasette's SELECT of the rows of a page has these conditions and no other, and
        these parameters. Where it has not, as another plugin came later, it is the SQL that holds.
        """
        source = f" from {self.view}{self._where(self.clauses)}"
        return sql.rstrip().endswith(source) and dict(params) == self.params

    def _where(self, clauses: Iterable[str]) -> str:
        """Return the WHERE clause of the conditions of others and of these clauses."""
        conditions = [each.sql for each in self.conditions]
        conditions += clauses
        return f" where {' and '.join(conditions)}" if conditions else ""

    def rows(self, connection: sqlite3.Connection, sql: str, params: Mapping[str, Any]) -> ViewRows:
        """Return the rows of the page, which Datasette selects by ``sql``."""
        if self._rows is None:
            bits = self._bits(connection, self.linked) if self.is_that_of(sql, params) else None
            self._rows = ViewRows(f"SELECT id FROM ({sql})", params, bits)
        return self._rows

    def rows_in_all_zones(
        self, connection: sqlite3.Connection, sql: str, params: Mapping[str, Any]
    ) -> ViewRows:
        """Return the rows that the page would have if all zones counted."""
        wider = tuple(each.in_all_zones(self.view) for each in self.linked)
        if wider == self.linked:
            return self.rows(connection, sql, params)
        where = self._where(link_clauses(connection, self.view, wider))
        rows = f"SELECT id FROM {self.view}{where}"
        return ViewRows(rows, params, self._bits(connection, wider))

    def _bits(self, connection: sqlite3.Connection, linked: Iterable[LinkedValue]) -> int | None:
        """Return the set of the rows that meet the conditions of others and go with these values; None
        if it is not known.
        """
        if self.is_empty or not is_up_to_date(connection):
            return None
        if self._met is None:
            self._met = self._rows_met(connection)
        bits = self._met
        if bits is not None:
            for each in linked:
                bits &= set_with(connection, self.view, each.facet, each.value, True)
        return bits

    def _rows_met(self, connection: sqlite3.Connection) -> int | None:
        """Return the set of the rows that meet the conditions of others, all of them if there are none;
        None if some condition is not known, or the set of its value is not stored.
        """
        met = -1
        # A search takes longer than all else: it is run when all else is known.
        for each in sorted(self.conditions, key=lambda each: bool(each.search)):
            found = self._rows_of(connection, each)
            if found is None:
                return None
            met &= found
        return met

    def _rows_of(self, connection: sqlite3.Connection, condition: Condition) -> int | None:
        """Return the set of the rows that meet one condition, if it is known."""
        if condition.search:
            found = connection.execute(condition.search, self.params)
            return set_of([row[0] for row in found])
        if condition.facet is not None:
            return kept_set(connection, self.view, condition.facet, condition.value)
        return None
