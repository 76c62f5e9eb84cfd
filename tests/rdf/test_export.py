"""Exports: every format the same graph, the same bytes every time, a file that is whole or absent."""

from __future__ import annotations

import ast
import gzip
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
from click.testing import CliRunner, Result

from datasette_newsgraph import load, mapping, rdf_graph
from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import StoreError, UnknownKey
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.mapping import NODES, NOT_EXPORTED
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.export import stream, write
from datasette_newsgraph.rdf.ontology import vocabulary_document
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.vocabulary import ANY_TYPE, OWN_TERMS, PREDICATES, PREFIXES, TYPES
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    check_all_read,
    explain,
    export,
    graph_of,
    iri,
    literal,
    read_with_pyoxigraph,
    triples_of_rdflib,
)

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "datasette_newsgraph"
EXAMPLES = ROOT / "examples" / "articles.jsonl"
ONE_ARTICLE = Path(__file__).parents[1] / "data" / "one_article.jsonl"
TYPE = iri("rdf:type")

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example articles, loaded."""
    path = tmp_path_factory.mktemp("examples") / "examples.db"
    load_files(path, [EXAMPLES], base_iri=BASE)
    return path


@pytest.fixture(scope="module")
def graph(examples: Path) -> Graph:
    """The graph of the examples."""
    return graph_of(examples)


@pytest.fixture(scope="module")
def one_loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small article of ``data``, loaded once."""
    path = tmp_path_factory.mktemp("one") / "one.db"
    load_files(path, [ONE_ARTICLE], base_iri=BASE)
    return path


@pytest.fixture
def one(one_loaded: Path, tmp_path: Path) -> Path:
    """The small article of ``data``, in a database that a test may change."""
    return Path(shutil.copy(one_loaded, tmp_path))


def newsgraph(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def records() -> list[dict[str, Any]]:
    """The example articles as they are in the file."""
    return [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]


def of_class(graph: Graph, name: str) -> set[str]:
    """The nodes of a class."""
    return {subject for subject, predicate, o in graph if predicate == TYPE and o == iri(name)}


def values(graph: Graph, node: str, name: str) -> set[str]:
    """What a property of a node has for objects."""
    return {o for subject, predicate, o in graph if subject == node and predicate == iri(name)}


def described_in(graph: Graph, node: str) -> Graph:
    """What the graph says of a node."""
    return {each for each in graph if each[0] == node}


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
    triples = read_with_pyoxigraph(export(examples, format_, with_text=with_text), format_)
    assert len(triples) == len(set(triples))


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
    triples = read_with_pyoxigraph(export(tmp_path / "twice.db", format_), format_)
    assert sorted(triples) == sorted(set(triples))


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
    triples = read_with_pyoxigraph(export(path, format_), format_)
    assert sorted(triples) == sorted(set(triples))


@every_format
def test_a_class_of_ours_that_a_user_gives_a_type_is_written_once(
    tmp_path: Path, format_: Format
) -> None:
    path = tmp_path / "twice.db"
    load(path, [{"id": "a", "entities": [{"id": "e", "type": "Gadget", "name": "It"}]}])
    newsgraph("vocabulary", path, "--set", "Gadget", iri("schema:Thing")[1:-1])
    triples = read_with_pyoxigraph(export(path, format_), format_)
    assert sorted(triples) == sorted(set(triples))


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
    assert namespaces["ng"] == f"{BASE}ns#"


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


def key_of(database: Path, table: str, slug: str) -> str:
    """The key that begins with a slug."""
    with open_store(database) as db:
        ((key,),) = db.execute(
            f"SELECT key FROM {table} WHERE key LIKE ?", [f"{slug}-_____________"]
        )
    assert isinstance(key, str)
    return key


# --- Shapes ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def violations() -> Callable[[rdflib.Graph], set[tuple[str, str]]]:
    """What ``newsgraph shapes`` finds in a graph: (node, property) of each violation."""
    import pyshacl

    shapes = rdflib.Graph().parse(data=newsgraph("shapes").stdout, format="turtle")
    shacl = rdflib.Namespace("http://www.w3.org/ns/shacl#")

    def find(data: rdflib.Graph) -> set[tuple[str, str]]:
        conforms, report, _ = pyshacl.validate(data, shacl_graph=shapes)
        found = {
            (
                str(report.value(result, shacl.focusNode)),
                str(report.value(result, shacl.resultPath)),
            )
            for result in report.subjects(rdflib.RDF.type, shacl.ValidationResult)
        }
        assert conforms == (not found)
        return found

    return find


def test_the_export_conforms_to_the_shapes(
    examples: Path, violations: Callable[[rdflib.Graph], set[tuple[str, str]]]
) -> None:
    assert violations(rdf_graph(examples)) == set()


@pytest.mark.parametrize("options", [{"entities": ["q1615"]}, {"articles": ["moon-1969"]}], ids=str)
def test_a_part_conforms_to_the_shapes(
    one: Path,
    violations: Callable[[rdflib.Graph], set[tuple[str, str]]],
    options: dict[str, list[str]],
) -> None:
    keys = {kind: [key_of(one, kind, each) for each in slugs] for kind, slugs in options.items()}
    part = rdf_graph(one, **keys)
    assert len(part) > 20
    assert violations(part) == set()


ARTICLE = "article/moon-1969-prlspmufqxasn"
SPAN = f"{ARTICLE}/text#char=26,40"
MENTION = "mention/prlspmufqxasn-26-40-dqklt"
EVIDENCE = "evidence/prlspmufqxasn-82-120-htvd3"
RELATION = "relation/member-of-htvd3uautwdd6"
ARMSTRONG = "entity/q1615-dqklth4bifwlw"
HOUSTON = "entity/houston-2ueovztzk6pye"
QUOTE = "quote/prlspmufqxasn-121-146-4rirv"

#: (node, property, the objects it gets instead of those it has)
BROKEN = [
    (ARTICLE, "schema:identifier", ""),
    (ARTICLE, "schema:headline", '"Two men walk on the Moon"@en, "Men walk"@en'),
    (ARTICLE, "schema:inLanguage", '"en", "de"'),
    (ARTICLE, "schema:datePublished", '"1969"^^xsd:gYear, "1970"^^xsd:gYear'),
    (ARTICLE, "schema:encoding", ""),
    (ARTICLE, "schema:encoding", "<elsewhere>"),
    (ARTICLE, "schema:mentions", '"Neil Armstrong"'),
    (ARMSTRONG, "schema:name", ""),
    (ARMSTRONG, "schema:name", '"Neil Armstrong", "Armstrong"'),
    (ARMSTRONG, "skos:prefLabel", '"Somebody else"'),
    (ARMSTRONG, "skos:altLabel", '"Neil Armstrong"'),
    (ARMSTRONG, "schema:sameAs", '"http://www.wikidata.org/entity/Q1615"'),
    (HOUSTON, "schema:latitude", '"91.0"^^xsd:double'),
    (HOUSTON, "schema:longitude", '"-181.0"^^xsd:double'),
    (HOUSTON, "schema:latitude", '"29.76"'),
    (RELATION, "rdf:subject", ""),
    (RELATION, "rdf:subject", '"Neil Armstrong"'),
    (RELATION, "rdf:predicate", ""),
    (RELATION, "rdf:predicate", "schema:memberOf, schema:worksFor"),
    (RELATION, "rdf:object", ""),
    (RELATION, "rdf:object", '"a", "b"'),
    (RELATION, "rdfs:label", ""),
    (MENTION, "oa:hasBody", ""),
    (MENTION, "oa:hasBody", '"Neil Armstrong"'),
    (MENTION, "oa:hasTarget", ""),
    (MENTION, "oa:hasTarget", "<elsewhere>"),
    (MENTION, "oa:motivatedBy", "oa:tagging"),
    (MENTION, "itsrdf:taConfidence", '"1.01"^^xsd:double'),
    (MENTION, "itsrdf:taConfidence", '"NaN"^^xsd:double'),
    (MENTION, "itsrdf:taConfidence", '"0.5"^^xsd:double, "0.6"^^xsd:double'),
    (EVIDENCE, "oa:hasBody", ""),
    (EVIDENCE, "oa:hasTarget", ""),
    (EVIDENCE, "itsrdf:taConfidence", '"-0.1"^^xsd:double'),
    (EVIDENCE, "itsrdf:taConfidence", '"0.9"'),
    (EVIDENCE, "prov:wasGeneratedBy", "<elsewhere>"),
    (SPAN, "nif:beginIndex", ""),
    (SPAN, "nif:beginIndex", '"-1"^^xsd:integer'),
    (SPAN, "nif:beginIndex", '"40"^^xsd:nonNegativeInteger'),
    (SPAN, "nif:beginIndex", '"41"^^xsd:nonNegativeInteger'),
    (SPAN, "nif:endIndex", ""),
    (SPAN, "nif:referenceContext", ""),
    (SPAN, "nif:anchorOf", '"Neil Armstrong", "Buzz Aldrin"'),
    (QUOTE, "schema:isPartOf", ""),
    (QUOTE, "schema:spokenByCharacter", f"<{ARMSTRONG}>, <{HOUSTON}>"),
    (QUOTE, "prov:wasDerivedFrom", ""),
    (QUOTE, "itsrdf:taConfidence", '"2.0"^^xsd:double'),
]


@pytest.mark.parametrize(("node", "name", "objects"), BROKEN)
def test_the_shapes_catch_what_is_broken(
    one: Path,
    violations: Callable[[rdflib.Graph], set[tuple[str, str]]],
    node: str,
    name: str,
    objects: str,
) -> None:
    data = rdf_graph(one)
    subject, predicate = rdflib.URIRef(f"{BASE}id/{node}"), rdflib.URIRef(iri(name)[1:-1])
    data.remove((subject, predicate, None))
    if objects:
        prefixes = "".join(f"@prefix {each}: <{PREFIXES[each]}> ." for each in PREFIXES)
        data.parse(
            data=f"{prefixes} @base <{BASE}id/> . <{node}> {name} {objects} .", format="turtle"
        )
    assert (str(subject), str(predicate)) in violations(data)


def test_the_shapes_want_evidence_for_each_relation(
    one: Path, violations: Callable[[rdflib.Graph], set[tuple[str, str]]]
) -> None:
    data = rdf_graph(one)
    data.remove((rdflib.URIRef(f"{BASE}id/{EVIDENCE}"), None, None))
    assert {node for node, _ in violations(data)} == {f"{BASE}id/{RELATION}"}


def test_the_shapes_want_spans_to_say_where_they_are(
    one: Path, violations: Callable[[rdflib.Graph], set[tuple[str, str]]]
) -> None:
    data = rdf_graph(one)
    nowhere = rdflib.URIRef(f"{BASE}id/{ARTICLE}/text#somewhere")
    for _, predicate, object_ in list(
        data.triples((rdflib.URIRef(f"{BASE}id/{SPAN}"), None, None))
    ):
        data.add((nowhere, predicate, object_))
    assert {node for node, _ in violations(data)} == {str(nowhere)}


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


@every_format
def test_statements_stand_in_the_graph_of_the_base_where_there_are_graphs(
    documents: dict[str, bytes], format_: Format
) -> None:
    known = pyoxigraph.RdfFormat.from_media_type(format_.media_type)
    named = pyoxigraph.NamedNode(BASE) if format_.has_graphs else pyoxigraph.DefaultGraph()
    for document in (documents[format_.name], vocabulary_document(format_, BASE)):
        quads = list(pyoxigraph.parse(document, format=known))
        assert len(quads) > 50
        assert {each.graph_name for each in quads} == {named}


# --- Parts -----------------------------------------------------------------------------------


@every_format
def test_a_part_is_in_the_whole(examples: Path, graph: Graph, format_: Format) -> None:
    selections: list[dict[str, list[str]]] = [
        {"entities": [key_of(examples, "entities", "q1065")]},
        {"articles": [key_of(examples, "articles", "ex-2011-south-sudan")]},
        {
            "entities": [key_of(examples, "entities", "q142")],
            "articles": [key_of(examples, "articles", "ex-2023-nobel-peace")],
        },
    ]
    for selection in selections:
        part = set(read_with_pyoxigraph(export(examples, format_, **selection), format_))
        assert part < graph


def test_two_parts_together_are_what_is_in_each(examples: Path) -> None:
    keys = [key_of(examples, "entities", each) for each in ("q142", "q90")]
    each = [graph_of(examples, entities=[key]) for key in keys]
    assert graph_of(examples, entities=keys) >= each[0] | each[1]


def test_all_articles_are_the_whole(examples: Path, graph: Graph) -> None:
    with open_store(examples) as db:
        keys = [row[0] for row in db.execute("SELECT key FROM articles")]
    found = graph_of(examples, articles=keys)
    assert found == graph, explain(found, graph)


def test_the_part_about_an_entity(examples: Path, graph: Graph) -> None:
    """Omar al-Bashir: one article names him twice, with two relations, and quotes him once."""
    key = key_of(examples, "entities", "omar-al-bashir")
    part = graph_of(examples, entities=[key])
    himself = iri(f"id:entity/{key}")
    others = {
        iri(f"id:entity/{key_of(examples, 'entities', slug)}")
        for slug in ("independence-of-south-sudan", "q1049")
    }
    assert described_in(part, himself) == described_in(graph, himself) != set()
    (article,) = of_class(part, "schema:NewsArticle")
    assert values(part, article, "schema:identifier") == {literal("ex-2011-south-sudan")}
    assert values(part, article, "schema:headline")
    # It mentions many more, but this part is not about them.
    assert values(part, article, "schema:mentions") == {himself, *others}
    named = {node for node, predicate, _ in part if predicate == iri("skos:prefLabel")}
    assert named == {himself, *others}
    labels = {
        label
        for each in of_class(part, "rdf:Statement")
        for label in values(part, each, "rdfs:label")
    }
    assert labels == {
        literal("Independence of South Sudan participant Omar al-Bashir"),
        literal("Omar al-Bashir president of Sudan"),
    }
    annotations = of_class(part, "oa:Annotation")
    assert len([each for each in annotations if "/id/mention/" in each]) == 2
    assert len([each for each in annotations if "/id/evidence/" in each]) == 2
    (quote,) = of_class(part, "schema:Quotation")
    assert values(part, quote, "schema:spokenByCharacter") == {himself}
    # Two mentions, two sentences, a quotation; no zones.
    spans = of_class(part, "nif:RFC5147String")
    assert len(spans) == 5
    assert {predicate for _, predicate, _ in part} & {iri("dcterms:type")} == set()
    # Terms of ours that the part uses, and no others.
    assert of_class(part, "rdf:Property") == {iri("ng:participant"), iri("ng:president-of")}


def test_the_part_about_an_entity_of_which_nothing_is_stated(one: Path) -> None:
    """Columbia: a caption names it, and no relation."""
    columbia = key_of(one, "entities", "columbia")
    part, node = graph_of(one, entities=[columbia]), iri(f"id:entity/{columbia}")
    assert described_in(part, node) == described_in(graph_of(one), node) != set()
    assert {each for each, p, _ in part if p == iri("skos:prefLabel")} == {node}
    assert len(of_class(part, "oa:Annotation")) == 1
    assert of_class(part, "rdf:Statement") == set()


def test_the_part_about_an_entity_of_several_articles(examples: Path) -> None:
    """Barack Obama is in three articles; the caption of one is all that it says of him."""
    obama = key_of(examples, "entities", "q76")
    part = graph_of(examples, entities=[obama])
    identifiers = {o for _, predicate, o in part if predicate == iri("schema:identifier")}
    assert identifiers == {
        literal(each)
        for each in ("ex-2015-paris-climate", "ex-2011-south-sudan", "ex-2022-world-cup-final")
    }
    mentioning = {
        identifier
        for article, predicate, o in part
        if predicate == iri("schema:mentions") and o == iri(f"id:entity/{obama}")
        for identifier in values(part, article, "schema:identifier")
    }
    assert mentioning == {literal("ex-2015-paris-climate"), literal("ex-2011-south-sudan")}


@pytest.mark.parametrize("record", records(), ids=lambda record: record["id"])
def test_the_part_of_an_article(examples: Path, graph: Graph, record: dict[str, Any]) -> None:
    key = key_of(examples, "articles", record["id"])
    part = graph_of(examples, articles=[key])
    (article,) = of_class(part, "schema:NewsArticle")
    assert described_in(part, article) == described_in(graph, article)
    named = {o for _, predicate, o in part if predicate == iri("schema:name")}
    names = {entity["name"] for entity in record["entities"]}
    assert len(named - {literal("hand")}) == len(names)
    counts = {
        "/id/mention/": sum(len(entity["mentions"]) for entity in record["entities"]),
        "/id/evidence/": sum(len(relation["evidence"]) or 1 for relation in record["relations"]),
    }
    annotations = of_class(part, "oa:Annotation")
    assert {kind: len([each for each in annotations if kind in each]) for kind in counts} == counts
    assert len(of_class(part, "schema:Quotation")) == len(record["quotes"])
    assert len([each for each in part if each[1] == iri("dcterms:type")]) == len(record["zones"])
    statements = {
        (relation["subject"], relation["predicate"], relation.get("object"), relation.get("value"))
        for relation in record["relations"]
    }
    assert len(of_class(part, "rdf:Statement")) == len(statements)
    # It can be read alone: whatever it says something with is described in it.
    described = {node for node, _, _ in part}
    ours = iri("id:")[:-1]
    assert {o for _, _, o in part if o.startswith(ours)} <= described


@pytest.mark.parametrize("option", ["--entity", "--article"])
def test_an_unknown_key_is_told_before_anything_is_written(
    one: Path, tmp_path: Path, option: str
) -> None:
    output = tmp_path / "part.ttl"
    result = newsgraph("export", one, option, "no-such-key", "-o", output)
    assert result.exit_code == 1
    assert result.stdout == ""
    (message,) = [line for line in result.stderr.splitlines() if line.startswith("Error")]
    assert re.search(f"no {option[2:]} .*'no-such-key'", message)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.db"]


def test_an_unknown_key_is_an_error_in_python_too(one: Path) -> None:
    with pytest.raises(UnknownKey, match="no entity 'no-such-key'"):
        rdf_graph(one, entities=["no-such-key"])
    with (
        open_store(one) as db,
        closing(stream(db, FORMATS[0], articles=["x"])) as blocks,
        pytest.raises(UnknownKey, match="no article 'x'"),
    ):
        next(blocks)


# --- Files -----------------------------------------------------------------------------------


@every_format
def test_a_files_ending_names_the_format(one: Path, tmp_path: Path, format_: Format) -> None:
    output = tmp_path / f"graph{format_.ending}"
    assert newsgraph("export", one, "-o", output).exit_code == 0
    assert output.read_bytes() == export(one, format_)


@every_format
def test_a_compressed_file_holds_the_same(one: Path, tmp_path: Path, format_: Format) -> None:
    output = tmp_path / f"graph{format_.ending}.gz"
    assert newsgraph("export", one, "-o", output).exit_code == 0
    assert gzip.decompress(output.read_bytes()) == export(one, format_)


def test_a_compressed_file_is_the_same_under_another_name_and_at_another_time(
    one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsgraph("export", one, "-o", tmp_path / "a.ttl.gz")
    monkeypatch.setattr("time.time", lambda: 2e9)
    newsgraph("export", one, "-o", tmp_path / "b.ttl.gz")
    assert (tmp_path / "a.ttl.gz").read_bytes() == (tmp_path / "b.ttl.gz").read_bytes()


@every_format
def test_a_format_that_is_named_comes_before_the_ending(
    one: Path, tmp_path: Path, format_: Format
) -> None:
    for output in ("graph.txt", "graph", "graph.ttl", "graph.nt"):
        assert newsgraph("export", one, "-f", format_.name, "-o", tmp_path / output).exit_code == 0
        assert (tmp_path / output).read_bytes() == export(one, format_)


@every_format
def test_standard_output(one: Path, format_: Format) -> None:
    result = newsgraph("export", one, "-f", format_.name)
    assert result.exit_code == 0
    assert result.stdout_bytes == export(one, format_)


def test_turtle_is_what_standard_output_gets_unless_told_otherwise(one: Path) -> None:
    assert newsgraph("export", one).stdout_bytes == export(one, FORMATS[0])


@pytest.mark.parametrize(
    "arguments",
    [("-f", "rdfa"), ("-o", "graph.txt"), ("-o", "graph"), ("-o", "graph.gz"), ("-o", "ttl")],
)
def test_an_unknown_format_is_wrong_usage_and_the_message_lists_them(
    one: Path, arguments: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(one.parent)
    result = newsgraph("export", one, *arguments)
    assert result.exit_code == 2
    assert all(format_.name in result.stderr for format_ in FORMATS)
    assert [each.name for each in one.parent.iterdir()] == ["one.db"]


@pytest.mark.parametrize("place", ["no/such/directory/graph.ttl", "one.db/graph.ttl", "taken.ttl"])
def test_a_place_that_cannot_be_written_is_one_line(one: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "taken.ttl").mkdir()
    result = newsgraph("export", one, "-o", tmp_path / place)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert place in result.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.db", "taken.ttl"]


@pytest.mark.parametrize("name", ["graph.ttl", "graph.ttl.gz", "gr[a]ph*.ttl"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_is_whole_or_absent(tmp_path: Path, name: str, error: BaseException) -> None:
    def blocks() -> Iterator[bytes]:
        yield b"half"
        raise error

    with pytest.raises((StoreError, KeyboardInterrupt)):
        write(blocks(), str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["graph.nt", "graph.nt.gz"])
def test_a_disk_that_is_full_before_the_last_byte_leaves_no_file(tmp_path: Path, name: str) -> None:
    """The limit on a file's size stands for the disk: what is written up to it is written."""
    pytest.importorskip("resource")
    blocks = [os.urandom(1000), os.urandom(1000)]
    write(blocks, str(tmp_path / name))
    size = (tmp_path / name).stat().st_size
    (tmp_path / name).unlink()
    code = (
        "import resource, sys\n"
        "from datasette_newsgraph.errors import StoreError\n"
        "from datasette_newsgraph.rdf.export import write\n"
        "limit = int(sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        f"blocks = {blocks!r}\n"
        "try:\n"
        "    write(blocks, sys.argv[1])\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )
    for limit in (10, size // 2 + 100, size - 1):
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name), str(limit)],
            capture_output=True,
            check=True,
            text=True,
        )
        assert "nothing was written under this name" in run.stdout
        assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    output = tmp_path / "graph.nt"
    output.write_bytes(b"before")

    def blocks() -> Iterator[bytes]:
        yield b"after"
        assert output.read_bytes() == b"before"
        yield b"wards"

    write(blocks(), str(output))
    assert output.read_bytes() == b"afterwards"


def test_leftovers_of_an_export_that_was_killed_are_cleared_away(tmp_path: Path) -> None:
    old, new = tmp_path / ".graph.nt.0000aaaa.tmp", tmp_path / ".graph.nt.0000bbbb.tmp"
    for each in (old, new):
        each.touch()
    os.utime(old, (0, 0))
    write([b"whole"], str(tmp_path / "graph.nt"))
    assert sorted(each.name for each in tmp_path.iterdir()) == [new.name, "graph.nt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_or_device_is_written_to_and_never_replaced(one: Path, tmp_path: Path) -> None:
    """As ``-o /dev/stdout`` and ``-o >(gzip)``; run by root, replacing breaks /dev/null."""
    pipe = tmp_path / "pipe.nt"
    os.mkfifo(pipe)
    # Open at both ends, so that neither side waits for the other for ever.
    holder = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    received: list[bytes] = []

    def read() -> None:
        os.set_blocking(holder, True)
        expected = len(export(one, FORMATS[0]))
        while sum(map(len, received)) < expected:
            received.append(os.read(holder, 65536))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    result = newsgraph("export", one, "-f", FORMATS[0].name, "-o", pipe)
    assert result.exit_code == 0
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    reader.join(5)
    os.close(holder)
    assert b"".join(received) == export(one, FORMATS[0])


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="open files have no names here")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("is_file", [True, False], ids=["file", "pipe"])
def test_what_is_open_already_is_written_to(
    one: Path, tmp_path: Path, name: str, is_file: bool
) -> None:
    if not Path(name).exists():
        pytest.skip("there is no such name here")
    command = [sys.executable, "-m", "datasette_newsgraph", "export", one, "-q"]
    command += ["-f", "ntriples", "-o", name]
    expected = export(one, next(each for each in FORMATS if each.name == "ntriples"))
    if is_file:
        output = tmp_path / "out.nt"
        with open(output, "wb") as file:
            file.write(b"# before\n")
            file.flush()
            subprocess.run(command, stdout=file, check=True)
            file.write(b"# after\n")
        # The two share one place in the file: what was written is behind what was there.
        assert output.read_bytes() == b"# before\n" + expected + b"# after\n"
    else:
        assert subprocess.run(command, capture_output=True, check=True).stdout == expected


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="open files have no names here")
def test_a_pipe_that_is_closed_early_is_no_complaint(one: Path) -> None:
    command = [sys.executable, "-m", "datasette_newsgraph", "export", one, "-q", "-f", "turtle"]
    reading, writing = os.pipe()
    os.close(reading)
    found = subprocess.run(
        [*command, "-o", f"/dev/fd/{writing}"], pass_fds=[writing], capture_output=True, check=False
    )
    os.close(writing)
    assert (found.returncode, found.stderr) == (1, b"")


@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o666, 0o400])
def test_a_file_keeps_its_rights(tmp_path: Path, mode: int) -> None:
    output, link = tmp_path / "graph.nt", tmp_path / "link.nt"
    output.touch()
    output.chmod(mode)
    link.symlink_to(output)

    def blocks() -> Iterator[bytes]:
        yield b"whole"
        # Nobody reads it beforehand who may not read it then.
        (temporary,) = tmp_path.glob(".*.tmp")
        assert stat.S_IMODE(temporary.stat().st_mode) == mode
        yield b"ness"

    for path in (output, link):
        write(blocks(), str(path))
        assert output.read_bytes() == b"wholeness"
        assert stat.S_IMODE(output.stat().st_mode) == mode
        assert link.is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write([b"whole"], str(tmp_path / "graph.nt"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "graph.nt").stat().st_mode) == 0o640


# --- Another base ----------------------------------------------------------------------------


@every_format
@pytest.mark.parametrize(
    "base",
    [
        "http://127.0.0.1:8001/newsgraph/-/newsgraph/",
        "https://example.org/",
        "https://example.org/a%20b/it's(1);x=1/",
        "https://пример.рф/Новости/",
    ],
)
def test_another_base_changes_iris_only(one: Path, format_: Format, base: str) -> None:
    before = graph_of(one)
    result = newsgraph("base-iri", one, base)
    assert result.exit_code == 0, result.output
    new = newsgraph("base-iri", one).stdout.strip()
    moved = {
        tuple(
            f"<{new}{term.removeprefix(f'<{BASE}')}" if term.startswith(f"<{BASE}") else term
            for term in each
        )
        for each in before
    }
    assert moved != before
    check_all_read(export(one, format_), format_, moved)  # type: ignore[arg-type]  # of three


# --- Vocabulary ------------------------------------------------------------------------------


@every_format
def test_every_parser_reads_the_vocabulary(format_: Format) -> None:
    document = vocabulary_document(format_, BASE)
    expected = set(read_with_pyoxigraph(vocabulary_document(FORMATS[0], BASE), FORMATS[0]))
    check_all_read(document, format_, expected)
    triples = read_with_pyoxigraph(document, format_)
    assert len(triples) == len(set(triples))


def test_the_vocabulary_explains_each_fixed_term_of_ours() -> None:
    vocabulary = set(read_with_pyoxigraph(vocabulary_document(FORMATS[0], BASE), FORMATS[0]))
    for term in OWN_TERMS:
        node = iri(f"ng:{term.name}")
        class_ = "rdfs:Class" if term.is_class else "rdf:Property"
        assert described_in(vocabulary, node) >= {
            (node, TYPE, iri(class_)),
            (node, iri("rdfs:label"), literal(term.label, language="en")),
            (node, iri("rdfs:comment"), literal(term.comment, language="en")),
        }


def test_the_vocabulary_says_whose_each_term_of_others_is_and_what_it_is_for() -> None:
    vocabulary = set(read_with_pyoxigraph(vocabulary_document(FORMATS[0], BASE), FORMATS[0]))
    for name in [*TYPES.values(), *PREDICATES.values(), ANY_TYPE, *mapped_terms()]:
        node, prefix = iri(name), name.partition(":")[0]
        if prefix == "ng":
            continue
        assert values(vocabulary, node, "rdfs:isDefinedBy") == {iri(f"{prefix}:")}
        assert values(vocabulary, node, "rdfs:comment")


def mapped_terms() -> set[str]:
    """The prefixed names of all properties and classes of the mapping."""
    return {
        *(each.term for node in NODES for each in node.properties if each.term),
        *(name for node in NODES for name in node.classes),
    }


def test_every_property_and_class_of_an_export_is_a_known_term(
    examples: Path, graph: Graph
) -> None:
    known = {iri(name) for name in (*mapped_terms(), *PREDICATES.values(), *TYPES.values())}
    known |= {iri(ANY_TYPE), iri("rdfs:Class"), iri("rdf:Property"), iri("rdfs:label")}
    own = of_class(graph, "rdf:Property") | of_class(graph, "rdfs:Class")
    assert all(term.startswith(iri("ng:")[:-1]) for term in own)
    used = {predicate for _, predicate, _ in graph} | {o for _, p, o in graph if p == TYPE}
    assert used - known - own == set()


def test_the_vocabulary_of_a_database_defines_every_term_of_ours_that_it_uses(
    examples: Path, graph: Graph
) -> None:
    """Whoever looks up {base}ns#head-of is led to this document."""
    result = newsgraph("vocabulary", examples)
    assert result.exit_code == 0
    vocabulary = set(read_with_pyoxigraph(result.stdout_bytes, FORMATS[0]))
    used = {term for each in graph for term in each if term.startswith(iri("ng:")[:-1])}
    assert iri("ng:head-of") in used
    undefined = {
        term
        for term in used
        if not values(vocabulary, term, "rdf:type") or not values(vocabulary, term, "rdfs:label")
    }
    assert undefined == set()


def test_the_vocabulary_stands_under_the_base_of_the_database(one: Path) -> None:
    with_database = newsgraph("vocabulary", one).stdout
    without = newsgraph("vocabulary").stdout
    assert BASE in with_database
    assert BASE not in without
    assert "http://127.0.0.1:8001/newsgraph/-/newsgraph/ns#" in without


# --- The mapping is all there is -------------------------------------------------------------

#: Columns that no property has and that NOT_EXPORTED does not name, and what they are for instead.
STRUCTURAL = {
    "id": "a row number: keys stand for rows in IRIs",
    "article_id": "what lies in an article is written under its IRI",
    "entity_id": "a link: the body of a mention, the owner of names and identifiers",
    "appearance_id": "which article gave an alias or identifier",
    "subject_id": "the link behind rdf:subject",
    "object_id": "the link behind rdf:object",
    "extraction_id": "the link behind prov:wasGeneratedBy",
    "source_id": "files are not exported",
    "settings.name": "settings are not of the graph; the base is in its IRIs",
    "settings.value": "the same",
    "vocabulary.kind": "the vocabulary decides about terms and is none itself",
    "vocabulary.label": "the same",
    "vocabulary.iri": "the same",
    "unsettled.kind": "notes of a load under way",
    "unsettled.row_id": "the same",
    "evidence.sentence_start": "follows from the text, for pages; the span of the evidence is exported",
    "evidence.sentence_end": "the same",
    "article_faults.faults": "how many parts of the record were rejected: of loading",
    "article_texts.title": "for full-text search: articles.title again",
    "article_texts.first_line": "what a page calls an article without a title is no headline of it",
    "text_parts.number": "long texts once more, to read contexts from",
    "text_parts.part": "the same",
    "zones.zone": "the classes of spans (dcterms:type)",
    "zones.start_char": "the spans of zones",
    "zones.end_char": "the same",
    "mentions.zone": "follows from the zones' spans",
    "evidence.zone": "the same",
    "quotes.zone": "the same",
    "aliases.alias": "gathered in entities.alias_text",
    "identifiers.iri": "schema:sameAs and owl:sameAs, gathered by entity",
}


def mapped_columns() -> set[tuple[str, str]]:
    """(table, column) of all that nodes read."""
    aliases = {"subjects": "entities", "objects": "entities"}
    return {
        (aliases.get(table, table), column)
        for node in NODES
        for sql in (*filter(None, node.columns.values()), node.rows)
        for table, column in re.findall(r"(\w+)\.(\w+)", sql)
    }


def test_every_column_is_exported_or_it_is_said_why_not() -> None:
    said = {name for names in NOT_EXPORTED for name in names.split(", ")}
    mapped = mapped_columns()
    unexplained = {
        f"{table}.{column}"
        for table in TABLES
        for column in TABLES[table].columns
        if (table, column) not in mapped
        and not said & {table, column, f"{table}.{column}"}
        and not STRUCTURAL.keys() & {column, f"{table}.{column}"}
    }
    assert unexplained == set()


def test_nothing_is_explained_that_is_not_there() -> None:
    there = {name for table in TABLES for name in (table, *TABLES[table].columns)}
    there |= {f"{table}.{column}" for table in TABLES for column in TABLES[table].columns}
    said = {name for names in NOT_EXPORTED for name in names.split(", ")}
    assert said | STRUCTURAL.keys() <= there
    assert mapped_columns() <= {(table, name) for table in TABLES for name in TABLES[table].columns}


def test_every_property_names_a_column_of_its_node() -> None:
    for node in NODES:
        given = {*node.columns, *mapping.OF_ARTICLE}
        assert {each.column for each in node.properties if each.column} <= given
        assert all(each.comment for each in node.properties)


def sources() -> list[Path]:
    """All modules of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def test_a_namespace_is_written_in_one_place_only() -> None:
    found = {
        (str(path.relative_to(PACKAGE)), namespace)
        for path in sources()
        for namespace in PREFIXES.values()
        if namespace in code_of(path)
    }
    assert found == {("vocabulary.py", namespace) for namespace in PREFIXES.values()}


def code_of(path: Path) -> str:
    """A module without its docstring, which may show a file with namespaces in it."""
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text), clean=False)
    return text.replace(docstring, "", 1) if docstring else text


def test_an_export_loads_neither_datasettes_server_nor_rdflib(one: Path) -> None:
    code = (
        "import sys\n"
        "from datasette_newsgraph.cli import cli\n"
        f"cli(['export', {str(one)!r}, '-f', 'ntriples'], standalone_mode=False)\n"
        "print({'rdflib', 'datasette.app'} & sys.modules.keys(), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert run.stderr.splitlines()[-1] == "set()"


# --- Real articles ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wikinews and RE3D, loaded, if they are there: they are not part of this project."""
    files = [
        ROOT.parent / "shared" / "corpora" / name for name in ("wikinews.jsonl", "re3d-us.jsonl")
    ]
    for file in files:
        if not file.is_file():
            pytest.skip(f"{file} is not there")
    path = tmp_path_factory.mktemp("corpora") / "corpora.db"
    load_files(path, files, base_iri=BASE)
    return path


def test_what_real_articles_hold(corpora: Path) -> None:
    graph = graph_of(corpora)
    annotations = of_class(graph, "oa:Annotation")
    mentions = {each for each in annotations if "/id/mention/" in each}
    unlocated, normalised, moved = (
        {each for each, p, o in graph if p == iri("ng:offsetStatus") and o == literal(status)}
        for status in ("unlocated", "normalised", "moved")
    )
    assert len(of_class(graph, "schema:NewsArticle")) == 69
    # Of 3,616 one names a blank.
    assert len(mentions) == 3615
    assert len(annotations - mentions) == 715
    # Three mentions and 72 pieces of evidence differ from their text in white space and quotes; the
    # places of 273 have blanks at their ends, which the words have not.
    assert len(unlocated) == 0
    assert len(normalised & mentions) == 3
    assert len(normalised - mentions) == 72
    assert len(moved) == 273


@every_format
def test_every_parser_reads_real_articles(corpora: Path, format_: Format) -> None:
    check_all_read(export(corpora, format_), format_, graph_of(corpora))


def test_real_articles_conform_to_the_shapes(
    corpora: Path, violations: Callable[[rdflib.Graph], set[tuple[str, str]]]
) -> None:
    assert violations(rdf_graph(corpora)) == set()
