"""The reader of doccano: all its versions, and records about one text."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.annotations import (
    counts,
    cut,
    lines,
    names,
    parse,
    read,
    reasons,
    refusal,
    spans,
    statements,
)

Json = dict[str, Any]
LIBERIA = "Ellen Johnson Sirleaf led Liberia."


@pytest.mark.parametrize(
    "record",
    [
        {"text": LIBERIA, "label": [[0, 21, "PER"]]},
        {"text": LIBERIA, "labels": [[0, 21, "PER"]]},
        {"text": LIBERIA, "entities": [[0, 21, "PER"]]},
        {"id": 1, "data": LIBERIA, "label": [[0, 21, "PER"]]},
        {"text": LIBERIA, "entities": [{"start_offset": 0, "end_offset": 21, "label": "PER"}]},
    ],
)
def test_doccano_of_all_versions(record: Json, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(record, {"id": 2, "text": "Nothing.", "label": []}))
    first, second = read("doccano", path)
    assert names(first) == [("PER", "Ellen Johnson Sirleaf")]
    assert spans(first) == [(0, 21, None)]
    assert second.article.text == "Nothing."


def test_doccano_labels_by_number() -> None:
    annotations = [{"label": 5, "start_offset": 0, "end_offset": 21, "user": 1}, {"label": 6}]
    found = parse("doccano", {"id": 1, "text": LIBERIA, "annotations": annotations})
    assert names(found) == [("5", "Ellen Johnson Sirleaf")]


@pytest.mark.parametrize("label", [["Positive"], "Positive", None, [], [None, 3]])
def test_doccano_labels_of_the_whole_text(label: Any) -> None:
    found = parse("doccano", {"id": 1, "text": LIBERIA, "label": label})
    assert not found.article.entities
    assert not found.faults


@pytest.mark.parametrize("of_whole", [{"entities": [], "relations": []}, {"label": []}])
def test_doccano_whose_first_texts_nobody_has_labelled(of_whole: Json, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    first = [{"id": number, "text": f"Text {number}.", **of_whole} for number in range(2000)]
    path.write_bytes(lines(*first))
    assert counts(read("doccano", path)) == (2000, 0, 0, 0)
    if "label" in of_whole:
        return
    # Ids that are words are those of article records.
    path.write_bytes(lines(*({**each, "id": str(each["id"])} for each in first)))
    with closing(Source(path)) as source:
        assert recognise(source).name == "record"


@pytest.mark.parametrize(
    "part",
    [["GPE", 0, 5], ["Paris", "GPE"], [0, 5], [0, "5", "GPE"], [0, 5, None], [], [[0], 5, "GPE"]],
)
def test_doccano_lists_that_are_no_spans(part: list[Any]) -> None:
    found = parse("doccano", {"text": "Paris is a city.", "entities": [part, [0, 5, "GPE"]]})
    assert names(found) == [("GPE", "Paris")]
    assert reasons(found) == ["entities[0]: expected [start, end, label]"]


def test_doccano_relations_and_columns() -> None:
    entities = [
        {"id": 11, "label": "PER", "start_offset": 0, "end_offset": 21},
        {"id": 12, "label": "GPE", "start_offset": 26, "end_offset": 33},
        {"id": 13, "label": "GPE", "start_offset": 33, "end_offset": 90},
    ]
    relations = [
        {"id": 1, "from_id": 11, "to_id": 12, "type": "led"},
        {"id": 2, "from_id": 11, "to_id": 13, "type": "led"},
    ]
    columns = {"url": "https://example.org/l", "meta": {"title": "Liberia"}}
    record = {"id": 3, "text": LIBERIA, "entities": entities, "relations": relations, **columns}
    found = parse("doccano", record)
    assert statements(found) == [("Ellen Johnson Sirleaf", "led", "Liberia")]
    assert reasons(found) == [
        "entities[2]: 33-90 is not a span of the text (34 long)",
        "relations[1]: to_id 13 is no entity of this text",
    ]
    assert (found.article.url, found.article.title) == ("https://example.org/l", "Liberia")
    assert found.local_ids == ("3",)
    assert "no text" in refusal("doccano", {"id": 3, "entities": entities})


LED = {
    "entities": [
        {"id": 11, "label": "PER", "start_offset": 0, "end_offset": 21},
        {"id": 12, "label": "GPE", "start_offset": 26, "end_offset": 33},
    ],
    "relations": [{"id": 1, "from_id": 11, "to_id": 12, "type": "led"}],
}


#: The same of another person, whose ids are others and who began with the place.
LED_TOO = {
    "entities": [{**LED["entities"][1], "id": 7}, {**LED["entities"][0], "id": 8}],
    "relations": [{"id": 5, "from_id": 8, "to_id": 7, "type": "led"}],
}


@pytest.mark.parametrize(
    ("others", "repeats"),
    [
        ([LED_TOO], 1),
        ([{**LED_TOO, "user": 3, "Comments": ["sure"]}, LED], 2),
        # The same said once more, and something else.
        ([{"label": [[0, 5, "NAME"], [0, 21, "PER"]]}, LED_TOO, {"label": [[0, 5, "NAME"]]}], 1),
        ([{"label": []}, {"label": None}], 1),
        # Who published it is something, too.
        ([{**LED_TOO, "publisher": "The Bush Chicken"}], 0),
    ],
)
def test_doccano_puts_records_of_one_text_together(
    others: list[Json], repeats: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    between = [{"id": 100 + n, "text": f"Text {n}.", "label": [[0, 4, "W"]]} for n in range(300)]
    same = [{"id": n, "text": LIBERIA, **each} for n, each in enumerate([LED, *others], 1)]
    path.write_bytes(lines(same[0], *between, *same[1:]))
    *alone, found = read("doccano", path)
    assert len(alone) == 300
    assert not found.faults
    assert statements(found) == [("Ellen Johnson Sirleaf", "led", "Liberia")]
    assert spans(found)[:2] == [(0, 21, None), (26, 33, None)]
    assert len(spans(found)) == (3 if "NAME" in str(others) else 2)
    # A table of articles may call it by any of its numbers.
    assert found.local_ids == tuple(str(each["id"]) for each in same)
    *_, entry = cut("doccano", path)
    assert (entry.line, entry.repeats) == (300 + len(same), repeats)


def test_doccano_counts_what_is_said_again_as_unchanged(tmp_path: Path, db_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    once = {"text": "1788.", "label": [[0, 4, "TIME"]]}
    path.write_bytes(lines(*({"id": number, **once} for number in range(3))))
    for new in (1, 0):
        summary = load_files(db_path, [path])
        assert (summary.read, summary.new, summary.unchanged) == (3, new, 3 - new)
        assert (summary.rejected, summary.changed) == (0, 0)
    path.write_bytes(lines(*({"id": number, **once, "relations": 7} for number in range(3))))
    summary = load_files(db_path, [path])
    assert (summary.read, summary.rejected) == (1, 1)


def test_doccano_joins_paragraphs_of_one_address(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    one = {"url": "https://example.org/l", "text": LIBERIA, **LED}
    other = {"url": one["url"], "text": f"So {LIBERIA}", "label": [[3, 24, "PER"]]}
    path.write_bytes(lines(one, other, {**one, "entities": "?"}, one))
    (found,) = read("doccano", path)
    assert found.article.text == f"{LIBERIA}\n\nSo {LIBERIA}"
    person, _ = found.article.entities
    assert [(each.start, each.end) for each in person.mentions] == [(0, 21), (39, 60)]
    assert found.article.text[39:60] == "Ellen Johnson Sirleaf"
    assert reasons(found)[0].startswith("record 3: not of this format: ")
