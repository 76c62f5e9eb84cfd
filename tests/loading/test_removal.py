"""Removing articles leaves what was there without them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import (
    StoreError,
    UnknownKey,
)
from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.loading.removal import remove_article, remove_source
from datasette_newsgraph.store import open_store
from tests.loading.rows_of_a_load import faults, numbered

Article = dict[str, Any]
Rows = list[tuple[Any, ...]]
Query = Callable[..., Rows]
Write = Callable[..., Path]
Dump = Callable[[Path], dict[str, Rows]]
Contents = Callable[..., dict[str, Rows]]
KEPT = {"settings", "sources", "rejects", "vocabulary"}


@pytest.mark.parametrize("by", ["id", "key", "source"])
def test_removing_leaves_no_row(
    db_path: Path, article: Article, by: str, query: Query, rows_of: Dump
) -> None:
    load(db_path, [article, 7], source="a.jsonl")
    with open_store(db_path, write=True) as db:
        if by == "source":
            assert remove_source(db, "a.jsonl") == 1
        else:
            name = "a1" if by == "id" else query("SELECT key FROM articles")[0][0]
            assert remove_article(db, name) == 1
    left = {table for table, rows in rows_of(db_path).items() if rows}
    assert left <= KEPT
    assert ("rejects" in left) == (by != "source")
    assert faults(db_path) == []


def test_what_was_rejected_of_a_record_goes_with_its_article(
    db_path: Path, article: Article, query: Query, write: Write
) -> None:
    broken = {"id": "5", "name": "Secret Name", "mentions": 7}
    given = {**article, "entities": [*article["entities"], broken]}
    other = {"id": "other", "entities": [broken]}
    again = {**article, "extractor": {"name": "another tool"}}
    path = write("a.jsonl", given, other, again, "{half a line")
    load_files(db_path, [path])
    before = query("SELECT line, item, article_key FROM rejects ORDER BY line")
    with open_store(db_path, write=True) as db:
        remove_article(db, "a1")
    assert {row[0] for row in before} == {1, 2, 3, 4}
    assert before[-1][2] is None
    assert query("SELECT DISTINCT line FROM rejects ORDER BY line") == [(2,), (4,)]
    load_files(db_path, [path])
    assert query("SELECT line, item, article_key FROM rejects ORDER BY line") == before


def test_removing_one_of_two_leaves_the_other(
    tmp_path: Path, article: Article, contents: Contents
) -> None:
    other = {"id": "a2", "entities": article["entities"][:2], "relations": article["relations"][:1]}
    load(tmp_path / "one.db", [other])
    load(tmp_path / "two.db", [article, other])
    with open_store(tmp_path / "two.db", write=True) as db:
        remove_article(db, "a1")
    one, two = (contents(tmp_path / f"{name}.db", provenance=False) for name in ("one", "two"))
    assert two == one


def test_a_candidate_goes_with_either_of_its_entities(
    db_path: Path, article: Article, query: Query
) -> None:
    other = {"id": "a2", "entities": article["entities"][:2]}
    load(db_path, [article, other])
    kept, kept_too, gone = (
        key
        for (key,) in query("SELECT key FROM entities ORDER BY id IN (SELECT entity_id FROM appearances"
                            " GROUP BY 1 HAVING count(*) > 1) DESC LIMIT 3")
    )  # fmt: skip
    with open_store(db_path, write=True) as db:
        db.conn.executemany(
            "INSERT INTO candidates VALUES (NULL, ?, ?, 0.5, '', '[]', '[]', 0)",
            [(kept, gone), (gone, kept_too), (kept, kept_too)],
        )
        remove_article(db, "a1")
    assert query("SELECT left_key, right_key FROM candidates") == [(kept, kept_too)]


def test_what_was_removed_can_be_loaded_again(
    tmp_path: Path, article: Article, write: Write, contents: Contents
) -> None:
    path = write("a.jsonl", article, *numbered(2), "broken")
    db_path = tmp_path / "one.db"
    load_files(db_path, [path])
    before = contents(db_path)
    for remove in (lambda db: remove_article(db, "a1"), lambda db: remove_source(db, "a.jsonl")):
        with open_store(db_path, write=True) as db:
            remove(db)
        load_files(db_path, [path])
        assert contents(db_path) == before
    assert faults(db_path) == []


def test_removing_what_is_not_there(db_path: Path) -> None:
    load(db_path, [{"id": "a1"}], source="a.jsonl")
    with open_store(db_path, write=True) as db:
        with pytest.raises(UnknownKey, match="there is no article 'a2'"):
            remove_article(db, "a2")
        with pytest.raises(
            UnknownKey, match=r"no file of the name 'b' was loaded; there are: a\.jsonl"
        ):
            remove_source(db, "b")


def test_a_missing_database_is_not_made_by_looking(db_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no such database"), open_store(db_path):
        pass
    assert not db_path.exists()
