"""Search: words in, things out, whatever is typed and whoever types it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.database import QueryInterrupted

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store.schema import FULL_TEXT
from datasette_newsgraph.web.search import entity_hits, finding, search_page, text_hits
from datasette_newsgraph.web.search.hits import COUNTED, READ
from datasette_newsgraph.web.search.search_page import SOME
from datasette_newsgraph.web.search.snippets import snippet
from datasette_newsgraph.web.settings import DEFAULTS
from tests.permissions.addresses import GRAPH
from tests.permissions.marked_news import NOWHERE, make_news
from tests.permissions.visitors import ALICE, private, serving
from tests.rdf.rdf_tools import read_with_rdflib
from tests.web.searching import NAMES, hits, marks

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

SEARCH = "/examples/-/newsgraph/search"


def titles(html: Any) -> list[str]:
    """The kinds of what was found."""
    return [each.text.split()[0] for each in html.all("h2")]


# --- What is found ---------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_entities_articles_and_quotes_in_one_box(search: Callable[..., Any]) -> None:
    html = await search("sudan")
    assert titles(html) == ["Entities", "Articles", "Quotes"]
    # Just this name comes before names of which it is a part.
    assert hits(html)[0] == "Sudan"
    assert "South Sudan becomes the world’s newest country" in hits(html)
    assert marks(html) == {"Sudan", "Sudanese"}
    quoted = html.all("blockquote")[0]
    assert quoted.text == "Obama should lift sanctions on Sudan"
    assert html.all("input", type="search")[0].attributes["value"] == "sudan"
    assert "Search: sudan – examples" in html.all("title")[0].text


@pytest.mark.asyncio
async def test_links_lead_to_the_things_and_to_the_sentence(
    search: Callable[..., Any], serve: Serve, example_db: Path, page: Parse
) -> None:
    client = serve(example_db).client
    html = await search("sudan")
    for place in html.all("a", class_="hit"):
        assert (await client.get(place.attributes["href"])).status_code == 200
    link = next(each for each in html.all("a") if "?at=" in each.attributes["href"])
    article = page((await client.get(link.attributes["href"].partition("#")[0])).text)
    assert "".join(each.text for each in article.all("mark")) == link.text


@pytest.mark.parametrize(
    ("typed", "name", "mark"),
    [
        ("Accord de Paris", "Paris Agreement", "Accord"),
        ("ile de la cite", "Île de la Cité", "Île"),
        ("DAGLIQ", "Нагорный Карабах", "Dağlıq"),
        ("巴黎协定", "Paris Agreement", "巴黎协定"),
        ("巴黎*", "Paris", "巴黎"),
        ("لیونل", "Lionel Messi", "لیونل"),
        ("КАРАБАХ*", "Нагорный Карабах", "Карабах"),
        ("notre-dame", "Notre-Dame fire", "Notre-Dame"),
        ('"moon jae"', "문재인", "Moon Jae"),
    ],
)
@pytest.mark.asyncio
async def test_names_are_found_by_any_of_them_in_any_case_and_without_marks(
    search: Callable[..., Any], typed: str, name: str, mark: str
) -> None:
    html = await search(typed)
    assert name in hits(html)
    assert mark in marks(html)


@pytest.mark.asyncio
async def test_all_words_have_to_be_there_and_phrases_together(
    search: Callable[..., Any],
) -> None:
    assert "Articles" in titles(await search("paris fire notre-dame"))
    assert not hits(await search("paris zzzz"))
    together = await search('"world cup"', **{"in": "articles"})
    assert marks(together) == {"World Cup"}
    apart = await search('"cup world"', **{"in": "articles"})
    assert not hits(apart)


@pytest.mark.asyncio
async def test_nothing_asked_nothing_found_and_nothing_but_signs(
    search: Callable[..., Any],
) -> None:
    empty = await search("")
    assert not empty.all("h2")
    assert empty.all("form", role="search")
    assert not empty.all("p", role="status")
    assert "Nothing was found" in (await search("zzzzzz")).all("p", role="status")[0].text
    signs = await search('"*" -- ()!')
    assert "no word in this" in signs.all("p", role="status")[0].text


@pytest.mark.asyncio
async def test_what_is_found_is_found_in_datasettes_own_search_too(
    search: Callable[..., Any], serve: Serve, example_db: Path
) -> None:
    client = serve(example_db).client
    for typed in ("paris", '"world cup" france', "agree* paris", "notre-dame"):
        html = await search(typed)
        listed = [each for each in html.all("a") if "_search=" in each.attributes["href"]]
        assert listed
        for heading, link in zip(html.all("h2"), listed, strict=True):
            count = int(heading.text.split()[1].strip(","))
            path = link.attributes["href"].replace("?", ".json?", 1)
            answer = (await client.get(f"{path}&_size=max&_shape=objects")).json()
            assert len(answer["rows"]) == count, (typed, path)


@pytest.mark.asyncio
async def test_the_same_as_rdf(serve: Serve, example_db: Path, page: Parse) -> None:
    client = serve(example_db).client
    html = page((await client.get(f"{SEARCH}?q=sudan")).text)
    triples = set()
    for format_ in FORMATS:
        address = html.all("link", rel="alternate", type=format_.media_type)[0].attributes["href"]
        response = await client.get(address)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith(format_.media_type)
        for link in html.all("a", class_="hit"):
            assert link.attributes["href"].rpartition("/")[2] in response.text
        # No more than the things on the page, and what they refer to.
        assert "argentina" not in response.text
        triples.add(tuple(sorted(read_with_rdflib(response.content, format_))))
    assert len(triples) == 1
    assert (await client.get(f"{SEARCH}.xml?q=sudan")).status_code == 404
    assert (await client.get(f"{SEARCH}.ttl")).status_code == 200


# --- While somebody types --------------------------------------------------------------------


@pytest.fixture(scope="module")
def typed_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty articles about Mosul, fewer about what is called Mos, one about a mosque."""
    path = tmp_path_factory.mktemp("typed") / "typed.db"
    names = [*["Mosul"] * 30, *["Mos"] * 3, "Old mos", "Mosque"]
    records = [
        {
            "id": f"a{number}",
            "title": f"From {name} {number}",
            "text": f"“{name} by night”, they said.",
            "published": f"2020-01-{number % 28 + 1:02}",
            "quotes": [{"start": 1, "end": 10 + len(name), "text": f"{name} by night"}],
            "entities": [{"id": "e", "type": "Place", "name": name, "mentions": [{"text": name}]}],
        }
        for number, name in enumerate(names)
    ]
    load(path, records)
    return path


@pytest.mark.asyncio
async def test_the_last_word_may_be_the_beginning_of_one_and_whole_words_come_first(
    serve: Serve, typed_db: Path, page: Parse
) -> None:
    client = serve(typed_db).client

    async def look(typed: str, **arguments: str) -> Any:
        query = urlencode({"q": typed, **arguments})
        return page((await client.get(f"/typed/-/newsgraph/search?{query}")).text)

    html = await look("mos")
    assert hits(html)[:4] == ["Mos", "Old mos", "Mosul", "Mosque"]
    assert [each.text.split(",")[0] for each in html.all("h2")] == [
        *("Entities 4", "Articles 35", "Quotes 35")
    ]
    assert "whole words first, the best first" in html.all("h2")[1].text
    assert {"Mos", "mos", "Mosul"} <= marks(html)
    # Every hit is on one page, whichever way it was found.
    for kind in ("articles", "quotes"):
        seen: list[str] = []
        for number in (1, 2, 3):
            found = await look("mos", page=str(number), **{"in": kind})
            seen += [each.text for each in found.all("a") if each.text.startswith("From ")]
        assert len(seen) == len(set(seen)) == 35
        assert all(" Mos " in each or " Old mos " in each for each in seen[:4])
    # Datasette's own search finds as many.
    for link in (each.attributes["href"] for each in html.all("a")):
        if "_search=" in link:
            rows = (await client.get(f"{link.replace('?', '.json?', 1)}&_size=max")).json()["rows"]
            assert len(rows) == (4 if "entity" in link else 35)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("from mosu", "Articles 30"),
        ("mosu from", None),  # only the last word
        ('"mosu"', None),  # not in quotation marks
        ("mo", None),  # too few letters
        ("mosul", "Articles 30"),
    ],
)
@pytest.mark.asyncio
async def test_what_is_no_beginning(
    serve: Serve, typed_db: Path, page: Parse, typed: str, expected: str | None
) -> None:
    client = serve(typed_db).client
    html = page((await client.get("/typed/-/newsgraph/search", params={"q": typed})).text)
    found = [each.text.split(",")[0] for each in html.all("h2") if "Articles" in each.text]
    assert found == ([expected] if expected else [])


@pytest.mark.asyncio
async def test_where_too_many_words_begin_so_whole_words_are_found(
    serve: Serve, typed_db: Path, page: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = finding._count

    async def interrupted(visit: Any, table: str, words: Any) -> Any:
        if words.has_open_end:
            raise QueryInterrupted(ValueError("interrupted"), "", {})
        return await count(visit, table, words)

    monkeypatch.setattr(finding, "_count", interrupted)
    client = serve(typed_db).client
    html = page((await client.get("/typed/-/newsgraph/search?q=mos")).text)
    assert hits(html)[:2] == ["Mos", "Old mos"]
    assert "took longer" in (await client.get("/typed/-/newsgraph/search?q=mosq")).text


WRITTEN, BARE = zip(*NAMES, strict=True)


# --- Many hits -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty articles that all have a word, each day one; and as many namesakes."""
    path = tmp_path_factory.mktemp("many") / "many.db"
    records = [
        {
            "id": f"a{number}",
            "title": f"Report {number}",
            "text": f"Report {number}\n\nThe council of town {number} met.",
            "published": f"2020-{number // 28 + 1:02}-{number % 28 + 1:02}",
            "entities": [
                {"id": "e", "type": "Place", "name": f"Town {number}"},
                {"id": "c", "type": "Organization", "name": "Council"},
            ],
        }
        for number in range(60)
    ]
    load(path, records)
    return path


@pytest.mark.parametrize("ranked", [1000, 10])
@pytest.mark.asyncio
async def test_pages_of_one_kind(
    serve: Serve, many_db: Path, page: Parse, ranked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_hits, "RANKED", ranked)
    client = serve(many_db).client
    html = page((await client.get("/many/-/newsgraph/search?q=council")).text)
    assert [each.text.split(",")[0] for each in html.all("h2")] == ["Entities 1", "Articles 60"]
    assert len(hits(html)) == 1 + SOME
    address, seen = html.link("More articles"), []
    while True:
        html = page((await client.get(address)).text)
        assert len(hits(html)) <= DEFAULTS.search_page_size
        seen += hits(html)
        more = html.all("a", rel="next")
        if not more:
            break
        address = more[0].attributes["href"]
    assert sorted(seen) == sorted(f"Report {number}" for number in range(60))
    assert html.all("a", rel="prev")
    if ranked == 10:
        assert seen == [f"Report {number}" for number in reversed(range(60))]


@pytest.mark.asyncio
async def test_of_too_many_entities_those_of_just_this_name_and_the_most_mentioned(
    serve: Serve, many_db: Path, page: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(many_db).client
    for compared in (500, 20):
        for sorted_ in (5000, 5):
            monkeypatch.setattr(entity_hits, "_COMPARED", compared)
            monkeypatch.setattr(entity_hits, "_SORTED", sorted_)
            html = page((await client.get("/many/-/newsgraph/search?q=town+7*")).text)
            assert hits(html)[0] == "Town 7"
            html = page((await client.get("/many/-/newsgraph/search?q=town")).text)
            assert len(hits(html)) == 2 * SOME


@pytest.mark.asyncio
async def test_more_than_are_counted_is_said(
    serve: Serve, many_db: Path, page: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (finding, search_page, text_hits):
        monkeypatch.setattr(module, "COUNTED", 20)
    monkeypatch.setattr(text_hits, "RANKED", 10)
    html = page((await serve(many_db).client.get("/many/-/newsgraph/search?q=council")).text)
    assert "Articles more than 20, the newest first" in [each.text for each in html.all("h2")]
    assert hits(html)[1] == "Report 59"
    assert COUNTED == 10_000


# --- However much there is, and before there is anything ------------------------------------


@pytest.fixture
def changed_news(tmp_path: Path) -> Callable[..., Path]:
    """``changed_news("UPDATE …")``: a graph that was changed behind newsgraph's back."""

    def change(*statements: str) -> Path:
        path = make_news(tmp_path / "news.db")
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return path

    return change


@pytest.mark.asyncio
async def test_no_more_is_read_than_can_be_shown_and_not_while_others_wait(
    changed_news: Callable[..., Path], page: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quote of ten megabytes, an entity of a hundred thousand names, and titles as long."""
    repeated = "replace(printf('%.*c', 1000000, 'x'), 'x', '{}')"
    news = changed_news(
        f"UPDATE quotes SET surface = 'Quotemark ' || {repeated.format('word word ')}",
        f"UPDATE articles SET title = 'Headlinemark ' || {repeated.format('word ')}",
        "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers"
        " WHERE n < 100000) UPDATE entities SET alias_text ="
        " (SELECT group_concat('Aliasmark ' || n, char(10)) FROM numbers)",
    )
    lengths = []

    def looked(text: str, *arguments: Any, **options: Any) -> Any:
        assert threading.current_thread() is not threading.main_thread()
        lengths.append(len(text))
        return snippet(text, *arguments, **options)

    for module in (text_hits, entity_hits):
        monkeypatch.setattr(module, "snippet", looked)
    async with serving(news, {}) as server:
        for word in ("Quotemark", "Headlinemark", "Aliasmark"):
            answer = await server.anybody.get(f"{GRAPH}/search?q={word}")
            assert answer.status_code == 200
            assert len(answer.text) < 50_000
            marked_words = [each.text for each in page(answer.text).all("mark")]
            assert word in marked_words
            if word == "Aliasmark":
                assert "also called Aliasmark 1 · Aliasmark 2 · Aliasmark 3" in " ".join(
                    page(answer.text).all("p", class_="excerpt")[0].text.split()
                )
    assert max(lengths) == READ
    assert len(lengths) < 100


@pytest.mark.asyncio
async def test_before_the_first_load_has_ended_nothing_is_indexed_yet(
    changed_news: Callable[..., Path], page: Parse
) -> None:
    news = changed_news(*(f"DROP TABLE {table}_fts" for table in FULL_TEXT))
    async with serving(news, private("article_texts")) as server:
        for query in ("", "?q=Entitymark", "?q=Entitymark&in=entities"):
            answer = await server.anybody.get(f"{GRAPH}/search{query}")
            assert answer.status_code == 200
            html = page(answer.text)
            assert "Nothing is indexed yet" in html.all("p", role="status")[0].text
            assert not html.all("h2")
            assert not html.all("link", rel="alternate")
        # What a visitor may not search later either is refused as ever.
        assert (await server.anybody.get(f"{GRAPH}/search?q=a&in=quotes")).status_code == 403
        assert (await server.alice.get(f"{GRAPH}/search?q=a&in=quotes")).status_code == 200
        assert (await server.anybody.get(f"{GRAPH}/search.ttl?q=Entitymark")).status_code == 200
    async with serving(news, private("article_texts", "entities")) as server:
        assert (await server.anybody.get(f"{GRAPH}/search?q=a")).status_code == 403


@pytest.mark.asyncio
async def test_texts_are_shown_in_their_direction(serve: Serve, tmp_path: Path) -> None:
    """An excerpt may begin with a name that runs the other way."""
    path = tmp_path / "messi.db"
    text = "Messi لیونل مسی، بازیکن آرژانتین"
    quoted = {"start": 0, "end": len(text), "text": text}
    record = {"id": "a", "title": "لیونل مسی", "text": text, "language": "fa", "quotes": [quoted]}
    load(path, [record])
    html = (await serve(path).client.get("/messi/-/newsgraph/search?q=Messi")).text
    assert '<p class="excerpt" dir="rtl" lang="fa"><mark>Messi</mark>' in html
    assert '<blockquote dir="rtl" lang="fa">' in html
    assert '<bdi dir="rtl"><mark>Messi</mark>' in html


# --- Who may see what ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "gone", "stays"),
    [
        ("article_texts", {"Textmark", "Headlinemark", "Quotemark"}, {"Entitymark", "Aliasmark"}),
        (
            "articles",
            {"Textmark", "Headlinemark", "Quotemark", "Localmark"},
            {"Entitymark", "Aliasmark"},
        ),
        ("entities", {"Entitymark", "Aliasmark", "Quotemark"}, {"Headlinemark", "Textmark"}),
        ("quotes", {"Quotemark"}, {"Entitymark", "Headlinemark"}),
        # What is searched may be hidden alone.
        ("article_texts_fts", {"Textmark", "Headlinemark"}, {"Entitymark", "Quotemark"}),
        ("entities_fts", {"Entitymark", "Aliasmark"}, {"Headlinemark", "Quotemark"}),
        ("quotes_fts", {"Quotemark"}, {"Entitymark", "Headlinemark"}),
        ("entity_counts", set(), {"Entitymark", "Headlinemark", "Quotemark"}),
    ],
)
@pytest.mark.asyncio
async def test_what_is_hidden_is_not_found(
    news: Path, hidden: str, gone: set[str], stays: set[str]
) -> None:
    """A word of what is hidden is answered as a word that is nowhere."""
    async with serving(news, private(hidden)) as server:

        async def found(visitor: Any, word: str, ending: str = "") -> str:
            answer = await visitor.get(f"{GRAPH}/search{ending}?q={word}")
            assert answer.status_code == 200
            return str(answer.text).replace(word, "")

        for ending in ("", ".ttl", ".nt", ".jsonld"):
            nowhere = await found(server.anybody, NOWHERE, ending)
            for word in gone:
                assert await found(server.anybody, word, ending) == nowhere, word
            for word in stays:
                assert await found(server.anybody, word, ending) != nowhere, word
            for word in gone | stays:
                nothing = await found(server.alice, NOWHERE, ending)
                assert await found(server.alice, word, ending) != nothing, word


@pytest.mark.asyncio
async def test_counts_that_are_hidden_are_neither_shown_nor_sorted_by(news: Path) -> None:
    async with serving(news, private("entity_counts")) as server:
        assert "770,077" in (await server.alice.get(f"{GRAPH}/search?q=Entitymark")).text
        assert "770,077" not in (await server.anybody.get(f"{GRAPH}/search?q=Entitymark")).text


@pytest.mark.asyncio
async def test_a_kind_that_is_hidden_is_refused_and_nobody_keeps_what_alice_sees(
    news: Path,
) -> None:
    async with serving(news, private("article_texts")) as server:
        for kind in ("articles", "quotes"):
            address = f"{GRAPH}/search?q=mark&in={kind}"
            assert (await server.anybody.get(address)).status_code == 403
            answer = await server.visitor(ALICE).get(address)
            assert answer.status_code == 200
            assert "no-store" in answer.headers["cache-control"]
    async with serving(news, private("article_texts", "entities")) as server:
        assert (await server.anybody.get(f"{GRAPH}/search?q=mark")).status_code == 403
        overview = await server.anybody.get(GRAPH)
        assert overview.status_code == 200
        assert "/search" not in overview.text
