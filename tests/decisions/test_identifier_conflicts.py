"""Two identifiers of one authority, of what was decided to be one thing: a conflict that is shown."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.identifier_conflicts import (
    IdentifierConflict,
    identifier_conflicts,
)
from tests.rdf.decided_graphs import KEYS, WIKIDATA, carried_out, key_of_iri, load_things, same

PARIS, TEXAS = f"{WIKIDATA}Q90", f"{WIKIDATA}Q830149"


@pytest.fixture
def things(tmp_path: Path) -> Path:
    """A graph with two towns called Paris."""
    path = tmp_path / "things.db"
    load_things(path)
    return path


def conflicts(path: Path, entity: str | None = None) -> list[IdentifierConflict]:
    """What contradicts the decisions of a graph."""
    with closing(sqlite3.connect(path)) as connection:
        return list(identifier_conflicts(connection, entity))


def test_two_of_one_authority_are_named_with_it(things: Path) -> None:
    carried_out(things, same("texas", "paris"), same("us", "usa"))
    (found,) = conflicts(things)
    assert found == (KEYS["paris"], "Wikidata", (TEXAS, PARIS))
    assert conflicts(things, KEYS["paris"]) == [found]
    assert conflicts(things, KEYS["usa"]) == []


def test_a_slip_of_one_article_is_no_conflict_while_nothing_is_decided(things: Path) -> None:
    """Texas has both identifiers, as one article gives it both."""
    assert conflicts(things) == []


def test_what_is_taken_back_is_no_conflict(things: Path) -> None:
    (stored,) = carried_out(things, same("texas", "paris"))
    carried_out(things, Decision("undo", stored.batch))
    assert conflicts(things) == []


def test_an_iri_that_was_decided_counts_as_one_that_records_give(things: Path) -> None:
    """The log says which IRI it is; no record has it."""
    other = f"{WIKIDATA}Q64"
    paris = KEYS["paris"]
    linked = Decision("same", paris, key_of_iri(other), keep=paris, value=other)
    (stored,) = carried_out(things, linked)
    assert conflicts(things) == [(KEYS["paris"], "Wikidata", (other, PARIS))]
    # A pair of which it was taken back, and that is the same by other decisions.
    carried_out(things, Decision("undo", stored.batch), same("lima", "paris"))
    assert conflicts(things) == []


@pytest.mark.parametrize(
    ("identifiers", "count"),
    [
        (("http://dbpedia.org/resource/Paris", "http://fr.dbpedia.org/resource/Paris"), 0),
        (("http://dbpedia.org/resource/Paris", "http://dbpedia.org/resource/Paris,_Texas"), 1),
        (("https://example.org/1", "https://example.org/2"), 0),
    ],
    ids=["two languages", "one language", "no authority"],
)
def test_what_is_one_authority(things: Path, identifiers: tuple[str, str], count: int) -> None:
    carried_out(things, same("lima", "ana"))
    with closing(sqlite3.connect(things)) as connection, connection:
        for each in identifiers:
            connection.execute(
                "INSERT INTO identifiers (appearance_id, entity_id, iri)"
                " SELECT appearances.id, entity_id, ? FROM appearances"
                " JOIN entities ON entities.id = entity_id WHERE key = ? LIMIT 1",
                [each, KEYS["ana"]],
            )
    assert len(conflicts(things)) == count
