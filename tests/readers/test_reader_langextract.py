"""The reader of LangExtract: attributes, relations, and runs over one text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.readers import Parsed
from tests.readers.services import called, parsed, read, read_out, reasons, spans, statements, types


def extraction(
    class_: str, text: str, begin: int | None = None, **attributes: Any
) -> dict[str, Any]:
    interval = None if begin is None else {"start_pos": begin, "end_pos": begin + len(text)}
    return {
        "extraction_class": class_,
        "extraction_text": text,
        "char_interval": interval,
        "attributes": attributes,
    }


def extracted(*extractions: dict[str, Any], **fields: Any) -> Parsed:
    return parsed("langextract", {"extractions": list(extractions), **fields})


def test_attributes_of_langextract_are_values() -> None:
    one = extracted(
        extraction("person", "Merkel", 0, role=["chancellor", "scientist"], age=60, note=None),
        extraction("person", "Scholz", None, more={"a": 1}),
    )
    assert statements(one.article) == [
        ("Merkel", "role", "chancellor"),
        ("Merkel", "role", "scientist"),
        ("Merkel", "age", 60),
    ]
    assert [spans(each) for each in one.article.entities] == [
        [(0, 6, "Merkel")],
        [(None, None, "Scholz")],
    ]
    assert reasons(one) == ["extractions[1].attributes['more'][0]: is no value with a name"]


@pytest.mark.parametrize(
    ("class_", "attributes", "is_relation"),
    [
        ("relationship", {"source": "Merkel", "target": "CDU", "type": "led"}, True),
        ("Relation", {"from": "Merkel", "to": "CDU", "predicate": "led"}, True),
        ("party_relations", {"entity_1": "Merkel", "entity_2": "CDU", "label": "led"}, True),
        ("led", {"subject": "Merkel", "object": "CDU"}, True),
        ("led", {"head_entity": "Merkel", "tail_entity": "CDU"}, True),
        # A flight goes from and to somewhere, and is a thing.
        ("flight", {"from": "Merkel", "to": "CDU"}, False),
        ("relationship", {"type": "metaphor"}, False),
        ("relationship", {"subject": "Merkel", "object": ["CDU"]}, False),
    ],
)
def test_what_of_langextract_is_a_relation(
    class_: str, attributes: dict[str, Any], is_relation: bool
) -> None:
    one = extracted(
        extraction(class_, "Merkel led the CDU", 0, **attributes),
        extraction("person", "Merkel", 0),
        extraction("party", "CDU", 15),
    ).article
    assert (("Merkel", "led", "CDU") in statements(one)) == is_relation
    assert ("Merkel led the CDU" in types(one)) != is_relation
    if is_relation:
        (evidence,) = one.relations[0].evidence
        assert (evidence.start, evidence.end, evidence.text) == (0, 18, "Merkel led the CDU")
    elif class_ == "relationship":
        assert called(one, "Merkel led the CDU").local


def test_ends_that_were_not_extracted() -> None:
    one = extracted(
        extraction(
            "relation", "Merkel led the CDU", 0, subject="Merkel", object="CDU", type="led",
            subject_type="person", confidence="0.5", start_date="2000-04", mood="calm",
        ),
        text="Merkel led the CDU",
        document_id="https://example.org/cdu",
    )  # fmt: skip
    assert types(one.article) == {"Merkel": "person", "CDU": "Thing"}
    # Somewhere in the words of the relation.
    assert spans(called(one.article, "CDU")) == [(0, 18, "CDU")]
    assert read_out(one) == ["Merkel", "CDU", "Merkel led the CDU"]
    (relation,) = one.article.relations
    assert (relation.confidence, relation.start_date) == (0.5, "2000-04")
    assert one.notes.unknown_fields == {"extractions[].attributes.mood": 1}
    assert (one.article.url, one.local_ids) == ("https://example.org/cdu", ())


def test_documents_of_one_address_are_one_article(tmp_path: Path) -> None:
    address = "https://example.org/cdu"
    merkel = extraction("person", "Merkel", 0, role="chancellor")
    first = {"document_id": address, "text": "Merkel led the CDU.", "extractions": [
        merkel, extraction("party", "CDU", 15)]}  # fmt: skip
    second = {"document_id": address, "text": "Later the CDU lost.", "extractions": [
        extraction("party", "CDU", 10),
        extraction("relation", "CDU lost", None, subject="CDU", object="Merkel", type="lost with"),
        # Beyond its text: somewhere in it.
        {**merkel, "extraction_text": "lost", "char_interval": {"start_pos": -9, "end_pos": 400}},
    ]}  # fmt: skip
    other = {"document_id": "doc_2", "text": "Kabul fell.", "extractions": [
        extraction("city", "Kabul", 0)]}  # fmt: skip
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in (first, other, second, first)))
    kabul, one = read(path, "langextract")
    assert kabul.local_ids == ("doc_2",)
    assert one.article.text == "Merkel led the CDU.\n\nLater the CDU lost."
    assert (one.article.url, one.local_ids) == (address, ())
    # The first document counts once.
    assert spans(called(one.article, "CDU")) == [(15, 18, "CDU"), (31, 34, "CDU")]
    assert spans(called(one.article, "Merkel")) == [(0, 6, "Merkel")]
    assert spans(called(one.article, "lost")) == [(21, 40, "lost")]
    assert statements(one.article) == [
        ("Merkel", "role", "chancellor"),
        ("lost", "role", "chancellor"),
        ("CDU", "lost with", "Merkel"),
    ]
    assert set(read_out(one)) == {"Merkel", "CDU", "lost", "CDU lost"}
    assert not reasons(one)


def test_two_runs_over_one_text_are_one_article(tmp_path: Path) -> None:
    text = "Merkel led the CDU."
    merkel, cdu = extraction("person", "Merkel", 0), extraction("party", "CDU", 15)
    runs = [
        {"document_id": "doc_1", "text": text, "extractions": [merkel]},
        {"document_id": "doc_2", "text": text, "extractions": [merkel, cdu]},
        {"document_id": "doc_3", "text": text, "extractions": 7},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in runs))
    (one,) = read(path, "langextract")
    assert (one.article.text, one.local_ids) == (text, ("doc_1", "doc_2"))
    assert [spans(each) for each in one.article.entities] == [[(0, 6, "Merkel")], [(15, 18, "CDU")]]
    (reason,) = reasons(one)
    assert reason.startswith("document 3: not of this format: ")
