"""What is selected, and what is hidden: rows are read side by side, whichever of them are left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.schema import TABLES

HIDDEN = ["article_texts", "mentions", "evidence", "quotes", "appearances", "identifiers", "zones"]
HIDDEN += ["extractions", "relation_counts"]
KINDS = {"entities": "entities", "relations": "relations", "articles": "articles"}


def written(path: Path, **options: Any) -> bytes:
    with open_store(path) as db:
        return b"".join(stream(db, format_named("ntriples"), with_text=True, **options))


def everything(path: Path) -> dict[str, list[str]]:
    """A selection of all that there is."""
    with open_store(path) as db:
        return {
            kind: [row[0] for row in db.execute(f"SELECT key FROM {table}")]
            for kind, table in KINDS.items()
        }


def test_all_that_is_selected_is_the_whole(example_db: Path) -> None:
    assert written(example_db, **everything(example_db)) == written(example_db)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_left_of_all_is_what_is_left_of_the_whole(example_db: Path, hidden: str) -> None:
    tables = {*TABLES} - {hidden}
    found = written(example_db, tables=tables, **everything(example_db))
    assert found == written(example_db, tables=tables)
    assert found != written(example_db)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_hidden_table_takes_lines_away_and_changes_none(example_db: Path, hidden: str) -> None:
    # From 0 on, all statements are asserted, as they are where nothing may be read of their evidence.
    whole = set(written(example_db, assert_from=0).splitlines())
    one = {kind: keys[:1] for kind, keys in everything(example_db).items()}
    tables = {*TABLES} - {hidden}
    for selection in ({}, one):
        part = set(written(example_db, assert_from=0, tables=tables, **selection).splitlines())
        assert part <= whole
