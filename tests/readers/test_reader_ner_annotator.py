"""The reader of NER Annotator's exports."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import DamagedInput, RecordError, RecordLeftOut
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers.formats import ner_annotator
from tests.readers.conftest import Load
from tests.readers.recognisers import mentions, parse, reasons

KAUNDA = ["Kaunda left Lusaka.\r", {"entities": [[0, 6, "PERSON"], [12, 18, "LOCATION"]]}]
DOVE = ["🕊️ Kaunda left.", {"entities": [[4, 10, "PERSON"]]}]


def export(*annotations: Any, **others: Any) -> dict[str, Any]:
    return {"classes": ["PERSON", "LOCATION"], "annotations": list(annotations), **others}


def test_each_annotation_is_an_article_with_its_line_end(load: Load) -> None:
    found, articles = load(export(KAUNDA, DOVE))
    assert found == "ner_annotator"
    assert [each.article.text for each in articles] == [KAUNDA[0], DOVE[0]]
    assert mentions(articles[0]) == [("PERSON", 0, 6, None), ("LOCATION", 12, 18, None)]


def test_offsets_are_those_of_javascript(load: Load) -> None:
    _, (parsed,) = load(export(DOVE))
    assert [each.name for each in parsed.article.entities] == ["Kaunda"]


def test_a_text_that_was_skipped_is_counted(tmp_path: Path, db_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(export(None, KAUNDA, None)))
    summary = load_files(db_path, [path])
    assert (summary.new, summary.left_out, summary.rejects) == (1, 2, 0)
    with pytest.raises(RecordLeftOut):
        parse("ner_annotator", None)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"annotations": [KAUNDA, DOVE], "classes": ["PERSON"]}),
        json.dumps(export(KAUNDA, DOVE), indent=1),
        f"{json.dumps(export(KAUNDA))}\n{json.dumps(export(DOVE))}",
        f"\ufeff{json.dumps(export(KAUNDA), indent=1)}\n\ufeff{json.dumps(export(DOVE), indent=1)}",
        json.dumps([export(KAUNDA), export(DOVE)]),
    ],
    ids=["classes last", "on several lines", "lines", "one behind the other", "an array"],
)
def test_a_file_may_be_laid_out_otherwise(load: Load, text: str) -> None:
    found, articles = load(text)
    assert found == "ner_annotator"
    assert [each.article.text for each in articles] == [KAUNDA[0], DOVE[0]]


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ([0, 6], "entities[0]: expected [start, end, label]"),
        (["0", 6, "PERSON"], "entities[0]: expected [start, end, label]"),
        ({"start": 0}, "entities[0]: expected [start, end, label]"),
        ([0, 99, "PERSON"], "entities[0]: 0-99 is not a span of the text (19 long)"),
    ],
)
def test_a_bad_entity_is_a_fault(entity: Any, reason: str) -> None:
    parsed = parse("ner_annotator", ["Kaunda left Lusaka.", {"entities": [entity]}])
    assert reasons(parsed) == [reason]


@pytest.mark.parametrize(
    "pair", [[], ["Kaunda"], [1, {}], ["a", [1]], ["a", {"entities": 3}], [" \r", {}], {}, "a"]
)
def test_what_is_no_pair_is_rejected(pair: Any) -> None:
    with pytest.raises(RecordError):
        parse("ner_annotator", pair)


def test_a_damaged_file_is_read_up_to_the_damage(tmp_path: Path, db_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(export(KAUNDA, DOVE))[:-20])
    with pytest.raises(DamagedInput, match=r"is not JSON \(element of annotations 2: .* was read"):
        load_files(db_path, [path], format_name="ner_annotator")
    with closing(sqlite3.connect(db_path)) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)


def test_no_more_than_a_pair_is_held() -> None:
    from datasette_newsgraph.readers.elements import Stream, elements_of

    asked = []

    def read(size: int) -> bytes:
        asked.append(size)
        if len(asked) == 1:
            return b'{"classes": ["X"], "annotations": ['
        return b'["a", {"entities": []}],' * (size // 24)

    values = elements_of(Stream(read, block=1 << 12), "annotations")
    for _ in range(10_000):
        assert ner_annotator.parse(next(values).raw).article.text == "a"
    assert max(asked) < 1 << 14


def test_what_json_calls_true_is_no_offset() -> None:
    part = ["Oslo wins", {"entities": [[True, 4, "GPE"], [0, 4, "GPE"]]}]
    found = parse("ner_annotator", part)
    assert [(start, end) for _, start, end, _ in mentions(found)] == [(0, 4)]
    assert len(found.faults) == 1
