"""Answers in every format, as parsers other than ours read them."""

from __future__ import annotations

import csv
import io
import re
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import XSD, BNode, Literal, URIRef
from rdflib.plugins.sparql.results.csvresults import CSVResultParser
from rdflib.query import Result

from datasette_newsgraph.errors import QueryStopped, UsageError
from datasette_newsgraph.rdf.xml_text import LOST, NOT_XML
from datasette_newsgraph.sparql.answer import Solutions, Term, Triples, Truth
from datasette_newsgraph.sparql.results import FORMATS, choices, format_named, formats_for
from tests.rdf.hostile import STRINGS
from tests.rdf.rdf_tools import as_written

BASE = "https://news.example.org/graph/"
ANA = URIRef(f"{BASE}id/entity/ana-lee")
#: What pyoxigraph reads; it has no reader of CSV.
JUDGED = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
#: How rdflib calls what it reads.
OF_RDFLIB = {"json": "json", "xml": "xml", "tsv": "tsv", "csv": "csv"}
TABULAR = ("json", "xml", "csv", "tsv", "table")


def written(name: str, answer: Any) -> bytes:
    """The whole document of an answer."""
    return b"".join(format_named(name).write(answer, BASE))


def rows(*found: tuple[Term, ...], names: tuple[str, ...] = ("x", "y", "z")) -> Solutions:
    return Solutions(names, iter(found))


def no_surrogates(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def of_pyoxigraph(term: Any) -> Term:
    if isinstance(term, pyoxigraph.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = None if term.datatype.value == str(XSD.string) else URIRef(term.datatype.value)
        return Literal(term.value, datatype=datatype, normalize=False)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    return None if term is None else URIRef(term.value)


def read_with_pyoxigraph(name: str, document: bytes) -> list[tuple[Term, ...]]:
    solutions: Any = pyoxigraph.parse_query_results(document, format=JUDGED[name])
    return [
        tuple(of_pyoxigraph(solution[variable]) for variable in solutions.variables)
        for solution in solutions
    ]


def read_with_rdflib(name: str, document: bytes) -> list[tuple[Term, ...]]:
    with as_written(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        result = Result.parse(io.BytesIO(document), format=OF_RDFLIB[name])
        assert result.vars is not None
        return [tuple(each.get(variable) for variable in result.vars) for each in result.bindings]


def test_every_format_has_a_name_and_media_types_of_its_own() -> None:
    names = [each.name for each in FORMATS]
    media_types = [each for format_ in FORMATS for each in format_.media_types]
    assert len(set(names)) == len(names)
    assert len(set(media_types)) == len(media_types)
    for each in FORMATS:
        assert not each.media_types or each.content_type.startswith(each.media_types[0])
    assert choices(graphs=False) == "json, xml, csv, tsv or table"
    with pytest.raises(UsageError, match=r"^there is no format 'yaml'; choose json, xml, csv"):
        format_named("yaml")


@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
def test_a_format_refuses_an_answer_of_another_kind(format_: Any) -> None:
    of_triples = Triples(iter([(ANA, rdflib.RDFS.label, Literal("Ana"))]))
    for answer, told in (
        (rows(), "the rows of SELECT"),
        (Truth(True), "the answer of ASK"),
        (of_triples, "triples"),
    ):
        if format_ in formats_for(answer):
            assert b"".join(format_.write(answer, BASE))
        else:
            with pytest.raises(UsageError, match=f"{format_.title} cannot hold {told}; choose "):
                format_.write(answer, BASE)


SOME: list[tuple[Term, ...]] = [
    (ANA, Literal("Ana Lee"), Literal("Anne", lang="en-gb")),
    (None, Literal("3", datatype=XSD.integer), BNode("b1")),
    (None, None, None),
    (URIRef("urn:a:b"), Literal("", datatype=URIRef("https://example.org/é#d")), Literal("")),
]


@pytest.mark.parametrize("name", JUDGED)
def test_rows_are_read_back(name: str) -> None:
    found = read_with_pyoxigraph(name, written(name, rows(*SOME)))
    assert len(found) == len(SOME)
    # A parser of pyoxigraph names blank nodes itself.
    assert [row for row in found if not isinstance(row[2], BNode)] == [SOME[0], *SOME[2:]]
    assert isinstance(found[1][2], BNode)
    assert found[1][:2] == SOME[1][:2]


@pytest.mark.parametrize("name", ["json", "xml", "tsv"])
def test_rdflib_reads_rows_back(name: str) -> None:
    found = read_with_rdflib(name, written(name, rows(SOME[0], SOME[3])))
    assert found == [SOME[0], SOME[3]]


def test_csv_has_the_text_of_terms_and_ends_lines_in_cr_lf() -> None:
    assert written("csv", rows(*SOME)).decode() == (
        f"x,y,z\r\n{ANA},Ana Lee,Anne\r\n,3,_:b1\r\n,,\r\nurn:a:b,,\r\n"
    )
    assert written("csv", rows((Literal('a "b", c\r\nd'),), names=("x",))) == (
        b'x\r\n"a ""b"", c\r\nd"\r\n'
    )


def test_a_csv_of_one_column_has_no_line_that_readers_skip() -> None:
    document = written("csv", rows((None,), (Literal("a"),), names=("x",)))
    assert list(csv.DictReader(io.StringIO(document.decode(), newline=""))) == [
        {"x": ""},
        {"x": "a"},
    ]
    parsed = CSVResultParser().parse(io.BytesIO(document))
    assert [dict(each) for each in parsed.bindings] == [{}, {rdflib.Variable("x"): Literal("a")}]


def test_tsv_has_terms_as_turtle_has_them() -> None:
    assert written("tsv", rows(*SOME[:2], (Literal("a\tb\nc\r"), None, ANA))).decode() == (
        "?x\t?y\t?z\n"
        f'<{ANA}>\t"Ana Lee"\t"Anne"@en-gb\n'
        '\t"3"^^<http://www.w3.org/2001/XMLSchema#integer>\t_:b1\n'
        f'"a\\tb\\nc\\r"\t\t<{ANA}>\n'
    )


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
@pytest.mark.parametrize("name", JUDGED)
def test_hostile_strings_are_read_back(name: str, text: str) -> None:
    row = (Literal(text), Literal(text, lang="en"), Literal(text, datatype=URIRef("urn:d:d")))
    expected = no_surrogates(text)
    if name == "xml":
        expected = re.sub(f"[{NOT_XML}]", LOST, expected)
    (found,) = read_with_pyoxigraph(name, written(name, rows(row)))
    assert list(map(str, found)) == [expected] * 3


@pytest.mark.parametrize("text", STRINGS.values(), ids=STRINGS)
def test_hostile_strings_are_read_back_from_csv(text: str) -> None:
    document = written("csv", rows((Literal(text), None, Literal("end"))))
    _, found = csv.reader(io.StringIO(document.decode(), newline=""))
    assert found == [no_surrogates(text), "", "end"]


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_no_variables_and_no_rows_are_read_back(name: str) -> None:
    read = read_with_pyoxigraph if name in JUDGED else read_with_rdflib
    assert read(name, written(name, rows())) == []
    if name != "csv":
        assert read(name, written(name, rows((), (), names=()))) in ([(), ()], [])


@pytest.mark.parametrize("holds", [True, False])
def test_what_an_ask_found_is_read_back(holds: bool) -> None:
    for name, format_ in JUDGED.items():
        if name != "tsv":
            read = pyoxigraph.parse_query_results(written(name, Truth(holds)), format=format_)
            assert bool(read) == holds
    told = "true" if holds else "false"
    assert written("csv", Truth(holds)).decode() == f"{told}\r\n"
    assert written("tsv", Truth(holds)).decode() == f"{told}\n"
    assert written("table", Truth(holds)).decode() == f"{told}\n"


def test_what_is_no_term_of_rdf_is_unbound() -> None:
    row = (
        URIRef("no scheme"),
        Literal("x", datatype=rdflib.RDF.langString),
        Literal("x", datatype=URIRef("relative")),
    )
    for name in JUDGED:
        assert read_with_pyoxigraph(name, written(name, rows(row))) == [(None, None, None)]


def test_an_iri_that_a_question_made_is_encoded() -> None:
    row = (URIRef("https://example.org/a b<c>\x00"), None, BNode("a-1 é"))
    for name in JUDGED:
        ((found, _, blank),) = read_with_pyoxigraph(name, written(name, rows(row)))
        assert found == URIRef("https://example.org/a%20b%3Cc%3E%00")
        assert isinstance(blank, BNode)


def test_a_blank_node_is_the_same_one_in_every_row() -> None:
    for name in JUDGED:
        document = written(name, rows((BNode("a"), BNode("b-"), BNode("a")), (BNode("b-"),) * 3))
        (one, two, same), others = read_with_pyoxigraph(name, document)
        assert (one, set(others)) == (same, {two})
        assert one != two


SCHEMES = st.sampled_from(["https://example.org/", "urn:x:", f"{BASE}id/entity/"])
ANY_TERM = st.one_of(
    st.none(),
    st.builds(lambda scheme, text: URIRef(scheme + text), SCHEMES, st.text(max_size=8)),
    st.builds(Literal, st.text(max_size=12)),
    st.builds(
        lambda text, tag: Literal(text, lang=tag), st.text(), st.sampled_from(["en", "pt-br"])
    ),
    st.builds(
        lambda text, name: Literal(text, datatype=URIRef(f"urn:d:{name}"), normalize=False),
        st.text(),
        st.sampled_from(["a", "b"]),
    ),
)


@settings(max_examples=60)
@given(st.lists(st.tuples(ANY_TERM, ANY_TERM), max_size=4))
def test_any_rows_are_the_same_in_json_and_in_tsv(found: list[tuple[Term, Term]]) -> None:
    names = ("x", "y")
    in_json, in_tsv = (
        read_with_pyoxigraph(name, written(name, rows(*found, names=names)))
        for name in ("json", "tsv")
    )
    assert in_json == in_tsv
    # A character that no IRI can have is encoded in it, but literals are as they were.
    for row, read in zip(found, in_json, strict=True):
        for term, back in zip(row, read, strict=True):
            assert type(back) is type(term)
            assert isinstance(term, URIRef) or back == term


@pytest.mark.parametrize("name", TABULAR)
def test_rows_are_asked_for_one_block_after_the_other(name: str) -> None:
    asked = 0

    def endless() -> Iterator[tuple[Term, ...]]:
        nonlocal asked
        while True:
            asked += 1
            yield (Literal(f"row {asked} " + "x" * 100),)

    blocks = format_named(name).write(Solutions(("x",), endless()), BASE)
    for _ in range(5):
        assert 10_000 < len(next(blocks)) < 100_000
    assert asked < 3000


@pytest.mark.parametrize("name", TABULAR)
def test_the_errors_of_an_answer_come_through(name: str) -> None:
    def stopped() -> Iterator[tuple[Term, ...]]:
        yield (Literal("a"),)
        raise QueryStopped("too long")

    with pytest.raises(QueryStopped, match="too long"):
        written(name, Solutions(("x",), stopped()))


def table(*found: tuple[Term, ...], names: tuple[str, ...] = ("x", "y")) -> str:
    return written("table", rows(*found, names=names)).decode()


def test_a_table_has_prefixed_names_and_columns_in_line() -> None:
    prefixes: Callable[[str], URIRef] = rdflib.Namespace("https://schema.org/").term
    assert table(
        (ANA, Literal("Ana Lee", lang="en")),
        (prefixes("Person"), Literal(3)),
        (URIRef("https://example.org/x"), None),
    ) == (
        "x                        y\n"
        "-----------------------  -------\n"
        "entity:ana-lee           Ana Lee\n"
        "schema:Person            3\n"
        "<https://example.org/x>\n"
    )


def test_wide_and_combining_characters_take_their_places() -> None:
    assert table((Literal("東京"), Literal("a")), (Literal("e\u0301e"), Literal("b"))) == (
        "x     y\n----  -\n東京  a\ne\u0301e    b\n"
    )


def test_a_table_gives_the_terminal_no_orders() -> None:
    text = table((Literal("a\x1b[31mb\r\nc\u202ed"), Literal("\x07")))
    assert text.splitlines()[2] == "a\\x1b[31mb  c\\u202ed  \\x07"


def test_a_long_cell_is_shown_whole_and_widens_no_column() -> None:
    long = "x" * 200
    lines = table((Literal(long), Literal("a")), (Literal("b"), Literal("c"))).splitlines()
    assert lines[1] == "-" * 60 + "  -"
    assert lines[2] == f"{long}  a"
    assert lines[3] == "b" + " " * 61 + "c"
