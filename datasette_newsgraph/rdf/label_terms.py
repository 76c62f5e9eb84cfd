"""The terms that the labels of a database stand for: types and predicates, the user's choices."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from datasette_newsgraph.article import LabelKind
from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.vocabulary import (
    PREDICATES,
    ObjectKind,
    Vocabulary,
    expand,
    kind_of_object,
    own_name,
)


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
    types = distinct(connection, "entities", "type")
    return name_labels(vocabulary, used_predicates(connection), types)


def used_predicates(
    connection: sqlite3.Connection, chosen: str | None = None
) -> Iterator[tuple[str, ObjectKind]]:
    """Yield the predicates of relations, each with a kind of its objects; those that may be published
    properties with all kinds. ``chosen`` are numbers of relations, as a JSON array; None for all.
    """
    if chosen is None:
        labels, condition, values = distinct(connection, "relations", "predicate"), "", []
    else:
        condition, values = " AND id IN (SELECT value FROM json_each(?))", [chosen]
        labels = connection.execute(
            f"SELECT DISTINCT predicate FROM relations WHERE true{condition}", values
        )
    for (label,) in labels:
        if label not in PREDICATES:
            yield label, "entity"
            continue
        kinds = connection.execute(
            "SELECT DISTINCT object_id IS NULL, datatype FROM relations"
            f" WHERE predicate = ?{condition}",
            [label, *values],
        )
        for is_value, datatype in kinds:
            yield label, kind_of_object(None if is_value else label, datatype)


def distinct(connection: sqlite3.Connection, table: str, column: str) -> sqlite3.Cursor:
    """Return the values of an indexed column, each once."""
    return connection.execute(distinct_values(table, column))


def distinct_values(table: str, column: str) -> str:
    """Return the query of the values of an indexed column, each once.

    SQLite would go through the whole index for a DISTINCT; this leaps from value to value.
    """
    return (
        f"WITH RECURSIVE leap (reached) AS (SELECT min({column}) FROM {table} UNION ALL"
        f" SELECT (SELECT min({column}) FROM {table} WHERE {column} > leap.reached) FROM leap"
        " WHERE leap.reached IS NOT NULL) SELECT reached FROM leap WHERE reached IS NOT NULL"
    )


def name_labels(
    vocabulary: Vocabulary,
    predicates: Iterable[tuple[str, ObjectKind]],
    types: Iterable[tuple[str]],
) -> set[OwnLabel]:
    """Return the terms of ours among predicates (normalised, with a kind of their objects) and types
    (as given).
    """
    labels: set[tuple[LabelKind, str, str]] = {
        ("predicate", "rdf:Property", label)
        for label, object_ in predicates
        if vocabulary.is_own_predicate(label, object_)
    }
    labels |= {
        ("type", "rdfs:Class", label)
        for label in (normalise_label(type_) for (type_,) in types)
        if vocabulary.is_own_type(label)
    }
    return {
        OwnLabel(expand(own_name(kind, label), vocabulary.base), class_, label)
        for kind, class_, label in labels
    }
