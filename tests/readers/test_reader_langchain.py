"""Readers of graphs that language models make: LangChain, LlamaIndex, Neo4j."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.reading.recognition import format_called
from tests.readers.corpora import (
    GRAPH,
    NODES,
    RELATIONSHIP,
    chunk,
    counts,
    is_sound,
    llama_store,
    load,
    mentions,
    parse,
    reasons,
    serialised,
    statements,
)
from tests.readers.damage import damaged

SHARED = Path(__file__).parents[2].parent / "shared"


SAMPLES, CORPORA = SHARED / "samples", SHARED / "corpora"


needs_samples = pytest.mark.skipif(not SAMPLES.exists(), reason="needs the samples")


@needs_samples
def test_langchain_sample() -> None:
    name, articles = load(SAMPLES / "langchain_graphdocument.json")
    assert name == "langchain"
    # Two nodes with a mention each, one relationship, one property (country of Doha).
    assert counts(articles) == Counter(
        articles=1, entities=2, mentions=2, relations=2, evidence=0, faults=0
    )
    assert statements(articles[0]) == [("Doha", "country", "Qatar"), ("Taliban", "MET_IN", "Doha")]
    article = articles[0].article
    assert (article.url, article.text) == ("http://example.org/a1", "(source text here)")
    assert (article.relations[1].start_date, article.relations[1].end_date) == (
        "2021-07-17",
        "2021-07-17",
    )
    assert mentions(articles[0]) == [
        ("Taliban", None, None, "Taliban"),
        ("Doha", None, None, "Doha"),
    ]


def test_langchain_understands_properties_and_metadata() -> None:
    parsed = parse("langchain", GRAPH)
    entity, relation = parsed.article.entities[0], parsed.article.relations[-1]
    assert (entity.name, entity.aliases, entity.description) == (
        "Maria Ressa",
        ["Ressa"],
        "journalist",
    )
    assert entity.same_as == ["http://www.wikidata.org/entity/Q36740"]
    assert entity.mentions[0].confidence == 0.9
    assert statements(parsed) == [
        ("Maria Ressa", "born", "1963-10-02"),
        ("Maria Ressa", "awards", "Nobel Peace Prize"),
        ("Maria Ressa", "is_editor", True),
        ("Maria Ressa", "FOUNDED", "Rappler"),
    ]
    assert [each.datatype for each in parsed.article.relations[:3]] == ["date", "string", "boolean"]
    assert (relation.start_date, relation.end_date, relation.confidence) == (
        "2012-01-01",
        None,
        0.5,
    )
    assert [each.text for each in relation.evidence] == ["Ressa  founded rappler"]
    article = parsed.article
    assert (article.url, article.title, article.published, article.language, article.authors) == (
        "https://example.org/a",
        "A",
        "2021-10-08",
        "en",
        ["B"],
    )
    assert parsed.local_ids == ("doc-7", "news/a.txt")


def test_langchain_serialised_is_the_same(tmp_path: Path) -> None:
    relationship = {
        **RELATIONSHIP,
        "source": serialised(RELATIONSHIP["source"], "Node"),
        "target": serialised(RELATIONSHIP["target"], "Node"),
    }
    parts = {
        "nodes": [serialised(each, "Node") for each in NODES],
        "relationships": [serialised(relationship, "Relationship")],
        "source": serialised(GRAPH["source"], "Document"),
    }
    plain = parse("langchain", GRAPH)
    for form in (serialised(parts, "GraphDocument"), parts):
        path = tmp_path / "a.json"
        path.write_text(json.dumps([form]))
        assert load(path) == ("langchain", [plain])
    with pytest.raises(RecordError, match="could not serialise it"):
        parse(
            "langchain",
            {"lc": 1, "type": "not_implemented", "id": ["x"], "repr": "GraphDocument()"},
        )


def write_lines(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(each) + "\n" for each in records))
    return path


FIRST, SECOND = "Ban met Ressa.", "Later Ressa met Ban and Annan."


MET = ("Ban", "MET", "Ressa")


@pytest.mark.parametrize("form", ["lines", "array"])
def test_langchain_chunks_of_one_document_are_one_article(form: str, tmp_path: Path) -> None:
    address = "https://example.org/a"
    chunks = [
        chunk(FIRST, MET, source=address, title="A"),
        chunk("Kabul fell.", source="https://example.org/b"),
        chunk(SECOND, ("Ressa", "MET", "Annan"), MET, source=address, date="2021-10-08"),
        # The same once more.
        chunk(FIRST, MET, source=address),
    ]
    path = write_lines(tmp_path / "a.json", *chunks)
    if form == "array":
        path.write_text(json.dumps(chunks, indent=1))
    name, (other, one) = load(path)
    assert name == "langchain"
    assert other.article.text == "Kabul fell."
    article = one.article
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert (article.url, article.title, article.published) == (address, "A", "2021-10-08")
    assert mentions(one) == [
        ("Ban", 0, 14, "Ban"),
        ("Ban", 16, 46, "Ban"),
        ("Ressa", 0, 14, "Ressa"),
        ("Ressa", 16, 46, "Ressa"),
        ("Annan", 16, 46, "Annan"),
    ]
    assert statements(one) == [
        ("Ban", "seen", True),
        ("Ressa", "seen", True),
        ("Ban", "MET", "Ressa"),
        ("Annan", "seen", True),
        ("Ressa", "MET", "Annan"),
        ("Ban", "MET", "Ressa"),
    ]
    assert [
        (each.start, each.end) for relation in article.relations for each in relation.evidence
    ] == [(0, 14), (16, 46), (16, 46)]
    assert not reasons(one)


def test_langchain_what_is_not_one_document(tmp_path: Path) -> None:
    def texts(*chunks: Any) -> list[str | None]:
        found = load(write_lines(tmp_path / "a.jsonl", *chunks))[1]
        return [each.article.text for each in found]

    # A file, a row of which is a document, and a newspaper's own address.
    for source in ("news.csv", "https://example.org", "https://example.org/"):
        chunks = [chunk(FIRST, MET, source=source), chunk(SECOND, MET, source=source)]
        assert texts(*chunks) == [FIRST, SECOND]
    # Two runs over one text.
    assert texts(chunk(FIRST, MET), chunk(FIRST, ("Ban", "KNOWS", "Ressa"))) == [FIRST]


def test_langchain_one_id_for_two_things(tmp_path: Path) -> None:
    def numbered(text: str, name: str) -> dict[str, Any]:
        node = {"id": "0", "type": "Person", "properties": {"name": name}}
        return {**chunk(text, source="https://example.org/a"), "nodes": [node]}

    chunks = numbered(FIRST, "Ban"), numbered(SECOND, "Annan"), numbered("Ban left.", "Ban")
    _, (one,) = load(write_lines(tmp_path / "a.jsonl", *chunks))
    assert [(each.name, len(each.mentions)) for each in one.article.entities] == [
        ("Ban", 2),
        ("Annan", 1),
    ]


def test_langchain_a_broken_chunk_is_a_fault(tmp_path: Path) -> None:
    address = "https://example.org/a"
    broken = {**chunk(SECOND, MET, source=address), "nodes": 7}
    _, (one,) = load(write_lines(tmp_path / "a.jsonl", chunk(FIRST, MET, source=address), broken))
    assert one.article.text == FIRST
    (reason,) = reasons(one)
    assert reason.startswith("graph 2: not of this format: ")


def test_langchain_as_a_model_writes_it(tmp_path: Path) -> None:
    given = {
        "nodes": [
            {"id": "Ressa", "type": "Person", "properties": [{"key": "born", "value": "1963"}, 1]}
        ],
        "relationships": [
            {
                "source_node_id": "Ressa",
                "source_node_type": "Person",
                "target_node_id": "Rappler",
                "target_node_type": "Organization",
                "type": "FOUNDED",
                "properties": [{"key": "start_date", "value": "2012"}],
            },
            {"source_node_id": "Rappler", "target_node_id": "Manila", "type": "IN"},
            {"source_node_id": "Rappler", "type": "IN"},
        ],
    }
    name, (parsed,) = load(write_lines(tmp_path / "a.json", given))
    assert name == "langchain"
    assert [(each.type, each.name) for each in parsed.article.entities] == [
        ("Person", "Ressa"),
        ("Organization", "Rappler"),
        ("Thing", "Manila"),
    ]
    assert statements(parsed) == [
        ("Ressa", "born", "1963"),
        ("Ressa", "FOUNDED", "Rappler"),
        ("Rappler", "IN", "Manila"),
    ]
    assert parsed.article.relations[1].start_date == "2012"
    assert reasons(parsed) == ["relationships[2]: has not two ends"]


def test_llama_index_documents_of_one_address(tmp_path: Path) -> None:
    store = llama_store()
    for node in ("c1", "c2", "c3"):
        store["nodes"][node]["properties"]["url"] = "https://example.org/a"
    name, (one, rest) = load(write_lines(tmp_path / "a.json", store))
    assert name == "langchain"
    first = "Ressa founded Rappler.\nRessa lives in Manila."
    assert one.article.text == f"{first}\n\nManila is a capital."
    assert ("Manila", 23, 45, "Manila") in mentions(one)
    assert ("Manila", 47, 67, "Manila") in mentions(one)
    assert [each.name for each in rest.article.entities] == ["stray"]


def test_neo4j_graphrag_with_its_chunks(tmp_path: Path) -> None:
    def edge(start: str, kind: str, end: str) -> dict[str, Any]:
        return {"start_node_id": start, "end_node_id": end, "type": kind, "properties": {}}

    graph = {
        "nodes": [
            {"id": "c1:0", "label": "Person", "properties": {"name": "Maria Ressa"}},
            {"id": "c1:1", "label": "Organization", "properties": {"name": "Rappler"}},
            {"id": "c1", "label": "Chunk", "properties": {"text": "Ressa founded Rappler."}},
            {"id": "c2", "label": "Chunk", "properties": {"text": "Rappler is news."}},
            {"id": "d", "label": "Document", "properties": {"path": "https://example.org/a"}},
        ],
        "relationships": [
            edge("c1:0", "FOUNDED", "c1:1"),
            edge("c1:0", "FROM_CHUNK", "c1"),
            edge("c1:1", "FROM_CHUNK", "c1"),
            edge("c1:1", "FROM_CHUNK", "c2"),
            edge("c1", "NEXT_CHUNK", "c2"),
            edge("c1", "FROM_DOCUMENT", "d"),
            edge("c1:0", "KNOWS", "gone"),
        ],
    }
    path = tmp_path / "a.json"
    path.write_text(json.dumps(graph))
    name, (parsed,) = load(path)
    assert name == "langchain"
    assert parsed.article.text == "Ressa founded Rappler.\nRappler is news."
    assert parsed.article.url == "https://example.org/a"
    assert parsed.article.extractor.name == "neo4j-graphrag"  # type: ignore[union-attr]
    assert mentions(parsed) == [
        ("Maria Ressa", 0, 22, "Maria Ressa"),
        ("Rappler", 0, 22, "Rappler"),
        ("Rappler", 23, 39, "Rappler"),
    ]
    assert statements(parsed) == [("Maria Ressa", "FOUNDED", "Rappler")]
    assert reasons(parsed) == ["relationships[6]: 'gone' is the id of no node"]


def test_llama_index_store_is_an_article_a_document(tmp_path: Path) -> None:
    path = tmp_path / "property_graph_store.json"
    path.write_text(json.dumps(llama_store()))
    name, (first, second, rest) = load(path)
    assert name == "langchain"
    assert first.article.text == "Ressa founded Rappler.\nRessa lives in Manila."
    assert second.article.text == "Manila is a capital."
    assert (first.local_ids, second.local_ids) == (("d1", "d1.txt"), ("d2", "d2.txt"))
    assert mentions(first) == [
        ("Ressa", 0, 22, "Ressa"),
        ("Ressa", 23, 45, "Ressa"),
        ("Rappler", 0, 22, "Rappler"),
        ("Manila", 23, 45, "Manila"),
    ]
    assert [(each.start, each.end) for each in first.article.relations[-1].evidence] == [(23, 45)]
    assert [each.name for each in second.article.entities] == ["Manila"]
    assert [each.name for each in rest.article.entities] == ["stray"]
    assert not reasons(first) + reasons(second) + reasons(rest)


@settings(max_examples=200, deadline=None)
@given(damaged(json.dumps(llama_store()).encode()))
def test_a_damaged_store_is_cut_or_left_whole(raw: bytes) -> None:
    from datasette_newsgraph.readers.formats.langchain.graph_documents import documents_of

    for each in documents_of(raw) or [raw]:
        try:
            is_sound(format_called("langchain").reader.parse(each))
        except RecordError:
            continue
