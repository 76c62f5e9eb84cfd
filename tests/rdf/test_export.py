"""Exports: every format the same graph, the same bytes every time, a file that is whole or absent."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from datasette_newsgraph import load, rdf_graph
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.vocabulary import PREFIXES
from tests.rdf.exported_graphs import key_of, newsgraph, records
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    check_all_read,
    explain,
    export,
    graph_of,
    iri,
    literal,
    read_quads,
    triples_of_rdflib,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "articles.jsonl"
ONE_ARTICLE = Path(__file__).parents[1] / "data" / "one_article.jsonl"

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


# --- One graph -------------------------------------------------------------------------------


@every_format
def test_every_parser_reads_the_same_graph_in_every_format(
    examples: Path, graph: Graph, format_: Format
) -> None:
    check_all_read(export(examples, format_), format_, graph)


@every_format
def test_every_parser_reads_the_same_texts_in_every_format(
    examples: Path, graph: Graph, format_: Format
) -> None:
    with_text = graph_of(examples, with_text=True)
    texts = {o for _, predicate, o in with_text if predicate == iri("nif:isString")}
    assert texts == {literal(record["text"]) for record in records()}
    assert graph < with_text
    check_all_read(export(examples, format_, with_text=True), format_, with_text)


@every_format
@pytest.mark.parametrize("with_text", [False, True])
def test_no_triple_is_written_twice(examples: Path, format_: Format, with_text: bool) -> None:
    quads = read_quads(export(examples, format_, with_text=with_text), format_)
    assert len(quads) == len(set(quads))


#: Records that say a thing twice, and what they say once.
SAID_TWICE: dict[str, dict[str, Any]] = {
    "authors": {"authors": ["Ana", "Ana"]},
    "sections": {"sections": ["World", "News", "World"]},
    "zones": {"text": "Hello", "zones": [{"zone": "title", "start": 0, "end": 5}] * 2},
    "aliases": {
        "entities": [{"id": "e", "type": "Person", "name": "Ana", "aliases": ["An", "An", "Ana"]}]
    },
    "same_as": {
        "entities": [
            {
                "id": "e",
                "type": "Person",
                "name": "Ana",
                "same_as": [
                    "http://www.wikidata.org/entity/Q42",
                    "https://www.wikidata.org/wiki/Q42",
                ],
            }
        ]
    },
    "entities": {
        "entities": [
            {"id": "e", "type": "Person", "name": "Ana"},
            {"id": "f", "type": "Person", "name": "ana"},
        ]
    },
    "mentions": {
        "text": "Ana",
        "entities": [
            {
                "id": "e",
                "type": "Person",
                "name": "Ana",
                "mentions": [{"start": 0, "end": 3}, {"start": 0, "end": 3}],
            }
        ],
    },
    "relations": {
        "entities": [{"id": "e", "type": "Person", "name": "Ana"}],
        "relations": [{"subject": "e", "predicate": "age", "value": 7}] * 2,
    },
    "predicates that are one term": {
        "entities": [{"id": "e", "type": "Person", "name": "Ana"}],
        "relations": [
            {"subject": "e", "predicate": "born in", "object": "e"},
            {"subject": "e", "predicate": "birth place", "object": "e"},
        ],
    },
}


@every_format
@pytest.mark.parametrize("record", SAID_TWICE.values(), ids=SAID_TWICE)
def test_what_a_record_says_twice_is_written_once(
    tmp_path: Path, format_: Format, record: dict[str, Any]
) -> None:
    load(tmp_path / "twice.db", [{"id": "a", **record}])
    quads = read_quads(export(tmp_path / "twice.db", format_), format_)
    assert sorted(quads) == sorted(set(quads))


@every_format
@pytest.mark.parametrize("name", ["schema:name", "skos:prefLabel", "schema:description"])
def test_a_property_of_ours_that_a_user_gives_a_predicate_is_written_once(
    tmp_path: Path, format_: Format, name: str
) -> None:
    path = tmp_path / "twice.db"
    entity = {"id": "e", "type": "Person", "name": "Ana", "description": "Ana"}
    relation = {"subject": "e", "predicate": "called", "value": "Ana"}
    load(path, [{"id": "a", "entities": [entity], "relations": [relation]}])
    newsgraph("vocabulary", path, "--set", "called", iri(name)[1:-1])
    quads = read_quads(export(path, format_), format_)
    assert sorted(quads) == sorted(set(quads))


@every_format
def test_a_class_of_ours_that_a_user_gives_a_type_is_written_once(
    tmp_path: Path, format_: Format
) -> None:
    path = tmp_path / "twice.db"
    load(path, [{"id": "a", "entities": [{"id": "e", "type": "Gadget", "name": "It"}]}])
    newsgraph("vocabulary", path, "--set", "Gadget", iri("schema:Thing")[1:-1])
    quads = read_quads(export(path, format_), format_)
    assert sorted(quads) == sorted(set(quads))


@every_format
def test_there_is_no_blank_node(examples: Path, format_: Format) -> None:
    syntax = pyoxigraph.RdfFormat.from_media_type(format_.media_type)
    for each in pyoxigraph.parse(export(examples, format_, with_text=True), format=syntax):
        assert not isinstance(each.subject, pyoxigraph.BlankNode)
        assert not isinstance(each.object, pyoxigraph.BlankNode)


@every_format
def test_an_empty_graph_is_a_document_too(tmp_path: Path, format_: Format) -> None:
    load(tmp_path / "empty.db", [])
    check_all_read(export(tmp_path / "empty.db", format_), format_, set())


def test_a_notebook_gets_the_graph_that_is_exported(examples: Path, graph: Graph) -> None:
    found = rdf_graph(examples)
    assert set(triples_of_rdflib(found)) == graph
    namespaces = {prefix: str(namespace) for prefix, namespace in found.namespaces()}
    assert namespaces.items() >= PREFIXES.items()
    assert namespaces["term"] == f"{BASE}ns#"


@pytest.mark.parametrize(
    "options",
    [
        {"with_text": True},
        {"assert_from": 0.99},
        {"articles": ["ex-2015-paris-climate"]},
        {"entities": ["q90", "q142"]},
    ],
    ids=str,
)
def test_a_notebook_gets_a_part_as_an_export_does(examples: Path, options: dict[str, Any]) -> None:
    for kind in options.keys() & {"articles", "entities"}:
        options = options | {kind: [key_of(examples, kind, each) for each in options[kind]]}
    expected = graph_of(examples, **options)
    found = set(triples_of_rdflib(rdf_graph(examples, **options)))
    assert found == expected, explain(found, expected)
    assert expected != graph_of(examples)


# --- The same bytes --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def documents(examples: Path) -> dict[str, bytes]:
    """The examples in each format."""
    return {format_.name: export(examples, format_) for format_ in FORMATS}


@pytest.mark.parametrize(
    "order",
    [slice(None, None, -1), slice(None, None, 3), slice(4, None)],
    ids=["from the end", "every third first", "the second half first"],
)
def test_the_order_of_articles_does_not_matter(
    tmp_path: Path, documents: dict[str, bytes], order: slice
) -> None:
    lines = EXAMPLES.read_bytes().splitlines(keepends=True)
    first = lines[order]
    other = tmp_path / "articles.jsonl"
    other.write_bytes(b"".join([*first, *(line for line in lines if line not in first)]))
    load_files(tmp_path / "other.db", [other], base_iri=BASE)
    for format_ in FORMATS:
        assert export(tmp_path / "other.db", format_) == documents[format_.name]


def test_the_split_into_files_does_not_matter(tmp_path: Path, documents: dict[str, bytes]) -> None:
    lines = EXAMPLES.read_bytes().splitlines(keepends=True)
    parts = [tmp_path / f"{number}.jsonl" for number in range(4)]
    for number, part in enumerate(parts):
        part.write_bytes(b"".join(lines[number::4]))
    for part in reversed(parts):
        load_files(tmp_path / "other.db", [part], base_iri=BASE)
    for format_ in FORMATS:
        assert export(tmp_path / "other.db", format_) == documents[format_.name]


def test_an_article_that_came_and_went_leaves_nothing(
    tmp_path: Path, documents: dict[str, bytes]
) -> None:
    path = tmp_path / "other.db"
    load_files(path, [ONE_ARTICLE, EXAMPLES], base_iri=BASE)
    assert newsgraph("remove", path, "--article", "moon-1969").exit_code == 0
    for format_ in FORMATS:
        assert export(path, format_) == documents[format_.name]


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TZ": "Asia/Kathmandu", "LC_ALL": "POSIX", "PYTHONOPTIMIZE": "1"},
    ],
    ids=str,
)
def test_the_machine_does_not_matter(
    tmp_path: Path, documents: dict[str, bytes], environment: dict[str, str]
) -> None:
    def run(*arguments: str | Path) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "datasette_newsgraph", *map(str, arguments)],
            env=os.environ | environment,
            capture_output=True,
            check=True,
        ).stdout

    path = tmp_path / "other.db"
    run("load", path, EXAMPLES, "--base-iri", BASE)
    for format_ in FORMATS:
        assert run("export", path, "-f", format_.name) == documents[format_.name]


# --- Formats ---------------------------------------------------------------------------------


@every_format
def test_a_format_is_what_others_know_by_its_media_type(format_: Format) -> None:
    known = pyoxigraph.RdfFormat.from_media_type(format_.media_type)
    assert known == pyoxigraph.RdfFormat.from_extension(format_.ending[1:])
    assert known.supports_datasets or not format_.has_graphs
