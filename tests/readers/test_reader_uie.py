"""The reader of what UIE returns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError, RecordError, RecordLeftOut
from datasette_newsgraph.loading.load import load_files
from tests.readers.conftest import Load
from tests.readers.corpora import statements
from tests.readers.recognisers import mentions, parse, reasons

MANDELA = {"text": "Mandela", "start": 0, "end": 7, "probability": 0.9}
PAARL = {"text": "Paarl", "start": 13, "end": 18, "probability": 0.8}
LEFT = {**MANDELA, "relations": {"left": [{**PAARL, "probability": 0.7}]}}
TEXT = "Mandela left Paarl."


def test_labels_are_types(load: Load) -> None:
    found, (parsed,) = load([{"person": [MANDELA], "place": [PAARL]}])
    assert found == "uie"
    assert mentions(parsed) == [("person", 0, 7, "Mandela"), ("place", 13, 18, "Paarl")]
    assert [each.mentions[0].confidence for each in parsed.article.entities] == [0.9, 0.8]


def test_labels_in_chinese_are_known(tmp_path: Path, db_path: Path, query: Any) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"人物": [{**MANDELA, "text": "曼德拉", "end": 3}]}]))
    load_files(db_path, [path])
    assert query("SELECT name, type FROM entities") == [("曼德拉", "Person")]


@pytest.mark.parametrize("order", [("person", "place"), ("place", "person")])
def test_the_end_of_a_relation_may_have_a_label(order: Any) -> None:
    given: dict[str, Any] = {"person": [LEFT], "place": [PAARL]}
    parsed = parse("uie", {label: given[label] for label in order})
    assert statements(parsed) == [("Mandela", "left", "Paarl")]
    assert len(mentions(parsed)) == 2
    assert parsed.article.relations[0].confidence == 0.7


def test_the_end_of_a_relation_may_be_a_thing() -> None:
    parsed = parse("uie", {"text": TEXT, "person": [LEFT]})
    assert mentions(parsed)[1] == ("Thing", 13, 18, "Paarl")
    assert parsed.article.text == TEXT


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"person": [MANDELA]}, {"person": [MANDELA]}]),
        json.dumps([{}, {"person": [MANDELA]}, {"person": [MANDELA]}]),
        f"{json.dumps([{'person': [MANDELA]}])}\n{json.dumps([{'person': [MANDELA]}])}",
        f"{json.dumps({'person': [MANDELA]})}\n{json.dumps({'person': [MANDELA]})}",
    ],
    ids=["an array", "with an empty one", "an array a line", "lines"],
)
def test_each_result_is_an_article(tmp_path: Path, db_path: Path, query: Any, text: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    summary = load_files(db_path, [path])
    assert set(summary.formats.values()) == {"uie"}
    assert (summary.read - summary.left_out, summary.rejects) == (2, 0)


def test_a_choice_is_counted() -> None:
    choice = {"text": "positive", "probability": 0.9}
    parsed = parse("uie", {"person": [MANDELA], "mood [positive, negative]": [choice]})
    assert parsed.notes.passed_over == {"choices without a span": 1}


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ({"text": "", "start": 0, "end": 0}, "person[0]: has no words"),
        ({"text": 3, "start": 0}, "person[0]: Expected `str | null`, got `int` - at `$.text`"),
        ("x", "person[0]: Expected `object`, got `str`"),
    ],
)
def test_bad_spans_are_faults(span: Any, reason: str) -> None:
    assert reasons(parse("uie", {"text": TEXT, "person": [span]})) == [reason]


def test_relations_within_relations_have_an_end() -> None:
    span = MANDELA
    for _ in range(40):
        span = {**MANDELA, "relations": {"left": [span]}}
    (reason,) = reasons(parse("uie", {"person": [span]}))
    assert reason.endswith("too many relations within others")


def test_what_holds_nothing_is_left_out() -> None:
    for given in ({}, {"person": []}):
        with pytest.raises(RecordLeftOut):
            parse("uie", given)
    for wrong in ({"person": ["x"]}, [], "x"):
        with pytest.raises(RecordError):
            parse("uie", wrong)


def test_a_transcript_is_no_result(load: Load) -> None:
    words = {"text": "Talks", "start": 0, "end": 1, "probability": 0.9}
    with pytest.raises(InputError):
        load({"text": "Talks", "words": [words], "segments": [{"id": 0, "text": "Talks"}]})
