"""A load beside readers: with a write-ahead log while it writes, and without one when it is done."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from datasette_newsgraph import load
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import StoreError, UsageError
from datasette_newsgraph.journal_modes import MODES
from datasette_newsgraph.loading.load import LoadOptions, load_files
from datasette_newsgraph.loading.removal import remove_article
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import journal, open_store, set_base, transactions
from tests.loading.failing_calls import KILL, Calls, count_calls, needs_library, run_failing
from tests.loading.processes import run

WRITING = ("write", "sync")


def article(number: int, title: str = "Ana") -> dict[str, str]:
    return {"id": f"a{number}", "title": title, "text": "Ana lives in Rome."}


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    load(path, [article(0)])
    return path


def files(database: Path) -> set[str]:
    return {each.name for each in database.parent.iterdir()}


def mode(database: Path) -> str:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


@contextmanager
def reader(database: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who has begun to read, and stands still."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.isolation_level = None
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM articles").fetchall()
        yield connection


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])


# How a database rests ------------------------------------------------------------------------


def test_a_database_rests_as_one_file(database: Path, tmp_path: Path) -> None:
    given = tmp_path / "a.jsonl"
    given.write_text(json.dumps(article(1)))
    seen: list[bool] = []
    summary = load_files(
        database, [given], progress=lambda *_: seen.append("news.db-wal" in files(database))
    )
    assert seen[-1]
    assert summary.log == ""
    assert (mode(database), files(database)) == ("delete", {"news.db", "a.jsonl"})


def test_a_new_database_is_filled_without_a_log(tmp_path: Path) -> None:
    database, given = tmp_path / "news.db", tmp_path / "a.jsonl"
    given.write_text(json.dumps(article(1)))
    seen: list[bool] = []
    load_files(database, [given], progress=lambda *_: seen.append("news.db-wal" in files(database)))
    assert seen
    assert not any(seen)


def test_what_changes_nothing_leaves_the_file_as_it_is(database: Path) -> None:
    before = database.read_bytes()
    assert load(database, [article(0)]).unchanged == 1
    with open_store(database, write=True):
        pass
    assert database.read_bytes() == before


@pytest.mark.parametrize("change", ["remove", "base", "repair"])
def test_other_changes_go_the_same_way(change: str, database: Path) -> None:
    with open_store(database, write=True, damaged=True) as db:
        if change == "remove":
            remove_article(db, "a0")
        elif change == "base":
            set_base(db, "https://example.org/news/-/newsgraph/")
        else:
            # What is put right by ``newsgraph repair``.
            with transactions.transaction(db):
                db.conn.execute("DROP INDEX idx_articles_published")
        assert mode(database) == "wal"
    assert (mode(database), files(database)) == ("delete", {"news.db"})


# Beside readers ------------------------------------------------------------------------------


def test_who_reads_what_is_logged_holds_nobody_up(database: Path) -> None:
    with closing(sqlite3.connect(database)) as first:
        # As after a load that was killed.
        first.execute("PRAGMA journal_mode = WAL")
        with reader(database) as still:
            logs = [load(database, [article(number)]).log for number in (1, 2)]
            assert count(still) == 1
            with closing(sqlite3.connect(database)) as other:
                assert count(other) == 3
    # It belongs to the database while that is open elsewhere; then it is put away.
    assert logs == [f"{database}-wal"] * 2
    assert load(database, [article(0)]).log == ""
    assert (mode(database), files(database)) == ("delete", {"news.db"})


def test_the_command_says_which_log_stays(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_LONGEST_WAIT", 0.0)
    given = tmp_path / "a.jsonl"
    given.write_text(json.dumps(article(1)))
    with closing(sqlite3.connect(database)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        count(other)
        told = f"{database}-wal belongs to {database}, which other programs have open"
        for command in (
            ("load", given),
            ("remove", "--article", "a0"),
            ("vocabulary", "--set", "Person", "https://terms.example/P"),
            ("base-iri", "https://other.example/"),
        ):
            line = [command[0], str(database), *map(str, command[1:])]
            if command[0] == "vocabulary":
                line += ["--kind", "type"]
            result = CliRunner().invoke(cli, line)
            assert result.exit_code == 0, result.output
            assert told in result.stderr
        assert told not in CliRunner().invoke(cli, ["load", "-q", str(database), str(given)]).stderr


def test_readers_in_the_way_are_waited_for_and_told(
    database: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Who reads when the first change comes, keeps SQLite from beginning a log. A journal that lies
    there meanwhile tells him; and after a while we say so.
    """
    seen: list[bool] = []
    with reader(database) as still:

        def pause(_: float) -> None:
            seen.append("news.db-journal" in files(database))
            if len(seen) == 3:
                still.execute("ROLLBACK")

        monkeypatch.setattr(transactions, "sleep", pause)
        monkeypatch.setattr(transactions, "_SILENCE", 0.0)
        assert load(database, [article(1)]).new == 1
    assert seen == [True] * 3
    assert caplog.messages == ["'news.db': waiting for a program that reads it"]


def test_readers_who_do_not_go_are_not_waited_for_for_ever(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "_PATIENCE", 0.3)
    with reader(database):
        with pytest.raises(StoreError, match="locked; another program uses it"):
            load(database, [article(1)])
        assert mode(database) == "delete"
    assert load(database, [article(1)]).new == 1


def test_an_export_lets_who_waits_to_write_go_first(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        closing(sqlite3.connect(database, isolation_level=None)) as writer,
        open_store(database) as db,
    ):
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE articles SET title = 'Bea'")
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                # From here on others are kept out, and the journal is there no more after the COMMIT.
                writer.execute("COMMIT")

        monkeypatch.setattr(journal, "sleep", pause)
        assert b"Bea" in b"".join(stream(db, format_named("ntriples")))
        assert len(pauses) == 2
        # He who does not come to an end is not waited for for ever.
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE articles SET title = 'Cleo'")
        monkeypatch.setattr(journal, "sleep", lambda _: None)
        db.conn.execute("PRAGMA busy_timeout = 100")
        assert b"Bea" in b"".join(stream(db, format_named("ntriples")))
        assert db.conn.execute("PRAGMA busy_timeout").fetchone() == (100,)


# What a user chooses ------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", MODES)
@pytest.mark.parametrize("is_new", [True, False])
def test_a_chosen_mode_is_kept(chosen: str, is_new: bool, tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    if not is_new:
        load(database, [article(0)])
    options = LoadOptions(journal_mode=chosen)
    assert load(database, [article(1)], options=options).log == ""
    rests = "wal" if chosen == "wal" else "delete"
    assert mode(database) == rests
    load(database, [article(2)])
    with open_store(database, write=True) as db:
        set_base(db, "https://example.org/news/-/newsgraph/")
        assert mode(database) == ("delete" if chosen == "delete" else "wal")
    assert mode(database) == rests
    load(database, [article(0)], options=LoadOptions(journal_mode="auto"))
    assert mode(database) == "delete"
    with open_store(database) as db:
        assert list(check(db)) == []


def test_a_log_that_was_there_before_the_graph_stays(tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE mine (x)")
    for number in range(2):
        assert load(database, [article(number)]).log == ""
        assert mode(database) == "wal"


@pytest.mark.parametrize("kept", ["delete", "wal", "truncate"])
def test_a_connection_that_is_given_keeps_its_journal(kept: str, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(f"PRAGMA journal_mode = {kept}")
        load(connection, [article(1)])
        assert connection.execute("PRAGMA journal_mode").fetchone() == (kept,)
        with pytest.raises(UsageError, match="give the name of the file"):
            load(connection, [], options=LoadOptions(journal_mode="wal"))
    with pytest.raises(
        UsageError, match="'memory' is no journal mode; there are: auto, delete, wal"
    ):
        load(database, [], options=LoadOptions(journal_mode="memory"))


# What goes wrong ----------------------------------------------------------------------------


@needs_library
def test_where_no_log_can_be_it_goes_without(database: Path, tmp_path: Path) -> None:
    """As on some network drives, which have no memory that processes share."""
    (tmp_path / "a.jsonl").write_text(json.dumps(article(1)))
    line = ("-m", "datasette_newsgraph", "load", "news.db", "a.jsonl")
    calls = Calls(("write",), ("news.db-shm",))
    result, has_failed = run_failing(line, tmp_path, calls, nth=1, error=errno.EIO)
    assert has_failed
    assert result.returncode == 0, result.stderr
    assert "1 new" in result.stderr
    assert mode(database) == "delete"
    with open_store(database) as db:
        assert (count(db.conn), list(check(db))) == (2, [])


@needs_library
@pytest.mark.parametrize("name", ["news.db-wal", "news.db"])
def test_what_is_rolled_back_is_not_counted(name: str, database: Path, tmp_path: Path) -> None:
    """Whichever write to the disk is the first to fail, and what is in the log is counted."""
    (tmp_path / "a.jsonl").write_text(json.dumps(article(1)))
    line, calls = (
        ("-m", "datasette_newsgraph", "load", "news.db", "a.jsonl"),
        Calls(WRITING, (name,)),
    )
    last = count_calls(line, shutil.copytree(tmp_path, tmp_path / "whole"), calls)
    found: set[int] = set()
    for nth in (1, 3, last // 2, last - 1):
        copy = tmp_path / f"copy{nth}"
        shutil.copytree(tmp_path, copy, ignore=shutil.ignore_patterns("whole", "copy*"))
        result, has_failed = run_failing(line, copy, calls, nth=nth, error=errno.ENOSPC)
        assert has_failed
        with open_store(copy / "news.db") as db:
            new = count(db.conn) - 1
        if result.returncode == 0 or "record" in result.stderr:
            assert f"1 record read: {new} new" in result.stderr
        found.add(new)
    assert found == {0, 1}


@needs_library
def test_what_a_killed_load_leaves_is_read_and_put_right(database: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps(article(1)))
    line = ("-m", "datasette_newsgraph", "load", "news.db", "a.jsonl")
    calls = Calls(("write",), ("news.db",))
    # The first write to the file itself after the switch brings over what is in the log.
    result, _ = run_failing(line, tmp_path, calls, nth=2, error=KILL)
    assert result.returncode == -signal.SIGKILL
    assert os.path.getsize(f"{database}-wal") > 0
    for command in (("stats",), ("check",), ("export", "-o", str(tmp_path / "g.ttl"))):
        done = run(command[0], database, *command[1:])
        assert done.returncode == 0, done.stderr
    assert b"2  articles" in run("stats", database).stdout
    assert run("load", database, tmp_path / "a.jsonl").returncode == 0
    assert files(database) == {"news.db", "a.jsonl", "g.ttl"}
