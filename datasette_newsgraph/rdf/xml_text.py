"""How text is escaped in XML 1.0, narrow as ``Syntax`` has it."""

from __future__ import annotations

import re

from datasette_newsgraph.rdf.escapes import narrow

#: What is no character of XML 1.0 (section 2.2), and so can be written in no way; as it stands in a set
#: of a regular expression.
NOT_XML = r"\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_SPECIAL = re.compile(rf"[&<>\r{NOT_XML}]")
# A parser makes a carriage return a line end (section 2.11), unless it is a reference.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
#: What stands for a character that XML does not have.
LOST = "\ufffd"


def in_text(text: str) -> str:
    """Return text as the content of an element."""
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(_escaped, text)
    return narrow(text)


def in_attribute(iri: str) -> str:
    """Return an IRI as the value of an attribute in double quotes."""
    return narrow(iri.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;"))


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0], LOST)
