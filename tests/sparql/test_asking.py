"""Questions about the example articles, and what they find."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import RDF, Literal, URIRef

from datasette_newsgraph.errors import BadQuery, QueryStopped
from datasette_newsgraph.sparql.limits import Limits
from tests.sparql.asked_graphs import seen_without, solutions, triples, truth

COUNT = "SELECT (COUNT(*) AS ?n)"


def one(path: Path, question: str) -> str | None:
    """The only term of the only solution."""
    ((found,),) = solutions(path, question)
    return found


def test_names_are_found_by_the_class_of_what_has_them(example_db: Path) -> None:
    people = solutions(example_db, "SELECT ?n { ?e a schema:Person ; schema:name ?n } ORDER BY ?n")
    assert ("Narges Mohammadi",) in people
    assert people == sorted(people)
    assert not solutions(example_db, "SELECT ?e { ?e a schema:Volcano }")


def test_variables_come_in_the_order_of_the_question(example_db: Path) -> None:
    (row,) = solutions(example_db, 'SELECT * { ?e schema:name ?n FILTER(?n = "Paris") } LIMIT 1')
    assert row[1] == "Paris"
    (row,) = solutions(
        example_db, 'SELECT ?n ?e { ?e schema:name ?n FILTER(?n = "Paris") } LIMIT 1'
    )
    assert row[0] == "Paris"


def test_two_prefixes_may_stand_for_one_namespace(example_db: Path) -> None:
    again = "PREFIX s: <https://schema.org/> PREFIX : <https://schema.org/>"
    counts = {
        one(example_db, f"{again} {COUNT} {{ ?e a {prefix}:Person ; s:name ?n }}")
        for prefix in ("s", "schema", "")
    }
    assert len(counts) == 1
    assert counts != {"0"}


def test_escapes_in_local_names_are_read(example_db: Path) -> None:
    question = "SELECT ?s { VALUES ?s { <urn:x:a~b.c> } FILTER(?s = x:a\\~b\\.c) }"
    assert solutions(example_db, f"PREFIX x: <urn:x:> {question}") == [("urn:x:a~b.c",)]


def test_values_without_rows_have_no_solution(example_db: Path) -> None:
    assert not solutions(example_db, "SELECT ?s { ?s schema:name ?n VALUES ?n {} }")


def test_groups_are_counted_and_put_in_order(example_db: Path) -> None:
    found = solutions(
        example_db,
        "SELECT ?n (COUNT(?a) AS ?c) { ?a schema:mentions ?e . ?e schema:name ?n }"
        " GROUP BY ?e ?n HAVING(COUNT(?a) > 1) ORDER BY DESC(?c) ?n",
    )
    assert found
    counts = [int(count or 0) for _, count in found]
    assert counts == sorted(counts, reverse=True)
    assert min(counts) > 1


def test_what_is_optional_may_be_missing(example_db: Path) -> None:
    found = solutions(
        example_db, "SELECT ?e ?d { ?e a schema:Person OPTIONAL { ?e schema:description ?d } }"
    )
    people = one(example_db, f"{COUNT} {{ ?e a schema:Person }}")
    assert len(found) == int(people or 0)
    assert any(description is None for _, description in found)


def test_paths_go_back_and_on(example_db: Path) -> None:
    direct = solutions(
        example_db,
        "SELECT DISTINCT ?a { ?ev oa:hasBody ?r ; schema:isPartOf ?a . ?r a rdf:Statement }",
    )
    by_path = solutions(
        example_db, "SELECT DISTINCT ?a { ?r a rdf:Statement ; ^oa:hasBody/schema:isPartOf ?a }"
    )
    assert sorted(direct) == sorted(by_path)
    assert direct


def test_many_steps_lead_further_than_one(example_db: Path) -> None:
    step = "schema:memberOf|schema:worksFor|schema:containedInPlace|schema:location"
    one_step = int(one(example_db, f"{COUNT} {{ ?x ({step}) ?y . ?y schema:name ?n }}") or 0)
    many = int(one(example_db, f"{COUNT} {{ ?x ({step})+ ?y . ?y schema:name ?n }}") or 0)
    none = int(one(example_db, f"{COUNT} {{ ?x ({step})* ?y . ?x schema:name ?n }}") or 0)
    assert 0 < one_step <= many < none


def test_dates_and_numbers_are_compared_by_value(example_db: Path) -> None:
    since = 'FILTER(?d >= "2020-01-01"^^xsd:date)'
    found = solutions(example_db, f"SELECT ?d {{ ?a schema:datePublished ?d {since} }}")
    assert found
    assert all((date or "") >= "2020" for (date,) in found)
    sure = solutions(example_db, "SELECT ?c { ?m itsrdf:taConfidence ?c FILTER(?c > 0.95) }")
    assert sure
    assert all(float(confidence or 0) > 0.95 for (confidence,) in sure)


def test_words_are_looked_for_in_full_texts(example_db: Path) -> None:
    words = 'FILTER(ng:matches(?a, "south SUDAN"))'
    question = f"SELECT ?t {{ ?a schema:headline ?t {words} }}"
    assert ("South Sudan becomes the world’s newest country",) in solutions(example_db, question)
    assert not solutions(example_db, question, seen_without("article_texts"))
    named = 'SELECT ?n { ?e schema:name ?n FILTER(ng:matches(?e, "mohammadi")) }'
    assert solutions(example_db, named) == [("Narges Mohammadi",)]
    assert not solutions(example_db, 'SELECT ?t { ?t a rdf:Statement FILTER(ng:matches(?t, "a")) }')


def test_a_graph_is_made_and_a_thing_described(example_db: Path) -> None:
    made = triples(
        example_db, 'CONSTRUCT { ?e a <urn:x:Named> } { ?e schema:name "Narges Mohammadi" }'
    )
    ((subject, predicate, object_),) = made
    assert (predicate, object_) == (RDF.type, URIRef("urn:x:Named"))
    described = triples(example_db, f"DESCRIBE <{subject}>")
    assert (subject, URIRef("https://schema.org/name"), Literal("Narges Mohammadi")) in described
    assert {each[0] for each in described} == {subject}


def test_asking_tells_whether_there_is_a_solution(example_db: Path) -> None:
    assert truth(example_db, 'ASK { ?e schema:name "Narges Mohammadi" }')
    assert not truth(example_db, 'ASK { ?e schema:name "Nobody" }')


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("SELECT ?s", "Expected"),
        ("SELECT ?s { ?s nosuch:p ?o }", "nosuch"),
        ("SELECT ?s { SERVICE <https://example.org/> { ?s ?p ?o } }", "SERVICE"),
        ("SELECT ?s FROM <urn:x:g> { ?s ?p ?o }", "FROM"),
        ("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", "GRAPH"),
        ("INSERT DATA { <urn:x:s> <urn:x:p> 1 }", "Expected"),
        ("SELECT ?s { ?s schema:name ?n FILTER(ng:matches(?s)) }", "two values"),
        ("SELECT ?s { ?s schema:name ?n BIND(1 AS ?n) }", "has a term already"),
        ("SELECT ?s { VALUES (?s ?o) { (1) } }", "more or fewer"),
        (f"SELECT ?s {{ {'{' * 3000} ?s ?p ?o {'}' * 3000} }}", "nested"),
        ('SELECT ?s { ?s ?p "\ud800" }', "surrogate"),
    ],
    ids=lambda each: str(each)[:30],
)
def test_what_is_no_question_is_refused_by_name(
    example_db: Path, question: str, words: str
) -> None:
    with pytest.raises(BadQuery, match=words):
        solutions(example_db, question)


def test_a_question_ends_at_its_limits(example_db: Path) -> None:
    everything = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with pytest.raises(QueryStopped, match=r"longer than 0\.5 s"):
        solutions(example_db, everything + " ORDER BY ?a ?d ?g", limits=Limits(seconds=0.5))
    with pytest.raises(QueryStopped, match="more than 10 rows"):
        solutions(example_db, "SELECT * { ?a ?b ?c }", limits=Limits(rows=10))
    assert (
        len(solutions(example_db, "SELECT * { ?a ?b ?c } LIMIT 10", limits=Limits(rows=10))) == 10
    )


@pytest.mark.parametrize("constant", ["false", "0", '""', '""@en', "0.0"])
def test_a_filter_of_a_false_constant_lets_nothing_through(example_db: Path, constant: str) -> None:
    assert one(example_db, f"{COUNT} {{ ?e schema:name ?n FILTER({constant}) }}") == "0"
    assert not truth(example_db, f"ASK {{ FILTER({constant}) }}")
    places = one(example_db, f"{COUNT} {{ ?e a schema:Place }}")
    left = f"{COUNT} {{ ?e a schema:Place MINUS {{ ?e schema:name ?n FILTER({constant}) }} }}"
    assert one(example_db, left) == places


def test_all_variables_are_those_that_a_solution_may_have(example_db: Path) -> None:
    """SELECT * has no column for what is in FILTER, EXISTS or MINUS only."""
    (row,) = solutions(
        example_db,
        "SELECT * { ?z a schema:Place ; schema:latitude ?y FILTER EXISTS { ?z schema:name ?a }"
        " MINUS { ?z a ?b ; schema:birthDate ?c } } ORDER BY ?z LIMIT 1",
    )
    assert len(row) == 2
    assert str(row[0]).startswith("http")


def test_a_graph_inside_of_exists_is_refused_by_name(example_db: Path) -> None:
    with pytest.raises(BadQuery, match=r"^GRAPH: "):
        truth(example_db, "ASK { ?s ?p ?o FILTER EXISTS { GRAPH <http://x/> { ?s ?p ?o } } }")


def test_values_are_cast_to_other_datatypes(example_db: Path) -> None:
    assert solutions(
        example_db, 'SELECT (xsd:integer("12") + 1 AS ?a) (STR(xsd:string(<urn:x>)) AS ?b) {}'
    ) == [("13", "urn:x")]
    found = one(example_db, f"{COUNT} {{ ?s nif:beginIndex ?n FILTER(xsd:integer(?n) > 3) }}")
    assert found == one(example_db, f"{COUNT} {{ ?s nif:beginIndex ?n FILTER(?n > 3) }}")


def test_an_iri_that_is_made_is_joined(example_db: Path) -> None:
    assert solutions(
        example_db,
        'SELECT ?n { ?e schema:name "Le Bourget" BIND(IRI(STR(?e)) AS ?i) ?i schema:name ?n }',
    ) == [("Le Bourget",)]


def test_a_pattern_of_words_that_is_none_matches_nothing(example_db: Path) -> None:
    assert not solutions(example_db, 'SELECT ?n { ?e schema:name ?n FILTER(REGEX(?n, "(")) }')


def test_a_limit_may_be_greater_than_any_number_of_rows(example_db: Path) -> None:
    all_ = solutions(example_db, "SELECT ?n { ?e a schema:Place ; schema:name ?n }")
    many = f"SELECT ?n {{ ?e a schema:Place ; schema:name ?n }} LIMIT {10**30}"
    assert solutions(example_db, many) == all_
    assert not solutions(example_db, many.replace("LIMIT", "OFFSET"))


def test_a_question_beside_sql_reads_the_tables_that_it_needs(example_db: Path) -> None:
    """They are made before anything is read: SQLite ends a SELECT when some are made meanwhile."""
    found = solutions(example_db, "SELECT ?x { ?x rdf:type+ oa:Annotation }")
    assert one(example_db, f"{COUNT} {{ ?x a oa:Annotation }}") == str(len(found))


def test_paths_that_follow_each_other_may_both_have_no_step(example_db: Path) -> None:
    found = solutions(
        example_db,
        "SELECT ?a ?b { ?a a ng:TitleZone ; nif:referenceContext?/schema:isPartOf? ?b }",
    )
    titles = one(example_db, f"{COUNT} {{ ?a a ng:TitleZone }}")
    assert sum(a == b for a, b in found) == int(titles or 0) > 0
