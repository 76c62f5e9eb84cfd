"""What each table holds of a record, and where its spans stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.loading.load import load
from tests.loading.rows_of_a_load import faults, named

Article = dict[str, Any]
Rows = list[tuple[Any, ...]]
Query = Callable[..., Rows]


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
