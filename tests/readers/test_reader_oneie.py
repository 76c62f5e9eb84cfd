"""The reader of what is prepared for OneIE, and of what it predicts."""

from __future__ import annotations

import json
from typing import Any

import pytest

from datasette_newsgraph.errors import RecordError
from tests.cost import seconds_of_processor
from tests.readers.conftest import Load
from tests.readers.corpora import statements
from tests.readers.recognisers import mentions, parse, reasons


def entity(id_: str, text: str, start: int, end: int, kind: str = "PER", level: str = "NAM") -> Any:
    return {"id": id_, "text": text, "entity_type": kind, "mention_type": level, "start": start,
            "end": end}  # fmt: skip


DOE = entity("d1-E1-1", "Samuel Doe", 0, 2)
TOWN = entity("d1-E2-2", "Monrovia", 3, 4, "GPE")
ATTACK = {
    "id": "d1-EV1-1",
    "event_type": "Conflict:Attack",
    "trigger": {"text": "attacked", "start": 2, "end": 3},
    "arguments": [{"entity_id": "d1-E1-1", "text": "Samuel Doe", "role": "Attacker"}],
}
LOCATED = {
    "id": "d1-R1-1",
    "relation_type": "PHYS",
    "relation_subtype": "PHYS:Located",
    "arguments": [
        {"entity_id": "d1-E2-2", "role": "Arg-2"},
        {"entity_id": "d1-E1-1", "role": "Arg-1"},
    ],
}


def sentence(**changes: Any) -> dict[str, Any]:
    return {
        "doc_id": "d1",
        "sent_id": "d1-0",
        "tokens": ["Samuel", "Doe", "attacked", "Monrovia", "."],
        "sentence": "Samuel Doe attacked Monrovia.",
        "entity_mentions": [DOE, TOWN],
        "relation_mentions": [LOCATED],
        "event_mentions": [ATTACK],
        **changes,
    }


HE = sentence(
    sent_id="d1-1",
    tokens=["He", "fled", "."],
    sentence="He fled.",
    entity_mentions=[entity("d1-E1-3", "He", 0, 1, level="PRO")],
    relation_mentions=[],
    event_mentions=[],
)


def test_entities_relations_and_events(load: Load) -> None:
    found, (parsed,) = load([sentence()])
    assert found == "oneie"
    assert parsed.article.text == "Samuel Doe attacked Monrovia."
    assert parsed.local_ids == ("d1",)
    assert statements(parsed) == [
        ("Samuel Doe", "PHYS:Located", "Monrovia"),
        ("attacked", "event type", "Conflict:Attack"),
        ("attacked", "Attacker", "Samuel Doe"),
    ]
    event = parsed.article.entities[2]
    assert (event.type, event.local) == ("Event", True)
    assert parsed.article.relations[0].evidence[0].text == "Samuel Doe attacked Monrovia."


def test_sentences_of_a_document_are_one_article(load: Load) -> None:
    other = sentence(doc_id="d2", sent_id="d2-0")
    lines = "\n".join(map(json.dumps, [sentence(), other, HE]))
    _, articles = load(lines, "a.jsonl")
    assert sorted(each.article.text or "" for each in articles) == [
        "Samuel Doe attacked Monrovia.",
        "Samuel Doe attacked Monrovia. He fled.",
    ]


# Which mentions are of one entity ---------------------------------------------------------------


def of(*sentences: dict[str, Any]) -> Any:
    from datasette_newsgraph.reading.recognition import format_called

    raw = b"\n".join(json.dumps(each).encode() for each in sentences)
    return format_called("oneie").reader.parse(raw)


def test_ids_of_ace_tell_entities() -> None:
    parsed = of(sentence(), HE)
    doe = parsed.article.entities[0]
    assert (doe.name, doe.aliases, doe.local) == ("Samuel Doe", [], False)
    assert [each.text for each in doe.mentions] == ["Samuel Doe", "He"]


def test_another_name_is_an_alias_and_a_description_is_none() -> None:
    later = {**HE, "tokens": ["Doe", ",", "the", "sergeant", "."], "sentence": None}
    later["entity_mentions"] = [
        entity("d1-E1-3", "Doe", 0, 1),
        entity("d1-E1-4", "the sergeant", 2, 4, level="NOM"),
    ]
    doe = of(sentence(), later).article.entities[0]
    assert (doe.name, doe.aliases) == ("Samuel Doe", ["Doe"])
    assert len(doe.mentions) == 3


@pytest.mark.parametrize(
    "third",
    [entity("d1-E1-3", "Monrovia", 0, 1, "GPE"), entity("d1-E1-1", "Taylor", 0, 1),
     entity("m-77", "Taylor", 0, 1)],
    ids=["of another type", "numbered again", "of another form"],
)  # fmt: skip
def test_other_ids_tell_none(third: Any) -> None:
    parsed = of(sentence(), {**HE, "entity_mentions": [third]})
    assert [each.text for each in parsed.article.entities[0].mentions] == ["Samuel Doe"]


def test_what_has_no_name_is_local() -> None:
    parsed = of({**HE, "entity_mentions": [entity("x", "He", 0, 1, level="PRO")]})
    assert [each.local for each in parsed.article.entities] == [True]


# Other forms ------------------------------------------------------------------------------------


def prediction(**changes: Any) -> dict[str, Any]:
    return {
        "doc_id": "d1",
        "sent_id": "d1-0",
        "token_ids": ["d1:0-5", "d1:7-9", "d1:11-18", "d1:20-27", "d1:28-28"],
        "tokens": sentence()["tokens"],
        "graph": {
            "entities": [[0, 2, "PER", "NAM", 0.9], [3, 4, "GPE", "NAM", 0.8]],
            "triggers": [[2, 3, "Conflict:Attack", 0.7]],
            "relations": [[0, 1, "PHYS", 0.6]],
            "roles": [[0, 0, "Attacker", 0.5]],
            **changes,
        },
    }


def test_a_prediction(load: Load) -> None:
    found, (parsed,) = load(json.dumps(prediction()), "a.jsonl")
    assert found == "oneie"
    assert parsed.article.text == "Samuel Doe attacked Monrovia."
    assert statements(parsed) == [
        ("Samuel Doe", "PHYS", "Monrovia"),
        ("attacked", "event type", "Conflict:Attack"),
        ("attacked", "Attacker", "Samuel Doe"),
    ]
    assert [each.confidence for each in parsed.article.relations] == [0.6, None, 0.5]
    assert [each.mentions[0].confidence for each in parsed.article.entities] == [0.9, 0.8, 0.7]


def test_numbers_of_a_prediction_are_of_its_sentence() -> None:
    second = prediction(entities=[[3, 4, "GPE", "NAM", 0.8]], relations=[[0, 1, "PHYS", 0.6]])
    assert reasons(of(prediction(), second)) == [
        "sentence 2: relation_mentions[0]: graph.entities[1] is no mention of an entity"
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"entities": [[0, "x"]]}, "entity_mentions[0]: 0-None is no span of 5 tokens"),
        ({"roles": [[7, 0, "Attacker", 1.0]]},
         "event_mentions[1].trigger: None-None is no span of 5 tokens"),
        ({"triggers": [[]]}, "event_mentions[0].trigger: None-None is no span of 5 tokens"),
    ],
)  # fmt: skip
def test_bad_rows_of_a_prediction_are_faults(changes: Any, reason: str) -> None:
    assert reason in reasons(parse("oneie", prediction(**changes)))


def test_ere_as_it_was_prepared_first(load: Load) -> None:
    given = {
        "doc_id": "d1",
        "sent_id": "d1-0",
        "tokens": sentence()["tokens"],
        "entities": [{**each, "entity_id": each["id"]} for each in (DOE, TOWN)],
        "relations": [
            {
                "relation_type": "physical",
                "relation_subtype": "locatednear",
                "arg1": {"entity_id": "d1-E1-1"},
                "arg2": {"entity_id": "d1-E2-2"},
            }
        ],
        "events": [{**ATTACK, "event_type": "conflict", "event_subtype": "attack"}],
    }
    found, (parsed,) = load([given])
    assert found == "oneie"
    assert statements(parsed)[:2] == [
        ("Samuel Doe", "physical:locatednear", "Monrovia"),
        ("attacked", "event type", "conflict:attack"),
    ]


def test_a_sentence_whose_tokens_are_others_is_its_tokens() -> None:
    given = sentence(sentence="Samuel Doe (sergeant) attacked Monrovia.")
    assert mentions(parse("oneie", given))[:2] == [
        ("PER", 0, 10, "Samuel Doe"),
        ("Event", 11, 19, "attacked"),
    ]


# Faults -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"entity_mentions": [DOE]}, "relation_mentions[0]: d1-E2-2 is no mention of an entity"),
        ({"relation_mentions": [{"arguments": []}]}, "relation_mentions[0]: has no two arguments"),
        ({"entity_mentions": [DOE, TOWN, entity("d1-E3-3", "x", 4, 9)]},
         "entity_mentions[2]: 4-9 is no span of 5 tokens"),
        ({"event_mentions": [{"trigger": {"start": 9, "end": 10}}]},
         "event_mentions[0].trigger: 9-10 is no span of 5 tokens"),
    ],
)  # fmt: skip
def test_bad_parts_are_faults(changes: Any, reason: str) -> None:
    assert reasons(parse("oneie", sentence(**changes))) == [reason]


@pytest.mark.parametrize("given", [{}, {"tokens": []}, {"tokens": [""]}, [], {"tokens": 1}])
def test_without_tokens_it_is_rejected(given: Any) -> None:
    with pytest.raises(RecordError):
        parse("oneie", given)


def test_time_is_linear() -> None:
    found = [entity(f"d-E1-{n}", "w", n, n + 1) for n in range(20_000)]
    given = sentence(tokens=["w"] * 20_000, sentence=None, entity_mentions=found)
    with seconds_of_processor(30):
        parse("oneie", given)
