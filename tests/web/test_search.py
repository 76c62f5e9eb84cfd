"""Search: words in, things out, whatever is typed and whoever types it."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from datasette.database import QueryInterrupted
from hypothesis import assume, given
from hypothesis import strategies as st

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.store.schema import FULL_TEXT
from datasette_newsgraph.web.search import entity_hits, finding, search_page, text_hits
from datasette_newsgraph.web.search.hits import COUNTED, READ
from datasette_newsgraph.web.search.letters import spellings
from datasette_newsgraph.web.search.query_words import LONGEST, MOST, fold, read_words
from datasette_newsgraph.web.search.search_page import SOME
from datasette_newsgraph.web.search.snippets import WIDTH, marked, snippet
from datasette_newsgraph.web.settings import DEFAULTS
from tests.cost import seconds_of_processor
from tests.permissions.visits import ALICE, GRAPH, NOWHERE, make_news, private, serving
from tests.rdf import hostile
from tests.rdf.rdf_tools import read_with_rdflib

Serve = Callable[..., Any]
Parse = Callable[[str], Any]

SEARCH = "/examples/-/newsgraph/search"


@pytest.fixture
def search(serve: Serve, example_db: Path, page: Parse) -> Callable[..., Any]:
    """``await search("Paris")``: the page of what is found in the example articles."""

    async def found(typed: str, **arguments: str) -> Any:
        query = urlencode({"q": typed, **arguments})
        response = await serve(example_db).client.get(f"{SEARCH}?{query}")
        assert response.status_code == 200, typed
        return page(response.text)

    return found


def titles(html: Any) -> list[str]:
    """The kinds of what was found."""
    return [each.text.split()[0] for each in html.all("h2")]


def hits(html: Any) -> list[str]:
    """The names and titles of what was found."""
    return [each.text for each in html.all("a", class_="hit")]


def marks(html: Any) -> set[str]:
    """What is marked."""
    return {each.text for each in html.all("mark")}


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


# --- Letters with strokes, which full-text search takes for others ----------------------------

#: Names as they are written, and without marks and strokes.
NAMES = [
    ("Wałęsa", "Walesa"),
    ("Łódź", "Lodz"),
    ("Jagiełło", "Jagiello"),
    ("Tromsø", "Tromso"),
    ("Ørsted", "Orsted"),
    ("Đoković", "Dokovic"),
    ("Đà Nẵng", "Da Nang"),
    ("Diyarbakır", "Diyarbakir"),
    ("Kılıçdaroğlu", "Kilicdaroglu"),
    ("Iğdır", "Igdir"),
    ("Ħamrun", "Hamrun"),
    ("Ruoŧŧa", "Ruotta"),
]
WRITTEN, BARE = zip(*NAMES, strict=True)


def told_of(*names: str) -> list[dict[str, Any]]:
    """Articles about these, each with a quote and an entity that is so called, too."""
    return [
        {
            "id": f"a{number}",
            "title": f"From {name}",
            "text": f"“{name} by night”, they said.",
            "quotes": [{"start": 1, "end": 10 + len(name), "text": f"{name} by night"}],
            "entities": [{"id": "e", "type": "Thing", "name": f"No. {number}", "aliases": [name]}],
        }
        for number, name in enumerate(names)
    ]


@pytest.fixture(scope="module")
def stroked_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three graphs: of the names as written, of the bare ones, and of both."""
    folder = tmp_path_factory.mktemp("stroked")
    load(folder / "written.db", told_of(*WRITTEN))
    load(folder / "bare.db", told_of(*BARE))
    load(folder / "both.db", told_of(*WRITTEN, *BARE))
    return folder


@pytest.fixture
def look(serve: Serve, stroked_db: Path, page: Parse) -> Callable[..., Any]:
    """``await look("both", "lodz")``: the page of it. What each kind's link for all of them leads to
    is as many rows.
    """

    async def found(graph: str, typed: str) -> Any:
        client = serve(stroked_db / f"{graph}.db").client
        html = page((await client.get(f"/{graph}/-/newsgraph/search", params={"q": typed})).text)
        listed = [each for each in links(html) if "_search=" in each]
        for heading, link in zip(of_hits(html), listed, strict=True):
            path = link.replace("?", ".json?", 1)
            answer = (await client.get(f"{path}&_size=max&_shape=objects")).json()
            assert len(answer["rows"]) == int(heading.text.split()[1].strip(",")), link
        return html

    return found


def links(html: Any) -> list[str]:
    return [each.attributes["href"] for each in html.all("a")]


def of_hits(html: Any) -> list[Any]:
    """The headings of what was found."""
    return [each for each in html.all("h2") if each.attributes["id"].startswith("found-")]


def counts(html: Any) -> list[str]:
    return [each.text.split(",")[0] for each in of_hits(html)]


ONE = ["Entities 1", "Articles 1", "Quotes 1"]
TWO = ["Entities 2", "Articles 2", "Quotes 2"]


@pytest.mark.parametrize(
    ("graph", "typed", "name"),
    [("written", bare.lower(), written) for written, bare in NAMES]
    + [("bare", written, bare) for written, bare in NAMES]
    + [("written", written.upper(), written) for written, _ in NAMES],
)
@pytest.mark.asyncio
async def test_a_name_is_found_with_strokes_and_without(
    look: Callable[..., Any], graph: str, typed: str, name: str
) -> None:
    html = await look(graph, typed)
    assert counts(html) == ONE
    assert marks(html) == set(name.split())
    assert f"From {name}" in hits(html)


@pytest.mark.parametrize(("written", "bare"), NAMES)
@pytest.mark.asyncio
async def test_all_spellings_are_found_at_once(
    look: Callable[..., Any], written: str, bare: str
) -> None:
    for typed in (written, bare):
        html = await look("both", typed)
        assert counts(html) == TWO
        assert marks(html) == {*written.split(), *bare.split()}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"walesa by night"', ["Articles 1", "Quotes 1"]),
        ('"from walesa"', ["Articles 1"]),
        ('"night walesa"', []),
        ("wale*", ONE),
        ('"da nan"*', ONE),
        ("dan*", []),
        ("by walesa", ["Articles 1", "Quotes 1"]),
        ("walesa tromso", []),
        ("walesa tromso lodz*", []),
        ('from "kilicdaroglu by nig"*', ["Articles 1"]),
    ],
)
@pytest.mark.asyncio
async def test_phrases_and_stars_have_spellings_too(
    look: Callable[..., Any], typed: str, expected: list[str]
) -> None:
    assert counts(await look("written", typed)) == expected


@pytest.mark.asyncio
async def test_a_link_has_the_spellings_that_there_are_and_no_others(
    look: Callable[..., Any],
) -> None:
    async def searched(typed: str, graph: str = "both") -> set[str]:
        listed = [each.partition("?")[2] for each in links(await look(graph, typed))]
        return {each for each in listed if each.startswith("_search")}

    assert await searched("night") == {"_search=night"}
    assert await searched("Diyarbakir", "bare") == {"_search=Diyarbakir"}
    assert await searched("Tromsø", "written") == {urlencode({"_search": "Tromsø"})}
    either = {"_search": '("tromso" OR "tromsø")', "_searchmode": "raw"}
    assert await searched("Tromso") == {urlencode(either)}


@pytest.mark.asyncio
async def test_a_kind_of_thing_has_its_own_spellings(tmp_path: Path, page: Parse) -> None:
    """What is hidden does not follow from how the rest is searched."""
    path = tmp_path / "news.db"
    entity = {"id": "e", "type": "Place", "name": "Łódź"}
    load(path, [{"id": "a", "title": "Lodz", "text": "Lodz", "entities": [entity]}])
    async with serving(path, private("entities")) as server:
        for visitor, expected in ((server.anybody, ["Articles 1"]), (server.alice, ONE[:2])):
            html = page((await visitor.get(f"{GRAPH}/search?q=lodz")).text)
            assert counts(html) == expected
            (of_articles,) = [each for each in links(html) if "article_index?_search" in each]
            assert of_articles.endswith("?_search=lodz")


@pytest.mark.asyncio
async def test_just_this_name_comes_first_with_strokes_too(
    serve: Serve, tmp_path: Path, page: Parse, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = ["Łódź", "Łódź Fabryczna", "New Lodz", "Radio Łódź"]
    records = [
        {"id": f"{name} {number}", "entities": [{"id": "e", "type": "Place", "name": name}]}
        for times, name in enumerate(places)
        for number in range(times + 1)
    ]
    load(tmp_path / "lodz.db", records)
    client = serve(tmp_path / "lodz.db").client
    for compared in (500, 2):
        monkeypatch.setattr(entity_hits, "_COMPARED", compared)
        html = page((await client.get("/lodz/-/newsgraph/search?q=lodz")).text)
        assert hits(html)[:2] == places[:2]


def test_the_spellings_of_a_word() -> None:
    assert spellings("paris") == ["parıs"]
    assert spellings("Wałęsa") == ["walesa"]
    assert spellings("Bolesław") == ["boleslaw", "bołesław", "bołeslaw", "bøleslaw"]
    # A mark may stand on its own, a letter with a stroke have one.
    assert spellings("no\u0301") == ["nø\u0301"]
    assert spellings("巴黎") == spellings("Нагорный") == []


def test_there_are_not_too_many_spellings() -> None:
    """However often a letter is there, and however many words there are."""
    asked: list[str] = []

    def all_known(matches: list[str]) -> list[str]:
        asked[:] = matches
        return matches

    with seconds_of_processor(60):
        for typed in ("lo" * 250, "lolol " * 80, '"' + "lolol " * 80, "tholid* " * 60):
            words = " ".join(f"{each}{number}" for number, each in enumerate(typed.split()))
            words = words if " " in typed else typed
            spelled = read_words(words[:LONGEST]).spelled(all_known)
            assert 0 < len(asked) <= 256
            assert 0 < sum(len(each.others) for each in spelled.phrases) <= 256
            assert len(spelled.match) < 50_000
            assert len(spelled.together.beginning) < 50_000


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


# --- What is asked for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "x" * 10_000, 400),
        ("q=a&q=b", 400),
        ("q=a&page=0", 400),
        ("q=a&page=x", 400),
        ("q=a&page=999", 400),
        ("q=a&in=people", 400),
        ("q=" + "x" * LONGEST, 200),
        ("q=" + quote('"' * LONGEST), 200),
        ("q=" + "lo" * (LONGEST // 2), 200),
        ("q=" + "+".join(f"tholid{number}*" for number in range(50)), 200),
        ("q=" + "+".join(["a*"] * 160), 200),
        ("q=%00%FF%ED%A0%80", 200),
        ("q=paris&in=articles&page=25", 200),
        ("q=paris&page=3", 200),
        ("q=&in=quotes", 200),
        ("", 200),
    ],
    ids=lambda each: str(each)[:30],
)
@pytest.mark.asyncio
async def test_what_is_wrong_is_refused(
    serve: Serve, example_db: Path, query: str, status: int
) -> None:
    response = await serve(example_db).client.get(f"{SEARCH}?{query}")
    assert response.status_code == status


#: Words that FTS5, SQL, HTML or regular expressions would take for their own.
HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)> '",
    "a AND", "OR", "NOT b", "NEAR(a b)", "name:x", "{name alias_text} : x", "^a", "a + b", "(", "a)",
    '"unfinished', '""', '"" ""', "a\0b", "%", "_", "'; DROP TABLE entities; --", ":q", "?1", "$1",
    "[a-z]+", "(a+)+$", "\\", "\u202eabc", "\u200b", "\u0301", "e\u0301",
    "ﬁ", "İ", "ß", "٣", "½", "🦄", "\ue000", "a*b", "*a", "**", "a**", '"a"*', "-a", "{{ 7 * 7 }}",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.asyncio
async def test_hostile_words_are_words(
    search: Callable[..., Any], serve: Serve, example_db: Path, typed: str
) -> None:
    html = await search(typed)
    assert not [each for each in html.all("script") if "alert" in each.text]
    assert not html.all("img")
    assert all(not name.startswith("on") for each in html.elements for name in each.attributes)
    query = urlencode({"q": typed})
    assert (await serve(example_db).client.get(f"{SEARCH}.jsonld?{query}")).status_code == 200


@pytest.fixture(scope="module")
def hostile_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    load(path, hostile.records_of_markup())
    return path


@pytest.mark.parametrize("typed", ["script", "alert", "img onerror", "svg", "ref", "javascript*"])
@pytest.mark.asyncio
async def test_what_articles_hold_is_text_in_snippets_too(
    serve: Serve, hostile_db: Path, page: Parse, typed: str
) -> None:
    response = await serve(hostile_db).client.get(
        f"/hostile/-/newsgraph/search?{urlencode({'q': typed})}"
    )
    assert response.status_code == 200
    html = page(response.text)
    main = response.text.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r"<(?:script|img|svg|iframe|style|b|i>)\b", main.replace("<i>", ""))
    assert all(not name.startswith("on") for each in html.elements for name in each.attributes)
    assert all(
        each.attributes["href"].startswith(("/", "?", "https://datasette.io"))
        for each in html.all("a")
    )


@pytest.fixture(scope="module")
def full_text() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='unicode61 remove_diacritics 2')"
        )
        connection.execute("INSERT INTO texts VALUES ('Some words of a Text, Łódź café')")
        yield connection


_TYPED = st.text(max_size=60) | st.text('ab "*^:(){}+-\0é ANDORNTEłlŁøoı', max_size=40)


def every_spelling(matches: list[str]) -> list[str]:
    return matches


@given(_TYPED)
def test_nothing_that_is_typed_is_an_error(full_text: sqlite3.Connection, typed: str) -> None:
    words = read_words(typed)
    assert bool(words) == bool(words.phrases)
    for as_typed in (words, words.with_open_end(1)) if words else ():
        for each in (as_typed, as_typed.spelled(every_spelling)):
            together = f"text : {each.together.beginning}"
            for match in (each.match, f"text : ({each.match})", together):
                full_text.execute("SELECT * FROM texts WHERE texts MATCH ?", [match]).fetchall()


_TEXTS = st.text("abcé \n.,-'ßñÑ\u0301ا北", max_size=700) | st.text(max_size=300)


@given(_TYPED | st.text("abcéñ \"*'", max_size=12), _TEXTS)
def test_what_is_marked_is_in_the_text_and_nothing_is_lost(typed: str, text: str) -> None:
    words = read_words(typed)
    pieces = marked(text, words)
    assert "".join(piece.text for piece in pieces) == text
    for piece in pieces:
        assert not piece.is_marked or marked(piece.text, words) == [piece]


@given(st.text("abcéñ \"*'", max_size=12), _TEXTS, st.integers(0, 800), st.integers(80, 500))
def test_a_snippet_is_a_part_of_the_text(typed: str, text: str, skip: int, width: int) -> None:
    pieces = snippet(text, read_words(typed), min(skip, len(text)), width)
    shown = "".join(piece.text for piece in pieces)
    assert shown.removeprefix("… ").removesuffix(" …") in text
    assert len(shown) <= width + 4
    assert all(piece.text for piece in pieces)


@given(st.text("abclł ", max_size=10), st.text("abcdABÀñlłŁ ,.", max_size=80))
def test_what_full_text_search_finds_is_marked(typed: str, text: str) -> None:
    # Of a letter that a word has more often not all spellings are searched for.
    assume(all(len(re.findall("[lł]", each)) <= 4 for each in typed.split()))
    words = read_words(typed).spelled(every_spelling)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(text, tokenize='unicode61 remove_diacritics 2')"
        )
        connection.execute("INSERT INTO texts VALUES (?)", [text])
        query = "SELECT highlight(texts, 0, '<', '>') FROM texts WHERE texts MATCH ?"
        row = connection.execute(query, [words.match]).fetchone() if words else None
    if row is None:
        return
    expected = re.findall("<(.*?)>", row[0])
    found = [piece.text for piece in marked(text, words) if piece.is_marked]
    # Words side by side are one mark of SQLite's.
    assert " ".join(fold(each) for each in found) == " ".join(fold(each) for each in expected)


def test_a_snippet_shows_where_most_of_the_words_are() -> None:
    text = "Town " + "filler words here. " * 60 + "The mayor of the town spoke. " + "More. " * 90
    pieces = snippet(text, read_words("town mayor"))
    shown = "".join(piece.text for piece in pieces)
    assert "mayor of the town" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= WIDTH + 4


def test_a_short_stem_is_a_word() -> None:
    assert not read_words("pa*").has_open_end
    assert read_words("par*").has_open_end
    assert read_words("巴*").has_open_end
    assert read_words('"new yor"*').match == '"new yor" *'
    assert read_words('"new yor*"').match == '"new yor"'


def test_a_mark_is_a_part_of_its_word() -> None:
    def marked_in(text: str, typed: str) -> list[str]:
        return [piece.text for piece in marked(text, read_words(typed)) if piece.is_marked]

    text = "cafe\u0301teria cafe\u0301, cafe\u0301 noir"
    assert marked_in(text, "cafe") == ["cafe\u0301", "cafe\u0301"]
    assert marked_in(text, "caf*") == ["cafe\u0301teria", "cafe\u0301", "cafe\u0301"]
    assert marked_in(text, '"café noir"') == ["cafe\u0301 noir"]
    assert marked_in(text, "teria") == []


@pytest.mark.parametrize(
    ("typed", "text", "repeated"),
    [
        ('"alpha beta"', "alpha", "\u0301"),
        ('"alpha beta"', "alpha", "\u0301 "),
        ('"alpha beta"', "alpha", "_"),
        ("alpha*", "", "alpha\u0301"),
        ("a" * 400 + "b", "", "a\u0301"),
        ('"' + "a " * 10 + 'b"', "", "a\u0301\u0301 "),
        ('"' + "a " * 200 + 'b"', "", "a "),
        ("l" * 400 + "b", "", "łl\u0301"),
        ('"lolo lolo"', "lolo", "\u0301 ł"),
        ("b c d f g h i j k l m n o p q r s t u v w", "", "x y "),
    ],
)
def test_a_text_takes_as_long_as_it_is_long(typed: str, text: str, repeated: str) -> None:
    places = read_words(typed).places
    long_text = text + repeated * 400_000
    # At most a second; if it were quadratic, many minutes.
    with seconds_of_processor(60):
        assert sum(1 for _ in places.find(long_text)) <= 400_000


def test_of_many_words_the_first_count() -> None:
    many = read_words(" ".join(f"word{number}" for number in range(40)))
    assert (len(many.phrases), many.is_cut) == (MOST, True)
    assert many.with_open_end().is_cut
    phrase = read_words('three words first, "' + "and many more " * 9 + '"*')
    assert sum(len(each.words) for each in phrase.phrases) == MOST
    assert phrase.is_cut
    assert not phrase.has_open_end
    # The same word is one word.
    assert not read_words("again " * 40).is_cut
    assert not read_words(" ".join(f"word{number}" for number in range(MOST))).is_cut


@pytest.mark.asyncio
async def test_that_not_all_words_count_is_said(search: Callable[..., Any]) -> None:
    def notes(html: Any) -> str:
        return " ".join(each.text for each in html.all("p", class_="note"))

    said = f"Only the first {MOST} words were searched for."
    words = " ".join(f"the{number}" for number in range(MOST))
    assert said not in notes(await search(words))
    assert said in notes(await search(f"{words} more"))


def test_a_text_without_spaces_is_cut_too() -> None:
    pieces = snippet("x" * 10_000, read_words("y"))
    assert sum(len(piece.text) for piece in pieces) <= WIDTH + 4


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
