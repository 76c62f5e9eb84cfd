"""Readers of Stanza and Flair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from datasette_newsgraph.readers import Parsed
from tests.readers.recognisers import mentions, parse, reasons, same_as, statements

Load = Callable[..., tuple[str, list[Parsed]]]


# spaCy ------------------------------------------------------------------------------------------

TEXT = "Ban Ki-moon met Emmanuel Macron in Paris."


# Stanza -----------------------------------------------------------------------------------------


def tagged(*words: tuple[str, str, int | None], **more: Any) -> list[dict[str, Any]]:
    return [
        {"id": number, "text": text, "ner": tag, **more}
        | ({} if start is None else {"start_char": start, "end_char": start + len(text)})
        for number, (text, tag, start) in enumerate(words, 1)
    ]


def test_stanza_tags() -> None:
    sentences = [
        tagged(("Ban", "B-PER", 0), ("Ki-moon", "E-PER", 4), ("Paris", "S-LOC", 13)),
        tagged(("Oslo", "LOC", 20), ("Fjord", "LOC", 25), ("Rome", "B-LOC", 31), ("x", "O", 36)),
        tagged(("UN", "I-ORG", 40), ("Paris", "I-LOC", 43)),
    ]
    parsed = parse("stanza", sentences)
    assert mentions(parsed) == [
        ("PER", 0, 11, "Ban Ki-moon"),
        ("LOC", 13, 18, "Paris"),
        ("LOC", 20, 30, "Oslo Fjord"),
        ("LOC", 31, 35, "Rome"),
        ("ORG", 40, 42, "UN"),
        ("LOC", 43, 48, "Paris"),
    ]
    # The places are the original's, so the text has blanks where something is not known.
    assert parsed.article.text == "Ban Ki-moon  Paris  Oslo Fjord Rome x   UN Paris"
    assert not parsed.is_joined


def test_stanza_without_places() -> None:
    sentence = tagged(("Ban", "S-PER", None), ("Paris", "S-LOC", None), (".", "O", None))
    sentence[1]["misc"] = "SpaceAfter=No"
    parsed = parse("stanza", [sentence, sentence])
    assert parsed.article.text == "Ban Paris. Ban Paris."
    assert parsed.is_joined
    assert mentions(parsed)[2:] == [("PER", 11, 14, "Ban"), ("LOC", 15, 20, "Paris")]


def test_stanza_of_old_has_the_places_in_misc() -> None:
    sentence = [{"id": [1], "text": "Oslo", "ner": "S-LOC", "misc": "start_char=3|end_char=7"}]
    assert mentions(parse("stanza", [sentence])) == [("LOC", 3, 7, "Oslo")]


def test_stanza_tokens_of_several_words() -> None:
    sentence = [
        {"id": [1, 2], "text": "du", "ner": "O", "start_char": 0, "end_char": 2},
        {"id": 1, "text": "de"},
        {"id": 2, "text": "le"},
        {"id": [8, 1], "text": "nobody"},
        {"id": 3, "text": "Rhône", "ner": "S-LOC", "start_char": 3, "end_char": 8},
    ]
    parsed = parse("stanza", [sentence])
    assert parsed.article.text == "du Rhône"
    assert mentions(parsed) == [("LOC", 3, 8, "Rhône")]


@pytest.mark.parametrize("id_", [-1, 0, 1, 99, [2], "x"])
def test_stanza_loses_no_token_for_its_number(id_: Any) -> None:
    tokens = [
        {"id": 1, "text": "In", "ner": "O"},
        {"id": id_, "text": "Oslo", "ner": "S-GPE"},
        {"id": 3, "text": "today", "ner": "O"},
    ]
    parsed = parse("stanza", [tokens])
    assert parsed.article.text == "In Oslo today"
    assert mentions(parsed) == [("GPE", 3, 7, "Oslo")]


def test_stanza_tells_a_token_without_a_tag() -> None:
    tokens: list[dict[str, Any]] = [
        {"id": 1, "text": "Ban"},
        {"id": 2, "text": "Ki-moon", "ner": "E-PERSON"},
    ]
    parsed = parse("stanza", [tokens])
    assert [each.reason for each in parsed.faults] == ["sentences[0]: the token 'Ban' has no ner"]
    for token in tokens:
        token.pop("ner", None)
    assert parse("stanza", [tokens]).faults == []


def test_stanza_place_far_away() -> None:
    far = tagged(("Oslo", "S-LOC", 0), ("Rome", "S-LOC", 10**12))
    parsed = parse("stanza", [far])
    assert len(parsed.article.text or "") < 10_000


ENTITY = {"text": "Paris", "type": "GPE", "start_char": 35, "end_char": 40}


@pytest.mark.parametrize(
    "written",
    [
        {"text": TEXT, "sentences": [tagged(("Paris", "S-GPE", 35))], "comments": [[]]},
        {"text": TEXT, "entities": [ENTITY]},
        {"text": TEXT, "ents": [ENTITY]},
        {
            "text": TEXT,
            "sentences": [{"tokens": tagged(("Paris", "S-X", 35)), "entities": [ENTITY]}],
        },
        {"text": TEXT, "entities": [ENTITY], "sentences": [tagged(("Paris", "S-GPE", 35))]},
        [ENTITY],
        {"entities": [ENTITY]},
        [tagged(("Paris", "S-GPE", 35))],
    ],
)
def test_what_is_written_of_stanza(load: Load, written: Any) -> None:
    found, (parsed,) = load(written)
    assert found == "stanza"
    assert mentions(parsed) == [("GPE", 35, 40, "Paris")]


def test_stanza_coreference() -> None:
    sentence = tagged(("Ban", "S-PER", 0), ("Oslo", "S-LOC", 4), ("He", "O", 9))
    for token in sentence:
        token["coref_chains"] = [{"index": 0, "is_start": True, "is_end": True}]
    assert statements(parse("stanza", [sentence])) == [("Ban", "possibly same as", "Oslo")]


# Flair ------------------------------------------------------------------------------------------


def flair_span(text: str, start: int, *labels: str, **more: Any) -> dict[str, Any]:
    values = [{"value": each, "confidence": 0.9} for each in labels]
    return {"text": text, "start_pos": start, "end_pos": start + len(text), "labels": values} | more


def test_flair_labels() -> None:
    spans = [flair_span("Ban Ki-moon", 0, "PER", "Q1253"), flair_span("Paris", 35, "LOC", "GPE")]
    parsed = parse("flair", {"text": TEXT, "entities": spans})
    assert [each[0] for each in mentions(parsed)] == ["PER", "GPE", "LOC"]
    assert same_as(parsed) == {"Ban Ki-moon": ["http://www.wikidata.org/entity/Q1253"]}
    assert {each.mentions[0].confidence for each in parsed.article.entities} == {0.9}


def test_flair_links_beside_types() -> None:
    spans = [
        flair_span("Angela Merkel", 0, "PER", "Angela_Merkel"),
        flair_span("US", 20, "United_States", "GPE"),
        flair_span("Macron", 30, "PER", "<unk>"),
        # Who knows what these are.
        flair_span("Party of Labour", 40, "ORG", "Party", "LABOUR"),
        flair_span("Paris", 60, "Paris"),
        flair_span("Bonn", 70) | {"labels": [{"value": "Bonn", "type": "nel"}]},
    ]
    parsed = parse("flair", {"text": " " * 80, "entities": spans})
    assert [(each.type, each.name) for each in parsed.article.entities] == [
        ("PER", "Angela Merkel"),
        ("GPE", "US"),
        ("PER", "Macron"),
        ("ORG", "Party of Labour"),
        ("Party", "Party of Labour"),
        ("LABOUR", "Party of Labour"),
        ("Paris", "Paris"),
        ("Thing", "Bonn"),
    ]
    assert same_as(parsed) == {
        "Angela Merkel": ["https://en.wikipedia.org/wiki/Angela_Merkel"],
        "US": ["https://en.wikipedia.org/wiki/United_States"],
        "Bonn": ["https://en.wikipedia.org/wiki/Bonn"],
    }


def test_flair_of_old_and_spans_alone(load: Load) -> None:
    old = {"text": "Paris", "start_pos": 35, "end_pos": 40, "type": "LOC", "confidence": 0.8}
    for written in (
        {"text": TEXT, "labels": [], "entities": [old]},
        old,
        [old],
        flair_span("Paris", 35, "LOC"),
        {
            "text": TEXT,
            "all labels": [],
            "tokens": [],
            "entities": [flair_span("Paris", 35, "LOC")],
        },
    ):
        found, (parsed,) = load(written)
        assert found == "flair"
        assert mentions(parsed) == [("LOC", 35, 40, "Paris")]


def test_flair_relations_go_by_token_where_a_name_stands_twice() -> None:
    text = "Paris and Paris."
    sentence = {
        "text": text,
        "entities": [flair_span("Paris", 0, "PER"), flair_span("Paris", 10, "LOC")],
        "tokens": [{"start_pos": 0}, {"start_pos": 6}, {"start_pos": 10}],
        "relations": [
            {
                "from_text": "Paris",
                "to_text": "Paris",
                "from_idx": 0,
                "to_idx": 2,
                "labels": ["in"],
            },
            {"from_text": "Paris", "to_text": "Rome", "from_idx": 0, "to_idx": 2, "labels": []},
        ],
    }
    parsed = parse("flair", sentence)
    (relation,) = parsed.article.relations
    types = {each.id: each.type for each in parsed.article.entities}
    assert (types[relation.subject], relation.predicate) == ("PER", "in")
    assert types[relation.object or ""] == "LOC"
    assert reasons(parsed) == ["relations[1]: to_text 'Rome' is no span of this sentence"]
