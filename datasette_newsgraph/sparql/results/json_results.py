"""SPARQL 1.1 Query Results JSON Format: a binding of each solution a line."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph.rdf.escapes import narrow, quote
from datasette_newsgraph.sparql.answer import Solutions, Term, Truth
from datasette_newsgraph.sparql.results.blocks import blocks_of
from datasette_newsgraph.sparql.results.terms import written


def rows(answer: Solutions, base: str) -> Iterator[bytes]:
    """Yield solutions as a document (section 3.2). An unbound variable is left out of its solution."""
    return blocks_of(_pieces(answer))


def truth(answer: Truth) -> Iterator[bytes]:
    """Yield true or false as a document (section 3.3)."""
    yield b'{"head":{},"boolean":%s}\n' % (b"true" if answer.holds else b"false")


def _pieces(answer: Solutions) -> Iterator[str]:
    names = [quote(name) for name in answer.variables]
    yield f'{{"head":{{"vars":[{",".join(names)}]}},"results":{{"bindings":['
    before = "\n"
    for row in answer.rows:
        members = (
            f"{name}:{term}"
            for name, term in zip(names, map(_term, row), strict=True)
            if term is not None
        )
        yield f"{before}{{{','.join(members)}}}"
        before = ",\n"
    yield "\n]}}\n"


def _term(term: Term) -> str | None:
    """Return a term as an object (section 3.2.2)."""
    parts = written(term)
    if parts is None:
        return None
    more = ""
    if parts.language:
        more = f',"xml:lang":"{parts.language}"'
    elif parts.datatype:
        more = f',"datatype":"{narrow(parts.datatype)}"'
    return f'{{"type":"{parts.kind}","value":{quote(parts.text)}{more}}}'
