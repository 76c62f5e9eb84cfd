"""The example questions: each can be asked as it is, and finds what the articles have."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rdflib.plugins.sparql import prepareQuery

from datasette_newsgraph.errors import BadQuery
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.sparql.answer import Solutions, Triples, Truth
from datasette_newsgraph.sparql.asking import ask
from datasette_newsgraph.sparql.examples import (
    QUESTIONS,
    declared_prefixes,
    examples,
)
from datasette_newsgraph.store.schema import TABLES

BASE = "https://news.example.org/graph/"
#: What stands in the answer to each question about the example articles, of which not all can be asked.
ANSWERS = {
    "articles-naming-both": "Nations adopt Paris Agreement on climate change 2015-12-12",
    "statements-about": "COP21 location Le Bourget",
    "people-by-articles": "Barack Obama 2",
    "named-with": "Barack Obama 2",
    "quotes-of": "recognised true",
    "is-it-stated": "True",
    "steps-from": "Ban Ki-moon",
    "names-containing": "United Nations General Assembly",
    "articles-by-month": "2015-12 1",
    "mentions-of": "UN 612 614",
    "publishers-by-articles": "Example Gazette 8 2011-07",
    "authors-by-articles": "Example staff 8 1",
    "valid-at": "Salva Kiir president of South Sudan 2011-07-09",
    "in-wikidata": "Barack Obama http://www.wikidata.org/entity/Q76",
    "in-titles": "Fire destroys spire and roof of Notre-Dame in Paris Paris",
    "places-on-a-map": "Notre-Dame de Paris 48.853 2.3498",
    "neighbourhood": "https://schema.org/name COP21",
    "all-of": "https://schema.org/name United Nations",
}
#: What these articles are about does not happen in the others.
ELSEWHERE = {"two-publishers", "birth-dates-that-differ"}


@pytest.fixture
def graph(example_db: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(example_db)) as connection:
        yield connection


def answer(connection: sqlite3.Connection, text: str) -> list[str]:
    """The rows of an answer, each as the text of its terms."""
    found = ask(connection, BASE, text)
    if isinstance(found, Truth):
        return [str(found.holds)]
    assert isinstance(found, Solutions | Triples)
    rows = found.rows if isinstance(found, Solutions) else found.triples
    return [" ".join("" if each is None else str(each) for each in row) for row in rows]


def test_examples_are_a_dozen_and_a_half(graph: sqlite3.Connection) -> None:
    found = {each.slug: each for each in examples(graph, BASE)}
    assert found.keys() == ANSWERS.keys() == QUESTIONS.keys() - ELSEWHERE
    assert len(QUESTIONS) >= 18
    for each in found.values():
        assert "$" not in each.title + each.text
        assert each.text.startswith(f"# {each.title}\n")
        assert each.tells.endswith(".")
        prepareQuery(each.text)


@pytest.mark.parametrize("slug", ANSWERS)
def test_an_example_finds_what_the_articles_have(graph: sqlite3.Connection, slug: str) -> None:
    (example,) = [each for each in examples(graph, BASE) if each.slug == slug]
    rows = answer(graph, example.text)
    assert any(ANSWERS[slug] in row for row in rows), rows


def born(number: int, publisher: str, day: str) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "title": "A birthday",
        "publisher": publisher,
        "text": "Ana Silva was born in Porto.",
        "entities": [
            {
                "id": "e1",
                "type": "Person",
                "name": "Ana Silva",
                "mentions": [{"start": 0, "end": 9}],
            },
            {"id": "e2", "type": "Place", "name": "Porto", "mentions": [{"start": 22, "end": 27}]},
        ],
        "relations": [
            {
                "subject": "e1",
                "predicate": "birth place",
                "object": "e2",
                "evidence": [{"start": 0, "end": 27}],
            },
            {
                "subject": "e1",
                "predicate": "birth date",
                "value": day,
                "datatype": "date",
                "evidence": [{"start": 0, "end": 27}],
            },
        ],
    }


def test_two_publishers_and_two_birth_dates(db_path: Path) -> None:
    load(
        db_path, [born(1, "Gazette", "1950-01-02"), born(2, "Courier", "1951-02-03")], base_iri=BASE
    )
    with closing(sqlite3.connect(db_path)) as connection:
        found = {each.slug: answer(connection, each.text) for each in examples(connection, BASE)}
    (row,) = found["two-publishers"]
    assert row.endswith("Ana Silva birth place Porto 2")
    (row,) = found["birth-dates-that-differ"]
    assert row.endswith("Ana Silva 1950-01-02 1951-02-03")


@pytest.mark.parametrize(
    ("hidden", "missing", "left"),
    [
        ("quotes", {"quotes-of"}, "people-by-articles"),
        (
            "entity_counts",
            {"all-of", "people-by-articles", "names-containing"},
            "articles-by-month",
        ),
        ("articles", {"articles-by-month", "mentions-of", "quotes-of"}, "places-on-a-map"),
        ("entities", set(ANSWERS) - {"articles-by-month"}, "articles-by-month"),
    ],
)
def test_examples_tell_of_nothing_that_is_hidden(
    graph: sqlite3.Connection, hidden: str, missing: set[str], left: str
) -> None:
    tables = TABLES.keys() - {hidden}
    found = {each.slug for each in examples(graph, BASE, tables)}
    assert left in found
    assert not found & (missing - {"publishers-by-articles", "authors-by-articles"})


def test_an_empty_graph_has_no_examples(db_path: Path) -> None:
    load(db_path, [])
    with closing(sqlite3.connect(db_path)) as connection:
        assert examples(connection, BASE) == []


@pytest.mark.parametrize(
    "name", ['"} DELETE WHERE { ?s ?p ?o', "two\nlines\r?x ?y ?z", "$one ${one}", "#", ""]
)
def test_whatever_a_name_has_the_question_stays_the_same(
    db_path: Path, article: dict[str, Any], name: str
) -> None:
    load(db_path, [article], base_iri=BASE)
    with closing(sqlite3.connect(db_path)) as connection:
        before = {each.slug for each in examples(connection, BASE)}
        connection.execute("UPDATE entities SET name = ?", [name])
        found = examples(connection, BASE)
        assert {each.slug for each in found} >= before - {"names-containing"}
        for each in found:
            prepareQuery(each.text)


def test_prefixes_are_those_of_the_graph(graph: sqlite3.Connection) -> None:
    assert f"PREFIX entity: <{BASE}id/entity/>\n" in declared_prefixes(BASE)
    prepareQuery(
        declared_prefixes(BASE) + "SELECT ?x { ?x a term:President, schema:Person, ng:TitleZone }"
    )
    with pytest.raises(BadQuery):
        answer(graph, "SELECT ?x { ?x a nowhere:Thing }")
