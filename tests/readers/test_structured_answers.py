"""What language models wrap around JSON, and how it looks when they have written it."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.article import Article
from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.format_signs import Sample
from datasette_newsgraph.readers.formats.structured.reader import parse
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.readers.structured.sign import Structured
from datasette_newsgraph.reading.pipeline import Reading, Ready

TEXT = "Angela Merkel visited Athens. The chancellor met Antonis Samaras."
THINGS = [{"name": "Angela Merkel", "type": "Person"}, {"name": "Athens", "type": "City"}]
LINKS = [{"source": "Angela Merkel", "target": "Athens", "relation": "visited"}]
ANSWER = {"entities": THINGS, "relations": LINKS}
EXAMPLE = '{"entities": [{"name": "Jane Doe", "type": "Person"}], "relations": []}'


def read(tmp_path: Path, given: Any, name: str = "a.json", **reading: Any) -> list[Ready]:
    path = tmp_path / name
    path.write_text(given if isinstance(given, str) else json.dumps(given), "utf-8")
    source = open_input(path)
    try:
        pipeline = Reading.of(**reading).pipeline(source)
        return [pipeline.run(entry) for entry in pipeline.format.reader.entries(source)]
    finally:
        source.close()


def names(article: Article) -> list[str]:
    return [each.name for each in article.entities]


def statements(article: Article) -> list[tuple[str, str, str | None]]:
    called = {each.id: each.name for each in article.entities}
    return [
        (called[each.subject], each.predicate, called.get(each.object or "") or str(each.value))
        for each in article.relations
    ]


def parsed(given: Any) -> Article:
    return parse((given if isinstance(given, str) else json.dumps(given)).encode()).article


_INNER = json.dumps(ANSWER)
_FENCED = f"```json\n{json.dumps(ANSWER, indent=2)}\n```"


@pytest.mark.parametrize(
    "answer",
    [
        f"<think>Such as {EXAMPLE}?</think>{_INNER}",
        f"<think>\nSuch as {EXAMPLE}?\n</think>\n\n{_FENCED}",
        f"Such as {EXAMPLE}?\n</think>\n{_INNER}",
        f"The form is {EXAMPLE}. So this is it:\n{_FENCED}\nIs it?",
        f"Entities: {json.dumps(THINGS)}\nRelations: {json.dumps(LINKS)}",
        f"## Entities\n```json\n{json.dumps(THINGS)}\n```\n## Relations\n```\n{json.dumps(LINKS)}\n```",
        f"First {json.dumps({'entities': THINGS})}\n{json.dumps({'relations': LINKS})}",
        _INNER.replace("}]", "},\n // that is all\n]"),
        _INNER.replace('{"entities"', '{/* found */ "entities"').replace("]}", "],}"),
    ],
)
def test_what_a_model_says_is_taken_and_not_what_it_thinks(tmp_path: Path, answer: str) -> None:
    for content, name in (({"response": answer}, "a.json"), (answer, "a.txt")):
        (ready,) = read(tmp_path, content, name, format_name="structured")
        assert names(ready.parsed.article) == ["Angela Merkel", "Athens"]
        assert statements(ready.parsed.article) == [("Angela Merkel", "visited", "Athens")]
        assert [each.type for each in ready.parsed.article.entities] == ["Person", "Place"]


def test_a_thought_that_breaks_off_is_no_answer() -> None:
    with pytest.raises(RecordError, match="no JSON in the answer"):
        parse(json.dumps({"response": f"<think>Such as {EXAMPLE}"}).encode())


def test_strings_keep_what_looks_like_a_comment() -> None:
    thing = {"name": "Athens", "type": "City", "description": "see //x, /* [a,] */"}
    answer = json.dumps({"entities": [thing]})[:-2] + ",]}"
    assert parsed({"response": answer}).entities[0].description == thing["description"]


@pytest.mark.parametrize(
    "given",
    [
        {"lc": 1, "id": ["AIMessage"], "kwargs": {"content": _INNER}},
        {"generations": [[{"text": _INNER, "message": {"content": _INNER}}]], "run": None},
        {"replies": [_FENCED], "meta": [{"model": "m"}]},
        [{"messages": [{"role": "user", "content": TEXT}], "outputs": [_INNER]}],
        {
            "messages": [
                {"role": "user", "content": EXAMPLE},
                {"role": "assistant", "content": _INNER},
            ]
        },
        {"conversations": [{"from": "human", "value": TEXT}, {"from": "gpt", "value": _INNER}]},
    ],
    ids=["LangChain", "generations", "replies", "outputs", "messages", "conversations"],
)
def test_what_libraries_keep_of_answers_is_opened(tmp_path: Path, given: Any) -> None:
    (ready,) = read(tmp_path, given)
    assert names(ready.parsed.article) == ["Angela Merkel", "Athens"]
    assert ready.parsed.article.text is None


@pytest.mark.parametrize("key", ["articles", "documents", "results", "data"])
@pytest.mark.parametrize("indent", [None, 1])
def test_articles_in_one_list_are_several(tmp_path: Path, key: str, indent: int | None) -> None:
    listed = [{"id": "a", "text": TEXT, **ANSWER}, {"id": "b", "text": "Athens.", **ANSWER}]
    given = {"model": "m", "status": "ok", key: listed}
    found = read(tmp_path, json.dumps(given, indent=indent))
    assert [each.parsed.local_ids for each in found] == [("a",), ("b",)]
    assert [each.parsed.article.text for each in found] == [TEXT, "Athens."]
    assert {each.parsed.article.extractor.model for each in found} == {"m"}


def test_answers_about_several_texts_in_one_record_are_told(tmp_path: Path) -> None:
    lines = [{"results": [{"text": TEXT, **ANSWER}, {"text": "Rome.", **ANSWER}]}] * 2
    found = read(tmp_path, "\n".join(map(json.dumps, lines)), "a.jsonl")
    assert [each.parsed.article.text for each in found] == [TEXT, TEXT]
    assert [fault.reason for each in found for fault in each.parsed.faults] == [
        "is about another text, and one record is one article"
    ] * 2


@pytest.mark.parametrize("key", ["paragraphs", "sentences", "chunks"])
def test_passages_in_one_list_are_one_article(tmp_path: Path, key: str) -> None:
    passages = [{"text": each, **ANSWER} for each in ("Angela Merkel came.", "Athens waited.")]
    (ready,) = read(tmp_path, {"id": "a", key: passages})
    article = ready.parsed.article
    assert article.text == "Angela Merkel came.\n\nAthens waited."
    assert names(article) == ["Angela Merkel", "Athens"]
    (ready,) = read(tmp_path, {"id": "a", "content": TEXT, key: passages}, format_name="structured")
    assert ready.parsed.article.text == TEXT


_PIECES = [
    "[",
    "{",
    '{"a": ',
    '["a", ',
    "a [x ",
    "```json\n{\n",
    ",",
    '"',
    "\\",
    "// ",
    "/* ",
    "<think>",
]


@pytest.mark.parametrize("piece", _PIECES)
def test_no_words_take_long(piece: str) -> None:
    words = piece * (300_000 // len(piece))
    begun = time.process_time()
    for answer in (words, f'{{"entities": [{words}'):
        with pytest.raises(RecordError):
            parse(json.dumps({"response": answer}).encode())
    assert time.process_time() - begun < 5


def test_fields_around_many_answers_do_not_take_long() -> None:
    fields = {f"f{number}": "x" for number in range(10_000)}
    begun = time.process_time()
    parse(json.dumps({"response": [ANSWER] * 2000, **fields}).encode())
    assert time.process_time() - begun < 5


_WORDS = st.sampled_from(
    [
        "Ana",
        "",
        "\0",
        "\ud800",
        "1",
        "[",
        "{",
        '{"entities": [',
        "```",
        _INNER,
        "e\u0301",
        "</think>",
    ]
)
_KEYS = st.sampled_from(
    [
        *("entities", "relations", "quotes", "persons", "places", "choices", "message", "content"),
        *("text", "articles", "sentences", "messages", "role", "name", "type", "id", "aliases"),
        *("source", "target", "relation", "evidence", "confidence", "start", "end", "speaker"),
        *("mentions", "value", "date", "model"),
    ]
)
_VALUES = st.recursive(
    st.one_of(_WORDS, st.none(), st.booleans(), st.floats(), st.integers()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_KEYS, inner, max_size=6)),
    max_leaves=30,
)


@given(_VALUES, st.integers(0, 200))
def test_whatever_is_given_is_read_or_rejected(value: Any, cut: int) -> None:
    raw = json.dumps(value).encode()
    for each in (raw, raw[:-cut]):
        with suppress(RecordError):
            parse(each)
    for sign in (Structured(), Structured(with_links=True)):
        assert sign.score(Sample("a.json", raw, (value,))) in (0, 1)


def test_an_end_may_be_several() -> None:
    link = {"subject": "Angela Merkel", "predicate": "saw", "object": ["Athens", "Rome", 3]}
    found = parse(json.dumps({"entities": THINGS, "relations": [link]}).encode())
    assert statements(found.article) == [
        ("Angela Merkel", "saw", "Athens"),
        ("Angela Merkel", "saw", "3"),
    ]
    (fault,) = found.faults
    assert fault.reason == (
        "relations[0]: its object 'Rome' is the name of no entity in the record"
    )


def test_many_ends_on_both_sides_are_no_statements() -> None:
    link = {"subject": ["Athens"] * 40, "predicate": "saw", "object": ["Athens"] * 40}
    found = parse(json.dumps({"entities": THINGS, "relations": [link]}).encode())
    assert not found.article.relations
    assert "more than 1000 pairs" in found.faults[0].reason


def test_fields_are_told_as_they_are_written() -> None:
    link = {"sourceEntity": "Athens", "targetEntity": "Athens", "relationStrength": 2}
    given = {"entities": [{**THINGS[1], "voterTurnout": 3}], "relations": [link]}
    assert set(parse(json.dumps(given).encode()).notes.unknown_fields) == {
        "entities[].voterTurnout",
        "relations[].relationStrength",
    }


@pytest.mark.parametrize(
    "given",
    [
        {
            "entitäten": [{"name": each["name"], "typ": each["type"]} for each in THINGS],
            "beziehungen": [{"quelle": "Angela Merkel", "beziehung": "visited", "ziel": "Athens"}],
        },
        {
            "texte": TEXT,
            "entités": [{"nom": each["name"], "type": each["type"]} for each in THINGS],
            "relations": [{"sujet": "Angela Merkel", "prédicat": "visited", "objet": "Athens"}],
        },
        {
            "entidades": [{"nombre": each["name"], "tipo": each["type"]} for each in THINGS],
            "relaciones": [{"origen": "Angela Merkel", "relación": "visited", "destino": "Athens"}],
        },
        {
            "personen": ["Angela Merkel"],
            "orte": ["Athens"],
            "beziehungen": [["Angela Merkel", "visited", "Athens"]],
        },
    ],
    ids=["German", "French", "Spanish", "German lists"],
)
def test_keys_may_be_in_other_languages(tmp_path: Path, given: Any) -> None:
    (ready,) = read(tmp_path, given)
    assert names(ready.parsed.article) == ["Angela Merkel", "Athens"]
    assert statements(ready.parsed.article) == [("Angela Merkel", "visited", "Athens")]


def test_lines_of_a_stream_are_refused(tmp_path: Path) -> None:
    lines = [json.dumps({"choices": [{"delta": {"content": each}}]}) for each in (_INNER[:9], "}")]
    with pytest.raises(InputError, match="in the pieces in which it was streamed"):
        read(tmp_path, "\n\n".join(f"data: {each}" for each in lines), "a.txt")
