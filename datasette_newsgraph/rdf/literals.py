"""Typed literals: a datatype only where the text is in its lexical space, else a plain string.

XML Schema Definition Language 1.1 Part 2: Datatypes, sections 3.3.7-3.3.15 (dates) and 3.3 (numbers).
No RDF library checks the calendar when it writes, and readers differ in what they then do.
"""

from __future__ import annotations

import re
from functools import lru_cache

from datasette_newsgraph.dates import Precision, precision_of

_DATE_TYPES: dict[Precision, str] = {
    "year": "xsd:gYear",
    "month": "xsd:gYearMonth",
    "day": "xsd:date",
    "time": "xsd:dateTime",
}
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.\d*|\.\d+)", re.ASCII)
_DOUBLE = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+", re.ASCII)
# A well-formed tag (RFC 5646 section 2.1): RDF's own grammars allow more, and some readers do not.
_LANGUAGE = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4}|[a-z]{5,8})"  # language
    r"(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?"  # script, region
    r"(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*"  # variants
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"  # extensions, private use
    r"|x(?:-[a-z0-9]{1,8})+",
    re.ASCII | re.IGNORECASE,
)


def date_datatype(text: str) -> str | None:
    """Return the datatype of a date by its precision, or None if it is no date of the calendar.

    >>> date_datatype("2021"), date_datatype("2021-07"), date_datatype("2021-02-30")
    ('xsd:gYear', 'xsd:gYearMonth', None)
    """
    precision = precision_of(text)
    return None if precision is None else _DATE_TYPES[precision]


def value_datatype(text: str, datatype: str | None) -> str | None:
    """Return the XSD datatype of a relation's value, or None for a plain string."""
    if datatype == "date":
        return date_datatype(text)
    if datatype == "number":
        patterns = {"xsd:integer": _INTEGER, "xsd:decimal": _DECIMAL, "xsd:double": _DOUBLE}
        return next((name for name, each in patterns.items() if each.fullmatch(text)), None)
    if datatype == "boolean":
        return "xsd:boolean" if text in ("true", "false") else None
    return None


@lru_cache(maxsize=1024)
def language_tag(text: str | None) -> str:
    """Return a well-formed language tag in lower case, else the empty string.

    Lower case is the form in which RDF 1.1 compares tags (Concepts, section 3.3), and readers write.
    """
    return text.lower() if text and _LANGUAGE.fullmatch(text) else ""
