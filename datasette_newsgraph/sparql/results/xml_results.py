"""SPARQL Query Results XML Format (Second Edition): a ``result`` of each solution a line.

A character that XML 1.0 does not have, which a literal may hold nevertheless, is written as U+FFFD, as
in RDF/XML. The other formats keep it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from datasette_newsgraph.rdf.escapes import narrow
from datasette_newsgraph.rdf.xml_text import in_attribute, in_text
from datasette_newsgraph.sparql.answer import Solutions, Term, Truth
from datasette_newsgraph.sparql.results.blocks import blocks_of
from datasette_newsgraph.sparql.results.terms import written

#: White space at the ends of a text, which some readers take away unless it is by reference.
_ENDS = re.compile(r"\A[ \t\n]+|[ \t\n]+\Z")
_START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<sparql xmlns="http://www.w3.org/2005/sparql-results#">\n'
)


def rows(answer: Solutions, base: str) -> Iterator[bytes]:
    """Yield solutions as a document (section 2.3.1). An unbound variable is left out."""
    return blocks_of(_pieces(answer))


def truth(answer: Truth) -> Iterator[bytes]:
    """Yield true or false as a document (section 2.3.2)."""
    holds = "true" if answer.holds else "false"
    yield f"{_START}<head></head>\n<boolean>{holds}</boolean>\n</sparql>\n".encode()


def _pieces(answer: Solutions) -> Iterator[str]:
    # The name of a variable has letters and digits only (SPARQL 1.1, VARNAME).
    names = [narrow(name) for name in answer.variables]
    variables = "".join(f'<variable name="{name}"/>' for name in names)
    yield f"{_START}<head>{variables}</head>\n<results>\n"
    for row in answer.rows:
        bindings = (
            f'<binding name="{name}">{term}</binding>'
            for name, term in zip(names, map(_term, row), strict=True)
            if term is not None
        )
        yield f"<result>{''.join(bindings)}</result>\n"
    yield "</results>\n</sparql>\n"


def _term(term: Term) -> str | None:
    """Return a term as an element (section 2.3.1)."""
    parts = written(term)
    if parts is None:
        return None
    attribute = ""
    if parts.language:
        attribute = f' xml:lang="{parts.language}"'
    elif parts.datatype:
        attribute = f' datatype="{in_attribute(parts.datatype)}"'
    text = _ENDS.sub(_referred_to, in_text(parts.text))
    return f"<{parts.kind}{attribute}>{text}</{parts.kind}>"


def _referred_to(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(each)};" for each in found[0])
