"""The readers of what GLiNER and spaCy are trained with."""

from __future__ import annotations

import json
from typing import Any

import pytest

from datasette_newsgraph.errors import RecordError
from tests.readers.conftest import Load
from tests.readers.recognisers import mentions, parse, reasons, same_as
from tests.readers.test_formats import COLUMN_WORDS

HASSAN = {
    "tokenized_text": ["Samia", "Hassan", "flew", "to", "Dodoma", "."],
    "ner": [[0, 1, "person"], [4, 4, "city"]],
}

# GLiNER -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["tokenized_text", "tokens"])
def test_ends_of_gliner_are_inclusive(load: Load, key: str) -> None:
    found, (parsed,) = load([{key: HASSAN["tokenized_text"], "ner": HASSAN["ner"]}])
    assert found == "gliner_training"
    assert mentions(parsed) == [("person", 0, 12, "Samia Hassan"), ("city", 21, 27, "Dodoma")]
    assert parsed.is_joined


def test_a_text_beside_the_tokens_has_its_own_spacing(load: Load) -> None:
    _, (parsed,) = load([{**HASSAN, "text": "Samia Hassan flew to  Dodoma."}])
    assert mentions(parsed)[1] == ("city", 22, 28, "Dodoma")
    assert not parsed.is_joined


def test_with_relations_it_is_glirels(load: Load) -> None:
    relation = {
        "head": {"mention": "Samia Hassan", "position": [0, 1], "type": "person"},
        "tail": {"mention": "Dodoma", "position": [4, 4], "type": "city"},
        "relation_text": "flew to",
    }
    found, (parsed,) = load([{**HASSAN, "relations": [relation]}])
    assert found == "glirel"
    assert len(parsed.article.relations) == 1
    assert load([{**HASSAN, "relations": []}])[0] == "gliner_training"


@pytest.mark.parametrize("ner", [[], [[0, 0, "person"]]])
def test_words_that_name_columns_are_words(load: Load, ner: list[Any]) -> None:
    found, _ = load([{"tokenized_text": COLUMN_WORDS.split(), "ner": ner}])
    assert found == "gliner_training"


@pytest.mark.parametrize(
    ("span", "reason"),
    [
        ([0, 6, "x"], "ner[0]: 0-6 is no span of 6 tokens"),
        ([2, 1, "x"], "ner[0]: 2-1 is no span of 6 tokens"),
        ([0, 1], "ner[0]: expected [first, last, label]"),
        ("x", "ner[0]: expected [first, last, label]"),
    ],
)
def test_a_bad_span_is_a_fault(span: Any, reason: str) -> None:
    assert reasons(parse("gliner_training", {**HASSAN, "ner": [span]})) == [reason]


@pytest.mark.parametrize("given", [{}, {"tokenized_text": [], "ner": []}, {"tokens": "x"}, []])
def test_without_tokens_it_is_rejected(given: Any) -> None:
    with pytest.raises(RecordError):
        parse("gliner_training", given)


# spaCy ------------------------------------------------------------------------------------------


def paragraph(tokens: list[Any], **others: Any) -> dict[str, Any]:
    listed = [{"orth": words, "ner": tag} for words, tag in tokens]
    return {"sentences": [{"tokens": listed, "brackets": []}], **others}


MARIN = [("Sanna", "B-PERSON"), ("Marin", "L-PERSON"), ("left", "O"), ("Oslo", "U-GPE"), (".", "-")]


def test_each_paragraph_is_an_article(load: Load) -> None:
    paragraphs = [paragraph(MARIN, raw="Sanna Marin  left Oslo."), paragraph(MARIN[2:])]
    found, articles = load([{"id": 0, "paragraphs": paragraphs}])
    assert found == "spacy_training"
    assert [each.article.text for each in articles] == ["Sanna Marin  left Oslo.", "left Oslo ."]
    assert mentions(articles[0]) == [("PERSON", 0, 11, "Sanna Marin"), ("GPE", 18, 22, "Oslo")]
    assert [each.is_joined for each in articles] == [False, True]


def test_paragraphs_on_lines(load: Load) -> None:
    line = json.dumps({"id": 0, "paragraphs": [paragraph(MARIN)]})
    found, articles = load(f"{line}\n{line}\n", "a.jsonl")
    assert (found, len(articles)) == ("spacy_training", 2)


def test_names_are_the_offsets_where_no_token_has_a_tag(load: Load) -> None:
    untagged = [(words, None) for words, _ in MARIN]
    given = paragraph(
        untagged,
        raw="Sanna Marin left Oslo.",
        entities=[[0, 11, "PERSON"]],
        links=[{"(0, 11)": {"Q43301": 1.0}}],
    )
    _, (parsed,) = load({"id": 0, "paragraphs": [given]})
    assert mentions(parsed) == [("PERSON", 0, 11, None)]
    assert same_as(parsed) == {"Sanna Marin": ["http://www.wikidata.org/entity/Q43301"]}


def test_tokens_that_are_not_those_of_the_text_are_looked_for() -> None:
    given = paragraph([("-LRB-", "O"), *MARIN], raw="(Sanna Marin left Oslo.")
    parsed = parse("spacy_training", given)
    assert mentions(parsed) == [
        ("GPE", None, None, "Oslo"),
        ("PERSON", None, None, "Sanna Marin"),
    ]


EXAMPLE = {
    "doc_annotation": {
        "cats": {},
        "entities": ["B-PERSON", "L-PERSON", "O", "U-GPE", "O"],
        "spans": {"linked": [[0, 11, "PERSON", "Q43301"], [17, 21, "CITY", ""]]},
        "links": {},
    },
    "token_annotation": {
        "ORTH": [words for words, _ in MARIN],
        "SPACY": [True, True, True, False, False],
    },
}


def test_a_dictionary_of_an_example(load: Load) -> None:
    found, (parsed,) = load([EXAMPLE])
    assert found == "spacy_training"
    assert parsed.article.text == "Sanna Marin left Oslo."
    assert [each[:3] for each in mentions(parsed)] == [
        ("PERSON", 0, 11),
        ("CITY", 17, 21),
        ("GPE", 17, 21),
    ]
    assert same_as(parsed) == {"Sanna Marin": ["http://www.wikidata.org/entity/Q43301"]}


def test_an_example_as_it_is_written_by_hand() -> None:
    given = {
        "text": "Sanna Marin left Oslo.",
        "token_annotation": {"words": [words for words, _ in MARIN]},
        "doc_annotation": {"entities": [[0, 11, "PERSON"]]},
    }
    parsed = parse("spacy_training", given)
    assert mentions(parsed) == [("PERSON", 0, 11, None)]


@pytest.mark.parametrize(
    ("entities", "reason"),
    [
        (["O"], "doc_annotation.entities: 1 tags for 5 tokens"),
        (["PERSON", "O", "O", "O", "O"], "doc_annotation.entities[0]: is no tag"),
        ([[1]], "doc_annotation.entities[0]: expected [start, end, label]"),
    ],
)
def test_bad_entities_are_faults(entities: Any, reason: str) -> None:
    given = {**EXAMPLE, "doc_annotation": {"entities": entities}}
    assert reasons(parse("spacy_training", given)) == [reason]


@pytest.mark.parametrize("given", [{}, {"sentences": []}, {"token_annotation": {}}, {"raw": " "}])
def test_without_tokens_it_is_no_example(given: Any) -> None:
    with pytest.raises(RecordError, match="no tokens"):
        parse("spacy_training", given)
