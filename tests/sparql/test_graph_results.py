"""Triples in every syntax of RDF, as parsers other than ours read them."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Literal, URIRef
from rdflib.term import Node

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.sparql.answer import Triples
from datasette_newsgraph.sparql.results import format_named
from tests.rdf import rdf_tools
from tests.rdf.hostile import STRINGS

# Its namespaces have to be written in UTF-8, as all else.
BASE = "https://news.example.org/größe/"
ANA, NAME = URIRef(f"{BASE}id/entity/1-ana-lee"), URIRef("https://schema.org/name")
Triple = tuple[Node, Node, Node]
EVERY_SYNTAX = pytest.mark.parametrize("syntax", FORMATS, ids=lambda each: each.name)


def document(syntax: Format, *triples: Triple) -> bytes:
    return b"".join(format_named(syntax.name).write(Triples(iter(triples)), BASE))


def check(syntax: Format, triples: Iterable[Triple], kept: Iterable[Triple]) -> None:
    """Fail unless every parser reads the triples that are kept."""
    rdf_tools.check_all_read(
        document(syntax, *triples), syntax.of_things, rdf_tools.graph_of_terms(kept)
    )


@EVERY_SYNTAX
def test_triples_are_read_back(syntax: Format) -> None:
    triples: list[Triple] = [
        (ANA, RDF.type, URIRef("https://schema.org/Person")),
        (ANA, NAME, Literal("Ana Lee")),
        (URIRef("urn:a:b"), NAME, Literal("x", lang="pt-br")),
        (ANA, NAME, Literal("3", datatype=XSD.integer)),
        (ANA, RDF.type, URIRef("https://example.org/é/T")),
        (ANA, NAME, Literal("x", datatype=URIRef("https://example.org/é&<d>"))),
        (ANA, URIRef("https://example.org/terms#1st"), ANA),
    ]
    kept = [each for each in triples if "<" not in str(getattr(each[2], "datatype", ""))]
    kept.append((ANA, NAME, Literal("x", datatype=URIRef("https://example.org/é&%3Cd%3E"))))
    check(syntax, triples, kept)


@EVERY_SYNTAX
def test_no_triples_are_a_document(syntax: Format) -> None:
    check(syntax, [], [])


@EVERY_SYNTAX
def test_hostile_strings_are_read_back(syntax: Format) -> None:
    triples: list[Triple] = [
        (ANA, NAME, literal)
        for text in STRINGS.values()
        for literal in (
            Literal(text),
            Literal(text, lang="en"),
            Literal(text, datatype=URIRef("urn:d:d")),
        )
    ]
    kept = [
        (ANA, NAME, Literal(no_surrogates(each), lang=each.language, datatype=each.datatype))
        for _, _, each in triples
        if isinstance(each, Literal)
    ]
    check(syntax, triples, kept)


def no_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


@EVERY_SYNTAX
def test_triples_that_rdf_does_not_have_are_left_out(syntax: Format) -> None:
    good = (ANA, NAME, Literal("a"))
    check(
        syntax,
        [
            (Literal("a"), NAME, ANA),
            (ANA, BNode(), ANA),
            (ANA, Literal("a"), ANA),
            good,
            (ANA, NAME, URIRef("relative")),
            (URIRef("a b"), NAME, ANA),
            (ANA, NAME, Literal("a", datatype=RDF.langString)),
        ],
        [good],
    )


@EVERY_SYNTAX
def test_blank_nodes_hold_together(syntax: Format) -> None:
    one, two = BNode(), BNode("a-b")
    written = document(syntax, (one, NAME, two), (two, NAME, one), (ANA, NAME, one))
    read = pyoxigraph.RdfFormat.from_media_type(syntax.of_things.media_type)
    quads = list(pyoxigraph.parse(written, format=read))
    assert len(quads) == 3
    names = {
        each for quad in quads for each in (quad.subject, quad.object) if each.value != str(ANA)
    }
    assert len(names) == 2
    assert all(isinstance(each, pyoxigraph.BlankNode) for each in names)


def test_triples_of_a_subject_are_one_node() -> None:
    turtle = document(
        FORMATS[0],
        (ANA, RDF.type, URIRef("https://schema.org/Person")),
        (ANA, NAME, Literal("Ana")),
        (URIRef("urn:a:b"), NAME, Literal("b")),
    ).decode()
    assert turtle.partition(f"@prefix quote: <{BASE}id/quote/> .\n")[2] == (
        f"<{ANA}>\n"
        "  rdf:type schema:Person ;\n"
        '  schema:name "Ana" .\n'
        "\n"
        "<urn:a:b>\n"
        '  schema:name "b" .\n'
    )


@EVERY_SYNTAX
def test_a_subject_of_many_triples_is_held_in_parts(syntax: Format) -> None:
    triples = [(ANA, NAME, Literal(f"name {number}")) for number in range(2500)]
    check(syntax, triples, triples)


def test_rdf_xml_refuses_a_predicate_that_is_no_name() -> None:
    rdfxml = next(each for each in FORMATS if each.name == "rdfxml")
    with pytest.raises(UsageError, match=r"^RDF/XML cannot have the predicate urn:x:1, as it does"):
        document(rdfxml, (ANA, NAME, ANA), (ANA, URIRef("urn:x:1"), ANA))


ANY_IRI = st.builds(
    lambda scheme, text: URIRef(scheme + text),
    st.sampled_from(["https://example.org/", "urn:x:", f"{BASE}id/entity/", "https://schema.org/"]),
    st.text(st.characters(codec="ascii", categories=["L", "N"], include_characters="/-_.:~")),
)
ANY_LITERAL = st.one_of(
    st.builds(Literal, st.text()),
    st.builds(lambda text: Literal(text, lang="en"), st.text()),
    st.builds(lambda text: Literal(text, datatype=XSD.integer, normalize=False), st.text()),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(ANY_IRI, ANY_IRI, st.one_of(ANY_IRI, ANY_LITERAL)), max_size=5))
@EVERY_SYNTAX
def test_any_triples_are_read_back(syntax: Format, triples: list[Triple]) -> None:
    if syntax.name == "rdfxml":
        # Not every IRI is a predicate there.
        triples = [(subject, NAME, object_) for subject, _, object_ in triples]
    check(syntax, triples, triples)
