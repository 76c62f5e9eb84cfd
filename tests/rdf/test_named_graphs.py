"""Named graphs: what an article says stands in its own, and all graphs together are the triples."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.ontology import vocabulary_document
from datasette_newsgraph.store.schema import TABLES
from tests.rdf.exported_graphs import key_of
from tests.rdf.rdf_tools import (
    BASE,
    Quad,
    check_all_read,
    export,
    graph_of,
    iri,
    literal,
    read_quads,
)
from tests.rdf.test_selected_and_hidden import HIDDEN

WITH_GRAPHS = [each for each in FORMATS if each.has_graphs]
every_format_with_graphs = pytest.mark.parametrize(
    "format_", WITH_GRAPHS, ids=lambda each: each.name
)

Record = dict[str, Any]


def quads_of(path: Path, **options: Any) -> set[Quad]:
    """What stands where, the same in each format."""
    each, *others = (set(read_quads(export(path, it, **options), it)) for it in WITH_GRAPHS)
    assert others == [each] * len(others)
    return each


def article(path: Path, slug: str) -> str:
    return iri(f"id:article/{key_of(path, 'articles', slug)}")


# --- All graphs together ---------------------------------------------------------------------


@every_format_with_graphs
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"with_text": True},
        {"with_decisions": True},
        {"assert_from": 0},
        {"assert_from": 0.99},
        {"entities": "q1065"},
        {"articles": "ex-2011-south-sudan"},
        {"entities": "q142", "articles": "ex-2023-nobel-peace"},
    ],
    ids=str,
)
def test_all_graphs_together_are_the_triples(
    examples: Path, format_: Format, options: dict[str, Any]
) -> None:
    for kind in options.keys() & {"articles", "entities"}:
        options = options | {kind: [key_of(examples, kind, options[kind])]}
    check_all_read(export(examples, format_, **options), format_, graph_of(examples, **options))


@pytest.mark.parametrize("hidden", [*HIDDEN, "articles", "entities", "relations"])
@pytest.mark.parametrize("is_part", [False, True])
def test_all_graphs_together_are_the_triples_that_may_be_seen(
    examples: Path, hidden: str, is_part: bool
) -> None:
    options: dict[str, Any] = {"tables": {*TABLES} - {hidden}}
    if is_part and hidden not in ("entities", "relations"):
        options["entities"] = [key_of(examples, "entities", "q1049")]
    found = {each[:3] for each in quads_of(examples, **options)}
    assert found == graph_of(examples, **options)


def test_the_class_of_a_syntax_and_the_table_agree_on_graphs() -> None:
    for each in FORMATS:
        assert each.syntax(BASE).has_graphs == each.has_graphs


# --- What stands in which --------------------------------------------------------------------


def test_an_article_with_all_that_lies_in_it_stands_in_the_graph_of_its_name(
    examples: Path,
) -> None:
    quads = quads_of(examples, with_text=True)
    articles = {each[0] for each in quads if each[2] == iri("schema:NewsArticle")}
    assert len(articles) == 8
    assert {each[3] for each in quads} == {"", *articles}
    statements = set(
        zip(
            *(
                [each[2] for each in sorted(quads) if each[1] == iri(f"rdf:{part}")]
                for part in ("subject", "predicate", "object")
            ),
            strict=True,
        )
    )
    of_articles = ("article/", "mention/", "evidence/", "quote/")
    for subject, predicate, object_, graph in quads:
        kind = subject.removeprefix(iri("id:")[:-1]).partition("/")[0] + "/"
        if kind == "article/":
            assert subject.rstrip(">").startswith(graph.rstrip(">"))
            assert graph != ""
        if predicate in (iri("oa:hasTarget"), iri("schema:isPartOf")):
            assert object_.rstrip(">").startswith(graph.rstrip(">"))
        # Of an entity, the graph of an article holds what is stated, and nothing else.
        is_stated = (subject, predicate, object_) in statements
        assert (graph != "") == (kind in of_articles or is_stated)


@every_format_with_graphs
def test_the_vocabulary_stands_in_the_default_graph(format_: Format) -> None:
    quads = read_quads(vocabulary_document(format_, BASE), format_)
    assert len(quads) > 50
    assert {each[3] for each in quads} == {""}


def told(id_: str, *statements: Record) -> Record:
    """An article that states this of Ana and Acme."""
    entities = [
        {"id": "a", "type": "Person", "name": "Ana"},
        {"id": "o", "type": "Organization", "name": "Acme"},
    ]
    relations = [
        {"subject": "a", "predicate": "leads", "object": "o"} | each for each in statements
    ]
    return {"id": id_, "title": id_, "entities": entities, "relations": relations}


def stated(path: Path, **options: Any) -> dict[str, set[str]]:
    """The graphs in which plain statements about Ana stand, by predicate."""
    ana = iri(f"id:entity/{key_of(path, 'entities', 'ana')}")
    names = {"": ""} | {article(path, each): each for each in "xyz" if has(path, each)}
    found: dict[str, set[str]] = {}
    for subject, predicate, _, graph in quads_of(path, **options):
        if subject == ana and "/ns#" in predicate:
            found.setdefault(predicate.partition("/ns#")[2][:-1], set()).add(names[graph])
    return found


def has(path: Path, slug: str) -> bool:
    return any(o == literal(slug) for _, _, o in graph_of(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


def test_a_statement_stands_in_the_graph_of_each_article_that_asserts_it(path: Path) -> None:
    load(
        path,
        [
            told("x", {"confidence": 0.9}, {"predicate": "met"}),
            told("y", {"confidence": 0.3}, {"confidence": 0.2}),
            told("z", {}, {"confidence": 0.6}),
        ],
        base_iri=BASE,
    )
    assert stated(path) == {"leads": {"x", "z"}, "met": {"x"}}
    assert stated(path, assert_from=0.1) == {"leads": {"x", "y", "z"}, "met": {"x"}}
    assert stated(path, assert_from=0.95) == {"leads": {"z"}, "met": {"x"}}


def test_a_statement_without_evidence_that_may_be_read_stands_in_the_default_graph(
    path: Path,
) -> None:
    load(path, [told("x", {"confidence": 0.9}), told("y", {"confidence": 0.1})], base_iri=BASE)
    assert stated(path) == {"leads": {"x"}}
    for hidden in ({"evidence"}, {"evidence", "relation_counts"}):
        assert stated(path, tables={*TABLES} - hidden) == {"leads": {""}}
    # Nor is it known then which statements nothing asserts.
    assert stated(path, assert_from=0.95) == {}
    assert stated(path, assert_from=0.95, tables={*TABLES} - {"relation_counts"}) == {"leads": {""}}


def test_a_statement_that_another_article_asserts_stands_in_the_default_graph_of_a_part(
    path: Path,
) -> None:
    """The other one is not in the document, so nothing tells which it is."""
    load(path, [told("x", {"confidence": 0.9}), told("y", {"confidence": 0.1})], base_iri=BASE)
    assert stated(path, articles=[key_of(path, "articles", "x")]) == {"leads": {"x"}}
    assert stated(path, articles=[key_of(path, "articles", "y")]) == {"leads": {""}}


def test_predicates_that_are_one_term_state_one_thing_in_a_graph(path: Path) -> None:
    born = [{"predicate": "born in"}, {"predicate": "birth place"}]
    load(path, [told("x", *born), told("y", born[1])], base_iri=BASE)
    for format_ in WITH_GRAPHS:
        quads = read_quads(export(path, format_), format_)
        found = [graph for _, predicate, _, graph in quads if predicate == iri("schema:birthPlace")]
        assert sorted(found) == sorted([article(path, "x"), article(path, "y")])
