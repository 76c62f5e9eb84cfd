"""A real browser at a real server: what a reader sees, and whatever goes wrong while they read.

Chromium is not a part of this project. Where there is none, or no Playwright to drive it, the tests
that need it are skipped with a reason; NEWSGRAPH_BROWSER names one that is elsewhere.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.permissions.marked_news import IS_1_0

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = (
    # Its sandbox cannot be had as root, as in a container.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing that a page asks for leaves the machine, even where a test would not see it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_STARTED = re.compile(r"Uvicorn running on (http://127\.0\.0\.1:\d+)")
#: Seconds that a busy machine is given for anything.
PATIENCE = 30


# ----------------------------------------------------------------------------------- the server


class Server:
    """A ``datasette serve`` that runs, and what it has logged."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log
        self.address = self._address()

    def __str__(self) -> str:
        return self.address

    def last_fault(self) -> str:
        """The last exception that it has logged, if any."""
        _, start, fault = self._log.read_text(errors="replace").rpartition("Traceback (most recent")
        return f"{start}{fault}" if start else ""

    def _address(self) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            if found := _STARTED.search(self._log.read_text(errors="replace")):
                return found[1]
            time.sleep(0.05)
        raise AssertionError(f"Datasette has not started:\n{self._log.read_text()}")


@contextmanager
def serving(*paths: Path, with_plugin: bool = True, config: Any = None) -> Iterator[Server]:
    """A server of these databases, with or without our plugin."""
    command = [sys.executable, "-m", "datasette", "serve", *map(str, paths), "--port", "0"]
    # A busy machine is no failure.
    for setting in ("sql_time_limit_ms", "facet_time_limit_ms"):
        command += ["--setting", setting, "10000"]
    environment = dict(os.environ)
    environment.pop("DATASETTE_LOAD_PLUGINS", None)
    if not with_plugin:
        environment["DATASETTE_LOAD_PLUGINS"] = ""
    with tempfile.TemporaryDirectory() as directory:
        if config is not None:
            file = Path(directory, "config.json")
            file.write_text(json.dumps(config))
            command += ["--metadata", str(file), *(["--config", str(file)] if IS_1_0 else [])]
        log = Path(directory, "log")
        with log.open("wb") as stream:
            process = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
        try:
            yield Server(process, log)
        finally:
            # It would wait for what the browser still holds open.
            process.kill()
            process.wait()


# ----------------------------------------------------------------------------------- the browser


def _executable() -> str | None:
    named = os.environ.get("NEWSGRAPH_BROWSER")
    return named or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser, to be closed before the module ends.

    Playwright's loop runs for as long, and tests of other modules have loops of their own.
    """
    executable = _executable()
    if executable is None:
        pytest.skip("no Chromium is installed")
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(_ARGUMENTS))
        yield browser
        browser.close()


class Window:
    """A browser window at a server, and the troubles that it has had."""

    def __init__(self, context: Any, server: Server) -> None:
        self.server = server
        self.troubles: list[str] = []
        context.set_default_timeout(PATIENCE * 1000)
        context.on("console", self._hear)
        context.on("dialog", self._dismiss)
        context.on("request", self._watch)
        context.on("response", self._judge)
        context.on("weberror", lambda error: self.troubles.append(f"error: {error.error}"))
        self.page = context.new_page()

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"{message.type} in the console: {message.text}")

    def _dismiss(self, dialog: Any) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _watch(self, request: Any) -> None:
        if not request.url.startswith((f"{self.server}/", "data:")):
            self.troubles.append(f"request to {request.url}")

    def _judge(self, response: Any) -> None:
        if response.status >= 400:
            fault = self.server.last_fault() if response.status >= 500 else ""
            self.troubles.append(f"{response.status} for {response.url[:300]} {fault}")

    def go(self, path: str) -> Any:
        """Open an address of the server, and return the page."""
        self.page.goto(f"{self.server}{path}")
        self.must_be_untroubled()
        return self.page

    def follow(self, link: Any) -> Any:
        """Click a link that leads to another page, and return that page."""
        with self.page.expect_navigation():
            link.click()
        self.must_be_untroubled()
        return self.page

    def must_be_untroubled(self) -> None:
        """Fail if anything has gone wrong since the last time."""
        found, self.troubles[:] = list(self.troubles), []
        if found:
            raise AssertionError("\n".join([f"at {self.page.url[:300]}", *found]))


@contextmanager
def window(
    browser: Any,
    server: Server,
    *,
    width: int = 1200,
    dark: bool = False,
    javascript: bool = True,
    **options: Any,
) -> Iterator[Window]:
    """A window, of a reader with nothing in their browser; nothing may go wrong in it."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        java_script_enabled=javascript,
        reduced_motion="reduce",
        **options,
    )
    opened = Window(context, server)
    try:
        yield opened
        opened.must_be_untroubled()
    finally:
        context.close()


def hangs_over(page: Any) -> list[str]:
    """What is wider than the window, so that the page scrolls sideways or its header is cut."""
    found: list[str] = page.evaluate(
        """() => {
          const isTooWide = each => each.scrollWidth > each.clientWidth;
          const wide = [...document.querySelectorAll("html, header, footer")].filter(isTooWide);
          if (wide.length === 0) return [];
          const width = document.documentElement.clientWidth;
          const end = each => each.getBoundingClientRect().left
            + Math.max(each.scrollWidth, each.getBoundingClientRect().width);
          const found = [...document.querySelectorAll("*")].filter(each => end(each) > width + 1);
          return [...wide, ...found.slice(-5)].map(each => each.outerHTML.slice(0, 200));
        }"""
    )
    return found
