"""Readers of corpora and graphs: what holds for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.formats import FORMATS
from datasette_newsgraph.reading.recognition import format_called
from tests.cost import seconds_of_processor
from tests.readers.corpora import (
    GRAPH,
    docred,
    example,
    is_sound,
    llama_store,
    load,
    parse,
    records,
    serialised,
)
from tests.readers.damage import damaged

JSON_NAMES = ("docred", "spert", "dygie", "langchain")


# All ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", JSON_NAMES)
@pytest.mark.parametrize("form", ["as it is", "lines", "one array"])
def test_the_example_is_recognised_and_read(name: str, form: str, tmp_path: Path) -> None:
    values = records(name)
    text = {
        "as it is": example(name),
        "lines": "".join(json.dumps(each) + "\n" for each in values),
        "one array": json.dumps(values),
    }[form]
    path = tmp_path / ("a.jsonl" if form == "lines" else "a.json")
    path.write_text(text, encoding="utf-8")
    found, articles = load(path)
    assert found == name
    assert len(articles) == len(values)
    for each in articles:
        is_sound(each)
        assert each.article.entities
        assert each.article.relations
        assert not each.faults


@pytest.mark.parametrize("name", JSON_NAMES)
def test_records_without_anything_are_rejected(name: str) -> None:
    for empty in ({}, {"title": "x"}, {"doc_key": "x"}, {"source": {"metadata": {}}}):
        with pytest.raises(RecordError, match="no entities in it"):
            parse(name, empty)


@pytest.mark.parametrize("name", JSON_NAMES)
def test_what_is_no_object_is_rejected(name: str) -> None:
    for raw in (
        b"",
        b"[]",
        b"3",
        b'"x"',
        b"null",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * 50_000,
    ):
        with pytest.raises(RecordError):
            format_called(name).reader.parse(raw)


@pytest.mark.parametrize("name", JSON_NAMES)
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_only_record_errors_come_of_damage(name: str, data: st.DataObject) -> None:
    value = data.draw(st.sampled_from(DAMAGED[name]))
    raw = data.draw(damaged(json.dumps(value).encode()))
    for line in raw.split(b"\n"):
        try:
            parsed = format_called(name).reader.parse(line)
        except RecordError:
            continue
        is_sound(parsed)


DAMAGED: dict[str, list[Any]] = {
    "docred": [
        *records("docred"),
        docred(labels={"head": [0], "tail": [1], "relation_id": ["P1"]}),
    ],
    "spert": records("spert"),
    "dygie": [
        *records("dygie"),
        {
            "doc_key": 1,
            "sentence": ["Ressa", "won", "."],
            "ner": [[0, 0, "person"]],
            "relations": [[0, 0, 0, 0, "social", "won", False, False]],
        },
        {
            "sentences": [["Ressa", "won", "."]],
            "predicted_ner": [[[0, 0, "person", 1.0, 0.5]]],
            "predicted_events": [[[[1, 1, "Win", 1.0, 0.5], [0, 0, "Who", 1.0, 0.5]]]],
        },
    ],
    "langchain": [*records("langchain"), GRAPH, serialised(GRAPH, "GraphDocument"), llama_store()],
}


# Time --------------------------------------------------------------------------------------------


def large(name: str, count: int) -> Iterator[dict[str, Any]]:
    """Records of which a part comes ``count`` times: what would show a reader that is not linear."""
    tokens = [f"w{number}" for number in range(count)]
    if name == "docred":
        mention = [{"name": each, "sent_id": 0, "pos": [0, 1]} for each in tokens]
        labels = [{"h": 0, "t": 0, "r": "P1", "evidence": [0]}] * count
        yield {"sents": [tokens[:100]], "vertexSet": [mention], "labels": labels}
        yield {"sents": [tokens], "vertexSet": [[each] for each in mention], "labels": []}
    elif name == "spert":
        spans = [{"type": "X", "start": each, "end": each + 1} for each in range(count)]
        yield {"tokens": tokens, "entities": spans, "relations": []}
    elif name == "dygie":
        spans_ = [[each, each, "X"] for each in range(count)]
        yield {"sentences": [tokens], "ner": [spans_], "clusters": [[each[:2] for each in spans_]]}
        yield {
            "sentences": [tokens],
            "ner": [spans_[:1]],
            "clusters": [[each[:2] for each in spans_]],
        }
    else:
        nodes = [{"id": each, "type": "X", "properties": {each: each}} for each in tokens]
        yield {"nodes": nodes, "source": {"page_content": " ".join(tokens)}}
        edges = [
            {
                "source": {"id": each},
                "target": {"id": "w0"},
                "properties": {"evidence": f"{each} x"},
            }
            for each in tokens
        ]
        yield {"relationships": edges, "source": {"page_content": " ".join(tokens)}}


@pytest.mark.parametrize("name", JSON_NAMES)
def test_time_is_linear_in_the_size_of_a_record(name: str) -> None:
    for value in large(name, 20_000):
        raw = json.dumps(value).encode()
        # A second or two; if it were quadratic, minutes.
        with seconds_of_processor(60):
            format_called(name).reader.parse(raw)


def test_graphrag_units_that_are_not_in_their_document_cost_little() -> None:
    from datasette_newsgraph.readers.formats.graphrag.table_documents import Document, place_units

    text = "The court sat again. " * 200_000
    document = Document("d", None, text)
    rows = [
        {"id": f"u{number}", "text": f"title: x.\nno such words {number}", "of": "d"}
        for number in range(5_000)
    ]
    with seconds_of_processor(60):
        place_units([document], rows)
    assert all(each.start is None for each in document.units)


def test_the_formats_are_in_the_table() -> None:
    given = {each.name: each for each in FORMATS}
    assert given["graphrag"].extra == "parquet"
    assert given["graphrag"].takes_folders
    for name in (*JSON_NAMES, "graphrag"):
        assert given[name].signs
