"""GATE as its XML, as bdoc JSON, and as GATE Cloud answers it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.anchoring.units import CODE_POINTS, UTF16
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.labels import LabelMap
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.gate.reader import parse
from datasette_newsgraph.reading.recognition import format_called
from tests.readers.recognisers import load_path, reasons, same_as, statements

TEXT = "🌍 Ngozi Okonjo-Iweala leads the WTO in Geneva. She met Okonjo."
PERSON = {"type": "Person", "start": 2, "end": 21, "id": 1}
SHE = {"type": "Person", "start": 47, "end": 50, "id": 4}
SURNAME = {"type": "Unknown", "start": 55, "end": 61, "id": 5}
WTO = {"type": "Organization", "start": 32, "end": 35, "id": 2}


def bdoc(*annotations: dict[str, Any], sets: dict[str, Any] | None = None, **more: Any) -> Parsed:
    given = {name: {"annotations": each} for name, each in (sets or {"": annotations}).items()}
    return parse(json.dumps({"text": TEXT, "annotation_sets": given, **more}).encode())


def read(parsed: Parsed) -> list[tuple[str, str, list[tuple[int | None, int | None]]]]:
    return [
        (each.type, each.name, [(one.start, one.end) for one in each.mentions])
        for each in parsed.article.entities
    ]


def xml(text: str, rest: str, features: str = "") -> bytes:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<GateDocument version='3'><GateDocumentFeatures>"
        f"{features}</GateDocumentFeatures><TextWithNodes>{text}</TextWithNodes>{rest}</GateDocument>"
    ).encode()


def feature(name: str, value: str) -> str:
    return (
        f"<Feature><Name className='java.lang.String'>{name}</Name>"
        f"<Value className='java.lang.String'>{value}</Value></Feature>"
    )


def test_annotations_are_mentions_and_words_are_counted() -> None:
    token = {"type": "Token", "start": 2, "end": 7, "id": 7, "features": {"category": "NNP"}}
    parsed = bdoc(PERSON, token, {"type": "Lookup", "start": 2, "end": 7, "id": 8}, WTO)
    assert read(parsed) == [
        ("Person", "Ngozi Okonjo-Iweala", [(2, 21)]),
        ("Organization", "WTO", [(32, 35)]),
    ]
    assert parsed.notes.passed_over == {"annotations of words and sentences": 2}


@pytest.mark.parametrize(("type_", "unit"), [("p", CODE_POINTS), ("j", UTF16), (None, CODE_POINTS)])
def test_offsets_count_what_their_type_says(type_: str | None, unit: str) -> None:
    shift = 1 if type_ == "j" else 0
    parsed = bdoc({**WTO, "start": 32 + shift, "end": 35 + shift}, offset_type=type_)
    assert parsed.unit == unit
    assert [each.name for each in parsed.article.entities] == ["WTO"]


def test_what_matches_is_one_entity() -> None:
    matches = {"features": {"matches": [1, 4, 5]}}
    parsed = bdoc({**SURNAME, **matches}, {**PERSON, **matches}, {**SHE, **matches}, WTO)
    assert read(parsed) == [
        ("Person", "Ngozi Okonjo-Iweala", [(55, 61), (2, 21)]),
        ("Organization", "WTO", [(32, 35)]),
    ]
    assert parsed.article.entities[0].aliases == ["Okonjo"]
    assert parsed.notes.passed_over == {"pronouns in coreference chains": 1}


@pytest.mark.parametrize(
    ("sets", "name", "others"),
    [
        ({"": [PERSON], "Key": [WTO]}, "WTO", 1),
        ({"": [PERSON], "ANNIE": [WTO, SURNAME]}, "Ngozi Okonjo-Iweala", 2),
        ({"": [{**WTO, "type": "Token"}], "ANNIE": [WTO]}, "WTO", 1),
        ({"a": [PERSON], "b": [WTO, WTO]}, "WTO", 1),
        ({"": [PERSON], "Original markups": [{**WTO, "type": "a"}]}, "Ngozi Okonjo-Iweala", 0),
    ],
)
def test_one_set_is_read(sets: dict[str, Any], name: str, others: int) -> None:
    parsed = bdoc(sets=sets)
    assert [each.name for each in parsed.article.entities] == [name]
    assert parsed.notes.passed_over["annotations of other sets"] == others


def test_features_identify_and_give_values() -> None:
    inst = {"type": "Mention", "start": 32, "end": 35, "id": 9, "features": {
        "class": "http://dbpedia.org/ontology/Organisation", "inst": "http://dbpedia.org/resource/WTO",
        "wikidata": "Q7825"}}  # fmt: skip
    date = {"type": "Date", "start": 39, "end": 45, "id": 3, "features": {"normalized": 20210301}}
    parsed = bdoc(inst, date)
    assert [each.type for each in parsed.article.entities] == ["Organisation", "Date"]
    assert same_as(parsed) == {
        "WTO": ["http://dbpedia.org/resource/WTO", "http://www.wikidata.org/entity/Q7825"]
    }
    assert [each.value for each in parsed.article.relations] == ["20210301"]


def test_features_of_the_document_describe_the_article() -> None:
    parsed = bdoc(
        PERSON,
        features={
            "gate.SourceURL": "https://example.org/a",
            "title": "First day",
            "date": "2021-03-01",
        },
        name="wto.txt",
    )
    article = parsed.article
    assert (article.url, article.title, article.published) == (
        "https://example.org/a",
        "First day",
        "2021-03-01",
    )
    assert parsed.local_ids == ("wto.txt", "https://example.org/a")


def test_xml_counts_by_its_nodes() -> None:
    text = (
        "🌍 <Node id='3'/>AT&amp;T<Node id='7'/> met\r\n<Node id='13'/>Ana<Node id='16'/> in"
        " <Node id='20'/>Rome<Node id='24'/>."
    )
    matches = feature("matches", "[2, 5]")
    rest = (
        "<AnnotationSet><Annotation Id='1' Type='Organization' StartNode='3' EndNode='7'/>"
        f"<Annotation Id='2' Type='Person' StartNode='13' EndNode='16'>{matches}</Annotation>"
        "<Annotation Id='3' Type='Location' StartNode='20' EndNode='24'>"
        f"{feature('inst', 'Q220')}</Annotation>"
        "<Annotation Id='4' Type='Token' StartNode='20' EndNode='24'/></AnnotationSet>"
        "<AnnotationSet Name='Original markups'><Annotation Id='9' Type='title' StartNode='3'"
        " EndNode='16'/></AnnotationSet>"
        "<RelationSet><Relation Id='6' Type='was in' Members='2;3'/><Relation Id='7' Type='met'"
        " Members='2;99'/></RelationSet>"
    )
    source = feature("gate.SourceURL", "https://example.org/b")
    parsed = parse(xml(text, rest, source))
    assert parsed.article.text == "🌍 AT&T met\nAna in Rome."
    assert read(parsed) == [
        ("Organization", "AT&T", [(2, 6)]),
        ("Person", "Ana", [(11, 14)]),
        ("Location", "Rome", [(18, 22)]),
    ]
    assert same_as(parsed) == {"Rome": ["http://www.wikidata.org/entity/Q220"]}
    assert statements(parsed) == [("Ana", "was in", "Rome")]
    assert (parsed.article.url, parsed.article.title) == ("https://example.org/b", "AT&T met Ana")
    assert reasons(parsed) == ["Relation[7]: 99 is no name of this set"]


def test_annotations_of_nodes_that_are_not_there_are_faults() -> None:
    rest = "<AnnotationSet><Annotation Id='1' Type='Person' StartNode='0' EndNode='9'/></AnnotationSet>"
    assert reasons(parse(xml("<Node id='0'/>Ana", rest))) == ["Person[1]: has no words"]
    with pytest.raises(RecordError, match="no entities in it, and no text"):
        parse(xml("", ""))


def test_files_are_recognised(tmp_path: Path) -> None:
    annotation = (
        "<AnnotationSet><Annotation Type='Person' StartNode='0' EndNode='3'/></AnnotationSet>"
    )
    cloud = {"text": "🌍 Ana", "entities": {"Person": [{"indices": [3, 6], "rule": "x"}]}}
    for number, data in enumerate(
        (
            xml("<Node id='0'/>Ana<Node id='3'/>", annotation),
            json.dumps({"text": "Ana", "annotation_sets": {}, "features": {}}).encode(),
            json.dumps(cloud).encode(),
        )
    ):
        path = tmp_path / f"{number}"
        path.write_bytes(data)
        name, (parsed,) = load_path(path)
        assert name == "gate"
        assert [each.name for each in parsed.article.entities] == ["Ana"] * (number != 1)


def test_posts_are_not_taken_for_answers_of_gate(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    post = {"id": 1, "full_text": "#Talks", "entities": {"hashtags": [{"indices": [0, 6]}]}}
    path.write_text(json.dumps(post))
    with pytest.raises(Exception, match="not of a format"):
        load_path(path)


def test_labels_are_ours() -> None:
    types = (
        "Person",
        "Location",
        "Organization",
        "Date",
        "JobTitle",
        "Money",
        "Percent",
        "Unknown",
    )
    spans = [{"type": each, "start": n, "end": n + 3, "id": n} for n, each in enumerate(types, 2)]
    parsed = bdoc(*spans)
    LabelMap.of(format_called("gate").labels).apply(parsed)
    assert not parsed.notes.unmapped
    assert parsed.notes.dropped == {"Money": 1, "Percent": 1}
