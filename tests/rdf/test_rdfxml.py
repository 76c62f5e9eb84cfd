"""RDF/XML: predicates are names of elements, and characters are those of XML."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph import load
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.xml_names import element_name
from datasette_newsgraph.rdf.xml_text import LOST
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import DATABASE
from tests.permissions.visitors import serving
from tests.rdf import hostile
from tests.rdf.exported_graphs import key_of, newsgraph
from tests.rdf.rdf_tools import (
    BASE,
    Graph,
    Triple,
    check_all_read,
    explain,
    export,
    graph_of,
    iri,
    literal,
    of_xml,
    read_with_pyoxigraph,
)

RDF_XML = format_named("rdfxml")
RDF = iri("rdf:")[1:-1]

#: Terms that can be the name of an element, whatever prefix they need.
NAMES = [
    "http://ex.org/born",
    "http://ex.org/ns#born-in",
    "http://ex.org/a?b=1&c=d",
    "http://ex.org/2nd",
    "http://ex.org/ns#1st.place",
    "http://ex.org/P31",
    "http://ex.org/%4B",
    "http://ex.org/geboren_in.",
    "http://ex.org/né",
    "http://ex.org/رهبر",
    "http://ex.org/🚀x",
    "urn:x:born",
    "x:y",
    "http://ex.org/a:b",
    "http://www.w3.org/2000/xmlns/born",
    "http://www.w3.org/XML/1998/namespacelang",
    f"{RDF}value",
    f"{RDF}_1",
    f"{RDF}predicate",
    "https://schema.org/spouse",
    "https://schema.org/1/spouse",
]
#: Terms that cannot.
NO_NAMES = [
    "http://ex.org/",
    "http://ex.org/123",
    "http://ex.org/ns#",
    "http://ex.org/%41",
    "http://ex.org/a(b)",
    "http://ex.org/🚀",
    "urn:isbn:12",
    f"{RDF}li",
    f"{RDF}Description",
    f"{RDF}about",
    f"{RDF}bagID",
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An article that states two things."""
    path = tmp_path / f"{DATABASE}.db"
    ana = {"id": "e", "type": "Person", "name": "Ana"}
    stated = [
        {"subject": "e", "predicate": "born in", "object": "e"},
        {"subject": "e", "predicate": "born in", "value": "x < y"},
    ]
    load(path, [{"id": "a", "entities": [ana], "relations": stated}], base_iri=BASE)
    return path


@pytest.mark.parametrize("term", NAMES)
def test_a_predicate_is_cut_where_its_end_is_a_name(path: Path, term: str) -> None:
    assert newsgraph("vocabulary", path, "--set", "born in", term).exit_code == 0
    graph = graph_of(path)
    assert {f"<{term}>"} < {each[1] for each in graph}
    check_all_read(export(path, RDF_XML), RDF_XML, graph)


@pytest.mark.parametrize("term", NO_NAMES)
def test_a_predicate_that_ends_in_no_name_is_told_before_anything_is_written(
    path: Path, tmp_path: Path, term: str
) -> None:
    assert newsgraph("vocabulary", path, "--set", "born in", term).exit_code == 0
    output = tmp_path / "graph.rdf"
    result = newsgraph("export", path, "-o", output)
    assert result.exit_code == 2
    assert term in result.stderr
    assert "choose another format, or another term: newsgraph vocabulary" in result.stderr
    assert not output.exists()
    assert newsgraph("export", path, "-o", tmp_path / "graph.ttl").exit_code == 0


@pytest.mark.asyncio
async def test_a_server_says_so_too(path: Path) -> None:
    newsgraph("vocabulary", path, "--set", "born in", "http://ex.org/1")
    key = key_of(path, "entities", "ana")
    async with serving(path) as server:
        for page in (f"{GRAPH}/entity/{key}", GRAPH):
            answer = await server.anybody.get(f"{page}.rdf")
            assert answer.status_code == 409
            assert "RDF/XML cannot have the predicate http://ex.org/1," in answer.text
            assert (await server.anybody.get(f"{page}.ttl")).status_code == 200


@given(st.sampled_from(["http://ex.org/", "urn:a:", RDF]), st.text(max_size=6))
def test_a_name_is_an_end_of_its_iri(start: str, text: str) -> None:
    term = clean_iri(start + text)
    found = term and element_name(term)
    if not term or not found:
        return
    namespace, local = found
    assert namespace + local == term
    assert namespace
    document = (
        f'<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description rdf:about="http://ex.org/s"><p:{local}'
        f' xmlns:p="{namespace.replace("&", "&amp;")}">x</p:{local}></rdf:Description></rdf:RDF>'
    )
    expected: Graph = {("<http://ex.org/s>", f"<{term}>", literal("x"))}
    check_all_read(document.encode(), RDF_XML, expected)


@pytest.mark.parametrize("text", hostile.STRINGS.values(), ids=hostile.STRINGS)
def test_text_is_as_it_was_but_for_what_xml_does_not_have(tmp_path: Path, text: str) -> None:
    load(tmp_path / "a.db", [{"id": "a", "publisher": text, "text": text}], base_iri=BASE)
    graph = graph_of(tmp_path / "a.db", with_text=True)
    check_all_read(export(tmp_path / "a.db", RDF_XML, with_text=True), RDF_XML, graph)
    lost = {each for each in hostile.stored(text) if each < " " and each not in "\t\n\r"}
    lost |= {*"\ufffe\uffff"} & {*text}
    assert (of_xml(graph) == graph) == (not lost)
    if lost:
        assert any(LOST in each[2] for each in of_xml(graph) - graph)


def hostile_and_examples(tmp_path: Path, examples: Path) -> list[bytes]:
    load(tmp_path / "hostile.db", hostile.records(), base_iri=BASE)
    return [export(each, RDF_XML, with_text=True) for each in (examples, tmp_path / "hostile.db")]


def dotted(triple: Triple) -> bool:
    return triple[2] in {f"<{hostile.EX}{path}>" for path in ("a", "b", "./a", "a/../b")}


@pytest.mark.skipif(shutil.which("rapper") is None, reason="rapper is not here")
def test_rapper_reads_the_same_graph(tmp_path: Path, examples: Path) -> None:
    ntriples = format_named("ntriples")
    for document in hostile_and_examples(tmp_path, examples):
        run = subprocess.run(
            ["rapper", "-q", "-i", "rdfxml", "-o", "ntriples", "-", BASE],
            input=document,
            capture_output=True,
            check=True,
        )
        assert run.stderr == b""
        found = set(read_with_pyoxigraph(run.stdout, ntriples))
        expected = set(read_with_pyoxigraph(document, RDF_XML))
        # It takes dots out of paths, as of relative references.
        found, expected = ({each for each in it if not dotted(each)} for it in (found, expected))
        assert found == expected, explain(found, expected)
