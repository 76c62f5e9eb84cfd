"""Text as XML 1.0 can hold it: most control characters cannot stand in it, however they are written."""

from __future__ import annotations

import re

from datasette_newsgraph.rdf.xml_text import LOST, NOT_XML

#: What has a meaning, or would be read as a blank; and what a terminal would take for orders.
_SPECIAL = re.compile(f'[&<>"\t\n\r\x7f-\x9f\u202a-\u202e\u2066-\u2069{NOT_XML}]')
_IS_NONE = re.compile(f"[{NOT_XML}]")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def escaped(text: str) -> str:
    r"""Return a text for an attribute in double quotes or for an element; U+FFFD stands for a character
    that XML cannot hold.

    >>> escaped('R&D <"1">\x01')
    'R&amp;D &lt;&quot;1&quot;&gt;�'
    """
    return _SPECIAL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _NAMED:
        return _NAMED[character]
    return LOST if _IS_NONE.match(character) else f"&#{ord(character)};"
