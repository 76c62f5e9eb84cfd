"""What Datasette's own pages have of ours, and that all others are as they were."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.version import __version__

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.views import VIEWS
from tests.permissions.marked_news import IS_1_0
from tests.permissions.visitors import private, serving

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

#: Of the links to the overview and the views, and of the search box beside them.
WAY_IN = ("newsgraph-entrance.css", "newsgraph-search.css")
COLOURS, LAID_OUT, NIGHT = "newsgraph.css", "newsgraph-tables.css", "newsgraph-night.css"
BY_SQL = "/examples/-/query?sql=select+1" if IS_1_0 else "/examples?sql=select+1"


def sheets(text: str) -> set[str]:
    """The names of our style sheets that a page links."""
    return set(re.findall(r"newsgraph[a-z-]*\.css", text))


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a table and a view named like ours, described by its user."""
    path = tmp_path_factory.mktemp("others") / "others.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entities (id INTEGER PRIMARY KEY, name TEXT, key TEXT)")
        connection.execute("CREATE VIEW entity_index AS SELECT name, key, id FROM entities")
        connection.execute("INSERT INTO entities VALUES (1, 'Ana', 'ana')")
        connection.commit()
    return path


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/", {COLOURS, NIGHT, *WAY_IN}),
        ("/examples", {COLOURS, NIGHT, *WAY_IN}),
        ("/examples/entity_index", {COLOURS, LAID_OUT, NIGHT}),
        ("/examples/entities", {COLOURS, LAID_OUT, NIGHT}),
        ("/examples/entities/1", {COLOURS, LAID_OUT, NIGHT, *WAY_IN}),
        ("/examples/same_name", {COLOURS, LAID_OUT, NIGHT}),
        (BY_SQL, set()),
        ("/examples/_sqlite_migrations", set()),
        ("/others", set()),
        ("/others/entities", set()),
        ("/others/entity_index", set()),
        ("/others/entities/1", set()),
        ("/-/versions", set()),
    ],
)
@pytest.mark.asyncio
async def test_pages_of_a_graph_are_coloured_and_no_others(
    serve: Serve, example_db: Path, others: Path, address: str, expected: set[str]
) -> None:
    response = await serve(example_db, others).client.get(address)
    assert response.status_code == 200
    assert sheets(response.text) == expected
    is_described = "newsgraph-columns" in response.text
    assert is_described == (LAID_OUT in expected and not address.endswith("/1"))


@pytest.mark.parametrize("name", [*VIEWS, "entities"])
@pytest.mark.asyncio
async def test_the_columns_of_ours_are_described_once_and_folded(
    serve: Serve, example_db: Path, page: Parse, name: str
) -> None:
    html = page((await serve(example_db).client.get(f"/examples/{name}")).text)
    (folded,) = html.all("details", class_="newsgraph-columns")
    assert "open" not in folded.attributes
    (described,) = html.all("dl", class_="column-descriptions")
    assert described.text in folded.text
    columns = VIEWS[name][0] if name in VIEWS else TABLES[name].columns
    assert {each.text for each in html.all("dt")} == set(columns)
    # The menu of a column tells it, too; a row number that is a link has none.
    told = [each for each in html.all("th") if "data-column-description" in each.attributes]
    assert len(told) == len(columns) - (name in TABLES)
    assert len(html.all("input", id="newsgraph-all-columns")) == (name in VIEWS)


@pytest.mark.asyncio
async def test_whoever_asks_for_columns_by_name_is_shown_them(
    serve: Serve, example_db: Path, page: Parse
) -> None:
    response = await serve(example_db).client.get("/examples/entity_index?_col=key")
    assert not page(response.text).all("input", id="newsgraph-all-columns")


@pytest.mark.asyncio
async def test_a_description_of_the_users_stands_in_the_place_of_ours(
    serve: Serve, example_db: Path, page: Parse
) -> None:
    tables = {"entities": {"columns": {"name": "<i>As we say</i>"}}}
    metadata = {"databases": {"examples": {"tables": tables}}}
    datasette = serve(example_db, metadata=metadata)
    html = page((await datasette.client.get("/examples/entities")).text)
    (folded,) = html.all("details", class_="newsgraph-columns")
    assert "<i>As we say</i>" in folded.text


@pytest.mark.asyncio
async def test_with_a_style_sheet_of_the_users_datasettes_pages_stay_light(
    serve: Serve, example_db: Path
) -> None:
    given = {"extra_css_urls": ["/-/static/app.css"]}
    datasette = serve(example_db, **{"config" if IS_1_0 else "metadata": given})
    for address in ("/", "/examples", "/examples/entity_index", "/examples/same_name"):
        found = sheets((await datasette.client.get(address)).text)
        assert COLOURS in found
        assert NIGHT not in found


@pytest.mark.asyncio
async def test_a_template_of_the_users_comes_before_ours(
    serve: Serve, example_db: Path, tmp_path: Path, page: Parse
) -> None:
    for name, kind in {"table-examples-entity_index": "table", "query": "query"}.items():
        own = f'{{% extends "default:{kind}.html" %}}{{% block footer %}}Our desk{{% endblock %}}'
        (tmp_path / f"{name}.html").write_text(own)
    datasette = serve(example_db, template_dir=str(tmp_path))
    for address in ("/examples/entity_index", "/examples/same_name"):
        response = await datasette.client.get(address)
        assert response.status_code == 200
        assert "Our desk" in response.text
        # Nothing of theirs is hidden or folded.
        assert not page(response.text).all("details", class_="newsgraph-columns")
    html = page((await datasette.client.get("/examples/entity_index")).text)
    assert {each.text for each in html.all("dt")} == set(VIEWS["entity_index"][0])
    assert "newsgraph-columns" in (await datasette.client.get("/examples/article_index")).text


@pytest.mark.asyncio
async def test_who_sees_nothing_of_a_graph_sees_none_of_its_colours(news: Path) -> None:
    async with serving(news, private(*TABLES, *VIEWS, "article_texts_fts")) as server:
        for address in ("/", "/news"):
            assert sheets((await server.anybody.get(address)).text) == set(), address
            assert NIGHT in sheets((await server.alice.get(address)).text), address


@pytest.mark.asyncio
async def test_a_facet_without_values_is_left_out_unless_it_is_asked_for(
    serve: Serve, tmp_path: Path, page: Parse
) -> None:
    path = tmp_path / "bare.db"
    load(path, [{"id": "a", "text": "x", "publisher": "Example Gazette"}])
    client = serve(path).client

    async def facets(address: str) -> list[str]:
        html = page((await client.get(address)).text)
        return [
            each.attributes["data-column"]
            for each in html.all("div")
            if "data-column" in each.attributes
        ]

    assert await facets("/bare/article_index") == ["publisher"]
    assert await facets("/bare/quote_index") == []
    # It can be taken away again.
    assert sorted(await facets("/bare/article_index?_facet_counted=month")) == [
        "month",
        "publisher",
    ]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.asyncio
async def test_a_query_shows_its_sql_to_who_asks(
    serve: Serve, example_db: Path, page: Parse, query: str
) -> None:
    client = serve(example_db).client
    html = page((await client.get(f"/examples/{query}")).text)
    assert html.all("title")[0].text == f"{QUERIES[query].title} – examples"
    assert not html.all("pre", id="sql-query")
    shown = page((await client.get(html.link("show"))).text)
    first = QUERIES[query].sql.partition("\n")[0]
    assert first in shown.all("pre", id="sql-query")[0].text


@pytest.mark.asyncio
async def test_a_cell_of_a_query_without_a_value_is_empty_and_so_can_be_left_out(
    serve: Serve, example_db: Path
) -> None:
    client = serve(example_db).client
    html = (await client.get("/examples/relations_between?name=Paris&other=")).text
    assert '<td class="col-end_date"></td>' in html
    # Of somebody else's query it is as Datasette has it.
    html = (await client.get("/examples?sql=select+null+as+end_date")).text
    assert '<td class="col-end_date"></td>' not in html


@pytest.mark.parametrize("address", ["/-/newsgraph", "/examples/-/newsgraph", "/examples/entities"])
@pytest.mark.asyncio
async def test_the_footer_names_datasettes_version(
    serve: Serve, example_db: Path, page: Parse, address: str
) -> None:
    html = page((await serve(example_db).client.get(address)).text)
    assert html.all("a", title=f"Datasette v{__version__}")
