"""How far a check is: what a progress bar is told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from datasette_newsgraph.checking.check import find_faults
from datasette_newsgraph.cli import cli
from datasette_newsgraph.store import open_store

#: What is done to the database: nothing, a value that ends a step, what ends the check early.
DAMAGE = ["", "UPDATE mentions SET start_char = 'x'", "DROP TABLE zones"]


@pytest.fixture
def database(example_db: Path, tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    path.write_bytes(example_db.read_bytes())
    return path


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("statement", DAMAGE)
def test_a_check_gets_on_and_comes_to_its_end(database: Path, statement: str, quick: bool) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(statement)
        connection.commit()
    told: list[tuple[int, int]] = []
    with open_store(database, damaged=True) as db:
        for _ in find_faults(db, quick=quick, progress=lambda *each: told.append(each)):
            pass
    positions = [position for position, _ in told]
    assert positions == sorted(set(positions))
    (size,) = {size for _, size in told}
    assert (positions[0], positions[-1]) == (0, size)
    # No more is left to the end than the smallest steps, nor is more done than there is.
    assert statement or positions[-2] >= size * 0.8


def test_texts_are_told_of_one_by_one(database: Path) -> None:
    told: list[int] = []
    with open_store(database) as db:
        (texts,) = db.conn.execute("SELECT count(text) FROM article_texts").fetchone()
        list(find_faults(db, progress=lambda position, _: told.append(position)))
    # Twice: they are compared with their spans, then with what is searched of them.
    assert len(told) > 2 * texts


def test_the_bar_is_shown_if_asked(database: Path) -> None:
    def shown(*options: str) -> bool:
        result = CliRunner().invoke(cli, ["check", str(database), *options])
        assert result.exit_code == 0
        return "Checking" in result.stderr

    assert shown("--progress")
    # Nobody sits before a pipe.
    assert [shown(), shown("--no-progress"), shown("-q")] == [False] * 3
