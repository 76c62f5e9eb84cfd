"""Derived tables are compared with a recount without holding either: what differs is counted as if both
were sets of rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.checking.comparing import Comparison, differing_counts
from datasette_newsgraph.facets import counting
from datasette_newsgraph.facets.catalogue import all_facets
from datasette_newsgraph.facets.counting import FREQUENT_TYPES, facet_contents
from datasette_newsgraph.facets.definition import Facet
from datasette_newsgraph.facets.rowsets import pack, set_of
from datasette_newsgraph.loading.counts import recount_query
from datasette_newsgraph.store.schema import select

#: Tables of counts, and the tables whose rows they count.
COUNTS = {"entity_counts": "entities", "relation_counts": "relations"}
#: What somebody may have done to all or some rows, by table.
DAMAGE = {
    "entity_counts": [
        "UPDATE entity_counts SET mentions = mentions + 1 WHERE entity_id % 3 = 1",
        "UPDATE entity_counts SET last_seen = NULL",
        "UPDATE entity_counts SET type = x'ff' WHERE entity_id = 1",
        "DELETE FROM entity_counts WHERE entity_id % 2",
        "INSERT INTO entity_counts (entity_id, mentions, articles, type) VALUES (9999, 1, 1, 'X')",
        "UPDATE entity_counts SET entity_id = entity_id + 1000 WHERE entity_id < 4",
        "DELETE FROM entities WHERE id = 2",
        "DELETE FROM appearances WHERE entity_id = 3",
        "UPDATE articles SET published = '1999-01-01' WHERE id = 1",
    ],
    "relation_counts": [
        "UPDATE relation_counts SET confidence = 0.25 WHERE relation_id % 2",
        "UPDATE relation_counts SET object_id = NULL",
        "DELETE FROM relation_counts",
        "UPDATE relation_counts SET relation_id = relation_id + 1000",
        "DELETE FROM relations WHERE id = 1",
        "DELETE FROM evidence WHERE relation_id = 2",
    ],
    "facet_counts": [
        "UPDATE facet_counts SET count = count + 1 WHERE facet = 'type'",
        "UPDATE facet_counts SET label = NULL WHERE facet = 'entity'",
        "DELETE FROM facet_counts WHERE view = 'article_index'",
        "UPDATE facet_counts SET value = value || ' '",
        "UPDATE entities SET name = name || '!' WHERE id = 1",
    ],
    "facet_rows": [
        "UPDATE facet_rows SET rows = x'00' WHERE facet = 'type'",
        "DELETE FROM facet_rows WHERE view = 'entity_index'",
        "INSERT INTO facet_rows (view, facet, value, rows) VALUES ('none', 'none', 'none', x'00')",
        "UPDATE articles SET language = 'xx' WHERE id = 1",
    ],
}


@pytest.fixture
def damaged(example_db: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = tmp_path / "news.db"
    path.write_bytes(example_db.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def _lists(connection: sqlite3.Connection, facet: Facet) -> dict[str, list[tuple[Any, ...]]]:
    """The values of a facet, and of each type that has a list of its own, by the name of the list."""
    rows = connection.execute(
        f"SELECT * FROM ({facet.counted}) WHERE value IS NOT NULL ORDER BY {facet.order}"
    ).fetchall()
    lists = {facet.name: rows}
    if facet.of_entities and facet.pairs:
        for (type_,) in connection.execute(FREQUENT_TYPES):
            lists[f"{facet.name}:{type_}"] = [each for each in rows if each[3] == type_]
    return {name: several[: counting.KEPT] for name, several in lists.items()}


def _rows_with(connection: sqlite3.Connection, facet: Facet, value: str) -> list[int]:
    query = f"SELECT row FROM ({facet.pairs}) WHERE value = :value"
    rows = connection.execute(facet.rows_with("value") if facet.links else query, {"value": value})
    return [number for (number,) in rows]


def _recounted(connection: sqlite3.Connection, table: str) -> set[tuple[Any, ...]]:
    """What a table of facets is to have, each value counted and looked up by itself."""
    found: set[tuple[Any, ...]] = set()
    for view, facet in all_facets():
        for name, rows in _lists(connection, facet).items():
            if table == "facet_counts":
                found |= {(view, name, str(row[0]), str(row[1]), row[2]) for row in rows}
            elif facet.pairs and (name != facet.name or not facet.of_entities):
                for value, *_ in rows:
                    numbers = set_of(_rows_with(connection, facet, value))
                    found.add((view, facet.kept, value, pack(numbers)))
    return found


def _as_sets(connection: sqlite3.Connection, table: str) -> int:
    if table in COUNTS:
        right = set(connection.execute(recount_query(table, f"SELECT id FROM {COUNTS[table]}")))
    else:
        right = _recounted(connection, table)
    return len(set(connection.execute(select(table))) ^ right)


def _streamed(connection: sqlite3.Connection, table: str) -> int:
    if table in COUNTS:
        return differing_counts(connection, table)
    comparison = Comparison(connection, table)
    for its_table, row in facet_contents(connection):
        if its_table == table:
            comparison.add(row)
    return comparison.differing()


@pytest.mark.parametrize("table", DAMAGE)
def test_nothing_differs_where_nothing_was_done(damaged: sqlite3.Connection, table: str) -> None:
    assert _streamed(damaged, table) == 0


@pytest.mark.parametrize(
    ("table", "statement"), [(table, each) for table, several in DAMAGE.items() for each in several]
)
def test_as_many_rows_differ_as_in_two_sets(
    damaged: sqlite3.Connection, table: str, statement: str
) -> None:
    damaged.execute(statement)
    assert _streamed(damaged, table) == _as_sets(damaged, table) > 0


@pytest.mark.parametrize("kept", [1, 3])
@pytest.mark.parametrize("table", ["facet_counts", "facet_rows"])
def test_lists_may_be_too_short_for_all_values(
    damaged: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, table: str, kept: int
) -> None:
    monkeypatch.setattr(counting, "KEPT", kept)
    found = [row for its_table, row in facet_contents(damaged) if its_table == table]
    assert sorted(found) == sorted(_recounted(damaged, table))
