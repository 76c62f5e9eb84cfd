"""Readers of entity recognisers: samples, examples, and hostile input."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats import FORMATS
from datasette_newsgraph.readers.source import Source
from datasette_newsgraph.reading.recognition import format_called, recognise
from tests.readers.recognisers import count, example, load_path, mentions, parse, reasons

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")

NAMES = ("spacy", "docbin", "stanza", "flair", "gliner", "transformers", "gliner_relex", "glirel")
JSON_NAMES = tuple(name for name in NAMES if name != "docbin")
WITH_RELATIONS = {"spacy", "flair", "gliner_relex", "glirel"}

Load = Callable[..., tuple[str, list[Parsed]]]


# Samples and examples ---------------------------------------------------------------------------

COUNTS = {
    # 8 "ents"; Syria is named three times and the United States twice.
    "spacy_doc_to_json.json": ("spacy", (5, 8, 0)),
    # The same Doc, packed; the pipeline that made it links nothing.
    "spacy_docbin.spacy": ("docbin", (5, 8, 0)),
    # One dict of an entity, of a span.
    "stanza_entity.json": ("stanza", (1, 1, 0)),
    "flair_span.json": ("flair", (1, 1, 0)),
    # One entity, and Microsoft from the relation's tail only.
    "gliner_relex.json": ("gliner_relex", (2, 2, 1)),
    # Head and tail of the one relation.
    "glirel_relations.json": ("glirel", (2, 2, 1)),
}


@needs_samples
@pytest.mark.parametrize("name", COUNTS)
def test_samples(name: str) -> None:
    if name.endswith(".spacy"):
        pytest.importorskip("spacy")
    found, parsed = load_path(SAMPLES / name)
    assert (found, count(parsed)) == COUNTS[name]
    assert [reasons(each) for each in parsed] == [[]]


@needs_samples
def test_the_doc_is_the_same_as_json_and_packed() -> None:
    pytest.importorskip("spacy")
    _, (from_json,) = load_path(SAMPLES / "spacy_doc_to_json.json")
    _, (packed,) = load_path(SAMPLES / "spacy_docbin.spacy")
    # The Doc's user data are in the DocBin only.
    assert packed.article.title == "Ambassador Robert Ford Returns to Syria"
    packed.article.title = None
    assert from_json.article == packed.article
    assert from_json.article.text is not None
    assert from_json.article.text[166:183] == "the United States"


@needs_samples
def test_samples_of_other_formats_are_not_taken() -> None:
    for path in SAMPLES.iterdir():
        if path.is_file() and path.name not in COUNTS:
            with closing(Source(path)) as source, suppress(InputError):
                assert recognise(source).name not in NAMES, path.name


@pytest.mark.parametrize("name", JSON_NAMES)
@pytest.mark.parametrize("ending", [".json", ".jsonl", ".txt"])
def test_examples(load: Load, name: str, ending: str) -> None:
    whole = json.loads(example(name))
    found, parsed = load(json.dumps(whole) if ending == ".jsonl" else example(name), f"a{ending}")
    assert found == name
    entities, named, relations = count(parsed)
    assert len(parsed) == 1
    assert entities == named >= 2
    assert (relations > 0) == (name in WITH_RELATIONS)
    assert reasons(parsed[0]) == []
    (one,) = parsed
    text = one.article.text
    assert text is not None
    for _, start, end, surface in mentions(one):
        assert surface in (None, text[start:end])
        assert text[start:end].strip() == text[start:end] != ""


@pytest.mark.parametrize("name", JSON_NAMES)
def test_many_documents(load: Load, name: str) -> None:
    one = json.loads(example(name))
    for many, indent in (([one, one], None), ([one, one], 1), ([one], None)):
        found, parsed = load(json.dumps(many, indent=indent))
        assert (found, len(parsed)) == (name, len(many))
        assert all(each.article == parse(name, one).article for each in parsed)
    for file in ("a.jsonl", "a.json"):
        found, parsed = load(f"{json.dumps(one)}\n{json.dumps(one)}\n", file)
        assert (found, len(parsed)) == (name, 2)


def test_records_that_look_alike(load: Load) -> None:
    for value in (
        {"text": "Doha", "entities": [{"id": 1, "start_offset": 0, "end_offset": 4, "label": "GPE"}]},
        {"text": "Doha", "spans": [{"start": 0, "end": 4, "label": "GPE", "token_start": 0}],
         "tokens": [{"text": "Doha", "start": 0, "end": 4, "id": 0}]},
        {"tokens": ["Doha"], "entities": [{"type": "Loc", "start": 0, "end": 1}], "relations": []},
        {"Entities": [{"BeginOffset": 0, "EndOffset": 4, "Text": "Doha", "Type": "LOCATION"}]},
        {"text": "Doha", "extractions": [{"extraction_class": "place", "extraction_text": "Doha",
                                          "char_interval": {"start_pos": 0, "end_pos": 4}}]},
        {"sentences": [{"index": 0, "tokens": [{"index": 1, "word": "Doha",
                                                "characterOffsetBegin": 0}]}]},
        {"id": 1, "data": {"text": "Doha"}, "annotations": [
            {"result": [{"value": {"start": 0, "end": 4, "text": "Doha", "labels": ["LOC"]}}]}]},
    ):  # fmt: skip
        try:
            found, _ = load(value)
        except (InputError, ModuleNotFoundError):
            continue  # the reader's own tests say what it is
        assert found not in NAMES


# spaCy ------------------------------------------------------------------------------------------

TEXT = "Ban Ki-moon met Emmanuel Macron in Paris."


# Hostile input ----------------------------------------------------------------------------------

STRANGE: list[Any] = [
    None, True, "", "x", " ", "\0", "\ud800", -1, 0, 1.5, 10**30, 1e308, [], {}, [[]], [None],
    {"start": 1}, [1, 2, 3], "12", [[[[{}]]]], {"": ""},
]  # fmt: skip


def damaged(value: Any, random: Random) -> Any:
    """One thing in a JSON value left out, replaced or moved."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        key = random.choice(sorted(value))
        found = dict(value)
        if random.random() < 0.2:
            del found[key]
        elif random.random() < 0.1:
            found[key + "x"] = found[key]
        else:
            found[key] = damaged(found[key], random)
        return found
    if isinstance(value, list) and value and random.random() < 0.8:
        place = random.randrange(len(value))
        if random.random() < 0.1:
            return value[:place] + value[place + 1 :]
        return [*value[:place], damaged(value[place], random), *value[place + 1 :]]
    if isinstance(value, int) and random.random() < 0.6:
        return value + random.choice((-(10**6), -7, -1, 1, 3, 10**9))
    return random.choice(STRANGE)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(random=st.randoms(use_true_random=False), times=st.integers(1, 6))
def test_damaged_records(name: str, random: Random, times: int) -> None:
    value = json.loads(example(name))
    for _ in range(times):
        value = damaged(value, random)
    try:
        parsed = parse(name, value)
    except RecordError:
        return
    known = {each.id for each in parsed.article.entities}
    for relation in parsed.article.relations:
        assert {relation.subject, relation.object} <= known


@pytest.mark.parametrize("name", NAMES)
def test_truncated_and_nested_records(name: str) -> None:
    raw = example(name).encode()
    reader = format_called(name).reader
    for data in (
        *(raw[:end] for end in range(0, len(raw), 7)),
        b"[" * 100_000,
        b'{"text":' * 100_000,
        b'{"text": "a", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"\xff\xfe",
        b"null",
        b"{}",
        b"[]",
        b'{"text": "' + b"a" * 1_000_000 + b'"}',
    ):
        with suppress(RecordError):
            reader.parse(data)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_it(name: str) -> None:
    for value in ({"text": ""}, {"text": None}, {}):
        with pytest.raises(RecordError, match="no entities and no text"):
            parse(name, value)
    assert parse(name, {"text": TEXT}).article.text == TEXT


def test_the_table() -> None:
    table = {each.name: each for each in FORMATS}
    assert table["docbin"].extra == "spacy"
    assert table["docbin"].endings == (".spacy",)
    assert all(table[name].signs for name in NAMES)
