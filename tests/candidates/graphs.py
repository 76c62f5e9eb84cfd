"""Graphs of a few names, for the tests of candidates."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.finding import find_candidates
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store import open_store

#: Articles, each by the entities that it names: "Person: Ana Lee", with other names behind "=".
Articles = Sequence[Sequence[str]]


def entity(words: str) -> dict[str, Any]:
    """``Person: Ana Lee = A. Lee @ https://…``: a type, a name, another name, an identifier."""
    type_, _, rest = words.partition(": ")
    rest, _, iri = rest.partition(" @ ")
    name, *others = rest.split(" = ")
    found: dict[str, Any] = {"type": type_, "name": name, "aliases": others}
    return found | ({"same_as": [iri]} if iri else {})


def records(articles: Articles, **more: Any) -> list[dict[str, Any]]:
    """The records of articles."""
    return [
        {"id": f"a{number}", "entities": [
            entity(words) | {"id": f"e{place}"} for place, words in enumerate(named)
        ]} | more
        for number, named in enumerate(articles)
    ]  # fmt: skip


def found_in(articles: Articles, above: float = 0, **more: Any) -> list[Candidate]:
    """The candidates of a graph of these articles."""
    with closing(sqlite3.connect(":memory:")) as connection:
        load(connection, records(articles))
        with open_store(connection) as db:
            return list(find_candidates(db, above=above, **more))


def the_pair(*articles: Sequence[str]) -> Candidate:
    """The one candidate of a graph."""
    (found,) = found_in(articles)
    return found


def names(found: Sequence[Candidate]) -> set[frozenset[str]]:
    """The pairs by name."""
    return {frozenset((each.left_name, each.right_name)) for each in found}
