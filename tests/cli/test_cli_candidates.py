"""``newsgraph candidates``: what it prints, and what it keeps."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from datasette_newsgraph.loading.load import load
from tests.candidates.graphs import records

Run = Callable[..., Result]
NAMES = [
    ["Person: Ana Lee", "Person: Lee", "Place: US"],
    ["Place: United States", "Person: =Ana Lee"],
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    load(tmp_path / "news.db", records(NAMES))
    return tmp_path / "news.db"


def kept(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM candidates").fetchone()[0])


def test_a_line_for_each_pair(run: Run, path: Path) -> None:
    said = run("candidates", path)
    assert said.exit_code == 0, said.output
    lines = said.stdout.splitlines()
    assert len(lines) == kept(path)
    assert any("[surname] Ana Lee (ana-lee-" in each for each in lines)
    assert any("Both are usual names of one country." in each for each in lines)
    assert f"{len(lines)} pairs may be one thing; in tiers: surname 1, " in said.stderr


def test_lines_for_programs(run: Run, path: Path) -> None:
    rows = [json.loads(line) for line in run("candidates", path, "-f", "jsonl").stdout.splitlines()]
    assert rows == sorted(rows, key=lambda each: -each["score"])
    (surname,) = (each for each in rows if each["tier"] == "surname")
    assert (surname["left_name"], surname["right_name"]) == ("Ana Lee", "Lee")
    assert surname["together"] == 1
    assert surname["reasons"][0].startswith("Lee is the surname of Ana Lee")
    assert surname["against"] == []
    table = list(csv.DictReader(io.StringIO(run("candidates", path, "-f", "csv").stdout)))
    assert [each["left"] for each in table] == [each["left"] for each in rows]
    assert table[0].keys() == rows[0].keys()


def test_what_is_printed_may_be_narrowed(run: Run, path: Path) -> None:
    every = run("candidates", path, "-q").stdout.splitlines()
    tier = run("candidates", path, "--tier", "country").stdout.splitlines()
    assert len(tier) == 1
    assert tier[0] in every
    above = run("candidates", path, "--above", "0.95").stdout.splitlines()
    assert above == [line for line in every if float(line[:4]) > 0.95]
    assert 0 < len(above) < len(every) == kept(path)


def test_quiet_says_nothing_else(run: Run, path: Path) -> None:
    assert run("candidates", path, "-q").stderr == ""


def test_why_no_tier_may_be_accepted_as_one_is_said(run: Run, tmp_path: Path) -> None:
    load(tmp_path / "old.db", records(NAMES, published="1899"))
    assert "old newspapers" in run("candidates", tmp_path / "old.db").stderr


def test_what_cannot_be_written_is_read(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def refused(db: object) -> Iterator[None]:
        raise sqlite3.OperationalError("attempt to write a readonly database")
        yield

    monkeypatch.setattr("datasette_newsgraph.store.transactions.transaction", refused)
    said = run("candidates", path)
    assert said.exit_code == 0, said.output
    assert said.stderr.startswith(f"The pairs are not kept: {path}: attempt to write")
    assert "make the file and its directory writable" in said.stderr
    assert "[surname]" in said.stdout
    assert kept(path) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--tier", "nobody"), "there is no tier 'nobody'; there are surname, letters"),
        (("--above", "7"), "7"),
    ],
)
def test_a_wrong_option_is_named(
    run: Run, path: Path, arguments: tuple[str, ...], words: str
) -> None:
    said = run("candidates", path, *arguments)
    assert said.exit_code == 2
    assert words in said.stderr


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    said = run("candidates", tmp_path / "none.db")
    assert said.exit_code == 1
    assert said.stderr.count("\n") == 1
    assert "there is no such database" in said.stderr
