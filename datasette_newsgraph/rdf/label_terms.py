"""The terms that the labels of a database stand for: types and predicates, the user's choices."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from datasette_newsgraph.article import LabelKind
from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.vocabulary import Vocabulary, expand, own_name


class OwnLabel(NamedTuple):
    """A term of our namespace: its IRI, its class (rdf:Property or rdfs:Class), its label."""

    iri: str
    class_: str
    label: str


def read_vocabulary(connection: sqlite3.Connection, base: str) -> Vocabulary:
    """Return the vocabulary of a database: its base and what its user has set.

    Raises WrongValue for a row that was written by hand and is no IRI.
    """
    given = {}
    for kind, label, iri in connection.execute("SELECT kind, label, iri FROM vocabulary"):
        if iri is None or clean_iri(iri) != iri:
            raise WrongValue(
                f"the term {iri!r} of the {kind} {label!r} is not an absolute IRI;"
                " set it again: newsgraph vocabulary DATABASE --set LABEL IRI"
            )
        given[kind, label] = iri
    return Vocabulary(base, given)


def own_terms(connection: sqlite3.Connection, vocabulary: Vocabulary) -> set[OwnLabel]:
    """Return the terms of ours that the labels of a database stand for."""
    predicates = distinct(connection, "relations", "predicate")
    types = distinct(connection, "entities", "type")
    return name_labels(vocabulary, predicates, types)


def distinct(connection: sqlite3.Connection, table: str, column: str) -> sqlite3.Cursor:
    """Return the values of an indexed column, each once.

    SQLite would go through the whole index for a DISTINCT; this leaps from value to value.
    """
    return connection.execute(
        f"WITH RECURSIVE leap (reached) AS (SELECT min({column}) FROM {table} UNION ALL"
        f" SELECT (SELECT min({column}) FROM {table} WHERE {column} > leap.reached) FROM leap"
        " WHERE leap.reached IS NOT NULL) SELECT reached FROM leap WHERE reached IS NOT NULL"
    )


def name_labels(
    vocabulary: Vocabulary, predicates: Iterable[tuple[str]], types: Iterable[tuple[str]]
) -> set[OwnLabel]:
    """Return the terms of ours among predicates (normalised) and types (as given)."""
    labels: set[tuple[LabelKind, str, str]] = {
        ("predicate", "rdf:Property", label) for (label,) in predicates
    }
    labels |= {("type", "rdfs:Class", normalise_label(type_)) for (type_,) in types}
    return {
        OwnLabel(expand(own_name(kind, label), vocabulary.base), class_, label)
        for kind, class_, label in labels
        if vocabulary.is_own(kind, label)
    }
