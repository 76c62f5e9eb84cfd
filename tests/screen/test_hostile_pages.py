"""Names, titles and texts full of markup, scripts and marks of direction, in a browser that runs them.

No script may run, nothing may be asked of another server, every string must be read as it is, and
none may spoil what stands around it. ``tests.rdf.hostile.MARKUP`` has the strings.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store.views import VIEWS
from tests.permissions.marked_news import IS_1_0
from tests.rdf.hostile import MARKUP, records_of_markup
from tests.screen import browser

HOME = "/hostile/-/newsgraph"
NARROW = 360
#: Pages of each kind from which on the crawl visits no more parts or views of a page.
MOST = 50
#: What may be searched for, in characters.
LONGEST_ASKED = 500


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every string in every place."""
    directory = tmp_path_factory.mktemp("served")
    articles, path = directory / "hostile.jsonl", directory / "hostile.db"
    articles.write_text("\n".join(map(json.dumps, records_of_markup())))
    assert load_files(path, [articles]).new == len(MARKUP)
    return path


@pytest.fixture(scope="module")
def server(loaded: Path) -> Iterator[browser.Server]:
    with browser.serving(loaded) as found:
        yield found


#: What a script of a string's would have left behind; every address that the page links to or
#: fetches; what belongs to scripts, in our part of it.
_FOUND = """() => {
  const named = ["href", "src", "action", "formaction", "data", "xlink:href", "poster", "background"];
  const links = [...document.querySelectorAll("*")]
    .flatMap(each => named.map(name => each.getAttribute(name)))
    .filter(each => each !== null)
    .map(each => URL.canParse(each, location.href) ? new URL(each, location.href).href : each);
  const ours = [...document.querySelectorAll("main *")];
  const isActive = "script, iframe, object, embed, base, meta, style, link, img, animate, set";
  return {
    pwned: window.pwned ?? null,
    links: [...new Set(links)],
    handlers: ours.flatMap(each => each.getAttributeNames()).filter(each => /^on|^srcdoc$/.test(each)),
    active: ours.filter(each => each.matches(isActive)).map(each => each.outerHTML),
  };
}"""


def must_be_harmless(page: Any) -> list[str]:
    """No script has run, and no link leads to one. Gives the page's links."""
    found = page.evaluate(_FOUND)
    assert found["pwned"] is None, page.url
    elsewhere = [each for each in found["links"] if not each.startswith(("http://", "https://"))]
    assert elsewhere == [], page.url
    assert found["handlers"] == [], page.url
    assert found["active"] == [], page.url
    return list(found["links"])


#: Words of a page's own that do not run from left to right: their first two letters, on one line.
_TURNED = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const left = (node, at) => {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  const turned = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest("bdi, [dir], [role=search] input, .text, script, style")) continue;
    for (const { index } of node.data.matchAll(/[A-Za-z0-9]{2}/g)) {
      const [one, two] = [left(node, index), left(node, index + 1)];
      if (one.top === two.top && one.left > two.left) {
        turned.push(node.parentElement.outerHTML.slice(0, 300));
        break;
      }
    }
  }
  return turned;
}"""


def kind_of(address: str) -> str | None:
    """The kind of a page of ours, by its address; None of any other address, as of a download."""
    path = address.partition("?")[0]
    found = re.fullmatch(rf"{HOME}(?:/(search|article|entity|relation)(?:/[^/.]*)?)?", path)
    return None if found is None else found[1] or "overview"


@pytest.fixture(scope="module")
def headings(loaded: Path) -> dict[str, str]:
    """What the pages of entities and articles are headed by: their names and titles."""
    tables = {
        "entity": "SELECT key, name FROM entities",
        "article": "SELECT key, title FROM articles",
    }
    with closing(sqlite3.connect(loaded)) as connection:
        return {
            f"{HOME}/{kind}/{key}": words
            for kind, sql in tables.items()
            for key, words in connection.execute(sql)
            if words
        }


def test_no_string_does_harm_on_any_page_of_ours_that_links_lead_to(
    chromium: Any, server: browser.Server, headings: dict[str, str]
) -> None:
    waiting, seen = ["/-/newsgraph", HOME], {"/-/newsgraph", HOME}
    visited: Counter[str] = Counter()
    with browser.window(chromium, server, width=NARROW) as window:
        while waiting:
            address = waiting.pop(0)
            page = window.go(address)
            links = must_be_harmless(page)
            assert browser.hangs_over(page) == [], page.url
            assert page.evaluate(_TURNED) == [], page.url
            if words := headings.get(address):
                # HTML has no carriage return.
                heading = page.evaluate("() => document.querySelector('main h1').textContent")
                assert heading.split() == words.replace("\r", "\n").split()
            for link in links:
                address = link.removeprefix(str(server)).partition("#")[0]
                kind = kind_of(address)
                if kind is not None and address not in seen:
                    seen.add(address)
                    visited[kind] += 1
                    if "?" not in address or visited[kind] <= MOST:
                        waiting.append(address)
    assert seen >= headings.keys()
    assert visited["relation"] >= len(MARKUP)


def test_no_string_does_harm_when_it_is_searched_for(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server, width=NARROW) as window:
        for text in MARKUP.values():
            page = window.go(f"{HOME}/search?q={quote(text[:LONGEST_ASKED])}")
            must_be_harmless(page)
            assert browser.hangs_over(page) == [], page.url
            assert page.evaluate(_TURNED) == [], page.url


@pytest.mark.parametrize("view", VIEWS)
def test_no_string_does_harm_on_datasettes_pages_of_our_views(
    chromium: Any, server: browser.Server, view: str
) -> None:
    with browser.window(chromium, server) as window:
        must_be_harmless(window.go(f"/hostile/{view}"))
        must_be_harmless(window.go(f"/hostile/{view}?_search={quote(MARKUP['script'])}&_size=1"))


@pytest.mark.skipif(not IS_1_0, reason="Datasette 0.65 has no jump menu")
def test_no_string_does_harm_in_the_jump_menu(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server) as window:
        page = window.go("/hostile")
        page.keyboard.press("/")
        for words in ("pwned", "script", "evil", "left"):
            page.locator("navigation-search input").fill(words)
            page.get_by_role("option", name=f"“{words}” in hostile").wait_for()
            assert page.get_by_role("option").count() > 1, words
            must_be_harmless(page)
