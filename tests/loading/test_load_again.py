"""Where articles disagree, and what loading again changes."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.loading.load import LoadOptions, load, load_files
from tests.loading.rows_of_a_load import faults, named, numbered, search

Article = dict[str, Any]
Rows = list[tuple[Any, ...]]
Query = Callable[..., Rows]
Write = Callable[..., Path]
Dump = Callable[[Path], dict[str, Rows]]
Contents = Callable[..., dict[str, Rows]]


# Where articles disagree ------------------------------------------------------------------------


def disagreement(**votes: list[Any]) -> list[Article]:
    """Articles that give one entity the values of each field, in turn."""
    count = max(map(len, votes.values()))
    one = {
        "id": "e",
        "type": "Person",
        "name": "Ana",
        "same_as": ["http://www.wikidata.org/wiki/Q7"],
    }
    return [
        {
            "id": f"a{number}",
            "entities": [
                one
                | {
                    field: values[number]
                    for field, values in votes.items()
                    if number < len(values) and values[number] is not None
                }
            ],
        }
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("votes", "column", "winner"),
    [
        ({"name": ["Ana", "Ann", "Ann"]}, "name", "Ann"),
        ({"name": ["Ann", "Ana"]}, "name", "Ana"),  # a tie: code-point order
        ({"name": ["é", "z", "Z"]}, "name", "Z"),
        ({"name": ["Ann", "Ana"], "mentions": [[{}, {}], [{}]]}, "name", "Ann"),
        ({"name": ["Ann", "Ann", "Ana"], "mentions": [[], [], [{}] * 9]}, "name", "Ann"),
        ({"type": ["Person", "Organization", "Person"]}, "type", "Person"),
        ({"description": [None, None, None, "a poet"]}, "description", "a poet"),
        ({"description": ["a poet", "a writer", "a writer"]}, "description", "a writer"),
        (
            {"latitude": [1, 2, 2], "longitude": [5, 6, 6]},
            "latitude || ',' || longitude",
            "2.0,6.0",
        ),
        # A pair is one value: not the latitude of one article with the longitude of another.
        (
            {"latitude": [1, 1, 2, 2], "longitude": [8, 9, 7, 7]},
            "latitude || ',' || longitude",
            "2.0,7.0",
        ),
        ({"latitude": [None, 1], "longitude": [None, 2]}, "latitude", 1.0),
        ({"latitude": [91], "longitude": [2]}, "latitude", None),
        ({"latitude": [1], "longitude": [None]}, "latitude", None),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_value_of_most_articles_wins(
    db_path: Path,
    query: Query,
    votes: dict[str, list[Any]],
    column: str,
    winner: Any,
    order: int,
) -> None:
    for article in disagreement(**votes)[::order]:
        load(db_path, [article], source=article["id"])
    assert query(f"SELECT {column} FROM entities") == [(winner,)]
    assert faults(db_path) == []


def test_other_names_become_aliases(db_path: Path, query: Query) -> None:
    records = disagreement(name=["Ann", "Ana", "Ana"], aliases=[["Anne"], ["Ann"], []])
    load(db_path, records)
    assert query("SELECT name, alias_text FROM entities") == [("Ana", "Ann\nAnne")]
    # The vote turns: what was the name is an alias now.
    load(db_path, [deepcopy(records[0]) | {"id": each} for each in ("b1", "b2")], source="b")
    assert query("SELECT name, alias_text FROM entities") == [("Ann", "Ana\nAnne")]
    assert search(db_path, "entities", "ana") == search(db_path, "entities", "anne") != set()
    assert faults(db_path) == []


def test_counts_are_of_all_articles(db_path: Path, query: Query) -> None:
    mentions = [{"text": "Kabul"}]
    for day, given in (("2021-08-15", mentions), ("2019", mentions * 2), ("2020-02", [])):
        record = {"id": day, "published": day, "entities": [named("Kabul", mentions=given)]}
        load(db_path, [record], source=day)
    load(db_path, [{"id": "undated", "entities": [named("Kabul")]}])
    assert query("SELECT mentions, articles, first_seen, last_seen FROM entity_counts") == [
        (3, 4, "2019", "2021-08-15")
    ]


# Loading again ----------------------------------------------------------------------------------


def test_loading_a_file_again_changes_nothing(
    db_path: Path, article: Article, write: Write, rows_of: Dump
) -> None:
    off = {"id": "a2", "entities": [{"id": "e1"}], "x": 1}
    path = write("a.jsonl", article, "broken", off, *numbered(3))
    first = load_files(db_path, [path])
    before = rows_of(db_path)
    second = load_files(db_path, [path])
    assert (first.read, first.new, first.rejected, first.parts_rejected) == (6, 5, 1, 1)
    assert (second.read, second.new, second.changed, second.unchanged) == (6, 0, 0, 5)
    assert second.rejects == first.rejects
    assert rows_of(db_path) == before


def test_loading_generated_articles_again_changes_nothing(
    db_path: Path, generated: Callable[[int], list[Article]], write: Write, rows_of: Dump
) -> None:
    path = write("a.jsonl", *generated(250))
    load_files(db_path, [path])
    before, bytes_before = rows_of(db_path), db_path.read_bytes()
    assert load_files(db_path, [path]).unchanged == 250
    assert rows_of(db_path) == before
    assert db_path.read_bytes() == bytes_before  # it was not even written to
    assert faults(db_path) == []


def test_a_changed_article_replaces_its_old_version(
    tmp_path: Path, article: Article, contents: Contents
) -> None:
    changed = deepcopy(article) | {"title": "Kabul has fallen", "quotes": []}
    del changed["entities"][1:3]
    del changed["relations"][:]
    once, twice = tmp_path / "once.db", tmp_path / "twice.db"
    load(once, [changed, *numbered(2)])
    load(twice, [article, *numbered(2)])
    summary = load(twice, [changed, *numbered(2)])
    assert (summary.new, summary.changed, summary.unchanged) == (0, 1, 2)
    assert contents(twice) == contents(once)
    assert faults(twice) == []


@pytest.mark.parametrize("replaced", [0, 1, 2])
def test_a_changed_article_beside_a_new_one(db_path: Path, query: Query, replaced: int) -> None:
    """Row numbers of new articles are none of those that are being replaced."""
    load(db_path, numbered(3))
    changed = {"id": f"n{replaced}", "title": "changed"}
    summary = load(db_path, [{"id": "new1"}, changed, {"id": "new2"}])
    assert (summary.new, summary.changed) == (2, 1)
    assert query("SELECT count(*), count(DISTINCT id) FROM articles") == [(5, 5)]
    assert query("SELECT title FROM articles WHERE given_id = ?", f"n{replaced}") == [("changed",)]


def test_an_entity_that_no_article_names_any_more_goes(db_path: Path, query: Query) -> None:
    load(db_path, [{"id": "a1", "entities": [named("Kabul"), named("Paris")]}])
    load(db_path, [{"id": "a1", "entities": [named("Paris")]}])
    assert query("SELECT name FROM entities") == [("Paris",)]
    assert query("SELECT count(*) FROM entity_counts") == [(1,)]
    assert search(db_path, "entities", "kabul") == set()


def test_the_last_of_several_records_of_one_id_counts(
    db_path: Path, write: Write, query: Query
) -> None:
    path = write("a.jsonl", {"id": "a1", "title": "v1"}, {"id": "a2"}, {"id": "a1", "title": "v2"})
    summary = load_files(db_path, [path])
    assert (summary.new, summary.changed) == (2, 1)
    assert query("SELECT title FROM articles WHERE given_id = 'a1'") == [("v2",)]


@pytest.mark.parametrize("between", [0, 250])
def test_loading_a_file_with_several_records_of_one_id_again_changes_nothing(
    db_path: Path, write: Write, query: Query, contents: Contents, between: int
) -> None:
    one, two = ({"id": "a1", "title": f"v{number}", "text": "x"} for number in (1, 2))
    path = write("a.jsonl", one, *numbered(between, id="a2"), two)
    load_files(db_path, [path])
    before = contents(db_path)
    load_files(db_path, [path])
    assert contents(db_path) == before
    assert query("SELECT title FROM articles WHERE given_id = 'a1'") == [("v2",)]


def test_the_same_record_twice_is_one_article(db_path: Path, write: Write, query: Query) -> None:
    summary = load_files(db_path, [write("a.jsonl", {"id": "a1"}, {"id": "a1"})])
    assert (summary.new, summary.unchanged) == (1, 1)
    assert query("SELECT count(*) FROM articles") == [(1,)]


def test_an_article_that_comes_back_to_what_it_was(
    tmp_path: Path, article: Article, contents: Contents
) -> None:
    once, thrice = tmp_path / "once.db", tmp_path / "thrice.db"
    load(once, [article])
    for record in (article, {"id": "a1", "extractor": article["extractor"]}, article):
        load(thrice, [record])
    assert contents(thrice) == contents(once)
    assert faults(thrice) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [({"name": "spacy"}, {"name": "flair"}), (None, {"name": "flair"}), ({"name": "spacy"}, None)],
)
def test_another_tools_extraction_is_rejected_unless_it_is_to_replace(
    db_path: Path, query: Query, first: Article | None, second: Article | None
) -> None:
    load(db_path, [{"id": "a1", "title": "first", "extractor": first}])
    other = [{"id": "a1", "title": "second", "extractor": second}]
    assert load(db_path, other).rejected == 1
    assert query("SELECT title FROM articles") == [("first",)]
    ((reason,),) = query("SELECT reason FROM rejects")
    assert reason.startswith("other extraction of this article")
    assert "None" not in reason
    assert load(db_path, other, options=LoadOptions(replace=True)).changed == 1
    assert query("SELECT title FROM articles") == [("second",)]
    assert query("SELECT count(*) FROM rejects") == [(0,)]
    assert query("SELECT tool FROM extractions") == ([("flair",)] if second else [])
    assert faults(db_path) == []


def test_another_version_of_the_same_tool_replaces(db_path: Path, query: Query) -> None:
    for version in ("3.7", "3.8"):
        load(db_path, [{"id": "a1", "extractor": {"name": "spacy", "version": version}}])
    assert query("SELECT version FROM extractions") == [("3.8",)]
