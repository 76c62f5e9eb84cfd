"""Row numbers are found by keys, while a file is filled and later; then the indexes are there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from datasette_newsgraph import load
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.loading import key_numbers
from datasette_newsgraph.loading.key_numbers import KeyNumbers
from datasette_newsgraph.store import indexes, open_store


@pytest.fixture
def new_db(tmp_path: Path) -> Iterator[Database]:
    with open_store(tmp_path / "news.db", make=True) as db:
        yield db


def add_entities(db: Database, *keys: str) -> None:
    db.conn.executemany(
        "INSERT INTO entities (key, type, name, basis) VALUES (?, 'Place', ?, 'name')",
        ((key, key) for key in keys),
    )


def record(number: int) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "text": "Kabul",
        "entities": [{"id": "e", "type": "Place", "name": f"Kabul {number // 2}"}],
    }


def missing(db: Database) -> list[str]:
    return [each.table for each in indexes.missing(db.conn, (*indexes.EARLY, *indexes.LATE))]


@pytest.mark.parametrize(("apart", "gathered"), [(True, 10), (True, 1), (True, 2), (False, 10)])
def test_keys_are_found_whoever_added_them(
    new_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, apart: bool, gathered: int
) -> None:
    """Also those that are gathered, in memory, and those that went to the file."""
    monkeypatch.setattr(key_numbers, "_GATHERED", gathered)
    wanted = ["kabul-1", "paris-2", "rome-3"]
    with closing(KeyNumbers(new_db, apart=apart)) as keys:
        assert keys.find("entities", wanted) == {}
        add_entities(new_db, "paris-2")
        assert keys.find("entities", wanted) == {"paris-2": 1}
        with open_store(tmp_path / "news.db", write=True) as another:
            add_entities(another, "kabul-1")
        assert keys.find("entities", wanted) == {"paris-2": 1, "kabul-1": 2}
        assert keys.find("relations", wanted) == {}


def test_after_a_rollback_row_numbers_are_given_anew(new_db: Database) -> None:
    with closing(KeyNumbers(new_db, apart=True)) as keys:
        new_db.conn.execute("BEGIN")
        add_entities(new_db, "kabul-1")
        assert keys.find("entities", ["kabul-1"]) == {"kabul-1": 1}
        new_db.conn.execute("ROLLBACK")
        keys.forget()
        add_entities(new_db, "rome-3")
        assert keys.find("entities", ["kabul-1", "rome-3"]) == {"rome-3": 1}


def test_a_file_has_its_indexes_when_it_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    during = []

    def records() -> Iterator[dict[str, Any]]:
        for number in range(1001):
            if number == 1000:
                with open_store(path) as db:
                    during.extend(missing(db))
            yield record(number)

    load(path, records())
    assert {"entities", "relations"} <= set(during)
    with open_store(path) as db:
        assert missing(db) == []
        assert not list(check(db))
        assert db.execute("SELECT count(*), max(articles) FROM entity_counts").fetchone() == (
            501,
            2,
        )


def test_records_may_come_from_the_database_that_is_filled(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "news.db")) as connection:
        connection.execute("CREATE TABLE given (number INTEGER)")
        connection.executemany("INSERT INTO given VALUES (?)", ((n,) for n in range(1000)))
        connection.commit()
        rows = connection.execute("SELECT number FROM given")
        assert load(connection, (record(number) for (number,) in rows)).new == 1000
        assert missing(Database(connection)) == []
