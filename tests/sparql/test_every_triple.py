"""The graph that is asked is the one that is exported: each of its triples, once, and no other."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Container
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from rdflib.term import Literal, Node
from sqlite_utils import Database

from datasette_newsgraph import load
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.sparql.answer import Solutions
from datasette_newsgraph.sparql.asking import ask
from datasette_newsgraph.store import open_store
from tests.rdf.any_article import articles
from tests.rdf.decided_graphs import carried_out, different, load_things, same
from tests.sparql.asked_graphs import exported, reading, seen_without

HIDDEN = ["article_texts", "mentions", "evidence", "quotes", "appearances", "identifiers", "zones"]
HIDDEN += ["extractions", "relation_counts", "relations", "articles", "vocabulary", "entities"]


def as_written(term: Node | None) -> str:
    """A term as the judge of N-Triples reads it."""
    if not isinstance(term, Literal):
        return str(ox.NamedNode(str(term)))
    if term.language:
        return str(ox.Literal(str(term), language=term.language))
    datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
    return str(ox.Literal(str(term), datatype=datatype) if datatype else ox.Literal(str(term)))


def assert_same(path: Path, tables: Container[str] = EVERY_TABLE) -> int:
    """Assert that ``?s ?p ?o`` finds what an export has; return how many triples these are."""
    with reading(path) as (connection, base):
        document = io.BytesIO(exported(connection, base, tables))
        written = Counter(
            tuple(map(str, (each.subject, each.predicate, each.object)))
            for each in ox.parse(document, format=ox.RdfFormat.N_TRIPLES)
        )
        answer = ask(connection, base, "SELECT ?s ?p ?o { ?s ?p ?o }", tables=tables)
        assert isinstance(answer, Solutions)
        found = Counter(
            tuple(as_written(each) for each in row if each is not None) for row in answer.rows
        )
        assert found == written
        counted = ask(connection, base, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", tables=tables)
        assert isinstance(counted, Solutions)
        assert [[str(term) for term in row] for row in counted.rows] == [[str(written.total())]]
        return written.total()


def test_all_triples_of_a_graph_can_be_asked_for(example_db: Path) -> None:
    assert assert_same(example_db) > 1000


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_hidden_is_not_in_the_graph_that_is_asked(example_db: Path, hidden: str) -> None:
    assert_same(example_db, seen_without(hidden))


def test_decisions_are_in_the_graph_that_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "decided.db"
    load_things(path)
    before = assert_same(path)
    carried_out(path, same("us", "usa"), different("ana", "lima"))
    assert assert_same(path) != before


@pytest.mark.parametrize(
    ("label", "iri"),
    [
        ("also called", "http://www.w3.org/2004/02/skos/core#altLabel"),
        ("known as", "https://schema.org/name"),
        ("born {in}", "https://schema.org/birthPlace"),
    ],
)
def test_a_statement_that_a_column_makes_too_is_one_triple(
    tmp_path: Path, label: str, iri: str
) -> None:
    path = tmp_path / "said_twice.db"
    ana = {"id": "e1", "type": "Person", "name": "Ana", "aliases": ["Anna"]}
    paris = {"id": "e2", "type": "Place", "name": "Paris"}
    stated = [
        {"subject": "e1", "predicate": label, "value": "Anna"},
        {"subject": "e1", "predicate": label, "value": "Ana"},
        {"subject": "e1", "predicate": label, "object": "e2"},
        {"subject": "e1", "predicate": "place of birth", "object": "e2"},
    ]
    load(path, [{"id": "a1", "text": "Ana", "entities": [ana, paris], "relations": stated}])
    with open_store(path, write=True) as db:
        _set_term(db, label, iri)
    assert_same(path)


def _set_term(db: Database, label: str, iri: str) -> None:
    with db.conn:
        db["vocabulary"].insert({"kind": "predicate", "label": label, "iri": iri})


@given(articles, articles)
def test_any_articles_can_be_asked_for(
    tmp_path_factory: pytest.TempPathFactory, one: dict[str, Any], other: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("any") / "any.db"
    load(path, [one, other])
    assert_same(path)
    assert_same(path, seen_without("evidence"))
