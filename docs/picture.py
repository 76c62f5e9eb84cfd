"""Make the picture of the README again: an example article, as Datasette shows it.

``make picture`` runs this. It needs Chromium; ``NEWSGRAPH_BROWSER`` names one that is not on the path.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

from datasette_newsgraph import load
from datasette_newsgraph.identity import article_key

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples" / "articles.jsonl"
PICTURE = HERE / "picture.png"
#: The article that is shown.
SHOWN = "ex-2015-paris-climate"
#: CSS pixels: as wide as the column of a README, and as high as it takes to see what there is.
WIDTH, HEIGHT = 1200, 800
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SERVING = re.compile(rb"Uvicorn running on (http://[\d.:]+)")


@contextmanager
def serving(database: Path) -> Iterator[str]:
    """Serve a database with Datasette, and yield the address of its server."""
    command = [sys.executable, "-m", "datasette", "serve", str(database), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:  # noqa: S603 - this Python
        try:
            assert process.stderr is not None
            said = map(_SERVING.search, process.stderr)
            yield next(found[1].decode() for found in said if found)
        finally:
            process.kill()


def browser() -> str | None:
    """Return the path of Chromium, or None where there is none."""
    named = os.environ.get("NEWSGRAPH_BROWSER")
    return named or next(filter(None, map(shutil.which, _BROWSERS)), None)


def take(to: Path = PICTURE) -> None:
    """Load the example articles, and write a picture of one of them as a PNG file."""
    with tempfile.TemporaryDirectory() as directory, sync_playwright() as playwright:
        database = Path(directory, "newsgraph.db")
        load(database, map(json.loads, EXAMPLES.read_text("utf-8").splitlines()))
        with serving(database) as address:
            # Its sandbox cannot be had as root, as in a container.
            chromium = playwright.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
            page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto(f"{address}/newsgraph/-/newsgraph/article/{article_key(SHOWN)}")
            page.screenshot(path=to)
            chromium.close()


if __name__ == "__main__":
    take()
