"""Derived tables are compared with a recount without holding either: what differs is counted as if both
were sets of rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph.checking.comparing import differing_counts, differing_rows
from datasette_newsgraph.facets.counting import facet_counts_query
from datasette_newsgraph.facets.stored_sets import facet_rows
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


def _as_sets(connection: sqlite3.Connection, table: str) -> int:
    if table in COUNTS:
        right = set(connection.execute(recount_query(table, f"SELECT id FROM {COUNTS[table]}")))
    elif table == "facet_counts":
        right = set(connection.execute(facet_counts_query()))
    else:
        right = set(facet_rows(connection))
    return len(set(connection.execute(select(table))) ^ right)


def _streamed(connection: sqlite3.Connection, table: str) -> int:
    if table in COUNTS:
        return differing_counts(connection, table)
    rows = facet_rows(connection)
    right = connection.execute(facet_counts_query()) if table == "facet_counts" else rows
    return differing_rows(connection, table, right)


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
