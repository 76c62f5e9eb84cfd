"""TSV as SPARQL 1.1 Query Results CSV and TSV Formats has it (section 4): each term as in Turtle."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.rdf.escapes import narrow, quote
from datasette_newsgraph.sparql.answer import Solutions, Term, Truth
from datasette_newsgraph.sparql.results.blocks import blocks_of
from datasette_newsgraph.sparql.results.terms import written


def rows(answer: Solutions, base: str) -> Iterator[bytes]:
    """Yield a line of the variables, and one for each solution, in which an unbound one is empty."""
    return blocks_of(_lines(answer))


def truth(answer: Truth) -> Iterator[bytes]:
    """Yield ``true`` or ``false`` on a line: the specification has no TSV for ASK."""
    yield b"true\n" if answer.holds else b"false\n"


def _lines(answer: Solutions) -> Iterator[str]:
    yield "\t".join(f"?{narrow(name)}" for name in answer.variables) + "\n"
    for row in answer.rows:
        yield "\t".join(map(_term, row)) + "\n"


def _term(term: Term) -> str:
    """Return a term in full: numbers are not abbreviated, as readers differ in which they know."""
    parts = written(term)
    if parts is None:
        return ""
    if parts.kind == "uri":
        return f"<{narrow(parts.text)}>"
    if parts.kind == "bnode":
        return f"_:{parts.text}"
    if parts.language:
        return f"{quote(parts.text)}@{parts.language}"
    datatype = f"^^<{narrow(parts.datatype)}>" if parts.datatype else ""
    return quote(parts.text) + datatype
