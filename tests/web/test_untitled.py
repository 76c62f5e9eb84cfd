"""An article without a title is called by the first line of its text, on every page and in every cell,
and nowhere in the data.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.tables import first_lines
from tests.conftest import Page
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import DATABASE, IS_1_0
from tests.permissions.visitors import private, serving

Parse = Callable[[str], Page]

#: Where a page says that a line is one: in words for those who listen, in quotation marks and slanting.
SHOWN = '<span class="ng-unseen" lang="en">first line: </span><bdi class="ng-first-line"'
LINES = ["Kabul & <b>Herat</b> fall", "Geneva meets again", "سقوط كابول"]


def record(line: str) -> dict[str, Any]:
    text = f"{line}\n\nAna said: “It fell.”"
    start = text.index("Ana")
    mention = {"start": start, "end": start + 3, "text": "Ana"}
    quote = {"start": start + 10, "end": start + 20, "text": "“It fell.”", "speaker": "ana"}
    return {
        "id": f"a{len(line)}",
        "text": text,
        "entities": [{"id": "ana", "type": "Person", "name": "Ana", "mentions": [mention]}],
        "relations": [
            {"subject": "ana", "predicate": "is", "value": "there", "evidence": [mention]}
        ],
        "quotes": [quote],
    }


@pytest.fixture(scope="module")
def untitled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("untitled") / f"{DATABASE}.db"
    load(
        path, [*map(record, LINES), {"id": "neither"}, record("Told") | {"title": "Its own title"}]
    )
    return path


#: Pages on which each of the lines stands, once or more often.
LISTS = [GRAPH, f"/{DATABASE}/article_index", f"/{DATABASE}/articles"]
PAGES = [
    *LISTS,
    f"{GRAPH}/entity/KEY",
    f"{GRAPH}/relation/KEY",
    *(f"/{DATABASE}/{each}" for each in ("mention_index", "mentions", "quote_index", "evidence")),
    f"/{DATABASE}/quotes_by_name?name=Ana&words=",
    f"{GRAPH}/search?q=ana",
    f"{GRAPH}/search?q=fell&in=quotes",
]


def pages_of(path: Path) -> list[str]:
    keys = Shape(path).keys
    return [
        each.replace("entity/KEY", f"entity/{keys['entity'][0]}").replace(
            "relation/KEY", f"relation/{keys['relation'][0]}"
        )
        for each in PAGES
    ]


@pytest.mark.asyncio
async def test_pages_show_first_lines_as_such(untitled: Path, page: Parse) -> None:
    async with serving(untitled) as server:
        for address in pages_of(untitled):
            html = (await server.anybody.get(address)).text
            shown = {each.text for each in page(html).all("bdi", class_="ng-first-line")}
            assert shown == {f"“{each}”" for each in LINES}, address
            assert html.count(SHOWN) >= len(LINES), address
            assert "Its own title" in html, address
            assert "“Its own title”" not in html, address
            # One article has neither, which is not named beside what others say.
            assert ("(untitled)" in html) == (address in LISTS), address


@pytest.mark.asyncio
async def test_a_page_of_rows_asks_once_for_all_its_lines(
    serve: Callable[..., Any], untitled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasette = serve(untitled)
    await datasette.invoke_startup()
    asked: list[Any] = []
    database = datasette.databases[DATABASE]
    execute = database.execute

    async def counted(sql: str, *given: Any, **options: Any) -> Any:
        if sql == first_lines._QUERY:
            asked.append(given)
        return await execute(sql, *given, **options)

    monkeypatch.setattr(database, "execute", counted)
    html = (await datasette.client.get(f"/{DATABASE}/mention_index")).text
    assert html.count(SHOWN) == len(LINES)
    assert len(asked) == 1
    await datasette.client.get(f"/{DATABASE}/entities")
    assert len(asked) == 1


@pytest.mark.asyncio
async def test_the_page_of_an_article(
    serve: Callable[..., Any], untitled: Path, page: Parse
) -> None:
    key = Shape(untitled).keys["article"][0]
    html = (await serve(untitled).client.get(f"{GRAPH}/article/{key}")).text
    found = page(html)
    quoted = f"“{LINES[0]}”"
    assert found.all("title")[0].text.startswith(f"{quoted} – ")
    assert quoted in found.all("h1")[0].text
    assert found.all("ol", class_="crumbs")[0].text.strip().endswith(quoted)
    assert "<b>Herat" not in html.partition("</main>")[0]
    assert "Without a title" in html
    cited = found.all("details", class_="citation")[0].text
    assert f"{quoted} (first line of the text). In: " in cited
    assert "note = {title: first line of the text" in cited
    (script,) = found.all("script", type="application/ld+json")
    assert "headline" not in script.text


@pytest.mark.asyncio
async def test_in_the_data_it_is_no_title(untitled: Path) -> None:
    data = [f"{GRAPH}{ending}" for ending in (".ttl", ".nt", ".jsonld")]
    data += [f"/{DATABASE}/{each}" for each in ("articles.json", "articles.csv", "quote_index.csv")]
    data += [f"/{DATABASE}/article_index{ending}" for ending in (".json", ".csv", ".ttl")]
    async with serving(untitled) as server:
        for address in data:
            answer = await server.anybody.get(address)
            assert "Its own title" in answer.text, address
            assert "Geneva" not in answer.text, address
        # It has the text around a mention, which is not its article's title.
        mentions = await server.anybody.get(f"/{DATABASE}/mention_index.json?_shape=array")
        assert {row["article"] for row in mentions.json()} == {None, "Its own title"}


@pytest.mark.asyncio
async def test_who_may_not_see_texts_sees_no_first_line(untitled: Path) -> None:
    async with serving(untitled, private("article_texts")) as server:
        for address in pages_of(untitled):
            hidden = (await server.anybody.get(address)).text
            assert "ng-first-line" not in hidden, address
            assert not any(each.split()[0] in hidden for each in LINES), address
            assert SHOWN in (await server.alice.get(address)).text, address


@pytest.mark.skipif(not IS_1_0, reason="Datasette 0.65 has neither")
@pytest.mark.asyncio
async def test_what_only_one_line_has(serve: Callable[..., Any], untitled: Path) -> None:
    client = serve(untitled).client

    async def found(typed: str) -> list[str]:
        answer = await client.get(f"/-/jump.json?{urlencode({'q': typed})}")
        return [
            each["name"].strip() for each in answer.json()["matches"] if "article" in each["url"]
        ]

    assert await found("geneva meets") == ["“Geneva meets again”"]
    # Its text has the word, its first line has not.
    assert await found("fell") == []
    # Cells as data are made one by one, and do not wait.
    rendered = await client.get(f"/{DATABASE}/article_index.json?_extra=render_cell")
    assert "Geneva meets" not in json.dumps(rendered.json()["render_cell"])
