"""Signals end what a command does, also while SQLite is at one long query."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph import load
from datasette_newsgraph.checking import check
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.signals import heed_signals

#: A query that does not end, in place of one that may take minutes.
_ENDLESS = """
import signal
import sys
from datasette_newsgraph.cli import cli
# What runs in the background may be told to pass it over.
signal.signal(signal.SIGINT, signal.default_int_handler)
from datasette_newsgraph.checking import check
endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT count(*) FROM n"
check._ORPHANS = (("one", "several", endless),)
# The last thing before that query.
check._indexes = lambda db: print("checking", flush=True) or ()
cli(["check", sys.argv[1]])
"""


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "Interrupted.\n"), (signal.SIGTERM, 143, "")],
)
def test_a_signal_ends_a_check(
    example_db: Path, number: signal.Signals, code: int, said: str
) -> None:
    command = [sys.executable, "-c", _ENDLESS, str(example_db)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"checking\n"
        try:
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
            assert (process.returncode, errors.decode()) == (code, said)
        finally:
            process.kill()


def test_what_a_handler_raises_is_kept() -> None:
    def stop(number: int, frame: object) -> None:
        raise ZeroDivisionError

    before = signal.signal(signal.SIGALRM, stop)
    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            raised = heed_signals(connection)
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)"
            with pytest.raises(sqlite3.OperationalError, match="interrupted"):
                connection.execute(f"{endless} SELECT count(*) FROM n").fetchone()
            assert [type(each) for each in raised] == [ZeroDivisionError]
            # Who goes on has no signal left to heed.
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("function", ["check_counts", "index_fault"])
def test_a_signal_ends_a_check_of_a_damaged_database(function: str, tmp_path: Path) -> None:
    """It is no damage, where values are wrong, or while an index is looked at."""
    path = tmp_path / "news.db"
    load(path, [{"id": "a", "text": "Ana", "entities": [{"id": "1", "type": "x", "name": "Ana"}]}])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE articles SET authors = 'not json'")
        connection.commit()

    def stop(*_: object) -> list[object]:
        raise sqlite3.OperationalError("interrupted")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check, function, stop)
        with pytest.raises(StoreError, match="interrupted"), open_store(path) as db:
            list(check.check(db))
