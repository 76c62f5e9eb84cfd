"""A reader who takes an export slowly does not keep others from the database."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph import load
from datasette_newsgraph.spooling import as_taken
from tests.loading.processes import command_of

Generated = Callable[[int], list[dict[str, Any]]]


class Reader:
    """Takes ``at_once`` blocks, and then none until he is woken."""

    def __init__(self, at_once: int) -> None:
        self.left = at_once

    def has_room(self) -> bool:
        self.left -= 1
        return self.left >= 0


def made(blocks: list[bytes], log: list[bytes]) -> Iterator[bytes]:
    for block in blocks:
        log.append(block)
        yield block


@given(blocks=st.lists(st.binary(max_size=200_000), max_size=8), at_once=st.integers(0, 8))
def test_what_is_made_at_once_is_what_was_to_be_made(blocks: list[bytes], at_once: int) -> None:
    log: list[bytes] = []
    taken = as_taken(made(blocks, log), Reader(at_once).has_room, lambda: True)
    first = [next(taken, b"") for _ in range(min(at_once, len(blocks)))]
    assert first == blocks[:at_once]
    # Nothing is made before it is asked for, as long as it is taken; then all of it.
    assert len(log) == len(first)
    rest = [next(taken, b"")]
    assert len(log) == len(blocks)
    assert b"".join([*first, *rest, *taken]) == b"".join(blocks)


def test_nothing_is_made_ahead_while_nobody_hurries() -> None:
    log: list[bytes] = []
    room = iter([True, False, False, True])
    taken = as_taken(made([b"a", b"b", b"c"], log), lambda: next(room), lambda: False)
    assert [next(taken), next(taken)] == [b"a", b"b"]
    assert log == [b"a", b"b"]


def test_where_the_disk_is_full_the_rest_is_made_when_it_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Full:
        """A file that has room for three packed blocks, and a part of the next."""

        def __init__(self, **_: Any) -> None:
            self.file, self.room = open(tmp_path / "spool", "w+b"), 3  # noqa: SIM115

        def write(self, block: bytes) -> int:
            self.room -= 1
            return self.file.write(block if self.room >= 0 else block[:1])

        def __getattr__(self, name: str) -> Any:
            return getattr(self.file, name)

        def __enter__(self) -> Any:
            return self.file

        def __exit__(self, *_: object) -> None:
            self.file.close()

    monkeypatch.setattr("datasette_newsgraph.spooling.TemporaryFile", Full)
    log: list[bytes] = []
    blocks = [bytes([number]) * 70_000 for number in range(10)]
    taken = as_taken(made(blocks, log), lambda: False, lambda: True)
    found = [next(taken)]
    assert len(log) == 4
    assert b"".join([*found, *taken]) == b"".join(blocks)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory, generated: Generated) -> Path:
    path = tmp_path_factory.mktemp("graph") / "news.db"
    load(path, generated(120))
    return path


def is_waited_for(database: Path, process: subprocess.Popen[bytes]) -> bool:
    """Tell whether a load, run to its end, goes through while a process stands still."""
    before = time.monotonic()
    summary = load(database, [{"id": "new", "title": f"at {before}", "text": "Ana"}])
    assert process.poll() is None
    return summary.new + summary.changed == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that can be asked")
@pytest.mark.parametrize("output", ["standard output", "a pipe"])
def test_an_export_that_is_not_taken_holds_no_load_up(
    output: str, graph: Path, tmp_path: Path
) -> None:
    command = command_of(("export", graph, "-q", "-f", "ntriples"), 0)
    whole = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    if output == "standard output":
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout
        reading = os.dup(process.stdout.fileno())
        process.stdout.close()
    else:
        os.mkfifo(tmp_path / "pipe")
        process = subprocess.Popen([*command, "-o", str(tmp_path / "pipe")])
        reading = os.open(tmp_path / "pipe", os.O_RDONLY)
    # It has begun, and most of it is still to come.
    found = os.read(reading, 100)
    try:
        assert is_waited_for(graph, process)
        while block := os.read(reading, 65536):
            found += block
        assert process.wait(60) == 0
    finally:
        os.close(reading)
        process.kill()
        process.wait()
    assert found == whole


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_export_that_is_not_taken_is_ended_by_a_signal(
    number: signal.Signals, graph: Path
) -> None:
    command = command_of(("export", graph, "-q"), 0)
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": tempfile.gettempdir()},
    )
    assert process.stdout
    os.read(process.stdout.fileno(), 100)
    process.send_signal(number)
    assert process.wait(30) == 128 + number
    process.communicate()
    with closing(sqlite3.connect(graph)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
