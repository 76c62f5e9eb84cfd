"""Judges of exports: what parsers other than the one that wrote a document read in it.

A graph is a set of triples. A term is a string: an IRI in angle brackets, or a literal as
N-Triples has it, with its lexical form untouched. A blank node is an error, as we write none.
"""

from __future__ import annotations

import json
import logging
import math
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph
import rdflib
from pyld import jsonld

from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from datasette_newsgraph.vocabulary import PREFIXES

Triple = tuple[str, str, str]
Graph = set[Triple]
#: A triple and the name of its graph.
Quad = tuple[str, str, str, str]
Reader = Callable[[bytes, Format], list[Triple]]

BASE = "https://news.example.org/graph/"
#: What reads N-Triples, too.
NQUADS = format_named("nquads")

# rdflib logs each literal that Python cannot hold, such as the year 12024.
logging.getLogger("rdflib").setLevel(logging.CRITICAL)


def iri(name: str, base: str = BASE) -> str:
    """Return the term of a prefixed name; ``term:`` and ``id:`` stand under the base."""
    prefix, _, local = name.partition(":")
    own = {"term": f"{base}ns#", "id": f"{base}id/"}
    return f"<{own.get(prefix) or PREFIXES[prefix]}{local}>"


def literal(text: str, datatype: str | None = None, language: str | None = None) -> str:
    """Return the term of a literal; ``datatype`` is a prefixed name.

    >>> literal("1969", "xsd:gYear")
    '"1969"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    """
    return _literal(text, iri(datatype)[1:-1] if datatype else None, language)


def _literal(text: str, datatype: str | None, language: str | None) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    if language:
        return f"{quoted}@{language.lower()}"
    if datatype is None or datatype == PREFIXES["xsd"] + "string":
        return quoted
    return f"{quoted}^^<{datatype}>"


def read_with_pyoxigraph(document: bytes, format_: Format) -> list[Triple]:
    """Return the triples in the order of the document, repeated ones too."""
    syntax = pyoxigraph.RdfFormat.from_media_type(format_.media_type)
    assert syntax is not None
    return _triples_of_pyoxigraph(document, syntax)


def read_quads(document: bytes, format_: Format) -> list[Quad]:
    """Return the triples in the order of the document, repeated ones too, each with the name of its
    graph; that of the default graph is empty.
    """
    syntax = pyoxigraph.RdfFormat.from_media_type(format_.media_type)
    default = pyoxigraph.DefaultGraph()
    return [
        (
            *_triple_of_pyoxigraph(each),
            "" if each.graph_name == default else _of_pyoxigraph(each.graph_name),
        )
        for each in pyoxigraph.parse(document, format=syntax)
    ]


def read_stream_with_pyoxigraph(document: bytes, _format: Format) -> list[Triple]:
    """Return the triples of JSON-LD, of which nothing is kept in memory: it has to be in the form for
    streams.
    """
    return _triples_of_pyoxigraph(document, pyoxigraph.RdfFormat.STREAMING_JSON_LD)


def _triples_of_pyoxigraph(document: bytes, syntax: pyoxigraph.RdfFormat) -> list[Triple]:
    return [_triple_of_pyoxigraph(each) for each in pyoxigraph.parse(document, format=syntax)]


def _triple_of_pyoxigraph(quad: Any) -> Triple:
    return (
        _of_pyoxigraph(quad.subject),
        _of_pyoxigraph(quad.predicate),
        _of_pyoxigraph(quad.object),
    )


def _of_pyoxigraph(term: Any) -> str:
    if isinstance(term, pyoxigraph.Literal):
        return _literal(term.value, term.datatype.value, term.language)
    assert isinstance(term, pyoxigraph.NamedNode), f"{term} is no IRI"
    return f"<{term.value}>"


def read_with_rdflib(document: bytes, format_: Format) -> list[Triple]:
    """Return the triples, with literals as they were written."""
    with as_written():
        if not format_.has_graphs:
            graph = rdflib.Graph().parse(data=document, format=format_.media_type)
            return list(triples_of_rdflib(graph))
        dataset = rdflib.Dataset()
        dataset.parse(data=document, format=format_.media_type)
        return [triple for graph in dataset.graphs() for triple in triples_of_rdflib(graph)]


@contextmanager
def as_written() -> Iterator[None]:
    """Keep rdflib from rewriting literals while it reads them, and from warning of itself."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        with warnings.catch_warnings():
            # Its JSON-LD reader uses a class that it has deprecated.
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def triples_of_rdflib(graph: rdflib.Graph) -> Iterator[Triple]:
    """Yield the triples of an rdflib graph."""
    yield from graph_of_terms(graph)


def graph_of_terms(triples: Iterable[tuple[Any, Any, Any]]) -> Graph:
    """Return the graph of triples of rdflib's terms."""
    return {
        (_of_rdflib(subject), _of_rdflib(predicate), _of_rdflib(object_))
        for subject, predicate, object_ in triples
    }


def _of_rdflib(term: Any) -> str:
    if isinstance(term, rdflib.Literal):
        return _literal(str(term), term.datatype and str(term.datatype), term.language)
    assert isinstance(term, rdflib.URIRef), f"{term} is no IRI"
    return f"<{term}>"


def read_with_pyld(document: bytes, format_: Format) -> list[Triple]:
    """Return the triples that PyLD makes of JSON-LD, with nothing fetched."""

    def refuse(url: str, _options: Any) -> Any:
        raise AssertionError(f"{url} would be fetched")

    quads = jsonld.to_rdf(
        json.loads(document), {"format": "application/n-quads", "documentLoader": refuse}
    )
    return read_with_pyoxigraph(quads.encode(), NQUADS)


#: Who judges a format, by name. Whatever syntax is added, pyoxigraph and rdflib read it, by its media
#: type.
JUDGES: dict[str, Reader] = {"pyoxigraph": read_with_pyoxigraph, "rdflib": read_with_rdflib}
JSON_LD_JUDGES: dict[str, Reader] = {
    "PyLD": read_with_pyld,
    "pyoxigraph, as a stream": read_stream_with_pyoxigraph,
}


def check_all_read(document: bytes, format_: Format, expected: Graph) -> None:
    """Fail unless every parser that knows the format reads this graph in the document."""
    if format_.media_type == "application/rdf+xml":
        expected = of_xml(expected)
    for name, judge in JUDGES.items():
        found = set(judge(document, format_))
        assert found == expected, f"{name}: {explain(found, expected)}"
    if format_.media_type == "application/ld+json":
        # JSON-LD processors bring doubles into canonical form (JSON-LD 1.1 API, section 8.2.2).
        for name, judge in JSON_LD_JUDGES.items():
            found = canonical_doubles(set(judge(document, format_)))
            canonical = canonical_doubles(expected)
            assert found == canonical, f"{name}: {explain(found, canonical)}"


def of_xml(graph: Graph) -> Graph:
    """Return the graph with U+FFFD for each character that XML 1.0 does not have: the only thing that
    RDF/XML cannot hold.
    """
    return {(subject, predicate, _of_xml(object_)) for subject, predicate, object_ in graph}


def _of_xml(term: str) -> str:
    if not term.startswith('"'):
        return term
    text, end = json.JSONDecoder().raw_decode(term)
    kept = "".join(each if _is_of_xml(ord(each)) else "\ufffd" for each in text)
    return json.dumps(kept, ensure_ascii=False) + term[end:]


def _is_of_xml(code: int) -> bool:
    return (
        code in (0x9, 0xA, 0xD) or 0x20 <= code < 0xD800 or (code >= 0xE000 and code & ~1 != 0xFFFE)
    )


def canonical_doubles(graph: Graph) -> Graph:
    """Return the graph with each xsd:double as JSON-LD processors write it."""
    return {(*each[:2], _canonical(each[2])) for each in graph}


def _canonical(term: str) -> str:
    text, is_double, _ = term.rpartition(f"^^{iri('xsd:double')}")
    if not is_double:
        return term
    number = float(json.loads(text))
    if math.isinf(number):
        return literal("INF" if number > 0 else "-INF", "xsd:double")
    mantissa, _, exponent = f"{number:.15E}".partition("E")
    mantissa = mantissa.rstrip("0")
    mantissa += "0" if mantissa.endswith(".") else ""
    return literal(f"{mantissa}E{int(exponent)}", "xsd:double")


def export(path: Path | str, format_: Format, **options: Any) -> bytes:
    """Return the document that a database gives in a format."""
    with open_store(path) as db, closing(stream(db, format_, **options)) as blocks:
        return b"".join(blocks)


def graph_of(path: Path | str, **options: Any) -> Graph:
    """Return the graph that a database gives, as pyoxigraph reads it in the first format."""
    return set(read_with_pyoxigraph(export(path, FORMATS[0], **options), FORMATS[0]))


def explain(found: Graph, expected: Graph) -> str:
    """Say how two graphs differ, for a failing test."""
    lines = [f"- {' '.join(each)}" for each in sorted(expected - found)[:10]]
    lines += [f"+ {' '.join(each)}" for each in sorted(found - expected)[:10]]
    return "\n".join([f"{len(expected - found)} missing, {len(found - expected)} too many", *lines])
