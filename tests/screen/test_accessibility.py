"""What axe-core finds: nothing in our pages, and nothing in Datasette's that we have put there.

Beside it what a machine cannot ask axe for: a page on a small screen, by keyboard, in print, at night.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from datasette_newsgraph.metadata.datasette import queries_metadata, tables_metadata
from datasette_newsgraph.store.views import VIEWS
from tests.permissions.marked_news import IS_1_0
from tests.screen import browser

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not there")

HOME = "/examples/-/newsgraph"
NARROW = 360
#: A question with an answer of many columns, numbers and languages.
WIDE = """PREFIX schema: <https://schema.org/> SELECT * WHERE {
  ?place schema:latitude ?latitude ; schema:longitude ?longitude ; schema:sameAs ?elsewhere .
  ?article schema:mentions ?place ; schema:headline ?title
}"""


@pytest.fixture(scope="module")
def server(example_db: Path) -> Iterator[browser.Server]:
    with browser.serving(example_db) as found:
        yield found


@pytest.fixture(scope="module")
def server_without_us(example_db: Path) -> Iterator[browser.Server]:
    """Datasette alone, with titles, descriptions, facets and queries as we give them."""
    tables = tables_metadata()
    for name, metadata in tables.items():
        columns = VIEWS[name][0] if name in VIEWS else {}
        metadata["facets"] = [
            each["counted"] if isinstance(each, dict) else each
            for each in metadata.get("facets", ())
            if not isinstance(each, dict) or each.get("counted") in columns
        ]
    config = {"databases": {"examples": {"tables": tables, "queries": queries_metadata()}}}
    with browser.serving(example_db, with_plugin=False, config=config) as found:
        yield found


@pytest.fixture(scope="module")
def ours(example_db: Path) -> dict[str, str]:
    """The address of each kind of page of ours."""
    with closing(sqlite3.connect(example_db)) as connection:

        def first(sql: str) -> tuple[Any, ...]:
            return tuple(connection.execute(sql).fetchone())

        article, start, end = first(
            "SELECT articles.key, start_char, end_char FROM evidence"
            " JOIN articles ON articles.id = article_id WHERE start_char IS NOT NULL"
        )
        return {
            "graphs": "/-/newsgraph",
            "overview": HOME,
            "article": f"{HOME}/article/{article}",
            "article in Persian": f"{HOME}/article/"
            + first("SELECT key FROM articles WHERE language = 'fa'")[0],
            "sentence": f"{HOME}/article/{article}?at={start},{end}#char={start},{end}",
            "entity": f"{HOME}/entity/"
            + first("SELECT key FROM entities WHERE name = 'Barack Obama'")[0],
            "relation": f"{HOME}/relation/"
            + first("SELECT key FROM relations WHERE object_id IS NOT NULL")[0],
            "what is found": f"{HOME}/search?q=Paris",
            "nothing found": f"{HOME}/search?q=Nowheremark",
            "terms": f"{HOME}/ns",
            "names meant": f"{HOME}/search?q=Pariss",
            "to ask": f"{HOME}/sparql",
            "answer": f"{HOME}/sparql?{urlencode({'query': WIDE})}",
        }


KINDS = (
    *("graphs", "overview", "article", "article in Persian", "sentence", "entity", "relation"),
    *("what is found", "nothing found", "names meant", "terms", "to ask", "answer"),
)
every_page_of_ours = pytest.mark.parametrize("kind", KINDS)


# --- axe-core --------------------------------------------------------------------------------

#: Of Datasette's frame, not of a place: it has no landmarks, so all that stands in it is outside them.
RULES_OF_THE_FRAME = {"region"}


def violations(page: Any, *rules: str) -> dict[tuple[str, str], str]:
    """What axe finds, by rule and place, each with the element; by all rules, or these alone."""
    # Datasette 1.0's jump menu hides the DOM's own ``matches``, over which axe stumbles.
    page.evaluate("document.querySelectorAll('navigation-search').forEach(each => each.remove())")
    options = {"runOnly": list(rules)} if rules else None
    response = axe.Axe().run(page, options=options).response
    # Of words in the very colour of what is behind them axe only says that it cannot tell.
    unseen = [
        {**each, "nodes": [node for node in each["nodes"] if "equalRatio" in json.dumps(node)]}
        for each in response["incomplete"]
    ]
    return {
        (violation["id"], _place(violation["id"], node)): f"{node['html']} {node['failureSummary']}"
        for violation in (*response["violations"], *unseen)
        for node in violation["nodes"]
    }


def _place(rule: str, node: dict[str, Any]) -> str:
    """A selector without what differs from row to row and from facet to facet."""
    if rule in RULES_OF_THE_FRAME:
        return ""
    return re.sub(r'\[[^]]*\]|:nth-child\(\d+\)|["\d]', "", node["target"][-1])


@pytest.fixture(scope="module")
def rules_broken_by_the_frame(chromium: Any, server_without_us: browser.Server) -> set[str]:
    """Such as that 0.65 does not say in which language its pages are."""
    with browser.window(chromium, server_without_us) as window:
        return {rule for rule, _ in violations(window.go("/examples/articles/1"))}


@every_page_of_ours
def test_axe_finds_nothing_in_a_page_of_ours(
    chromium: Any,
    server: browser.Server,
    ours: dict[str, str],
    rules_broken_by_the_frame: set[str],
    kind: str,
) -> None:
    with browser.window(chromium, server) as window:
        page = window.go(ours[kind])
        assert page.locator("main").count() == 1
        for width in (1200, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                # At night nothing but the colours is another.
                found = violations(page, *(["color-contrast"] if scheme == "dark" else []))
                assert not {
                    each: found[each] for each in found if each[0] not in rules_broken_by_the_frame
                }, f"{width} px, {scheme}"


DATASETTES_OWN = (
    "/",
    "/examples",
    "/examples/article_index?_size=2",
    "/examples/entity_index?_size=2",
    "/examples/mention_index?_size=2",
    "/examples/relation_index?_size=2",
    "/examples/quote_index?_size=2",
    "/examples/entities/1",
    "/examples/named_together?name=Paris&type=",
)


@pytest.mark.parametrize("address", DATASETTES_OWN)
def test_axe_finds_nothing_in_datasettes_pages_that_is_not_there_without_us(
    chromium: Any, server: browser.Server, server_without_us: browser.Server, address: str
) -> None:
    with browser.window(chromium, server_without_us) as window:
        known = violations(window.go(address))
    with browser.window(chromium, server) as window:
        found = violations(window.go(address))
    # A form of ours beside theirs, and axe calls the same place otherwise.
    same = set(known.values())
    new = {each for each in found.keys() - known.keys() if found[each] not in same}
    assert not {each: found[each] for each in new}


def test_axe_can_read_every_word_of_our_tables_and_all_at_night(
    chromium: Any, server: browser.Server
) -> None:
    with browser.window(chromium, server) as window:
        for address in DATASETTES_OWN:
            page = window.go(address)
            # Of the server and the database the colours by day are Datasette's.
            is_of_a_table = address.count("/") > 1
            for width, scheme in [
                *[(1200, "light")] * is_of_a_table,
                (1200, "dark"),
                *[(NARROW, "dark")] * ("_index" in address),
            ]:
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=scheme)
                assert (brightness(page, "body") < 0.25) == (scheme == "dark"), address
                found = violations(page, "color-contrast")
                assert not found, f"{address}, {width} px, {scheme}"
            page.emulate_media(color_scheme="light")


#: What is not ours, on a server and in a database with a graph.
OF_OTHERS = (
    "/others",
    "/others/entities",
    "/others/entities/1",
    "/examples/notes",
    "/examples/notes/1",
)


def test_pages_of_others_are_at_night_as_by_day(
    chromium: Any, example_db: Path, tmp_path: Path
) -> None:
    for name in ("others", "examples"):
        path = tmp_path / f"{name}.db"
        if name == "examples":
            shutil.copy(example_db, path)
        with closing(sqlite3.connect(path)) as connection:
            for table in ("notes", "entities") if name == "others" else ("notes",):
                connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, note TEXT)")
                connection.execute(f"INSERT INTO {table} VALUES (1, 'Call Ana')")
            connection.commit()
    by_sql = "/examples/-/query?sql=select+1" if IS_1_0 else "/examples?sql=select+1"
    with (
        browser.serving(tmp_path / "others.db", tmp_path / "examples.db") as server,
        browser.window(chromium, server) as window,
    ):
        for address in (*OF_OTHERS, by_sql):
            page = window.go(address)
            by_day = colours(page)
            page.emulate_media(color_scheme="dark")
            assert colours(page) == by_day, address
            page.emulate_media(color_scheme="light")
        page.emulate_media(color_scheme="dark")
        assert brightness(window.go("/examples/entities"), "body") < 0.25


def colours(page: Any) -> list[str]:
    """The colours of all elements."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("*")].map(each => {
          const style = getComputedStyle(each);
          return `${each.tagName} ${style.color} ${style.backgroundColor} ${style.borderColor}`;
        })"""
    )
    return found


# --- A small screen, a keyboard, paper, the night --------------------------------------------


def test_a_small_screen_never_scrolls_sideways(
    chromium: Any, server: browser.Server, ours: dict[str, str]
) -> None:
    with browser.window(chromium, server, width=NARROW) as window:
        hanging_over = {kind: browser.hangs_over(window.go(at)) for kind, at in ours.items()}
        assert not {kind: found for kind, found in hanging_over.items() if found}


def test_the_way_in_fits_a_small_screen(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server, width=NARROW) as window:
        for address in ("/", "/examples", "/examples/entities/1"):
            page = window.go(address)
            assert browser.hangs_over(page) == []
            # All of it is in sight at once.
            box = page.locator(".ng-entrance").bounding_box()
            assert box["y"] + box["height"] <= 450, address


def test_the_keyboard_reaches_the_page_and_shows_where_it_is(
    chromium: Any, server: browser.Server, ours: dict[str, str]
) -> None:
    with browser.window(chromium, server) as window:
        for kind, address in ours.items():
            page = window.go(address)
            for _ in range(20):
                page.keyboard.press("Tab")
                if page.locator("main :focus").count():
                    break
            style, width = page.locator("main :focus").evaluate(
                "each => [getComputedStyle(each).outlineStyle, getComputedStyle(each).outlineWidth]"
            )
            assert style != "none", kind
            assert float(width.removesuffix("px")) >= 2, kind


def test_the_keyboard_follows_links(
    chromium: Any, server: browser.Server, ours: dict[str, str]
) -> None:
    with browser.window(chromium, server) as window:
        for kind, address in ours.items():
            if kind in ("nothing found", "terms"):
                continue
            page = window.go(address)
            page.locator("main a[href*='/-/newsgraph']:not([href*='/id/'])").first.focus()
            with page.expect_navigation():
                page.keyboard.press("Enter")
            assert page.url != f"{server}{address}"
            window.must_be_untroubled()


def test_paper_has_the_page_and_nothing_to_click(
    chromium: Any, server: browser.Server, ours: dict[str, str]
) -> None:
    with browser.window(chromium, server, dark=True) as window:
        for kind, address in ours.items():
            page = window.go(address)
            page.emulate_media(media="print")
            assert page.locator("main h1").is_visible(), kind
            assert brightness(page, "body") > 0.99, kind
            shown = page.locator("header nav, footer, form, [role=search]").locator("visible=true")
            assert shown.count() == 0, kind


def test_at_night_all_of_the_page_is_dark(
    chromium: Any, server: browser.Server, ours: dict[str, str]
) -> None:
    with browser.window(chromium, server, dark=True) as window:
        for kind, address in ours.items():
            page = window.go(address)
            for part in ("body", "header", "main", "footer"):
                assert brightness(page, part) < 0.25, (kind, part)
            page.emulate_media(color_scheme="light")
            assert brightness(page, "body") > 0.9, kind
            page.emulate_media(color_scheme="dark")


def brightness(page: Any, selector: str) -> float:
    """How bright the background of an element is, from 0 to 1; its own or what shows through."""
    red, green, blue = page.locator(selector).first.evaluate(
        """element => {
          for (let each = element; each; each = each.parentElement) {
            const parts = getComputedStyle(each).backgroundColor.match(/[\\d.]+/g).map(Number);
            if (parts.length === 3 || parts[3] === 1) return parts.slice(0, 3);
          }
          return [255, 255, 255];
        }"""
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255
