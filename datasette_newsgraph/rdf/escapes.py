"""How text is escaped in N-Triples, Turtle and JSON-LD, and in the templates that rows are put into."""

from __future__ import annotations

from json.encoder import encode_basestring


def narrow(text: str) -> str:
    """Return the UTF-8 bytes of ``text`` as characters of one byte each."""
    return text if text.isascii() else text.encode().decode("latin-1")


def quote(text: str) -> str:
    """Return ``text`` in double quotes, escaped, narrow.

    JSON's escapes are all among those of N-Triples and Turtle (ECHAR and UCHAR), so one encoder in C
    serves the three.
    """
    quoted: str = encode_basestring(text)
    return quoted if quoted.isascii() else quoted.encode().decode("latin-1")


def escape_template(text: str) -> str:
    """Return a constant as part of a template."""
    return text.replace("{", "{{").replace("}", "}}")
