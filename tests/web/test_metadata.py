"""What Datasette is told of our tables and views, and the questions that it has ready."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from datasette_newsgraph import load, prepare_connection
from datasette_newsgraph.cli import cli
from datasette_newsgraph.drafting.rejects import MOST_PARTS
from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.metadata.datasette import (
    column_text,
    document,
    queries_metadata,
    table_metadata,
    tables_metadata,
    text_in_table,
)
from datasette_newsgraph.metadata.descriptions import COMMON, DESCRIPTIONS
from datasette_newsgraph.metadata.queries import QUERIES, ROWS
from datasette_newsgraph.store.indexes import EARLY_INDEXES, LATE_INDEXES
from datasette_newsgraph.store.schema import FULL_TEXT, SEARCHED, TABLES
from datasette_newsgraph.store.text_parts import PART
from datasette_newsgraph.store.views import VIEWS

ROOT = Path(__file__).parents[2]
METADATA = ROOT / "metadata.json"
#: What it says of its database.
ORIGINS = ("title", "description", "source", "source_url", "license", "license_url")
COLUMNS = {name: set(table.columns) for name, table in TABLES.items()} | {
    name: set(columns) for name, (columns, _) in VIEWS.items()
}

Row = dict[str, Any]
Ask = Callable[..., list[Row]]


def example_records() -> list[dict[str, Any]]:
    lines = (ROOT / "examples" / "articles.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example articles, loaded."""
    path = tmp_path_factory.mktemp("examples") / "newsgraph.db"
    load(path, example_records())
    return path


@pytest.fixture
def connection(examples: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(examples)) as opened:
        opened.row_factory = sqlite3.Row
        prepare_connection(opened)
        yield opened


def parameters_of(sql: str) -> set[str]:
    """The parameters of a query, as Datasette finds them: outside of quotes."""
    return set(re.findall(r":(\w+)", re.sub(r"'[^']*'", "", sql)))


def rows(connection: sqlite3.Connection, query: str, /, **given: str) -> list[Row]:
    """The rows that a canned query gives; what is not given is empty, as in Datasette."""
    sql = QUERIES[query].sql
    assert given.keys() <= parameters_of(sql)
    parameters = dict.fromkeys(parameters_of(sql), "") | given
    prepare_connection(connection)
    return [dict(row) for row in connection.execute(sql, parameters)]


@pytest.fixture
def ask(connection: sqlite3.Connection) -> Ask:
    """``ask("quotes_by_name", name="Obama")``: the rows, from the example articles."""
    return lambda query, /, **given: rows(connection, query, **given)


# Tables and views -------------------------------------------------------------------------------


def test_every_table_view_and_column_is_described() -> None:
    assert set(DESCRIPTIONS) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        described = table_metadata(name)["columns"]
        assert set(described) == columns
        assert [each for each in columns if not described[each]] == [], name


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
def test_a_column_is_described_in_one_place(name: str) -> None:
    own = DESCRIPTIONS[name].columns
    if name in TABLES:
        assert own == {}, "describe it in the schema"
    for column, text in own.items():
        sql = VIEWS[name][0][column]
        assert column not in COMMON
        assert text != text_in_table(sql), f"{sql} is described so in the schema"


def test_numbers_in_descriptions_are_those_of_the_code() -> None:
    assert column_text("rejects", "parts").endswith(f"behind the first {MOST_PARTS}.")
    assert column_text("text_parts", "part").startswith(f"{PART:,} code points")


def test_descriptions_are_short_enough_to_stand_above_rows() -> None:
    for name in DESCRIPTIONS:
        for column, text in table_metadata(name)["columns"].items():
            assert len(text.split()) <= 12, (name, column)


def test_a_view_is_titled_sorted_searched_and_counted() -> None:
    metadata = table_metadata("entity_index")
    assert metadata["title"] == "Browse entities"
    assert metadata["columns"]["also_called"] == "Its other names."
    assert metadata["sort_desc"] == "mentions"
    assert (metadata["fts_table"], metadata["fts_pk"]) == ("entities_fts", "id")
    assert metadata["facets"] == [{"counted": name} for name in ("type", "publisher", "section")]


def test_columns_that_are_named_exist() -> None:
    for name, each in DESCRIPTIONS.items():
        used = {each.label_column, each.sort_desc, each.fts_pk, *each.facets} - {None}
        assert used <= COLUMNS[name], name
        assert (each.fts_table is None) == (each.fts_pk is None)
        if each.fts_table:
            assert each.fts_table.removesuffix("_fts") in FULL_TEXT


def test_facets_of_a_view_are_those_that_are_counted() -> None:
    for name in VIEWS:
        counted = [each["counted"] for each in table_metadata(name)["facets"]]
        # Articles have a facet for each type of entities.
        assert [each.removesuffix(":*") for each in counted] == [each.name for each in FACETS[name]]
        assert ("entity:*" in counted) == (name == "article_index")


def test_facets_of_a_table_have_an_index() -> None:
    indexed = {(table, columns[0]) for table, columns, _ in (*EARLY_INDEXES, *LATE_INDEXES)}
    # Few are rejected.
    indexed.add(("rejects", "source"))
    for name, each in DESCRIPTIONS.items():
        assert {(name, facet) for facet in each.facets} <= indexed


def test_every_table_that_is_referred_to_has_a_label() -> None:
    # Without one, Datasette 1.0 would show the key.
    referred = {other for table in TABLES.values() for other in table.references.values()}
    labels = {name: DESCRIPTIONS[name].label_column for name in referred}
    assert labels == {
        "appearances": "name",
        "articles": "title",
        "entities": "name",
        "extractions": "tool",
        "relations": "predicate",
        "sources": "name",
    }


#: The tables that are listed apart, and what each serves.
SERVING = {
    "article_texts": "articles: apart from them, so that a page of rows stays small",
    "text_parts": "article_texts: the long ones in parts, from which contexts are read",
    "article_faults": "articles: how many parts of a record were rejected, told to fewer visitors",
    "appearances": "entities: what each article says that they are, to be taken back with it",
    "aliases": "entities: each article's names of them, of which alias_text has all",
    "entity_counts": "entities: sums of what mentions and articles say",
    "relation_counts": "relations: sums of what evidence says",
    "facet_counts": "the facets of the views",
    "facet_rows": "the facets of the views",
    "folded_texts": "full-text search",
    "folded_names": "full-text search",
    "folded_quotes": "full-text search",
    "decided": "the loader, which looks up what was decided",
    "settings": "the base of all IRIs",
    "candidates": "those who decide which entities are one thing",
    "unsettled": "the loader",
    "_sqlite_migrations": "the version of the schema",
}


def test_what_only_serves_other_tables_is_hidden() -> None:
    hidden = {name for name, each in tables_metadata().items() if each.get("hidden")}
    assert hidden == SERVING.keys()
    assert not hidden & VIEWS.keys()


def test_no_hidden_name_begins_one_that_is_shown() -> None:
    # Datasette 0.65 takes whatever begins so for a part of what is hidden.
    hidden = [*SERVING, *(f"{name}_fts" for name in FULL_TEXT)]
    shown = COLUMNS.keys() - SERVING.keys()
    assert [(each, name) for each in hidden for name in shown if name.startswith(each)] == []


def test_metadata_is_made_anew_at_each_call() -> None:
    before = json.dumps(document("news"))
    changed = document("news")["databases"]["news"]
    changed["tables"]["entities"]["columns"].clear()
    changed["tables"]["entities"]["facets"].clear()
    changed["queries"]["same_name"].clear()
    assert json.dumps(document("news")) == before


# The command ------------------------------------------------------------------------------------


def test_command_prints_what_the_plugin_brings() -> None:
    result = CliRunner().invoke(cli, ["metadata", "--database", "presse-2024"])
    assert result.exit_code == 0
    brought = {"tables": tables_metadata(), "queries": queries_metadata()}
    assert json.loads(result.stdout) == {"databases": {"presse-2024": brought}}


# The example of a title and a licence ------------------------------------------------------------


def test_metadata_json_says_where_one_database_comes_from_and_no_more() -> None:
    given = json.loads(METADATA.read_text("utf-8"))
    assert given.keys() == {"databases"}
    assert given["databases"].keys() == {"newsgraph"}
    said = given["databases"]["newsgraph"]
    assert said.keys() == set(ORIGINS)
    assert said == {key: text.strip() for key, text in said.items() if text}


@pytest.mark.asyncio
async def test_metadata_json_is_of_its_own_database_only(
    serve: Callable[..., Any], examples: Path, page: Callable[[str], Any]
) -> None:
    given = json.loads(METADATA.read_text("utf-8"))
    said = given["databases"]["newsgraph"]
    other = Path(shutil.copy(examples, examples.with_name("mydb.db")))
    client = serve(examples, other, metadata=given).client
    overview = page((await client.get("/newsgraph/-/newsgraph")).text)
    assert [each for each in overview.all("p") if each.text == said["description"]]
    # The database's own licence, not one that each article has of itself.
    cited = next(each.text for each in overview.all("p") if each.text.startswith(said["title"]))
    assert f"{said['source']}. 8 articles" in cited
    assert f"Licence: {said['license']}" in cited
    assert f"title = {{{{{said['title']}}}}}" in overview.all("pre", class_="bibtex")[0].text
    entity = page((await client.get(overview.href("/entity/"))).text)
    for each in (overview, entity, page((await client.get("/newsgraph")).text)):
        (footer,) = each.all("footer")
        assert "Data license" in footer.text
        assert said["license"] in footer.text
        assert said["source"] in footer.text
    theirs = page((await client.get("/mydb/-/newsgraph")).text).href("/entity/")
    assert theirs.startswith("/mydb/")
    for address in ("/mydb/-/newsgraph", theirs, "/mydb", "/mydb/entity_index", "/"):
        text = (await client.get(address)).text
        for key in ORIGINS:
            # The articles name their publisher, and their licence by its address.
            if key not in ("source", "license_url"):
                assert said[key] not in text, (address, key)
        assert "Data source" not in text


# Queries ----------------------------------------------------------------------------------------


def test_queries_are_named_apart_from_tables() -> None:
    # Datasette has both under one address.
    assert not QUERIES.keys() & (COLUMNS.keys() | {f"{name}_fts" for name in FULL_TEXT})
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in QUERIES)


def test_queries_are_put_as_datasette_has_them() -> None:
    assert queries_metadata().keys() == QUERIES.keys()
    for name, each in queries_metadata().items():
        assert each.keys() == {"title", "description", "sql", "hide_sql"}
        assert all(each.values()), name


@pytest.mark.parametrize("name", QUERIES)
def test_query_runs_with_nothing_given(ask: Ask, name: str) -> None:
    found = ask(name)
    assert len(found) <= ROWS
    # What asks for a name gives nothing without one.
    assert bool(found) == (
        name in {"first_named", "never_in_main_text", "one_publisher", "same_name"}
    )


@pytest.mark.parametrize(
    "typed", ["O'Neil", '"', '"Obama', "a AND", "Ki-moon*", "name:x", "—", " "]
)
@pytest.mark.parametrize("name", QUERIES)
def test_query_takes_whatever_is_typed(ask: Ask, name: str, typed: str) -> None:
    ask(name, **dict.fromkeys(parameters_of(QUERIES[name].sql), typed))


@pytest.mark.parametrize("name", QUERIES)
def test_query_says_what_it_reads(examples: Path, name: str) -> None:
    opened = set()

    def note(action: int, table: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table:
            # FTS5 reads tables of its own beside the one that is named.
            opened.add(re.sub(r"_fts_[a-z]+$", "_fts", table))
        return sqlite3.SQLITE_OK

    with closing(sqlite3.connect(examples)) as connection:
        prepare_connection(connection)
        connection.set_authorizer(note)
        parameters = dict.fromkeys(parameters_of(QUERIES[name].sql), "France")
        connection.execute(QUERIES[name].sql, parameters).fetchall()
    known = COLUMNS.keys() | {f"{table}_fts" for table in FULL_TEXT}
    assert opened & known == QUERIES[name].reads


@pytest.mark.parametrize("name", QUERIES)
def test_query_reads_no_large_table_from_end_to_end(
    connection: sqlite3.Connection, name: str
) -> None:
    sql = QUERIES[name].sql
    parameters = dict.fromkeys(parameters_of(sql), "France")
    plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    scanned = {found[1] for step in plan if (found := re.match(r"SCAN (?:TABLE )?(\w+)", step))}
    large = {
        "articles",
        "appearances",
        "evidence",
        "identifiers",
        "mentions",
        "quotes",
        "relations",
    }
    # Under other names.
    large |= {"here", "there"}
    assert not scanned & (large | VIEWS.keys()), plan


def test_who_is_named_together(ask: Ask) -> None:
    found = ask("named_together", name="Macron")
    assert found[0] | {"entity_key": "", "other_key": ""} == {
        "name": "Emmanuel Macron",
        "named_with": "France",
        "type": "Place",
        "articles_together": 2,
        "articles_of_the_other": 6,
        "entity_key": "",
        "other_key": "",
    }
    people = ask("named_together", name="Macron", type="Person")
    assert {"Lionel Messi", "Anne Hidalgo"} <= {each["named_with"] for each in people}
    assert {each["type"] for each in people} == {"Person"}


def test_what_is_stated_between_two_names(ask: Ask) -> None:
    for one, other in (("Macron", "France"), ("france", "emmanuel macron")):
        found = ask("relations_between", name=one, other=other)
        said = {(each["subject"], each["predicate"], each["object"]) for each in found}
        assert ("Emmanuel Macron", "president of", "France") in said
    assert len(ask("relations_between", name="Macron")) > len(found)


def test_what_somebody_is_quoted_with(ask: Ask) -> None:
    found = ask("quotes_by_name", name="Obama")
    assert [each["published"] for each in found] == ["2015-12-12", "2011-07"]
    assert ask("quotes_by_name", name="Obama", words="sovereign") == found[1:]
    assert ask("quotes_by_name", name="Obama", words="triumph") == []


def test_somebody_is_found_by_another_name(ask: Ask, connection: sqlite3.Connection) -> None:
    aliases = connection.execute("SELECT alias_text FROM entities WHERE name = 'United Nations'")
    alias = aliases.fetchone()[0].splitlines()[0]
    found = ask("relations_between", name=alias, other="Ban Ki-moon")
    assert found[0]["object"] == "United Nations"


def test_a_whole_name_comes_before_a_longer_one(ask: Ask) -> None:
    # South Sudan is mentioned as often.
    assert {each["name"] for each in ask("named_together", name="sudan")} == {"Sudan"}
    assert {each["name"] for each in ask("named_together", name="south")} == {"South Sudan"}


def test_a_statement_comes_with_the_sentence_of_its_best_evidence(ask: Ask) -> None:
    found = ask("relations_between", name="Gianni Infantino", other="FIFA")
    assert [each["predicate"] for each in found] == ["head of"]
    assert found[0]["sentence"] == (
        "Tamim bin Hamad Al Thani, the emir of Qatar, and FIFA President Gianni Infantino handed the"
        " trophy to Messi."
    )


def test_what_one_publisher_alone_states(
    ask: Ask, connection: sqlite3.Connection, tmp_path: Path
) -> None:
    found = ask("one_publisher", name="Gianni Infantino")
    assert found[0]["predicate"] == "head of"
    assert "Infantino" in found[0]["sentence"]
    assert found[0]["article"] == "Argentina beat France on penalties to win World Cup"
    records = example_records()
    # Two articles of one publisher are no more than one.
    every = ask("one_publisher")
    assert len({each["key"] for each in every}) == len(every)
    assert len(every) == connection.execute("SELECT count(*) FROM relations").fetchone()[0]
    assert every[0]["articles"] > 1
    again = [
        {**record, "id": f"{record['id']}-{nth}", "publisher": publisher}
        for record in records[:2]
        for nth, publisher in enumerate(("Second Gazette", None))
    ]
    load(tmp_path / "thrice.db", [*records, *again])
    with closing(sqlite3.connect(tmp_path / "thrice.db")) as connection:
        connection.row_factory = sqlite3.Row
        left = {each["key"] for each in rows(connection, "one_publisher")}
        several = {each["key"] for each in rows(connection, "several_publishers")}
    assert left
    assert left == {each["key"] for each in every} - several


def test_a_statement_that_nothing_asserts_is_called_uncertain(tmp_path: Path) -> None:
    base = {"subject": "e1", "predicate": "won", "value": "it"}
    rated = [base | {"confidence": each} for each in (0.2, 0.49, None)]
    record = {"id": "a", "entities": [{"id": "e1", "type": "Person", "name": "Ann"}]}
    for count, expected in ((1, "uncertain"), (2, "uncertain"), (3, None)):
        load(tmp_path / "a.db", [record | {"relations": rated[:count]}])
        with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
            connection.row_factory = sqlite3.Row
            for query in ("relations_between", "one_publisher"):
                (found,) = rows(connection, query, name="Ann")
                assert found["certainty"] == expected


def test_what_several_publishers_state(ask: Ask, tmp_path: Path) -> None:
    assert ask("several_publishers") == [], "all the examples are of one publisher"
    records = example_records()
    again = [
        record | {"id": f"{record['id']}-again", "publisher": "Second Gazette"}
        for record in records
    ]
    load(tmp_path / "twice.db", [*records, *again])
    with closing(sqlite3.connect(tmp_path / "twice.db")) as connection:
        connection.row_factory = sqlite3.Row
        first, *_ = rows(connection, "several_publishers")
        assert (first["subject"], first["predicate"], first["object"]) == (
            "Paris",
            "located in",
            "France",
        )
        assert (first["publishers"], first["articles"]) == (2, 6)
        found = rows(connection, "several_publishers", predicate="member of")
        assert {each["predicate"] for each in found} == {"member of"}


def test_who_is_first_named_in_a_month(ask: Ask) -> None:
    assert "South Sudan" in {each["name"] for each in ask("first_named", month="2011-07")}
    # The United Nations are in 2015 too, but were named before.
    assert "United Nations" not in {each["name"] for each in ask("first_named", month="2015")}
    people = ask("first_named", month="2015-12", type="Person")
    assert {"Laurent Fabius", "François Hollande"} <= {each["name"] for each in people}
    assert {each["type"] for each in people} == {"Person"}
    assert {each["first_seen"][:7] for each in ask("first_named")} == {"2023-10"}


def test_who_is_never_named_in_the_main_text(ask: Ask) -> None:
    found = {each["name"]: each["zones"] for each in ask("never_in_main_text")}
    assert found["Creative Commons"] == "footer"
    # The caption under the article on the World Cup is of another story.
    assert found["Angela Merkel"] == "caption"
    assert "Lionel Messi" not in found


def test_who_may_be_the_same(ask: Ask) -> None:
    found = ask("same_name")
    assert [each["name"] for each in found] == ["United States", "United States"]
    assert [each["identifier"] for each in found] == [
        "http://www.wikidata.org/entity/Q30",
        "https://en.wikipedia.org/wiki/United_States",
    ]


# Datasette --------------------------------------------------------------------------------------

#: In a process of its own: Datasette 0.65 leaves connections open, of which Python 3.13 warns.
GET = """
import asyncio, json, sys
from datasette.app import Datasette

async def get(database, *paths):
    client = Datasette([database]).client
    return [(await client.get(path)).text for path in paths]

print(json.dumps(asyncio.run(get(*sys.argv[1:]))))
"""


def get(database: Path, *paths: str) -> list[str]:
    """The pages that Datasette gives with no metadata but the plugin's."""
    environment = {name: value for name, value in os.environ.items() if "DATASETTE" not in name}
    done = subprocess.run(
        [sys.executable, "-c", GET, str(database), *paths],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    pages: list[str] = json.loads(done.stdout)
    return pages


def test_datasette_shows_what_it_is_told(examples: Path) -> None:
    described = tables_metadata()
    shown = [name for name, each in described.items() if not each.get("hidden")]
    overview, *pages = get(examples, "/newsgraph.json", *(f"/newsgraph/{name}" for name in shown))
    listed = json.loads(overview)
    hidden = {each["name"] for each in listed["tables"] if each["hidden"]}
    assert {name for name, each in described.items() if each.get("hidden")} <= hidden
    visible = {each["name"] for each in (*listed["tables"], *listed["views"])} - hidden
    # The page leaves out the views that full-text search reads; the JSON cannot.
    assert visible - set(SEARCHED.values()) == set(shown)
    for name, page in zip(shown, pages, strict=True):
        assert described[name]["title"] in page
        assert described[name]["description"] in page
        for facet in DESCRIPTIONS[name].facets:
            assert f'id="facet-{facet}"' in page, name
    # The label of an article that is referred to.
    assert "Nations adopt Paris Agreement" in pages[shown.index("mentions")]


def test_datasette_searches_and_sorts_the_views(examples: Path) -> None:
    paths = [
        "/newsgraph/article_index.json?_search=telescope&_shape=array",
        "/newsgraph/entity_index.json?_search=Macron&_shape=array",
        "/newsgraph/quote_index.json?_search=planet&_shape=array",
        "/newsgraph/article_index.json?_shape=array",
        "/newsgraph/entity_index.json?_shape=array",
        "/newsgraph/relation_index.json?_shape=array",
    ]
    articles, entities, quotes, latest, named, stated = map(json.loads, get(examples, *paths))
    assert [each["published"] for each in articles] == ["2021-12-25"]
    assert [each["name"] for each in entities] == ["Emmanuel Macron"]
    assert {each["speaker"] for each in quotes} == {"Barack Obama", "Ban Ki-moon"}
    assert latest[0]["published"] == "2023-10-06"
    assert named[0]["name"] == "Paris"
    assert (stated[0]["subject"], stated[0]["articles"]) == ("Paris", 3)


def test_datasette_asks_for_the_parameters_of_a_query(examples: Path) -> None:
    names = list(QUERIES)
    *pages, found = get(
        examples,
        *(f"/newsgraph/{name}" for name in names),
        "/newsgraph/quotes_by_name.json?name=Obama&words=planet&_shape=array",
    )
    for name, page in zip(names, pages, strict=True):
        assert QUERIES[name].title in page
        for parameter in parameters_of(QUERIES[name].sql):
            assert f'name="{parameter}"' in page, name
    assert [each["speaker"] for each in json.loads(found)] == ["Barack Obama"]
