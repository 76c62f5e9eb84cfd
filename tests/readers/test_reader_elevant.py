"""The reader of ELEVANT's benchmarks and results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.wikidata_classes import CLASSES, most_telling
from tests.readers.conftest import Load
from tests.readers.recognisers import mentions, parse, reasons, same_as

TEXT = "Merkel spoke in Davos. She left it soon."


def label(start: int, end: int, id_: str, name: str, kind: str, **others: Any) -> dict[str, Any]:
    return {
        "id": start,
        "span": [start, end],
        "entity_id": id_,
        "name": name,
        "type": kind,
        **others,
    }


MERKEL = label(0, 6, "Q567", "Angela Merkel", "Q215627")
SHE = label(23, 26, "Q567", "Angela Merkel", "Q215627", coref=True)
DAVOS = label(16, 21, "Q68097", "Davos", "Q2424752|Q27096213")


def article(**changes: Any) -> dict[str, Any]:
    return {
        "id": 3,
        "title": "Davos",
        "text": TEXT,
        "evaluation_span": [0, 40],
        "labels": [MERKEL, DAVOS, SHE],
        **changes,
    }


def test_labels_of_a_benchmark(load: Load) -> None:
    found, (parsed,) = load(json.dumps(article()), "a.jsonl")
    assert found == "elevant"
    assert [(each.type, each.name, each.aliases) for each in parsed.article.entities] == [
        ("Q215627", "Angela Merkel", ["Merkel"]),
        ("Q27096213", "Davos", []),
    ]
    assert [each[1:3] for each in mentions(parsed)] == [(0, 6), (16, 21), (23, 26)]
    assert same_as(parsed)["Davos"] == ["http://www.wikidata.org/entity/Q68097"]
    assert (parsed.article.title, parsed.local_ids) == ("Davos", ("3",))


def test_classes_become_types(tmp_path: Path, db_path: Path, query: Any) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(article()))
    load_files(db_path, [path])
    assert query("SELECT name, type FROM entities ORDER BY 1") == [
        ("Angela Merkel", "Person"),
        ("Davos", "Place"),
    ]


@pytest.mark.parametrize(
    ("classes", "told"),
    [
        (["Q2424752", "Q431289", "Q43229"], "Q43229"),
        (["Q1", "Q215627"], "Q215627"),
        (["Q1", "Q2"], "Q1"),
        ([], None),
    ],
)
def test_of_several_classes_the_most_telling_is_taken(classes: Any, told: str | None) -> None:
    assert most_telling(classes) == told


def test_no_class_has_two_types() -> None:
    from datasette_newsgraph import wikidata_classes

    listed = [each for ids in wikidata_classes._BY_TYPE.values() for each in ids.split()]
    assert len(listed) == len(CLASSES)


def found(start: int, end: int, id_: str, **others: Any) -> dict[str, Any]:
    return {"span": [start, end], "id": id_, "recognized_by": "NER", "linked_by": "WAT", **others}


RESULTS = article(entity_mentions=[found(0, 6, "Q567"), found(16, 21, "<NIL>")])


def test_results_are_taken_and_labels_are_not(load: Load) -> None:
    _, (parsed,) = load(json.dumps(RESULTS), "a.jsonl")
    assert [(each.type, each.name, each.aliases) for each in parsed.article.entities] == [
        ("Q215627", "Angela Merkel", ["Merkel"]),
        ("Thing", "Davos", []),
    ]
    assert list(same_as(parsed)) == ["Angela Merkel"]
    assert parsed.notes.passed_over == {"labels of a benchmark": 3}
    assert parsed.article.extractor is not None
    assert parsed.article.extractor.model == "WAT"


def test_results_without_labels_are_called_by_their_words() -> None:
    given = {**RESULTS, "labels": None}
    given["entity_mentions"] = [
        found(23, 26, "Q567", referenced_span=[0, 6]),
        found(0, 6, "Q567"),
    ]
    (merkel,) = parse("elevant", given).article.entities
    assert (merkel.name, merkel.aliases, len(merkel.mentions)) == ("Merkel", [], 2)


def test_unknown_entities_have_no_identifier() -> None:
    labels = [
        label(0, 6, "Unknown4", "Unknown", "OTHER"),
        label(23, 26, "Unknown4", "Unknown", "OTHER", coref=True),
        label(16, 21, "<NIL>", "NIL", "Q6256"),
    ]
    parsed = parse("elevant", article(labels=labels))
    assert [(each.name, len(each.mentions)) for each in parsed.article.entities] == [
        ("Merkel", 2),
        ("Davos", 1),
    ]
    assert same_as(parsed) == {}


def test_a_title_that_is_an_address_is_one() -> None:
    title = "http://www.mpi-inf.mpg.de/aida/AIDA.tsv/BUS01#char=0,"
    parsed = parse("elevant", article(title=title))
    assert (parsed.article.url, parsed.article.title) == (title, None)


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ([0, 99], "labels[0]: 0-99 is not a span of the text (40 long)"),
        ([0], "labels[0]: has no words"),
        (None, "labels[0]: has no words"),
    ],
)
def test_bad_spans_are_faults(span: Any, reason: str) -> None:
    assert reasons(parse("elevant", article(labels=[{**MERKEL, "span": span}]))) == [reason]


@pytest.mark.parametrize("given", [{}, {"text": ""}, {"text": " ", "labels": []}, []])
def test_without_text_it_is_rejected(given: Any) -> None:
    with pytest.raises(RecordError):
        parse("elevant", given)
