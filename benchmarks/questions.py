"""Questions in SPARQL whose costs the benchmark compares, about the most named things of a graph."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from string import Template

from sqlite_utils import Database

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.sparql.facts import Facts
from datasette_newsgraph.sparql.prologue import namespaces
from datasette_newsgraph.store import get_base

#: Questions that a store answers from what it is: all of a node, and how many triples there are.
WITHOUT_GOAL = ("a description", "count of all triples")
QUESTIONS = {
    "articles naming both": """SELECT ?a ?h ?d { ?a a schema:NewsArticle ;
        schema:mentions entity:$one, entity:$other ; schema:headline ?h .
        OPTIONAL { ?a schema:datePublished ?d } } ORDER BY DESC(?d) ?a LIMIT 20""",
    "statements with evidence": """SELECT ?l ?c ?h ?from { ?r rdf:subject entity:$one ;
        a rdf:Statement ; rdfs:label ?l . ?ev oa:hasBody ?r ; schema:isPartOf ?a .
        ?a schema:headline ?h OPTIONAL { ?ev itsrdf:taConfidence ?c }
        OPTIONAL { ?ev ng:validFrom ?from } } ORDER BY ?l ?h ?c LIMIT 100""",
    "a pattern after OPTIONAL": """SELECT ?l ?c ?h { ?r rdf:subject entity:$one ; rdfs:label ?l .
        ?ev oa:hasBody ?r ; schema:isPartOf ?a . OPTIONAL { ?ev itsrdf:taConfidence ?c }
        ?a schema:headline ?h } ORDER BY ?l ?h ?c LIMIT 100""",
    "people by articles": """SELECT ?e ?n (COUNT(?a) AS ?c) { ?a schema:mentions ?e .
        ?e a schema:Person ; schema:name ?n } GROUP BY ?e ?n ORDER BY DESC(?c) ?n LIMIT 20""",
    "named together": """SELECT ?o ?n (COUNT(?a) AS ?c) { ?a schema:mentions entity:$one, ?o .
        ?o schema:name ?n FILTER(?o != entity:$one) }
        GROUP BY ?o ?n ORDER BY DESC(?c) ?n LIMIT 20""",
    "quotes of one": """SELECT ?q ?verb ?h ?d { ?q a schema:Quotation ;
        schema:spokenByCharacter entity:$speaker ; schema:isPartOf ?a . ?a schema:headline ?h
        OPTIONAL { ?q ng:quoteVerb ?verb } OPTIONAL { ?a schema:datePublished ?d } }
        ORDER BY DESC(?d) ?q LIMIT 50""",
    "by two publishers": """SELECT ?l (COUNT(DISTINCT ?p) AS ?ps) (COUNT(DISTINCT ?a) AS ?as) {
        ?r rdfs:label ?l ; a rdf:Statement . ?ev oa:hasBody ?r ; schema:isPartOf ?a .
        ?a schema:publisher ?p } GROUP BY ?r ?l HAVING(COUNT(DISTINCT ?p) > 1)
        ORDER BY DESC(?ps) DESC(?as) ?l LIMIT 20""",
    "any number of steps": """SELECT DISTINCT ?x ?n { entity:$one ($steps)+ ?x .
        ?x schema:name ?n } ORDER BY ?n LIMIT 50""",
    "names with a text": """SELECT ?e ?n { ?e a ?t ; schema:name ?n .
        FILTER(?t IN (schema:Person, schema:Organization)) FILTER(CONTAINS(LCASE(?n), "an")) }
        ORDER BY ?n LIMIT 20""",
    "articles a month": """SELECT ?m (COUNT(?a) AS ?c) { ?a schema:mentions entity:$one ;
        schema:datePublished ?d } GROUP BY (SUBSTR(STR(?d), 1, 7) AS ?m) ORDER BY ?m""",
    "mentions in place": """SELECT ?w ?b ?h { ?m oa:hasBody entity:$other ; oa:hasTarget ?s .
        ?s nif:anchorOf ?w ; nif:beginIndex ?b ; nif:referenceContext ?t .
        ?a schema:encoding ?t ; schema:headline ?h } ORDER BY ?h ?b LIMIT 50""",
    "a neighbourhood": """CONSTRUCT { entity:$one ?p ?o . ?o schema:name ?n .
        ?s ?q entity:$one . ?s schema:name ?m } WHERE { { entity:$one ?p ?o . ?o schema:name ?n }
        UNION { ?s ?q entity:$one ; schema:name ?m } }""",
    "a description": "DESCRIBE entity:$one",
    "things in Wikidata": """SELECT ?wd ?n (COUNT(?a) AS ?c) { ?e owl:sameAs ?wd ; schema:name ?n .
        FILTER(STRSTARTS(STR(?wd), "http://www.wikidata.org/entity/"))
        OPTIONAL { ?a schema:mentions ?e } } GROUP BY ?wd ?n ORDER BY DESC(?c) ?wd LIMIT 20""",
    "count of all triples": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
}
_NAMED = """SELECT key FROM entity_counts JOIN entities ON id = entity_id
    ORDER BY entity_counts.articles DESC, key LIMIT 2"""
_SPEAKER = """SELECT entities.key FROM quotes JOIN entities ON entities.id = speaker_id
    GROUP BY speaker_id ORDER BY count(*) DESC, entities.key LIMIT 1"""
_PREDICATES = """SELECT predicate FROM relations WHERE object_id IS NOT NULL
    GROUP BY predicate ORDER BY count(*) DESC, predicate LIMIT 3"""


def question(database: str, name: str) -> tuple[str, str]:
    """Return the base of a graph, and a question about what it names most."""
    with closing(sqlite3.connect(database)) as connection:
        base = get_base(Database(connection))
        one, other = (key for (key,) in connection.execute(_NAMED))
        (speaker,) = connection.execute(_SPEAKER).fetchone()
        vocabulary = Facts(connection, base, EVERY_TABLE, ASSERT_FROM).vocabulary
        steps = [
            f"<{vocabulary.predicate(label, 'entity')}>"
            for (label,) in connection.execute(_PREDICATES)
        ]
    prefixes = "".join(f"PREFIX {each}: <{iri}>\n" for each, iri in namespaces(base).items())
    text = Template(QUESTIONS[name]).substitute(
        one=one, other=other, speaker=speaker, steps="|".join(steps)
    )
    return base, prefixes + text
