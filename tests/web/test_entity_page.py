"""The page of an entity: what each part shows, and that it is there only for who may see it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.entity import among_articles, contexts, quotations
from datasette_newsgraph.web.parts import relation_words
from tests.permissions.addresses import GRAPH, Shape
from tests.permissions.marked_news import emptied
from tests.permissions.visitors import private, serving
from tests.rdf import hostile

Serve = Callable[..., Any]
Parse = Callable[[str], Any]
Read = Callable[[str], Awaitable[Any]]

TEXT = "“NATO must stay,” said Angela Merkel in Kabul. NATO agreed. “Merkel was right,” said NATO."


def said(words: str, speaker: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words, "speaker": speaker}


def mentions(*words: str) -> list[dict[str, Any]]:
    return [
        {"start": found.start(), "end": found.end(), "text": each}
        for each in words
        for found in re.finditer(each, TEXT)
    ]


def articles() -> list[dict[str, Any]]:
    """Two articles of one text, and one about NATO and its members that says nothing."""
    everybody = [
        {
            "id": "merkel",
            "type": "Person",
            "name": "Angela Merkel",
            "aliases": ["Chancellor Merkel"],
            "mentions": mentions("Angela Merkel") + mentions("Merkel")[1:],
        },
        {"id": "nato", "type": "Organization", "name": "NATO", "mentions": mentions("NATO")},
        {"id": "kabul", "type": "Place", "name": "Kabul", "mentions": mentions("Kabul")},
    ]
    relations = [
        {"subject": "merkel", "predicate": "visited", "object": "kabul", "confidence": 0.9},
        {"subject": "nato", "predicate": "praised", "object": "merkel"},
        {"subject": "merkel", "predicate": "born on", "value": "1954-07-17", "datatype": "date"},
    ]
    quotes = [said("“NATO must stay,”", "merkel"), said("“Merkel was right,”", "nato")]
    common = {"title": "In Kabul", "publisher": "Reuters"}
    common |= {"text": TEXT, "entities": everybody, "quotes": quotes}
    countries = [
        {"id": f"c{number}", "type": "Place", "name": f"Country {number}"} for number in range(30)
    ]
    members = [
        {"subject": f"c{number}", "predicate": "member of", "object": "nato"}
        for number in range(30)
    ]
    return [
        common | {"id": "a", "published": "2021-08-15", "relations": relations},
        common | {"id": "b", "published": "2021-11", "relations": relations[:1]},
        {
            "id": "c",
            "entities": [{"id": "nato", "type": "Organization", "name": "NATO"}, *countries],
            "relations": members,
        },
    ]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("entities") / "news.db"
    load(path, articles())
    return path


@pytest.fixture
def read(serve: Serve, path: Path, page: Parse) -> Read:
    """``await read("NATO")``: the page of the entity of this name."""

    async def read_page(name: str) -> Any:
        response = await serve(path).client.get(address_of(path, name))
        assert response.status_code == 200, name
        return page(response.text)

    return read_page


def rows(path: Path, sql: str, *parameters: Any) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, parameters).fetchall()


def address_of(path: Path, name: str) -> str:
    (key,) = rows(path, "SELECT key FROM entities WHERE name = ?", name)[0]
    return f"/{path.stem}/-/newsgraph/entity/{key}"


def part(html: Any, fragment: str) -> str:
    """The words of a part of the page, one space between them."""
    return " ".join(html.all("section", id=fragment)[0].text.split())


# --- What it shows ---------------------------------------------------------------------------


@pytest.mark.asyncio
async def test_names_are_shown_with_how_often_they_are_used(read: Read) -> None:
    html = await read("Angela Merkel")
    facts = " ".join(html.all("dl", class_="facts")[0].text.split())
    assert "4 mentions in 2 articles, 2021-08-15 to 2021-11" in facts
    assert "Angela Merkel 2× Merkel 2×" in facts
    assert "Chancellor Merkel" in facts
    assert html.all("span", class_="kind kind-1")


@pytest.mark.asyncio
async def test_counts_lead_to_what_they_count(read: Read, serve: Serve, path: Path) -> None:
    html = await read("NATO")
    client = serve(path).client
    for words, expected in (("6 mentions", 6), ("3 articles", 3)):
        address = html.link(words)
        answer = await client.get(address.replace("?", ".json?", 1) + "&_shape=objects&_size=max")
        assert len(answer.json()["rows"]) == expected, address


@pytest.mark.asyncio
async def test_the_bars_of_the_timeline_lead_to_the_mentions_of_the_time(
    read: Read, serve: Serve, path: Path, page: Parse
) -> None:
    html = await read("NATO")
    assert "by month: up to 1 in one. 1 further article has no date" in part(html, "timeline")
    titles = [each.text for each in html.all("title")]
    assert [each for each in titles if each.startswith("2021")] == ["2021-08: 1", "2021-11: 1"]
    august = html.link("2021-08")
    assert august == "?from=2021-08&to=2021-08#mentions"
    shown = await serve(path).client.get(address_of(path, "NATO") + august.partition("#")[0])
    assert "Mentions in context 3" in part(page(shown.text), "mentions")
    month = next(
        each.attributes["href"]
        for each in html.all("a")
        if "month=2021-08" in each.attributes["href"]
    )
    query = parse_qs(urlsplit(month).query)
    assert query["_zones"] == ["all"]
    answer = await serve(path).client.get(month.replace("?", ".json?", 1) + "&_shape=objects")
    assert len(answer.json()["rows"]) == 1


@pytest.mark.asyncio
async def test_relations_stand_by_predicate_out_and_in(read: Read) -> None:
    html = await read("Angela Merkel")
    assert [each.text.strip() for each in html.all("h4")] == ["visited 1", "born on 1", "praised 1"]
    words = part(html, "relations")
    assert "visited 1 Kabul confidence 0.9 2 articles" in words
    assert "born on 1 1954-07-17 1 article" in words
    assert words.index("Angela Merkel …") < words.index("visited") < words.index("… Angela Merkel")
    (evidence, *_) = html.all("a", class_="evidence")
    assert evidence.text == "2 articles"
    assert "/relation/" in evidence.attributes["href"]


@pytest.mark.asyncio
async def test_of_many_relations_some_are_shown_and_a_link_has_all(
    read: Read, serve: Serve, path: Path
) -> None:
    html = await read("NATO")
    words = part(html, "relations")
    assert words.count("Country") == relation_words.LISTED
    address = html.link("All 30 of “member of”")
    answer = await serve(path).client.get(
        address.replace("?", ".json?", 1) + "&_shape=objects&_size=max"
    )
    assert len(answer.json()["rows"]) == 30


@pytest.mark.asyncio
async def test_quotes_by_somebody_and_about_them(read: Read) -> None:
    html = await read("Angela Merkel")
    by, about = part(html, "quotes").split("About Angela Merkel")
    assert by.count("“NATO must stay,”") == 2
    assert about.count("“Merkel was right,”") == 2
    assert by.index("2021-11") < by.index("2021-08-15")
    assert "/article/" in html.link("“Merkel was right,”")


@pytest.mark.asyncio
async def test_who_else_is_in_the_same_articles(read: Read, serve: Serve, path: Path) -> None:
    html = await read("Angela Merkel")
    words = part(html, "others")
    assert "Organization NATO 2" in words
    assert "Angela Merkel" not in words
    both = next(
        each.attributes["href"]
        for each in html.all("a")
        if each.attributes.get("aria-label", "").startswith("NATO: 2 articles")
    )
    answer = await serve(path).client.get(both.replace("?", ".json?", 1) + "&_shape=objects")
    assert len(answer.json()["rows"]) == 2
    # Of a type there are some, not all.
    nato = part(await read("NATO"), "others")
    assert nato.count("Country") + nato.count("Kabul") == among_articles.OTHERS


@pytest.mark.asyncio
async def test_links_at_the_top_lead_to_the_parts_that_are_there(read: Read) -> None:
    for name in ("NATO", "Country 1", "Kabul"):
        html = await read(name)
        (nav,) = html.all("nav", class_="parts")
        fragments = [
            each.attributes["href"]
            for each in html.all("a")
            if each.attributes["href"].startswith("#") and each.text in nav.text
        ]
        there = {f"#{each.attributes['id']}" for each in html.elements if "id" in each.attributes}
        assert set(fragments) <= there
        assert ("#mentions" in fragments) == (name != "Country 1")
        assert ("#quotes" in fragments) == (name == "NATO")


@pytest.mark.asyncio
async def test_an_entity_of_which_nothing_is_known_but_its_name(
    serve: Serve, tmp_path: Path, page: Parse
) -> None:
    path = tmp_path / "bare.db"
    load(path, [{"id": "a", "entities": [{"id": "e", "type": "Thing", "name": "Ana"}]}])
    response = await serve(path).client.get(address_of(path, "Ana"))
    html = page(response.text)
    assert [each.text for each in html.all("h1")][-1] == "Ana"
    assert not html.all("h2")
    assert "1 article" in html.all("dl", class_="facts")[0].text


@pytest.mark.parametrize("walks", [True, False])
@pytest.mark.asyncio
async def test_the_same_is_found_of_the_rare_and_the_frequent(
    read: Read, monkeypatch: pytest.MonkeyPatch, walks: bool
) -> None:
    async def is_frequent(*_: Any) -> bool:
        return walks

    monkeypatch.setattr(contexts, "is_frequent", is_frequent)
    monkeypatch.setattr(quotations, "is_frequent", is_frequent)
    html = await read("NATO")
    quotes = part(html, "quotes")
    assert quotes.count("“Merkel was right,”") == quotes.count("“NATO must stay,”") == 2
    assert len(html.all("span", class_="line")) == 6


@pytest.mark.asyncio
async def test_strange_names_come_out_to_the_letter(
    serve: Serve, tmp_path: Path, page: Parse
) -> None:
    path = tmp_path / "strange.db"
    load(path, hostile.records_of_markup())
    client = serve(path).client
    for key, name in rows(path, "SELECT key, name FROM entities"):
        response = await client.get(f"/strange/-/newsgraph/entity/{key}")
        assert response.status_code == 200, name
        html = page(response.text)
        assert html.all("h1")[-1].text == (name or "(without a name)")
        assert not [each for each in html.elements if "style" in each.attributes], name
        for each in html.elements:
            assert not [name for name in each.attributes if name.startswith("on")]


# --- Who may see it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hidden", "gone", "stays"),
    [
        ("articles", {"others", "quotes", "mentions"}, {"relations"}),
        ("mentions", {"others", "mentions"}, {"relations", "quotes"}),
        ("appearances", {"others"}, {"relations", "quotes", "mentions"}),
        ("article_texts", {"quotes"}, {"relations", "others", "mentions"}),
        ("relations", {"relations"}, {"others", "quotes", "mentions"}),
        ("quotes", {"quotes"}, {"relations", "others", "mentions"}),
    ],
)
@pytest.mark.asyncio
async def test_each_part_is_there_for_who_may_see_all_of_it(
    news: Path, page: Parse, hidden: str, gone: set[str], stays: set[str]
) -> None:
    address = f"{GRAPH}/entity/{Shape(news).keys['entity'][0]}"
    async with serving(news, private(hidden)) as server:
        alices = page((await server.alice.get(address)).text)
        shown = page((await server.anybody.get(address)).text)
    for html, missing in ((alices, set()), (shown, gone)):
        there = {each.attributes.get("id") for each in html.all("section")}
        assert gone | stays <= there | missing
        assert not there & missing
    headings = " ".join(each.text for each in shown.all("nav", class_="parts"))
    for fragment, words in (("mentions", "Mentions"), ("quotes", "Quotes")):
        assert (words in headings) == (fragment in stays)


@pytest.mark.asyncio
async def test_without_the_texts_a_mention_is_its_words(news: Path, page: Parse) -> None:
    address = f"{GRAPH}/entity/{Shape(news).keys['entity'][0]}"
    async with serving(news, private("article_texts")) as server:
        html = page((await server.anybody.get(address)).text)
    assert {each.text for each in html.all("a", class_="words")} == {"Surfacemark", "Lostmark"}
    assert not html.all("span", class_="line")


# --- Namesakes -------------------------------------------------------------------------------


def namesakes() -> list[dict[str, Any]]:
    """Three cities, a person and a ship of one name; and what is no name but a day, or a pronoun."""
    paris = {"type": "Place", "name": "Paris"}
    france = paris | {"id": "https://www.wikidata.org/wiki/Q90", "description": "capital of France"}
    texas = paris | {"id": "https://www.wikidata.org/wiki/Q830149"}
    person = {"id": "p", "type": "Person", "name": "Paris"}
    ship = {"id": "s", "type": "Vehicle", "name": "Paris"}
    days = [
        {"id": "d", "type": "Date", "name": "Paris"},
        {"id": "t", "type": "Time", "name": "Paris"},
    ]
    he = {"id": "h", "type": "Person", "name": "he"}
    return [
        {"id": "1", "entities": [france, texas, person, ship, *days, he]},
        {"id": "2", "entities": [france, paris | {"id": "x"}, he]},
    ]


@pytest.fixture(scope="module")
def named_alike(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("namesakes") / "news.db"
    load(path, namesakes())
    return path


def others_on(text: str, page: Parse) -> tuple[list[str], str]:
    """The keys to which a page leads as others of the name, and what it says of them."""
    found = re.search("<dt>Others of this name</dt>(<dd>.*?</dd>)", text, re.S)
    listed = page(found[1] if found else "")
    keys = [each.attributes["href"].rpartition("/entity/")[2] for each in listed.all("a")]
    return keys, " ".join("".join(each.text for each in listed.all("dd")).split())


def page_of(path: Path, condition: str) -> str:
    ((key,),) = rows(path, f"SELECT key FROM entities WHERE {condition} LIMIT 1")
    return f"{GRAPH}/entity/{key}"


@pytest.mark.asyncio
async def test_others_of_the_same_name_are_linked(named_alike: Path, page: Parse) -> None:
    async with serving(named_alike) as server:
        texas = page_of(named_alike, "key GLOB 'q830149*'")
        keys, words = others_on((await server.anybody.get(texas)).text, page)
        assert words.startswith("Paris Pl Place capital of France 2 articles Paris")
        # None that is what its words say.
        assert sorted(each.partition("-")[0] for each in keys) == ["paris", "paris", "paris", "q90"]
        # Without an identifier on either side only a type tells them apart.
        other = page_of(named_alike, "type = 'Place' AND key GLOB 'paris*'")
        keys, _ = others_on((await server.anybody.get(other)).text, page)
        assert len(keys) == 4
        for condition in ("name = 'he'", "type = 'Date'"):
            there = await server.anybody.get(page_of(named_alike, condition))
            assert there.status_code == 200
            assert "Others of this name" not in there.text


@pytest.mark.asyncio
async def test_of_many_namesakes_a_table_has_all(tmp_path: Path, page: Parse) -> None:
    path = tmp_path / "news.db"
    name = "Springfield & <Co>"
    entities = [{"id": f"e{each}", "type": f"Type {each}", "name": name} for each in range(9)]
    load(path, [{"id": "a", "entities": entities}])
    async with serving(path) as server:
        answer = await server.anybody.get(page_of(path, "type = 'Type 4'"))
        keys, words = others_on(answer.text, page)
        assert len(keys) == 6
        assert words.endswith("All of this name")
        table = page(answer.text).link("All of this name").replace("entities?", "entities.json?")
        assert len((await server.anybody.get(table)).json()["rows"]) == 9


@pytest.mark.asyncio
async def test_a_name_that_thousands_have_is_looked_up_quickly(tmp_path: Path, page: Parse) -> None:
    path = tmp_path / "news.db"
    load(path, namesakes())
    with closing(sqlite3.connect(path)) as connection:
        connection.executemany(
            "INSERT INTO entities (key, type, name) VALUES (?, 'Person', 'he')",
            [(f"he-{number}",) for number in range(20_000)],
        )
        connection.execute("INSERT INTO entities (key, type, name) VALUES ('band', 'Band', 'he')")
        connection.commit()
    looked_at = []
    async with serving(path) as server:
        database = server.datasette.databases["news"]
        execute = database.execute

        async def noting(sql: str, params: Any = None, *args: Any, **kwargs: Any) -> Any:
            if ":most" in sql:
                looked_at.append((sql, params))
            return await execute(sql, params, *args, **kwargs)

        database.execute = noting
        there = await server.anybody.get(f"{GRAPH}/entity/band")
    assert len(others_on(there.text, page)[0]) == 6
    ((sql, params),) = looked_at
    plan = " ".join(str(row) for row in rows_of_plan(path, sql, params))
    assert "idx_entities_name (name=?)" in plan
    assert not re.search(r"SCAN (entities|identifiers|entity_counts)", plan)


def rows_of_plan(path: Path, sql: str, params: Any) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()


@pytest.mark.parametrize(
    ("hidden", "names", "is_counted"),
    [
        ("articles", 4, False),
        ("entity_counts", 4, False),
        ("relations", 4, True),
    ],
)
@pytest.mark.asyncio
async def test_namesakes_tell_nothing_that_is_hidden(
    named_alike: Path, tmp_path: Path, page: Parse, hidden: str, names: int, is_counted: bool
) -> None:
    texas = page_of(named_alike, "key GLOB 'q830149*'")
    # Without what is hidden it is the same page.
    without = emptied(named_alike, tmp_path, hidden)
    told = []
    for path in (named_alike, without):
        async with serving(path, private(hidden)) as server:
            told.append(others_on((await server.anybody.get(texas)).text, page))
    assert told[0] == told[1]
    keys, words = told[0]
    assert (len(keys), "article" in words) == (names, is_counted)
