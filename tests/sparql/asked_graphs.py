"""What the tests of questions share: a graph as an export has it, and answers about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.term import Literal, Node
from sqlite_utils import Database

from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.sparql.answer import Solutions, Triples, Truth
from datasette_newsgraph.sparql.asking import ask
from datasette_newsgraph.sparql.limits import Limits
from datasette_newsgraph.sparql.values import worth
from datasette_newsgraph.store import get_base
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.vocabulary import PREFIXES
from datasette_newsgraph.web.access.secrecy import readable

#: Lines of PREFIX for all vocabularies that the mapping has.
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@contextmanager
def reading(path: Path) -> Iterator[tuple[sqlite3.Connection, str]]:
    """A connection in one read transaction, and the base of the graph."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as found:
        found.execute("BEGIN")
        yield found, get_base(Database(found))


def seen_without(*hidden: str) -> frozenset[str]:
    """The tables that a visitor reads from whom some are hidden."""
    return readable(frozenset(TABLES) - {*hidden}, frozenset())


def exported(
    connection: sqlite3.Connection, base: str, tables: Container[str] = EVERY_TABLE
) -> bytes:
    """The graph as N-Triples."""
    syntax = format_named("ntriples").syntax(base)
    return b"".join(GraphStream(connection, syntax, tables=tables))


def solutions(
    path: Path, question: str, tables: Container[str] = EVERY_TABLE, limits: Limits | None = None
) -> list[tuple[str | None, ...]]:
    """The solutions of a SELECT: the text of each term."""
    with reading(path) as (connection, base):
        answer = ask(connection, base, PROLOGUE + question, tables=tables, limits=limits)
        assert isinstance(answer, Solutions)
        return [tuple(None if term is None else str(term) for term in row) for row in answer.rows]


def truth(path: Path, question: str) -> bool:
    """What an ASK finds."""
    with reading(path) as (connection, base):
        answer = ask(connection, base, PROLOGUE + question)
        assert isinstance(answer, Truth)
        return answer.holds


def triples(path: Path, question: str) -> set[tuple[Node, Node, Node]]:
    """What a CONSTRUCT or DESCRIBE makes."""
    with reading(path) as (connection, base):
        answer = ask(connection, base, PROLOGUE + question)
        assert isinstance(answer, Triples)
        return set(answer.triples)


def comparable(term: object) -> object:
    """A term by its value, as the judge writes numbers and dates anew."""
    if isinstance(term, ox.Literal):
        term = (
            Literal(term.value, lang=term.language)
            if term.language
            else Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
        )
    if isinstance(term, Literal):
        return repr(worth(term))
    return term.value if isinstance(term, ox.NamedNode) else term and str(term)
