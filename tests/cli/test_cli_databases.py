"""Commands at databases that are none of ours, not there, or newer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.cli.running import error_of

Article = dict[str, Any]
Run = Callable[..., Result]
Change = Callable[..., None]
Write = Callable[..., Path]

BASE = "https://example.org/news/-/newsgraph/"
COMMANDS = [["stats"], ["check"], ["base-iri"], ["export"], ["vocabulary"]]
WRITING = [["remove", "--article", "a1"], ["base-iri", BASE], ["vocabulary", "--set", "a", BASE]]


def put(command: list[str], database: Path) -> list[str]:
    """The command with the database in its place."""
    return [command[0], str(database), *command[1:]]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_that_is_not_there(run: Run, db_path: Path, command: list[str]) -> None:
    result = run(*put(command, db_path))
    assert result.exit_code == 1
    assert error_of(result) == f"{db_path}: there is no such database"
    assert not db_path.exists()


@pytest.mark.parametrize("command", WRITING, ids=" ".join)
def test_a_command_that_changes_makes_no_database(
    run: Run, db_path: Path, command: list[str]
) -> None:
    """Only ``load`` makes one: a mistyped name is a mistake."""
    result = run(*put(command, db_path))
    assert result.exit_code == 1
    assert not db_path.exists()


@pytest.mark.parametrize("command", [*COMMANDS, *WRITING], ids=" ".join)
def test_a_file_that_is_no_database(run: Run, db_path: Path, command: list[str]) -> None:
    db_path.write_bytes(b"Dear diary, " * 1000)
    result = run(*put(command, db_path))
    assert result.exit_code == 1
    assert error_of(result) == f"{db_path}: file is not a database; choose another file name"


def test_load_does_not_write_over_a_file_that_is_no_database(
    run: Run, db_path: Path, write: Write
) -> None:
    db_path.write_bytes(b"Dear diary, " * 1000)
    result = run("load", db_path, write("a.jsonl", {"id": "a1"}))
    assert result.exit_code == 1
    assert "file is not a database" in error_of(result)
    assert db_path.read_bytes() == b"Dear diary, " * 1000


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_without_a_news_graph(
    run: Run, db_path: Path, change: Change, command: list[str]
) -> None:
    change("CREATE TABLE notes (text)")
    result = run(*put(command, db_path))
    assert result.exit_code == 1
    assert error_of(result).startswith(
        f"{db_path}: has no news graph; make one with newsgraph load"
    )


@pytest.mark.parametrize("command", [*COMMANDS, *WRITING], ids=" ".join)
def test_a_newer_schema_is_refused_by_name(
    run: Run, loaded: Path, change: Change, command: list[str]
) -> None:
    change(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('datasette-newsgraph', 'm999_future', '2099-01-01')"
    )
    result = run(*put(command, loaded))
    assert result.exit_code == 1
    assert error_of(result) == (
        f"{loaded}: was made by a newer datasette-newsgraph (it has m999_future);"
        " upgrade the package"
    )


def test_a_newer_schema_is_not_loaded_into(
    run: Run, loaded: Path, change: Change, write: Write
) -> None:
    change(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('datasette-newsgraph', 'm999_future', '2099-01-01')"
    )
    before = loaded.read_bytes()
    assert run("load", loaded, write("b.jsonl", {"id": "b1"})).exit_code == 1
    assert loaded.read_bytes() == before


def test_tables_without_a_record_of_who_made_them_are_taken_for_somebody_elses(
    run: Run, loaded: Path, change: Change, write: Write
) -> None:
    change("DROP TABLE _sqlite_migrations")
    assert "has no news graph" in error_of(run("stats", loaded))
    before = loaded.read_bytes()
    message = error_of(run("load", loaded, write("b.jsonl", {"id": "b1"})))
    assert message.startswith(f"{loaded}: has a table 'aliases' that is not newsgraph's;")
    assert loaded.read_bytes() == before


def test_migrations_of_others_do_not_disturb(run: Run, loaded: Path, change: Change) -> None:
    change(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
        " VALUES ('notes', 'm999', '2099-01-01')"
    )
    assert run("check", loaded).exit_code == 0


@pytest.mark.parametrize(
    "statement",
    [
        *(f"CREATE TABLE {table} (mine)" for table in ("articles", "entities", "Rejects")),
        "CREATE VIEW mentions AS SELECT 1",
        "CREATE VIRTUAL TABLE quotes_fts USING fts5 (mine)",
    ],
)
def test_somebody_elses_table_of_our_name_is_refused_by_name(
    run: Run, db_path: Path, change: Change, write: Write, statement: str
) -> None:
    change(statement)
    before = db_path.read_bytes()
    message = error_of(run("load", db_path, write("a.jsonl", {"id": "a1"})))
    kind, name = statement.replace("VIRTUAL ", "").split()[1:3]
    assert message.startswith(
        f"{db_path}: has a {kind.lower()} {name!r} that is not newsgraph's; load into"
    )
    assert db_path.read_bytes() == before


def test_a_directory_that_is_not_there(run: Run, tmp_path: Path, write: Write) -> None:
    result = run("load", tmp_path / "no" / "news.db", write("a.jsonl", {"id": "a1"}))
    assert result.exit_code == 1
    assert error_of(result).endswith("check that the directory exists and is writable")


def test_a_name_with_everything_in_it(run: Run, tmp_path: Path, write: Write) -> None:
    path = tmp_path / "Zürich 100% ?mode=ro#1 & 'so'.db"
    assert run("load", path, write("a.jsonl", {"id": "a1"})).exit_code == 0
    assert path.is_file()
    assert run("stats", path).exit_code == 0
