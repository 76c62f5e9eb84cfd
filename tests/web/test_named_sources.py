"""Publishers and authors as things: their IRIs lead to their articles, as a page and as RDF."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.rdf import FORMATS, Format, format_named
from datasette_newsgraph.rdf.source_nodes import author_key, publisher_key
from datasette_newsgraph.web.rdf import named_sources
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import DATABASE, on_supported_versions
from tests.permissions.visitors import private, serving
from tests.rdf.exported_graphs import of_class, values
from tests.rdf.rdf_tools import BASE, graph_of, iri, literal, read_with_pyoxigraph

Serve = Callable[..., Any]
HOME = "/news/-/newsgraph"
BROWSER = {"Accept": "text/html,*/*;q=0.8"}
KEYS = {"publisher": publisher_key, "author": author_key}

#: Names of one publisher or author, and whoever else there is beside it.
SPELLINGS = {
    "case and spaces": ["The Gazette", "the  gazette", " THE GAZETTE "],
    "no Latin letter": ["人民日报"],
    "accents": ["José Ñandú", "JOSÉ ÑANDÚ"],
    "an apostrophe": ["Conan O'Brien", "Conan O\u2019Brien"],
    "an emoji": ["\U0001f600"],
    "punctuation": ["!?!"],
    "a comma and quotes": ['Smith, "Jo" & Co, Ltd.'],
    "patterns": ["100%_*[a-z]?"],
    "a bracket": ['["a"]'],
    "underscores": ["_size"],
    "10,000 characters": ["Long name " + "y" * 10_000],
    "full width": ["ＢＢＣ", "bbc"],
}
# A right quotation mark is another character than an apostrophe, and so is the name.
SPELLINGS["an apostrophe"].pop()


def article_ids(graph: set[tuple[str, str, str]]) -> set[str]:
    """The ids of the articles of a graph."""
    return {
        json.loads(each)
        for article in of_class(graph, "schema:NewsArticle")
        for each in values(graph, article, "schema:identifier")
    }


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article of each spelling, and one that names nobody."""
    path = tmp_path_factory.mktemp("sources") / "news.db"
    names = [(kind, name) for kind, listed in SPELLINGS.items() for name in listed]
    records: list[dict[str, Any]] = [
        {"id": f"{kind} {number}", "publisher": name, "authors": ["Somebody", name]}
        for number, (kind, name) in enumerate(names)
    ]
    load(
        path,
        [*records, {"id": "of nobody", "publisher": " \u200b", "authors": [""]}],
        base_iri=BASE,
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, wrong in enumerate(
            ("'[1, null, {}]'", "'not JSON'", "x'00ff'", "7", "'\"a\"'", "'[[\"b\"]]'")
        ):
            connection.execute(
                "INSERT INTO articles (key, given_id, authors, publisher)"
                f" VALUES ('by-hand-{number}', 'by hand {number}', {wrong}, {number}.5)"
            )
    return path


@pytest.mark.parametrize("key_of", KEYS.values(), ids=KEYS)
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Rémy Heitz", "remy-heitz"),
        ("RE\u0301MY HEITZ", "remy-heitz"),
        ("Nguyễn Phú Trọng", "nguyen-phu-trong"),
        ("Côte d'Ivoire Presse", "cote-divoire-presse"),
        ("Ana Lee", "ana-lee"),
    ],
)
def test_a_key_can_be_read_without_accents(
    key_of: Callable[[str], str | None], name: str, read: str
) -> None:
    key = key_of(name)
    assert key is not None
    assert key[:-14] == read


@pytest.mark.parametrize("key_of", KEYS.values(), ids=KEYS)
def test_names_that_differ_in_an_accent_are_two(key_of: Callable[[str], str | None]) -> None:
    plain, accented = key_of("Remy Heitz"), key_of("Rémy Heitz")
    assert plain is not None
    assert accented is not None
    assert plain[:-13] == accented[:-13]
    assert plain[-13:] != accented[-13:]


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("spelled", SPELLINGS)
@on_supported_versions
@pytest.mark.asyncio
async def test_the_iri_leads_to_all_articles_of_the_name(
    serve: Serve, news: Path, kind: str, spelled: str
) -> None:
    client = serve(news).client
    keys = {KEYS[kind](name) for name in SPELLINGS[spelled]}
    (key,) = keys
    address = f"{HOME}/id/{kind}/{key}"
    page = await client.get(address, headers=BROWSER)
    assert page.status_code == 303
    assert page.headers["location"].startswith("/news/article_index?")
    path, _, query = page.headers["location"].partition("?")
    rows = (await client.get(f"{path}.json?{query}&_shape=objects")).json()["rows"]
    assert sorted(row["publisher"] for row in rows) == sorted(SPELLINGS[spelled])
    assert (await client.get(page.headers["location"])).status_code == 200


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
@on_supported_versions
@pytest.mark.asyncio
async def test_in_rdf_it_leads_to_the_same(
    serve: Serve, tmp_path: Path, kind: str, format_: Format
) -> None:
    record = {"id": "a", "publisher": "The Gazette", "authors": ["The Gazette", "Ana"]}
    others = [{"id": "b", "publisher": "the gazette ", "authors": ["THE GAZETTE"]}, {"id": "c"}]
    path = tmp_path / "news.db"
    load(path, [record, *others], base_iri=BASE)
    client = serve(path).client
    key = KEYS[kind]("The Gazette")
    response = await client.get(f"{HOME}/id/{kind}/{key}", headers={"Accept": format_.media_type})
    assert response.status_code == 303
    document = await client.get(response.headers["location"])
    graph = set(read_with_pyoxigraph(document.content, format_))
    assert article_ids(graph) == {"a", "b"}
    node = iri(f"id:{kind}/{key}")
    assert {each for each in graph if each[0] == node} == {
        each for each in graph_of(path) if each[0] == node
    }
    assert values(graph, node, "schema:name") in (
        {literal("The Gazette")},
        {literal("THE GAZETTE")},
    )


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize(
    "key", ["", "-", "nobody-aaaaaaaaaaaaa", "publisher-aaaaaaaaaaaaa", "author", "%25", "a/b"]
)
@pytest.mark.asyncio
async def test_whom_no_article_names_is_not_found(
    serve: Serve, news: Path, kind: str, key: str
) -> None:
    response = await serve(news).client.get(
        f"{HOME}/id/{kind}/{key}", headers={"Accept": "text/turtle"}
    )
    assert response.status_code == 404


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.asyncio
async def test_what_an_address_cannot_hold_is_listed_by_rows(
    serve: Serve, news: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named_sources, "_LONGEST", 3)
    client = serve(news).client
    address = f"{HOME}/id/{kind}/{KEYS[kind]('The Gazette')}"
    response = await client.get(address, headers={"Accept": "text/turtle"})
    document = await client.get(response.headers["location"])
    graph = set(read_with_pyoxigraph(document.content, format_named("turtle")))
    assert len(article_ids(graph)) == 3


@pytest.mark.parametrize("kind", KEYS)
@pytest.mark.parametrize("hidden", ["articles", "article_index"])
@on_supported_versions
@pytest.mark.asyncio
async def test_who_may_not_see_the_articles_is_told_of_nobody(
    tmp_path: Path, kind: str, hidden: str
) -> None:
    path = tmp_path / f"{DATABASE}.db"
    load(path, [{"id": "a", "publisher": "Ana", "authors": ["Ana"]}])
    async with serving(path, private(hidden)) as server:
        for name in ("Ana", "Nobody"):
            address = f"{GRAPH}/id/{kind}/{KEYS[kind](name)}"
            assert (await server.anybody.get(address)).status_code == 403
