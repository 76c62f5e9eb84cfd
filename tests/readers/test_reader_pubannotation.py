"""The reader of PubAnnotation JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.loading.load import load_files
from tests.cost import seconds_of_processor
from tests.readers.conftest import Load
from tests.readers.recognisers import mentions, parse, reasons, same_as, statements

TEXT = "Htin Kyaw was sworn in at Naypyidaw."
KYAW = {"id": "T1", "span": {"begin": 0, "end": 9}, "obj": "Person"}
CITY = {"id": "T2", "span": {"begin": 26, "end": 35}, "obj": "City"}
SWORN = {"id": "R1", "subj": "T1", "pred": "sworn in at", "obj": "T2"}


def document(**changes: Any) -> dict[str, Any]:
    return {"text": TEXT, "denotations": [KYAW, CITY], "relations": [SWORN], **changes}


def test_denotations_and_relations(load: Load) -> None:
    found, (parsed,) = load(document(), "a.json")
    assert found == "pubannotation"
    assert mentions(parsed) == [("Person", 0, 9, None), ("City", 26, 35, None)]
    assert statements(parsed) == [("Htin Kyaw", "sworn in at", "Naypyidaw")]
    assert reasons(parsed) == []


@pytest.mark.parametrize("layout", ["array", "lines"])
def test_many_documents(load: Load, layout: str) -> None:
    documents = [document(sourcedb="news", sourceid=str(n), project="p") for n in range(3)]
    lines = "\n".join(map(json.dumps, documents))
    found, articles = load(documents if layout == "array" else lines)
    assert found == "pubannotation"
    assert articles[0].local_ids == ("0", "news:0")
    assert len(articles) == 3


# What identifies an entity ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("obj", "label", "iri"),
    [
        ("http://www.wikidata.org/entity/Q37995", "Thing", "http://www.wikidata.org/entity/Q37995"),
        ("wd:Q37995", "Thing", "http://www.wikidata.org/entity/Q37995"),
        ("https://schema.org/City", "City", None),
        ("http://dbpedia.org/ontology/City", "City", None),
        ("other:Q37995", "other:Q37995", None),
        ("City", "City", None),
    ],
)
def test_an_object_is_a_type_or_identifies(obj: str, label: str, iri: str | None) -> None:
    space = {"prefix": "wd", "uri": "http://www.wikidata.org/entity/"}
    parsed = parse(
        "pubannotation", document(denotations=[KYAW, {**CITY, "obj": obj}], namespaces=[space])
    )
    assert parsed.article.entities[1].type == label
    assert same_as(parsed) == ({"Naypyidaw": [iri]} if iri else {})


@pytest.mark.parametrize(
    ("pred", "obj"),
    [("Wikidata", "Q37995"), ("same as", "http://www.wikidata.org/entity/Q37995"),
     ("link", "http://www.wikidata.org/entity/Q37995")],
)  # fmt: skip
def test_an_attribute_may_identify(pred: str, obj: str) -> None:
    attribute = {"id": "A1", "subj": "T2", "pred": pred, "obj": obj}
    parsed = parse("pubannotation", document(attributes=[attribute]))
    assert same_as(parsed) == {"Naypyidaw": ["http://www.wikidata.org/entity/Q37995"]}
    assert len(parsed.article.relations) == 1


def test_other_attributes_are_values_or_confidence() -> None:
    attributes = [
        {"id": "A1", "subj": "T1", "pred": "office", "obj": "president"},
        {"id": "A2", "subj": "T1", "pred": "confidence", "obj": "0.5"},
        {"id": "A3", "subj": "R1", "pred": "score", "obj": 0.25},
        {"id": "A4", "subj": "T9", "pred": "office", "obj": "president"},
    ]
    parsed = parse("pubannotation", document(attributes=attributes))
    value, relation = parsed.article.relations
    assert (value.predicate, value.value) == ("office", "president")
    assert relation.confidence == 0.25
    assert parsed.article.entities[0].mentions[0].confidence == 0.5
    assert reasons(parsed) == ["attributes: T9 is no denotation and no relation"]


# Spans of several pieces ------------------------------------------------------------------------

FIRST, SECOND = {"begin": 0, "end": 4}, {"begin": 5, "end": 9}


@pytest.mark.parametrize(
    "given",
    [
        {"denotations": [{"id": "T1", "span": [FIRST, SECOND], "obj": "Person"}]},
        {
            "denotations": [
                {"id": "T9", "span": SECOND, "obj": "_FRAGMENT"},
                {"id": "T1", "span": FIRST, "obj": "Person"},
            ],
            "relations": [{"subj": "T1", "pred": "_lexicallyChainedTo", "obj": "T9"}],
        },
    ],
    ids=["bag", "chain"],
)
def test_pieces_are_mentions_of_one_name(given: Any) -> None:
    parsed = parse("pubannotation", {"text": TEXT, **given})
    assert [each.name for each in parsed.article.entities] == ["Htin Kyaw"]
    assert mentions(parsed) == [("Person", 0, 4, None), ("Person", 5, 9, None)]
    assert reasons(parsed) == []


def test_a_fragment_of_nothing_is_a_fault() -> None:
    chained = [{"subj": "T9", "pred": "_lexicallyChainedTo", "obj": "T9"}]
    fragment = {"id": "T9", "span": SECOND, "obj": "_FRAGMENT"}
    parsed = parse("pubannotation", document(denotations=[fragment], relations=chained))
    assert reasons(parsed) == ["denotations[0]: is a fragment of no other"]


# Projects, parts and zones ----------------------------------------------------------------------


def test_tracks_of_several_projects() -> None:
    tracks = [
        {"project": "names", "denotations": [KYAW]},
        {"project": "more", "denotations": [KYAW, CITY], "relations": [SWORN]},
    ]
    parsed = parse("pubannotation", {"text": TEXT, "tracks": tracks})
    assert mentions(parsed) == [("Person", 0, 9, None), ("City", 26, 35, None)]
    assert statements(parsed) == [("Htin Kyaw", "sworn in at", "Naypyidaw")]
    assert parsed.article.extractor is not None
    assert parsed.article.extractor.model == "names, more"


def test_parts_of_one_document_are_one_article(load: Load) -> None:
    about = {"sourcedb": "news", "sourceid": "1"}
    parts = [
        {**about, "divid": 0, "section": "title", "text": "A new president", "denotations": []},
        {**about, "divid": 1, **document()},
    ]
    _, (parsed,) = load(parts)
    assert parsed.article.title == "A new president"
    assert parsed.article.text == f"A new president\n\n{TEXT}"
    assert [each[1:3] for each in mentions(parsed)] == [(17, 26), (43, 52)]


def test_blocks_that_are_zones() -> None:
    blocks = [
        {"id": "B1", "span": {"begin": 0, "end": 9}, "obj": "Title"},
        {"id": "B2", "span": {"begin": 0, "end": 9}, "obj": "event 1"},
    ]
    between = {"subj": "B1", "pred": "before", "obj": "B2"}
    parsed = parse("pubannotation", document(blocks=blocks, relations=[between]))
    assert [(each.zone, each.start, each.end) for each in parsed.article.zones] == [("title", 0, 9)]
    assert parsed.notes.passed_over == {"blocks of text": 1, "relations of blocks of text": 1}


def test_what_is_negated_is_not_stated() -> None:
    modifications = [
        {"id": "M1", "pred": "Negation", "obj": "R1"},
        {"id": "M2", "pred": "Speculation", "obj": "T1"},
    ]
    parsed = parse("pubannotation", document(modifications=modifications))
    assert parsed.article.relations == []
    assert parsed.notes.passed_over == {
        "relations that are negated": 1,
        "modifications that are no negations": 1,
    }


def test_an_address_is_that_of_the_article() -> None:
    target = "http://pubannotation.org/docs/sourcedb/news/sourceid/1"
    assert parse("pubannotation", document(target=target)).article.url == target


# Faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"denotations": [KYAW]}, "relations[0]: obj T2 is no denotation"),
        ({"denotations": [KYAW, CITY, {"id": "T3"}]}, "denotations[2]: its span has no begin and end"),
        (
            {"denotations": [KYAW, CITY, {"span": {"begin": 9, "end": 99}, "obj": "X"}]},
            "denotations[2]: 9-99 is not a span of the text (36 long)",
        ),
    ],
)  # fmt: skip
def test_bad_parts_are_faults(changes: Any, reason: str) -> None:
    assert reasons(parse("pubannotation", document(**changes))) == [reason]


@pytest.mark.parametrize("given", [{}, {"text": " "}, {"text": "", "denotations": []}, []])
def test_without_text_and_names_it_is_rejected(given: Any) -> None:
    with pytest.raises(RecordError):
        parse("pubannotation", given)


def test_time_is_linear() -> None:
    count = 20_000
    denotations = [
        {"id": f"T{n}", "span": {"begin": n, "end": n + 1}, "obj": "_FRAGMENT" if n else "X"}
        for n in range(count)
    ]
    links = [{"subj": f"T{n}", "pred": "_lexicallyChainedTo", "obj": f"T{n + 1}"} for n in range(9)]
    with seconds_of_processor(30):
        parse(
            "pubannotation", {"text": "x" * count, "denotations": denotations, "relations": links}
        )


def test_an_article_without_a_name_is_one(tmp_path: Path, db_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"sourcedb": "news", "sourceid": "1", "text": TEXT}]))
    assert load_files(db_path, [path]).new == 1
