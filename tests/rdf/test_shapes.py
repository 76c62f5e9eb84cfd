"""The SHACL shapes: exports conform to them, and they catch what is broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib

from datasette_newsgraph import load, rdf_graph
from datasette_newsgraph.mapping.profiles import PROFILES, Profile
from datasette_newsgraph.rdf.shapes import shapes_document
from datasette_newsgraph.vocabulary import PREFIXES
from tests.rdf.exported_graphs import key_of
from tests.rdf.rdf_tools import (
    BASE,
    iri,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "articles.jsonl"
ONE_ARTICLE = Path(__file__).parents[1] / "data" / "one_article.jsonl"


@pytest.mark.parametrize("with_text", [False, True], ids=["", "with text"])
@pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
def test_an_export_of_each_profile_conforms_to_its_shapes(
    examples: Path,
    violations: Callable[..., set[tuple[str, str]]],
    profile: Profile,
    with_text: bool,
) -> None:
    graph = rdf_graph(examples, profile=profile.name, with_text=with_text)
    assert violations(graph, profile.name) == set()


def test_each_node_and_property_of_a_profile_has_a_shape() -> None:
    """Whatever is added to the mapping is in the shapes."""
    for profile in PROFILES:
        shapes = shapes_document(profile)
        for node in profile.nodes.values():
            assert re.search(rf"^:\w*{node.kind.capitalize()}\w* a sh:NodeShape", shapes, re.M)
            for each in node.properties:
                is_asked = each.term not in ("", "rdf:type") and not each.is_turned
                assert f"sh:path {each.term} " in shapes or not is_asked, each


def test_things_of_a_class_that_publishers_have_conform(
    tmp_path: Path, violations: Callable[..., set[tuple[str, str]]]
) -> None:
    paper = {"id": "e", "type": "News media organization", "name": "The Gazette", "aliases": ["G"]}
    record = {
        "id": "a",
        "publisher": "The Gazette",
        "authors": ["The Gazette"],
        "entities": [paper],
    }
    load(tmp_path / "news.db", [record], base_iri=BASE)
    for profile in PROFILES:
        graph = rdf_graph(tmp_path / "news.db", profile=profile.name)
        assert violations(graph, profile.name) == set()


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
PUBLISHER = "publisher/example-gazette-2xkcnphq4tss6"
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
    (ARMSTRONG, "rdfs:label", '"Somebody else"'),
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
    (MENTION, "oa:hasBody", "<elsewhere>"),
    (MENTION, "schema:isPartOf", ""),
    (MENTION, "schema:isPartOf", f"<{ARMSTRONG}>"),
    (MENTION, "itsrdf:taConfidence", '"1.01"^^xsd:double'),
    (MENTION, "itsrdf:taConfidence", '"NaN"^^xsd:double'),
    (MENTION, "itsrdf:taConfidence", '"0.5"^^xsd:double, "0.6"^^xsd:double'),
    (EVIDENCE, "oa:hasBody", ""),
    (EVIDENCE, "oa:hasTarget", ""),
    (EVIDENCE, "itsrdf:taConfidence", '"-0.1"^^xsd:double'),
    (EVIDENCE, "itsrdf:taConfidence", '"0.9"'),
    (EVIDENCE, "schema:isPartOf", ""),
    (EVIDENCE, "ng:validFrom", '"1969"^^xsd:gYear, "1970"^^xsd:gYear'),
    (EVIDENCE, "ng:validUntil", "<elsewhere>"),
    (ARTICLE, "ng:extractedBy", "<elsewhere>"),
    (ARTICLE, "schema:publisher", '"Example Gazette"'),
    (ARTICLE, "schema:author", f"<{ARTICLE}>"),
    (ARTICLE, "schema:mentions", "<elsewhere>"),
    (PUBLISHER, "schema:name", ""),
    (HOUSTON, "geo:hasGeometry", "<elsewhere>"),
    (f"{HOUSTON}#geometry", "geo:asWKT", '"POINT(1 2)"'),
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
