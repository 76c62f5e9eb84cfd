"""A command that is killed, at whatever moment, ends as it would have when it is run again.

It is killed at one of its calls that write, flush or cut the database, its journal or its log: between
two of them nothing changes in the files. See ``tests.loading.failing_calls``. ``make test-long`` kills
200 times, the other runs a few times.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import settings

from datasette_newsgraph.checking.check import check
from datasette_newsgraph.cli import cli
from datasette_newsgraph.loading import ending
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from tests.loading.failing_calls import KILL, Calls, count_calls, needs_library, run_failing

IS_LONG = settings.get_current_profile_name() == "long"
pytestmark = needs_library

Contents = Callable[..., dict[str, Any]]
Generated = Callable[[int], list[dict[str, Any]]]
DATABASE, ARTICLES, OTHERS, TOOL, MAP = "news.db", "a.jsonl", "b.jsonl", "doccano.jsonl", "map.toml"
DECISIONS = "decisions.jsonl"
WRITING = Calls(("write", "sync", "truncate"), (DATABASE, f"{DATABASE}-journal", f"{DATABASE}-wal"))


@dataclass(frozen=True)
class Command:
    """A command that changes the database. ``before`` are the loads that came before it."""

    arguments: tuple[str, ...]
    before: tuple[str, ...] = ()


COMMANDS = {
    "load": Command(("load", DATABASE, ARTICLES)),
    "load what has changed": Command(("load", DATABASE, ARTICLES), ("old",)),
    "load two files": Command(("load", DATABASE, ARTICLES, OTHERS)),
    "load a file of a tool": Command(("load", DATABASE, TOOL)),
    "load with another map": Command(("load", DATABASE, TOOL, "--map", MAP), (TOOL,)),
    "settle": Command(("load", DATABASE, ARTICLES), ("unsettled",)),
    "remove a file": Command(("remove", DATABASE, "--source", ARTICLES), (ARTICLES, OTHERS)),
    "remove an article": Command(("remove", DATABASE, "--article", "removed"), (ARTICLES,)),
    "set a term": Command(
        ("vocabulary", DATABASE, "--set", "Person", "https://terms.example/P"), (ARTICLES,)
    ),
    "set the base": Command(("base-iri", DATABASE, "https://other.example/"), (ARTICLES,)),
    "decide": Command(("decide", DATABASE, DECISIONS), (ARTICLES,)),
    "load what is decided": Command(
        ("load", DATABASE, OTHERS, "--decisions", DECISIONS), (ARTICLES,)
    ),
}
#: Each command in turn, which is killed once or twice before it is let through; of a sample the loads,
#: what they end with, a removal, and decisions.
ROUNDS = range(15 * len(COMMANDS)) if IS_LONG else (0, 1, 4, 5, 6, 10, 11)


@pytest.fixture(scope="module")
def files(generated: Generated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the input files."""
    folder = tmp_path_factory.mktemp("files")
    records = generated(40)
    records[3]["id"] = "removed"
    lines = [json.dumps(each) for each in records]
    old = [json.dumps(each | {"title": f"old {each['id']}"}) for each in records[:25]]
    (folder / ARTICLES).write_text("\n".join([*lines[:30], '{"broken"']) + "\n")
    (folder / OTHERS).write_text("\n".join(lines[20:]) + "\n")
    (folder / "old").write_text("\n".join(old) + "\n")
    text = "Ana Lopez met Bob Stone in Kigali."
    labelled = [[0, 9, "PERSON"], [14, 23, "PERSON"], [27, 33, "GPE"]]
    tasks = [
        {"id": number, "text": f"{text} So it was, {number} times.", "label": labelled}
        for number in range(60)
    ]
    (folder / TOOL).write_text("".join(f"{json.dumps(each)}\n" for each in tasks))
    (folder / DECISIONS).write_text("".join(f"{json.dumps(each)}\n" for each in decided(folder)))
    (folder / MAP).write_text('[types]\nPERSON = "Human"\nGPE = "drop"\n')
    return folder


def decided(folder: Path) -> list[dict[str, Any]]:
    """Decisions on what the articles give: entities are one, are wrong, or have another name."""
    run("load", "all.db", ARTICLES, OTHERS, folder=folder)
    with closing(sqlite3.connect(folder / "all.db")) as connection:
        keys = [row[0] for row in connection.execute("SELECT key FROM entities ORDER BY key")][:40]
        quotes = [
            row[0] for row in connection.execute("SELECT key FROM quotes ORDER BY key LIMIT 5")
        ]
    (folder / "all.db").unlink()
    made = [
        {"verdict": "same", "left": a, "right": b}
        for a, b in zip(keys[:20], keys[10:30], strict=True)
    ]
    made += [{"verdict": "wrong", "left": each} for each in keys[30:35]]
    made += [{"verdict": "wrong", "left": each, "kind": "quote"} for each in quotes]
    made += [{"verdict": "name", "left": each, "value": "Another"} for each in keys[35:]]
    return [
        {**each, "at": f"2026-01-01T00:00:00.{number:06}Z", "batch": "file"}
        for number, each in enumerate(made)
    ]


def prepare(command: Command, files: Path, folder: Path) -> None:
    """Make what is there before a command."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(files, folder)
    for name in command.before:
        if name == "old":
            # Under the name of the file that has changed since.
            shutil.copy(files / name, folder / ARTICLES)
            run("load", DATABASE, ARTICLES, folder=folder)
            shutil.copy(files / ARTICLES, folder / ARTICLES)
        elif name == "unsettled":
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(ending, "_settle", lambda db: None)
                run("load", DATABASE, ARTICLES, folder=folder)
        else:
            run("load", DATABASE, name, folder=folder)


def run(*arguments: str, folder: Path) -> None:
    """Run a command of newsgraph in a folder, undisturbed."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        result = CliRunner().invoke(cli, arguments)
    finally:
        os.chdir(before)
    assert result.exit_code == 0, result.output


def state(path: Path, contents: Contents) -> tuple[dict[str, Any], list[bytes], list[str]]:
    """What the tables say, what is exported, and what ``check`` finds."""
    with open_store(path) as db:
        exports = [b"".join(sorted(b"".join(stream(db, each)).splitlines())) for each in FORMATS]
        return contents(path), exports, list(check(db))


class Rounds:
    """A folder in which commands are killed: what is there before each, and what is to be there after
    it, are made once.
    """

    def __init__(self, files: Path, folder: Path, contents: Contents) -> None:
        self.files, self.folder, self.contents = files, folder / "work", contents
        self._made: dict[str, tuple[Path, int, Any]] = {}

    def begin(self, name: str) -> tuple[int, Any]:
        """Make what is there before a command; return how many calls it makes, and what is to be there
        in the end.
        """
        if name not in self._made:
            kept, command = self.folder.with_name(name), COMMANDS[name]
            prepare(command, self.files, self.folder)
            shutil.copytree(self.folder, kept)
            count = count_calls(line_of(command), self.folder, WRITING)
            expected = state(self.folder / DATABASE, self.contents)
            assert expected[2] == []
            self._made[name] = kept, count, expected
        kept, count, expected = self._made[name]
        shutil.rmtree(self.folder)
        shutil.copytree(kept, self.folder)
        return count, expected


@pytest.fixture(scope="module")
def rounds(files: Path, tmp_path_factory: pytest.TempPathFactory, contents: Contents) -> Rounds:
    return Rounds(files, tmp_path_factory.mktemp("rounds"), contents)


def line_of(command: Command) -> tuple[str, ...]:
    """The command line, for Python."""
    return ("-m", "datasette_newsgraph", *command.arguments)


@pytest.mark.parametrize("number", ROUNDS)
def test_what_is_killed_ends_as_it_would_have(number: int, rounds: Rounds, tmp_path: Path) -> None:
    name = list(COMMANDS)[number % len(COMMANDS)]
    command, folder, chance = COMMANDS[name], rounds.folder, Random(number)
    count, expected = rounds.begin(name)
    kills = nth = 0
    for _ in range(chance.randint(1, 2) if IS_LONG else 1):
        nth = chance.randint(1, count)
        result, is_killed = run_failing(line_of(command), folder, WRITING, nth=nth, error=KILL)
        kills += is_killed
        # Killed, or done before it came to so many calls; removed is removed.
        assert result.returncode == -signal.SIGKILL if is_killed else result.returncode in (0, 1)
    # A copy, as whoever opens it rolls back what is in the journal.
    copy = shutil.copytree(folder, tmp_path / "copy")
    with closing(sqlite3.connect(copy / DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    if kills and not is_done(name, folder):
        run(*command.arguments, folder=folder)
    print(f"{number}: {name}: killed {kills} times, the last at {nth} of {count}")
    assert state(folder / DATABASE, rounds.contents) == expected


def is_done(name: str, folder: Path) -> bool:
    """Whether an article or a file that was to be removed is gone already."""
    if not name.startswith("remove"):
        return False
    with open_store(folder / DATABASE) as db:
        gone = (
            "SELECT 1 FROM articles WHERE given_id = 'removed'"
            if name == "remove an article"
            else f"SELECT 1 FROM sources WHERE name = '{ARTICLES}'"
        )
        return db.execute(gone).fetchone() is None
