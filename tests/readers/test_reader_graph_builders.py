"""kg-gen, iText2KG and OneKE: what language models were asked for, in shapes of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.conftest import Load
from tests.readers.test_reader_node_link import said

TEXT = "Denis Mukwege founded Panzi Hospital in Bukavu in 1999."


# kg-gen -----------------------------------------------------------------------------------------

KG = {
    "entities": ["Denis Mukwege", "Panzi Hospital", "Bukavu"],
    "edges": ["founded", "is in"],
    "relations": [["Denis Mukwege", "founded", "Panzi Hospital"],
                  ["Panzi Hospital", "is in", "Bukavu"]],
}  # fmt: skip


def test_kg_gen(load: Load) -> None:
    format_, (parsed,) = load(KG)
    assert (format_, parsed.faults) == ("kg_gen", [])
    assert said(parsed) == (
        {("Thing", each) for each in KG["entities"]},
        {tuple(each) for each in KG["relations"]},
    )


def test_kg_gen_a_cluster_is_one_thing(load: Load) -> None:
    graph = {
        **KG,
        "entities": [*KG["entities"], "Dr Mukwege"],
        "relations": [*KG["relations"], ["Dr Mukwege", "won", "Nobel Peace Prize"]],
        "entity_clusters": {"Denis Mukwege": ["Denis Mukwege", "Dr Mukwege", "Mukwege"]},
        "edge_clusters": {"founded": ["founded"]},
    }
    _, (parsed,) = load(graph)
    (mukwege,) = (each for each in parsed.article.entities if each.name == "Denis Mukwege")
    assert mukwege.aliases == ["Dr Mukwege", "Mukwege"]
    assert ("Denis Mukwege", "won", "Nobel Peace Prize") in said(parsed)[1]


def test_kg_gen_each_file_is_an_article(load: Load) -> None:
    graph = {
        **KG,
        "entities_chunk_ids": {
            "Denis Mukwege": [["texts/a.txt", 0], ["texts/b.txt", 3]],
            "Panzi Hospital": [["texts/a.txt", 1]],
            "Bukavu": [["texts/b.txt", 3]],
        },
        "relations_chunk_ids": {"Denis Mukwege-founded-Panzi Hospital": [["texts/a.txt", 0]]},
        "edges_chunk_ids": {},
    }
    _, (first, second, rest) = load(graph)
    assert first.local_ids == ("texts/a.txt", "a.txt")
    assert said(first)[1] == {("Denis Mukwege", "founded", "Panzi Hospital")}
    assert said(second) == ({("Thing", "Denis Mukwege"), ("Thing", "Bukavu")}, set())
    # Nothing says where that is from.
    assert said(rest)[1] == {("Panzi Hospital", "is in", "Bukavu")}


@pytest.mark.parametrize(
    ("graph", "fault"),
    [
        ({"entities": ["Ana", None]}, "entities[1]: is no name"),
        ({"relations": [["Ana", "met"]]}, "relations[0]: is no list of subject, predicate and object"),
        ({"entity_clusters": {"Ana": "Bob"}}, "entity_clusters['Ana']: is no list of names"),
    ],
)  # fmt: skip
def test_kg_gen_a_part_that_cannot_be_taken(load: Load, graph: Any, fault: str) -> None:
    _, (parsed,) = load({**KG, **graph})
    assert [each.reason for each in parsed.faults] == [fault]


# iText2KG ---------------------------------------------------------------------------------------


def test_itext2kg(load: Load) -> None:
    mukwege, hospital = (
        {"label": label, "name": name, "properties": {"embeddings": [0.1], "note": "seen"}}
        for label, name in (("Person", "Denis Mukwege"), ("Organization", "Panzi Hospital"))
    )
    graph = {
        "entities": [mukwege],
        "relationships": [
            {
                "name": "founded",
                "startEntity": mukwege,
                "endEntity": hospital,
                "properties": {
                    "embeddings": [0.2], "atomic_facts": [TEXT], "t_start": ["1999"], "t_end": [],
                    "t_obs": [1.5],
                },
            },
            {"name": "founded", "startEntity": mukwege, "endEntity": {"label": "x", "name": ""}},
        ],
    }  # fmt: skip
    format_, (parsed,) = load(graph)
    assert format_ == "itext2kg"
    assert said(parsed) == (
        {("Person", "Denis Mukwege"), ("Organization", "Panzi Hospital")},
        {("Denis Mukwege", "founded", "Panzi Hospital")},
    )
    (founded,) = (each for each in parsed.article.relations if each.object)
    assert (founded.start_date, [each.text for each in founded.evidence]) == ("1999", [TEXT])
    assert [each.reason for each in parsed.faults] == ["relationships[1].endEntity: has no name"]


# OneKE ------------------------------------------------------------------------------------------

_NER = {"person": ["Denis Mukwege"], "organization": ["Panzi Hospital"], "date": []}
_RE = {"founded": [{"subject": "Denis Mukwege", "object": "Panzi Hospital"}]}
_WANTED = (
    {("person", "Denis Mukwege"), ("organization", "Panzi Hospital")},
    {("Denis Mukwege", "founded", "Panzi Hospital")},
)
#: The same answers, as the model and its framework write them.
ANSWERS: dict[str, Any] = {
    "objects": [{"text": TEXT, "output": _NER}, {"text": TEXT, "output": _RE}],
    "strings, the text in the instruction": [
        {
            "task": task,
            "instruction": json.dumps({"instruction": "Extract.", "schema": [], "input": TEXT}),
            "output": json.dumps(answer),
        }
        for task, answer in (("NER", _NER), ("RE", _RE))
    ],
    "in fences": [
        {"input": TEXT, "prediction": f"```json\n{json.dumps(each)}\n```"} for each in (_NER, _RE)
    ],
    "lists of objects": [
        {
            "text": TEXT,
            "prediction": [
                {"entity": "Denis Mukwege", "entity_type": "person"},
                {"entity": "Panzi Hospital", "entity_type": "organization"},
                {"head": "Denis Mukwege", "relation": "founded", "tail": "Panzi Hospital"},
            ],
        }
    ],
    "the framework": [
        {
            "text": TEXT,
            "entity_list": [{"name": "Denis Mukwege", "type": "person"},
                            {"name": "Panzi Hospital", "type": "organization"}],
            "relation_list": [
                {"head": "Denis Mukwege", "relation": "founded", "tail": "Panzi Hospital"}
            ],
        }
    ],
    "its triples": {
        "triple_list": [
            {"head": "Denis Mukwege", "head_type": "person", "relation": "founded",
             "relation_type": "x", "tail": "Panzi Hospital", "tail_type": "organization"}
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize("answer", ANSWERS)
def test_oneke_answers_about_one_text_are_one_article(load: Load, answer: str) -> None:
    format_, (parsed,) = load(ANSWERS[answer])
    assert (format_, parsed.faults, said(parsed)) == ("oneke", [], _WANTED)
    assert parsed.article.text == (None if answer == "its triples" else TEXT)


def test_oneke_events(load: Load) -> None:
    arguments = {"founder": "Denis Mukwege", "place": ["Bukavu"], "end": "NAN"}
    answer = {"founding": [{"trigger": "founded", "arguments": arguments}]}
    _, (parsed,) = load({"input": TEXT, "output": answer})
    (event,) = (each for each in parsed.article.entities if each.type == "Event")
    assert (event.name, event.local) == ("founded", True)
    assert [(each.predicate, each.value) for each in parsed.article.relations] == [
        ("event type", "founding"),
        ("founder", None),
        ("place", None),
    ]


def test_oneke_properties_are_values(load: Load) -> None:
    answer = {"person": {"Denis Mukwege": {"Occupation": ["surgeon", "pastor"], "Born": "NAN"}}}
    _, (parsed,) = load({"input": TEXT, "output": answer})
    assert [(each.predicate, each.value) for each in parsed.article.relations] == [
        ("Occupation", "surgeon"),
        ("Occupation", "pastor"),
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"instruction": "Translate.", "input": "Good day", "output": "Guten Tag"},
        {"instruction": "Add.", "input": "1 2", "output": '{"sum": 3}'},
        {"input": [1, 2], "output": [3]},
    ],
)
def test_other_answers_are_not_taken(given: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(given))
    source = Source(path)
    try:
        with pytest.raises(InputError):
            recognise(source)
    finally:
        source.close()
