"""Exports with several processes: the same bytes, the same errors, and no process left behind."""

from __future__ import annotations

import gzip
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.errors import ExportStopped, StoreError, UnknownKey, UsageError
from datasette_newsgraph.rdf import FORMATS, Format, jobs, parallel, processes, ranges
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from tests.loading.processes import command_of
from tests.rdf.exported_graphs import key_of, newsgraph
from tests.rdf.rdf_tools import BASE, export

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)
TURTLE, *_ = FORMATS


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory, generated: Callable[[int], list[Any]]) -> Path:
    """Made articles: some megabytes of RDF."""
    path = tmp_path_factory.mktemp("news") / "news.db"
    load(path, generated(60), base_iri=BASE)
    return path


@pytest.fixture
def copy(news: Path, tmp_path: Path) -> Path:
    """The same, for a test to change."""
    return Path(shutil.copy(news, tmp_path))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have documents divided as if they were large."""
    divided = {kind: (table, 7) for kind, (table, _) in ranges._DIVIDED.items()}
    monkeypatch.setattr(ranges, "_DIVIDED", divided)


@pytest.fixture
def spawned(monkeypatch: pytest.MonkeyPatch, small_parts: None) -> Iterator[list[Any]]:
    """Have processes begin before the first byte, as with a write-ahead log, so that they get parts
    whatever the machine does else; all that are spawned are to be gone at the end.
    """
    children: list[subprocess.Popen[bytes]] = []
    begin = processes.Process.__init__

    def begin_and_keep(self: Any, path: str) -> None:
        begin(self, path)
        children.append(self._child)

    monkeypatch.setattr(processes.Process, "__init__", begin_and_keep)
    monkeypatch.setattr(parallel.Crew, "_keeps_writers_away", lambda self: False)
    yield children
    assert children
    assert all(each.returncode is not None for each in children)


@every_format
@pytest.mark.parametrize("with_text", [False, True])
def test_the_bytes_are_those_of_one_process(
    news: Path, format_: Format, with_text: bool, spawned: list[Any]
) -> None:
    number = 3 if with_text else 2
    expected = export(news, format_, with_text=with_text)
    assert export(news, format_, with_text=with_text, jobs=number) == expected
    assert len(spawned) == number - 1


@pytest.mark.parametrize("format_", FORMATS[:2], ids=lambda each: each.name)
def test_a_part_of_the_graph_is_the_same_too(
    examples: Path, format_: Format, spawned: list[Any]
) -> None:
    chosen: list[dict[str, Any]] = [
        {"entities": [key_of(examples, "entities", "q1065")]},
        {"articles": [key_of(examples, "articles", "ex-2011-south-sudan")], "with_text": True},
        {"rows": ("mentions", range(1, 30))},
        {"tables": {"articles", "entities", "vocabulary", "mentions"}},
        {"assert_from": 0.9},
    ]
    for each in chosen:
        assert export(examples, format_, **each, jobs=2) == export(examples, format_, **each)


def test_a_graph_without_articles(tmp_path: Path, spawned: list[Any]) -> None:
    load(tmp_path / "a.db", [])
    for format_ in FORMATS:
        assert export(tmp_path / "a.db", format_, jobs=2) == export(tmp_path / "a.db", format_)


def test_this_process_goes_on_while_the_others_start(news: Path, small_parts: None) -> None:
    """Without a write-ahead log the first bytes come at once."""
    assert export(news, TURTLE, jobs=3) == export(news, TURTLE)


# The command ------------------------------------------------------------------------------------


def test_files_and_standard_output(news: Path, tmp_path: Path, small_parts: None) -> None:
    expected = export(news, TURTLE)
    assert newsgraph("export", news, "--jobs", "2").stdout_bytes == expected
    for name, read in [("a.ttl", Path.read_bytes), ("a.ttl.gz", _unpacked)]:
        assert newsgraph("export", news, "--jobs", "2", "-o", tmp_path / name).exit_code == 0
        assert read(tmp_path / name) == expected


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def test_as_many_processes_as_cores_if_all_of_a_large_graph_is_exported(
    examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def ask(*_: object, jobs: int, **options: Any) -> Iterator[bytes]:
        asked.append(jobs)
        yield b""

    def asked_for(*options: str) -> int:
        assert newsgraph("export", examples, *options).exit_code == 0
        return asked[-1]

    monkeypatch.setattr("datasette_newsgraph.rdf.export.stream", ask)
    monkeypatch.setattr(jobs, "cores", lambda: 4)
    assert asked_for() == 1
    monkeypatch.setattr(jobs, "_WORTH_IT", 0)
    assert asked_for() == 4
    assert asked_for("--jobs", "3") == 3
    assert asked_for("--entity", "France") == 1
    assert asked_for("--entity", "France", "--jobs", "3") == 3


@pytest.mark.parametrize("given", ["0", "-1", "many"])
def test_a_number_of_processes_is_one_or_more(news: Path, given: str) -> None:
    result = newsgraph("export", news, "--jobs", given)
    assert result.exit_code == 2
    assert "--jobs" in result.stderr


def test_what_is_no_file_is_exported_by_one_process(
    news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes.Process, "__init__", None)
    with closing(sqlite3.connect(":memory:")) as memory:
        with closing(sqlite3.connect(news)) as file:
            file.backup(memory)
        with open_store(memory) as db:
            assert b"".join(stream(db, TURTLE, jobs=4)) == export(news, TURTLE)
            with pytest.raises(UsageError):
                next(stream(db, TURTLE, jobs=0))


# Errors -----------------------------------------------------------------------------------------


def test_an_unknown_key_is_told_before_the_first_byte(news: Path, spawned: list[Any]) -> None:
    with pytest.raises(UnknownKey, match="nobody"):
        export(news, TURTLE, entities=["nobody"], jobs=2)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE entities SET key = 'a b' WHERE id = (SELECT max(id) FROM entities)",
        "UPDATE articles SET authors = 'not json'",
        "UPDATE mentions SET start_char = 'x' WHERE id % 10 = 3",
        "UPDATE relations SET predicate = CAST(x'ff' AS TEXT) WHERE id = 40",
    ],
)
def test_a_wrong_value_is_told_as_by_one_process(
    copy: Path, damage: str, spawned: list[Any]
) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute(damage)
        connection.commit()
    found = []
    for number in (1, 2):
        blocks: list[bytes] = []
        with pytest.raises(StoreError) as told, open_store(copy) as db:
            blocks.extend(stream(db, TURTLE, jobs=number))
        found.append((str(told.value), b"".join(blocks)))
    (line, before), (same, also) = found
    assert line == same
    # What comes before it is written; blocks may end elsewhere.
    assert before.startswith(also) or also.startswith(before)


@pytest.mark.parametrize("table", ["articles", "entities", "mentions"])
def test_a_damaged_file_is_told_as_by_one_process(
    copy: Path, table: str, spawned: list[Any]
) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (root,) = connection.execute(query, [table]).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with open(copy, "r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    lines = [newsgraph("export", copy, "--jobs", number).stderr for number in ("1", "2")]
    assert lines[0] == lines[1]
    assert lines[0].startswith("Error: ")


def test_an_error_of_ours_tells_where_it_was(
    copy: Path, spawned: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process has another package in its path, with a fault."""
    package = tmp_path / "path" / "datasette_newsgraph"
    shutil.copytree(Path(parallel.__file__).parents[1], package)
    module = package / "rdf" / "stream.py"
    text = module.read_text("utf-8")
    assert "def part(" in text
    module.write_text(
        f"{text}\ndef _fault(self, part):\n    yield 1 // 0\nGraphStream.part = _fault\n"
    )
    monkeypatch.syspath_prepend(package.parent)
    with pytest.raises(ZeroDivisionError) as told:
        export(copy, TURTLE, jobs=2)
    assert "in _fault" in str(told.value.__cause__)


def test_a_process_that_is_killed_is_an_error(copy: Path, spawned: list[Any]) -> None:
    with open_store(copy) as db, closing(stream(db, TURTLE, jobs=3)) as blocks:
        next(blocks)
        spawned[1].kill()
        with pytest.raises(ExportStopped, match="fewer --jobs"):
            list(blocks)


def test_a_process_that_cannot_be_started_is_an_error(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    result = newsgraph("export", copy, "--jobs", "2")
    assert result.exit_code == 1
    assert "no further process can be started (No such file or directory)" in result.stderr


def test_an_export_that_is_given_up_leaves_no_process(copy: Path, spawned: list[Any]) -> None:
    with open_store(copy) as db:
        with closing(stream(db, TURTLE, jobs=3)) as blocks:
            next(blocks)
            assert [each.poll() for each in spawned] == [None, None]
        assert not db.conn.in_transaction


# Signals ----------------------------------------------------------------------------------------


@pytest.fixture
def stalled(news: Path) -> Iterator[subprocess.Popen[bytes]]:
    """An export with three processes of which nobody reads more than the first line."""
    command = command_of(("export", news, "-q", "--jobs", "3", "-f", "ntriples"), 0)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline()
        yield process
        process.kill()


def _children(process: int) -> list[int]:
    path = Path(f"/proc/{process}/task/{process}/children")
    if not path.exists():
        pytest.skip("the system does not tell of processes")
    return [int(each) for each in path.read_text().split()]


def _runs(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    # Of one that has ended, its number is left until somebody asks.
    return status.rpartition(")")[2].split()[0] != "Z"


def _are_gone(processes: list[int]) -> bool:
    for _ in range(200):
        if not any(map(_runs, processes)):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, 130, b"Interrupted.\n"),
        (signal.SIGTERM, 143, b""),
        # It cannot end the others; they see that it is gone.
        (signal.SIGKILL, -9, b""),
    ],
)
def test_a_signal_ends_all_processes(
    stalled: subprocess.Popen[bytes], number: signal.Signals, code: int, said: bytes
) -> None:
    children = _children(stalled.pid)
    assert len(children) == 2
    stalled.send_signal(number)
    assert stalled.wait(60) == code
    assert stalled.stderr
    assert stalled.stderr.read() == said
    assert _are_gone(children)


def test_a_reader_that_goes_is_no_error(stalled: subprocess.Popen[bytes]) -> None:
    """As with ``| head -1``."""
    children = _children(stalled.pid)
    assert stalled.stdout
    assert stalled.stderr
    stalled.stdout.close()
    assert stalled.wait(60) == 1
    assert stalled.stderr.read() == b""
    assert _are_gone(children)


def test_an_interrupted_export_leaves_no_file(news: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "news.nt"
    target.parent.mkdir()
    command = [sys.executable, "-m", "datasette_newsgraph", "export", str(news), "--jobs", "3"]
    for _ in range(5):
        with subprocess.Popen([*command, "-o", str(target)], stderr=subprocess.DEVNULL) as process:
            while not any(target.parent.iterdir()) and process.poll() is None:
                time.sleep(0.001)
            children = _children(process.pid)
            process.send_signal(signal.SIGTERM)
        assert _are_gone(children)
        if process.returncode == 143:
            break
        # It was done before, as may be where others keep us waiting.
        target.unlink()
    assert process.returncode == 143
    assert os.listdir(target.parent) == []
