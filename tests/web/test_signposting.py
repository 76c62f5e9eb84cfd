"""Signposting: programs find by the Link header what a page is about, and whose it is."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.kinds import WITH_PAGE
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.web.frame.signposting import CLASSES, LONGEST, Post, header
from tests.permissions.addresses import GRAPH
from tests.permissions.visitors import private, serving
from tests.web.streams import first_key

Serve = Callable[..., Any]

HOME = "/examples/-/newsgraph"
BASE = "https://news.example.org/graph/"
TYPES = {
    "article": ["https://schema.org/NewsArticle"],
    "relation": ["http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement"],
    "entity": ["https://schema.org/Place"],
}


def posts(response: Any) -> dict[str, list[str]]:
    """The targets of a Link header, by relation."""
    found: dict[str, list[str]] = {}
    for target, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', response.headers["link"]):
        found.setdefault(relation, []).append(target)
    return found


def key_of(path: Path, kind: str) -> str:
    if kind == "entity":
        return "q90-7vjtwgbjzcbb3"
    return first_key(path, {"article": "articles", "relation": "relations"}[kind])


def test_every_kind_with_a_page_says_what_it_is() -> None:
    assert set(CLASSES) == set(WITH_PAGE)
    assert {each.name for each in WITH_PAGE} == TYPES.keys()


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.asyncio
async def test_the_page_of_a_thing(serve: Serve, example_db: Path, kind: str) -> None:
    key = key_of(example_db, kind)
    client = serve(example_db).client
    found = posts(await client.get(f"{HOME}/{kind}/{key}"))
    assert found["cite-as"] == [f"{BASE}id/{kind}/{key}"]
    documents = [f"{HOME}/{kind}/{key}{each.ending}" for each in FORMATS]
    assert found["describedby"] == found["alternate"] == documents
    assert found["type"] == ["https://schema.org/AboutPage", *TYPES[kind]]
    assert found.get("item") == ([f"{HOME}/article/{key}.txt"] if kind == "article" else None)
    # And back.
    document = posts(await client.get(documents[0]))
    assert document["describes"] == [f"{HOME}/{kind}/{key}"]


@pytest.mark.asyncio
async def test_the_overview(serve: Serve, example_db: Path) -> None:
    found = posts(await serve(example_db).client.get(HOME))
    assert found["cite-as"] == [BASE]
    assert found["type"] == ["https://schema.org/AboutPage", "https://schema.org/Dataset"]
    assert found["item"] == [f"{HOME}{each.ending}" for each in FORMATS]
    for item in found["item"]:
        assert posts(await serve(example_db).client.head(item))["collection"] == [HOME]


@pytest.mark.asyncio
async def test_a_text_belongs_to_its_page(serve: Serve, example_db: Path) -> None:
    key = key_of(example_db, "article")
    found = posts(await serve(example_db).client.get(f"{HOME}/article/{key}.txt"))
    assert found["collection"] == [f"{HOME}/article/{key}"]
    assert found["describedby"] == [f"{HOME}/article/{key}{each.ending}" for each in FORMATS]


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        (
            "https://creativecommons.org/licenses/by/4.0/",
            "https://creativecommons.org/licenses/by/4.0/",
        ),
        ("https://a.example/ü>, <b", "https://a.example/%C3%BC%3E,%20%3Cb"),
        ("CC BY", None),
        ("javascript:alert(1)", None),
        (None, None),
    ],
)
@pytest.mark.asyncio
async def test_the_licence_of_an_article_is_named_where_it_has_an_address(
    serve: Serve, tmp_path: Path, licence: str | None, expected: str | None
) -> None:
    path = tmp_path / "licensed.db"
    load(path, [{"id": "a", "title": "T", "licence": licence}])
    address = f"/licensed/-/newsgraph/article/{first_key_of(path)}"
    found = posts(await serve(path).client.get(address))
    assert found.get("license") == (expected and [expected])
    # The base is one of this machine only.
    assert "cite-as" not in found


def first_key_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT key FROM articles").fetchone()[0])


@pytest.mark.parametrize("name", ["x" * 200, "€" * 60])
@pytest.mark.asyncio
async def test_the_header_is_not_too_long(
    serve: Serve, example_db: Path, tmp_path: Path, name: str
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / f"{name}.db"))
    datasette = serve(path)
    home = f"{datasette.urls.database(name)}/-/newsgraph"
    for place in ("", "/entity/q90-7vjtwgbjzcbb3"):
        response = await datasette.client.get(f"{home}{place}")
        assert len(response.headers["link"]) <= LONGEST
        assert "cite-as" in posts(response)


@given(
    st.lists(
        st.builds(
            Post,
            st.text(max_size=200).map(lambda each: each * 9),
            st.sampled_from(["type", "item"]),
            st.none(),
        ),
        max_size=9,
    )
)
def test_whatever_a_link_leads_to_the_header_is_one(given_posts: list[Post]) -> None:
    found = header(given_posts)
    assert len(found) <= LONGEST
    assert found.isascii()
    assert found.isprintable()
    assert all(re.fullmatch(r'<[^<>" ]*>; rel="\w+"', each) for each in found.split(", ") if found)


@pytest.mark.asyncio
async def test_no_link_leads_to_a_text_that_is_hidden(news: Path, shape: Any) -> None:
    page = f"{GRAPH}/article/{shape.keys['article'][0]}"
    async with serving(news, private("article_texts")) as server:
        assert "item" not in posts(await server.anybody.get(page))
        assert posts(await server.alice.get(page))["item"] == [f"{page}.txt"]
