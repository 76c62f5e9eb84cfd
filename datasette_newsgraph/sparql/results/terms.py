"""The terms of an answer as they can be written: IRIs that are IRIs, text that has an encoding.

What a graph holds is so already. A question can make others: ``IRI("a b")``.
"""

from __future__ import annotations

import re
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from rdflib.term import BNode, Literal, URIRef

from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.sparql.answer import Term
from datasette_newsgraph.sparql.forms import LANGUAGE_STRING, STRING
from datasette_newsgraph.vocabulary import PREFIXES

Kind: TypeAlias = OneOf["uri", "bnode", "literal"]

#: Datatypes of literals that have a language, and no others (RDF 1.1 Concepts, section 3.3).
_OF_TAGGED = (LANGUAGE_STRING, PREFIXES["rdf"] + "dirLangString")
#: What every syntax takes as a label of a blank node, XML included.
_LABEL = re.compile(r"[A-WYZa-wyz][A-Za-z0-9]*")


class Written(NamedTuple):
    """A term in parts: its kind as SPARQL JSON calls it, its text, and the datatype of a literal that
    is no string, or its language.
    """

    kind: Kind
    text: str
    datatype: str | None = None
    language: str = ""


def written(term: Term) -> Written | None:
    """Return a term in parts; None for one that is unbound, and for one that RDF does not have.

    An IRI is cleaned as ``clean_iri`` does: characters that it cannot hold are percent-encoded, and one
    that is relative is none (RDF 1.1 Concepts, section 3.2). A lone surrogate becomes a question mark.
    Raises TypeError for what is no term.
    """
    if term is None:
        return None
    if isinstance(term, URIRef):
        iri = clean_iri(str(term))
        return None if iri is None else Written("uri", iri)
    if isinstance(term, Literal):
        return _literal(term)
    if isinstance(term, BNode):
        label = str(term)
        return Written("bnode", label if _LABEL.fullmatch(label) else f"x{label.encode().hex()}")
    raise TypeError(f"{term!r} is no term of RDF")


def _literal(term: Literal) -> Written | None:
    text = str(term)
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    if term.language:
        # As RDF 1.1 compares them (Concepts, section 3.3), and as the graph has them.
        return Written("literal", text, None, term.language.lower())
    if term.datatype is None or str(term.datatype) == STRING:
        return Written("literal", text)
    datatype = clean_iri(str(term.datatype))
    if datatype is None or datatype in _OF_TAGGED:
        return None
    return Written("literal", text, datatype)
