"""What a user adds to a news graph stays, and breaks no load."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.errors import SchemaMismatch, StoreError
from datasette_newsgraph.loading.load import LoadSummary, load_files
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.store import open_store, set_base, transactions
from datasette_newsgraph.store.own_names import all_names
from datasette_newsgraph.store.schema import FULL_TEXT, TABLES

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


def test_a_load_that_others_keep_out_leaves_no_transaction(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    load(database, [ANA])
    with (
        sqlite3.connect(database, isolation_level=None) as reader,
        sqlite3.connect(database, timeout=0.05) as writer,
    ):
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM articles").fetchall()
        with pytest.raises(StoreError, match="locked"):
            load(writer, [BOB])
        assert not writer.in_transaction
        with pytest.raises(StoreError, match="locked"), open_store(writer) as db:
            set_base(db, "https://example.org/news/-/newsgraph/")
        assert not writer.in_transaction
        assert writer.execute("PRAGMA busy_timeout").fetchone() == (50,)
        reader.execute("COMMIT")
        assert load(writer, [BOB]).new == 1
        assert writer.execute("SELECT count(*) FROM articles").fetchone() == (2,)
    assert faults(database) == []


def test_a_load_whose_last_step_is_refused_leaves_no_transaction(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    load(database, [ANA])
    summary = LoadSummary()
    with closing(sqlite3.connect(database)) as writer:
        writer.execute("PRAGMA foreign_keys = ON")
        # Looked at when all is written: the COMMIT fails.
        writer.execute("CREATE TABLE mine (id REFERENCES none (id) DEFERRABLE INITIALLY DEFERRED)")
        writer.execute("CREATE TABLE none (id INTEGER PRIMARY KEY)")
        writer.execute(
            "CREATE TRIGGER noted AFTER INSERT ON articles BEGIN INSERT INTO mine VALUES (7); END"
        )
        given = tmp_path / "b.jsonl"
        given.write_text(json.dumps(BOB), "utf-8")
        with pytest.raises(StoreError, match="FOREIGN KEY constraint failed"):
            load_files(writer, [given], summary=summary)
        assert not writer.in_transaction
        assert summary.new == 0
        writer.execute("DROP TRIGGER noted")
        assert load_files(writer, [given]).new == 1
    assert faults(database) == []


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_a_reader_that_stands_still_keeps_nobody_else_out(
    tmp_path: Path, journal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a load waits for it, others read; when it is gone, the load goes on."""
    database = tmp_path / "news.db"
    load(database, [ANA])
    read: list[int] = []
    with (
        closing(sqlite3.connect(database, isolation_level=None)) as reader,
        closing(sqlite3.connect(database, timeout=0)) as other,
    ):
        reader.execute(f"PRAGMA journal_mode = {journal}")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM articles").fetchall()

        def pause(_: float) -> None:
            read.extend(*other.execute("SELECT count(*) FROM articles"))
            if len(read) == 3:
                reader.execute("ROLLBACK")

        monkeypatch.setattr(transactions, "sleep", pause)
        assert load(database, [BOB]).new == 1
    # With a write-ahead log there is nothing to wait for.
    assert read == ([1] * 3 if journal == "delete" else [])
    assert faults(database) == []


@pytest.mark.parametrize("name", sorted(all_names()))
def test_no_name_that_will_be_ours_is_taken_before(name: str, tmp_path: Path) -> None:
    """It is refused before anything is written, in whatever case, whatever stands there."""
    database = tmp_path / "news.db"
    made = f"CREATE TABLE {name.upper()} (x)"
    with sqlite3.connect(database) as connection:
        connection.execute(made)
    before = database.read_bytes()
    with pytest.raises(SchemaMismatch, match=f"{name.upper()}' that is not newsgraph's; load into"):
        load(database, [ANA])
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW mentions AS SELECT 1",
        "CREATE INDEX article_index ON notes (x)",
        "CREATE TRIGGER zones AFTER INSERT ON notes BEGIN SELECT 1; END",
        "CREATE TABLE _sqlite_migrations (version INTEGER)",
        "CREATE VIEW _sqlite_migrations AS SELECT 1 AS migration_set, 2 AS name",
    ],
)
def test_a_name_taken_by_something_else(statement: str, tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    with sqlite3.connect(database) as connection:
        connection.executescript(f"CREATE TABLE notes (x); {statement};")
    before = database.read_bytes()
    with pytest.raises(SchemaMismatch, match="that is not newsgraph's"):
        load(database, [ANA])
    assert database.read_bytes() == before


@pytest.mark.parametrize(
    "name", [f"{table}_fts{each}" for table in FULL_TEXT for each in ("", "_idx")]
)
def test_a_full_text_name_taken_before_the_first_load_ends(name: str, tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    with open_store(database, make=True):
        pass
    with sqlite3.connect(database) as connection:
        connection.execute(f"CREATE TABLE {name} (mine)")
        connection.execute(f"INSERT INTO {name} VALUES ('kept')")
    with pytest.raises(SchemaMismatch, match=f"{name}' that is not newsgraph's"):
        load(database, [ANA])
    with sqlite3.connect(database) as connection:
        assert connection.execute(f"SELECT mine FROM {name}").fetchall() == [("kept",)]


@pytest.mark.parametrize("index", ["idx_articles_key", "idx_mentions_key", "idx_evidence_best"])
@pytest.mark.parametrize("kind", ["INDEX {} ON notes (x)", "TABLE {} (x)"])
def test_an_index_of_ours_whose_name_is_taken(index: str, kind: str, tmp_path: Path) -> None:
    """Ours gets another name, and that is said once; nothing is amiss then."""
    database = tmp_path / "news.db"
    with sqlite3.connect(database) as connection:
        connection.executescript(f"CREATE TABLE notes (x); CREATE {kind.format(index)};")
    said = [load(database, [each]).indexes_named_alike for each in (ANA, BOB)]
    assert said == [[(index, "notes")] if "INDEX" in kind else [], []]
    assert faults(database) == []
    with sqlite3.connect(database) as connection:
        made = "SELECT tbl_name FROM sqlite_master WHERE name LIKE ? ORDER BY name"
        tables = connection.execute(made, [f"{index}%"]).fetchall()
    assert len(tables) == 2


def test_a_trigger_of_the_users_on_a_table_of_ours(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    load(database, [ANA])
    with sqlite3.connect(database) as connection:
        connection.executescript(
            "CREATE TABLE log (name); CREATE TRIGGER noted AFTER INSERT ON entities"
            " BEGIN INSERT INTO log VALUES (new.name); END;"
        )
    assert load(database, [BOB]).new == 1
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT name FROM log").fetchall() == [("Bob",)]
    assert faults(database) == []


def test_a_trigger_that_passes_over_what_is_there(tmp_path: Path) -> None:
    """What our statements do about a row that cannot be, does not hold in those of a user's trigger."""
    database = tmp_path / "news.db"
    load(database, [ANA])
    with sqlite3.connect(database) as connection:
        connection.executescript(
            "CREATE TABLE log (basis UNIQUE); INSERT INTO log VALUES ('name');"
            "CREATE TRIGGER noted AFTER INSERT ON entities"
            " BEGIN INSERT OR IGNORE INTO log VALUES (new.basis); END;"
        )
    assert load(database, [BOB]).new == 1
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT basis FROM log").fetchall() == [("name",)]
    assert faults(database) == []
