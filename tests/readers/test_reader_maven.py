"""The reader of MAVEN, MAVEN-ERE and MAVEN-Arg."""

from __future__ import annotations

import json
from typing import Any

import pytest

from datasette_newsgraph.errors import RecordError
from tests.readers.conftest import Load
from tests.readers.corpora import statements
from tests.readers.recognisers import mentions, parse, reasons


def mention(word: str, sentence: int | None, start: int, end: int) -> dict[str, Any]:
    return {"id": word, "trigger_word": word, "sent_id": sentence, "offset": [start, end]}


def event(id_: str, kind: str, *mentions: Any, **others: Any) -> dict[str, Any]:
    return {"id": id_, "type": kind, "type_id": 1, "mention": list(mentions), **others}


SIEGE = event("E1", "Attack", mention("siege", 0, 1, 2), mention("battle", 1, 1, 2))
FALL = event("E2", "Defeat", mention("fell", 0, 4, 5))
MAVEN = {
    "id": "m1",
    "title": "Siege of Yorktown",
    "content": [
        {"sentence": "The siege ended: Yorktown fell.",
         "tokens": ["The", "siege", "ended:", "Yorktown", "fell", "."]},
        {"sentence": "The battle lasted.", "tokens": ["The", "battle", "lasted", "."]},
    ],
    "events": [SIEGE, FALL],
    "negative_triggers": [mention("ended:", 0, 2, 3)],
}  # fmt: skip


def test_an_event_is_one_entity_with_its_triggers(load: Load) -> None:
    found, (parsed,) = load(json.dumps(MAVEN), "a.jsonl")
    assert found == "maven"
    assert parsed.article.title == "Siege of Yorktown"
    assert parsed.article.text == "The siege ended: Yorktown fell. The battle lasted."
    assert [(each.name, each.aliases, each.local) for each in parsed.article.entities] == [
        ("siege", [], True),
        ("fell", [], True),
    ]
    assert mentions(parsed) == [
        ("Event", 4, 9, "siege"),
        ("Event", 26, 30, "fell"),
        ("Event", 36, 42, "battle"),
    ]
    assert statements(parsed) == [
        ("siege", "event type", "Attack"),
        ("fell", "event type", "Defeat"),
    ]


ERE = {
    "id": "m1",
    "title": "Siege of Yorktown",
    "tokens": [each["tokens"] for each in MAVEN["content"]],  # type: ignore[index]
    "sentences": [each["sentence"] for each in MAVEN["content"]],  # type: ignore[index]
    "events": [SIEGE, FALL],
    "TIMEX": [
        {"id": "T1", "mention": "lasted", "type": "DURATION", "sent_id": 1, "offset": [2, 3]}
    ],
    "temporal_relations": {"BEFORE": [["E1", "E2"]], "CONTAINS": [["T1", "E1"]]},
    "causal_relations": {"CAUSE": [["E1", "E2"]], "PRECONDITION": []},
    "subevent_relations": [["E1", "E2"]],
}


def test_what_relates_events_and_times(load: Load) -> None:
    found, (parsed,) = load(json.dumps(ERE), "a.jsonl")
    assert found == "maven"
    assert statements(parsed)[2:] == [
        ("siege", "BEFORE", "fell"),
        ("lasted", "CONTAINS", "siege"),
        ("siege", "CAUSE", "fell"),
        ("siege", "subevent", "fell"),
    ]
    assert parsed.article.entities[0].type == "DURATION"


def test_test_data_has_no_events(load: Load) -> None:
    candidates = [mention("siege", 0, 1, 2)]
    test = {**ERE, "events": [], "event_mentions": candidates}
    for given in (test, {**MAVEN, "events": [], "candidates": candidates}):
        found, (parsed,) = load(json.dumps(given), "a.jsonl")
        assert found == "maven"
        assert [each.type for each in parsed.article.entities if each.type == "Event"] == []


DOCUMENT = "The siege ended : Cornwallis , Lord Cornwallis , gave up Yorktown ."
ARG = {
    "id": "m1",
    "title": "Siege of Yorktown",
    "document": DOCUMENT,
    "events": [
        event(
            "E1",
            "Surrender",
            {"id": "x", "trigger_word": "gave up", "offset": [49, 56]},
            argument={
                "Agent": [{"entity_id": "A1"}],
                "Location": [{"content": "Yorktown", "offset": [57, 65]}],
                "Time": [],
            },
        )
    ],
    "entities": [
        {
            "id": "A1",
            "type": "Person",
            "mention": [
                {"id": "a", "mention": "Cornwallis", "offset": [18, 28]},
                {"id": "b", "mention": "Lord Cornwallis", "offset": [31, 46]},
            ],
        }
    ],
}


def test_arguments_are_entities_or_words(load: Load) -> None:
    found, (parsed,) = load(json.dumps(ARG), "a.jsonl")
    assert found == "maven"
    assert [
        (each.type, each.name, each.aliases, each.local) for each in parsed.article.entities
    ] == [
        ("Person", "Lord Cornwallis", ["Cornwallis"], False),
        ("Event", "gave up", [], True),
        ("Thing", "Yorktown", [], True),
    ]
    assert statements(parsed)[1:] == [
        ("gave up", "Agent", "Lord Cornwallis"),
        ("gave up", "Location", "Yorktown"),
    ]
    assert reasons(parsed) == []


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({**MAVEN, "events": [event("E1", "X", mention("x", 0, 6, 7))]},
         "events[0]: offset [6, 7] is no span of sentence 0"),
        ({**MAVEN, "events": [event("E1", "X", mention("x", 9, 0, 1))]},
         "events[0]: offset [0, 1] is no span of sentence 9"),
        ({**MAVEN, "events": [event("E1", "X")]}, "events[0]: has no mention"),
        ({**ERE, "causal_relations": {"CAUSE": [["E1", "E9"]]}},
         "causal_relations.CAUSE[0]: E9 is nothing of this document"),
        ({**ERE, "subevent_relations": [["E1"]]},
         "subevent_relations[0]: expected the ids of two events or times"),
        ({**ARG, "entities": [{"id": "A1", "mention": []}]}, "entities[0]: no mention of it has words"),
        ({**ARG, "events": [event("E1", "X", {"offset": [60, 99]})]},
         "events[0]: offset [60, 99] is no span of the text"),
    ],
)  # fmt: skip
def test_bad_parts_are_faults(given: Any, reason: str) -> None:
    assert reason in reasons(parse("maven", given))


@pytest.mark.parametrize("given", [{}, {"title": "x"}, {"content": []}, {"tokens": [[]]}, []])
def test_without_text_it_is_rejected(given: Any) -> None:
    with pytest.raises(RecordError):
        parse("maven", given)
