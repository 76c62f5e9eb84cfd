"""The five views and our queries as a reader has them on a screen: what is in sight, what is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.store.views import CONTEXT, VIEWS
from tests.screen import browser

NARROW = 360
#: A row of relations on a small screen.
CARD = 200
ROWS = ".rows-and-columns tbody tr"


@pytest.fixture(scope="module")
def server(example_db: Path) -> Iterator[browser.Server]:
    with browser.serving(example_db) as found:
        yield found


def answered(query: str) -> str:
    """The address of a canned query, with words for which it has rows."""
    return f"/examples/{query}?name=Barack+Obama&type=&other=&words=&predicate=&month="


#: Words of cells and facets that stand in two lines, and so are broken; not those of scripts without
#: blanks, as Chinese.
BROKEN_WORDS = r"""() => {
  const found = [];
  const words = /[\p{Script=Latin}\p{Script=Arabic}\p{N}]+/gu;
  for (const each of document.querySelectorAll(".rows-and-columns td, .facet-info li")) {
    const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(words)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(each => each.top)).size > 1)
          found.push(word[0]);
      }
    }
  }
  return found;
}"""


def test_rows_of_a_view_are_in_sight_and_no_word_is_broken(
    chromium: Any, server: browser.Server
) -> None:
    with browser.window(chromium, server) as window:
        for view in VIEWS:
            page = window.go(f"/examples/{view}")
            assert page.locator(ROWS).first.bounding_box()["y"] < 900, view
            for width in (1200, NARROW):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate(BROKEN_WORDS) == [], f"{view}, {width} px"
            page.set_viewport_size({"width": 1200, "height": 900})


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_descriptions_and_keys_are_shown_when_they_are_asked_for(
    chromium: Any, server: browser.Server, javascript: bool
) -> None:
    with browser.window(chromium, server, javascript=javascript) as window:
        for address in ("/examples/relation_index?_size=3", answered("relations_between")):
            page = window.go(address)
            keys = page.locator(
                ":is(th, td):is(.col-key, .col-subject_key, .col-object_key, .col-id)"
            )
            assert keys.count() >= 6
            assert keys.locator("visible=true").count() == 0
            descriptions = page.locator("dl.column-descriptions")
            assert descriptions.locator("visible=true").count() == 0
            page.locator("summary", has_text="About the columns").click()
            assert descriptions.locator("visible=true").count() == descriptions.count()
            page.get_by_label("Show all columns").check()
            assert keys.locator("visible=true").count() == keys.count()
        page = window.go("/examples/entity_index?_col=key&_col=name&_size=3")
        assert page.locator("td.col-key").locator("visible=true").count() == 3


def test_a_mention_has_its_context_in_one_line(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server) as window:
        page = window.go("/examples/mention_index?_size=max&zone=body")
        lines = page.evaluate(
            """() => [...document.querySelectorAll(".rows-and-columns tbody tr")].map(row => {
              const shown = name => {
                const cell = row.querySelector(`td.col-${name}`);
                const text = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT).nextNode();
                if (!text) return {letters: 0, tops: []};
                const box = cell.getBoundingClientRect();
                const letters = [...text.data].map((_, index) => {
                  const range = document.createRange();
                  range.setStart(text, index);
                  range.setEnd(text, index + 1);
                  return range.getBoundingClientRect();
                }).filter(each => each.left >= box.left - 1 && each.right <= box.right + 1);
                return {letters: letters.length, tops: letters.map(each => Math.round(each.top))};
              };
              return {
                surface: row.querySelector("td.col-surface").textContent.trim(),
                whole: ["before", "after"].map(name =>
                  row.querySelector(`td.col-${name}`).textContent.length),
                shown: ["before", "after"].map(shown),
              };
            })"""
        )
    assert len(lines) > 100
    full = 0
    for each in lines:
        for whole, shown in zip(each["whole"], each["shown"], strict=True):
            # A long name takes some of the room.
            if len(each["surface"]) <= 20:
                assert shown["letters"] >= min(whole, CONTEXT), each
                full += whole >= CONTEXT
        assert len({top for shown in each["shown"] for top in shown["tops"]}) == 1, each
    assert full > 50


def test_a_small_screen_has_cards_and_no_sideways(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server, width=NARROW) as window:
        for address in (*(f"/examples/{view}" for view in VIEWS), *map(answered, QUERIES)):
            page = window.go(address)
            assert browser.hangs_over(page) == [], address
            if address == "/examples/relation_index":
                heights = [each.bounding_box()["height"] for each in page.locator(ROWS).all()]
                assert len(heights) > 50
                assert max(heights) <= CARD
                # What is empty is not there, and a label stands beside its value.
                assert page.locator("td.type-none").locator("visible=true").count() == 0
                assert page.locator("td.col-articles").first.bounding_box()["height"] < 30


def test_a_query_hides_its_sql_until_it_is_asked_for(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server, width=NARROW) as window:
        page = window.go(answered("named_together"))
        assert page.locator("#sql-query").count() == 0
        assert page.get_by_label("name", exact=True).bounding_box()["y"] < 900
        page = window.follow(page.get_by_role("link", name="show", exact=True))
        assert "FROM asked" in page.locator("#sql-query").inner_text()
        assert browser.hangs_over(page) == []


def test_the_form_of_an_entitys_mentions_stands_in_one_line(
    chromium: Any, server: browser.Server
) -> None:
    with browser.window(chromium, server) as window:
        page = window.go("/examples/entity_index?name=Barack+Obama")
        page = window.follow(page.locator("td.col-name a"))
        form = page.locator(".mention-filters form")
        tops = [each.bounding_box()["y"] for each in form.locator("label").all()]
        assert len(tops) == 3
        assert max(tops) - min(tops) < 5
