"""What the docstrings of ``Syntax`` say of its methods is what the syntaxes do."""

from __future__ import annotations

import doctest
import inspect
from importlib import import_module
from pathlib import Path

import pytest

from datasette_newsgraph import rdf
from datasette_newsgraph.mapping import Node, Property, Ref, Value
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.rdf.compiled import compile_node
from datasette_newsgraph.rdf.ntriples import NTriples
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.rdf.turtle import Turtle
from tests.rdf.rdf_tools import check_all_read, iri

BASE = "https://example.org/"
GIVEN = {"turtle": Turtle(BASE), "ntriples": NTriples(BASE), "Ref": Ref, "Value": Value}


def test_every_syntax_is_in_the_table() -> None:
    listed = {(each.name, each.class_name) for each in FORMATS}
    for path in Path(rdf.__file__).parent.glob("*.py"):
        module = import_module(f"{rdf.__name__}.{path.stem}")
        for name, found in vars(module).items():
            if not inspect.isclass(found) or found.__module__ != module.__name__:
                continue
            if issubclass(found, Syntax) and not inspect.isabstract(found):
                assert (path.stem, name) in listed, "add it to FORMATS of rdf/formats.py"


@pytest.mark.parametrize("name", sorted(Syntax.__abstractmethods__))
def test_each_method_of_a_syntax_has_an_example_that_is_true(name: str) -> None:
    method = getattr(Syntax, name)
    example = doctest.DocTestParser().get_doctest(
        inspect.getdoc(method) or "", dict(GIVEN), name, inspect.getsourcefile(method), None
    )
    assert any(f".{name}(" in each.source for each in example.examples), f"give {name} an example"
    printed: list[str] = []
    doctest.DocTestRunner(verbose=False).run(example, out=printed.append)
    assert printed == [], "".join(printed)


@pytest.mark.parametrize(
    ("classes", "types"),
    [
        (("schema:NewsArticle",), []),
        ((), ["a:A", "a:B"]),
        (("schema:NewsArticle",), ["a:A", "a:B"]),
    ],
)
@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
def test_classes_are_constant_or_in_a_column_or_both(
    format_: Format, classes: tuple[str, ...], types: list[str]
) -> None:
    """They come first, whatever property of the node they stand behind in the mapping."""
    syntax = format_.syntax(BASE)
    name = Property("schema:name", Value.STRING, "name", required=True)
    kinds = Property("rdf:type", Value.TERM, "types", many=True)
    columns: dict[str, str | None] = {"key": None, "name": None, "types": None}
    node = Node("thing", Ref("thing/{key}"), classes, columns, (name, kinds))
    pieces: list[str] = []
    compile_node(node, syntax, with_text=False)([("t", "T", types)], pieces.append)
    document = syntax.header() + pieces[0].removeprefix(syntax.separator) + syntax.footer
    found = {f"<{each}>" for each in types} | {iri(each) for each in classes}
    subject = f"<{BASE}id/thing/t>"
    expected = {(subject, iri("rdf:type"), each) for each in found}
    check_all_read(
        document.encode("latin-1"), format_, expected | {(subject, iri("schema:name"), '"T"')}
    )
