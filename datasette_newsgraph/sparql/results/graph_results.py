"""Triples of CONSTRUCT and DESCRIBE in any syntax of RDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from datasette_newsgraph.rdf import Format
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.sparql.answer import Triple, Triples
from datasette_newsgraph.sparql.prologue import namespaces
from datasette_newsgraph.sparql.results.blocks import blocks_of
from datasette_newsgraph.sparql.results.terms import Written, written

#: How many statements a node has at most; those of one subject that has more stand in several.
_STATEMENTS = 1000
#: The name of a subject, and a predicate and an object as they are written.
_Statement = tuple[str, str, str]


def write(answer: Triples, format_: Format, base: str) -> Iterator[bytes]:
    """Yield triples as a document: those of a subject that come one behind the other as one node.

    They stand in the default graph of syntaxes that have others. A triple that RDF does not have, such
    as one with a literal for its subject, is left out (SPARQL 1.1 Query Language, section 16.2).
    Characters that XML does not have are U+FFFD in RDF/XML. Raises UsageError when RDF/XML comes to a
    predicate that cannot be the name of an element.
    """
    syntax = format_.of_things.syntax_of(base, namespaces(base))
    return blocks_of(_pieces(syntax, answer.triples))


def _pieces(syntax: Syntax, triples: Iterable[Triple]) -> Iterator[str]:
    yield syntax.header()
    is_first = True
    for subject, statements in _nodes(_statements(syntax, triples)):
        node = syntax.node(subject, statements)
        yield node.removeprefix(syntax.separator) if is_first else node
        is_first = False
    yield syntax.footer


def _nodes(statements: Iterable[_Statement]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield subjects with their statements, those of a predicate one behind the other."""
    for subject, group in groupby(statements, key=itemgetter(0)):
        said: dict[str, list[str]] = {}
        size = 0
        for _, predicate, object_ in group:
            said.setdefault(predicate, []).append(object_)
            size += 1
            if size == _STATEMENTS:
                yield subject, _pairs(said)
                said, size = {}, 0
        if said:
            yield subject, _pairs(said)


def _pairs(said: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(predicate, object_) for predicate, objects in said.items() for object_ in objects]


def _statements(syntax: Syntax, triples: Iterable[Triple]) -> Iterator[_Statement]:
    for triple in triples:
        subject, predicate, object_ = map(written, triple)
        if subject is None or predicate is None or object_ is None:
            continue
        if subject.kind == "literal" or predicate.kind != "uri":
            continue
        named = subject.text if subject.kind == "uri" else f"_:{subject.text}"
        yield named, predicate.text, _object(syntax, object_)


def _object(syntax: Syntax, term: Written) -> str:
    if term.kind == "uri":
        return syntax.named(term.text)
    if term.kind == "bnode":
        return syntax.blank(term.text)
    if term.datatype:
        return syntax.typed(term.text, term.datatype)
    return syntax.literal(term.text, language=term.language)
