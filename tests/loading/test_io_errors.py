"""Whatever call on whatever file fails: one line names the file, and a second run ends as it would.

The nth read, write or flush of a file fails, once or from then on: see ``tests.loading.failing_calls``.
``make test-long`` tries many cases, the other runs a few.
"""

from __future__ import annotations

import errno
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
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.store import open_store
from tests.loading.failing_calls import KILL, Calls, count_calls, needs_library, run_failing

IS_LONG = settings.get_current_profile_name() == "long"
pytestmark = needs_library

Contents = Callable[..., dict[str, Any]]
Generated = Callable[[int], list[dict[str, Any]]]
#: An input, a database, what SQLite writes beside it, and what an export is until it is complete.
INPUT, DATABASE, JOURNAL, UNFINISHED = "articles.jsonl", "news.db", "news.db-journal", ".tmp"
LOG, SHARED = "news.db-wal", "news.db-shm"
OUTPUT = "graph.nt"
OF_INPUT = ((INPUT, "read"),)
OF_READING = ((DATABASE, "read"),)
OF_WRITING = (
    *OF_READING,
    *((DATABASE, call) for call in ("write", "sync")),
    *((JOURNAL, call) for call in ("write", "sync")),
)
#: To write to a graph that is there already, SQLite keeps a log.
OF_CHANGING = (*OF_WRITING, *((LOG, call) for call in ("read", "write", "sync")), (SHARED, "write"))


@dataclass(frozen=True)
class Command:
    """A command with its arguments, and the calls that it makes on files. ``before``: the database that
    is there already.
    """

    arguments: tuple[str, ...]
    calls: tuple[tuple[str, str], ...]
    before: str | None


COMMANDS = {
    "load": Command(("load", DATABASE, INPUT), OF_INPUT + OF_WRITING, None),
    "load what has changed": Command(("load", DATABASE, INPUT), OF_INPUT + OF_CHANGING, "old"),
    "remove an article": Command(
        ("remove", DATABASE, "--article", "removed"), OF_CHANGING, "loaded"
    ),
    "remove a file": Command(("remove", DATABASE, "--source", INPUT), OF_CHANGING, "loaded"),
    "check": Command(("check", DATABASE), OF_READING, "loaded"),
    "export": Command(
        ("export", DATABASE, "-o", OUTPUT),
        (*OF_READING, *((UNFINISHED, call) for call in ("write", "sync"))),
        "loaded",
    ),
    "inspect": Command(("inspect", INPUT), OF_INPUT, None),
    "convert": Command(("convert", INPUT), OF_INPUT, None),
}


#: Those of a sample let a load, an export, a check and reading the input fail.
NUMBERS = range(80) if IS_LONG else (1, 4, 5, 6, 8, 25)


@dataclass(frozen=True)
class Case:
    """A call on a file of a command that fails; ``chance`` says which of them, from 0 to 1."""

    name: str
    file: str
    call: str
    chance: float
    error: int
    is_once: bool


def case_of(number: int) -> Case:
    """One case of many: each command in turn, each of its calls in turn, the rest by chance."""
    random = Random(number)
    name = list(COMMANDS)[number % len(COMMANDS)]
    calls = COMMANDS[name].calls
    file, call = calls[number // len(COMMANDS) % len(calls)]
    full = [] if call == "read" else [errno.ENOSPC]
    error = random.choice([errno.EIO, *full])
    return Case(name, file, call, random.random(), error, random.random() < 0.5)


@pytest.fixture(scope="module")
def states(generated: Generated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the input, a database of what it was before, and one of what it is."""
    folder = tmp_path_factory.mktemp("states")
    records = generated(40)
    records[3]["id"] = "removed"
    for state in ("old", "loaded"):
        given = [{**each, "title": f"old {each['id']}"} for each in records[:30]]
        lines = [json.dumps(each) for each in (given if state == "old" else records)]
        # Loaded from where it will lie: the name of the folder is in the tables.
        (folder / INPUT).write_text("\n".join([*lines, '{"broken"']) + "\n", "utf-8")
        load_files(folder / f"{state}.db", [folder / INPUT])
    return folder


def prepare(name: str, states: Path, folder: Path) -> None:
    """Make what is there before a command: its input, its database, and an older output."""
    shutil.copy(states / INPUT, folder / INPUT)
    (folder / OUTPUT).write_text("older\n")
    before = COMMANDS[name].before
    if before is not None:
        shutil.copy(states / f"{before}.db", folder / DATABASE)
        # As if it had been loaded from here.
        with closing(sqlite3.connect(folder / DATABASE)) as connection:
            connection.execute("UPDATE sources SET place = ?", [str(folder.resolve())])
            connection.commit()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_call_that_fails_is_one_line_and_a_second_run_ends_well(
    number: int, states: Path, tmp_path: Path, contents: Contents
) -> None:
    case = case_of(number)
    command, calls = COMMANDS[case.name], Calls((case.call,), (case.file,))
    line = ("-m", "datasette_newsgraph", *command.arguments)
    undisturbed, folder = tmp_path / "undisturbed", tmp_path / "disturbed"
    for each in (undisturbed, folder):
        each.mkdir()
        prepare(case.name, states, each)
    count = count_calls(line, undisturbed, calls)
    shutil.rmtree(undisturbed)
    undisturbed.mkdir()
    prepare(case.name, states, undisturbed)
    expected = again(command, undisturbed)

    nth = 1 + int(case.chance * count)
    result, has_failed = run_failing(
        line, folder, calls, nth=nth, error=case.error, is_once=case.is_once
    )
    print(f"{case}: {nth} of {count}, failed: {has_failed}, exit code {result.returncode}")
    print(result.stdout, result.stderr)
    assert has_failed
    assert "Traceback" not in result.stderr
    assert result.returncode in (0, 1)
    if result.returncode == 0:
        assert result.stdout == expected.stdout
    elif not (case.name in ("check", "inspect") and result.stdout):
        # Those two may also tell it in what they report.
        last = result.stderr.splitlines()[-1]
        of_database = dict.fromkeys((JOURNAL, LOG, SHARED), DATABASE)
        named = {**of_database, UNFINISHED: OUTPUT}.get(case.file, case.file)
        assert last.startswith("Error: ")
        assert named in last
    assert {each.name for each in folder.iterdir()} <= {
        *(INPUT, DATABASE, OUTPUT),
        *(JOURNAL, LOG, SHARED),
    }
    if command.arguments[0] == "export":
        written = (folder / OUTPUT).read_text()
        whole = (undisturbed / OUTPUT).read_text()
        assert written == ("older\n" if result.returncode else whole)

    again(command, folder)
    if (undisturbed / DATABASE).exists():
        assert contents(folder / DATABASE, provenance=False) == contents(
            undisturbed / DATABASE, provenance=False
        )
        with open_store(folder / DATABASE) as db:
            assert list(check(db)) == []
    assert (folder / OUTPUT).read_text() == (undisturbed / OUTPUT).read_text()


def again(command: Command, folder: Path) -> Any:
    """Run a command where nothing fails."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(cli, command.arguments)
    finally:
        os.chdir(before)


def test_the_calls_of_a_process_fail(tmp_path: Path) -> None:
    """The second read fails, alone or with all behind it, and no read of another file."""
    code = (
        "import os\n"
        "def read(path):\n"
        "    number = os.open(path, os.O_RDONLY)\n"
        "    for _ in range(3):\n"
        "        try: print(os.read(number, 1).decode(), end=' ')\n"
        "        except OSError as error: print(error.errno, end=' ')\n"
        "read('a.jsonl'); read('b.jsonl')"
    )
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        (folder / name).write_text("xyz")
    command, calls = ("-c", code), Calls(("read",), ("a.jsonl",))
    assert count_calls(command, folder, calls) == 3
    for is_once, told in ((True, "x 5 y x y z"), (False, "x 5 5 x y z")):
        result, has_failed = run_failing(
            command, folder, calls, nth=2, error=errno.EIO, is_once=is_once
        )
        assert (result.stdout.strip(), has_failed) == (told, True)
    result, has_failed = run_failing(command, folder, calls, nth=4, error=errno.EIO)
    assert (result.stdout.strip(), has_failed) == ("x y z x y z", False)
    result, _ = run_failing(command, folder, calls, nth=2, error=KILL)
    assert result.returncode == -signal.SIGKILL
