"""Stage 3: what stands in the tables after loading, loading again, replacing and removing."""

from __future__ import annotations

import gzip
import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlite_utils import Database

import datasette_newsgraph
from datasette_newsgraph.article import Article as ArticleStruct
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.errors import (
    InputError,
    StoreError,
    TooManyRejects,
    UnknownKey,
    UsageError,
)
from datasette_newsgraph.loading import intake as intake_module
from datasette_newsgraph.loading.load import LoadOptions, load, load_files
from datasette_newsgraph.loading.removal import remove_article, remove_source
from datasette_newsgraph.loading.source_row import SourceRow
from datasette_newsgraph.store import get_base, open_store
from datasette_newsgraph.store.schema import FULL_TEXT

Article = dict[str, Any]
Rows = list[tuple[Any, ...]]
Query = Callable[..., Rows]
Write = Callable[..., Path]
Dump = Callable[[Path], dict[str, Rows]]
Contents = Callable[..., dict[str, Rows]]


def faults(path: Path) -> list[str]:
    """What ``newsgraph check``, SQLite and FTS5 find wrong."""
    with open_store(path) as db:
        found = list(check(db))
    with closing(sqlite3.connect(path)) as connection:
        found += [str(row) for row in connection.execute("PRAGMA foreign_key_check")]
        for table in FULL_TEXT:
            try:
                connection.execute(
                    f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('integrity-check', 1)"
                )
            except sqlite3.DatabaseError as error:
                found.append(f"{table}_fts: {error}")
        connection.rollback()
    return found


def search(path: Path, table: str, words: str) -> set[str]:
    """The keys of articles or entities, or the surfaces of quotes, that full-text search finds."""
    column = {
        "article_texts": "(SELECT key FROM articles WHERE id = article_id)",
        "entities": "key",
        "quotes": "surface",
    }[table]
    with closing(sqlite3.connect(path)) as connection:
        return {
            row[0]
            for row in connection.execute(
                f"SELECT {column} FROM {table}"
                f" WHERE rowid IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH ?)",
                [words],
            )
        }


def named(name: str, type_: str = "Place", **more: Any) -> Article:
    """An entity record."""
    return {"id": f"{type_}/{name}", "type": type_, "name": name} | more


def numbered(count: int, **more: Any) -> list[Article]:
    """Small articles n0, n1, …, all of them about Kabul."""
    return [
        {"id": f"n{number}", "title": f"Title {number}", "entities": [named("Kabul")]} | more
        for number in range(count)
    ]


# What each table holds --------------------------------------------------------------------------


def test_the_article(db_path: Path, article: Article, query: Query) -> None:
    load(db_path, [article], source="a.jsonl")
    assert query(
        "SELECT key, given_id, title, url, publisher, published, language, licence FROM articles"
    ) == [
        (
            "a1-" + query("SELECT key FROM articles")[0][0][-13:],
            "a1",
            "Kabul falls",
            "https://example.org/2021/kabul-falls",
            "Example Gazette",
            "2021-08-15",
            "en",
            "https://creativecommons.org/licenses/by/4.0/",
        )
    ]
    ((authors, sections),) = query("SELECT authors, sections FROM articles")
    assert json.loads(authors) == ["Ana O'Neil", "Jörg Śliwa"]
    assert json.loads(sections) == ["News", "Afghanistan"]
    assert "Ś" in authors  # to be read and searched in SQL
    assert query("SELECT title, first_line, length, text FROM article_texts") == [
        ("Kabul falls", None, len(article["text"]), article["text"])
    ]
    assert query(
        "SELECT tool, version, model FROM extractions JOIN articles ON extraction_id = extractions.id"
    ) == [("by hand", "1", "eyes")]
    assert query("SELECT name, complete FROM sources JOIN articles ON source_id = sources.id") == [
        ("a.jsonl", 1)
    ]


def test_the_zones(db_path: Path, article: Article, query: Query) -> None:
    load(db_path, [article])
    assert query("SELECT zone, start_char, end_char FROM zones ORDER BY start_char") == [
        ("title", 0, 11),
        ("body", 13, 96),
        ("caption", 98, 123),
    ]


def test_the_entities(db_path: Path, article: Article, query: Query) -> None:
    load(db_path, [article])
    rows = query(
        "SELECT substr(key, 1, length(key) - 14), type, name, alias_text, description, latitude,"
        " longitude FROM entities ORDER BY name"
    )
    assert rows == [
        ("friday", "Date", "Friday", None, None, None, None),
        (
            "q5750959",
            "Person",
            "Hibatullah Akhundzada",
            "Akhundzada",
            "leader of the Taliban",
            None,
            None,
        ),
        ("kabul", "Place", "Kabul", None, None, 34.5, 69.25),
        ("taliban", "Organization", "Taliban", None, None, None, None),
        ("he", "Person", "he", None, None, None, None),
    ]
    assert query("SELECT alias FROM aliases") == [("Akhundzada",)]
    assert query("SELECT iri FROM identifiers") == [("http://www.wikidata.org/entity/Q5750959",)]


def test_the_mentions(db_path: Path, article: Article, query: Query) -> None:
    load(db_path, [article])
    assert query(
        "SELECT start_char, surface, zone, confidence, offset_status, given_start, given_end"
        " FROM mentions ORDER BY start_char"
    ) == [
        (0, "Kabul", "title", None, "exact", 0, 5),
        (13, "Hibatullah Akhundzada", "body", 0.98, "exact", 13, 34),
        (45, "Taliban", "body", None, "exact", 45, 52),
        (69, "he said", "body", None, "exact", 69, 76),
        (80, "Friday", "body", None, "exact", 80, 86),
        (90, "Kabul", "body", None, "exact", 90, 95),
        (117, "Kabul", "caption", None, "exact", 117, 122),
    ]


def test_the_appearances_and_counts(db_path: Path, article: Article, query: Query) -> None:
    load(db_path, [article])
    kabul = "(SELECT id FROM entities WHERE name = 'Kabul')"
    assert query(
        f"SELECT type, name, mentions, main_mentions, mentions_by_zone FROM appearances"
        f" WHERE entity_id = {kabul}"
    ) == [("Place", "Kabul", 3, 2, '{"body": 1, "caption": 1, "title": 1}')]
    assert query(
        "SELECT mentions, articles, first_seen, last_seen FROM entity_counts"
        f" WHERE entity_id = {kabul}"
    ) == [(3, 1, "2021-08-15", "2021-08-15")]
    assert query("SELECT count(*) FROM entity_counts") == [(5,)]


def test_the_relations_and_their_evidence(db_path: Path, article: Article, query: Query) -> None:
    load(db_path, [article])
    assert query(
        "SELECT subject.name, predicate, object.name, value, datatype, start_date, confidence,"
        " start_char, surface, zone, offset_status FROM relations"
        " JOIN entities AS subject ON subject.id = subject_id"
        " LEFT JOIN entities AS object ON object.id = object_id"
        " JOIN evidence ON relation_id = relations.id ORDER BY predicate"
    ) == [
        (
            "Hibatullah Akhundzada",
            "leader of",
            "Taliban",
            None,
            None,
            "2016-05",
            0.93,
            13,
            "Hibatullah Akhundzada leads the Taliban.",
            "body",
            "exact",
        ),
        # Somewhere in the article.
        *[("Taliban", "won on", None, "2021-08-15", "date", *[None] * 5, "unverified")],
    ]


def test_the_quotes(db_path: Path, article: Article, query: Query) -> None:
    load(db_path, [article])
    assert query(
        "SELECT name, verb, direct, start_char, surface, zone, confidence, offset_status"
        " FROM quotes JOIN entities ON speaker_id = entities.id"
    ) == [("Hibatullah Akhundzada", "said", 1, 54, "“We have won,”", "body", 0.9, "exact")]


def test_an_article_of_an_id_only(db_path: Path, query: Query) -> None:
    summary = load(db_path, [{"id": "a1"}])
    assert (summary.read, summary.new, summary.rejects) == (1, 1, 0)
    assert query("SELECT given_id, title, authors, extraction_id FROM articles") == [
        ("a1", None, None, None)
    ]
    assert query("SELECT count(*) FROM article_texts") == [(0,)]
    assert faults(db_path) == []


def test_nothing_at_all(db_path: Path, query: Query) -> None:
    assert load(db_path, []).read == 0
    assert query("SELECT count(*) FROM articles") == [(0,)]
    assert faults(db_path) == []


@pytest.mark.parametrize(
    ("value", "datatype", "stored"),
    [
        ("9 people", None, ("9 people", "string")),
        (9, None, ("9", "number")),
        (9.5, None, ("9.5", "number")),
        (True, None, ("true", "boolean")),
        ("2021-07", "date", ("2021-07", "date")),
        ("", None, ("", "string")),
        (10**30, None, (str(10**30), "number")),
        ("https://example.org/a b", "IRI", ("https://example.org/a%20b", "IRI")),
    ],
)
def test_the_values_of_relations(
    db_path: Path, query: Query, value: Any, datatype: str | None, stored: tuple[str, str]
) -> None:
    relation = {"subject": "e", "predicate": "p", "value": value, "datatype": datatype}
    load(db_path, [{"id": "a1", "entities": [named("x", id="e")], "relations": [relation]}])
    assert query("SELECT value, datatype FROM relations") == [stored]


def test_a_statement_of_two_articles_is_one_relation(db_path: Path, query: Query) -> None:
    entities = [named("Paris", id="e1"), named("France", id="e2")]
    statements = [
        {"subject": "e1", "predicate": predicate, "object": "e2", "confidence": confidence}
        for predicate, confidence in [("capital of", 0.9), ("capitalOf", 0.4), ("Capital_Of", 7)]
    ]
    load(
        db_path,
        [
            {"id": "a1", "entities": entities, "relations": statements[:2]},
            {"id": "a2", "entities": entities, "relations": statements[2:]},
        ],
    )
    assert query("SELECT predicate FROM relations") == [("capital of",)]
    assert query(
        "SELECT given_id, confidence FROM evidence JOIN articles ON article_id = articles.id"
        " ORDER BY evidence.id"
    ) == [("a1", 0.9), ("a1", 0.4), ("a2", None)]
    assert faults(db_path) == []


def test_records_of_one_entity_in_one_article_are_one_appearance(
    db_path: Path, query: Query
) -> None:
    entities = [
        named("Kabul", id="e1", mentions=[{"start": 0, "end": 5}], aliases=["Kabul", "Caboul"]),
        named("KABUL", id="e2", mentions=[{"start": 6, "end": 11}], description="a city"),
    ]
    load(db_path, [{"id": "a1", "text": "Kabul KABUL", "entities": entities}])
    assert query("SELECT name, description, mentions FROM appearances") == [("Kabul", "a city", 2)]
    assert query("SELECT alias FROM aliases ORDER BY alias") == [("Caboul",), ("KABUL",)]
    assert query("SELECT surface FROM mentions ORDER BY start_char") == [("Kabul",), ("KABUL",)]
    assert faults(db_path) == []


@pytest.mark.parametrize("first", [True, False])
def test_a_name_of_punctuation_is_kept(db_path: Path, query: Query, first: bool) -> None:
    paris = ["http://www.wikidata.org/entity/Q90"]
    entities = [named("Paris", same_as=paris), named("…", same_as=paris)]
    load(db_path, [{"id": "a1", "entities": entities if first else entities[::-1]}])
    assert query("SELECT count(*) FROM entities") == [(1,)]
    assert faults(db_path) == []


# Spans ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ({"start": 0, "end": 5, "text": "Kabul"}, (0, 5, "Kabul", "exact")),
        ({"start": 0, "end": 5}, (0, 5, "Kabul", "unverified")),
        ({}, (None, None, None, "unverified")),
        ({"start": 1, "end": 6, "text": "Kabul"}, (0, 5, "Kabul", "converted")),  # from 1
        ({"start": 0, "end": 5, "text": "kabul"}, (0, 5, "Kabul", "normalised")),
        ({"start": 0, "end": 5, "text": "Bamako"}, (None, None, "Bamako", "unlocated")),
        ({"start": 5, "end": 0, "text": "Kabul"}, (0, 5, "Kabul", "moved")),
        ({"start": 3, "end": 3, "text": ""}, (None, None, "", "unlocated")),
        ({"start": -5, "end": 5, "text": "Kabul"}, (0, 5, "Kabul", "moved")),
        ({"start": 12, "end": 99}, (None, None, None, "unlocated")),
        ({"start": 0, "text": "Kabul"}, (0, 5, "Kabul", "moved")),
        ({"text": "Kabul"}, (0, 5, "Kabul", "moved")),
        ({"start": 0, "end": 10**30}, (None, None, None, "unlocated")),
        ({"start": 13, "end": 14, "text": "🚀"}, (13, 14, "🚀", "exact")),  # code points
        ({"start": 14, "end": 16, "text": "cd"}, (14, 16, "cd", "exact")),
    ],
)
def test_a_span_stands_only_where_the_text_reads_its_surface(
    db_path: Path, query: Query, mention: Article, expected: tuple[Any, ...]
) -> None:
    summary = load(
        db_path,
        [
            {
                "id": "a1",
                "text": "Kabul falls. 🚀cd",
                "entities": [named("Kabul", id="e", mentions=[mention])],
                "quotes": [{"speaker": "e", **mention}],
                "relations": [
                    {"subject": "e", "predicate": "p", "value": 1, "evidence": [mention]}
                ],
            }
        ],
    )
    # What SQLite cannot hold is not kept.
    given = tuple(
        value if value is None or value < 1 << 63 else None
        for value in (mention.get("start"), mention.get("end"))
    )
    for table in ("mentions", "quotes", "evidence"):
        assert query(
            "SELECT start_char, end_char, surface, offset_status, given_start, given_end"
            f" FROM {table}"
        ) == [expected + given]
    assert summary.spans == {expected[-1]: 3}
    assert faults(db_path) == []


def test_spans_without_a_text_are_unverified(db_path: Path, query: Query) -> None:
    mentions = [{"start": 0, "end": 5, "text": "Kabul"}]
    load(db_path, [{"id": "a1", "entities": [named("Kabul", mentions=mentions)]}])
    assert query("SELECT start_char, given_start, surface, offset_status FROM mentions") == [
        (None, 0, "Kabul", "unverified")
    ]
    assert faults(db_path) == []


def test_spans_are_counted_by_their_status(db_path: Path) -> None:
    mentions = [
        {"start": 0, "end": 9, "text": "New York "},
        {"start": 0, "end": 8, "text": "Bamako"},
        {"start": 0, "end": 3, "text": "New"},
    ]
    summary = load(
        db_path, [{"id": "a1", "text": "New\nYork x", "entities": [named("x", mentions=mentions)]}]
    )
    assert summary.spans == {"exact": 1, "normalised": 1, "unlocated": 1}


@pytest.mark.parametrize("confidence", [-0.1, 1.01, 98, "0.9", True, 10**400])
def test_a_confidence_that_is_none_is_null_and_counted(
    db_path: Path, query: Query, confidence: Any
) -> None:
    mentions = [{"confidence": confidence}, {"confidence": 1}, {"confidence": 0}]
    summary = load(db_path, [{"id": "a1", "entities": [named("x", mentions=mentions)]}])
    assert query("SELECT confidence FROM mentions ORDER BY id") == [(None,), (1.0,), (0.0,)]
    assert summary.numbers_dropped == 1
    assert summary.rejects == 0


@pytest.mark.parametrize(
    ("zones", "expected"),
    [
        ([], "body"),
        ([("title", 0, 5)], "title"),
        ([("title", 1, 5)], "body"),
        ([("body", 0, 9), ("caption", 0, 3)], "caption"),
        ([("caption", 0, 3), ("body", 0, 9)], "caption"),
        ([("title", 0, 1), ("body", 2, 9), ("footer", 9, 12)], "title"),
    ],
)
def test_the_zone_of_a_mention_is_the_innermost_that_holds_its_start(
    db_path: Path, query: Query, zones: list[tuple[str, int, int]], expected: str
) -> None:
    load(
        db_path,
        [
            {
                "id": "a1",
                "text": "Kabul falls.",
                "zones": [{"zone": name, "start": s, "end": e} for name, s, e in zones],
                "entities": [named("Kabul", mentions=[{"start": 0, "end": 5}])],
            }
        ],
    )
    assert query("SELECT zone FROM mentions") == [(expected,)]


@pytest.mark.parametrize("text", [None, "Kabul falls."])
@pytest.mark.parametrize("bounds", [(5, 5), (5, 2), (-1, 3), (0, 10**30), (0, 99)])
def test_a_zone_that_is_no_span_is_rejected(
    db_path: Path, query: Query, text: str | None, bounds: tuple[int, int]
) -> None:
    if text is None and bounds == (0, 99):
        pytest.skip("without a text nobody knows")
    zone = {"zone": "title", "start": bounds[0], "end": bounds[1]}
    load(db_path, [{"id": "a1", "text": text, "zones": [zone]}])
    ((reason,),) = query("SELECT reason FROM rejects")
    assert reason == f"zones[0]: {bounds[0]}-{bounds[1]} is not a span of the text"
    assert query("SELECT count(*) FROM zones") == [(0,)]


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


# Rejects ----------------------------------------------------------------------------------------


def test_what_is_rejected_stands_in_a_table(db_path: Path, write: Write, query: Query) -> None:
    part = {"subject": "e1", "predicate": "p", "object": "e9"}
    path = write(
        "a.jsonl",
        {"id": "a1"},
        '{"id": "broken',
        "",
        {"id": "a2", "entities": [named("Kabul", id="e1")], "relations": [part]},
    )
    load_files(db_path, [path])
    rows = query("SELECT source, line, item, reason, raw FROM rejects ORDER BY line")
    assert rows[0][:3] == ("a.jsonl", 2, 0)
    assert rows[0][3].startswith("not JSON")
    assert rows[0][4] == '{"id": "broken'
    assert rows[1][:4] == (
        "a.jsonl",
        4,
        1,
        "relations[0]: the article has no entity 'e9' (object)",
    )
    assert json.loads(rows[1][4]) == part
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"relations": [{"subject": "e9", "predicate": "p", "value": 1}]}, "'e9' (subject)"),
        ({"relations": [{"subject": "e1", "predicate": "p", "object": "e9"}]}, "'e9' (object)"),
        ({"quotes": [{"speaker": "e9", "text": "x"}]}, "'e9' (speaker)"),
        ({"relations": [{"subject": "e1", "predicate": "p"}]}, "neither an object nor a value"),
        ({"relations": [{"subject": "e1", "predicate": " ", "value": 1}]}, "has no predicate"),
        (
            {"relations": [{"subject": "e1", "predicate": "p", "object": "e1", "value": 1}]},
            "both an object and a value",
        ),
        (
            {"relations": [{"subject": "e1", "predicate": "p", "value": "x", "datatype": "IRI"}]},
            "'x' is not an absolute IRI",
        ),
    ],
)
def test_a_part_that_cannot_be_taken_leaves_the_rest(
    db_path: Path, query: Query, part: Article, reason: str
) -> None:
    record = {"id": "a1", "entities": [named("Kabul", id="e1")]} | part
    summary = load(db_path, [record])
    assert (summary.new, summary.rejected, summary.parts_rejected) == (1, 0, 1)
    ((table, found),) = query("SELECT 'rejects', reason FROM rejects")
    assert found.startswith(f"{next(iter(part))}[0]: ")
    assert reason in found
    assert query("SELECT name FROM entities") == [("Kabul",)]
    assert query("SELECT article_id, faults FROM article_faults") == [(1, 1)]
    assert table == "rejects"


@pytest.mark.parametrize("given", ["", " ", "\n"])
def test_an_id_that_says_nothing_is_none(db_path: Path, query: Query, given: str) -> None:
    """Else all such articles would be one, each in the place of the one before."""
    assert load(db_path, [{"id": given, "title": "x"}]).rejected == 1
    assert query("SELECT reason FROM rejects") == [("the article's id is empty",)]


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        ([named("", id="e1")], "entities[0]: has no name"),
        ([named("x", type="")], "entities[0]: has no type"),
        ([named("x", id="e1"), named("y", id="e1")], "entities[1]: the id 'e1' is given twice"),
        ([named("x", same_as=["Q90"])], "entities[0].same_as: 'Q90' is not an absolute IRI"),
        # The number is the entity's in the file, although the first is lost before.
        (
            [{"id": "e0"}, named("x", id="e1"), named("y", id="e1")],
            "entities[2]: the id 'e1' is given twice",
        ),
    ],
)
def test_entities_that_cannot_be_taken(
    db_path: Path, query: Query, entities: list[Article], reason: str
) -> None:
    load(db_path, [{"id": "a1", "entities": entities}])
    assert query("SELECT reason FROM rejects ORDER BY item")[-1] == (reason,)
    assert faults(db_path) == []


@pytest.mark.parametrize("letter", ["x", "é", "😀", "\\u0000"])
def test_the_raw_text_of_a_reject_is_cut_at_two_kilobytes(
    db_path: Path, write: Write, query: Query, letter: str
) -> None:
    path = write(
        "a.jsonl",
        '{"id":"' + letter * 3000,
        {"id": "a1", "quotes": [{"speaker": "e9", "text": letter * 3000}]},
    )
    load_files(db_path, [path])
    sizes = [len(raw.encode()) for (raw,) in query("SELECT raw FROM rejects")]
    assert len(sizes) == 2
    assert all(2000 < size <= 2048 for size in sizes)


def test_a_mended_file_takes_its_rejects_back(db_path: Path, write: Write, query: Query) -> None:
    load_files(db_path, [write("b.jsonl", "broken too", {"id": "b1"})])
    load_files(
        db_path, [write("a.jsonl", {"id": "a1"}, "broken", {"id": "a2", "quotes": [7]}, "x")]
    )
    assert query("SELECT line, item FROM rejects WHERE source = 'a.jsonl'") == [
        (2, 0),
        (3, 1),
        (4, 0),
    ]
    load_files(db_path, [write("a.jsonl", {"id": "a1"}, {"id": "a3"}, {"id": "a2", "quotes": []})])
    assert query("SELECT source, line FROM rejects") == [("b.jsonl", 1)]
    assert query("SELECT given_id FROM articles ORDER BY 1") == [("a1",), ("a2",), ("a3",), ("b1",)]
    assert query("SELECT * FROM article_faults") == []


def test_rejects_move_with_their_lines(db_path: Path, write: Write, query: Query) -> None:
    lines = ["broken", {"id": "a1", "quotes": [7, 8]}]
    load_files(db_path, [write("a.jsonl", *lines)])
    load_files(db_path, [write("a.jsonl", {"id": "a0"}, *lines)])
    assert query("SELECT line, item FROM rejects ORDER BY line, item") == [(2, 0), (3, 1), (3, 2)]


@pytest.mark.parametrize("separator", [", ", ",\n"])
@pytest.mark.parametrize("count", [3, 450])
def test_broken_records_of_an_array(
    db_path: Path, tmp_path: Path, query: Query, rows_of: Dump, separator: str, count: int
) -> None:
    path = tmp_path / "a.json"
    good = [json.dumps(each) for each in numbered(count)]
    bad = ['{"no": "id"}', '{"id": "b1", "quotes": [1, 2]}', '"text"', '{"id": "b2", "zones": [1]}']
    path.write_text("[" + separator.join([*good, *bad]) + "]")
    summary = load_files(db_path, [path])
    assert (summary.new, summary.rejected, summary.parts_rejected) == (count + 2, 2, 3)
    assert query("SELECT line, item, raw FROM rejects ORDER BY line, item") == [
        (count + 1, 0, bad[0]),
        (count + 2, 1, "1"),
        (count + 2, 2, "2"),
        (count + 3, 0, bad[2]),
        (count + 4, 1, "1"),
    ]
    before = rows_of(db_path)
    load_files(db_path, [path])
    assert rows_of(db_path) == before


def test_files_of_one_name_in_two_directories_keep_their_rejects(
    db_path: Path, write: Write, query: Query
) -> None:
    load_files(
        db_path, [write("x/a.jsonl", "broken", {"id": "a0"}), write("y/a.jsonl", {"id": "a1"})]
    )
    assert query("SELECT count(*) FROM rejects") == [(1,)]


def test_a_thousand_broken_lines_among_good_ones(db_path: Path, write: Write, query: Query) -> None:
    good = [json.dumps(each) for each in numbered(2000)]
    lines = [line for pair in zip(good[:1000], [g[:-9] for g in good[1000:]]) for line in pair]  # noqa: B905
    summary = load_files(db_path, [write("a.jsonl", *lines)])
    assert (summary.new, summary.rejected) == (1000, 1000)
    assert query("SELECT count(*), min(line), max(line) FROM rejects") == [(1000, 2, 2000)]
    assert faults(db_path) == []


@pytest.mark.parametrize(("limit", "new", "rejected"), [(0, 1, 1), (1, 2, 2), (2, 3, 3)])
def test_too_many_rejects_stop_a_load_and_keep_what_came_before(
    db_path: Path, write: Write, query: Query, limit: int, new: int, rejected: int
) -> None:
    lines = [each for number in range(5) for each in ({"id": f"a{number}"}, "broken")]
    path = write("a.jsonl", *lines)
    with pytest.raises(TooManyRejects, match=rf"^a\.jsonl: line {2 * rejected}: "):
        load_files(db_path, [path], options=LoadOptions(max_errors=limit))
    assert query("SELECT count(*) FROM articles") == [(new,)]
    assert query("SELECT count(*) FROM rejects") == [(rejected,)]
    assert faults(db_path) == []


@pytest.mark.parametrize("after", [[], [{"id": "a2"}], ["broken again"]])
def test_a_load_after_one_with_too_many_rejects_keeps_them(
    db_path: Path, write: Write, query: Query, after: list[Any]
) -> None:
    path = write("a.jsonl", {"id": "a1"}, "broken", *after)
    with pytest.raises(TooManyRejects):
        load_files(db_path, [path], options=LoadOptions(max_errors=0))
    load_files(db_path, [path])
    expected = [(2,)] + [(3,)] * (after == ["broken again"])
    assert query("SELECT line FROM rejects ORDER BY line") == expected


def test_what_was_rejected_before_a_load_goes_on_counts_as_well(
    db_path: Path, write: Write
) -> None:
    """Else ``--strict`` would be content with a file once it has been interrupted."""
    path = write("a.jsonl", {"id": "a1"}, "broken", {"id": "a2", "quotes": [7]}, "broken")
    with pytest.raises(TooManyRejects):
        load_files(db_path, [path], options=LoadOptions(max_errors=1))
    summary = load_files(db_path, [path])
    assert summary.resumed == [("a.jsonl", 3)]
    assert (summary.rejected, summary.parts_rejected) == (2, 1)


# Interrupted between two transactions -----------------------------------------------------------


class Killed(BaseException):
    """Stands for a process that ends there."""


@pytest.mark.parametrize(
    ("at", "of"), [("finish", SourceRow), ("_commit", intake_module.Intake), ("note", SourceRow)]
)
@pytest.mark.parametrize("calls", [1, 2, 3])
@pytest.mark.parametrize("settled", [False, True])
def test_a_load_that_ends_anywhere_is_completed_by_the_next(
    tmp_path: Path,
    write: Write,
    contents: Contents,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
    of: type,
    calls: int,
    settled: bool,
) -> None:
    """``settled``: into a database that was filled before."""
    lines: list[Any] = numbered(450)
    lines[100] = lines[399] = lines[449] = "broken"
    lines[7] |= {"quotes": [1]}
    path = write("a.jsonl", *lines)
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    for db in (whole, broken):
        load(db, numbered(3, title="old") if settled else [])
    load_files(whole, [path])
    with monkeypatch.context() as patch:
        if hasattr(intake_module, "COMMIT_RECORDS"):
            patch.setattr(intake_module, "COMMIT_RECORDS", 200)
        real = getattr(of, at)
        left = calls

        def dying(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return real(*arguments, **options)

        patch.setattr(of, at, dying)
        with suppress(Killed):
            load_files(broken, [path])
    load_files(broken, [path])
    assert contents(broken) == contents(whole)
    assert faults(broken) == []


def test_a_failing_iterable_leaves_a_database_that_the_next_load_completes(
    tmp_path: Path, contents: Contents
) -> None:
    def failing() -> Any:
        yield from numbered(300)
        raise ZeroDivisionError

    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    load(whole, numbered(301))
    with pytest.raises(ZeroDivisionError):
        load(broken, failing())
    load(broken, numbered(301))
    assert contents(broken) == contents(whole)
    assert faults(broken) == []


def test_damage_and_too_many_rejects_together(db_path: Path, tmp_path: Path, query: Query) -> None:
    """The records before the damage are the ones that are too many."""
    path = tmp_path / "a.jsonl.gz"
    noise = random.Random(1).randbytes(4000).hex().encode()
    data = gzip.compress(b'{"id":"a1"}\nbroken\n{"id":"a2","x":"' + noise + b'"}\n')
    path.write_bytes(data[:-100])
    with pytest.raises((InputError, TooManyRejects)):
        load_files(db_path, [path], options=LoadOptions(max_errors=0))
    assert query("SELECT given_id FROM articles") == [("a1",)]
    assert query("SELECT line FROM rejects") == [(2,)]
    assert faults(db_path) == []


# Any order, any split ---------------------------------------------------------------------------


def shuffled(records: list[Article], seed: int) -> list[Article]:
    return random.Random(seed).sample(records, len(records))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_articles_does_not_matter(
    tmp_path: Path,
    generated: Callable[[int], list[Article]],
    contents: Contents,
    seed: int,
) -> None:
    records = generated(120)
    load(tmp_path / "one.db", records)
    load(tmp_path / "two.db", shuffled(records, seed))
    assert contents(tmp_path / "two.db") == contents(tmp_path / "one.db")


@pytest.mark.parametrize("files", [2, 7])
def test_how_articles_are_split_into_files_does_not_matter(
    tmp_path: Path,
    generated: Callable[[int], list[Article]],
    contents: Contents,
    files: int,
) -> None:
    records = generated(120)
    load(tmp_path / "one.db", records)
    for number in range(files):
        load(tmp_path / "two.db", records[number::files], source=f"part {number}")
    one, two = (contents(tmp_path / f"{name}.db", provenance=False) for name in ("one", "two"))
    assert two == one
    assert faults(tmp_path / "two.db") == []


def test_the_size_of_chunks_does_not_matter(
    tmp_path: Path,
    generated: Callable[[int], list[Article]],
    rows_of: Dump,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write("a.jsonl", *generated(60), "broken")
    load_files(tmp_path / "one.db", [path])
    monkeypatch.setattr(intake_module, "CHUNK_RECORDS", 7)
    load_files(tmp_path / "two.db", [path])
    assert rows_of(tmp_path / "two.db") == rows_of(tmp_path / "one.db")


def test_a_load_of_changed_articles_is_a_load_of_the_new_file(
    tmp_path: Path, generated: Callable[[int], list[Article]], contents: Contents
) -> None:
    new = generated(90)
    old = deepcopy(new)
    chance = random.Random(3)
    for record in chance.sample(old, 40):
        record["title"] += " (old)"
        chance.shuffle(record["entities"])
        record["relations"] = []
        record["quotes"] *= 2
        record["entities"][0]["name"] = "Somebody Else"
    load(tmp_path / "new.db", new)
    load(tmp_path / "changed.db", old)
    assert load(tmp_path / "changed.db", new).changed == 40
    assert contents(tmp_path / "changed.db") == contents(tmp_path / "new.db")
    assert faults(tmp_path / "changed.db") == []


def test_loading_and_removing_leaves_what_was_there(
    tmp_path: Path, generated: Callable[[int], list[Article]], contents: Contents
) -> None:
    records = generated(80)
    load(tmp_path / "one.db", records[:40], source="first")
    load(tmp_path / "two.db", records[:40], source="first")
    load(tmp_path / "two.db", records[40:], source="second")
    with open_store(tmp_path / "two.db", write=True) as db:
        assert remove_source(db, "second") == 40
    one, two = (contents(tmp_path / f"{name}.db", provenance=False) for name in ("one", "two"))
    assert two == one
    assert faults(tmp_path / "two.db") == []


@pytest.mark.parametrize("name", ["wikinews.jsonl", "re3d-us.jsonl"])
def test_real_articles(
    tmp_path: Path, shared_corpora: Path, contents: Contents, write: Write, name: str
) -> None:
    path = shared_corpora / name
    summary = load_files(tmp_path / "one.db", [path])
    assert summary.new == summary.read > 20
    assert summary.rejected == 0
    assert faults(tmp_path / "one.db") == []
    backwards = write(name, *reversed(path.read_bytes().rstrip(b"\n").split(b"\n")))
    load_files(tmp_path / "two.db", [backwards])
    one, two = (contents(tmp_path / f"{each}.db", provenance=False) for each in ("one", "two"))
    assert two == one


# Extractions that differ in nothing that can be seen --------------------------------------------


def test_a_version_of_nothing_is_none(tmp_path: Path, contents: Contents) -> None:
    records = [
        {"id": "a1", "extractor": {"name": "spacy", "version": ""}},
        {"id": "a2", "extractor": {"name": "spacy"}},
    ]
    load(tmp_path / "one.db", records)
    load(tmp_path / "two.db", records[::-1])
    assert contents(tmp_path / "two.db") == contents(tmp_path / "one.db")


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


# Removing ---------------------------------------------------------------------------------------

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
