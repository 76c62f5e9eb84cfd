"""Values that a file of text has in words: numbers, truth values, lists."""

from __future__ import annotations

import ast
import json
from typing import Any

from datasette_newsgraph.readers.plain_values import is_number

_NUMBERS = (
    "int",
    "integer",
    "long",
    "short",
    "byte",
    "float",
    "double",
    "bigdecimal",
    "biginteger",
)
_BOOLEANS = ("boolean", "bool")
_LONGEST_LIST = 2000


def typed(words: str, type_: str) -> Any:
    """Return a value of the type that its column is declared to have; the words, if it is none.

    >>> typed("1940", "int"), typed("true", "boolean"), typed("about 1940", "int")
    (1940, True, 'about 1940')
    """
    name = type_.casefold()
    if name in _NUMBERS and is_number(words.strip()):
        value = float(words)
        return int(value) if value.is_integer() and abs(value) < 1 << 53 else value
    if name in _BOOLEANS and words.strip().casefold() in ("true", "false"):
        return words.strip().casefold() == "true"
    if name.startswith("list") and "|" in words:
        return [each.strip() for each in words.split("|")]
    return listed(words)


def listed(words: str) -> Any:
    """Return a list that is written as JSON or Python do, as there is no other way; else the words.

    >>> listed('["Ana", "Bob"]'), listed("['Ana']"), listed("[sic]")
    (['Ana', 'Bob'], ['Ana'], '[sic]')
    """
    if not words.startswith("[") or not words.endswith("]"):
        return words
    # The longest of Python's lists take long to read.
    for read in (json.loads, ast.literal_eval)[: 1 if len(words) > _LONGEST_LIST else 2]:
        try:
            found = read(words)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(found, list):
            return found
    return words
