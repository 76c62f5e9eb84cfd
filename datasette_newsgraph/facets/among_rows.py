"""Count how many of some rows of a view go with each value of a facet: always what plain SQL would
count, but quick for tens of thousands of rows, too.

Few rows are counted by SQL. For many, the sets of rows that are kept for each value are compared with
theirs, from the value of the most rows in the whole view downwards: no value can have more here than
there, so that the rest needs no look when enough values have more.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.facets.counting import KEPT
from datasette_newsgraph.facets.definition import BY_VALUE, Facet
from datasette_newsgraph.facets.rowsets import numbers_of, set_of, unpack
from datasette_newsgraph.facets.stored_sets import FEW, is_up_to_date, kept_set, set_with

_CANDIDATES = (
    "SELECT facet_counts.value AS value, label, count, rows FROM facet_counts"
    " LEFT JOIN facet_rows ON facet_rows.view = facet_counts.view"
    " AND facet_rows.facet = :kept AND facet_rows.value = facet_counts.value"
    " WHERE facet_counts.view = :view AND facet_counts.facet = :facet ORDER BY {}"
)
_KEPT = "SELECT count(*) FROM facet_counts WHERE view = ? AND facet = ?"
_NUMBERS = "SELECT value FROM json_each(:rows)"


@dataclass(frozen=True)
class Value:
    """A value of a facet, the words for it, and in how many rows it is."""

    value: Any
    label: Any
    count: int


class ViewRows:
    """Some rows of a view, which are read once for all facets."""

    def __init__(self, rows: str, params: Mapping[str, Any], bits: int | None = None) -> None:
        """Take the rows whose ids the SELECT ``rows`` gives, which is not run if their set is known."""
        self._rows, self._params, self._bits = rows, params, bits
        self._ids: list[int] | None = None
        self._by_type: dict[str, list[tuple[Any, ...]]] = {}

    @classmethod
    def with_value(
        cls,
        connection: sqlite3.Connection,
        view: str,
        facet: Facet,
        value: str,
        rows: str,
        params: Mapping[str, Any],
    ) -> ViewRows:
        """Take the rows that go with a value of a facet; ``rows``, which gives them too, is not run if
        their set is kept.
        """
        is_kept = is_up_to_date(connection)
        return cls(rows, params, kept_set(connection, view, facet, value) if is_kept else None)

    def ids(self, connection: sqlite3.Connection) -> list[int]:
        """Return the ids of the rows."""
        if self._ids is None and self._bits is not None:
            self._ids = numbers_of(self._bits)
        elif self._ids is None:
            self._ids = [row[0] for row in connection.execute(self._rows, self._params)]
        return self._ids

    def bits(self, connection: sqlite3.Connection) -> int:
        """Return the rows as a set of bits."""
        if self._bits is None:
            self._bits = set_of(self.ids(connection))
        return self._bits

    def are_few(self, connection: sqlite3.Connection) -> bool:
        """Tell whether SQL counts them quickly."""
        return self.size(connection) <= FEW

    def size(self, connection: sqlite3.Connection) -> int:
        """Return how many rows there are."""
        if self._bits is not None:
            return self._bits.bit_count()
        return len(self.ids(connection))

    def parameters(self, connection: sqlite3.Connection) -> dict[str, str]:
        """Return the parameter by which SQL is given the rows."""
        return {"rows": json.dumps(self.ids(connection))}

    def entities(self, connection: sqlite3.Connection, facet: Facet) -> list[tuple[Any, ...]]:
        """Return all (value, label, count, type) of a facet of entities, whatever its type: counted
        once for the facets of all types.
        """
        if facet.kept not in self._by_type:
            query = f"{facet.counted_in('', _NUMBERS)} ORDER BY {facet.order}"
            found = connection.execute(query, self.parameters(connection)).fetchall()
            self._by_type[facet.kept] = [tuple(row) for row in found]
        return self._by_type[facet.kept]


def count_values(
    connection: sqlite3.Connection, view: str, facet: Facet, chosen: ViewRows, limit: int
) -> list[Value]:
    """Return the first values of a facet in its order, at most so many, of those that the chosen rows
    of the view have.
    """
    if facet.pairs and not chosen.are_few(connection) and is_up_to_date(connection):
        found = _compare(connection, view, facet, chosen, limit)
        if found is not None:
            return found
    return count_by_sql(connection, view, facet, chosen, limit)


def _compare(
    connection: sqlite3.Connection, view: str, facet: Facet, chosen: ViewRows, limit: int
) -> list[Value] | None:
    """Return the values by comparing sets of rows; None where a value whose rows are not kept may be
    among them.
    """
    (kept,) = connection.execute(_KEPT, [view, facet.name]).fetchone()
    # Of a type that is rare, or of values, no entities are kept.
    is_complete = 0 < kept < KEPT
    if kept == 0 or (facet.order == BY_VALUE and not is_complete):
        return None
    bits = chosen.bits(connection)
    best: list[tuple[int, Any, Value]] = []
    # Read one by one: most are not looked at.
    names = {"view": view, "facet": facet.name, "kept": facet.kept}
    candidates = connection.execute(_CANDIDATES.format(facet.order), names)
    for place, (value, label, most, stored) in enumerate(candidates):
        if len(best) == limit and (facet.order == BY_VALUE or most < -best[-1][0]):
            return [each for *_, each in best]
        if stored is None:
            return None
        count = (unpack(stored) & bits).bit_count()
        if count:
            rank = place if facet.order == BY_VALUE else -count
            insort(best, (rank, value, Value(value, label, count)))
            del best[limit:]
    return [each for *_, each in best] if is_complete else None


def count_with(
    connection: sqlite3.Connection,
    view: str,
    facet: Facet,
    keys: Iterable[str],
    chosen: ViewRows,
) -> dict[str, int]:
    """Return how many of the chosen rows of the view go with each of these entities, by key: by the
    sets that are kept, and by SQL for those that are too rare, or while a load is under way.
    """
    is_kept = is_up_to_date(connection)
    bits = chosen.bits(connection)
    return {
        key: (set_with(connection, view, facet, key, is_kept) & bits).bit_count() for key in keys
    }


def count_by_sql(
    connection: sqlite3.Connection, view: str, facet: Facet, chosen: ViewRows, limit: int | None
) -> list[Value]:
    """Return the first values of a facet as ``count_values`` does, whatever is stored; without a
    limit all of them.
    """
    parameters = chosen.parameters(connection)
    if facet.of_type is not None and not chosen.are_few(connection):
        query = facet.counted_by_type(_NUMBERS)
        parameters["type"] = facet.of_type
    elif facet.of_entities:
        entities = chosen.entities(connection, facet)
        of_type = [row for row in entities if facet.of_type in (None, row[3])]
        return [Value(*row[:3]) for row in of_type[:limit]]
    else:
        query = facet.counted_in(f"SELECT * FROM {view} WHERE id IN ({_NUMBERS})", _NUMBERS)
    rows = connection.execute(
        f"SELECT value, label, count FROM ({query}) WHERE value IS NOT NULL"
        f" ORDER BY {facet.order} LIMIT {-1 if limit is None else limit:d}",
        parameters,
    )
    return [Value(*row) for row in rows]
