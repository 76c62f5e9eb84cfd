"""Fixtures that several modules of this folder share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from datasette.app import Datasette
from datasette.database import Database

from datasette_newsgraph.loading.load import load
from tests.web.searching import NAMES, links, of_hits, told_of

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


WRITTEN, BARE = zip(*NAMES, strict=True)


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


@pytest.fixture
def database(example_db: Path) -> Any:
    return Database(Datasette([]), path=str(example_db), is_mutable=True)
