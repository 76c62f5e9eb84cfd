"""What a user adds to a news graph stays, and breaks no load."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.errors import SchemaMismatch, StoreError
from datasette_newsgraph.store import open_store, set_base
from datasette_newsgraph.store.check import check
from datasette_newsgraph.store.remove import remove_article
from datasette_newsgraph.store.schema import TABLES

ANA = {
    "id": "a",
    "text": "Ana lives in Rome.",
    "entities": [
        {"id": "1", "type": "Person", "name": "Ana", "mentions": [{"start": 0, "end": 3}]},
        {"id": "2", "type": "Place", "name": "Rome", "mentions": [{"start": 13, "end": 17}]},
    ],
    "relations": [{"subject": "1", "predicate": "lives in", "object": "2"}],
}
BOB = {
    "id": "b",
    "text": "Bob",
    "entities": [
        {"id": "1", "type": "Person", "name": "Bob", "mentions": [{"start": 0, "end": 3}]}
    ],
}


def faults(database: Path) -> list[str]:
    with open_store(database) as db:
        return list(check(db))


@pytest.mark.parametrize("table", TABLES)
def test_a_column_of_the_users_own_in_a_table(table: str, tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    load(database, [ANA])
    with sqlite3.connect(database) as connection:
        connection.execute(f"ALTER TABLE {table} ADD COLUMN note TEXT DEFAULT 'mine'")
    summary = load(database, [{**ANA, "title": "Ana"}, BOB])
    assert (summary.new, summary.changed) == (1, 1)
    with open_store(database, write=True) as db:
        set_base(db, "https://example.org/news/-/newsgraph/")
        remove_article(db, "b")
    assert faults(database) == []


def test_a_load_whose_last_step_is_refused_leaves_no_transaction(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    load(database, [ANA])
    with (
        sqlite3.connect(database, isolation_level=None) as reader,
        sqlite3.connect(database, timeout=0) as writer,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM articles").fetchall()
        with pytest.raises(StoreError, match="locked"):
            load(writer, [BOB])
        assert not writer.in_transaction
        with pytest.raises(StoreError, match="locked"), open_store(writer) as db:
            set_base(db, "https://example.org/news/-/newsgraph/")
        assert not writer.in_transaction
        reader.execute("COMMIT")
        assert load(writer, [BOB]).new == 1
        assert writer.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    assert faults(database) == []


@pytest.mark.parametrize("made", ["TABLE text_parts (x)", "VIEW Searched_Names AS SELECT 1 AS x"])
def test_a_name_that_a_later_version_brings_may_be_taken(made: str, tmp_path: Path) -> None:
    """A table or view of the user's is refused by name, and left as it is."""
    database = tmp_path / "news.db"
    load(database, [ANA])
    kind, name, *_ = made.split()
    with sqlite3.connect(database) as connection:
        connection.execute(f"DROP {kind} {name}")
        connection.execute(f"CREATE {made}")
        later = ("m008_text_parts", "m010_search_in_every_script")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name IN (?, ?)", later)
        if kind == "TABLE":
            for each in ("texts", "names", "quotes"):
                connection.execute(f"DROP VIEW searched_{each}")
                connection.execute(f"DROP TABLE folded_{each}")
    with pytest.raises(SchemaMismatch, match=f"{name}' that is not newsgraph's|text_parts"):
        load(database, [BOB])
    with sqlite3.connect(database) as connection:
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
    assert sql == (f"CREATE {made}",)
