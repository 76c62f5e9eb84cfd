"""The schema that is declared is the one that databases have, of whatever version they were made."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlite_utils import Database

from datasette_newsgraph import load
from datasette_newsgraph.checking.check import check
from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import SchemaMismatch
from datasette_newsgraph.store import indexes, migrations, open_store
from datasette_newsgraph.store.columns import Column
from datasette_newsgraph.store.full_text import create_full_text, create_searched_views
from datasette_newsgraph.store.migrations import (
    TOO_EARLY,
    create_tables,
    renew_views,
)
from datasette_newsgraph.store.schema import TABLES
from tests.store.older import as_of_an_earlier_commit, made_up

STORE = Path(migrations.__file__).parent
#: What a load made, when it ended, in a database of version 0.1.0.
FILLED = Path(__file__).parents[1] / "data" / "first_release_filled.sql"
#: The text of the schema of the first release, which there are databases of.
FROZEN = {
    STORE / "first_release.sql": "7c9cc498f206bac90ebf7ed9b0a0a46c81e44dc507e186770a21d06b4b9b326c",
    FILLED: "89eb289ec33f5b85922028cb6d200f955e06ed700a1ab0f92cda7a2d3cb3ef8c",
}
EXAMPLES = Path(__file__).parents[2] / "examples" / "articles.jsonl"
ANA = {"id": "a", "entities": [{"id": "1", "type": "Person", "name": "Ana"}]}


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.name)
def test_the_schema_of_the_first_release_is_never_edited(path: Path) -> None:
    found = hashlib.sha256(path.read_text("utf-8").encode()).hexdigest()
    assert found == FROZEN[path], f"leave {path.name} as it was, and add a migration"


# --- The declared schema, and the migrated one -----------------------------------------------


def parts(connection: sqlite3.Connection) -> dict[str, Any]:
    """What a database has, by what it is called in a message."""
    found: dict[str, Any] = {}
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> ?",
        [migrations.migrations.migrations_table],
    )
    for kind, name, sql in rows.fetchall():
        if kind == "table" and "VIRTUAL" not in sql:
            for _, column, type_, *others in connection.execute(f"PRAGMA table_info({name})"):
                found[f"the column {column} of {name}"] = (type_, *others)
            for row in connection.execute(f"PRAGMA foreign_key_list({name})"):
                found[f"the foreign key {row[3]} of {name}"] = row[2:]
        elif kind == "index":
            what = re.sub(r'CREATE (UNIQUE )?INDEX "?\w+"? ', r"\1", sql).replace('"', "")
            found[f"the index {what}"] = True
        else:
            found[f"the {kind} {name}"] = " ".join(sql.replace('"', "").split())
    return found


def declared() -> dict[str, Any]:
    """A database that is filled as the schema declares it."""
    with closing(Database(memory=True)) as db:
        create_tables(db, TABLES)
        indexes.create(db.conn, indexes.EARLY)
        renew_views(db)
        create_searched_views(db)
        indexes.create(db.conn, indexes.LATE)
        create_full_text(db)
        return parts(db.conn)


def migrated() -> dict[str, Any]:
    """A database that was filled by version 0.1.0, and has had all migrations since."""
    with closing(Database(memory=True)) as db:
        later = [each.name for each in migrations.migrations._migrations][1:]
        migrations.migrations.apply(db, stop_before=later)
        db.conn.executescript(FILLED.read_text("utf-8"))
        migrations.migrations.apply(db)
        return parts(db.conn)


def differences() -> list[str]:
    one, other = declared(), migrated()
    return sorted(each for each in one.keys() | other.keys() if one.get(each) != other.get(each))


def test_the_declared_schema_is_the_migrated_one() -> None:
    named = differences()
    assert not named, f"{', '.join(named)}: not as a database of 0.1.0 has it; add a migration"


def test_what_has_no_migration_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = TABLES["articles"]
    changed = replace(articles, columns={**articles.columns, "made_up_column": Column(str)})
    monkeypatch.setitem(TABLES, "articles", changed)
    monkeypatch.setitem(TABLES, "reviews", replace(TABLES["zones"], columns={"id": Column(int)}))
    monkeypatch.setitem(migrations.VIEWS, "titles", ({"title": "title"}, "articles"))
    assert differences() == [
        "the column id of reviews",
        "the column made_up_column of articles",
        "the view titles",
    ]
    made_up(
        monkeypatch,
        "ALTER TABLE articles ADD COLUMN made_up_column TEXT",
        "CREATE TABLE reviews (id INTEGER PRIMARY KEY)",
        "CREATE VIEW titles AS SELECT title AS title FROM articles",
    )
    assert differences() == []


# --- Databases of other versions -------------------------------------------------------------


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, [str(each) for each in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture
def loaded(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    load(path, [ANA])
    return path


COMMANDS: list[tuple[str, tuple[str, ...]]] = [
    ("load", (str(EXAMPLES),)),
    ("remove", ("--article", "a")),
    *((name, ()) for name in ("check", "repair", "stats", "export", "vocabulary", "base-iri")),
]
every_command = pytest.mark.parametrize(
    ("command", "arguments"), COMMANDS, ids=[name for name, _ in COMMANDS]
)


@every_command
def test_a_database_of_before_the_first_release_is_refused_in_one_line(
    loaded: Path, command: str, arguments: tuple[str, ...]
) -> None:
    as_of_an_earlier_commit(loaded)
    before = body_of(loaded)
    said = run(command, loaded, *arguments)
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.count("\n") == 1
    assert f"{loaded}: {TOO_EARLY}" in said.stderr
    assert body_of(loaded) == before


@every_command
def test_an_older_database_is_for_a_load_to_migrate(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, command: str, arguments: tuple[str, ...]
) -> None:
    made_up(monkeypatch, "CREATE TABLE reviews (id INTEGER PRIMARY KEY)")
    said = run(command, loaded, *arguments)
    if command == "load":
        assert said.exit_code == 0, said.output
    else:
        assert (said.exit_code, said.stdout) == (1, "")
        assert "has an older schema; newsgraph load" in said.stderr
    with closing(sqlite3.connect(loaded)) as connection:
        is_there = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'reviews'"
        ).fetchone()
    assert bool(is_there) == (command == "load")


def test_a_migration_keeps_what_was_loaded(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up(monkeypatch, "ALTER TABLE articles ADD COLUMN made_up_column TEXT")
    assert load(loaded, [ANA]).unchanged == 1
    with open_store(loaded) as db:
        assert list(check(db)) == []
        assert "made_up_column" in db.table("articles").columns_dict


def body_of(path: Path) -> bytes:
    """The file behind its header, which tells the journal and counts changes (file format, section
    1.3).
    """
    return path.read_bytes()[100:]


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = body_of(loaded)
    with monkeypatch.context() as patch:
        made_up(patch, "CREATE TABLE reviews (id)", "INSERT INTO nowhere VALUES (1)")
        said = run("load", loaded, EXAMPLES)
        assert (said.exit_code, said.stderr.count("\n")) == (1, 1)
    assert body_of(loaded) == before
    assert load(loaded, [ANA]).unchanged == 1


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE Reviews (note)", "CREATE VIEW reviews AS SELECT 1 AS note"]
)
def test_a_name_that_a_migration_brings_may_be_taken(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    """A table or view of the user's is refused by name, and left as it is."""
    with closing(sqlite3.connect(loaded)) as connection:
        connection.execute(statement)
    before = body_of(loaded)
    made_up(monkeypatch, "CREATE TABLE reviews (id INTEGER PRIMARY KEY)")
    monkeypatch.setitem(TABLES, "reviews", replace(TABLES["zones"], columns={"id": Column(int)}))
    with pytest.raises(SchemaMismatch, match=r"(?i)'reviews' that is not newsgraph's; load into"):
        load(loaded, [ANA])
    assert body_of(loaded) == before


def test_a_users_column_under_a_name_that_is_to_come_is_refused_with_its_remedy(
    tmp_path: Path,
) -> None:
    path = tmp_path / "news.db"
    with closing(sqlite3.connect(path)) as connection:
        later = migrations.SCHEMA_VERSIONS - {"m001_first_release"}
        migrations.migrations.apply(Database(connection), stop_before=later)
        connection.execute("ALTER TABLE evidence ADD COLUMN pattern TEXT DEFAULT 'mine'")
        connection.commit()
    with pytest.raises(
        SchemaMismatch, match="has a column 'pattern' in the table 'evidence'"
    ) as refused:
        load(path, [])
    (remedy,) = re.findall("ALTER TABLE .*", str(refused.value))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(remedy)
        connection.commit()
    load(path, [])
    with closing(sqlite3.connect(path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(evidence)")]
    assert {"pattern", "another_name"} <= set(columns)
