"""A reader's way in a real browser, from a facet to the sentence; with JavaScript and without.

Nothing else may happen on the way: no error or warning in the console, no dialog, no answer but good
ones, no request that leaves the machine. ``tests.screen.browser`` watches for that on every page.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from datasette_newsgraph.loading.load import load_files
from tests.permissions.marked_news import IS_1_0
from tests.screen import browser

HOME = "/examples/-/newsgraph"

with_and_without_javascript = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with JavaScript", "without"]
)


@pytest.fixture(scope="module")
def server(example_db: Path) -> Iterator[browser.Server]:
    with browser.serving(example_db) as found:
        yield found


def text_of(path: Path, article_key: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(
            connection.execute(
                "SELECT article_texts.text FROM article_texts"
                " JOIN articles ON articles.id = article_id WHERE articles.key = ?",
                (article_key,),
            ).fetchone()[0]
        )


def must_highlight_what_is_asked_for(page: Any, path: Path) -> None:
    """The page of an article marks the span that its address asks for, where a reader sees it."""
    address = urlsplit(page.url)
    start, end = map(int, parse_qs(address.query)["at"][0].split(","))
    span = text_of(path, address.path.rpartition("/")[2])[start:end]
    marks = page.locator("main .text mark")
    marked = "".join(each.text_content() for each in marks.all())
    assert marked.split() == span.split()
    assert marks.first.get_attribute("id") == address.fragment == f"char={start},{end}"
    # In sight, as the fragment has taken the browser there.
    box = marks.first.bounding_box()
    assert 0 <= box["y"] < page.viewport_size["height"]
    assert background(marks.first) not in ("rgba(0, 0, 0, 0)", background(page.locator("body")))


def background(element: Any) -> str:
    return str(element.evaluate("each => getComputedStyle(each).backgroundColor"))


# --- The way -----------------------------------------------------------------------------------


@with_and_without_javascript
def test_from_a_facet_to_the_sentence_by_links_alone(
    chromium: Any, server: browser.Server, example_db: Path, javascript: bool
) -> None:
    with browser.window(chromium, server, javascript=javascript) as window:
        page = window.go("/examples/article_index")
        # Of the facet of people: who is named by two of the articles.
        page = window.follow(facet(page, "Person").get_by_role("link", name="Emmanuel Macron"))
        titles = page.locator("table.rows-and-columns td.col-title")
        assert sorted(titles.all_inner_texts()) == [
            "Argentina beat France on penalties to win World Cup",
            "Fire destroys spire and roof of Notre-Dame in Paris",
        ]
        page = window.follow(page.get_by_role("link", name="Fire destroys spire and roof"))
        assert page.locator("h1").inner_text() == (
            "Fire destroys spire and roof of Notre-Dame in Paris"
        )
        page = window.follow(page.locator(".text a", has_text="Anne Hidalgo").first)
        assert page.locator("h1").inner_text() == "Anne Hidalgo"
        page = window.follow(page.locator("main a[href*='/relation/']").first)
        page = window.follow(page.locator("main a[href*='?at=']").first)
        must_highlight_what_is_asked_for(page, example_db)


def facet(page: Any, name: str) -> Any:
    """What Datasette shows of a facet on the page of a table."""
    return page.locator(".facet-info", has=page.locator("strong", has_text=name))


@with_and_without_javascript
def test_every_sentence_of_the_examples_is_highlighted(
    chromium: Any, server: browser.Server, example_db: Path, javascript: bool
) -> None:
    with closing(sqlite3.connect(example_db)) as connection:
        # The longest of each article, which crosses the most mentions.
        spans = connection.execute(
            "SELECT articles.key, start_char, end_char, max(end_char - start_char) FROM evidence"
            " JOIN articles ON articles.id = article_id GROUP BY article_id"
        ).fetchall()
    assert len(spans) == 8
    with browser.window(chromium, server, width=360, javascript=javascript) as window:
        for key, start, end, _ in spans:
            page = window.go(f"{HOME}/article/{key}?at={start},{end}#char={start},{end}")
            must_highlight_what_is_asked_for(page, example_db)


@pytest.fixture(scope="module")
def real_db(shared_corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real articles, loaded; not to be changed."""
    path = tmp_path_factory.mktemp("served") / "real.db"
    load_files(path, [shared_corpora / "wikinews.jsonl", shared_corpora / "re3d-us.jsonl"])
    return path


@with_and_without_javascript
def test_the_same_way_through_real_articles(chromium: Any, real_db: Path, javascript: bool) -> None:
    with (
        browser.serving(real_db) as server,
        browser.window(chromium, server, javascript=javascript) as window,
    ):
        page = window.go("/real/article_index")
        page = window.follow(
            facet(page, "Organization").get_by_role("link", name="ISIL", exact=True)
        )
        asked_for = parse_qs(urlsplit(page.url).query)["_entity"][0]
        page = window.follow(page.locator("td.col-title a").first)
        page = window.follow(page.locator(f".text a[href$='/entity/{asked_for}']").first)
        assert page.locator("h1").inner_text() == "ISIL"
        page = window.follow(page.locator("main a[href*='/relation/']").first)
        page = window.follow(page.locator("main a[href*='?at=']").first)
        must_highlight_what_is_asked_for(page, real_db)


# --- Other ways -------------------------------------------------------------------------------


@with_and_without_javascript
def test_from_the_overview_by_search_to_somebody_and_on_by_the_drawing(
    chromium: Any, server: browser.Server, javascript: bool
) -> None:
    with browser.window(chromium, server, javascript=javascript) as window:
        page = window.go(HOME)
        page.get_by_label("Search this graph").fill("hidalgo anne")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page = window.follow(page.get_by_role("link", name="Anne Hidalgo").first)
        neighbour = page.locator("svg a[href*='/entity/']").first
        name = neighbour.text_content().strip()
        page = window.follow(neighbour)
        assert page.locator("h1").inner_text() in name


def test_names_are_offered_while_somebody_types(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server) as window:
        page = window.go(HOME)
        page.get_by_label("Search this graph").press_sequentially("hidal")
        offered = page.locator("#graph-search-names option")
        offered.first.wait_for(state="attached")
        assert [each.get_attribute("value") for each in offered.all()] == ["Anne Hidalgo"]
        page.get_by_label("Search this graph").fill("h")
        offered.first.wait_for(state="detached")


@pytest.mark.skipif(not IS_1_0, reason="Datasette 0.65 has no jump menu")
def test_from_any_page_by_the_jump_menu_to_somebody(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server) as window:
        page = window.go("/examples/entities")
        page.keyboard.press("/")
        page.locator("navigation-search input").fill("hidal")
        page = window.follow(page.get_by_role("option", name="Anne Hidalgo"))
        assert page.locator("h1").inner_text() == "Anne Hidalgo"


# --- Datasette's own pages of our tables ---------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/-/newsgraph",
        "/examples",
        "/examples/article_index?_search=fire",
        "/examples/entity_index",
        "/examples/mention_index?_size=5",
        "/examples/relation_index",
        "/examples/quote_index",
        "/examples/entities",
        "/examples/entities/1",
        "/examples/named_together?name=Paris&type=",
    ],
)
def test_nothing_goes_wrong_on_datasettes_pages(
    chromium: Any, server: browser.Server, address: str
) -> None:
    with browser.window(chromium, server) as window:
        window.go(address)


@pytest.mark.parametrize(
    ("script", "noticed"),
    [
        ("console.error('wrong')", "error in the console: wrong"),
        ("console.warn('odd')", "warning in the console: odd"),
        ("alert('hello')", "dialog: hello"),
        ("setTimeout(() => { throw new Error('thrown') })", "error: thrown"),
        ("fetch('https://evil.example/')", "request to https://evil.example/"),
        ("new Image().src = '//evil.example/x.png'", "request to http://evil.example/x.png"),
        ("fetch('/nowhere')", "404 for"),
    ],
)
def test_what_goes_wrong_is_noticed(
    chromium: Any, server: browser.Server, script: str, noticed: str
) -> None:
    with browser.window(chromium, server) as window:
        window.go("/-/newsgraph").evaluate(f"() => {{ {script} }}")
        window.page.wait_for_timeout(100)
        while not window.troubles:
            window.page.wait_for_timeout(100)
        with pytest.raises(AssertionError, match=re.escape(noticed)):
            window.must_be_untroubled()
