"""CSV as SPARQL 1.1 Query Results CSV and TSV Formats has it (section 3): only the text of each term.

Datatypes and languages are lost, and an IRI looks like a string of the same text; an unbound variable
looks like an empty string.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from datasette_newsgraph.rdf.escapes import narrow
from datasette_newsgraph.sparql.answer import Solutions, Term, Truth
from datasette_newsgraph.sparql.results.blocks import blocks_of
from datasette_newsgraph.sparql.results.terms import written


def rows(answer: Solutions, base: str) -> Iterator[bytes]:
    """Yield a line of the names of the variables, and one for each solution; lines end in CR LF."""
    return blocks_of(_lines(answer))


def truth(answer: Truth) -> Iterator[bytes]:
    """Yield ``true`` or ``false`` on a line: the specification has no CSV for ASK."""
    yield b"true\r\n" if answer.holds else b"false\r\n"


def _lines(answer: Solutions) -> Iterator[str]:
    out = io.StringIO(newline="")
    # Quotes a field of its own if it is empty, as many a reader skips an empty line.
    write = csv.writer(out).writerow
    write([narrow(name) for name in answer.variables])
    for row in answer.rows:
        yield out.getvalue()
        out.seek(0)
        out.truncate()
        write(map(_term, row))
    yield out.getvalue()


def _term(term: Term) -> str:
    parts = written(term)
    if parts is None:
        return ""
    return f"_:{parts.text}" if parts.kind == "bnode" else narrow(parts.text)
