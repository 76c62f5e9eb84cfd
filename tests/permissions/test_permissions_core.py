"""How secrets are kept: what each table tells of, what RDF reads, and that no question finds out.

The strongest of these tests says nothing of words: two databases that differ in what is hidden, and in
nothing else, must give the same answers to whoever may not see it.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette import hookimpl
from datasette.plugins import pm
from sqlite_utils import Database

from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.property_graphs import FORMATS as GRAPH_FORMATS
from datasette_newsgraph.property_graphs import GraphFormat
from datasette_newsgraph.property_graphs.export import opened_files
from datasette_newsgraph.property_graphs.export import stream as graph_stream
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store.schema import FOLDED, FULL_TEXT, SEARCHED, TABLES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.graph_files import OFFERED
from datasette_newsgraph.web.routes import register_routes
from tests.permissions.addresses import (
    GRAPH,
    Shape,
    canned_queries,
    every_page,
    linked_filters,
    main_pages,
    pages_of_graph,
    pages_of_server,
    row_with_counts,
    searches,
    through,
    wheres,
)
from tests.permissions.marked_news import (
    DATABASE,
    IS_1_0,
    NOWHERE,
    denied_without,
    emptied,
    make_news,
    on_supported_versions,
    sight_without,
)
from tests.permissions.visitors import answers, differences, private, serving

pytestmark = on_supported_versions

#: Tables that tell of no other, and why.
TELL_OF_NOTHING_ELSE = {
    "articles": "what all the others hang on",
    "entities": "who and what there is, its names among it, is known without any article",
    "extractions": "tools, not what they were used on",
    "vocabulary": "terms, chosen by hand",
    "settings": "the base of IRIs, which every IRI shows",
    "_sqlite_migrations": "the version of the schema",
}


# ------------------------------------------------------------------- what each table tells of


def tables_read(connection: sqlite3.Connection, query: str) -> set[str]:
    """The tables and views that SQLite opens for a query, by its authorizer."""
    read: set[str] = set()

    def note(action: int, table: str | None, *_: Any) -> int:
        if action == sqlite3.SQLITE_READ and table and not table.startswith("sqlite_"):
            read.add(table)
        return sqlite3.SQLITE_OK

    connection.set_authorizer(note)
    try:
        connection.execute(query).fetchall()
    finally:
        connection.set_authorizer(None)
    return read


def test_every_table_and_view_says_what_it_tells_of(shape: Shape) -> None:
    said = secrecy.TELLS.keys() | TELL_OF_NOTHING_ELSE.keys()
    assert {*shape.names, *TABLES, *VIEWS} - said == set()
    assert secrecy.TELLS.keys() & TELL_OF_NOTHING_ELSE.keys() == set()


def test_what_is_told_of_is_a_table(shape: Shape) -> None:
    # ANALYZE makes some of those of statistics.
    missing = secrecy.TELLS.keys() - set(shape.names)
    assert {name for name in missing if not name.startswith("sqlite_stat")} == set()
    assert set().union(*secrecy.TELLS.values()) - set(shape.tables) == set()


@pytest.mark.parametrize("table", TABLES)
def test_a_table_tells_of_what_it_refers_to(table: str) -> None:
    # A tool or a file stays a number to who may not see its name.
    referred_to = set(TABLES[table].references.values()) - {"extractions", "sources"}
    assert referred_to <= secrecy.TELLS.get(table, set())


#: Tables that do not come from a file, or that follow from those that do.
NOT_FROM_FILES = {"settings", "unsettled", "text_parts", *FOLDED.values()}
NOT_FROM_FILES |= {"entity_counts", "relation_counts", "facet_counts", "facet_rows"}
NOT_FROM_FILES |= {"candidates", "decisions", "decided", "as_given"}


@pytest.mark.parametrize("table", sorted(TABLES.keys() - NOT_FROM_FILES))
@pytest.mark.parametrize("telling", ["sources", "rejects"])
def test_what_tells_of_a_file_tells_of_all_that_came_from_it(telling: str, table: str) -> None:
    assert table == telling or table in secrecy.TELLS[telling]


@pytest.mark.parametrize("name", [*VIEWS, *(f"{table}_fts" for table in FULL_TEXT)])
def test_a_view_tells_of_every_table_that_it_reads(news: Path, name: str) -> None:
    with closing(sqlite3.connect(news)) as connection:
        read = tables_read(connection, f"SELECT * FROM {name}")
    # What FTS5 reads, it reads through a view.
    own = {each for each in read if each.startswith(name)} | {*SEARCHED.values()}
    assert read - own
    assert read - own <= secrecy.TELLS[name]


# ------------------------------------------------------------------------- what the RDF reads

HIDDEN = ["articles", "article_texts", "entities", "mentions", "relations", "evidence", "quotes"]
HIDDEN += ["appearances", "identifiers", "zones", "extractions", "vocabulary", "relation_counts"]


@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
@pytest.mark.parametrize("hidden", HIDDEN)
def test_rdf_reads_no_table_that_is_hidden(
    news: Path, shape: Shape, hidden: str, format_: Any
) -> None:
    readable = sight_without(hidden).readable
    parts: list[dict[str, Any]] = [
        {},
        *({"rows": (table, [1, 2])} for table in ("articles", "entities", "relations", "mentions")),
        *({"rows": (table, [1, 2])} for table in ("zones", "evidence", "quotes", "extractions")),
    ]
    parts += [
        {f"{kind}s" if kind != "entity" else "entities": shape.keys[kind][:1]}
        for kind, table in (
            ("article", "articles"),
            ("entity", "entities"),
            ("relation", "relations"),
        )
        if table in readable
    ]
    for part in parts:
        read = _tables_streamed(news, format_, readable, part)
        assert read - readable - {"settings"} == set(), part


def _tables_streamed(
    path: Path, format_: Any, readable: frozenset[str], part: dict[str, Any]
) -> set[str]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        read = _noted(connection)
        b"".join(stream(Database(connection), format_, tables=readable, **part))
    return read


def _noted(connection: sqlite3.Connection) -> set[str]:
    """The tables that are read from now on."""
    read: set[str] = set()

    def note(action: int, table: str | None, *_: Any) -> int:
        if action == sqlite3.SQLITE_READ and table in TABLES:
            read.add(str(table))
        return sqlite3.SQLITE_OK

    connection.set_authorizer(note)
    return read


@pytest.mark.parametrize("with_text", [False, True])
@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda each: each.name)
def test_a_graph_tools_file_reads_the_tables_that_it_says(
    news: Path, shape: Shape, format_: GraphFormat, with_text: bool
) -> None:
    """And no other, but to select a part, for which it is told what it may read."""
    if with_text and "with_text" not in format_.options:
        return
    with closing(sqlite3.connect(news, isolation_level=None)) as connection:
        read = _noted(connection)
        if format_.is_folder:
            with opened_files(connection, format_, with_text=with_text) as files:
                assert all(list(blocks) for _, blocks in files)
        else:
            b"".join(graph_stream(connection, format_, with_text=with_text))
        says = format_.reads(with_text=with_text)
        assert read <= says
        assert says == read
        if not format_.is_folder:
            read.clear()
            keys = shape.keys["entity"][:1]
            b"".join(graph_stream(connection, format_, entities=keys, tables=says))
            assert read <= says


def test_rdf_reads_every_table_of_the_mapping_if_nothing_is_hidden(news: Path) -> None:
    read = _tables_streamed(news, FORMATS[0], secrecy.SHOWN, {})
    # Of what was decided it reads whether there is anything, and whether keys are names of Turtle.
    assert {*HIDDEN, "settings", "decided", "as_given"} == read


# ------------------------------------------------------------------- no question finds it out


#: A word that is hidden with a table.
SECRETS = {
    "articles": "Headlinemark",
    "article_texts": "Textmark",
}


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", SECRETS)
@pytest.mark.filterwarnings("ignore:coroutine 'filters_from_request' was never awaited")
async def test_a_search_for_a_hidden_word_finds_what_a_search_for_none_finds(
    news: Path, shape: Shape, hidden: str
) -> None:
    async with serving(news, private(hidden)) as server:
        nothing = await answers(server.anybody, searches(shape, NOWHERE))
        found = await answers(server.anybody, searches(shape, word := SECRETS[hidden]))
    plain = {
        page.replace(word, NOWHERE): (status, text.replace(word, NOWHERE))
        for page, (status, text) in found.items()
    }
    assert differences(plain, nothing) == []


@pytest.mark.asyncio
async def test_who_may_see_them_finds_the_words_by_a_search(news: Path) -> None:
    async with serving(news, private("articles")) as server:
        for view, word in (
            ("article_index", "Textmark"),
            ("article_texts", "Headlinemark"),
            ("quote_index", "Quotemark"),
            ("entity_index", "Aliasmark"),
        ):
            rows = (await server.alice.get(f"/news/{view}.json?_search={word}")).json()["rows"]
            assert len(rows) == 1, view


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", ["articles", "article_texts", "mentions", "evidence"])
@pytest.mark.filterwarnings("ignore:coroutine 'filters_from_request' was never awaited")
async def test_what_refers_to_a_row_does_not_tell_what_it_says(
    news: Path, shape: Shape, hidden: str
) -> None:
    denied = denied_without(hidden)
    async with serving(news, private(hidden)) as server:
        for page in through(shape):
            table = re.search("table%22%3A\\+%22(\\w+)", page)
            assert table
            if table[1] in denied:
                assert (await server.anybody.get(page)).status_code == 403, page


@pytest.mark.asyncio
@pytest.mark.filterwarnings("ignore:coroutine 'filters_from_request' was never awaited")
async def test_no_condition_on_a_hidden_table_is_taken(news: Path, shape: Shape) -> None:
    condition = "exists (select 1 from articles where title like 'Headline%')"
    async with serving(news, private("articles")) as server:
        for page in wheres(shape, condition):
            assert (await server.anybody.get(page)).status_code in (400, 403), page


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", ["articles", "entities", "appearances"])
async def test_no_filter_by_entity_where_it_would_tell(
    news: Path, shape: Shape, hidden: str
) -> None:
    async with serving(news, private(hidden)) as server:
        article_index, *_ = linked_filters(shape)
        assert (await server.anybody.get(article_index)).status_code == 403
        assert len((await server.alice.get(article_index)).json()["rows"]) == 3


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", ["articles", "entities", "relations"])
async def test_whether_there_is_a_hidden_thing_cannot_be_asked(
    news: Path, shape: Shape, hidden: str
) -> None:
    kind = {"articles": "article", "entities": "entity", "relations": "relation"}[hidden]
    names = [shape.keys[kind][0], *(["Idmark"] if kind == "article" else [])]
    addresses = [
        f"{GRAPH}/{kind}/{{}}{ending}" for ending in ("", *(each.ending for each in FORMATS))
    ]
    if kind == "entity":
        addresses += [f"{GRAPH}/entity/{{}}{each.ending}" for each in OFFERED]
    addresses.append(f"{GRAPH}/id/{kind}/{{}}")
    async with serving(news, private(hidden)) as server:
        for address in addresses:
            nothing = (await server.anybody.get(address.format(NOWHERE))).status_code
            for name in names:
                there = (await server.anybody.get(address.format(name))).status_code
                assert there == nothing, address.format(name)


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", ["articles", "mentions"])
async def test_a_row_does_not_say_how_many_hidden_rows_refer_to_it(
    news: Path, shape: Shape, hidden: str
) -> None:
    denied = denied_without(hidden)
    async with serving(news, private(hidden)) as server:
        for table in sorted(set(shape.referred_to) - denied):
            for name in (table, f"{table[:-1]}~{ord(table[-1]):X}"):
                page = row_with_counts(name, shape.first_rows[table]).replace("~7E", "~")
                answer = await server.anybody.get(page)
                assert answer.status_code == 200, page
                referring = {each["other_table"] for each in answer.json()["foreign_key_tables"]}
                assert referring & denied == set(), page
        seen = (await server.alice.get(row_with_counts("entities", "1"))).json()
        assert "mentions" in {each["other_table"] for each in seen["foreign_key_tables"]}


@pytest.mark.asyncio
@pytest.mark.skipif(IS_1_0, reason="1.0 knows a table by its very name only")
@pytest.mark.parametrize("name", ["Entities", "ENTITIES", "entitie~53"])
async def test_a_row_is_there_by_the_name_of_its_table_in_any_case(news: Path, name: str) -> None:
    async with serving(news, private("mentions")) as server:
        counted = (await server.anybody.get(row_with_counts("entities", "1"))).json()
        again = (await server.anybody.get(f"/news/{name}/1.json?_extras=foreign_key_tables")).json()
        assert again["rows"] == counted["rows"]
        assert again["foreign_key_tables"] == counted["foreign_key_tables"] != []
        assert (await server.anybody.get(f"/news/{name}/1")).status_code == 200
        for hidden in ("Entity_Counts", "Mentions", "MENTION~53"):
            page = f"/news/{hidden}/1.json?_extras=foreign_key_tables"
            assert (await server.anybody.get(page)).status_code == 403, hidden


@pytest.mark.asyncio
@pytest.mark.parametrize("read", sorted(set().union(*(each.reads for each in QUERIES.values()))))
async def test_a_query_is_denied_where_anything_that_it_reads_is(news: Path, read: str) -> None:
    """A table, a view or a full-text table, by its own permission or for what it tells of."""
    denied = denied_without(read)
    async with serving(news, private(read)) as server:
        for page in canned_queries():
            query = QUERIES[page.removeprefix(f"/{DATABASE}/").partition(".")[0]]
            answer = await server.anybody.get(page)
            assert answer.status_code == (403 if query.reads & denied else 200), page
            assert (await server.alice.get(page)).status_code == 200, page


@pytest.mark.asyncio
@pytest.mark.skipif(not IS_1_0, reason="0.65 does not count on demand")
async def test_rows_of_a_hidden_table_are_not_counted(news: Path, shape: Shape) -> None:
    denied = denied_without("articles")
    async with serving(news, private("articles")) as server:
        for name in denied & set(shape.names):
            answer = await server.datasette.client.post(f"/news/{name}/-/count", json={})
            assert answer.status_code == 403, name


@pytest.mark.asyncio
async def test_statistics_of_the_query_planner_do_not_count_hidden_rows(tmp_path: Path) -> None:
    path = make_news(tmp_path / f"{DATABASE}.db")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ANALYZE")
    async with serving(path, private("articles")) as server:
        answer = await server.anybody.get("/news/sqlite_stat1.json?_size=max")
    assert answer.status_code != 200 or "mentions" not in answer.text


# ---------------------------------------------- two databases that differ in what is hidden only


@pytest.mark.asyncio
@pytest.mark.parametrize("hidden", ["articles", "article_texts", "entities"])
async def test_what_is_hidden_changes_no_answer(
    news: Path, shape: Shape, tmp_path: Path, hidden: str
) -> None:
    without = emptied(news, tmp_path, hidden)
    pages = [*pages_of_server(), *pages_of_graph(shape), *main_pages(shape)]
    # One says how large the file is; FTS5 has a column with the number of the cursor.
    pages = [each for each in pages if each != "/-/databases.json" and "_fts" not in each]
    async with serving(news, private(hidden)) as full, serving(without, private(hidden)) as empty:
        # Asked twice where they differ: 0.65 leaves out counts that took it more than 10 ms.
        for _ in range(2):
            told, retold = await answers(full.anybody, pages), await answers(empty.anybody, pages)
            pages = differences(told, retold)
        assert pages == []
        shown = await answers(full.alice, [f"{GRAPH}.nt"])
        reshown = await answers(empty.alice, [f"{GRAPH}.nt"])
        assert differences(shown, reshown) != []


@pytest.mark.asyncio
async def test_the_digest_of_a_file_with_hidden_texts_is_not_shown(news: Path) -> None:
    """``articles.record_hash`` stays: it tells only whoever has the whole record that it is the one."""
    async with serving(news, private("article_texts")) as server:
        assert (await server.anybody.get("/news/articles.json")).status_code == 200
        assert (await server.anybody.get("/news/sources.json")).status_code == 403
        assert (await server.alice.get("/news/sources.json")).status_code == 200


# ------------------------------------------------------------------- nothing is left untested


def test_every_route_of_ours_is_asked_for(shape: Shape) -> None:
    pages = [*pages_of_graph(shape), *every_page(shape)]
    for pattern, _ in register_routes(None):
        assert any(re.match(pattern, page.partition("?")[0]) for page in pages), (
            f"no address is of {pattern}: add one in tests/permissions/addresses.py"
        )


@pytest.mark.asyncio
async def test_a_request_within_a_request_lends_nobody_its_eyes(news: Path) -> None:
    """A plugin may ask Datasette for a page as somebody else, before the visitor's page is made."""

    class Asking:
        __name__ = "asking"

        @hookimpl
        def filters_from_request(self, datasette: Any, request: Any) -> Any:
            async def ask() -> None:
                if request.headers.get("asks"):
                    headers = {"cookie": server.alice.headers["cookie"]}
                    answer = await datasette.client.get("/news/sources.json", headers=headers)
                    assert "Filemark" in answer.text

            return ask

    plugin = Asking()
    pm.register(plugin)
    try:
        async with serving(news, private("sources")) as server:
            for page in ("/news/articles", "/news/articles.json?_labels=on&_facet=source_id"):
                answer = await server.anybody.get(page, asks="yes")
                assert answer.status_code == 200
                assert "Filemark" not in answer.text
                assert "Filemark" in (await server.alice.get(page, asks="yes")).text
    finally:
        pm.unregister(plugin)
