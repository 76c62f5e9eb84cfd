"""The pages on which people decide, in a real browser: by keyboard alone, without JavaScript, on a
small screen, and read by axe-core.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.candidates.candidate import Candidate
from datasette_newsgraph.candidates.keeping import keep_candidates
from datasette_newsgraph.store import open_store
from datasette_newsgraph.web.settings import PLUGIN
from tests.screen import browser

HOME = "/examples/-/newsgraph"
NARROW = 360
#: Whoever comes may decide, as nobody can sign in here.
FOR_ALL = {"plugins": {PLUGIN: {"decide": True}}}
#: Pairs by their names, with the tiers they are in.
PAIRS = (
    ("Barack Obama", "Angela Merkel", 0.97, "letters"),
    ("United Nations", "United Nations General Assembly", 0.95, ""),
    ("United Nations", "European Union", 0.93, ""),
    ("Ban Ki-moon", "Paris", 0.7, ""),
)


@pytest.fixture
def path(example_db: Path, tmp_path: Path) -> Path:
    """The examples, with some pairs that may be one thing."""
    copy = tmp_path / "examples.db"
    shutil.copy(example_db, copy)
    with open_store(copy, write=True) as db:
        keys = dict(db.conn.execute("SELECT name, key FROM entities"))
        keep_candidates(
            db,
            [
                Candidate(
                    keys[one], keys[other], one, other, score, tier, ("They look alike.",), (), 1
                )
                for one, other, score, tier in PAIRS
            ],
        )
    return copy


@pytest.fixture
def server(path: Path) -> Iterator[browser.Server]:
    with browser.serving(path, config=FOR_ALL) as found:
        yield found


def value(path: Path, sql: str) -> Any:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchone()[0]


def pages(path: Path) -> dict[str, str]:
    """The address of each page on which somebody decides."""
    entity, other = (
        value(path, f"SELECT key FROM entities WHERE name = '{name}'")
        for name in ("United Nations", "Barack Obama")
    )
    article = value(path, "SELECT key FROM articles")
    return {
        "review": f"{HOME}/review",
        "tier": f"{HOME}/review?accept=letters",
        "cluster": f"{HOME}/review?cluster={entity}",
        "merge": f"{HOME}/merge?key={entity}&with={other}",
        "look for another": f"{HOME}/merge?key={entity}&q=Obama",
        "split": f"{HOME}/split?key={entity}",
        "entity": f"{HOME}/entity/{entity}",
        "article": f"{HOME}/article/{article}?correct=1",
        "relation": f"{HOME}/relation/{value(path, 'SELECT key FROM relations')}",
        "decisions": f"{HOME}/decisions",
        "overview": HOME,
    }


def press(page: Any, key: str, until: str, most: int = 300) -> None:
    """Press a key until an element has the focus."""
    for _ in range(most):
        if page.locator(until).and_(page.locator(":focus")).count():
            return
        page.keyboard.press(key)
    raise AssertionError(f"the keyboard does not reach {until}")


def test_pairs_are_reviewed_by_keyboard_alone(
    chromium: Any, server: browser.Server, path: Path
) -> None:
    """Tab goes from pair to pair, arrows choose, Enter sends; then the batch is taken back."""
    with browser.window(chromium, server, javascript=False) as window:
        page = window.go(f"{HOME}/review")
        last = page.locator("fieldset", has_text="Ban Ki-moon")
        page.keyboard.press("Tab")
        press(page, "Tab", "fieldset:has-text('Ban Ki-moon') input[value=later]")
        for _ in range(2):
            page.keyboard.press("ArrowLeft")
        assert last.locator("input[value=different]").is_checked()
        press(page, "Tab", "button:has-text('Save these')")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        window.must_be_untroubled()
        assert "decisions were made" in page.locator(".ng-notice").inner_text()
        assert value(path, "SELECT count(*) FROM decisions WHERE verdict = 'different'") == 1
        press(page, "Tab", ".ng-notice button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        window.must_be_untroubled()
        assert value(path, "SELECT count(*) FROM decisions WHERE verdict = 'undo'") == 1


def test_an_entity_is_corrected_by_keyboard_alone(
    chromium: Any, server: browser.Server, path: Path
) -> None:
    with browser.window(chromium, server, javascript=False) as window:
        page = window.go(pages(path)["entity"])
        press(page, "Tab", "#decide > summary")
        page.keyboard.press("Enter")
        press(page, "Tab", "#ng-name")
        page.keyboard.press("Control+a")
        page.keyboard.type("The United Nations")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        window.must_be_untroubled()
    assert value(path, "SELECT value FROM decisions") == "The United Nations"


def test_they_fit_a_small_screen(chromium: Any, server: browser.Server, path: Path) -> None:
    with browser.window(chromium, server, width=NARROW) as window:
        over = {kind: browser.hangs_over(window.go(at)) for kind, at in pages(path).items()}
        assert not {kind: found for kind, found in over.items() if found}


def test_axe_finds_nothing(chromium: Any, server: browser.Server, path: Path) -> None:
    accessibility = pytest.importorskip("tests.screen.test_accessibility")
    with browser.window(chromium, server) as window:
        # What Datasette itself does not say, as on a page of ours that has no forms.
        frame = {rule for rule, _ in accessibility.violations(window.go(f"{HOME}/ns"))}
        assert frame <= {"html-has-lang", "landmark-one-main", "region"}
        for kind, address in pages(path).items():
            page = window.go(address)
            page.locator("main details").evaluate_all(
                "all => all.forEach(each => each.open = true)"
            )
            schemes = ("light", "dark") if kind in ("review", "entity") else ("light",)
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)
                rules = ["color-contrast"] if scheme == "dark" else []
                found = accessibility.violations(page, *rules)
                assert not {each: found[each] for each in found if each[0] not in frame}, kind
            page.emulate_media(color_scheme="light")
