"""The names of elements that stand for predicates in RDF/XML.

The IRI of a predicate is the namespace of its element with the local name behind it (RDF/XML, section
2.1). Any cut does, as long as the local name is one; an IRI that ends in a slash, or in digits behind
a slash, has none.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from datasette_newsgraph.vocabulary import PREFIXES

_TAIL = re.compile(r"[\w.\-]*\Z")
#: Section 5.1 of RDF/XML: what means something else as an element, or nothing any more.
_OF_SYNTAX = (
    "RDF ID about parseType resource nodeID datatype Description li aboutEach aboutEachPrefix bagID"
)
_NEVER = {PREFIXES["rdf"] + name for name in _OF_SYNTAX.split()}
#: Namespaces in XML, section 3: no prefix may be declared for these.
_RESERVED = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")


def element_name(iri: str, namespace: str | None = None) -> tuple[str, str] | None:
    """Return the namespace and the local name of an IRI as a predicate, or None if it has none: in this
    ``namespace``, or in the shortest with a local name that every parser takes.

    >>> element_name("https://example.org/terms#1st-place")
    ('https://example.org/terms#1', 'st-place')
    >>> element_name("https://example.org/123") is None
    True
    """
    if iri in _NEVER:
        return None
    if namespace is not None:
        local = iri.removeprefix(namespace)
        return (namespace, local) if iri.startswith(namespace) and _is_name(local) else None
    tail = _TAIL.search(iri)
    assert tail is not None
    for cut in range(tail.start(), len(iri)):
        if iri[:cut] not in _RESERVED and _is_name(iri[cut:]):
            return iri[:cut], iri[cut:]
    return None


def _is_name(text: str) -> bool:
    """Tell whether text is an NCName, as expat has it: it goes by the fourth edition of XML, which has
    the fewest letters.
    """
    if not text or not _TAIL.fullmatch(text):
        return False
    try:
        expat.ParserCreate().Parse(f"<{text}/>", True)
    except expat.ExpatError:
        return False
    return True
