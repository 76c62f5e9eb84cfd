"""The reader of Label Studio: tasks, annotations, predictions, and texts in HTML."""

from __future__ import annotations

from typing import Any

import pytest

from datasette_newsgraph.errors import RecordLeftOut
from tests.readers.annotations import (
    arrow,
    entity,
    names,
    parse,
    reasons,
    refusal,
    region,
    spans,
    statements,
    task,
)

Json = dict[str, Any]
SUMMIT = "Greta Thunberg spoke at the United Nations."


GRETA, UN = region(0, 14, "a", "PER"), region(28, 42, "b", "ORG")


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("right", [("Greta Thunberg", "at", "United Nations")]),
        (None, [("Greta Thunberg", "at", "United Nations")]),
        ("left", [("United Nations", "at", "Greta Thunberg")]),
        (
            "bi",
            [
                ("Greta Thunberg", "at", "United Nations"),
                ("United Nations", "at", "Greta Thunberg"),
            ],
        ),
    ],
)
def test_label_studio_directions(direction: str | None, expected: Any) -> None:
    # A relation may come before its regions.
    found = parse("label_studio", task(arrow(direction, "at"), GRETA, UN))
    assert statements(found) == expected


def test_label_studio_relation_without_a_label_or_an_end() -> None:
    found = parse("label_studio", task(GRETA, UN, arrow("right"), arrow("right", "at", to="zz")))
    assert statements(found) == [("Greta Thunberg", "related to", "United Nations")]
    assert reasons(found) == ["result[3]: to_id 'zz' is no labelled span of this task"]


def test_label_studio_region_with_several_labels() -> None:
    found = parse("label_studio", task(region(0, 14, "a", "PER", "SPEAKER"), UN, arrow("right")))
    assert names(found) == [
        ("PER", "Greta Thunberg"),
        ("SPEAKER", "Greta Thunberg"),
        ("ORG", "United Nations"),
    ]
    assert len(found.article.relations) == 1


def test_label_studio_counts_utf16() -> None:
    text = "🌍🌍 Greta Thunberg spoke."
    given = {"start": 5, "end": 19, "labels": ["PER"]}
    found = parse("label_studio", task({"type": "labels", "value": given}, text=text))
    assert names(found) == [("PER", "Greta Thunberg")]
    assert spans(found) == [(5, 19, None)]
    assert found.unit == "UTF-16"


def test_label_studio_takes_one_annotation() -> None:
    def made(id_: int, label: str, **fields: Any) -> Json:
        return {"id": id_, "result": [region(0, 14, "a", label)], **fields}

    def taken(*annotations: Json) -> str:
        found = parse("label_studio", task(annotations=list(annotations)))
        (one,) = found.article.entities
        return one.type

    old, new = {"updated_at": "2024-01-01T10:00:00Z"}, {"updated_at": "2024-02-01T10:00:00Z"}
    assert taken(made(2, "OLD", **old), made(1, "NEW", **new)) == "NEW"
    assert taken(made(1, "FIRST"), made(2, "SECOND")) == "SECOND"
    assert taken(made(1, "TRUE", **old, ground_truth=True), made(2, "NEW", **new)) == "TRUE"
    assert taken(made(1, "OLD", **old), made(2, "NEW", **new, was_cancelled=True)) == "OLD"


def test_label_studio_cancelled() -> None:
    annotation = {"id": 1, "result": [GRETA], "was_cancelled": True}
    given = task(annotations=[annotation], predictions=[{"result": [GRETA]}])
    with pytest.raises(RecordLeftOut, match=r"^cancelled \(skipped\) in Label Studio$"):
        parse("label_studio", given)


def test_label_studio_predictions() -> None:
    old = {"result": [UN], "created_at": "2024-01-01", "model_version": "a"}
    new = {
        "result": [GRETA, {**UN, "score": 0.5}],
        "created_at": "2024-02-01",
        "model_version": "ner-2",
        "score": 0.75,
    }
    found = parse("label_studio", task(annotations=[], predictions=[new, old]))
    assert found.article.extractor is not None
    assert found.article.extractor.model == "ner-2"
    confidences = [each.mentions[0].confidence for each in found.article.entities]
    assert confidences == [0.75, 0.5]


def test_label_studio_of_before_version_1() -> None:
    given = task(completions=[{"id": 1, "result": [GRETA]}])
    del given["annotations"]
    assert names(parse("label_studio", given)) == [("PER", "Greta Thunberg")]


def test_label_studio_task_that_nobody_annotated() -> None:
    found = parse("label_studio", task(annotations=[], predictions=[12]))
    assert found.article.text == SUMMIT
    assert not found.article.entities


def test_label_studio_fields_of_the_article() -> None:
    data = {
        "id": "row-7",
        "article": SUMMIT,
        "url": "https://example.org/a",
        "title": "Summit",
        "date": "2019-09-23T15:00:00Z",
        "author": "Reporter",
    }
    fields: Json = {"data": data, "inner_id": 4, "file_upload": "f.csv"}
    found = parse("label_studio", {**task({**GRETA, "to_name": "article"}), **fields})
    article = found.article
    assert (article.id, article.url, article.title) == ("", "https://example.org/a", "Summit")
    assert (article.published, article.authors) == ("2019-09-23", ["Reporter"])
    assert (article.text, found.local_ids) == (SUMMIT, ("row-7", "9", "4", "f.csv"))


def test_label_studio_task_with_two_texts() -> None:
    title = region(10, 24, "t", "PER", text="Activist: Greta Thunberg", to_name="title")
    bare = {"id": "u", "type": "labels", "to_name": "title", "value": {"start": 0, "end": 8}}
    given = task(title, GRETA, UN, bare)
    given["data"]["title"] = "Activist: Greta Thunberg"
    found = parse("label_studio", given)
    assert found.article.text == SUMMIT
    assert spans(found) == [
        (None, None, "Greta Thunberg"),
        (0, 14, "Greta Thunberg"),
        (28, 42, "United Nations"),
    ]
    assert reasons(found) == ["result[3]: has no words"]


def test_label_studio_html() -> None:
    source = "<p>Ban &amp; <b>Greta Thunberg</b> met</p>" + "&#" + "9" * 5000 + ";"
    value = {
        "start": "/p[1]/b[1]/text()[1]",
        "end": "/p[1]/b[1]/text()[1]",
        "startOffset": 0,
        "endOffset": 14,
        "globalOffsets": {"start": 6, "end": 20},
        "text": "Greta Thunberg",
        "hypertextlabels": ["PER"],
    }
    found = parse("label_studio", task({"type": "hypertextlabels", "value": value}, text=source))
    assert (found.article.text or "").startswith("Ban & Greta Thunberg met")
    assert spans(found) == [(6, 20, "Greta Thunberg")]
    del value["globalOffsets"]
    found = parse("label_studio", task({"type": "hypertextlabels", "value": value}, text=source))
    assert spans(found) == [(None, None, "Greta Thunberg")]


@pytest.mark.parametrize("address", ["s3://bucket/a.txt", "https://example.org/a", "/data/a.txt"])
def test_label_studio_text_that_is_kept_elsewhere(address: str) -> None:
    found = parse("label_studio", task(GRETA, text=address))
    assert found.article.text is None
    assert names(found) == [("PER", "Greta Thunberg")]
    assert found.local_ids[-1] == address
    assert "no text" in refusal("label_studio", task(text=address))


def test_label_studio_line_breaks_as_two_letters() -> None:
    def surface(text: str) -> str | None:
        value = {"start": 0, "end": 5, "text": "Ban\\nKi", "labels": ["PER"]}
        return spans(parse("label_studio", task({"type": "labels", "value": value}, text=text)))[0][
            2
        ]

    assert surface("Ban\nKi spoke") == "Ban\nKi"
    assert surface("Ban\\nKi spoke") == "Ban\\nKi"


def test_label_studio_other_answers() -> None:
    value = {"start": 0, "end": 14, "text": ["a note"]}
    others = [
        {"id": "a", "type": "textarea", "to_name": "text", "value": value},
        {"id": "a", "type": "choices", "value": {"start": 0, "end": 14, "choices": ["Sure"]}},
        {"type": "taxonomy", "value": {"taxonomy": [["A", "B"]]}},
        {"type": "rectanglelabels", "value": {"x": 1.5, "rectanglelabels": ["Car"]}},
    ]
    found = parse("label_studio", task(*others, GRETA))
    assert names(found) == [("PER", "Greta Thunberg")]
    assert reasons(found) == ["result[3]: rectanglelabels are no spans of a text"]


@pytest.mark.parametrize(
    ("type_", "value", "iris"),
    [
        ("textarea", {"text": ["Q56434717"]}, ["http://www.wikidata.org/entity/Q56434717"]),
        ("textarea", {"text": "https://example.org/greta"}, ["https://example.org/greta"]),
        ("textarea", {"text": ["Q1 or Q2", "Q0", 7, None]}, []),
        ("choices", {"choices": [" Q56434717 "]}, ["http://www.wikidata.org/entity/Q56434717"]),
        # What the region reads is no answer.
        ("choices", {"text": "https://example.org/greta", "choices": ["Sure"]}, []),
        ("choices", {"choices": {"Q1": 1}}, []),
    ],
)
def test_label_studio_region_that_is_linked(type_: str, value: Json, iris: list[str]) -> None:
    answer = {
        "id": "a",
        "type": type_,
        "to_name": "text",
        "value": {"start": 0, "end": 14, **value},
    }
    found = parse("label_studio", task(GRETA, UN, answer))
    assert entity(found, "Greta Thunberg").same_as == iris
    assert entity(found, "United Nations").same_as == []


def test_label_studio_minimal() -> None:
    regions = [{"start": 0, "end": 14, "text": "Greta Thunberg", "labels": ["PER"]}]
    given = {
        "id": 5,
        "article": SUMMIT,
        "title": "Summit",
        "ner": regions,
        "mood": "calm",
        "annotator": 1,
        "annotation_id": 3,
        "created_at": "2024-01-01T10:00:00Z",
        "updated_at": "2024-01-01T10:00:00Z",
        "lead_time": 2.5,
    }
    found = parse("label_studio", given)
    assert (found.article.text, found.article.title, found.local_ids) == (SUMMIT, "Summit", ("5",))
    assert names(found) == [("PER", "Greta Thunberg")]
    assert "not of this format" in refusal("label_studio", {**given, "ner": [{"start": []}]})
