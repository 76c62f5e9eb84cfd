"""The SHACL shapes: exports conform to them, and they catch what is broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

from datasette_newsgraph import rdf_graph
from datasette_newsgraph.vocabulary import PREFIXES
from tests.rdf.exported_graphs import key_of
from tests.rdf.rdf_tools import (
    BASE,
    iri,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "articles.jsonl"
ONE_ARTICLE = Path(__file__).parents[1] / "data" / "one_article.jsonl"


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
