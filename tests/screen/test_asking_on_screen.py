"""To ask in SPARQL in a browser without JavaScript, with a question of any length, and a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.screen import browser

ADDRESS = "/examples/-/newsgraph/sparql"


@pytest.fixture(scope="module")
def server(example_db: Path) -> Iterator[browser.Server]:
    with browser.serving(example_db) as found:
        yield found


def test_an_example_is_looked_at_asked_and_followed(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server, javascript=False) as window:
        page = window.go(ADDRESS)
        window.follow(page.get_by_role("link", name="People in the news", exact=True))
        assert "schema:Person" in page.locator("textarea").input_value()
        window.follow(page.get_by_role("button", name="Ask"))
        assert page.locator("td.number").first.inner_text() == "2"
        window.follow(page.get_by_role("link", name="Barack Obama").first)
        assert page.locator("h1").inner_text().startswith("Barack Obama")


def test_a_long_question_is_posted(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server, javascript=False) as window:
        page = window.go(ADDRESS)
        page.locator("textarea").fill("# " + "x" * 100_000 + "\nASK { ?s ?p ?o }")
        window.follow(page.get_by_role("button", name="Post the question"))
        assert page.locator(".ng-truth b").inner_text() == "true"
        assert len(page.locator("textarea").input_value()) > 100_000


def test_a_wrong_question_can_be_mended(chromium: Any, server: browser.Server) -> None:
    with browser.window(chromium, server, javascript=False, width=360) as window:
        page = window.go(ADDRESS)
        page.locator("textarea").fill("ASK {\n  ?s ?p ?o ,, \n}")
        with page.expect_navigation():
            page.get_by_role("button", name="Ask").click()
        # It is the page that the browser has trouble with.
        assert any(each.startswith("400 for ") for each in window.troubles)
        window.troubles.clear()
        assert "No answer" in page.get_by_role("alert").inner_text()
        assert page.get_by_role("alert").locator("pre").inner_text().strip() == "?s ?p ?o ,,"
        assert browser.hangs_over(page) == []
        page.locator("textarea").fill("ASK {\n  ?s ?p ?o\n}")
        window.follow(page.get_by_role("button", name="Ask"))
        assert page.locator(".ng-truth b").inner_text() == "true"
