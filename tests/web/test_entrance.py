"""The way in: Datasette's front page, a database and a row lead to the graph, for who may see it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.database import Database

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.metadata.descriptions import DESCRIPTIONS
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.overview import entrance
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import DATABASE, IS_1_0, make_news, on_supported_versions
from tests.permissions.visitors import ONLY_ALICE, private, serving

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

HOME = "/examples/-/newsgraph"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A graph without articles' texts, of one entity with a very long name."""
    path = tmp_path / "small.db"
    entity = {"id": "e", "type": "Place", "name": "Kabul" * 2000, "mentions": [{"text": "Kabul"}]}
    load(path, [{"id": "a", "entities": [entity]}])
    return path


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A database of another program, with tables named like ours."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE entities (id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE TABLE mentions (id INTEGER PRIMARY KEY, key TEXT,"
            " entity_id INTEGER REFERENCES entities (id));"
            "INSERT INTO entities VALUES (1, 'Ana'); INSERT INTO mentions VALUES (1, 'k', 1)"
        )
    return path


def make_newer(path: Path) -> None:
    """Have a database look as if a later version had loaded it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations SELECT 99, migration_set, 'm999', applied_at"
            " FROM _sqlite_migrations LIMIT 1"
        )
        connection.commit()


def hrefs(html: Any) -> list[str]:
    return [each.attributes.get("href", "") for each in html.all("a")]


def way_in(html: Any, label: str) -> Any:
    """The part that leads to a graph; it stands before all else in the content of the page."""
    (found,) = [each for each in html.all("nav") if each.attributes.get("aria-label") == label]
    place = html.elements.index(found)
    assert not [each for each in html.elements[:place] if each.tag in ("h1", "main", "table")]
    return found


# --- The front page and the database --------------------------------------------------------------


@pytest.mark.asyncio
async def test_the_front_page_leads_to_each_graph_and_its_views(
    serve: Serve, example_db: Path, small: Path, other: Path, page: Parse
) -> None:
    html = page((await serve(example_db, small, other).client.get("/")).text)
    found = way_in(html, "News graphs")
    assert [each.text for each in html.all("a", class_="ng-way")] == [
        "examples: overview of the news graph",
        "small: overview of the news graph",
    ]
    assert "other" not in found.text
    for name in ("examples", "small"):
        for each in (f"/{name}/-/newsgraph", *(f"/{name}/{view}" for view in VIEWS)):
            assert each in hrefs(html)


@pytest.mark.asyncio
async def test_a_database_leads_to_its_graph_its_views_and_a_search(
    serve: Serve, example_db: Path, page: Parse
) -> None:
    html = page((await serve(example_db).client.get("/examples")).text)
    found = way_in(html, "News graph")
    assert html.link("Overview of the news graph") == HOME
    for view in VIEWS:
        assert html.link(DESCRIPTIONS[view].title) == f"/examples/{view}"
        assert DESCRIPTIONS[view].title in found.text
    (search,) = html.all("form", role="search")
    assert search.attributes["action"] == f"{HOME}/search"
    # All of Datasette's own page is below it.
    assert html.all("h1")[0].text.strip() == "examples"
    assert [each for each in html.all("textarea") if each.text == "select * from articles"]
    assert html.all("link", href="/-/static-plugins/datasette_newsgraph/newsgraph-entrance.css")


@pytest.mark.asyncio
async def test_what_our_pages_make_for_a_moment_is_no_attached_database(
    serve: Serve, example_db: Path
) -> None:
    client = serve(example_db).client
    # A search that finds nothing reads words by a temporary table.
    assert "Did you mean" in (await client.get(f"{HOME}/search?q=pariss")).text
    assert "attached to this connection" not in (await client.get("/examples")).text


@pytest.mark.asyncio
async def test_a_graph_of_a_later_version_says_so(
    serve: Serve, example_db: Path, small: Path, page: Parse
) -> None:
    make_newer(small)
    client = serve(example_db, small).client
    front = page((await client.get("/")).text)
    assert "small is a news graph. It was made by a newer" in way_in(front, "News graphs").text
    assert HOME in hrefs(front)
    response = await client.get("/small")
    assert response.status_code == 200
    html = page(response.text)
    assert "upgrade the package here" in way_in(html, "News graph").text
    assert not html.all("form", role="search")
    for at in ("/", "/small"):
        shown = page((await client.get(at)).text)
        assert "/small/-/newsgraph" not in [
            each.attributes["href"] for each in shown.all("a", class_="ng-way")
        ]
    assert (await client.get("/small/entities/1")).status_code == 200


@pytest.mark.asyncio
async def test_a_server_of_very_many_graphs_names_some_of_them(
    serve: Serve, example_db: Path, small: Path, page: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "NAMED", 1)
    html = page((await serve(example_db, small).client.get("/")).text)
    assert len(html.all("a", class_="ng-way")) == 1
    assert html.link("All news graphs here") == "/-/newsgraph"


@pytest.mark.asyncio
async def test_a_template_of_the_user_comes_first(
    example_db: Path, serve: Serve, tmp_path: Path, page: Parse
) -> None:
    for name, template in {
        "index.html": "<p>My own front page</p>",
        "row.html": "{% extends 'default:row.html' %}",
        "database-examples.html": "{% extends 'database.html' %}"
        "{% block description_source_license %}My own words{% endblock %}",
    }.items():
        (tmp_path / name).write_text(template)
    client = serve(example_db, template_dir=str(tmp_path)).client
    assert (await client.get("/")).text == "<p>My own front page</p>"
    assert "ng-entrance" not in (await client.get("/examples/entities/1")).text
    # One that changes a part of the page keeps the rest.
    text = (await client.get("/examples")).text
    assert "My own words" in text
    way_in(page(text), "News graph")


# --- Who may see what -------------------------------------------------------------------------------


@on_supported_versions
@pytest.mark.parametrize(
    ("hidden", "gone"),
    [
        ("article_texts", {"mention_index", "quote_index"}),
        ("relations", {"relation_index"}),
        ("entity_counts", {"entity_index"}),
        ("quote_index", {"quote_index"}),
        ("articles", set(VIEWS)),
    ],
)
@pytest.mark.asyncio
async def test_only_views_that_may_be_seen_are_linked(
    news: Path, page: Parse, hidden: str, gone: set[str]
) -> None:
    async with serving(news, private(hidden)) as server:
        for at in ("/", f"/{DATABASE}"):
            for visitor, missing in ((server.anybody, gone), (server.alice, set())):
                html = page((await visitor.get(at)).text)
                linked = {view for view in VIEWS if f"/{DATABASE}/{view}" in hrefs(html)}
                assert linked == VIEWS.keys() - missing, at
                assert html.all("a", class_="ng-way")[0].attributes["href"] == GRAPH


@on_supported_versions
@pytest.mark.asyncio
async def test_a_graph_that_is_hidden_leaves_no_trace(
    small: Path, tmp_path: Path, page: Parse
) -> None:
    path = make_news(tmp_path / f"{DATABASE}.db")
    async with serving(small, {"databases": {DATABASE: dict(ONLY_ALICE)}}) as server:
        before = (await server.anybody.get("/")).text
        server.datasette.add_database(Database(server.datasette, path=str(path)), name=DATABASE)
        front = await server.anybody.get("/")
        assert front.text == before
        assert (await server.anybody.get(f"/{DATABASE}")).status_code == 403
        for each in (front, await server.anybody.get(f"/{DATABASE}")):
            assert GRAPH not in each.text
        assert GRAPH in hrefs(page((await server.alice.get("/")).text))


@on_supported_versions
@pytest.mark.asyncio
async def test_nothing_leads_who_sees_nothing_of_a_graph(news: Path, page: Parse) -> None:
    async with serving(news, private("articles", "entities")) as server:
        for at in ("/", f"/{DATABASE}", f"/{DATABASE}/extractions/1"):
            answer = await server.anybody.get(at)
            assert answer.status_code == 200
            assert "ng-entrance" not in answer.text
            assert "newsgraph-entrance.css" not in answer.text
            assert "ng-entrance" in (await server.alice.get(at)).text


# --- Rows -------------------------------------------------------------------------------------------

#: Of a table: what the page of a row calls its link, and what the page that it leads to is.
READ = {
    "articles": ("Read this article", "/article/"),
    "entities": ("Read about this entity", "/entity/"),
    "relations": ("Read about this relation", "/relation/"),
    "mentions": ("See this mention in its article", "/article/"),
    "evidence": ("See this evidence in its article", "/article/"),
    "quotes": ("See this quote in its article", "/article/"),
}


@pytest.mark.parametrize("table", READ)
@pytest.mark.asyncio
async def test_a_row_leads_to_the_page_of_its_thing(
    serve: Serve, example_db: Path, page: Parse, table: str
) -> None:
    client = serve(example_db).client
    html = page((await client.get(f"/examples/{table}/1")).text)
    way_in(html, "News graph")
    words, kind = READ[table]
    response = await client.get(html.link(words))
    assert response.status_code == 303
    assert response.headers["location"].startswith(f"{HOME}{kind}")
    assert html.link("Overview of the news graph") == HOME
    assert html.all("form", role="search")


@pytest.mark.parametrize("table", sorted(TABLES.keys() - READ.keys()))
@pytest.mark.asyncio
async def test_a_row_of_any_other_table_leads_to_the_overview(
    news: Path, serve: Serve, shape: Shape, page: Parse, table: str
) -> None:
    if table not in shape.first_rows:
        pytest.skip("the table is empty")
    html = page((await serve(news).client.get(f"/news/{table}/{shape.first_rows[table]}")).text)
    way_in(html, "News graph")
    assert html.link("Overview of the news graph") == GRAPH
    assert not html.all("a", class_="ng-way")


@pytest.mark.asyncio
async def test_the_numbers_of_other_rows_lead_to_them_by_their_names(
    serve: Serve, example_db: Path, page: Parse
) -> None:
    client = serve(example_db).client
    with closing(sqlite3.connect(example_db)) as connection:
        article, entity, title, name = connection.execute(
            "SELECT article_id, entity_id, title, name FROM mentions JOIN articles"
            " ON articles.id = article_id JOIN entities ON entities.id = entity_id"
            " WHERE mentions.id = 1"
        ).fetchone()
    html = page((await client.get("/examples/mentions/1")).text)
    assert html.link(title) == f"/examples/articles/{article}"
    assert html.link(name) == f"/examples/entities/{entity}"
    # A relation to a value has no object.
    assert (await client.get("/examples/relations/1")).status_code == 200


@on_supported_versions
@pytest.mark.asyncio
async def test_a_number_that_leads_to_what_is_hidden_stays_a_number(
    news: Path, page: Parse
) -> None:
    async with serving(news, private("extractions")) as server:
        shown = page((await server.anybody.get("/news/articles/1")).text)
        to_alice = page((await server.alice.get("/news/articles/1")).text)
    (cell,) = shown.all("td", class_="col-extraction_id type-int")
    assert cell.text.strip() == "1"
    assert not [each for each in hrefs(shown) if each.startswith("/news/extractions")]
    assert to_alice.link("Toolmark") == "/news/extractions/1"


@pytest.mark.asyncio
async def test_rows_of_another_program_are_left_as_they_are(
    serve: Serve, example_db: Path, other: Path, page: Parse
) -> None:
    text = (await serve(example_db, other).client.get("/other/mentions/1")).text
    assert "/other/-/newsgraph" not in text
    assert "ng-entrance" not in text
    # 1.0 labels them by itself.
    assert ("Ana" in text) == IS_1_0


@pytest.mark.asyncio
async def test_a_very_long_name_of_another_row_is_shown(serve: Serve, small: Path) -> None:
    response = await serve(small).client.get("/small/mentions/1")
    assert response.status_code == 200
    assert "Kabul" * 2000 in response.text
