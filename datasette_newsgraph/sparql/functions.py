"""What SQL cannot do by itself: the mapping's own ways with dates, datatypes, keys and names."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from datasette_newsgraph.authorities import names_thing
from datasette_newsgraph.identity import follows_from
from datasette_newsgraph.rdf.entity_nodes import point_of
from datasette_newsgraph.rdf.literals import date_datatype, language_tag, value_datatype
from datasette_newsgraph.rdf.source_nodes import author_key
from datasette_newsgraph.rdf.syntax import address_in
from datasette_newsgraph.search_form import words
from datasette_newsgraph.vocabulary import expand

#: What the names of our functions begin with.
PREFIX = "newsgraph_"


def _iri(prefixed: str | None) -> str:
    return expand(prefixed, "") if prefixed else ""


@lru_cache(maxsize=8192)
def _date_type(text: str | None) -> str | None:
    return None if text is None else _iri(date_datatype(text))


@lru_cache(maxsize=8192)
def _value_type(text: str, datatype: str | None) -> str:
    return _iri(value_datatype(text, datatype))


def _double(number: float | None) -> str | None:
    return None if number is None else repr(float(number))


def _lines(text: str | None) -> str:
    return json.dumps(text.split("\n") if text else [])


def _author_key(name: Any) -> str | None:
    return author_key(name) if isinstance(name, str) else None


def _all_words(text: Any) -> str:
    """Return the full-text query for all words of a text, wherever they stand; for none, nothing."""
    found = words(text) if isinstance(text, str) else []
    return " ".join(f'"{word}"' for word in found) or '""'


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else None


def _upper(text: Any) -> Any:
    return text.upper() if isinstance(text, str) else None


#: Each by its name: how many values it takes, and what it is.
FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "date_type": (1, _date_type),
    "value_type": (2, _value_type),
    "language": (1, language_tag),
    "address": (1, lambda text: None if text is None else address_in(text)),
    "double": (1, _double),
    "point": (2, point_of),
    "lines": (1, _lines),
    "names_thing": (1, lambda iri: int(names_thing(iri))),
    "author_key": (1, _author_key),
    "follows": (2, lambda key, iri: int(follows_from(key, iri))),
    "all_words": (1, _all_words),
    "lower": (1, _lower),
    "upper": (1, _upper),
}


def install(connection: sqlite3.Connection) -> None:
    """Give the functions to a connection."""
    for name, (count, function) in FUNCTIONS.items():
        connection.create_function(PREFIX + name, count, function, deterministic=True)
