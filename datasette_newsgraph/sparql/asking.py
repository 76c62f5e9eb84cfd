"""Ask a graph a question in SPARQL 1.1."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Container, Iterator
from typing import Any

from rdflib import Graph

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.errors import BadQuery
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.rdf.stream import GraphStream
from datasette_newsgraph.sparql.answer import Answer, Solutions, Triples, Truth
from datasette_newsgraph.sparql.limits import Limits


def ask(
    connection: sqlite3.Connection,
    base: str,
    text: str,
    *,
    tables: Container[str] = EVERY_TABLE,
    assert_from: float = ASSERT_FROM,
    limits: Limits | None = None,
) -> Answer:
    """Return the answer to a question about the graph that an export of these ``tables`` would be.

    The connection is used until the answer has been read; it should hold a read transaction. Raises
    BadQuery with the words of the parser, and QueryStopped; both also while the answer is read.
    """
    limits = limits or Limits()
    ntriples = next(each for each in FORMATS if each.name == "ntriples")
    document = b"".join(
        GraphStream(connection, ntriples.syntax(base), tables=tables, assert_from=assert_from)
    )
    graph = Graph().parse(io.BytesIO(document), format="nt")
    limits.require_time()
    try:
        result: Any = graph.query(text)
    except Exception as error:
        raise BadQuery(str(error)) from error
    if result.type == "ASK":
        return Truth(bool(result.askAnswer))
    if result.type == "SELECT":
        return Solutions(tuple(map(str, result.vars)), _limited(result, limits))
    return Triples(iter(result.graph))


def _limited(result: Any, limits: Limits) -> Iterator[Any]:
    for number, row in enumerate(result, 1):
        limits.require_time()
        limits.require_few(number)
        yield tuple(row)
