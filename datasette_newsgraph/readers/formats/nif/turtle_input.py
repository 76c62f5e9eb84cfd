"""Read Turtle, of which N-Triples is a part, as statements by subject; write them as N-Triples.

The parser is rdflib's, which fetches nothing for Turtle. Its literals are kept as they are written:
rdflib would make values of them by their datatype, which rewrites some, parses XML, and writes a
traceback for each that is not of its type.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rdflib import Graph
from rdflib.plugins.parsers.notation3 import RDFSink, SinkParser
from rdflib.term import BNode, Literal, Node, URIRef

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.shapes import decode_text, writable

__all__ = ["RELATIVE_TO", "BNode", "Literal", "Node", "Statements", "URIRef", "ntriples", "read"]

#: An IRI that is relative in the file begins with it (RFC 2606 keeps the domain from being anybody's).
RELATIVE_TO = "http://relative.invalid/"

#: Subject → predicate → objects, each once, in the order of the file.
Statements = dict[Node, dict[str, list[Node]]]

# What the grammar of N-Triples keeps out of an IRI.
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class _Sink(RDFSink):
    """Takes the statements from the parser."""

    def __init__(self) -> None:
        super().__init__(Graph())
        self.statements: Statements = {}
        self._seen: set[tuple[Node, str, Node]] = set()

    def newLiteral(self, s: str, dt: URIRef | None, lang: str | None) -> Literal:  # noqa: N802
        return Literal(writable(s), lang=lang)

    def makeStatement(  # noqa: N802 - rdflib's names
        self, quadruple: tuple[Any, Any, Any, Any], why: Any = None
    ) -> None:
        formula = quadruple[0]
        predicate, subject, object_ = (self.normalise(formula, each) for each in quadruple[1:])
        if not isinstance(object_, Literal):
            object_ = _named(object_)
        triple = (_named(subject), str(_named(predicate)), object_)
        if triple not in self._seen:
            self._seen.add(triple)
            objects = self.statements.setdefault(triple[0], {}).setdefault(triple[1], [])
            objects.append(object_)


def _named(node: Any) -> Node:
    if isinstance(node, BNode):
        return node
    if isinstance(node, URIRef):
        cleaned = writable(str(node))
        return node if cleaned == str(node) else URIRef(cleaned)
    raise ValueError(f"{str(node)[:40]!r} stands where an IRI should")


def read(data: bytes) -> Statements:
    """Return the statements of a file; raises RecordError that names the line of a mistake."""
    text = decode_text(data)
    sink = _Sink()
    parser = SinkParser(sink, baseURI=RELATIVE_TO, turtle=True)
    try:
        with _quiet():
            parser.loadBuf(text)
    except RecursionError as error:
        raise RecordError(f"line {parser.lines + 1}: nested too deeply") from error
    except Exception as error:
        # It raises AssertionError, IndexError, KeyError, ValueError … for what is not Turtle.
        reason = getattr(error, "_why", None) or str(error) or type(error).__name__
        reason = writable(" ".join(str(reason)[:200].split()))
        raise RecordError(f"line {parser.lines + 1}: not Turtle: {reason}") from error
    return sink.statements


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from writing a line for each IRI that it would not write."""
    logger = logging.getLogger("rdflib.term")
    was_disabled, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = was_disabled


def ntriples(subject: Node, statements: Mapping[str, list[Node]], names: dict[Node, str]) -> str:
    """Return sorted lines of N-Triples; ``names`` are labels for blank nodes. What is about a blank
    node that has none is left out.
    """
    lines = [
        f"{_written(subject, names)} {_iri(predicate)} {_written(each, names)} .\n"
        for predicate, objects in statements.items()
        for each in objects
        if not isinstance(each, BNode) or each in names
    ]
    return "".join(sorted(lines))


def _written(node: Node, names: dict[Node, str]) -> str:
    if isinstance(node, BNode):
        return names[node]
    if isinstance(node, Literal):
        # JSON's escapes are all among those of N-Triples.
        quoted = json.dumps(str(node), ensure_ascii=False)
        return f"{quoted}@{node.language}" if node.language else quoted
    return _iri(str(node))


def _iri(iri: str) -> str:
    escaped = _NOT_IN_IRI.sub(lambda found: f"\\u{ord(found[0]):04X}", iri)
    return f"<{escaped}>"
