"""What docs/upgrading.md promises: older databases and records, and all rows without the plugin."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from datasette_newsgraph.cli import cli
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.views import VIEWS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "upgrading.md").read_text("utf-8")


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, and an article in Chinese, as a load leaves them."""
    folder = tmp_path_factory.mktemp("upgrading")
    chinese = {"id": "beijing", "title": "北京的秋天", "text": "北京的秋天很美。"}
    (folder / "chinese.jsonl").write_text(json.dumps(chinese), "utf-8")
    path = folder / "news.db"
    load_files(path, [ROOT / "examples" / "articles.jsonl", folder / "chinese.jsonl"])
    return path


@pytest.mark.parametrize("name", [*VIEWS, *TABLES])
def test_every_view_and_table_opens_in_plain_sqlite(name: str, examples: Path) -> None:
    # No function of ours is known to this connection.
    with closing(sqlite3.connect(examples)) as connection:
        rows = connection.execute(f"SELECT * FROM {name}").fetchall()
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
    assert columns[: len(VIEWS[name][0])] == [*VIEWS[name][0]] if name in VIEWS else columns
    assert rows or name not in VIEWS


def test_words_are_found_in_plain_sqlite(examples: Path) -> None:
    query = "SELECT rowid FROM article_texts_fts WHERE article_texts_fts MATCH ?"
    with closing(sqlite3.connect(examples)) as connection:
        for words in ("france", "FRANCE", '"北 京"'):
            assert connection.execute(query, [words]).fetchall(), words
        assert '`"北 京"`' in PAGE


#: Asks a Datasette that loads no plugin, and prints the status and the number of rows of each page.
_ASK = """
import asyncio, json, sys
sys._called_from_test = True  # by which both lines load no plugin that is installed
from datasette.app import Datasette

async def ask(path, names):
    datasette = Datasette([path])
    await datasette.invoke_startup()
    found = {}
    for name in names:
        for page in (f"/news/{name}", f"/news/{name}.json"):
            response = await datasette.client.get(page)
            rows = len(response.json()["rows"]) if page.endswith("json") else 0
            found[page] = [response.status_code, rows]
    found["plugins"] = [each["name"] for each in datasette._plugins()]
    found["ours"] = (await datasette.client.get("/news/-/newsgraph")).status_code
    print(json.dumps(found))

asyncio.run(ask(sys.argv[1], sys.argv[2:]))
"""


def test_every_view_opens_in_datasette_without_the_plugin(examples: Path) -> None:
    names = [*VIEWS, "articles", "entities", "mentions"]
    done = subprocess.run(
        [sys.executable, "-c", _ASK, str(examples), *names],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert "datasette-newsgraph" not in found.pop("plugins")
    # 0.65 takes the address for that of a row.
    assert found.pop("ours") in (400, 404)
    for page, (status, rows) in found.items():
        assert status == 200, page
        assert rows or not page.endswith(".json"), page


@pytest.mark.parametrize("command", ["load", "export", "check", "repair", "remove"])
def test_a_database_of_before_the_first_release_is_refused_in_one_line(
    command: str, examples: Path, tmp_path: Path
) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(examples.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE _sqlite_migrations SET name = 'm001_tables' WHERE id = 1")
        connection.commit()
    before = path.read_bytes()
    further = {"load": [str(ROOT / "examples" / "articles.jsonl")], "remove": ["--article", "a"]}
    result = CliRunner().invoke(cli, [command, str(path), *further.get(command, [])])
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.replace(str(path), "old.db") in PAGE
    assert path.read_bytes() == before


def test_a_field_that_is_not_known_is_named_and_left_out(tmp_path: Path) -> None:
    entity = {"id": "e", "type": "Place", "name": "Paris", "rank": 3}
    record = {"id": "a", "text": "Paris.", "modified": "2024", "entities": [entity]}
    (tmp_path / "newer.jsonl").write_text(json.dumps(record), "utf-8")
    result = CliRunner().invoke(
        cli, ["load", str(tmp_path / "news.db"), str(tmp_path / "newer.jsonl")]
    )
    assert result.exit_code == 0
    assert "1 new" in result.stderr
    (line,) = (each for each in result.stderr.splitlines() if "unknown" in each)
    assert line in PAGE
