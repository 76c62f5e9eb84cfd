"""What is served with ``-i`` must be all there is: SQLite does not look at a log or a journal then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
import pytest
from datasette.app import Datasette

from datasette_newsgraph import load
from datasette_newsgraph.store import open_store

ANA = {"id": "a", "title": "Ana", "text": "Ana lives in Rome."}


@contextmanager
def half_put_away(path: Path) -> Iterator[None]:
    """Something in the log of a database, as after a load that was killed."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE mine (x)")
        yield


async def start(path: Path, *, immutable: bool = True) -> None:
    datasette = Datasette([] if immutable else [path], immutables=[path] if immutable else [])
    await datasette.invoke_startup()
    for database in datasette.databases.values():
        database.close()


@pytest.mark.asyncio
async def test_a_graph_with_something_in_its_log_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    load(path, [ANA])
    with half_put_away(path):
        await start(path, immutable=False)
        with pytest.raises(click.ClickException, match=r"in news\.db-wal; run newsgraph repair"):
            await start(path)
    with open_store(path, write=True):
        pass
    await start(path)


@pytest.mark.asyncio
async def test_a_graph_that_is_half_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    load(path, [ANA])
    (tmp_path / "news.db-journal").write_bytes(b"of a load that was killed")
    with pytest.raises(click.ClickException, match=r"some of it is in news\.db-journal"):
        await start(path)


@pytest.mark.asyncio
async def test_a_log_with_nothing_in_it_is_no_reason(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    load(path, [ANA])
    (tmp_path / "news.db-wal").touch()
    await start(path)


@pytest.mark.asyncio
async def test_what_is_no_graph_is_served_as_datasette_does(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    with half_put_away(path):
        await start(path)
