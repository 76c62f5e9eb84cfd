"""Give predicates and types a term: the rows of the table ``vocabulary``."""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.store.transactions import transaction


def set_term(db: Database, label: str, iri: str, kind: str | None = None) -> list[str]:
    """Let a label stand for a published IRI; return the kinds (``type``, ``predicate``) it was set
    for: the one given, else those that the database uses the label as.

    Raises UsageError if the IRI is not absolute, or the label is not in use and no kind is given.
    """
    term = clean_iri(iri)
    if term is None:
        raise UsageError(f"{iri!r} is not an absolute IRI")
    normalised = normalise_label(label)
    kinds = [kind] if kind else _kinds_in_use(db, normalised)
    if not kinds:
        raise UsageError(
            f"no entity has the type {label!r} and no relation the predicate;"
            " say which it is to be: --kind type or --kind predicate"
        )
    with transaction(db):
        for each in kinds:
            db.conn.execute(
                "INSERT INTO vocabulary (kind, label, iri) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, label) DO UPDATE SET iri = excluded.iri",
                [each, normalised, term],
            )
    return kinds


def _kinds_in_use(db: Database, label: str) -> list[str]:
    types = {normalise_label(row[0]) for row in db.execute("SELECT DISTINCT type FROM entities")}
    predicate = db.execute("SELECT 1 FROM relations WHERE predicate = ?", [label]).fetchone()
    return ["type"] * (label in types) + ["predicate"] * bool(predicate)
