"""The graph of a database as an ``rdflib.Graph``, for notebooks and for rdflib's other formats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from json import loads

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.mapping.profiles import FULL, profile_named
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import AnyDatabase, get_base, open_store
from datasette_newsgraph.vocabulary import ID_PATH, LABEL_PATH, LABEL_PREFIX, PREFIXES

# Our own N-Triples: one space, no blank nodes, JSON's escapes.
_LINE = re.compile(
    r'<([^>]*)> <([^>]*)> (?:<([^>]*)>|("(?:[^"\\]|\\.)*")(?:\^\^<([^>]*)>|@(\S+))?) \.'
)


def rdf_graph(
    database: AnyDatabase,
    *,
    profile: str = FULL.name,
    with_text: bool = False,
    with_decisions: bool = False,
    assert_from: float = ASSERT_FROM,
    entities: Iterable[str] = (),
    articles: Iterable[str] = (),
) -> Graph:
    """Return the graph, or the part about some entities and articles (keys), with prefixes bound.

    ``profile`` names how much of the mapping it holds. It holds what an export holds, literals as they
    are written there. About 1 kB of memory a triple: for a whole large database, an export is read by
    other stores faster. Raises StoreError,
    UnknownKey.
    """
    graph = Graph()
    with open_store(database) as db:
        base = get_base(db)
        for block in stream(
            db,
            format_named("ntriples"),
            profile=profile_named(profile),
            with_text=with_text,
            with_decisions=with_decisions,
            assert_from=assert_from,
            entities=entities,
            articles=articles,
        ):
            # At LF only: a string may hold other line ends.
            for line in block.decode().split("\n"):
                if line:
                    graph.add(_triple(line))
    for prefix, namespace in {
        **PREFIXES,
        LABEL_PREFIX: base + LABEL_PATH,
        "id": base + ID_PATH,
    }.items():
        graph.bind(prefix, namespace, replace=True)
    return graph


def _triple(line: str) -> tuple[Node, Node, Node]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"not a line of our own N-Triples: {line!r}")
    subject, predicate, iri, text, datatype, language = found.groups()
    if iri is not None:
        return URIRef(subject), URIRef(predicate), URIRef(iri)
    # normalize=False: rdflib else rewrites "Z" to "+00:00" and cuts seconds to six digits.
    literal = Literal(
        loads(text), datatype=datatype and URIRef(datatype), lang=language, normalize=False
    )
    return URIRef(subject), URIRef(predicate), literal
