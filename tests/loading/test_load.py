"""Loading from Python, into connections of all kinds, and full-text search."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlite_utils import Database

import datasette_newsgraph
from datasette_newsgraph.article import Article as ArticleStruct
from datasette_newsgraph.errors import (
    UsageError,
)
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.store import get_base, open_store
from tests.loading.rows_of_a_load import faults, named, search

Article = dict[str, Any]
Rows = list[tuple[Any, ...]]
Query = Callable[..., Rows]
Contents = Callable[..., dict[str, Rows]]


# Full-text search -------------------------------------------------------------------------------


def test_search_follows_every_change(db_path: Path, article: Article) -> None:
    def found() -> list[int]:
        return [
            len(search(db_path, "article_texts", "fallen OR falls")),
            len(search(db_path, "article_texts", "leads")),
            len(search(db_path, "entities", "akhundzada")),
            len(search(db_path, "entities", "kabul")),
            len(search(db_path, "quotes", "won")),
            len(search(db_path, "quotes", "lost")),
        ]

    load(db_path, [article])  # fresh
    assert found() == [1, 1, 1, 1, 1, 0]
    load(db_path, [article | {"id": "a2"}])  # more
    assert found() == [2, 2, 1, 1, 1, 0]
    assert faults(db_path) == []
    lost = {"id": "a2", "text": "“We lost.”", "extractor": article["extractor"]}
    lost["quotes"] = [{"start": 0, "end": 10}]
    load(db_path, [lost])  # replaced
    assert found() == [1, 1, 1, 1, 1, 1]
    assert faults(db_path) == []
    with open_store(db_path, write=True) as db:
        remove_article(db, "a1")
    assert found() == [0, 0, 0, 0, 0, 1]
    assert faults(db_path) == []


def test_search_ignores_case_and_accents(db_path: Path) -> None:
    load(db_path, [{"id": "a1", "title": "Élysée", "entities": [named("Zürich")]}])
    assert search(db_path, "entities", "zurich") == search(db_path, "entities", "ZÜRICH") != set()


# Python -----------------------------------------------------------------------------------------


def test_records_may_be_structs_or_dictionaries(
    tmp_path: Path, article: Article, contents: Contents
) -> None:
    datasette_newsgraph.load(tmp_path / "one.db", [article])
    datasette_newsgraph.load(str(tmp_path / "two.db"), [msgspec.convert(article, ArticleStruct)])
    one, two = contents(tmp_path / "one.db"), contents(tmp_path / "two.db")
    same = one.keys() - {"articles", "sources"}  # there the bytes of a record tell
    assert {table: one[table] for table in same} == {table: two[table] for table in same}


@pytest.mark.parametrize("isolation_level", ["", None, "IMMEDIATE"])
def test_an_open_connection_is_left_as_it_was(
    db_path: Path, article: Article, query: Query, isolation_level: str | None
) -> None:
    with closing(sqlite3.connect(db_path, isolation_level=isolation_level)) as connection:
        load(connection, [article])
        assert connection.isolation_level == isolation_level
        assert not connection.in_transaction
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    assert query("SELECT given_id FROM articles") == [("a1",)]
    assert faults(db_path) == []


def test_a_sqlite_utils_database(db_path: Path, article: Article, query: Query) -> None:
    with closing(sqlite3.connect(db_path)) as connection:
        db = Database(connection)
        load(db, [article])
        load(db, [article | {"title": "Changed"}])
        assert db.table("articles").count == 1
    assert query("SELECT title FROM articles") == [("Changed",)]


def test_a_database_in_memory(article: Article) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        load(connection, [article])
        assert connection.execute("SELECT count(*) FROM entities").fetchone() == (5,)


def test_a_connection_within_a_transaction_is_refused(db_path: Path, article: Article) -> None:
    with closing(sqlite3.connect(db_path)) as connection:
        connection.execute("BEGIN")
        with pytest.raises(UsageError, match="transaction open; commit it first"):
            load(connection, [article])
        assert connection.in_transaction


def test_tables_of_others_stay(db_path: Path, article: Article, change: Any, query: Query) -> None:
    change("CREATE TABLE notes (text)", "INSERT INTO notes VALUES ('mine')")
    load(db_path, [article])
    assert query("SELECT text FROM notes") == [("mine",)]


def test_a_base_is_kept(db_path: Path) -> None:
    load(db_path, [], base_iri="https://example.org/news/-/newsgraph/")
    load(db_path, [{"id": "a1"}])
    with open_store(db_path) as db:
        assert get_base(db) == "https://example.org/news/-/newsgraph/"


@pytest.mark.parametrize(
    "record",
    [
        {"id": "a1", "text": "\ud800"},
        {"id": "a1", "text": "\0"},
        {"id": "a1", "entities": [{"id": "\ud800", "type": "A", "name": "\udfff"}]},
        {"id": "a1", "latitude": float("nan"), "text": "x"},
        {"id": 10**30},
    ],
)
def test_records_that_are_odd_are_taken(db_path: Path, record: Article, query: Query) -> None:
    assert load(db_path, [record]).new == 1
    assert query("SELECT count(*) FROM articles") == [(1,)]
    assert faults(db_path) == []


@pytest.mark.parametrize(
    "record",
    [
        7,
        "a1",
        None,
        [],
        {},
        {"id": object()},
        {"id": {1, 2}},
        {1: 2},
        {"id": "x" * 7, "text": b"\xff"},
    ],
)
def test_records_that_are_none_are_rejects(db_path: Path, record: Any, query: Query) -> None:
    summary = load(db_path, [{"id": "a1"}, record, {"id": "a2"}])
    assert (summary.new, summary.rejected) == (2, 1)
    assert query("SELECT source, line FROM rejects") == [("records", 2)]
