"""Count the facets of all views anew, at the end of a load, so that a page need not count.

``facet_counts`` holds the values of the facets of each view with nothing filtered. ``facet_rows`` has
for each of these values the set of its rows, by which the values are counted where something is
filtered. After a small change ``updating`` counts only what the change touched.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.facets.definition import OF_TYPE, Facet
from datasette_newsgraph.facets.gathering import (
    Sets,
    facets_together,
    packed_in_zones,
    packed_of_values,
    sets_of_all,
)
from datasette_newsgraph.facets.rowsets import pack
from datasette_newsgraph.identity import VALUE_TYPES
from datasette_newsgraph.store.schema import TABLES, into

#: Values of a facet that are kept, the most frequent: one more than Datasette ever shows, so that it
#: can tell that there are more.
KEPT = 1001

#: Types of entities that have facets of their own: the most frequent, but for values such as dates,
#: which are of one article each.
TYPES = 12
_VALUE_TYPES = ", ".join(f"'{each}'" for each in sorted(VALUE_TYPES))
FREQUENT_TYPES = (
    # One pass over the table: by the index of types each of its rows would be looked up.
    "SELECT type FROM (SELECT type, sum(articles) AS articles FROM entity_counts GROUP BY +type)"
    f" WHERE lower(type) NOT IN ({_VALUE_TYPES}) ORDER BY articles DESC, type LIMIT {TYPES}"
)
#: The types of entities, from one to the next along the index, however many entities are of each.
_ALL_TYPES = (
    "WITH RECURSIVE found (type) AS (SELECT min(type) FROM entity_counts UNION ALL"
    " SELECT (SELECT min(type) FROM entity_counts WHERE type > found.type) FROM found"
    f" WHERE found.type IS NOT NULL) SELECT type FROM found WHERE lower(type) NOT IN ({_VALUE_TYPES})"
    " LIMIT ?"
)

#: The tables of facets, with a place in SQL for each column; and which column of the first is a value.
_PLACES = {
    table: ", ".join("?" * len(TABLES[table].columns)) for table in ("facet_counts", "facet_rows")
}
_VALUE = list(TABLES["facet_counts"].columns).index("value")


def count_facets(db: Database) -> None:
    """Count the facets of all views, and keep the rows of the values of those that are filtered
    most, inside the caller's transaction.
    """
    connection = db.conn
    for table in _PLACES:
        connection.execute(f"DELETE FROM {table}")
    for table, rows in groupby(facet_contents(connection), key=itemgetter(0)):
        connection.executemany(f"{into(table)} VALUES ({_PLACES[table]})", map(itemgetter(1), rows))


def facet_contents(connection: sqlite3.Connection) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the rows of ``facet_counts`` and ``facet_rows``, each with the name of its table."""
    # Once: it takes a look at all entities.
    types = [type_ for (type_,) in connection.execute(FREQUENT_TYPES)]
    for view, together in facets_together():
        if together[0].of_entities:
            yield from _of_entities(connection, view, together, types)
        elif not together[0].pairs:
            yield from _counted(connection, _stored(view, together[0]))
        else:
            for facet, sets in zip(together, sets_of_all(connection, together, KEPT), strict=True):
                yield from _of_values(connection, view, facet, sets)


def _of_values(
    connection: sqlite3.Connection, view: str, facet: Facet, sets: Sets | None
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the rows of a facet; ``sets`` are those of all its values, if there are not too many."""
    if sets is not None:
        # Where all values are kept, how many rows a value has need not be counted again.
        for value, rows in sets:
            yield "facet_counts", (view, facet.name, value, value, rows.bit_count())
            yield "facet_rows", (view, facet.kept, value, pack(rows))
        return
    values = []
    for table, row in _counted(connection, _stored(view, facet)):
        values.append(row[_VALUE])
        yield table, row
    for value, packed in packed_of_values(connection, facet, values):
        yield "facet_rows", (view, facet.kept, value, packed)


def _of_entities(
    connection: sqlite3.Connection, view: str, together: tuple[Facet, ...], types: list[str]
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the rows of a facet of entities, or of one over the main zones and that over all; ``types``
    are those that have facets of their own.
    """
    values = []
    for facet in together:
        yield from _counted(connection, _stored(view, facet))
        values.append(set[str]())
        if facet.pairs:
            # Entities of any type are among those of each.
            query = _stored_by_type(view, facet, "SELECT value FROM json_each(?)")
            for table, row in _counted(connection, query, json.dumps(types)):
                values[-1].add(row[_VALUE])
                yield table, row
    if together[-1].pairs_in_zones:
        for facet, value, packed in packed_in_zones(connection, together, values):
            yield "facet_rows", (view, facet.kept, value, packed)


def _counted(
    connection: sqlite3.Connection, query: str, *parameters: str
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    return (("facet_counts", row) for row in connection.execute(query, parameters))


def types_with_lists(connection: sqlite3.Connection) -> list[str]:
    """Return the types of which the entities have lists of their own, in whatever order."""
    # Where there are few types, they need not be counted to tell which are frequent.
    found = connection.execute(_ALL_TYPES, [TYPES + 1]).fetchall()
    rows = found if len(found) <= TYPES else connection.execute(FREQUENT_TYPES)
    return [row[0] for row in rows]


def count_list(
    connection: sqlite3.Connection, view: str, facet: Facet, of_type: str | None = None
) -> None:
    """Count the values of one facet, or of its entities of one type, inside the caller's
    transaction.
    """
    name = facet.name if of_type is None else f"{facet.name}{OF_TYPE}{of_type}"
    connection.execute("DELETE FROM facet_counts WHERE view = ? AND facet = ?", [view, name])
    if of_type is None:
        connection.execute(f"{into('facet_counts')} {_stored(view, facet)}")
    else:
        query = _stored_by_type(view, facet, ":type")
        connection.execute(f"{into('facet_counts')} {query}", {"type": of_type})


def _stored(view: str, facet: Facet) -> str:
    return (
        f"SELECT * FROM (SELECT '{view}', '{facet.name}', CAST(value AS TEXT) AS value,"
        f" CAST(label AS TEXT) AS label, count FROM"
        f" ({facet.counted}) WHERE value IS NOT NULL ORDER BY {facet.order} LIMIT {KEPT})"
    )


def _stored_by_type(view: str, facet: Facet, types: str) -> str:
    """Return the same for the entities of each of some types."""
    return (
        f"SELECT '{view}', '{facet.name}{OF_TYPE}' || type, value, label, count FROM (SELECT *,"
        " row_number() OVER (PARTITION BY type ORDER BY count DESC, value) AS place"
        f" FROM ({facet.counted}) WHERE type IN ({types})) WHERE place <= {KEPT}"
    )
