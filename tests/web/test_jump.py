"""Datasette 1.0's jump menu: what is typed there finds entities and articles."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from datasette_newsgraph.loading.load import load
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import IS_1_0, NOWHERE, make_news
from tests.permissions.visitors import private, serving

Serve = Callable[..., Any]

HOME = "/examples/-/newsgraph"

pytestmark = pytest.mark.skipif(not IS_1_0, reason="Datasette 0.65 has no jump menu")


@pytest.fixture
def jump(serve: Serve, example_db: Path) -> Callable[[str], Any]:
    """``await jump("paris")``: the lines of the menu that are ours."""

    async def lines(typed: str) -> list[dict[str, Any]]:
        response = await serve(example_db).client.get(f"/-/jump.json?{urlencode({'q': typed})}")
        assert response.status_code == 200, typed
        return [each for each in response.json()["matches"] if HOME in each["url"]]

    return lines


@pytest.mark.parametrize(
    ("typed", "name", "type_"),
    [
        ("Paris", "Paris", "entity"),
        ("sud", "Sudan", "entity"),
        ("ile de la c", "Île de la Cité", "entity"),
        ("JWST", "James Webb Space Telescope", "entity"),
        ("telescope leaves", "Webb telescope leaves Earth on Ariane 5 rocket", "article"),
        ("巴黎", "Paris", "entity"),
        ("news graph", "News graph of examples", "news graph"),
        ("", "News graph of examples", "news graph"),
        ("examples", "News graph of examples", "news graph"),
        ("exam news", "News graph of examples", "news graph"),
    ],
)
@pytest.mark.asyncio
async def test_names_and_titles_are_found_as_they_are_typed(
    jump: Callable[[str], Any], serve: Serve, example_db: Path, typed: str, name: str, type_: str
) -> None:
    found = {(each["name"], each["type"]): each["url"] for each in await jump(typed)}
    response = await serve(example_db).client.get(found[name, type_])
    assert response.status_code == 200
    assert name.removesuffix(" of examples").casefold() in response.text.casefold()


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Łódź", "lodz"),
        ("Łódź", "lo"),
        ("Lodz", "Łód"),
        ("Diyarbakır", "diyarbakir"),
        ("Diyarbakır", "DİYARBAKI"),
        ("Tromsø", "Tromso"),
        ("Tromso", "tromsø"),
    ],
)
@pytest.mark.asyncio
async def test_names_and_titles_are_found_with_strokes_and_without(
    serve: Serve, tmp_path: Path, written: str, typed: str
) -> None:
    entity = {"id": "e", "type": "Place", "name": written}
    load(tmp_path / "a.db", [{"id": "a", "title": f"From {written}", "entities": [entity]}])
    response = await serve(tmp_path / "a.db").client.get("/-/jump.json", params={"q": typed})
    found = {each["name"].rstrip() for each in response.json()["matches"]}
    # Of a title, three letters of a word have to be there.
    expected = {written, f"From {written}"} if len(typed) > 2 else {written}
    assert found == {*expected, f"“{typed}” in a"}


@pytest.mark.asyncio
async def test_it_leads_to_all_that_is_found(jump: Callable[[str], Any]) -> None:
    lines = await jump("paris")
    assert lines[0]["name"] == "Paris"
    (search,) = [each for each in lines if each["type"] == "search"]
    assert search["url"] == f"{HOME}/search?q=paris"
    assert not await jump(NOWHERE)


@pytest.mark.parametrize(
    "typed", ["telescope", "webb", "James W", "par", "la c", "JWST", "e", "“par", "paris in"]
)
@pytest.mark.asyncio
async def test_to_search_comes_behind_what_was_found(
    jump: Callable[[str], Any], typed: str
) -> None:
    lines = [each for each in await jump(typed) if each["type"] != "news graph"]
    types = [each["type"] for each in lines]
    assert types.index("search") == len(types) - 1
    assert lines[-1]["name"].rstrip() == f"“{typed}” in examples"


@pytest.mark.asyncio
async def test_no_search_in_another_graph_comes_before_what_was_found(
    serve: Serve, example_db: Path, tmp_path: Path
) -> None:
    paths = [shutil.copy(example_db, tmp_path / f"{name}.db") for name in ("ex", "a")]
    response = await serve(*paths).client.get("/-/jump.json?q=telescope")
    ours = [each for each in response.json()["matches"] if "/-/newsgraph" in each["url"]]
    assert [each["type"] == "search" for each in ours] == [False] * (len(ours) - 2) + [True] * 2


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "'",
        "%",
        "_",
        "a%_b",
        ":items",
        "$[0]",
        "*",
        "x" * 10_000,
        "a\0b",
        "<b>",
        "\\",
        "a OR b",
    ],
)
@pytest.mark.asyncio
async def test_whatever_is_typed_is_words(jump: Callable[[str], Any], typed: str) -> None:
    assert len(await jump(typed)) < 20


@pytest.mark.parametrize(
    ("hidden", "gone", "stays"),
    [
        (("articles",), {"Headlinemark"}, {"Entitymark"}),
        (("article_texts",), {"Headlinemark"}, {"Entitymark"}),
        (("article_texts_fts",), {"Headlinemark"}, {"Entitymark"}),
        (("entities",), {"Entitymark", "Aliasmark"}, {"Headlinemark"}),
        (("articles", "entities"), {"Headlinemark", "Entitymark", "Aliasmark"}, set()),
    ],
)
@pytest.mark.asyncio
async def test_nobody_jumps_to_what_is_hidden(
    tmp_path: Path, hidden: tuple[str, ...], gone: set[str], stays: set[str]
) -> None:
    async with serving(make_news(tmp_path / "news.db"), private(*hidden)) as server:

        async def lines(visitor: Any, word: str) -> list[Any]:
            answer = await visitor.get(f"/-/jump.json?q={word}")
            return [each for each in answer.json()["matches"] if GRAPH in each["url"]]

        for word in gone:
            assert not await lines(server.anybody, word)
        for word in stays:
            assert await lines(server.anybody, word)
        for word in gone | stays:
            assert await lines(server.alice, word)
        is_listed = bool(stays)
        assert bool(await lines(server.anybody, "news")) == is_listed


@pytest.mark.asyncio
async def test_counts_that_are_hidden_are_not_told(tmp_path: Path) -> None:
    path = make_news(tmp_path / "news.db")
    async with serving(path, private("entity_counts")) as server:
        assert "770,077" in (await server.alice.get("/-/jump.json?q=Entitymark")).text
        assert "770,077" not in (await server.anybody.get("/-/jump.json?q=Entitymark")).text
