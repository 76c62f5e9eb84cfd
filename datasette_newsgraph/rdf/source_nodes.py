"""Publishers and authors as rows that can be written: articles name them, and no table lists them."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.identity import collapse, is_blank, make_key, normalise_name
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.label_terms import distinct
from datasette_newsgraph.rdf.node_columns import ordered
from datasette_newsgraph.store.column_values import wrong_values
from datasette_newsgraph.vocabulary import expand

_of_publisher: Any = ordered(mapping.PUBLISHER, "key", "name")
_of_author: Any = ordered(mapping.AUTHOR, "key", "name", "classes")
_PERSON, _ORGANIZATION = ((expand(each, ""),) for each in mapping.AUTHOR_CLASSES)
#: What may be no JSON is told where the article is written.
_AUTHORS = (
    "articles CROSS JOIN"
    " json_each(CASE WHEN json_valid(articles.authors) THEN articles.authors ELSE '[]' END) AS author"
)


@lru_cache(maxsize=8192)
def publisher_key(name: str) -> str | None:
    """Return the key of the publisher of a name, however spaced and cased; None for a blank name."""
    return _key("publisher", name)


@lru_cache(maxsize=8192)
def author_key(name: str) -> str | None:
    """Return the key of the author of a name, however it is spaced and cased; None of a blank name."""
    return _key("author", name)


def _key(kind: str, name: str) -> str | None:
    if is_blank(name):
        return None
    normalised = normalise_name(name)
    return make_key(_without_accents(normalised), f"{kind}\n{normalised}", kind)


def _without_accents(name: str) -> str:
    """Return a name as its key spells it. Two names that differ in an accent stay two, as the hash is
    that of the name as it is. In keys of entities an accent divides a word; those have to stay as they
    are in databases that were made long ago.
    """
    if name.isascii():
        return name
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def require_publishers(connection: sqlite3.Connection) -> None:
    """Raise WrongValue where a publisher is no name. Their index tells at once, so that it can be known
    before anything of a document is sent.
    """
    for (name,) in distinct(connection, "articles", "publisher"):
        if not isinstance(name, str):
            wrong = next(
                each for each in wrong_values(connection, "articles") if each.column == "publisher"
            )
            raise WrongValue(f"{wrong.words}; newsgraph check lists what is wrong")


def publisher_rows(rows: GraphRows) -> Iterator[Any]:
    """Yield the rows of publishers by their keys."""
    names = rows.names_in_articles("articles", "articles.publisher")
    return map(_of_publisher, _named(names, publisher_key))


def author_rows(rows: GraphRows) -> Iterator[Any]:
    """Yield the rows of authors by their keys. One whose name a publisher has is an organization, any
    other is taken for a person.
    """
    publishers = {
        normalise_name(name)
        for (name,) in distinct(rows.connection, "articles", "publisher")
        if isinstance(name, str)
    }
    for key, name in _named(rows.names_in_articles(_AUTHORS, "author.value"), author_key):
        is_publisher = normalise_name(name) in publishers
        yield _of_author((key, name, _ORGANIZATION if is_publisher else _PERSON))


def _named(
    names: Iterable[tuple[str, int]], key_of: Callable[[str], str | None]
) -> list[tuple[str, str]]:
    """Return the keys of names, in order, each with the spelling that most of the articles have."""
    spellings: dict[str, Counter[str]] = {}
    for name, count in names:
        key = key_of(name)
        if key is not None:
            spellings.setdefault(key, Counter())[collapse(name)] += count
    return [
        (key, min(counts, key=lambda name: (-counts[name], name)))
        for key, counts in sorted(spellings.items())
    ]
