"""JSON that language models write: every prompt has other keys, every interface another wrapper."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.inspection import described, inspect
from datasette_newsgraph.readers.formats.structured.reader import parse
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.reading.pipeline import Reading, Ready

TEXT = "Wangari Maathai won the Nobel Peace Prize in Oslo. Maathai planted trees."
THINGS = [{"name": "Wangari Maathai", "type": "Person"}, {"name": "Oslo", "type": "City"}]
LINKS = [{"source": "Wangari Maathai", "target": "Oslo", "relation": "honoured in"}]
ANSWER = {"entities": THINGS, "relationships": LINKS}


def read(path: Path, **reading: Any) -> list[Ready]:
    """The articles of a file whose format is recognised."""
    source = open_input(path)
    try:
        pipeline = Reading.of(**reading).pipeline(source)
        return [pipeline.run(entry) for entry in pipeline.format.reader.entries(source)]
    finally:
        source.close()


def written(tmp_path: Path, given: Any, name: str = "a.json") -> Path:
    path = tmp_path / name
    path.write_text(given if isinstance(given, str) else json.dumps(given), "utf-8")
    return path


def said(article: Article) -> tuple[set[tuple[str, str]], set[tuple[str, str, str | None]]]:
    """Types and names, and statements by names."""
    names = {each.id: each.name for each in article.entities}
    return (
        {(each.type, each.name) for each in article.entities},
        {
            (names[each.subject], each.predicate, names.get(each.object or "") or str(each.value))
            for each in article.relations
        },
    )


EXPECTED = (
    {("Person", "Wangari Maathai"), ("Place", "Oslo")},
    {("Wangari Maathai", "honoured in", "Oslo")},
)

SHAPES: dict[str, Any] = {
    "names and types": ANSWER,
    "with a text": {"text": TEXT, **ANSWER},
    "keys with entity_": {
        "entities": [{"entity_name": each["name"], "entity_type": each["type"]} for each in THINGS],
        "relationships": [
            {
                "source_entity": "Wangari Maathai",
                "target_entity": "Oslo",
                "relationship_description": "honoured in",
                "relationship_strength": 8,
            }
        ],
    },
    "in camel case": {
        "extractedEntities": [{"entityName": e["name"], "entityType": e["type"]} for e in THINGS],
        "relations": [
            {
                "sourceEntity": "Wangari Maathai",
                "targetEntity": "Oslo",
                "relationType": "honoured in",
            }
        ],
    },
    "by ids": {
        "entities": [
            {"id": "e1", "text": "Wangari Maathai", "label": "PERSON"},
            {"id": "e2", "text": "Oslo", "label": "GPE"},
        ],
        "relations": [{"head": "e1", "tail": "e2", "type": "honoured in"}],
    },
    "by label": {
        "text": TEXT,
        "entities": {"Person": ["Wangari Maathai"], "City": ["Oslo"]},
        "relationships": LINKS,
    },
    "by name": {
        "entities": {"Wangari Maathai": {"type": "Person"}, "Oslo": {"type": "City"}},
        "relationships": LINKS,
    },
    "types by name": {
        "entities": {"Wangari Maathai": "Person", "Oslo": "City"},
        "relationships": LINKS,
    },
    "pairs of a name and its type": {
        "text": TEXT,
        "entities": [["Wangari Maathai", "PERSON"], ["Oslo", "GPE"]],
        "relationships": LINKS,
    },
    "lists by type": {"persons": ["Wangari Maathai"], "cities": ["Oslo"], "relationships": LINKS},
    "ends are objects": {
        "entities": THINGS,
        "relationships": [
            {"startEntity": THINGS[0], "endEntity": THINGS[1], "name": "honoured in"}
        ],
    },
    "the label is the type": {
        "entities": [{"entity": e["name"], "label": e["type"]} for e in THINGS],
        "relationships": LINKS,
    },
    "the entity is the type": {
        "entities": [
            {"text": "Wangari Maathai", "entity": "PERSON"},
            {"text": "Oslo", "entity": "LOCATION"},
        ],
        "relationships": LINKS,
    },
}


@pytest.mark.parametrize("given", SHAPES.values(), ids=SHAPES)
def test_each_prompt_has_its_keys(tmp_path: Path, given: Any) -> None:
    (ready,) = read(written(tmp_path, given))
    assert said(ready.parsed.article) == EXPECTED
    assert not ready.parsed.faults


_INNER = json.dumps(ANSWER)
_FENCED = f"Here is the graph.\n\n```json\n{json.dumps(ANSWER, indent=2)}\n```\nAnything else?"
_MESSAGE = {"role": "assistant", "content": _INNER}

WRAPPED: dict[str, Any] = {
    "chat completion": {"model": "gpt", "choices": [{"message": _MESSAGE}], "usage": {}},
    "call of a tool": {
        "choices": [
            {
                "message": {
                    "role": "assistant",
                    "content": None,
                    "tool_calls": [{"function": {"name": "graph", "arguments": _INNER}}],
                }
            }
        ]
    },
    "responses": {"output": [{"content": [{"type": "output_text", "text": _INNER}]}]},
    "messages": {
        "type": "message",
        "model": "claude",
        "content": [
            {"type": "text", "text": "I shall extract [the graph]."},
            {"type": "tool_use", "name": "graph", "input": ANSWER},
        ],
    },
    "messages with a fence": {"content": [{"type": "text", "text": _FENCED}], "model": "claude"},
    "candidates": {"candidates": [{"content": {"parts": [{"text": _FENCED}]}}]},
    "Ollama": {"model": "llama", "response": _INNER, "done": True},
    "Bedrock": {"output": {"message": {"content": [{"text": _INNER}]}}},
    "batch": {"custom_id": "a1", "response": {"body": {"choices": [{"message": _MESSAGE}]}}},
    "log of llm": {"id": "01", "model": "gpt", "prompt": "Extract …", "response": _INNER},
    "beside the text": {"id": "a1", "text": TEXT, "llm_output": ANSWER},
    "a fence in a file": _FENCED,
    "between words": f"The graph is {_INNER}. That is all.",
}


@pytest.mark.parametrize("given", WRAPPED.values(), ids=WRAPPED)
def test_what_is_wrapped_around_it_is_opened(tmp_path: Path, given: Any) -> None:
    (ready,) = read(written(tmp_path, given))
    assert said(ready.parsed.article) == EXPECTED
    assert not ready.parsed.notes.unknown_fields


def test_answers_stand_in_lines_with_their_texts(tmp_path: Path) -> None:
    lines = [{"id": n, "text": TEXT, "answer": {"model": "m", "message": _MESSAGE}} for n in (1, 2)]
    found = read(written(tmp_path, "\n".join(map(json.dumps, lines)), "a.jsonl"))
    assert [each.parsed.local_ids for each in found] == [("1",), ("2",)]
    assert [each.parsed.article.text for each in found] == [TEXT, TEXT]


def test_of_several_answers_the_first_is_taken(tmp_path: Path) -> None:
    other = {"message": {"content": json.dumps({"entities": [{"name": "X", "type": "Y"}]})}}
    (ready,) = read(written(tmp_path, {"choices": [{"message": _MESSAGE}, other]}))
    assert said(ready.parsed.article) == EXPECTED
    assert ready.parsed.notes.passed_over == {"further answers to the same question": 1}


def test_all_occurrences_of_names_are_mentions(tmp_path: Path) -> None:
    named = {"name": "Wangari Maathai", "type": "Person", "aliases": ["Maathai", "the laureate"]}
    nowhere = {"name": "Nairobi", "type": "City"}
    (ready,) = read(written(tmp_path, {"text": TEXT, "entities": [named, nowhere]}))
    spans = ready.anchors.spans
    person, city = ready.parsed.article.entities
    assert [spans[id(each)].surface for each in person.mentions] == ["Wangari Maathai", "Maathai"]
    assert [spans[id(each)].status for each in city.mentions] == ["unlocated"]


def test_the_text_may_come_from_the_articles_file(tmp_path: Path) -> None:
    texts = written(tmp_path, {"id": "a", "text": TEXT}, "texts.jsonl")
    (ready,) = read(written(tmp_path, ANSWER), articles=texts)
    mentions = [each for entity in ready.parsed.article.entities for each in entity.mentions]
    assert {ready.anchors.spans[id(each)].status for each in mentions} == {"moved"}


def _completion(words: str) -> str:
    return json.dumps({"object": "chat.completion", "choices": [{"message": {"content": words}}]})


FRAMES: dict[str, Callable[[list[Any]], str]] = {
    "object": lambda given: json.dumps({"articles": given}),
    "fence": lambda given: f"```json\n{json.dumps({'articles': given})}\n```",
    "words": lambda given: f"Here:\n\n```\n{json.dumps({'articles': given})}\n```\nMore?",
    "a fence each": lambda given: "And:\n".join(
        f"```json\n{json.dumps(each)}\n```\n" for each in given
    ),
    "array in a fence": lambda given: f"```json\n{json.dumps(given, indent=1)}\n```",
    "completion": lambda given: _completion(json.dumps({"articles": given})),
    "completion with a fence": lambda given: _completion(f"```\n{json.dumps(given)}\n```"),
}


@pytest.mark.parametrize("lists", [ANSWER, {"entities": THINGS}], ids=["links", "things alone"])
@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_articles_in_one_answer_need_no_texts_beside_them(
    tmp_path: Path, lists: dict[str, Any], frame: Callable[[list[Any]], str]
) -> None:
    listed = [{"article_id": f"a{n}", "title": f"Oslo {n}", **lists} for n in (1, 2)]
    rows = [{"id": f"a{n}", "text": f"{TEXT} {n}"} for n in (1, 2)]
    texts = written(tmp_path, "\n".join(map(json.dumps, rows)), "texts.jsonl")
    found = read(written(tmp_path, frame(listed), "a.txt"), articles=texts)
    assert [each.parsed.article.text for each in found] == [f"{TEXT} 1", f"{TEXT} 2"]


@pytest.mark.parametrize("key", ["evidence", "quote", "sentence", "supporting_text"])
def test_a_quoted_sentence_is_evidence(tmp_path: Path, key: str) -> None:
    sentence = "Wangari Maathai won the Nobel Peace Prize in Oslo."
    links = [{**LINKS[0], key: sentence}, {**LINKS[0], "relation": "lived in", key: "She did."}]
    (ready,) = read(written(tmp_path, {"text": TEXT, "entities": THINGS, "relationships": links}))
    found = [
        ready.anchors.spans[id(each)].status
        for relation in ready.parsed.article.relations
        for each in relation.evidence
    ]
    assert found == ["moved", "unlocated"]


def test_without_a_quote_no_sentence_is_guessed(tmp_path: Path) -> None:
    (ready,) = read(written(tmp_path, {"text": TEXT, **ANSWER}))
    assert [each.evidence for each in ready.parsed.article.relations] == [[]]


@pytest.mark.parametrize("end", range(len(_INNER) // 3, len(_INNER), 7))
@pytest.mark.parametrize("indent", [None, 1])
def test_what_is_whole_of_an_answer_that_breaks_off_is_taken(
    tmp_path: Path, end: int, indent: int | None
) -> None:
    text = json.dumps(ANSWER, indent=indent)
    cut = text[: end * len(text) // len(_INNER)]
    (ready,) = read(written(tmp_path, cut), format_name="structured")
    entities, statements = said(ready.parsed.article)
    assert entities <= EXPECTED[0]
    assert entities
    assert statements <= EXPECTED[1]
    assert [each.reason for each in ready.parsed.faults] == ["the JSON is broken off here"]


def test_a_list_of_entities_is_one_answer(tmp_path: Path) -> None:
    given = [{"entity": each["name"], "type": each["type"]} for each in THINGS]
    (ready,) = read(written(tmp_path, json.dumps(given, indent=1)))
    assert said(ready.parsed.article) == (EXPECTED[0], set())


@pytest.mark.parametrize(
    ("thing", "keys"),
    [
        ({"name": "Maathai", "entity": "Wangari Maathai", "type": "Person"}, "'name' and 'entity'"),
        ({"mention": "Maathai", "text": "She", "type": "Person"}, "'text' and 'mention'"),
        ({"id": "Wangari Maathai", "label": "Maathai"}, "'id' and 'label'"),
    ],
)
def test_two_keys_that_may_be_the_name_are_rejected(thing: Any, keys: str) -> None:
    with pytest.raises(RecordError, match=f"both {keys} may be the name"):
        parse(json.dumps({"entities": [thing]}).encode())


def test_a_map_says_which_key_is_which(tmp_path: Path) -> None:
    thing = {"name": "Maathai", "entity": "Wangari Maathai", "type": "Person", "note": "x"}
    given = {"entities": [thing], "verbindungen": [{"wer": "Maathai", "was": "won", "wen": 2004}]}
    label_map = written(
        tmp_path,
        '[keys]\nentity = "name"\nnote = "drop"\nverbindungen = "links"\nwer = "subject"\n'
        'was = "predicate"\nwen = "object"\n',
        "map.toml",
    )
    (ready,) = read(written(tmp_path, given), label_map=label_map)
    assert said(ready.parsed.article) == (
        {("Person", "Wangari Maathai")},
        {("Wangari Maathai", "won", "2004")},
    )
    assert not ready.parsed.notes.unknown_fields


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('who = "nome"', "'nome' is nothing that a key can be; there are "),
        ("who = 1", "1 is nothing"),
    ],
)
def test_a_map_of_keys_that_means_nothing_is_refused(tmp_path: Path, keys: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Reading.of(label_map=written(tmp_path, f"[keys]\n{keys}\n", "map.toml"))


def test_keys_of_a_known_format_are_not_mapped(tmp_path: Path) -> None:
    label_map = written(tmp_path, '[keys]\nwho = "name"\n', "map.toml")
    spert = [
        {"tokens": ["Oslo"], "entities": [{"type": "Loc", "start": 0, "end": 1}], "relations": []}
    ]
    with pytest.raises(InputError, match="leave out its"):
        read(written(tmp_path, spert), label_map=label_map)


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ({"source": "Maathai", "target": "Oslo"}, "its subject 'Maathai' is the name of no entity"),
        ({"source": "Oslo", "target": "Nairobi"}, "its object 'Nairobi' is the name of no entity"),
        ({"source": "Oslo"}, "has no object"),
        ({"source": None, "target": "Oslo"}, "has no subject"),
        (["Oslo", "is"], "is no object and no list of three"),
    ],
)
def test_an_end_that_names_nothing_rejects_its_link(link: Any, reason: str) -> None:
    given = {"entities": THINGS, "relationships": [LINKS[0], link]}
    parsed = parse(json.dumps(given).encode())
    assert len(parsed.article.relations) == 1
    (fault,) = parsed.faults
    assert fault.reason.startswith(f"relationships[1]: {reason}")


def test_ends_are_things_where_no_list_tells_them_apart() -> None:
    parsed = parse(json.dumps({"relationships": LINKS}).encode())
    assert {each.name for each in parsed.article.entities} == {"Wangari Maathai", "Oslo"}


def test_numbers_and_dates_are_values() -> None:
    links = [
        {"source": "Oslo", "target": "1048-01", "relation": "founded"},
        {"source": "Oslo", "target": 717710, "relation": "population"},
    ]
    parsed = parse(json.dumps({"entities": THINGS, "relationships": links}).encode())
    assert [(each.value, each.datatype) for each in parsed.article.relations] == [
        ("1048-01", "date"),
        ("717710", "number"),
    ]


@pytest.mark.parametrize(
    ("given", "confidence"), [(0.9, 0.9), ("0.9", 0.9), ("90%", 0.9), (8, None), ("high", None)]
)
def test_a_confidence_is_a_share(given: Any, confidence: float | None) -> None:
    link = {**LINKS[0], "confidence": given}
    parsed = parse(json.dumps({"entities": THINGS, "relationships": [link]}).encode())
    assert [each.confidence for each in parsed.article.relations] == [confidence]
    assert bool(parsed.notes.unknown_fields) == (confidence is None)


def test_quotes_have_their_speakers() -> None:
    quotes = [
        {"speaker": "Oslo", "quote": "we won", "verb": "said"},
        {"speaker": "X", "quote": "no"},
    ]
    parsed = parse(json.dumps({"entities": THINGS, "quotes": quotes}).encode())
    (city,) = (each for each in parsed.article.entities if each.name == "Oslo")
    assert [(each.speaker, each.text) for each in parsed.article.quotes] == [
        (city.id, "we won"),
        (None, "no"),
    ]
    assert [each.reason for each in parsed.faults] == [
        "quotes[1]: its speaker 'X' is the name of no entity"
    ]


def test_what_is_not_known_is_counted() -> None:
    things = [{**THINGS[0], "salience": 3, "age": None}, THINGS[1]]
    quote = {
        "speaker": "Wangari Maathai",
        "quote": "Trees!",
        "attribution_verb": "said",
        "tone": "glad",
    }
    answer = {"entities": things, "quotes": [quote], "summary": "…"}
    parsed = parse(json.dumps(answer).encode())
    assert [each.verb for each in parsed.article.quotes] == ["said"]
    assert parsed.notes.unknown_fields == {
        "entities[].salience": 1,
        "quotes[].tone": 1,
        "summary": 1,
    }


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"choices": [{"message": {"content": "I cannot do that."}}]},
            "no JSON in the answer, which",
        ),
        (
            {"choices": [{"message": {"content": '{"verdict": 1}'}}]},
            "no list of entities or relations",
        ),
        ({"entities": []}, "no entities in it, and no text"),
        ("Sorry.", "no JSON in the answer, which begins “Sorry.”"),
    ],
)
def test_an_answer_without_lists_is_rejected_with_what_it_says(given: Any, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        parse((given if isinstance(given, str) else json.dumps(given)).encode())


def test_inspect_tells_what_was_taken_for_what(tmp_path: Path) -> None:
    source = open_input(written(tmp_path, SHAPES["by ids"]))
    told = dict(described(inspect(source, Reading.of().pipeline(source))))
    source.close()
    assert told["keys"] == (
        "entities[]: name from text, type from label, id from id"
        ' (such as {"id": "e1", "text": "Wangari Maathai", "label": "PERSON"}),'
        " relations[]: subject from head, object from tail, predicate from type"
        ' (such as {"head": "e1", "tail": "e2", "type": "honoured in"})'
    )
