"""Put the sets of rows in ``facet_rows`` right when some rows were touched.

Of a row that was not touched a set says what it said before. So only what the touched articles say now
has to be read, however many other articles name the same entities.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from datasette_newsgraph.facets.counting import KEPT
from datasette_newsgraph.facets.definition import Facet
from datasette_newsgraph.facets.gathering import packed_of_values
from datasette_newsgraph.facets.rowsets import numbers_of, pack, set_of, unpack
from datasette_newsgraph.facets.stored_sets import counted_values, lacking_values, stored_sets
from datasette_newsgraph.store.schema import into
from datasette_newsgraph.store.unsettled import ARTICLE, ENTITIES, LESSENED, noted

_ARTICLES = noted(ARTICLE)
#: The rows of the views whose rows are kept for the values of facets.
_ROWS = {"article_index": _ARTICLES, "entity_index": ENTITIES}
#: Beginning at the entities: SQLite would rather look through the sets of all values.
_ROWS_OF_ENTITIES = (
    "SELECT entities.id, stored.rows FROM entities CROSS JOIN facet_rows AS stored"
    " ON stored.value = entities.key"
    " WHERE entities.id IN ({}) AND stored.view = 'article_index' AND stored.facet = ?"
)
_ROWS_OF_VALUES = (
    "SELECT value, rows FROM facet_rows WHERE view = 'article_index' AND facet = :facet"
    " AND (SELECT count(*) FROM facet_counts WHERE view = 'article_index' AND facet = :facet) < :kept"
)
_GIVEN = "SELECT value FROM json_each(:rows)"

#: What sets are of: the text of a value, or the row number of an entity.
_Of = TypeVar("_Of", str, int)


def changed_sets(connection: sqlite3.Connection, view: str, facet: Facet) -> dict[str, int]:
    """Return the sets of rows that the touched rows change, and those of values that had none: only
    of touched rows.
    """
    before = _unpacked(stored_sets(connection, view, facet))
    if facet.named_by:
        after = _named_now(connection, facet, before)
    else:
        rows = _ROWS[view]
        now = connection.execute(facet.pairs_of(rows))
        after = _replaced(before, _set(connection, rows), _by_text(now))
    return {value: rows for value, rows in after.items() if rows != before.get(value, 0)}


def sets_of_entities(connection: sqlite3.Connection, facet: Facet) -> dict[int, int]:
    """Return the sets of articles of those touched entities that have one, by row number, as they are
    now.
    """
    before = _unpacked(connection.execute(_ROWS_OF_ENTITIES.format(ENTITIES), [facet.kept]))
    found = connection.execute(facet.pairs_of(_ARTICLES))
    now = _sets((entity, article) for entity, article in found if entity in before)
    return _replaced(before, _set(connection, _ARTICLES), now)


def put_sets(
    connection: sqlite3.Connection, view: str, facet: Facet, sets: Mapping[str, int]
) -> None:
    """Keep these sets in place of those of the same values, but for empty ones; and gather those of
    what is now counted and has none.
    """
    names = {"view": view, "facet": facet.kept}
    connection.executemany(
        "DELETE FROM facet_rows WHERE view = ? AND facet = ? AND value = ?",
        ((view, facet.kept, value) for value in sets),
    )
    connection.executemany(
        f"{into('facet_rows')} VALUES (?, ?, ?, ?)",
        ((view, facet.kept, value, pack(rows)) for value, rows in sets.items() if rows),
    )
    connection.execute(
        "DELETE FROM facet_rows WHERE view = :view AND facet = :facet"
        f" AND value NOT IN ({counted_values(facet)})",
        names,
    )
    lacking = lacking_values(connection, view, facet)
    connection.executemany(
        f"{into('facet_rows')} VALUES (?, ?, ?, ?)",
        ((view, facet.kept, *each) for each in packed_of_values(connection, facet, lacking)),
    )


def _named_now(
    connection: sqlite3.Connection, facet: Facet, before: Mapping[str, int]
) -> dict[str, int]:
    """Return the sets of the entities that articles with each value name.

    An entity that an article with a value ceased to name may be named by others that have it. Their
    sets tell where both are kept, that of the value and that of the entity. The articles of the other
    entities are read: they are few.
    """
    of_value = dict(
        _unpacked(connection.execute(_ROWS_OF_VALUES, {"facet": facet.of_articles, "kept": KEPT}))
    )
    lessened = connection.execute(_ROWS_OF_ENTITIES.format(LESSENED), ["entity@all"])
    of_entity = _unpacked(lessened) if of_value else {}
    frequent = set_of(list(of_entity))
    others = _set(connection, LESSENED) & ~frequent
    read = connection.execute(facet.pairs_of(_GIVEN), {"rows": json.dumps(numbers_of(others))})
    after = _replaced(before, others, _by_text(read))
    now = _by_text(connection.execute(facet.named_by.format(articles=_ARTICLES)))
    after = _replaced(after, 0, now)
    for value, rows in after.items():
        articles = of_value.get(value, 0)
        doubtful = numbers_of(rows & frequent & ~now.get(value, 0))
        gone = [entity for entity in doubtful if not articles & of_entity[entity]]
        after[value] = rows & ~set_of(gone)
    return after


def _set(connection: sqlite3.Connection, rows: str) -> int:
    return set_of([row[0] for row in connection.execute(rows)])


def _sets(pairs: Iterable[tuple[_Of, int]]) -> dict[_Of, int]:
    """Return the sets of what is given as pairs of a value and a row number."""
    numbers: dict[_Of, list[int]] = {}
    for value, number in pairs:
        numbers.setdefault(value, []).append(number)
    return {value: set_of(found) for value, found in numbers.items()}


def _by_text(pairs: Iterable[tuple[Any, int]]) -> dict[str, int]:
    return _sets((str(value), number) for value, number in pairs if value is not None)


def _unpacked(stored: Iterable[tuple[_Of, bytes]]) -> dict[_Of, int]:
    return {value: unpack(rows) for value, rows in stored}


def _replaced(before: Mapping[_Of, int], rows: int, now: Mapping[_Of, int]) -> dict[_Of, int]:
    """Return the sets with what holds of some rows now in place of what held before."""
    kept = {value: each & ~rows for value, each in before.items()}
    return kept | {value: kept.get(value, 0) | each for value, each in now.items()}
