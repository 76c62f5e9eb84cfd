"""Nodes and relationships of Neo4j in JSON, in all the forms in which it exports them."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.readers.formats.neo4j.reader import entries, parse
from datasette_newsgraph.readers.source import Source
from tests.readers.conftest import Load
from tests.readers.test_reader_node_link import said

NAMES = {"name": "Tu Youyou"}, {"title": "Artemisinin"}
_NODES = [
    {
        "identity": 0,
        "labels": ["__Entity__", "Person"],
        "properties": NAMES[0],
        "elementId": "4:a:0",
    },
    {"identity": 1, "labels": ["Product"], "properties": NAMES[1], "elementId": "4:a:1"},
]
_TIE = {
    "identity": 0, "start": 0, "end": 1, "type": "DISCOVERED", "properties": {"year": 1972},
    "elementId": "5:a:0", "startNodeElementId": "4:a:0", "endNodeElementId": "4:a:1",
}  # fmt: skip


def _without(part: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in keys}


def _numbers(value: int) -> dict[str, int]:
    return {"low": value, "high": 0}


_OF_APOC = [
    {"type": "node", "id": "0", "labels": ["Person"], "properties": NAMES[0]},
    {"type": "node", "id": "1", "labels": ["Product"], "properties": NAMES[1]},
    {
        "id": "0", "type": "relationship", "label": "DISCOVERED", "properties": {"year": 1972},
        "start": {"id": "0", "labels": ["Person"]}, "end": {"id": "1", "labels": ["Product"]},
    },
]  # fmt: skip
_OF_HTTP = {
    "nodes": [
        {"id": "7", "elementId": "4:a:7", "labels": ["Person"], "properties": NAMES[0]},
        {"id": "8", "elementId": "4:a:8", "labels": ["Product"], "properties": NAMES[1]},
    ],
    "relationships": [
        {"id": "7", "type": "DISCOVERED", "startNode": "7", "endNode": "8",
         "properties": {"year": 1972}},
    ],
}  # fmt: skip

EXPORTS: dict[str, Any] = {
    "the records of the Browser": [{"n": _NODES[0], "r": _TIE, "m": _NODES[1]}],
    "nodes in some, relationships in others": [{"n": _NODES[0]}, {"n": _NODES[1]}, {"r": _TIE}],
    "the same several times": [{"n": _NODES[0], "r": _TIE, "m": _NODES[1]}] * 3,
    "numbers of the driver for JavaScript": [
        {"n": {**each, "identity": _numbers(number)}} for number, each in enumerate(_NODES)
    ]
    + [{"r": {**_TIE, "identity": _numbers(0), "start": _numbers(0), "end": _numbers(1)}}],
    "paths": [
        {
            "p": {
                "start": _NODES[0], "end": _NODES[1], "length": 1.0,
                "segments": [{"start": _NODES[0], "relationship": _TIE, "end": _NODES[1]}],
            }
        }
    ],
    "results of the HTTP API": {
        "results": [{"columns": ["p"], "data": [{"graph": _OF_HTTP}]}], "errors": [],
    },
    "a graph of the HTTP API": _OF_HTTP,
    "the Query API": {
        "data": {
            "fields": ["n", "r", "m"],
            "values": [[_without(_NODES[0], "identity"), _without(_TIE, "identity", "start", "end"),
                        _without(_NODES[1], "identity")]],
        }
    },
    "APOC": "\n".join(map(json.dumps, _OF_APOC)),
    "APOC in an array": _OF_APOC,
    "APOC in an object": {"nodes": _OF_APOC[:2], "rels": _OF_APOC[2:]},
    "APOC without nodes of their own": "\n".join(
        json.dumps({**_OF_APOC[2], "start": _OF_APOC[0], "end": _OF_APOC[1]}) for _ in range(2)
    ),
}  # fmt: skip


@pytest.mark.parametrize("export", EXPORTS)
def test_every_export_says_the_same(load: Load, export: str) -> None:
    format_, (parsed,) = load(EXPORTS[export])
    assert (format_, parsed.faults) == ("neo4j", [])
    assert said(parsed) == (
        {("Person", "Tu Youyou"), ("Product", "Artemisinin")},
        {("Tu Youyou", "DISCOVERED", "Artemisinin")},
    )
    assert {(each.start_date, each.end_date) for each in parsed.article.relations} == {
        ("1972", "1972")
    }


def test_what_a_chunk_mentions_is_looked_for_in_it(load: Load) -> None:
    """As the Knowledge Graph Builder has it: chunks of a document mention what is in them."""

    def node(id_: str, label: str, **properties: Any) -> dict[str, Any]:
        return {"type": "node", "id": id_, "labels": [label], "properties": properties}

    def tie(label: str, one: str, other: str) -> dict[str, Any]:
        ends = {"start": {"id": one}, "end": {"id": other}}
        return {"type": "relationship", "id": f"{label}{one}", "label": label, **ends}

    first, second = "Tu Youyou read old recipes.", "Tu Youyou found artemisinin."
    lines = [
        node("d", "Document", fileName="tu.txt", url="https://example.org/tu"),
        node("c2", "Chunk", text=second, position=2),
        node("c1", "Chunk", text=first, position=1),
        node("t", "Person", name="Tu Youyou"),
        tie("PART_OF", "c1", "d"),
        tie("PART_OF", "c2", "d"),
        tie("NEXT_CHUNK", "c1", "c2"),
        tie("HAS_ENTITY", "c2", "t"),
    ]
    _, (parsed,) = load("\n".join(map(json.dumps, lines)))
    assert (parsed.article.url, parsed.article.text) == (
        "https://example.org/tu",
        f"{first}\n{second}",
    )
    assert "tu.txt" in parsed.local_ids
    ((entity, start, end, _),) = parsed.sought
    assert (entity.name, (parsed.article.text or "")[start:end]) == ("Tu Youyou", second)
    assert parsed.article.relations == []


def test_a_line_that_is_neither_costs_only_itself(tmp_path: Path) -> None:
    lines = [*map(json.dumps, _OF_APOC[:2]), '{"broken": ', '{"x": 1}', json.dumps(_OF_APOC[2])]
    path = tmp_path / "a.json"
    path.write_text("\n".join(lines))
    with closing(Source(path)) as source:
        found = list(entries(source))
    assert [(each.line, each.fault is None) for each in found] == [
        (3, False),
        (4, False),
        (5, True),
    ]
    assert said(parse(found[-1].raw))[1] == {("Tu Youyou", "DISCOVERED", "Artemisinin")}


def test_a_relationship_without_an_end_is_a_fault(load: Load) -> None:
    _, (parsed,) = load([{"n": _NODES[0]}, {"r": _without(_TIE, "end", "endNodeElementId")}])
    assert [each.reason for each in parsed.faults] == ["relationship '0': has not two ends"]


def test_values_of_its_own_types_are_read(load: Load) -> None:
    place = {"srid": _numbers(4326), "x": 120.2, "y": 30.25}
    since = {"year": _numbers(1951), "month": _numbers(9), "day": _numbers(1)}
    node = {**_NODES[0], "properties": {**_NODES[0]["properties"], "at": place}}
    tie = {**_TIE, "properties": {"since": since}}
    _, (parsed,) = load([{"n": node, "r": tie, "m": _NODES[1]}])
    assert (parsed.article.entities[0].latitude, parsed.article.entities[0].longitude) == (
        30.25,
        120.2,
    )
    assert [each.start_date for each in parsed.article.relations if each.object] == ["1951-09-01"]
