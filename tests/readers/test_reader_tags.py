"""Lists of tokens in JSON, with tags or with two marked names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from tests.readers.recognisers import load_path, mentions, parse, reasons, statements

WORDS = ["Ana", "Silva", "left", "New", "York"]


def load(folder: Path, *records: Any, name: str) -> list[Parsed]:
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in records))
    found, articles = load_path(path)
    assert found == name
    return articles


def names(parsed: Parsed) -> list[tuple[str, str | None]]:
    return [(label, surface) for label, _, _, surface in mentions(parsed)]


# Tags -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tags",
    [
        "B-PER I-PER O B-LOC I-LOC",
        "I-PER I-PER O I-LOC I-LOC",
        "B-PER L-PER O B-LOC L-LOC",
        "B-PER E-PER O B-LOC E-LOC",
        "PER PER O LOC LOC",
        "PER-B PER-I O LOC-B LOC-I",
    ],
)
@pytest.mark.parametrize(("tokens", "called"), [("tokens", "ner_tags"), ("words", "labels")])
def test_names_of_tags(tmp_path: Path, tags: str, tokens: str, called: str) -> None:
    (found,) = load(tmp_path, {"id": 7, tokens: WORDS, called: tags.split()}, name="tagged_tokens")
    assert names(found) == [("PER", "Ana Silva"), ("LOC", "New York")]
    assert found.article.text == "Ana Silva left New York"
    assert found.local_ids == ("7",)


@pytest.mark.parametrize(
    ("text", "expected", "counted"),
    [
        ("Ana Silva left New  York", "Ana Silva left New  York", {}),
        ("AnaSilva left New\nYork", "AnaSilva left New\nYork", {}),
        ("Leo left", "Ana Silva left New York", {"texts of other words than the tokens": 1}),
    ],
)
def test_a_text_beside_the_tokens(
    tmp_path: Path, text: str, expected: str, counted: dict[str, int]
) -> None:
    tags = ["O", "O", "O", "B-LOC", "I-LOC"]
    (found,) = load(tmp_path, {"text": text, "tokens": WORDS, "tags": tags}, name="tagged_tokens")
    assert found.article.text == expected
    (mention,) = found.article.entities[0].mentions
    assert expected[mention.start : mention.end].split() == ["New", "York"]
    assert found.notes.passed_over == counted


def test_relations_refer_to_names_in_order(tmp_path: Path) -> None:
    record = {
        "tokens": WORDS,
        "tags": ["B-Peop", "L-Peop", "O", "B-Loc", "L-Loc"],
        "relations": [
            {"head": 0, "tail": 1, "type": "Live_In"},
            {"head": 0, "tail": 2, "type": "Live_In"},
        ],
    }
    (found,) = load(tmp_path, record, name="tagged_tokens")
    assert statements(found) == [("Ana Silva", "Live_In", "New York")]
    assert reasons(found) == ["relations[1]: tail 2 is no name of the record"]


def test_no_name_goes_on_over_what_is_no_tag() -> None:
    given = {"tokens": WORDS, "tags": ["B-PER", "?", "O", "B-LOC", "I-LOC"]}
    found = parse("tagged_tokens", given)
    assert names(found) == [("PER", "Ana"), ("LOC", "New York")]
    assert reasons(found) == ["tags[1]: '?' is no tag"]


@pytest.mark.parametrize(
    ("tags", "reason"),
    [(["O"], "has 5 tokens and 1 ner_tags"), ([0, 1, 2, 3, 4], "ner_tags are numbers")],
)
def test_what_fits_no_tokens_is_refused(tags: list[Any], reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        parse("tagged_tokens", {"tokens": WORDS, "ner_tags": tags})


@pytest.mark.parametrize(
    "type_",
    [
        {"feature": {"names": ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"], "_type": "ClassLabel"},
         "_type": "Sequence"},
        [{"names": ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"], "_type": "ClassLabel"}],
    ],
)  # fmt: skip
def test_numbers_are_read_where_the_answer_says_what_they_mean(tmp_path: Path, type_: Any) -> None:
    rows = [{"row_idx": 0, "row": {"id": "a", "tokens": WORDS, "ner_tags": [1, 2, 0, 3, 4]}}]
    answer = {"dataset": "x", "features": [{"feature_idx": 0, "name": "ner_tags", "type": type_}],
              "rows": rows}  # fmt: skip
    (found,) = load(tmp_path, answer, name="tagged_tokens")
    assert names(found) == [("PER", "Ana Silva"), ("LOC", "New York")]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"tokens": WORDS, "ner_tags": [1, 2, 0, 3, 4]}, "a dataset of Hugging Face with a tag number"),
        # Parts of speech are none.
        ({"tokens": WORDS, "tags": ["NNP", "NNP", "VBD", "NNP", "NNP"]}, "not of a format"),
        ({"tokens": WORDS, "tags": ["O"]}, "not of a format"),
    ],
)  # fmt: skip
def test_other_lists_are_not_taken(tmp_path: Path, record: Any, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        load(tmp_path, record, name="")


# TACRED -----------------------------------------------------------------------------------------


def pair(**fields: Any) -> dict[str, Any]:
    return {
        "docid": "d1", "relation": "per:city_of_birth", "token": WORDS,
        "subj_start": 0, "subj_end": 1, "obj_start": 3, "obj_end": 4,
        "subj_type": "PERSON", "obj_type": "CITY", **fields,
    }  # fmt: skip


def test_two_marked_names_and_others(tmp_path: Path) -> None:
    (found,) = load(
        tmp_path,
        pair(id="1", stanford_ner=["PERSON", "PERSON", "O", "CITY", "CITY"]),
        pair(id="2", token=["-LRB-", "Leo", "met", "Eve"], subj_start=1, subj_end=1, obj_start=3,
             obj_end=3, obj_type="PERSON", relation="no_relation"),
        pair(id="3", relation="per:origin"),
        name="tacred",
    )  # fmt: skip
    assert found.article.text == "Ana Silva left New York ( Leo met Eve"
    assert names(found) == [
        ("PERSON", "Ana Silva"), ("CITY", "New York"), ("PERSON", "Leo"), ("PERSON", "Eve"),
    ]  # fmt: skip
    assert statements(found) == [
        ("Ana Silva", "per:city_of_birth", "New York"),
        ("Leo", "no_relation", "Eve"),
        ("Ana Silva", "per:origin", "New York"),
    ]
    assert [each.evidence[0].text for each in found.article.relations][1] == "( Leo met Eve"
    assert found.local_ids == ("d1",)


def test_further_names_stand_beside_the_marked_ones() -> None:
    tags = ["PERSON", "PERSON", "O", "O", "LOCATION"]
    found = parse("tacred", pair(obj_start=2, obj_end=2, obj_type="TITLE", stanford_ner=tags))
    assert names(found) == [("PERSON", "Ana Silva"), ("TITLE", "left"), ("LOCATION", "York")]


def test_records_without_a_document_are_one_by_their_tokens(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        pair(docid=None, id="1"),
        pair(docid=None, token=["Eve", "and", "Leo", "met", "."]),
        pair(docid=None, relation="per:origin"),
        name="tacred",
    )
    assert sorted(len(each.article.relations) for each in found) == [1, 2]


def test_other_names_of_the_fields(tmp_path: Path) -> None:
    record = {
        "tokens": WORDS, "relation": "per:origin", "e1_start": 0, "e1_end": 1, "e1_type": "PERSON",
        "e2_start": 3, "e2_end": 4, "e2_type": "CITY",
    }  # fmt: skip
    (found,) = load(tmp_path, record, name="tacred")
    assert statements(found) == [("Ana Silva", "per:origin", "New York")]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"obj_end": 9}, "obj_start: 3 to 9 is no span of its tokens"),
        ({"subj_end": None}, "subj_start: 0 to None is no span"),
        ({"subj_start": 4}, "subj_start: 4 to 1 is no span of its tokens"),
        ({"stanford_ner": ["O"]}, "stanford_ner: 1 tags of 5 tokens"),
    ],
)
def test_what_cannot_be_taken_names_its_place(fields: dict[str, Any], reason: str) -> None:
    assert reasons(parse("tacred", pair(**fields))) == [reason]


# AllenNLP ---------------------------------------------------------------------------------------


def test_names_beside_logits(tmp_path: Path) -> None:
    record = {"words": WORDS, "tags": ["B-PER", "L-PER", "O", "B-LOC", "L-LOC"], "logits": [[0.1]]}
    (found,) = load(tmp_path, record, name="allennlp")
    assert names(found) == [("PER", "Ana Silva"), ("LOC", "New York")]


def test_clusters_are_entities(tmp_path: Path) -> None:
    words = [
        "Ana",
        "Silva",
        "left",
        ".",
        "The",
        "nurse",
        "met",
        "two",
        "doctors",
        ".",
        "They",
        "thanked",
        "Silva",
        ".",
    ]
    record = {
        "document": words, "top_spans": [], "predicted_antecedents": [],
        "clusters": [[[0, 1], [4, 5], [12, 12]], [[7, 8], [10, 10]], [[3, 99]]],
    }  # fmt: skip
    (found,) = load(tmp_path, record, name="allennlp")
    assert [(each.name, each.aliases, each.local) for each in found.article.entities] == [
        ("Ana Silva", ["Silva"], False),
        ("two doctors", [], True),
    ]
    assert [each[3] for each in mentions(found)] == [
        "Ana Silva", "The nurse", "two doctors", "Silva",
    ]  # fmt: skip
    assert reasons(found) == ["clusters[2][0]: [3, 99] is no span of 14 tokens"]


def test_verbs_state_relations(tmp_path: Path) -> None:
    verbs = [
        {"verb": "left", "description": "",
         "tags": ["B-ARG0", "I-ARG0", "B-V", "B-ARG1", "I-ARG1"]},
        {"verb": "left", "description": "", "tags": ["O", "O", "B-V", "B-ARG1", "B-ARGM-TMP"]},
        {"verb": "left", "description": "", "tags": ["O"]},
    ]  # fmt: skip
    (found,) = load(tmp_path, {"words": WORDS, "verbs": verbs}, name="allennlp")
    assert statements(found) == [("Ana Silva", "left", "New York")]
    assert [each.local for each in found.article.entities] == [True, True]
    assert found.notes.passed_over == {"verbs with less than two arguments": 1}
    assert reasons(found) == ["verbs[2]: 1 tags of 5 tokens"]


def test_arguments_that_are_names_are_these() -> None:
    record = {
        "words": WORDS, "tags": ["B-PER", "L-PER", "O", "B-LOC", "L-LOC"],
        "verbs": [{"tags": ["B-ARG0", "I-ARG0", "B-V", "B-ARG1", "I-ARG1"], "verb": "left"}],
    }  # fmt: skip
    found = parse("allennlp", record)
    assert [(each.type, each.name) for each in found.article.entities] == [
        ("PER", "Ana Silva"),
        ("LOC", "New York"),
    ]
    assert statements(found) == [("Ana Silva", "left", "New York")]
