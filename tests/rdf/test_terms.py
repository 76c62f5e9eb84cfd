"""Bases, the vocabulary, and that the mapping is all there is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from datasette_newsgraph import mapping
from datasette_newsgraph.mapping import NODES, NOT_EXPORTED
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.ontology import OWN_ONTOLOGY, used_terms, vocabulary_document
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.vocabulary import ANY_TYPE, OWN_TERMS, PREDICATES, PREFIXES, TYPES
from tests.rdf.exported_graphs import described_in, newsgraph, of_class, values
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    check_all_read,
    export,
    graph_of,
    iri,
    literal,
    read_with_pyoxigraph,
)

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "datasette_newsgraph"
EXAMPLES = ROOT / "examples" / "articles.jsonl"
ONE_ARTICLE = Path(__file__).parents[1] / "data" / "one_article.jsonl"
TYPE = iri("rdf:type")

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


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
        assert described_in(vocabulary, node) >= {
            (node, iri("rdfs:label"), literal(term.label, language="en")),
            (node, iri("rdfs:comment"), literal(term.comment, language="en")),
            (node, iri("rdfs:isDefinedBy"), f"<{OWN_ONTOLOGY}>"),
        }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("quoteVerb", {"rdf:type": "owl:DatatypeProperty", "rdfs:domain": "schema:Quotation"}),
        ("validFrom", {"rdf:type": "owl:DatatypeProperty", "rdfs:range": "rdfs:Literal"}),
        ("extractedBy", {"rdf:type": "owl:ObjectProperty", "rdfs:range": "prov:Activity"}),
        ("TitleZone", {"rdf:type": "owl:Class", "rdfs:subClassOf": "nif:RFC5147String"}),
    ],
)
def test_the_vocabulary_is_an_ontology(name: str, expected: dict[str, str]) -> None:
    vocabulary = set(read_with_pyoxigraph(vocabulary_document(FORMATS[0], BASE), FORMATS[0]))
    assert of_class(vocabulary, "owl:Ontology") == {f"<{OWN_ONTOLOGY}>"}
    for property_, object_ in expected.items():
        assert values(vocabulary, iri(f"ng:{name}"), property_) == {iri(object_)}


def test_of_terms_of_others_the_vocabulary_says_nothing(one: Path) -> None:
    """Theirs are defined elsewhere; who reads both has one definition of each."""
    vocabulary = set(read_with_pyoxigraph(newsgraph("vocabulary", one).stdout_bytes, FORMATS[0]))
    ours = (f"<{OWN_ONTOLOGY}", iri("term:").rstrip("#>"))
    assert {node for node, _, _ in vocabulary if not node.startswith(ours)} == set()


def test_the_page_of_the_vocabulary_tells_what_each_term_of_others_is_for() -> None:
    used = used_terms()
    of_types = {name for names in TYPES.values() for name in names}
    assert used.keys() == {
        name
        for name in (*of_types, *PREDICATES.values(), ANY_TYPE, *mapped_terms())
        if not name.startswith("ng:")
    }
    assert all(used.values())


def mapped_terms() -> set[str]:
    """The prefixed names of all properties and classes of the mapping."""
    return {
        *(each.term for node in NODES for each in node.properties if each.term),
        *(name for node in NODES for name in node.classes),
        *(name for node in NODES for names in node.classes_in.values() for name in names),
    }


def test_every_property_and_class_of_an_export_is_a_known_term(
    examples: Path, graph: Graph
) -> None:
    known = {iri(name) for name in (*mapped_terms(), *PREDICATES.values(), ANY_TYPE)}
    known |= {iri(name) for names in TYPES.values() for name in names}
    known |= {iri(term.prefixed) for term in OWN_TERMS}
    known |= {iri("rdfs:Class"), iri("rdf:Property"), iri("rdfs:label")}
    # Authors are of a class by what publishers there are.
    known |= {iri("schema:Person"), iri("schema:Organization")}
    own = of_class(graph, "rdf:Property") | of_class(graph, "rdfs:Class")
    assert all(term.startswith(iri("term:")[:-1]) for term in own)
    used = {predicate for _, predicate, _ in graph} | {o for _, p, o in graph if p == TYPE}
    assert used - known - own == set()


def test_the_vocabulary_of_a_database_defines_every_term_of_ours_that_it_uses(
    examples: Path, graph: Graph
) -> None:
    """Whoever looks up {base}ns#head-of is led to this document."""
    result = newsgraph("vocabulary", examples)
    assert result.exit_code == 0
    vocabulary = set(read_with_pyoxigraph(result.stdout_bytes, FORMATS[0]))
    ours = (iri("ng:")[:-1], iri("term:")[:-1])
    used = {term for each in graph for term in each if term.startswith(ours)}
    assert used >= {iri("term:head-of"), iri("ng:TitleZone"), iri("ng:extractedBy")}
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
    # Fixed terms of ours are the same in every database.
    assert "ng:offsetStatus a owl:DatatypeProperty" in with_database
    assert "ng:offsetStatus a owl:DatatypeProperty" in without


# --- The mapping is all there is -------------------------------------------------------------

#: Columns that no property has and that NOT_EXPORTED does not name, and what they are for instead.
STRUCTURAL = {
    "id": "a row number: keys stand for rows in IRIs",
    "article_id": "what lies in an article is written under its IRI",
    "entity_id": "a link: the body of a mention, the owner of names and identifiers",
    "appearance_id": "which article gave an alias or identifier",
    "subject_id": "the link behind rdf:subject",
    "object_id": "the link behind rdf:object",
    "extraction_id": "the link behind ng:extractedBy",
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
    "zones.zone": "the classes of spans",
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
    codes = {str(path.relative_to(PACKAGE)): code_of(path) for path in sources()}
    found = {
        (name, namespace)
        for name, code in codes.items()
        for namespace in PREFIXES.values()
        if namespace in code
    }
    assert found == {("vocabulary.py", namespace) for namespace in PREFIXES.values()}


def code_of(path: Path) -> str:
    """A module without its docstrings, which may show a file with namespaces in it."""
    text = path.read_text("utf-8")
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and (said := ast.get_docstring(node, clean=False)):
            text = text.replace(said, "", 1)
    return text


def test_an_export_loads_neither_datasettes_server_nor_rdflib(one: Path) -> None:
    code = (
        "import sys\n"
        "from datasette_newsgraph.cli import cli\n"
        f"cli(['export', {str(one)!r}, '-f', 'ntriples'], standalone_mode=False)\n"
        "print({'rdflib', 'datasette.app'} & sys.modules.keys(), file=sys.stderr)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert run.stderr.splitlines()[-1] == "set()"
