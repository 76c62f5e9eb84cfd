"""What follows from the one declaration of tables and columns, and what has to agree with it."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, get_args, get_type_hints

import pytest

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.drafting import draft_rows
from datasette_newsgraph.facets.updating import IN_ARTICLES
from datasette_newsgraph.loading import settling
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.loading.removal import remove_source
from datasette_newsgraph.loading.rows import COLUMNS
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.columns import Column, Table
from datasette_newsgraph.store.schema import TABLES, given_by_articles

TEXT = "“王毅在北京”, said Ana Lee in Rome. " + "She went on and on. " * 2000
RECORD: dict[str, Any] = {
    "id": "a",
    "title": "王毅在北京",
    "text": TEXT,
    "zones": [{"zone": "body", "start": 0, "end": len(TEXT)}],
    "entities": [
        {"id": "1", "type": "Person", "name": "Ana Lee", "aliases": ["北京"],
         "same_as": ["https://www.wikidata.org/wiki/Q424242"],
         "mentions": [{"start": 14, "end": 21}]},
        {"id": "2", "type": "Place", "name": "Rome", "mentions": [{"start": 25, "end": 29}]},
    ],
    "relations": [
        {"subject": "1", "predicate": "is in", "object": "2",
         "evidence": [{"start": 14, "end": 29}]},
    ],
    "quotes": [{"speaker": "1", "start": 1, "end": 6}, 7],
    "extractor": {"name": "tool"},
}  # fmt: skip
#: Tables in which rows stay when the only article is removed, or that have none before; and why.
STAY = {
    "settings": "they are of the database",
    "sources": "a source stays, as not loaded",
    "vocabulary": "the terms are what the user has chosen",
    "unsettled": "it is empty unless a load was interrupted",
    "decisions": "a decision holds whether its keys are loaded or not",
    "decided": "it follows from the decisions",
    "as_given": "it has rows where something was decided",
    "candidates": "they are found when somebody asks for them",
}
#: Columns of row numbers and ids that refer to no table.
NO_REFERENCES = {
    "articles.given_id": "the id that the record has",
    # Datasette would offer these rows on the page of each article and entity.
    **dict.fromkeys(("folded_texts.article_id", "folded_names.entity_id"), "it is hidden"),
    "folded_quotes.quote_id": "it is hidden",
    "unsettled.row_id": "its table stands in the row",
}


def numbers_of_rows(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES
    }


def is_row(found: Any) -> bool:
    return isinstance(found, type) and found.__module__ == draft_rows.__name__


@pytest.fixture(scope="module")
def before_and_after(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, int], ...]:
    """How many rows each table has when the one article is loaded, and when it has been removed."""
    directory = tmp_path_factory.mktemp("removed")
    path, source = directory / "news.db", directory / "a.jsonl"
    source.write_text(json.dumps(RECORD), "utf-8")
    load_files(path, [source])
    with open_store(path, write=True) as db:
        assert list(check(db)) == []
        before = numbers_of_rows(db.conn)
        remove_source(db, str(source))
        assert list(check(db)) == []
        return before, numbers_of_rows(db.conn)


@pytest.mark.parametrize("table", sorted(TABLES.keys() - STAY.keys()))
def test_what_an_article_gave_goes_with_it(
    before_and_after: tuple[dict[str, int], ...], table: str
) -> None:
    before, after = before_and_after
    assert before[table] > 0, f"let the record above give {table} a row"
    assert after[table] == 0, f"let a removal take {table} back"


def test_a_table_that_refers_to_what_articles_give_is_taken_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Derived from its references, through whatever other table they lead."""
    number = Column(int)
    tables = {
        "remarks": Table({"id": number, "review_id": Column(int, references="reviews")}),
        **TABLES,
        "reviews": Table({"id": number, "mention_id": Column(int, references="mentions")}),
    }
    given = given_by_articles(tables)
    assert given["reviews"] == "mention_id"
    assert given["remarks"] == "review_id"
    monkeypatch.setattr(settling, "TABLES", tables)
    monkeypatch.setattr(settling, "GIVEN_BY", given)
    monkeypatch.setattr(settling, "key_of", lambda table: next(iter(tables[table].columns)))
    removals = dict(settling.removals())
    names = list(removals)
    assert names.index("remarks") < names.index("reviews") < names.index("mentions")
    mentions = f"SELECT id FROM mentions WHERE article_id IN ({IN_ARTICLES})"
    assert removals["remarks"] == (
        f"review_id IN (SELECT id FROM reviews WHERE mention_id IN ({mentions}))"
    )
    assert names[-1] == "articles"


@pytest.mark.parametrize("table", TABLES)
def test_a_column_of_row_numbers_says_of_which_table(table: str) -> None:
    for name, column in TABLES[table].columns.items():
        if name.endswith("_id") and f"{table}.{name}" not in NO_REFERENCES:
            assert column.references in TABLES, f"{table}.{name} refers to no table"


@pytest.mark.parametrize("table", TABLES)
def test_a_column_of_words_that_are_no_date_is_declared(table: str) -> None:
    columns = TABLES[table].columns
    for name, column in columns.items():
        assert column.given is None or column.given in columns, name


#: Columns that a load gives no value of at once, and why.
LATER = {"entities": {"alias_text": "it is gathered when the load ends"}}


@pytest.mark.parametrize("table", COLUMNS)
def test_a_load_gives_each_column_of_a_table(table: str) -> None:
    columns = COLUMNS[table]
    assert len(columns) == len(set(columns))
    assert {*columns, *LATER.get(table, ())} == TABLES[table].columns.keys()


@pytest.mark.parametrize(
    "row",
    [each for each in vars(draft_rows).values() if is_row(each)],
    ids=lambda each: each.__name__,
)
def test_a_row_of_a_draft_has_values_of_the_types_of_its_columns(row: Any) -> None:
    fields = get_type_hints(row)
    for table, columns in COLUMNS.items():
        if not {*row._fields} <= {*columns}:
            continue
        for name, kind in fields.items():
            types = {*(get_args(kind) or (kind,))} - {type(None)}
            # SQLite keeps true and false as numbers.
            assert types <= {TABLES[table].columns[name].type, bool}, f"{name} of {table}"
