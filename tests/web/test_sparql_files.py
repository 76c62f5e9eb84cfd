"""The processes that answer read the file as Datasette does, whatever it is called, as it is now."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from datasette.app import Datasette

from datasette_newsgraph.loading.load import load
from datasette_newsgraph.web.sparql import process
from datasette_newsgraph.web.sparql.pool import pool_of
from tests.web.sparql_asked import COUNT

Ask = Callable[[Any, str], Awaitable[Any]]
ARTICLES = "SELECT (COUNT(*) AS ?n) WHERE { ?article a <https://schema.org/NewsArticle> }"


@pytest_asyncio.fixture
async def ask() -> AsyncIterator[Ask]:
    """``await ask(datasette, query)``: what is answered about its only database."""
    asked = []

    async def answered(datasette: Any, query: str) -> Any:
        asked.append(datasette)
        (name,) = (each for each in datasette.databases if each != "_internal")
        address = f"{datasette.urls.database(name)}/-/newsgraph/sparql"
        return await datasette.client.get(address, params={"query": query, "format": "csv"})

    yield answered
    for each in asked:
        pool_of(each).close()


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["a b.db", "100%.db", "é+&.db"])
async def test_a_file_may_have_any_name(
    ask: Ask, example_db: Path, tmp_path: Path, name: str
) -> None:
    path = str(shutil.copy(example_db, tmp_path / name))
    for datasette in (Datasette([path]), Datasette([], immutables=[path])):
        assert (await ask(datasette, ARTICLES)).text.split() == ["n", "8"]


@pytest.mark.asyncio
async def test_what_was_loaded_a_moment_ago_is_there(
    ask: Ask, example_db: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / "news.db"))
    datasette = Datasette([str(path)])
    before = await ask(datasette, ARTICLES)
    load(path, [{"id": "new", "title": "New", "text": "Nothing much."}])
    after = await ask(datasette, ARTICLES)
    assert [each.text.split() for each in (before, after)] == [["n", "8"], ["n", "9"]]
    assert before.headers["etag"] != after.headers["etag"]


@pytest.mark.asyncio
async def test_who_comes_while_others_write_alone_is_told_to_come_again(
    ask: Ask, example_db: Path, tmp_path: Path
) -> None:
    path = Path(shutil.copy(example_db, tmp_path / "news.db"))
    datasette = Datasette([str(path)])
    assert (await ask(datasette, COUNT)).status_code == 200
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        answer = await ask(datasette, COUNT)
        writer.execute("ROLLBACK")
    assert (answer.status_code, "being written to" in answer.text) == (503, True)
    assert answer.headers["retry-after"] == "10"
    assert (await ask(datasette, COUNT)).status_code == 200


@pytest.mark.asyncio
async def test_a_long_answer_lies_on_the_disk_and_comes_whole(
    ask: Ask, example_db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    datasette = Datasette([str(example_db)])
    every = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
    in_memory = await ask(datasette, every)
    monkeypatch.setattr(process, "_IN_MEMORY", 1000)
    on_disk = await ask(datasette, every)
    assert len(on_disk.content) > 100_000
    assert on_disk.content == in_memory.content
    assert int(on_disk.headers["content-length"]) == len(on_disk.content)


def test_a_server_that_is_not_asked_does_without_rdflib() -> None:
    code = "import sys, datasette_newsgraph.web.routes; print('rdflib' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert printed.stdout == b"False\n"
