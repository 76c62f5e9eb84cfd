"""A graph described as a data set: the document.

First comes what is known at once: what it is called, whose it is, where it is to be had. What has to
be counted comes behind, so that nobody waits for it without an answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from sqlite_utils import Database

from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.description.counting import Counts
from datasette_newsgraph.rdf.description.nodes import Description
from datasette_newsgraph.rdf.description.told import Told
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.store import get_base
from datasette_newsgraph.vocabulary import DESCRIBING


def description(
    connection: sqlite3.Connection,
    format_: Format,
    told: Told,
    count: Callable[[str], Counts],
    tables: Container[str] = EVERY_TABLE,
) -> Iterator[bytes]:
    """Yield the description of a graph as a document: what is known, then what ``count`` makes of the
    base IRI. The connection should hold a read transaction; only ``tables`` are read.
    """
    base = get_base(Database(connection))

    def pieces(syntax: Syntax) -> Iterator[str]:
        described = Description(syntax, base, told)
        yield described.of_itself() + "".join(described.known(connection, tables))
        yield "".join(described.counted(count(base)))

    yield from document(format_, base, pieces)


def document(
    format_: Format,
    base: str,
    pieces: Callable[[Syntax], Iterable[str]],
    prefixes: Mapping[str, str] = DESCRIBING,
) -> Iterator[bytes]:
    """Yield a document of pieces that are made for its syntax, each as soon as it is there."""
    syntax = format_.syntax_of(base, prefixes)
    text, separator = syntax.header(), syntax.separator
    is_first = True
    for piece in pieces(syntax):
        yield (text + (piece.removeprefix(separator) if is_first else piece)).encode("latin-1")
        text, is_first = "", False
    yield (text + syntax.footer).encode("latin-1")


def catalog(syntax: Syntax, address: str, bases: Iterable[str]) -> str:
    """Return the node of a document that lists graphs, by their base IRIs."""
    graphs = [syntax.resource(base) for base in dict.fromkeys(bases)]
    described = syntax.resource(syntax.iri("void:DatasetDescription"))
    statements = [
        (syntax.iri("rdf:type"), described),
        (syntax.iri("dcterms:title"), syntax.literal("News graphs")),
        *((syntax.iri("dcat:dataset"), graph) for graph in graphs),
        *((syntax.iri("foaf:topic"), graph) for graph in graphs),
    ]
    return syntax.described(address, "dcat:Catalog", statements)
