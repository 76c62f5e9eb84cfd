"""The views of graphs of other versions, and of databases that are none."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from datasette_newsgraph.cli import cli
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store import migrations
from datasette_newsgraph.store.migrations import TOO_EARLY
from datasette_newsgraph.web.access import graphs
from tests.store.older import as_of_an_earlier_commit, made_up

Serve = Callable[..., Any]

EXAMPLES = Path(__file__).parents[2] / "examples" / "articles.jsonl"
PLACES = ["", ".ttl", "/ns", "/entity/paris", "/id/entity/paris", "/article/x.nt"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.asyncio
async def test_a_graph_of_before_the_first_release_is_to_be_loaded_again(
    serve: Serve, example_db: Path, tmp_path: Path, place: str
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / "early.db"))
    as_of_an_earlier_commit(path)
    datasette = serve(path)
    response = await datasette.client.get(f"/early/-/newsgraph{place}")
    assert response.status_code == 409
    assert TOO_EARLY in response.text
    # Datasette's own pages are there all the same.
    assert (await datasette.client.get("/early/entities")).status_code == 200


@pytest.mark.asyncio
async def test_an_older_graph_asks_to_be_loaded_into(
    serve: Serve, example_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / "old.db"))
    made_up(monkeypatch, "CREATE TABLE reviews (id INTEGER PRIMARY KEY)")
    monkeypatch.setattr(graphs, "SCHEMA_VERSIONS", migrations.SCHEMA_VERSIONS)
    datasette = serve(path)
    for place in PLACES:
        response = await datasette.client.get(f"/old/-/newsgraph{place}")
        assert response.status_code == 409
        assert "newsgraph load" in response.text
    assert (await datasette.client.get("/old/entities")).status_code == 200
    result = CliRunner().invoke(cli, ["load", str(path), str(EXAMPLES)])
    assert result.exit_code == 0, result.output
    # A server that was running sees it.
    assert await within_seconds(datasette, "/old/-/newsgraph", "Most mentioned")


async def within_seconds(datasette: Any, path: str, words: str) -> bool:
    """Tell whether a page comes to say something, as a server looks at its files now and then."""
    for _ in range(100):
        response = await datasette.client.get(path)
        if response.status_code == 200 and words in response.text:
            return True
        await asyncio.sleep(0.4)
    return False


@pytest.mark.asyncio
async def test_a_graph_that_is_loaded_while_the_server_runs_is_served(
    serve: Serve, tmp_path: Path
) -> None:
    path = tmp_path / "later.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (note TEXT)")
    datasette = serve(path)
    assert (await datasette.client.get("/later/-/newsgraph")).status_code == 404
    load_files(path, [EXAMPLES])
    assert await within_seconds(datasette, "/later/-/newsgraph", "Most mentioned")


@pytest.mark.asyncio
async def test_nothing_of_ours_shows_where_there_is_no_graph(serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE entities (id INTEGER PRIMARY KEY, name TEXT, key TEXT)")
        connection.execute("INSERT INTO entities VALUES (1, 'Ana', 'ana')")
        connection.commit()
    datasette = serve(path)
    for place in PLACES:
        assert (await datasette.client.get(f"/other/-/newsgraph{place}")).status_code == 404
    for place in ["/", "/other", "/other/entities", "/other/entities/1"]:
        response = await datasette.client.get(place)
        assert response.status_code == 200
        assert "newsgraph" not in response.text.lower(), place
        assert ".ttl" not in response.text
    assert "Who" not in (await datasette.client.get("/other/entities")).text
