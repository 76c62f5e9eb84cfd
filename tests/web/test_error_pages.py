"""What goes wrong at an address of ours is said on a page with our navigation."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from datasette import Response, hookimpl
from datasette.plugins import pm

from datasette_newsgraph import decide
from datasette_newsgraph.loading.load import load
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import DATABASE, on_supported_versions
from tests.permissions.visitors import ONLY_ALICE, private, serving
from tests.web.deciders import deciding, forms, rows

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

HOME = "/examples/-/newsgraph"
#: An address, its status and its heading, and what it says.
WRONG = [
    ("/nowhere", 404, "Not found", "There is no such page"),
    ("/entity/nobody", 404, "Not found", "There is no such entity"),
    ("/entity/nobody.ttl", 404, "Not found", "There is no such entity"),
    ("/ns.xml", 404, "Not found", "There is no such format"),
    ("/search?page=x", 400, "Not understood", "page has to be a whole number"),
    ("/search?in=%3Cb%3E", 400, "Not understood", "in has to be one of"),
]


@pytest.mark.parametrize(("place", "status", "heading", "words"), WRONG)
@pytest.mark.asyncio
async def test_what_goes_wrong_is_a_page_with_our_navigation(
    serve: Serve,
    example_db: Path,
    page: Parse,
    place: str,
    status: int,
    heading: str,
    words: str,
) -> None:
    response = await serve(example_db).client.get(f"{HOME}{place}")
    assert response.status_code == status
    assert response.headers["cache-control"] == "private, no-store"
    html = page(response.text)
    assert html.all("title")[0].text == heading
    (main,) = html.all("main")
    assert html.all("h1")[0].text == heading
    assert words in main.text
    (crumbs,) = html.all("ol", class_="crumbs")
    assert [each.text for each in html.all("li") if each.text in crumbs.text][:3] == [
        "home",
        "examples",
        "News graph",
    ]
    assert html.link("News graph") == HOME
    assert html.link("Overview of the news graph") == HOME
    assert html.link("All news graphs here") == "/-/newsgraph"
    assert html.all("form", role="search")


@pytest.mark.parametrize("place", ["/search?page=x", "/decide", "/entity/gone", ""])
@pytest.mark.asyncio
async def test_what_somebody_asks_wrongly_is_nobody_elses_fault(
    monkeypatch: pytest.MonkeyPatch, example_db: Path, tmp_path: Path, place: str
) -> None:
    """Datasette prints each exception that it is left with, and all that was typed into a form."""
    printed: list[type[BaseException] | None] = []

    class Console:
        def print_exception(self, **options: Any) -> None:
            printed.append(sys.exc_info()[0])

    rich = SimpleNamespace(get_console=Console)
    monkeypatch.setattr("datasette.handle_exception.rich", rich)
    path = Path(shutil.copy(example_db, tmp_path / "news.db"))
    async with deciding(path) as (server, ana):
        home, status = "/news/-/newsgraph", 400
        if place == "/decide":
            (key,) = rows(path, "SELECT key FROM entities LIMIT 1")[0]
            (form,) = forms(await ana.get(f"{home}/entity/{key}"), "name")
            answer = await ana.send(form, value="\u200b")
        elif place == "/entity/gone":
            (key,), status = rows(path, "SELECT key FROM entities LIMIT 1")[0], 410
            decide(path, [{"verdict": "wrong", "left": key}])
            answer = await server.anybody.get(f"{home}/entity/{key}")
        elif place:
            answer = await server.anybody.get(f"{home}{place}")
        else:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("DROP TABLE entity_counts")
            answer, status = await server.anybody.get(home), 409
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert printed == []


@pytest.mark.asyncio
async def test_a_graph_of_a_later_version_is_a_page_too(
    serve: Serve, tmp_path: Path, page: Parse
) -> None:
    path = tmp_path / "newer.db"
    load(path, [{"id": "a"}])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations SELECT 99, migration_set, 'm999', applied_at"
            " FROM _sqlite_migrations LIMIT 1"
        )
        connection.commit()
    response = await serve(path).client.get("/newer/-/newsgraph")
    assert response.status_code == 409
    html = page(response.text)
    assert "upgrade the package" in html.all("main")[0].text
    assert html.link("All news graphs here") == "/-/newsgraph"
    # It would say the same again.
    assert not html.all("form", role="search")


@on_supported_versions
@pytest.mark.asyncio
async def test_who_may_see_nothing_is_led_nowhere(news: Path, shape: Shape, page: Parse) -> None:
    configs = (
        private("articles", "entities"),
        {"databases": {DATABASE: dict(ONLY_ALICE)}},
        dict(ONLY_ALICE),
    )
    key = shape.keys["entity"][0]
    for config in configs:
        async with serving(news, config) as server:
            texts = []
            for place in ("", f"/entity/{key}", f"/entity/{'z' * len(key)}", "/nowhere"):
                answer = await server.anybody.get(f"{GRAPH}{place}")
                assert answer.status_code == 403
                html = page(answer.text)
                led = [each.attributes["href"] for each in html.all("a")]
                assert not [each for each in led if "newsgraph" in each], place
                assert not html.all("form", role="search")
                texts.append(answer.text)
            # It is the same for what is there and what is not.
            assert len(set(texts)) == 1
            found = await server.alice.get(f"{GRAPH}/nowhere")
            assert found.status_code == 404
            assert page(found.text).link("Overview of the news graph") == GRAPH


@on_supported_versions
@pytest.mark.asyncio
async def test_who_may_see_a_part_is_led_to_it(news: Path, shape: Shape, page: Parse) -> None:
    async with serving(news, private("articles")) as server:
        answer = await server.anybody.get(f"{GRAPH}/article/{shape.keys['article'][0]}")
        assert answer.status_code == 403
        html = page(answer.text)
        assert html.all("h1")[0].text == "Forbidden"
        assert html.link("Overview of the news graph") == GRAPH
        assert "Headlinemark" not in answer.text


@pytest.mark.asyncio
async def test_a_database_that_is_not_there_leads_to_the_graphs_that_are(
    serve: Serve, example_db: Path, page: Parse
) -> None:
    response = await serve(example_db).client.get("/nowhere/-/newsgraph")
    assert response.status_code == 404
    html = page(response.text)
    assert html.link("All news graphs here") == "/-/newsgraph"
    assert "/nowhere" not in "".join(each.attributes["href"] for each in html.all("a"))


@pytest.mark.asyncio
async def test_datasettes_own_errors_and_redirects_stay(serve: Serve, example_db: Path) -> None:
    client = serve(example_db).client
    for address in ("/examples/nowhere", "/nowhere", "/examples/entities/999999"):
        response = await client.get(address)
        assert response.status_code == 404
        assert "newsgraph-page" not in response.text
    slash = await client.get(f"{HOME}/search/")
    assert (slash.status_code, slash.headers["location"]) == (302, f"{HOME}/search")
    assert (await client.get(f"{HOME}/nowhere.json")).json()["ok"] is False


@pytest.mark.asyncio
async def test_a_template_of_the_user_comes_first(
    serve: Serve, example_db: Path, tmp_path: Path
) -> None:
    (tmp_path / "404.html").write_text("<p>My own: {{ error }}</p>")
    client = serve(example_db, template_dir=str(tmp_path)).client
    response = await client.get(f"{HOME}/nowhere")
    assert (response.status_code, response.text) == (404, "<p>My own: There is no such page</p>")
    assert "newsgraph-page" in (await client.get(f"{HOME}/search?page=x")).text


@on_supported_versions
@pytest.mark.asyncio
async def test_another_plugin_may_send_a_visitor_to_where_they_log_in(news: Path) -> None:
    class Login:
        __name__ = "login"

        @hookimpl
        def forbidden(self) -> Any:
            return Response.redirect("/-/login")

    login = Login()
    pm.register(login)
    try:
        async with serving(news, private("articles", "entities")) as server:
            answer = await server.anybody.get(GRAPH)
    finally:
        pm.unregister(login)
    assert (answer.status_code, answer.headers["location"]) == (302, "/-/login")
