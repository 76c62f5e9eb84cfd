"""Nodes and edges in JSON, as the programs that draw and analyse graphs write them."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers import Parsed
from datasette_newsgraph.readers.formats.node_link.json_graphs import graphs_of
from datasette_newsgraph.readers.inputs import open_input
from datasette_newsgraph.reading.recognition import recognise
from tests.readers.conftest import Load

CURIE = {"id": "Marie Curie", "type": "Person"}
RADIUM = {"id": "Radium Institute", "type": "Organization"}
FOUNDED = {"source": "Marie Curie", "target": "Radium Institute", "relation": "founded"}


def said(parsed: Parsed) -> tuple[set[tuple[str, str]], set[tuple[str, str, str | None]]]:
    """Types and names of the entities, and what the relations between them say."""
    names = {each.id: each.name for each in parsed.article.entities}
    return (
        {(each.type, each.name) for each in parsed.article.entities},
        {
            (names[each.subject], each.predicate, names[each.object])
            for each in parsed.article.relations
            if each.object
        },
    )


WANTED = (
    {("Person", "Marie Curie"), ("Organization", "Radium Institute")},
    {("Marie Curie", "founded", "Radium Institute")},
)


def drawn(label: str, **more: Any) -> dict[str, Any]:
    return {"label": label, "x": 0.5, "y": 1, "size": 3, "color": "#f00", **more}


#: One graph, as each program has it.
PROGRAMS: dict[str, Any] = {
    "networkx": {
        "directed": True, "multigraph": False, "graph": {}, "nodes": [CURIE, RADIUM],
        "links": [{**FOUNDED, "weight": 2}],
    },
    "networkx 3.4": {
        "directed": True, "multigraph": True, "graph": {}, "nodes": [CURIE, RADIUM],
        "edges": [{**FOUNDED, "key": 0}],
    },
    "networkx with numbers": {
        "directed": False, "multigraph": False, "graph": {},
        "nodes": [{"id": 1, "name": "Marie Curie", "type": "Person"},
                  {"id": 2, "name": "Radium Institute", "type": "Organization"}],
        "links": [{"source": 1, "target": 2, "relation": "founded"}],
    },
    "networkx with tuples": {
        "directed": False, "multigraph": False, "graph": {},
        "nodes": [{"id": ["p", 1], "name": "Marie Curie", "type": "Person"},
                  {"id": ["o", 1], "name": "Radium Institute", "type": "Organization"}],
        "links": [{"source": ["p", 1], "target": ["o", 1], "relation": "founded"}],
    },
    "D3 by number": {
        "nodes": [{"name": "Marie Curie", "group": "Person"},
                  {"name": "Radium Institute", "group": "Organization"}],
        "links": [{"source": 0, "target": 1, "value": 3, "label": "founded"}],
    },
    "D3 behind a simulation": {
        "nodes": [{**CURIE, "index": 0, "x": 1.5, "vy": 0}, {**RADIUM, "index": 1, "x": 2}],
        "links": [{**FOUNDED, "source": CURIE, "target": RADIUM, "index": 0}],
    },
    "vis.js": {
        "nodes": [drawn("Marie Curie", id=1, group="Person", title="Marie Curie<br>born 1867"),
                  drawn("Radium Institute", id=2, group="Organization", shape="box")],
        "edges": [{"from": 1, "to": 2, "label": "founded", "arrows": "to"}],
    },
    "pyvis": {
        "nodes": [drawn("Marie Curie", id="Marie Curie", title="Person", shape="dot"),
                  drawn("Radium Institute", id="Radium Institute", title="Organization")],
        "edges": [{"from": "Marie Curie", "to": "Radium Institute", "label": "founded"}],
    },
    "Cytoscape.js": {
        "elements": {
            "nodes": [{"data": {**CURIE, "label": "Person"}, "position": {"x": 1, "y": 2}},
                      {"data": {**RADIUM, "label": "Organization"}, "classes": "big"}],
            "edges": [{"data": {"id": "e1", **FOUNDED}}],
        }
    },
    "Cytoscape.js without groups": {
        "elements": [{"group": "nodes", "data": CURIE}, {"group": "nodes", "data": RADIUM},
                     {"group": "edges", "data": FOUNDED}],
    },
    "a list of Cytoscape.js": [{"data": CURIE}, {"data": RADIUM}, {"data": FOUNDED}],
    "Sigma": {
        "attributes": {"name": "A graph"}, "options": {"type": "mixed", "multi": False},
        "nodes": [{"key": "n0", "attributes": drawn("Marie Curie", category="Person")},
                  {"key": "n1", "attributes": drawn("Radium Institute", category="Organization")}],
        "edges": [{"key": "e0", "source": "n0", "target": "n1",
                   "attributes": {"label": "founded", "type": "arrow", "size": 2}}],
    },
    "JSON Graph Format": {
        "graph": {
            "directed": True,
            "nodes": {"c": {"label": "Marie Curie", "metadata": {"type": "Person"}},
                      "r": {"label": "Radium Institute", "metadata": {"type": "Organization"}}},
            "edges": [{"source": "c", "target": "r", "relation": "founded"}],
        }
    },
    "React Flow": {
        "nodes": [{"id": "1", "type": "default", "position": {"x": 0, "y": 0},
                   "data": {"label": "Marie Curie", "kind": "Person"}},
                  {"id": "2", "type": "default", "position": {"x": 0, "y": 9},
                   "data": {"label": "Radium Institute", "kind": "Organization"}}],
        "edges": [{"id": "e1-2", "source": "1", "target": "2", "type": "smoothstep",
                   "label": "founded"}],
    },
    "types as labels": {
        "nodes": [{"id": "Marie Curie", "label": "Person"},
                  {"id": "Radium Institute", "label": "Organization"}],
        "edges": [{"source": "Marie Curie", "target": "Radium Institute", "label": "founded"}],
    },
    "names as labels": {
        "nodes": [{"id": "marie_curie", "label": "Marie Curie", "type": "Person"},
                  {"id": "radium_institute", "label": "Radium Institute", "type": "Organization"}],
        "edges": [{"source": "marie_curie", "target": "radium_institute", "type": "founded"}],
    },
    "captions": {
        "nodes": [{"id": "4:ab:1", "caption": "Marie Curie", "labels": ["__Entity__", "Person"]},
                  {"id": "4:ab:2", "caption": "Radium Institute", "labels": ["Organization"]}],
        "edges": [{"from": "4:ab:1", "to": "4:ab:2", "caption": "founded"}],
    },
    "edges by names": {
        "nodes": [{"id": 7, "name": "Marie Curie", "type": "Person"},
                  {"id": 8, "name": "Radium Institute", "type": "Organization"}],
        "edges": [FOUNDED],
    },
    "lists": {
        "nodes": [CURIE, RADIUM], "edges": [["Marie Curie", "founded", "Radium Institute"],
                                            {**FOUNDED}],
    },
}  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_says_the_same(load: Load, program: str) -> None:
    format_, (parsed,) = load(PROGRAMS[program])
    assert (format_, parsed.faults, said(parsed)) == ("node_link", [], WANTED)
    assert [each for each in parsed.article.relations if each.value is not None] == []


def test_labels_that_repeat_are_types(load: Load) -> None:
    """Though no word of them is the usual one for a type."""
    nodes = [{"id": name, "label": "Chemist"} for name in ("Marie Curie", "Otto Hahn")]
    nodes += [{"id": name, "label": "Laboratory"} for name in ("Cavendish", "KWI")]
    _, (parsed,) = load({"nodes": nodes, "links": []})
    assert {each.type for each in parsed.article.entities} == {"Chemist", "Laboratory"}
    assert {each.name for each in parsed.article.entities} == {each["id"] for each in nodes}


def test_what_else_a_node_says(load: Load) -> None:
    node = {
        **CURIE,
        "description": "A physicist",
        "aliases": ["Maria Skłodowska"],
        "wikidata_id": "Q7186",
        "birth_year": 1867,
        "degree": 4,
    }
    _, (parsed,) = load({"nodes": [node], "links": [], "directed": True, "graph": {}})
    (entity,) = parsed.article.entities
    assert (entity.description, entity.aliases) == ("A physicist", ["Maria Skłodowska"])
    assert entity.same_as == ["http://www.wikidata.org/entity/Q7186"]
    assert [(each.predicate, each.value) for each in parsed.article.relations] == [
        ("birth_year", 1867)
    ]


def test_what_else_an_edge_says(load: Load) -> None:
    edge = {
        **FOUNDED, "confidence": 0.8, "start_date": "1909", "weight": 4, "polarity": "positive",
        "evidence": "Curie founded it in 1909.", "description": "With the Pasteur Institute.",
    }  # fmt: skip
    _, (parsed,) = load({"nodes": [CURIE, RADIUM], "links": [edge]})
    founded, described = parsed.article.relations
    assert (founded.confidence, founded.start_date) == (0.8, "1909")
    assert [each.text for each in founded.evidence] == ["Curie founded it in 1909."]
    assert (described.predicate, described.value) == (
        "relationship description",
        "With the Pasteur Institute.",
    )
    assert parsed.notes.unknown_fields == {"polarity": 1}


def test_an_edge_may_name_what_is_no_node(load: Load) -> None:
    edge = {**FOUNDED, "target": "Institut du Radium"}
    _, (parsed,) = load({"nodes": [CURIE], "links": [edge]})
    assert ("Thing", "Institut du Radium") in said(parsed)[0]


@pytest.mark.parametrize(
    ("edge", "fault"),
    [
        ({"source": 1, "target": 9, "relation": "founded"}, "links[0]: '9' is no node"),
        ({"source": 1, "relation": "founded"}, "links[0]: has not two ends"),
        ("founded", "links[0]: is no edge"),
    ],
)
def test_an_edge_without_its_ends_is_a_fault(load: Load, edge: Any, fault: str) -> None:
    nodes = [{"id": 1, "name": "Marie Curie"}, {"id": 2, "name": "Radium Institute"}]
    _, (parsed,) = load({"nodes": nodes, "links": [edge, {"source": 1, "target": 2}]})
    assert [each.reason for each in parsed.faults] == [fault]
    assert [each.predicate for each in parsed.article.relations] == ["related to"]


def test_each_source_is_an_article(load: Load) -> None:
    """What is of both is in both; an edge without a source is where both its ends are."""
    one, other = "https://example.org/1", "https://example.org/2"
    graph = {
        "nodes": [{**CURIE, "source": [one, other]}, {**RADIUM, "source_document": one},
                  {"id": "Poland", "type": "Place", "doc_id": other}, {"id": "Pierre"}],
        "links": [FOUNDED, {"source": "Marie Curie", "target": "Poland", "label": "born in"},
                  {"source": "Pierre", "target": "Poland", "label": "knew", "source_url": one}],
    }  # fmt: skip
    _, articles = load(graph)
    assert [each.article.url for each in articles] == [one, other]
    assert [sorted(names for _, names in said(each)[0]) for each in articles] == [
        ["Marie Curie", "Pierre", "Poland", "Radium Institute"],
        ["Marie Curie", "Poland"],
    ]
    assert [{predicate for _, predicate, _ in said(each)[1]} for each in articles] == [
        {"founded", "knew"},
        {"born in"},
    ]


def test_nodes_of_texts_are_articles(load: Load) -> None:
    text = "Marie Curie founded the Radium Institute."
    graph = {
        "nodes": [CURIE, RADIUM, {"id": "treaty", "type": "Document"},
                  {"id": "d1", "type": "Article", "title": "Curie", "url": "https://example.org/c"},
                  {"id": "c1", "type": "Chunk", "text": text}],
        "links": [FOUNDED, {"source": "c1", "target": "d1", "label": "PART_OF"},
                  {"source": "c1", "target": "Marie Curie", "label": "HAS_ENTITY"},
                  {"source": "c1", "target": "Radium Institute", "label": "HAS_ENTITY"}],
    }  # fmt: skip
    _, (parsed,) = load(graph)
    article = parsed.article
    assert (article.url, article.title, article.text) == ("https://example.org/c", "Curie", text)
    assert said(parsed) == (WANTED[0] | {("Document", "treaty")}, WANTED[1])


@pytest.mark.parametrize(
    "given",
    [
        {"nodes": [{"id": 1, "label": "x"}], "edges": [{"source": 1, "target": 1}], "tops": [1]},
        {"cells": [], "metadata": {}, "nbformat": 4},
        {"type": "FeatureCollection", "features": []},
        {"name": "package", "dependencies": {"d3": "7"}},
        {"data": {"nodes": [{"id": 1}], "edges": [{"node": {"id": 1}}], "pageInfo": {}}},
    ],
    ids=["MRP", "notebook", "GeoJSON", "package", "GraphQL"],
)
def test_other_json_is_not_taken(given: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(given))
    with closing(open_input(path)) as source, pytest.raises(InputError):
        recognise(source)


def test_a_record_without_nodes_is_none() -> None:
    with pytest.raises(RecordError, match="no list of nodes"):
        graphs_of(b'{"links": []}')
