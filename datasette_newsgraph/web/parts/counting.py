"""How many of some rows of a view go with each value of a facet: always what plain SQL would count,
but quick for tens of thousands of rows, too.

Few rows are counted by SQL. For many, the sets of rows that are kept for each value are compared with
theirs, from the value of the most rows in the whole view downwards: no value can have more here than
there, so that the rest needs no look when enough values have more.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.facets.catalogue import ALL, MAIN, facet_named
from datasette_newsgraph.facets.counting import KEPT
from datasette_newsgraph.facets.definition import BY_VALUE, Facet
from datasette_newsgraph.facets.rowsets import FEW, bits_of, is_up_to_date, numbers_of, unpack
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.timeline import has_year, is_long

_CANDIDATES = (
    "SELECT facet_counts.value AS value, label, count, rows FROM facet_counts"
    " LEFT JOIN facet_rows ON facet_rows.view = facet_counts.view"
    " AND facet_rows.facet = :kept AND facet_rows.value = facet_counts.value"
    " WHERE facet_counts.view = :view AND facet_counts.facet = :facet ORDER BY {}"
)
_KEPT = "SELECT count(*) FROM facet_counts WHERE view = ? AND facet = ?"
_ROWS = "SELECT rows FROM facet_rows WHERE view = ? AND facet = ? AND value = ?"
_ALL_ROWS = "SELECT value, rows FROM facet_rows WHERE view = ? AND facet = ?"
_ARTICLES = "article_index"
_NO_LIMIT = -1
_NUMBERS = "SELECT value FROM json_each(:rows)"


@dataclass(frozen=True)
class Value:
    """A value of a facet, the words for it, and in how many rows it is."""

    value: Any
    label: Any
    count: int


class Chosen:
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
    ) -> Chosen:
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
    connection: sqlite3.Connection, view: str, facet: Facet, chosen: Chosen, limit: int
) -> list[Value]:
    """Return the first values of a facet in its order, at most so many, of those that the chosen rows
    of the view have.
    """
    if facet.pairs and not chosen.are_few(connection) and is_up_to_date(connection):
        found = _compare(connection, view, facet, chosen, limit)
        if found is not None:
            return found
    return _count(connection, view, facet, chosen, limit)


def _compare(
    connection: sqlite3.Connection, view: str, facet: Facet, chosen: Chosen, limit: int
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
    chosen: Chosen,
) -> dict[str, int]:
    """Return how many of the chosen rows of the view go with each of these entities, by key: by the
    sets that are kept, and by SQL for those that are too rare, or while a load is under way.
    """
    is_kept = is_up_to_date(connection)
    bits = chosen.bits(connection)
    return {
        key: (set_with(connection, view, facet, key, is_kept) & bits).bit_count() for key in keys
    }


def set_of(ids: list[int]) -> int:
    """Return the set of some row numbers."""
    return bits_of(ids, max(ids, default=0))


def stored_set(connection: sqlite3.Connection, view: str, facet: Facet, value: Any) -> bytes | None:
    """Return what is stored of the set of rows that go with a value, if anything is."""
    row = connection.execute(_ROWS, [view, facet.kept, value]).fetchone()
    return row[0] if row else None


def kept_set(connection: sqlite3.Connection, view: str, facet: Facet, value: Any) -> int | None:
    """Return the set that is kept of the rows that go with a value, if there is one."""
    stored = stored_set(connection, view, facet, value)
    return None if stored is None else unpack(stored)


def set_with(
    connection: sqlite3.Connection, view: str, facet: Facet, value: str, is_kept: bool
) -> int:
    """Return the set of the rows that go with a value of a linked facet, by SQL if none is kept."""
    kept = kept_set(connection, view, facet, value) if is_kept else None
    if kept is not None:
        return kept
    rows = connection.execute(facet.rows_with("value"), {"value": value})
    return set_of([row[0] for row in rows])


def _count(
    connection: sqlite3.Connection, view: str, facet: Facet, chosen: Chosen, limit: int
) -> list[Value]:
    """Return the values by counting them with SQL."""
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
        f" ORDER BY {facet.order} LIMIT {limit:d}",
        parameters,
    )
    return [Value(*row) for row in rows]


def count_periods(connection: sqlite3.Connection, chosen: Chosen) -> dict[str, int]:
    """Return how many of the chosen articles are of each month, or of each year where there are more
    months between the first and the last than a timeline has bars.
    """
    month = facet_named(_ARTICLES, "month")
    assert month is not None
    kept = connection.execute(_ALL_ROWS, [_ARTICLES, month.kept]).fetchall()
    if chosen.are_few(connection) or len(kept) >= KEPT or not is_up_to_date(connection):
        found = _count(connection, _ARTICLES, month, chosen, _NO_LIMIT)
        return {each.value: each.count for each in found}
    bits = chosen.bits(connection)
    # To look at each month takes longer than to lay those of a year together.
    years: dict[str, int] = {}
    kept = [row for row in kept if has_year(row[0])]
    for value, rows in kept:
        years[value[:4]] = years.get(value[:4], 0) | unpack(rows)
    by_year = _counted(years.items(), bits)
    ends = {min(by_year, default=""), max(by_year, default="")}
    by_month = _counted(_of_years(kept, ends), bits)
    if is_long(by_month):
        return by_year
    return by_month | _counted(_of_years(kept, by_year.keys() - ends), bits)


def _of_years(kept: list[Any], years: Collection[str]) -> Iterator[tuple[str, int]]:
    return ((value, unpack(rows)) for value, rows in kept if value[:4] in years)


def _counted(sets: Iterable[tuple[str, int]], bits: int) -> dict[str, int]:
    counts = ((value, (rows & bits).bit_count()) for value, rows in sets)
    return {value: count for value, count in counts if count}


async def values_among(
    visit: Visit,
    view: str,
    facet: str,
    rows: str,
    params: Mapping[str, Any],
    limit: int,
    all_zones: bool = False,
) -> list[Value]:
    """Return the first values of a facet of a view among the rows whose ids the SELECT ``rows`` gives.
    Raises QueryInterrupted if it takes too long.

    ``facet`` may end in a type of entities: ``entity:Person``. The caller has made sure that the
    visitor may see the view's tables and those that the facet reads.
    """
    found = facet_named(view, facet, ALL if all_zones else MAIN)
    assert found is not None, facet

    def count(connection: sqlite3.Connection) -> list[Value]:
        chosen = Chosen(rows, params)
        return count_values(connection, view, found, chosen, limit)

    return await visit.read(count)
