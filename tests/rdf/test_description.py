"""The description of a graph as a data set: its counts are those of an export, whatever is hidden."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Container, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import rdflib
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasette_newsgraph import load
from datasette_newsgraph.authorities import authority_of
from datasette_newsgraph.mapping.profiles import FULL, PROFILES, Profile
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.description.counting import Counts, count
from datasette_newsgraph.rdf.description.document import description
from datasette_newsgraph.rdf.description.told import Download, Told
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.store import get_base, open_store
from datasette_newsgraph.store.chosen_terms import set_term
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.vocabulary import DESCRIBING
from tests.rdf.any_article import articles
from tests.rdf.decided_graphs import carried_out, different, load_things, same
from tests.rdf.exported_graphs import newsgraph
from tests.rdf.rdf_tools import BASE, Triple, check_all_read, iri, read_with_pyoxigraph

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
every_profile = pytest.mark.parametrize("profile", PROFILES, ids=lambda each: each.name)
NTRIPLES = format_named("ntriples")
VOID, DCAT = (rdflib.Namespace(DESCRIBING[each]) for each in ("void", "dcat"))
#: What a graph's metadata may say, with what no writer likes.
GIVEN = {
    "title": "News “of\n \u0000 the” day \ud800",
    "description": "All of it.",
    "license": "CC BY 4.0",
    "license_url": "https://creativecommons.org/licenses/by/4.0/",
    "source": "Ana <Lima>",
    "source_url": "https://example.org/ana lima",
}


def in_export(triples: Iterable[Triple]) -> Counts:
    """What there is in an export, counted triple by triple."""
    counts, nodes = Counts(), set()
    for subject, predicate, object_ in triples:
        counts.properties[predicate[1:-1]] += 1
        if predicate == iri("rdf:type"):
            nodes.add(subject)
            if object_.startswith("<"):
                counts.classes[object_[1:-1]] += 1
        if predicate == iri("owl:sameAs") and object_.startswith("<"):
            authority = authority_of(object_[1:-1])
            counts.links.update([authority[0]] if authority else [])
    counts.nodes["all"] = sum(each.startswith(f"<{BASE}id/") for each in nodes)
    return counts


def check_counts(
    path: Path | sqlite3.Connection,
    tables: Container[str] = EVERY_TABLE,
    profile: Profile = FULL,
    assert_from: float = 0.5,
) -> Counts:
    """Fail unless the counts of a graph are those of its export; return them."""
    with open_store(path) as db:
        options: dict[str, Any] = {
            "tables": tables,
            "profile": profile,
            "assert_from": assert_from,
        }
        found = count(db.conn, get_base(db), **options)
        written = b"".join(stream(db, NTRIPLES, **options))
    expected = in_export(read_with_pyoxigraph(written, NTRIPLES))
    assert found.properties == expected.properties
    assert found.classes == expected.classes
    assert found.links == expected.links
    assert found.nodes.total() == expected.nodes["all"]
    assert found.triples == written.count(b"\n")
    return found


# --- Counts ----------------------------------------------------------------------------------


@every_profile
def test_the_counts_of_examples_are_those_of_their_export(examples: Path, profile: Profile) -> None:
    counts = check_counts(examples, profile=profile)
    assert len(counts.properties) > 5
    assert all(counts.properties.values())


@pytest.mark.parametrize("hidden", sorted(TABLES))
def test_a_hidden_table_is_not_counted(examples: Path, hidden: str) -> None:
    check_counts(examples, {*TABLES} - {hidden})


@pytest.mark.parametrize("assert_from", [0.0, 0.9, 1.0])
def test_plain_triples_are_counted_from_the_confidence_on(
    examples: Path, assert_from: float
) -> None:
    check_counts(examples, assert_from=assert_from)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.lists(articles, min_size=1, max_size=3),
    st.sets(st.sampled_from(sorted(TABLES)), max_size=3),
    st.sampled_from(PROFILES),
    st.sampled_from([0.0, 0.5]),
)
def test_the_counts_of_any_articles_are_those_of_their_export(
    new_database: Callable[[], sqlite3.Connection],
    given_articles: list[dict[str, Any]],
    hidden: set[str],
    profile: Profile,
    assert_from: float,
) -> None:
    with closing(new_database()) as connection:
        load(connection, given_articles, base_iri=BASE)
        check_counts(connection, {*TABLES} - hidden, profile, assert_from)


def test_what_was_decided_is_counted_as_it_is_exported(tmp_path: Path) -> None:
    path = tmp_path / "decided.db"
    load_things(path)
    carried_out(
        path,
        same("us", "usa", value="http://www.wikidata.org/entity/Q30"),
        same("lima", "ana"),
        different("paris", "texas"),
    )
    counts = check_counts(path)
    assert counts.links
    check_counts(path, {*TABLES} - {"decided"})
    check_counts(path, {*TABLES} - {"as_given"})


#: Predicates that the user's terms make say what columns say, too; or what is counted besides.
TERMS = {
    "is a": "rdf:type",
    "is also": "owl:sameAs",
    "called": "rdfs:label",
    "also called": "skos:altLabel",
}


def test_plain_triples_of_any_term_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    wikidata = "http://www.wikidata.org/entity/Q90"
    relations = [
        {"subject": "e1", "predicate": "is a", "object": "e2"},
        {"subject": "e1", "predicate": "is a", "value": "https://example.org/Kl%C3%A4sse é"}
        | {"datatype": "IRI"},
        {"subject": "e1", "predicate": "is a", "value": "a word"},
        {"subject": "e1", "predicate": "is also", "value": wikidata, "datatype": "IRI"},
        {"subject": "e2", "predicate": "is also", "value": wikidata, "datatype": "IRI"},
        {"subject": "e1", "predicate": "called", "value": "Paris"},
        {"subject": "e1", "predicate": "also called", "value": "Lutetia"},
    ]
    entities = [
        {"id": "e1", "type": "Place", "name": "Paris", "same_as": [wikidata]}
        | {"aliases": ["Lutetia", "Paname"]},
        {"id": "e2", "type": "Place", "name": "Paris of Texas"},
    ]
    load(path, [{"id": "a", "entities": entities, "relations": relations}], base_iri=BASE)
    with open_store(path, write=True) as db:
        for label, term in TERMS.items():
            set_term(db, label, iri(term)[1:-1])
    counts = check_counts(path)
    assert counts.links == Counter({"Wikidata": 2})


# --- The document ----------------------------------------------------------------------------


def described(path: Path, format_: Format, told: Told, **options: Any) -> bytes:
    """The description of a database in a format."""
    with open_store(path) as db:
        return b"".join(
            description(db.conn, format_, told, lambda base: count(db.conn, base), **options)
        )


@pytest.fixture
def told() -> Told:
    """What is told of a graph that is to be had in every format, packed too."""
    downloads = [
        Download(f"https://example.org/news{each.ending}{packed}", each, is_packed=bool(packed))
        for each in FORMATS
        for packed in ("", ".gz")
    ]
    return Told("news", f"{BASE}void", GIVEN, tuple(downloads), "https://example.org/news")


@every_format
def test_every_parser_reads_the_same_description(
    examples: Path, told: Told, format_: Format
) -> None:
    expected = read_with_pyoxigraph(described(examples, NTRIPLES, told), NTRIPLES)
    assert len(expected) == len(set(expected)) > 100
    check_all_read(described(examples, format_, told), format_, set(expected))


def test_only_the_description_has_its_prefixes(examples: Path, told: Told) -> None:
    turtle = format_named("turtle")
    assert b"@prefix void:" in described(examples, turtle, told)
    with open_store(examples) as db:
        assert b"@prefix void:" not in b"".join(stream(db, turtle))


def graph_of(path: Path, told: Told, **options: Any) -> rdflib.Graph:
    """The description as a graph of rdflib."""
    return rdflib.Graph().parse(data=described(path, NTRIPLES, told, **options), format="nt")


def partitions(graph: rdflib.Graph, kind: str, number: str) -> Counter[str]:
    """The numbers by the term of the parts of a kind."""
    return Counter(
        {
            str(graph.value(part, VOID[kind])): int(graph.value(part, VOID[number]))
            for part in graph.objects(rdflib.URIRef(BASE), VOID[f"{kind}Partition"])
        }
    )


@pytest.mark.parametrize("hidden", [[], ["articles"], ["entities"], ["evidence", "zones"]], ids=str)
def test_the_description_says_what_an_export_holds(
    examples: Path, told: Told, hidden: list[str]
) -> None:
    tables = {*TABLES} - {*hidden}
    with open_store(examples) as db:
        base, counts = rdflib.URIRef(BASE), count(db.conn, BASE, tables=tables)
        whole = b"".join(description(db.conn, NTRIPLES, told, lambda _: counts, tables))
    graph = rdflib.Graph().parse(data=whole, format="nt")
    assert int(graph.value(base, VOID.triples)) == counts.triples
    assert int(graph.value(base, VOID.entities)) == counts.nodes.total()
    assert partitions(graph, "class", "entities") == counts.classes
    assert partitions(graph, "property", "triples") == counts.properties
    links = graph.value(rdflib.URIRef(f"{BASE}#links-wikidata"), VOID.triples)
    assert (int(links) if links is not None else 0) == counts.links["Wikidata"]
    dates = list(graph.objects(None, DCAT.startDate))
    assert bool(dates) == ("articles" not in hidden)
    examples_given = {str(each) for each in graph.objects(base, VOID.exampleResource)}
    assert all(each.startswith(f"{BASE}id/") for each in examples_given)
    assert len(examples_given) == 2 - len({"articles", "entities"} & {*hidden})


def test_without_a_description_of_its_own_a_graph_is_described_by_its_counts(
    examples: Path,
) -> None:
    graph = graph_of(examples, Told("news", f"{BASE}void"))
    (words,) = graph.objects(rdflib.URIRef(BASE), rdflib.DCTERMS.description)
    assert str(words).startswith("A news graph: 8 articles, ")
    assert not list(graph.objects(None, DCAT.distribution))


#: The basics of DCAT-AP, and of VoID: what a data set, a distribution, a part and a link set have.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dcterms:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dcterms:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
    [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] ,
    [ sh:path dcterms:creator ; sh:class foaf:Agent ] ,
    [ sh:path dcterms:temporal ; sh:class dcterms:PeriodOfTime ] ,
    [ sh:path dcterms:license ; sh:nodeKind sh:IRI ; sh:maxCount 1 ] ,
    [ sh:path void:triples ; sh:datatype xsd:integer ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path void:subset ; sh:minCount 1 ;
      sh:or ( [ sh:class void:Dataset ] [ sh:class void:Linkset ] ) ] ,
    [ sh:path void:classPartition ; sh:minCount 1 ; sh:node [
      sh:property [ sh:path void:class ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path void:entities ; sh:minCount 1 ; sh:maxCount 1 ; sh:minInclusive 1 ] ] ] ,
    [ sh:path void:propertyPartition ; sh:minCount 1 ; sh:node [
      sh:property [ sh:path void:property ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
        [ sh:path void:triples ; sh:minCount 1 ; sh:maxCount 1 ; sh:minInclusive 1 ] ] ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ;
  sh:property [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dcat:mediaType ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dcterms:license ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dcterms:conformsTo ; sh:minCount 1 ; sh:nodeKind sh:IRI ] .
[] a sh:NodeShape ; sh:targetClass void:Linkset ;
  sh:property [ sh:path void:subjectsTarget ; sh:minCount 1 ; sh:maxCount 1 ; sh:class void:Dataset ] ,
    [ sh:path void:objectsTarget ; sh:minCount 1 ; sh:maxCount 1 ; sh:class void:Dataset ] ,
    [ sh:path void:linkPredicate ; sh:minCount 1 ; sh:maxCount 1 ] .
"""


def test_the_description_conforms_to_the_basics_of_dcat_and_void(
    examples: Path, told: Told
) -> None:
    import pyshacl

    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    graph = graph_of(examples, told)
    assert pyshacl.validate(graph, shacl_graph=shapes)[0]
    # They can fail.
    graph.remove((None, DCAT.mediaType, None))
    assert not pyshacl.validate(graph, shacl_graph=shapes)[0]


# --- The command -----------------------------------------------------------------------------


def test_the_command_describes_what_export_writes(examples: Path, tmp_path: Path) -> None:
    metadata = tmp_path / "metadata.json"
    own = {"title": "Examples", "license_url": "https://example.org/licence"}
    metadata.write_text(json.dumps({"source": "Ana", "databases": {"examples": own}}))
    asked = ("--metadata", metadata, "--download", "https://example.org/x.nt.gz", "-f", "ntriples")
    result = newsgraph("describe", examples, *asked, "--quiet")
    graph = rdflib.Graph().parse(data=result.stdout, format="nt")
    base = rdflib.URIRef(BASE)
    assert str(graph.value(base, rdflib.DCTERMS.title)) == "Examples"
    assert str(graph.value(base, rdflib.DCTERMS.license)) == "https://example.org/licence"
    assert [str(each) for each in graph.objects(None, rdflib.FOAF.name)] == ["Ana"]
    (dump,) = graph.objects(base, VOID.dataDump)
    assert str(dump) == "https://example.org/x.nt.gz"
    written = newsgraph("export", examples, "-f", "ntriples", "--quiet").stdout
    assert int(graph.value(base, VOID.triples)) == written.count("\n")


@pytest.mark.parametrize("address", ["news.ttl", "https://example.org/news.zip", "ftp://x/a.nt"])
def test_an_address_that_tells_no_format_is_refused(examples: Path, address: str) -> None:
    result = newsgraph("describe", examples, "--download", address)
    check_refused(result, "https://HOST/news.ttl.gz")


@pytest.mark.parametrize("content", [b"title: news", b"\xff", b"[" * 100_000], ids=len)
def test_metadata_that_is_no_json_is_refused(
    examples: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "metadata.json"
    file.write_bytes(content)
    check_refused(newsgraph("describe", examples, "--metadata", file), "newsgraph metadata")


@pytest.mark.parametrize("content", ["[]", "null", '{"databases": [], "title": 1}'])
def test_metadata_without_anything_of_use_says_nothing(
    examples: Path, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "metadata.json"
    file.write_text(content)
    result = newsgraph("describe", examples, "--metadata", file)
    assert "News graph examples" in result.stdout


def check_refused(result: Result, words: str) -> None:
    """Fail unless a command ended with one line that has these words."""
    assert result.exit_code != 0
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not result.stdout
