"""An export shows one state of the database, also with several processes while others write."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.rdf import FORMATS, parallel, processes, ranges
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.task import Task
from datasette_newsgraph.store import open_store
from tests.rdf.rdf_tools import export

TURTLE, *_ = FORMATS
MODES = ("delete", "wal", "truncate", "persist")
#: What a writer gives all articles for a title, with the number of the change.
TITLE = re.compile(rb"state ([0-9]+)\b")
EXPORTS = 4
#: Seconds between two changes: with none, processes that start slowly never read the same.
PAUSE = 0.01
#: Exports after which processes have taken part in one, if they do at all.
MOST_EXPORTS = 200


@pytest.fixture
def news(tmp_path: Path, generated: Callable[[int], list[Any]]) -> Path:
    """Articles that all have the title "state 0"."""
    path = tmp_path / "news.db"
    load(path, generated(40))
    with closing(sqlite3.connect(path)) as connection:
        change(connection, 0)
    return path


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each process read some of the articles."""
    divided = {kind: (table, 3) for kind, (table, _) in ranges._DIVIDED.items()}
    monkeypatch.setattr(ranges, "_DIVIDED", divided)


def set_mode(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute(f"PRAGMA journal_mode = {mode}").fetchone() == (mode,)


def change(connection: sqlite3.Connection, number: int) -> None:
    """Change all articles in one transaction."""
    connection.execute("UPDATE articles SET title = ?", [f"state {number}"])
    connection.commit()


@contextmanager
def changes(path: Path) -> Iterator[list[int]]:
    """Change all articles again and again meanwhile; yields the numbers of the changes."""
    done: list[int] = [0]
    is_over = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=60)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            while not is_over.wait(PAUSE):
                change(connection, done[-1] + 1)
                done.append(done[-1] + 1)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield done
    finally:
        is_over.set()
        thread.join()


def states(document: bytes) -> set[int]:
    return {int(each) for each in TITLE.findall(document)}


@pytest.fixture(autouse=True)
def given(monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    """The parts that other processes were given; an export gives them a second to begin."""
    let_in, render = parallel.Crew._let_in, processes.Process.render
    parts: list[Part] = []

    waited: set[parallel.Crew] = set()

    def wait_and_let_in(crew: parallel.Crew) -> None:
        if crew not in waited:
            waited.add(crew)
            for process in crew._called:
                process._coming.poll(1000)
        let_in(crew)

    def render_and_keep(process: processes.Process, part: Part) -> None:
        parts.append(part)
        render(process, part)

    monkeypatch.setattr(parallel.Crew, "_let_in", wait_and_let_in)
    monkeypatch.setattr(processes.Process, "render", render_and_keep)
    return parts


@pytest.mark.parametrize("mode", MODES)
def test_all_processes_read_the_same_while_somebody_writes(
    news: Path, mode: str, given: list[Part]
) -> None:
    set_mode(news, mode)
    with changes(news) as done:
        for number in range(MOST_EXPORTS):
            if number >= EXPORTS and (given or mode != "wal"):
                break
            before = done[-1]
            found = states(export(news, TURTLE, jobs=3))
            assert len(found) == 1
            assert found.pop() >= before
    assert len(done) > 1
    if mode == "wal":
        assert given


@pytest.mark.parametrize("mode", MODES)
def test_all_processes_take_part_where_nobody_writes(
    news: Path, mode: str, given: list[Part]
) -> None:
    set_mode(news, mode)
    assert states(export(news, TURTLE, jobs=3)) == {0}
    assert given


@pytest.mark.parametrize("times", [1, 2, 5])
def test_all_begin_again_where_somebody_writes_while_they_begin(
    news: Path, times: int, given: list[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mode(news, "wal")
    begin, numbers = processes.Process.begin, iter(range(1, times + 1))

    def write_and_begin(process: processes.Process, task: Task) -> None:
        for number in islice(numbers, 1):
            with closing(sqlite3.connect(news)) as connection:
                change(connection, number)
        begin(process, task)

    monkeypatch.setattr(processes.Process, "begin", write_and_begin)
    assert states(export(news, TURTLE, jobs=3)) == {times}
    assert given


def test_where_somebody_writes_all_the_time_one_process_goes_on_alone(
    news: Path, given: list[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mode(news, "wal")
    begin, numbers = processes.Process.begin, count(1)

    def write_and_begin(process: processes.Process, task: Task) -> None:
        with closing(sqlite3.connect(news)) as connection:
            change(connection, next(numbers))
        begin(process, task)

    monkeypatch.setattr(processes.Process, "begin", write_and_begin)
    assert len(states(export(news, TURTLE, jobs=2))) == 1
    assert next(numbers) == 1 + parallel._ATTEMPTS
    assert given == []


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_file_that_takes_the_name_of_another_is_not_read(
    news: Path, tmp_path: Path, is_begun: bool, given: list[Part], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a new database is moved to the name of the old one, before the export or while the other
    processes start.
    """
    other = Path(shutil.copy(news, tmp_path / "other.db"))
    with closing(sqlite3.connect(other)) as connection:
        change(connection, 1)
    begin = processes.Process.begin

    def begin_other_file(process: processes.Process, task: Task) -> None:
        os.replace(other, news)
        begin(process, task)

    with open_store(news) as db:
        if is_begun:
            monkeypatch.setattr(processes.Process, "begin", begin_other_file)
        else:
            os.replace(other, news)
        assert states(b"".join(stream(db, TURTLE, jobs=2))) == {0}
    assert given == []


def test_a_writer_that_waits_for_the_export_is_not_waited_for(news: Path) -> None:
    """Without a write-ahead log, it lets nobody begin to read who has not begun."""
    is_pending = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(news, timeout=60, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE articles SET title = 'state 1'")
            is_pending.set()
            connection.execute("COMMIT")

    thread = threading.Thread(target=write)
    with open_store(news) as db, closing(stream(db, TURTLE, jobs=2)) as blocks:
        document = next(blocks)
        thread.start()
        is_pending.wait()
        document += b"".join(blocks)
    thread.join()
    assert states(document) == {0}
    assert states(export(news, TURTLE, jobs=2)) == {1}
