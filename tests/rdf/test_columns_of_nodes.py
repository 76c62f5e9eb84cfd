"""The mapping is the one place where a column meets a term: neither the order of its columns nor
their names matter to what is written.
"""

from __future__ import annotations

import ast
import keyword
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load, mapping
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.mapping import Node, Value
from datasette_newsgraph.mapping.profiles import FULL, Profile, profile_named
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.compiled import compile_node, source_of
from datasette_newsgraph.rdf.escapes import quote
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.rdf.xml_text import in_text
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.chosen_terms import set_term
from datasette_newsgraph.vocabulary import expand
from tests.rdf.decided_graphs import carried_out, key_of_iri

BASE = "https://example.org/news/-/newsgraph/"
every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
every_node = pytest.mark.parametrize("node", mapping.NODES, ids=lambda each: each.kind)

#: Exports a database as NAME.nt and the like, with the columns of all nodes the other way round.
REVERSED = """
import sys
from datasette_newsgraph import mapping
for node in mapping.NODES:
    columns = list(node.columns.items())[::-1]
    node.columns.clear()
    node.columns.update(columns)
from datasette_newsgraph.mapping.profiles import FULL, Profile, profile_named
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.rdf.escapes import quote
from datasette_newsgraph.rdf.xml_text import in_text
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from datasette_newsgraph.whole_files import write
with open_store(sys.argv[1]) as db:
    for each in FORMATS:
        write(stream(db, each, with_text=True), sys.argv[1] + each.ending)
"""


def written(path: Path, format_: Format, **options: Any) -> bytes:
    with open_store(path) as db:
        return b"".join(stream(db, format_, **options))


@pytest.fixture(scope="module")
def reversed_exports(example_db: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reversed") / "examples.db"
    path.write_bytes(example_db.read_bytes())
    subprocess.run([sys.executable, "-c", REVERSED, str(path)], check=True)
    return path


@every_format
def test_the_order_of_columns_makes_no_difference(reversed_exports: Path, format_: Format) -> None:
    found = Path(f"{reversed_exports}{format_.ending}").read_bytes()
    assert found == written(reversed_exports, format_, with_text=True)


# --- Compiled functions ------------------------------------------------------------------------


@every_node
def test_no_column_has_the_form_of_a_name_of_the_compiled_function(node: Node) -> None:
    for column in (*node.columns, *mapping.OF_ARTICLE):
        assert column.isidentifier(), column
        assert not keyword.iskeyword(column), column
        assert not column.startswith("_"), f"{column}: names of our own begin so"


@every_format
@every_node
def test_a_compiled_function_gives_names_of_its_own_an_underscore(
    node: Node, format_: Format
) -> None:
    tree = ast.parse(source_of(node, format_.syntax(BASE), with_text=True))
    given = {*node.columns, *mapping.OF_ARTICLE}
    names = {
        each.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    names |= {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
    assert names - given, "there are none to look at"
    assert all(name.startswith("_") for name in names - given)


# JSON-LD writes terms of the mapping only.
@pytest.mark.parametrize("format_", [each for each in FORMATS if each.name != "jsonld"])
def test_a_column_may_have_any_name(format_: Format) -> None:
    """Those of what the function has besides columns among them."""
    names = ["quote", "syntax", "item", "fragment", "append", "rows", "subject", "object", "p0"]
    node = Node(
        "thing",
        mapping.Ref("thing/{key}"),
        ("schema:Thing",),
        {"key": "", **dict.fromkeys(names, "")},
        tuple(mapping.Property(f"ng:{name}", Value.STRING, name) for name in names),
    )
    pieces: list[str] = []
    syntax = format_.syntax(BASE)
    compile_node(node, syntax, with_text=False)(
        [("k", *(f"-{each}-" for each in names))], pieces.append
    )
    assert [f"-{each}-" in pieces[0] for each in names] == [True] * len(names)


@every_format
def test_a_compiled_function_quotes_as_others_do(format_: Format) -> None:
    """Every character, but for surrogates, which SQLite has none of."""
    characters = [*map(chr, range(0xD800)), *map(chr, range(0xE000, 0x110000))]
    texts = ["".join(characters[start : start + 4096]) for start in range(0, len(characters), 4096)]
    pieces: list[str] = []
    write = compile_node(mapping.AGENT, format_.syntax(BASE), with_text=False)
    write([("k", text, None, None) for text in texts], pieces.append)
    quoted = in_text if format_.name == "rdfxml" else quote
    for text, piece in zip(texts, pieces, strict=True):
        assert quoted(text) in piece


# --- What an entity's own columns say too ------------------------------------------------------


PERSON = {
    "id": "1", "type": "Person", "name": "Ana", "aliases": ["Ann"], "description": "a person",
    "same_as": ["https://www.wikidata.org/wiki/Q1"], "latitude": 0.00005, "longitude": 1e-7,
}  # fmt: skip
OTHER = {"id": "2", "type": "Person", "name": "Zoe"}
ANA, ZOE = key_of_iri("http://www.wikidata.org/entity/Q1"), entity_key("Person", "Zoe")
#: Of each property of an entity the object as a relation gives it: a value and its datatype.
GIVEN: dict[str, tuple[str, str]] = {
    "schema:name": ("Ana", "string"),
    "rdfs:label": ("Ana", "string"),
    "skos:altLabel": ("Ann", "string"),
    "schema:alternateName": ("Ann", "string"),
    "schema:description": ("a person", "string"),
    "schema:latitude": ("5e-05", "number"),
    "schema:longitude": ("1e-07", "number"),
    "geo:hasGeometry": (f"{BASE}id/entity/{ANA}#geometry", "IRI"),
    "schema:sameAs": ("https://www.wikidata.org/wiki/Q1", "IRI"),
    "owl:sameAs": ("http://www.wikidata.org/entity/Q1", "IRI"),
    "owl:differentFrom": (f"{BASE}id/entity/{ZOE}", "IRI"),
    "rdf:type": (expand("schema:Person", BASE), "IRI"),
}


@pytest.mark.parametrize(
    ("profile", "term"),
    [
        (profile, each.term)
        for profile in (FULL, profile_named("schema"))
        for each in profile.nodes[mapping.ENTITY.kind].properties
        if each.term
    ],
    ids=lambda each: getattr(each, "name", each),
)
def test_what_a_property_says_no_plain_statement_says_again(
    tmp_path: Path, profile: Profile, term: str
) -> None:
    path = tmp_path / "news.db"
    value, datatype = GIVEN[term]
    said = {"subject": "1", "predicate": "told", "value": value, "datatype": datatype}
    entities = [PERSON, OTHER] if term == "owl:differentFrom" else [PERSON]
    load(path, [{"id": "a", "entities": entities, "relations": [said]}], base_iri=BASE)
    carried_out(path, Decision("different", ANA, ZOE))
    with open_store(path, write=True) as db:
        set_term(db, "told", expand(term, BASE))
    lines = written(path, format_named("ntriples"), profile=profile).splitlines()
    about = [each for each in lines if f"> <{expand(term, BASE)}> ".encode() in each]
    assert sum(value.encode() in each for each in about if b"/id/entity/" in each) == 1
