"""What is hidden stays hidden when databases are locked, come, go, or are attached to others."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from datasette.database import Database

from tests.permissions.marked_news import DATABASE, IS_1_0, on_supported_versions
from tests.permissions.visitors import private, serving, text_of

pytestmark = on_supported_versions

HIDDEN_PAGES = ("/news/mentions.json", "/news/article_texts.json", "/news/mention_index.json")


def attach(datasette: Any, path: Path) -> None:
    datasette.add_database(Database(datasette, path=str(path), is_mutable=True), name=DATABASE)


@pytest.mark.asyncio
async def test_a_database_that_was_locked_when_first_seen_is_kept_after(
    news: Path, tmp_path: Path
) -> None:
    path = tmp_path / news.name
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")
    async with serving(path, private("articles")) as server:
        with closing(sqlite3.connect(news)) as graph, closing(sqlite3.connect(path)) as copy:
            graph.backup(copy)
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            for page in HIDDEN_PAGES[:1]:
                assert "Headlinemark" not in text_of(await server.anybody.get(page))
            writer.execute("ROLLBACK")
        for page in HIDDEN_PAGES:
            assert (await server.anybody.get(page)).status_code == 403, page
        assert (await server.alice.get(HIDDEN_PAGES[0])).status_code == 200


@pytest.mark.asyncio
async def test_a_graph_that_is_locked_when_first_seen_is_shown_later(
    news: Path, tmp_path: Path
) -> None:
    path, plain = tmp_path / news.name, tmp_path / "plain.db"
    shutil.copy(news, path)
    with closing(sqlite3.connect(plain)) as connection:
        connection.execute("CREATE TABLE t (id INTEGER)")
    async with serving(plain, private("articles")) as server:
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            attach(server.datasette, path)
            answer = await server.anybody.get("/news/-/newsgraph")
            assert answer.status_code in (403, 503)
            writer.execute("ROLLBACK")
        assert (await server.anybody.get("/news/-/newsgraph")).status_code == 200


@pytest.mark.asyncio
@pytest.mark.skipif(
    not IS_1_0, reason="0.65 goes on with connections to the database that was there"
)
async def test_a_graph_that_takes_the_place_of_another_database_is_kept_at_once(
    news: Path, tmp_path: Path
) -> None:
    plain = tmp_path / news.name
    with closing(sqlite3.connect(plain)) as connection:
        connection.execute("CREATE TABLE mentions (id INTEGER)")
        with closing(sqlite3.connect(news)) as graph:
            version = graph.execute("PRAGMA schema_version").fetchone()[0]
        connection.execute(f"PRAGMA schema_version = {version}")
    async with serving(plain, private("articles")) as server:
        assert (await server.anybody.get("/news/mentions.json")).status_code == 200
        server.datasette.remove_database(DATABASE)
        attach(server.datasette, news)
        for page in HIDDEN_PAGES:
            assert (await server.anybody.get(page)).status_code in (403, 404), page
        assert "Headlinemark" not in text_of(await server.anybody.get("/news/-/newsgraph"))


@pytest.mark.asyncio
async def test_nobody_reaches_what_is_hidden_across_databases(news: Path) -> None:
    query = "select+title+from+[news].articles"
    page = f"/_memory/-/query.json?sql={query}" if IS_1_0 else f"/_memory.json?sql={query}"
    async with serving(news, private("articles"), crossdb=True) as server:
        assert (await server.anybody.get(page)).status_code == 403
        assert "Headlinemark" in text_of(await server.alice.get(page))


@pytest.mark.asyncio
async def test_a_search_that_the_user_has_configured_is_of_hidden_texts_too(news: Path) -> None:
    config = private("article_texts")
    tables = config["databases"][DATABASE]["tables"]
    tables["extractions"] = {"fts_table": "article_texts_fts", "fts_pk": "id"}
    async with serving(news, config) as server:
        for word in ("Textmark", "Nowheremark"):
            page = f"/news/extractions.json?_search={word}"
            assert (await server.anybody.get(page)).status_code == 403, word
        assert (
            await server.alice.get("/news/extractions.json?_search=Textmark")
        ).status_code == 200
