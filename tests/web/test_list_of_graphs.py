"""The list of the graphs on a server: what each is called and holds, for who may see it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.database import Database, QueryInterrupted

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.overview import graph_list as list_of_graphs
from tests.permissions.marked_news import DATABASE, IS_1_0, make_news
from tests.permissions.visitors import ONLY_ALICE, private, serving

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

LIST = "/-/newsgraph"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.db"
    load(path, [{"id": "a", "entities": [{"id": "e", "type": "Place", "name": "Kabul"}]}])
    return path


@pytest.mark.asyncio
async def test_each_graph_says_how_much_is_in_it_and_from_when(
    serve: Serve, example_db: Path, small: Path, page: Parse
) -> None:
    client = serve(example_db, small).client
    html = page((await client.get(LIST)).text)
    text = html.all("ul", class_="graphs")[0].text
    assert [each.text for each in html.all("h2")] == ["examples", "small"]
    assert html.link("small") == "/small/-/newsgraph"
    for table in ("articles", "entities", "relations"):
        with closing(sqlite3.connect(example_db)) as connection:
            (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert html.link(f"{count:,} {table}").startswith("/examples/")
    assert html.link("1 entity").startswith("/small/")
    assert html.link("0 relations").startswith("/small/")
    assert re.search(r"20[0-9-]+ to 20[0-9-]+", text.partition("small")[0])
    # None of its articles has a date.
    assert not re.search(r"20[0-9]{2}", text.partition("small")[2])


@pytest.mark.asyncio
async def test_a_graph_is_called_what_its_own_metadata_says(
    small: Path, tmp_path: Path, page: Parse
) -> None:
    given = {"title": "Kabul & <b>all</b>", "description": "What was said.\n" + "x" * 900}
    config = {"title": "The server", "databases": {"small": given}}
    async with serving(small, config) as server:
        if IS_1_0:
            for key, value in given.items():
                await server.datasette.set_database_metadata("small", key, value)
            await server.datasette.set_instance_metadata("title", "The server")
        html = page((await server.anybody.get(LIST)).text)
    (heading,) = html.all("h2")
    assert heading.text == "small Kabul & <b>all</b>"
    (listed,) = html.all("ul", class_="graphs")
    assert "What was said." in listed.text
    assert len(listed.text) < 700
    assert "The server" not in listed.text


@pytest.mark.parametrize(
    ("hidden", "gone", "stays"),
    [
        ("articles", ["3 articles", "1987-06-05"], ["3 relations", "entities"]),
        ("entities", ["entities", "relations"], ["3 articles", "1987-06-05"]),
        ("relations", ["relations", "3,030,030"], ["3 articles", "entities"]),
        ("facet_counts", ["3,030,030"], ["3 articles", "5 relations", "1987-06-05"]),
    ],
)
@pytest.mark.asyncio
async def test_hidden_parts_are_not_counted(
    news: Path, page: Parse, hidden: str, gone: list[str], stays: list[str]
) -> None:
    async with serving(news, private(hidden)) as server:
        shown = page((await server.anybody.get(LIST)).text).all("ul", class_="graphs")[0].text
        to_alice = (await server.alice.get(LIST)).text
    for each in gone:
        assert each not in shown
        assert each in to_alice
    for each in stays:
        assert each in shown


@pytest.mark.asyncio
async def test_a_graph_of_which_nothing_may_be_seen_is_not_listed(
    small: Path, tmp_path: Path, page: Parse
) -> None:
    hidden = make_news(tmp_path / f"{DATABASE}.db")
    given = {"title": "Secretmark", **ONLY_ALICE}
    async with serving(small, {"databases": {DATABASE: given}}) as server:
        server.datasette.add_database(Database(server.datasette, path=str(hidden)), name=DATABASE)
        text = (await server.anybody.get(LIST)).text
        assert "small" in text
        for each in ("Secretmark", f"/{DATABASE}/", "1987"):
            assert each not in text
        assert f"/{DATABASE}/" in (await server.alice.get(LIST)).text


@pytest.mark.asyncio
async def test_a_graph_of_another_version_says_so(
    serve: Serve, small: Path, tmp_path: Path, page: Parse
) -> None:
    newer = tmp_path / "newer.db"
    load(newer, [{"id": "a"}])
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('datasette-newsgraph', 'm999_from_tomorrow', '2026-01-01')"
        )
        connection.commit()
    html = page((await serve(newer, small).client.get(LIST)).text)
    (listed,) = html.all("ul", class_="graphs")
    assert "It was made by a newer datasette-newsgraph" in listed.text
    assert "1 article" not in listed.text.partition("small")[0]
    assert html.link("1 entity").startswith("/small/")


@pytest.mark.parametrize(
    "error",
    [sqlite3.DatabaseError("database disk image is malformed"), QueryInterrupted("slow", "", {})],
)
@pytest.mark.asyncio
async def test_a_graph_that_cannot_be_counted_hides_no_other(
    serve: Serve,
    example_db: Path,
    small: Path,
    page: Parse,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    period = list_of_graphs.period

    async def fail(visit: Any) -> Any:
        if visit.graph.name == "examples":
            raise error
        return await period(visit)

    monkeypatch.setattr(list_of_graphs, "period", fail)
    answer = await serve(example_db, small).client.get(LIST)
    assert answer.status_code == 200
    html = page(answer.text)
    assert html.link("examples") == "/examples/-/newsgraph"
    assert html.link("1 entity").startswith("/small/")
