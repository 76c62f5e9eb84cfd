"""The front page of a graph: counts that are right, links that lead there, and nothing hidden."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.metadata.descriptions import DESCRIPTIONS
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.overview import overview_page as overview_module
from datasette_newsgraph.web.parts import totals
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import IS_1_0
from tests.permissions.visitors import private, serving

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

HOME = "/examples/-/newsgraph"


def rows(path: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def client(serve: Serve, example_db: Path) -> Any:
    return serve(example_db).client


async def listed_by(client: Any, address: str) -> int:
    """How many rows a page of rows lists."""
    path, _, query = address.partition("?")
    answer = await client.get(f"{path}.json?{query}&_size=max&_shape=objects")
    assert answer.status_code == 200, address
    return len(answer.json()["rows"])


@pytest.mark.asyncio
async def test_each_count_is_that_of_the_rows_it_leads_to(client: Any, page: Parse) -> None:
    html = page((await client.get(HOME)).text)
    checked = 0
    for each in re.finditer(
        r'<a href="([^"]*/examples/\w+_index\?[^"]*)"[^>]*>(?:<bdi>)?[^<]*(?:</bdi>)?</a>'
        r' (?:<span class="count">)?([0-9,]+)',
        (await client.get(HOME)).text,
    ):
        address = each[1].replace("&amp;", "&")
        assert await listed_by(client, address) == int(each[2].replace(",", "")), address
        checked += 1
    assert checked > 15
    for tile in html.all("ul", class_="tiles"):
        assert len(re.findall("[0-9]+", tile.text)) == 5


@pytest.mark.asyncio
async def test_articles_over_time_as_a_drawing_and_as_a_table(
    client: Any, page: Parse, example_db: Path
) -> None:
    html = page((await client.get(HOME)).text)
    table = next(each for each in html.all("table"))
    years = dict(re.findall(r"\b((?:19|20)[0-9]{2})\s*([0-9]+)\b", table.text))
    expected = rows(example_db, "SELECT substr(published, 1, 4), count(*) FROM articles GROUP BY 1")
    assert years == {year: str(count) for year, count in expected}
    assert len(html.all("svg", class_="timeline")) == 1
    bars = html.all("a", tabindex="-1")
    assert len(bars) == len(years)
    for bar in bars:
        assert await listed_by(client, bar.attributes["href"]) == 1


@pytest.mark.asyncio
async def test_the_way_on_stands_at_the_top(client: Any, page: Parse) -> None:
    text = (await client.get(HOME)).text
    html = page(text)
    ways = html.all("nav", class_="parts")[0].text.split("\n")
    titles = [DESCRIPTIONS[view].title for view in VIEWS]
    assert [each.strip() for each in ways if each.strip()] == [
        *titles,
        "Ask a question",
        "Download the data",
    ]
    assert text.index(titles[-1]) < text.index("<dl") < text.index("Articles over time")
    assert {each.attributes["id"] for each in html.all("section") if "id" in each.attributes} == {
        "ask",
        "data",
    }


@pytest.mark.asyncio
async def test_the_most_mentioned_of_each_type_but_no_dates(
    client: Any, page: Parse, example_db: Path
) -> None:
    html = page((await client.get(HOME)).text)
    headings = [each.text for each in html.all("h3")]
    assert any(each.startswith("Pe Person ") for each in headings)
    assert not any("Date" in each for each in headings)
    top = rows(
        example_db,
        "SELECT name FROM entities JOIN entity_counts ON entity_id = id"
        " WHERE entities.type = 'Place' ORDER BY mentions DESC LIMIT 1",
    )[0][0]
    assert html.link(top).startswith(f"{HOME}/entity/")


@pytest.mark.asyncio
async def test_counts_are_the_same_where_they_are_not_stored(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = (await client.get(HOME)).text
    for module in (overview_module, totals):
        monkeypatch.setattr(module, "KEPT", 1)
    counted = (await client.get(HOME)).text
    tiles = re.compile(r'<ul class="tiles">.*?</ul>', re.S)
    drawing = re.compile(r'<svg class="timeline".*?</svg>', re.S)
    for part in (tiles, drawing):
        assert part.findall(stored) == part.findall(counted) != []


@pytest.mark.asyncio
async def test_a_graph_without_dates_names_or_anything(
    serve: Serve, tmp_path: Path, page: Parse
) -> None:
    bare = tmp_path / "bare.db"
    load(bare, [{"id": "a", "text": "x"}])
    html = page((await serve(bare).client.get("/bare/-/newsgraph")).text)
    assert html.link("1 articles")
    assert not html.all("svg", class_="timeline")
    assert any(each.text == "News graph bare. 1 article." for each in html.all("p"))
    empty = tmp_path / "empty.db"
    load(empty, [])
    response = await serve(empty).client.get("/empty/-/newsgraph")
    assert response.status_code == 200
    assert page(response.text).link("0 articles")


# --- How to cite -----------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_a_citation_says_what_the_metadata_says(tmp_path: Path, page: Parse) -> None:
    path = tmp_path / "news.db"
    example = Path(__file__).parents[2] / "examples" / "articles.jsonl"
    load_files(path, [example], base_iri="https://news.example.org/graph/")
    given = {
        "title": "News & <b>views</b> 100%",
        "source": "Example Gazette",
        "source_url": "javascript:alert(1)",
        "license": "CC BY 4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
    }
    async with serving(path, {"databases": {"news": given}}) as server:
        if IS_1_0:
            for key, value in given.items():
                await server.datasette.set_database_metadata("news", key, value)
        text = (await server.anybody.get(GRAPH)).text
    html = page(text)
    sentence = next(each.text for each in html.all("p") if "8 articles" in each.text)
    assert sentence.startswith("News & <b>views</b> 100%. Example Gazette. 8 articles, 2011")
    assert sentence.endswith("Licence: CC BY 4.0. https://news.example.org/graph/")
    assert "extracted by" in sentence
    bibtex = html.all("pre")[0].text
    assert r"title = {{News \& <b>views</b> 100\%}}" in bibtex
    assert "url = {https://news.example.org/graph/}" in bibtex
    assert "<b>views" not in text
    assert html.link("CC BY 4.0") == given["license_url"]
    assert not [each for each in html.all("a") if "javascript" in each.attributes["href"]]
    # Who looks again tomorrow reads the same.
    assert not re.search(r"\b202[4-9]\b", bibtex)


# --- Who may see what ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "gone", "stays"),
    [
        (
            "articles",
            ["1987", "Publishermark", "Headlinemark", "770,077", "Articles over time"],
            [],
        ),
        ("entities", ["Entitymark", "Typemark", "Most mentioned"], ["Headlinemark"]),
        ("entity_counts", ["770,077", "Most mentioned"], ["Entitymark", "Headlinemark"]),
        ("facet_counts", ["Facetmark"], ["Entitymark", "Most mentioned", "Articles over time"]),
        ("extractions", ["Toolmark", "Modelmark"], ["Entitymark"]),
        ("relations", ["predicatemark"], ["Entitymark"]),
        ("article_texts", ["mention_index"], ["770,077", "Headlinemark"]),
    ],
)
@pytest.mark.asyncio
async def test_hidden_parts_are_absent(
    news: Path, hidden: str, gone: list[str], stays: list[str]
) -> None:
    async with serving(news, private(hidden)) as server:
        shown = (await server.anybody.get(GRAPH)).text
        to_alice = (await server.alice.get(GRAPH)).text
    for each in gone:
        assert each not in shown
        assert each in to_alice
    for each in stays:
        assert each in shown


@pytest.mark.asyncio
async def test_only_queries_that_may_be_run_are_offered(news: Path, page: Parse) -> None:
    async with serving(news, private("evidence")) as server:
        numbers = []
        for visitor in (server.anybody, server.alice):
            html = page((await visitor.get(GRAPH)).text)
            links = {each.attributes["href"] for each in html.all("a")}
            offered = {name for name in QUERIES if f"/news/{name}" in links}
            for name in QUERIES:
                status = (await visitor.get(f"/news/{name}")).status_code
                assert status == (200 if name in offered else 403), name
            numbers.append(len(offered))
        assert 0 < numbers[0] < numbers[1] == len(QUERIES)
