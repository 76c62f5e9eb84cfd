"""The command line: what each command prints, and its exit code."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from datasette.app import Datasette

from datasette_newsgraph.article import Article as ArticleStruct
from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.store.schema import FULL_TEXT, SEARCHED, TABLES

Article = dict[str, Any]
Run = Callable[..., Result]
Query = Callable[..., list[tuple[Any, ...]]]
Change = Callable[..., None]
Write = Callable[..., Path]

BASE = "https://example.org/news/-/newsgraph/"


@pytest.fixture
def run() -> Run:
    """``run("stats", path)``: the result of ``newsgraph stats path``."""
    return lambda *arguments: CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.fixture
def loaded(db_path: Path, article: Article) -> Path:
    """A database with the article made by hand."""
    load(db_path, [article], source="a.jsonl", base_iri=BASE)
    return db_path


def error_of(result: Result) -> str:
    """The message of a command that failed: one line, the last of its standard error."""
    *_, last = result.stderr.splitlines()
    assert last.startswith("Error: ")
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return last.removeprefix("Error: ")


# load -------------------------------------------------------------------------------------------


def test_load_tells_what_it_did(run: Run, db_path: Path, article: Article, write: Write) -> None:
    result = run("load", db_path, write("a.jsonl", article), "--base-iri", BASE)
    assert (result.exit_code, result.stdout) == (0, "")
    assert (
        result.stderr.splitlines()[0] == "1 record read: 1 new, 0 changed, 0 unchanged, 0 rejected"
    )
    result = run("load", db_path, write("a.jsonl", article, article | {"id": "a2"}))
    assert (
        result.stderr.splitlines()[0] == "2 records read: 1 new, 0 changed, 1 unchanged, 0 rejected"
    )


def test_load_counts_whatever_it_did_not_take_as_it_is(
    run: Run, db_path: Path, write: Write
) -> None:
    mentions = [
        {"start": 0, "end": 9, "text": "New  York"},
        {"start": 0, "end": 3, "text": "Old", "confidence": 7},
    ]
    entity = {"id": "e1", "type": "Place", "name": "New York", "label": 1, "mentions": mentions}
    record = {"id": "a1", "text": "New \nYork", "entities": [entity, {"id": "e2"}], "lang": "en"}
    path = write("a.jsonl", "broken", record, record | {"id": "a2"})
    result = run("load", db_path, path, "--base-iri", BASE)
    assert result.exit_code == 0
    assert result.stderr.splitlines()[:-2] == [
        "3 records read: 2 new, 0 changed, 0 unchanged, 1 rejected",
        "2 parts of records rejected",
        "rejected first: line 1 of a.jsonl: not JSON: Expecting value at character 1;"
        " the table rejects has all",
        "4 unknown fields (entities[].label 2, lang 2)",
        "4 spans (normalised 2, unlocated 2)",
        "2 numbers out of range, left out",
    ]


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "name",
    ["news.db", "my.db.backup", "two words.db", "Zürich 100%.db", "a&b;c.db", ".db", "-x.db"],
)
async def test_load_says_how_to_look_at_what_it_loaded(
    run: Run, tmp_path: Path, write: Write, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("load", "--", name, write("a.jsonl", {"id": "a1"}))
    _, command, address = result.stderr.splitlines()
    datasette, path = shlex.split(command.removeprefix("To look at it, run: "))[-2:]
    assert Path(datasette).name == "datasette"
    assert Path(path) == Path(name)
    assert not path.startswith("-")
    # Datasette knows the file by that address.
    url = urlsplit(address.removeprefix("and open: "))
    assert url.netloc == "127.0.0.1:8001"
    served = Datasette([path])
    assert (await served.client.get(url.path)).status_code == 200
    for database in served.databases.values():
        database.close()


def test_the_command_starts_the_datasette_that_has_the_plugin(
    run: Run, db_path: Path, tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one may be found first, or none."""
    path = write("a.jsonl", {"id": "a1"})
    scripts = Path(sys.executable).parent
    monkeypatch.setenv("PATH", str(scripts))
    assert f"run: datasette {db_path}\n" in run("load", db_path, path).stderr
    other = tmp_path / "datasette"
    other.write_text("#!/bin/sh")
    other.chmod(0o755)
    for found in (f"{tmp_path}{os.pathsep}{scripts}", str(tmp_path / "nowhere")):
        db_path.unlink()
        monkeypatch.setenv("PATH", found)
        assert f"run: {scripts / 'datasette'} {db_path}\n" in run("load", db_path, path).stderr


@pytest.mark.parametrize(
    ("lines", "options"),
    [
        pytest.param([{"id": "a1"}], [], id="nothing new"),
        pytest.param([{"id": "a2"}, "broken"], ["--strict"], id="not as it should be"),
        pytest.param([{"id": "a2"}], ["--quiet"], id="quiet"),
    ],
)
def test_load_says_nothing_of_looking(
    run: Run, db_path: Path, write: Write, lines: list[Any], options: list[str]
) -> None:
    run("load", db_path, write("a.jsonl", {"id": "a1"}))
    assert "look at it" not in run("load", db_path, write("a.jsonl", *lines), *options).stderr


def test_an_export_warns_while_iris_mean_something_here_only(
    run: Run, db_path: Path, write: Write
) -> None:
    assert "Warning" not in run("load", db_path, write("a.jsonl", {"id": "a1"})).stderr
    (warning,) = run("export", db_path).stderr.splitlines()
    assert "begin with http://127.0.0.1:8001/newsgraph/-/newsgraph/" in warning
    assert f"newsgraph base-iri {db_path} https://HOST/DATABASE/" in warning
    run("base-iri", db_path, BASE)
    assert run("export", db_path).stderr == ""


@pytest.mark.parametrize("ending", ["", "-journal", "-wal", "-shm"])
def test_an_export_never_takes_the_place_of_the_database(
    run: Run, loaded: Path, ending: str, tmp_path: Path
) -> None:
    before = loaded.read_bytes()
    link = tmp_path / "link.ttl"
    link.symlink_to(f"{loaded}{ending}")
    for output in (f"{loaded}{ending}", link):
        result = run("export", loaded, "-f", "turtle", "-o", output)
        assert (result.exit_code, "in the database's place" in error_of(result)) == (2, True)
    assert loaded.read_bytes() == before


def test_quiet_commands_print_errors_only(run: Run, db_path: Path, write: Write) -> None:
    path = write("a.jsonl", {"id": "a1"}, "broken")
    assert run("load", db_path, path, "-q").output == ""
    assert run("load", db_path, path, "--quiet", "--max-errors", "0").stderr.startswith("Error: ")
    assert run("check", db_path, "-q").output == ""
    exported = run("export", db_path, "-q")
    assert exported.stderr == ""
    assert exported.stdout.startswith("@base <")
    assert run("remove", db_path, "--article", "a1", "-q").output == ""


def test_load_takes_several_files(run: Run, db_path: Path, tmp_path: Path, write: Write) -> None:
    array = tmp_path / "b.json"
    array.write_text('[{"id": "a2"}, {"id": "a3"}]')
    packed = tmp_path / "c.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"id": "a4"}\n'))
    result = run("load", db_path, write("a.jsonl", {"id": "a1"}), array, packed)
    assert result.stderr.startswith("4 records read: 4 new")


def test_load_shows_its_progress_if_asked(run: Run, db_path: Path, write: Write) -> None:
    path = write("a.jsonl", *({"id": f"a{number}"} for number in range(500)))
    result = run("load", db_path, path, "--progress")
    assert result.exit_code == 0
    assert "Loading" in result.stderr
    assert "Loading" not in run("load", db_path, path, "--no-progress").stderr


@pytest.mark.parametrize(
    ("lines", "options", "code"),
    [
        ([{"id": "a1"}], ["--strict"], 0),
        ([{"id": "a1"}, "broken"], [], 0),
        (["broken"], [], 1),
        ([{"id": ""}], [], 1),
        ([{"id": "a1"}, "broken"], ["--strict"], 3),
        ([{"id": "a1", "quotes": [7]}], ["--strict"], 3),
        ([{"id": "a1"}, "broken"], ["--max-errors", "1"], 0),
        ([{"id": "a1"}, "broken"], ["--max-errors", "0"], 1),
        ([{"id": "a1"}, "broken"], ["--max-errors", "0", "--strict"], 1),
        ([{"id": "a1"}, "broken"], ["--max-errors", "-1"], 2),
        ([{"id": "a1"}, "broken"], ["--max-errors", "few"], 2),
        ([{"id": "a1"}, "broken"], ["--base-iri", "example.org"], 2),
        ([{"id": "a1"}, "broken"], ["--what"], 2),
    ],
)
def test_exit_codes_of_load(
    run: Run, db_path: Path, write: Write, lines: list[Any], options: list[str], code: int
) -> None:
    result = run("load", db_path, write("a.jsonl", *lines), *options)
    assert result.exit_code == code
    assert result.exception is None or isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("times", [1, 2])
def test_strict_says_so_every_time(run: Run, db_path: Path, write: Write, times: int) -> None:
    path = write("a.jsonl", "broken", {"id": "a1", "quotes": [7]})
    codes = [run("load", db_path, path, "--strict").exit_code for _ in range(times)]
    assert codes == [3] * times


def test_max_errors_stops_and_keeps(run: Run, db_path: Path, write: Write, query: Query) -> None:
    path = write("a.jsonl", {"id": "a1"}, "x", {"id": "a2"}, "y", {"id": "a3"})
    result = run("load", db_path, path, "--max-errors", "1")
    assert result.exit_code == 1
    assert error_of(result) == (
        "a.jsonl: line 4: 2 rejects are more than --max-errors 1; see the table rejects"
    )
    assert query("SELECT given_id FROM articles ORDER BY 1") == [("a1",), ("a2",)]
    result = run("load", db_path, path)
    assert "a.jsonl: continued after line 4" in result.stderr
    assert query("SELECT given_id FROM articles ORDER BY 1") == [("a1",), ("a2",), ("a3",)]
    assert query("SELECT line FROM rejects ORDER BY 1") == [(2,), (4,)]


def test_replace(run: Run, db_path: Path, write: Write, query: Query) -> None:
    for tool, option, rejected in [("spacy", [], 0), ("flair", [], 1), ("flair", ["--replace"], 0)]:
        path = write("a.jsonl", {"id": "a1", "title": tool, "extractor": {"name": tool}})
        result = run("load", db_path, path, *option)
        assert f" {rejected} rejected" in result.stderr
    assert query("SELECT title FROM articles") == [("flair",)]


TRUNCATED = gzip.compress(b'{"id": "a1"}\n', mtime=0)[:-8]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("nothing.jsonl", None, "No such file or directory; check the file's name"),
        ("a.jsonl", '\ufeff{"id": "a1"}'.encode("utf-16-le"), "is UTF-16; convert it to UTF-8"),
        ("a.json", b'[{"id": "a1"}', "is not a JSON array (.*); write one article a line"),
        ("a.gz", TRUNCATED, "line 2: the gzip stream is damaged .*again"),
        ("a.gz", b"\x1f\x8b", "line 1: the gzip stream is damaged .* get the file again"),
        ("a.gz", b"\x1f\x8b\x07" + b"x" * 40, "line 1: the gzip stream is damaged .* again"),
    ],
    ids=["missing", "UTF-16", "array", "no trailer", "no header", "header"],
)
def test_a_file_that_cannot_be_read_is_one_line(
    run: Run, db_path: Path, tmp_path: Path, name: str, data: bytes | None, message: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    result = run("load", db_path, tmp_path / name)
    assert result.exit_code == 1
    assert error_of(result).startswith(f"{tmp_path / name}: ")
    assert re.search(message, error_of(result))


def test_a_mistyped_name_is_told_before_anything_is_done(
    run: Run, db_path: Path, write: Write
) -> None:
    result = run("load", db_path, write("a.jsonl", {"id": "a1"}), "nothing.jsonl")
    assert result.exit_code == 1
    assert not db_path.exists()


def test_wrong_usage(run: Run, db_path: Path, tmp_path: Path) -> None:
    assert run("load").exit_code == 2
    assert run("load", db_path).exit_code == 2
    assert run("load", db_path, tmp_path).exit_code == 1  # a folder of nothing
    assert run("load", tmp_path, "-").exit_code == 2
    assert run("what").exit_code == 2


@pytest.mark.parametrize(
    ("typed", "meant"), [("parse", "convert"), ("import", "load"), ("delete", "remove")]
)
def test_another_programs_name_of_a_command_leads_to_ours(run: Run, typed: str, meant: str) -> None:
    result = run(typed, "a.jsonl")
    assert result.exit_code == 2
    assert f"No such command '{typed}'. Use '{meant}'." in result.stderr
    assert meant in cli.commands


# Databases that are none of ours ----------------------------------------------------------------

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


# remove -----------------------------------------------------------------------------------------


def test_remove(run: Run, loaded: Path, query: Query) -> None:
    result = run("remove", loaded, "--article", "a1")
    assert (result.exit_code, result.stderr) == (0, "1 article removed\n")
    assert query("SELECT count(*) FROM articles") == [(0,)]
    result = run("remove", loaded, "--source", "some/where/a.jsonl")
    assert (result.exit_code, result.stderr) == (0, "0 articles removed\n")


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ([], 2, "Give either --article TITLE or --source FILE."),
        (["--article", "a1", "--source", "a.jsonl"], 2, "Give either"),
        (
            ["--article", "a2"],
            1,
            "there is no article with the title, id or key 'a2'; the table articles has all",
        ),
        (
            ["--source", "b.jsonl"],
            1,
            "no file of the name 'b.jsonl' was loaded; there are: a.jsonl",
        ),
    ],
)
def test_remove_what_is_not_there(
    run: Run, loaded: Path, options: list[str], code: int, message: str
) -> None:
    result = run("remove", loaded, *options)
    assert result.exit_code == code
    assert message in error_of(result)


# stats, base-iri, vocabulary --------------------------------------------------------------------


def test_stats(run: Run, loaded: Path) -> None:
    result = run("stats", loaded)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:8] == [
        f"base IRI  {BASE}",
        "        1  articles",
        "        5  entities",
        "        7  mentions",
        "        2  relations",
        "        2  evidence",
        "        1  quotes",
        "        0  rejects",
    ]
    assert "articles by publisher\n        1  Example Gazette\n" in result.stdout
    assert "mentions by offset status\n        7  exact\n" in result.stdout
    assert "rejects by source" not in result.stdout


def test_stats_gives_a_terminal_no_orders(run: Run, db_path: Path) -> None:
    titled = {"id": "a", "title": "T", "publisher": "P\x1b]0;pwn\x07\u202e"}
    load(
        db_path, [titled, *({"id": f"{n}", "title": "T", "publisher": f"Z{n}"} for n in range(30))]
    )
    printed = run("stats", db_path).stdout
    assert "        1  P\\x1b]0;pwn\\x07\\u202e\n" in printed
    assert "           and 11 more; --json has all\n" in printed


def test_stats_as_json(run: Run, loaded: Path, generated: Callable[[int], list[Article]]) -> None:
    load(loaded, generated(40))
    found = json.loads(run("stats", loaded, "--json").stdout)
    assert found["base_iri"] == BASE
    assert found["rows"]["articles"] == sum(found["articles_by_publisher"].values()) == 41
    assert found["rows"]["relations"] == sum(found["relations_by_predicate"].values())
    with closing(sqlite3.connect(loaded)) as connection:
        types = connection.execute("SELECT type, count(*) FROM entities GROUP BY type").fetchall()
    assert found["entities_by_type"] == dict(types)


def test_base_iri_shows_and_sets(run: Run, db_path: Path, article: Article) -> None:
    load(db_path, [article])
    assert run("base-iri", db_path).stdout == "http://127.0.0.1:8001/newsgraph/-/newsgraph/\n"
    result = run("base-iri", db_path, BASE)
    assert (result.exit_code, result.stdout) == (0, f"{BASE}\n")
    assert run("base-iri", db_path).stdout == f"{BASE}\n"


@pytest.mark.parametrize(
    "iri",
    [
        *("", "news", "example.org/", "ftp://example.org/", "urn:x/", "https://", "https://[::1/"),
        *("https://example.org/news", "https://a b/", "https://example.org/?x/"),
        *("https://example.org/#/", "https://example.org/?", "https://example.org/#"),
    ],
)
def test_what_cannot_be_a_base(run: Run, loaded: Path, iri: str) -> None:
    result = run("base-iri", loaded, iri)
    assert result.exit_code == 2
    assert "cannot be a base IRI" in error_of(result)
    assert run("base-iri", loaded).stdout == f"{BASE}\n"


@pytest.mark.parametrize(
    "path", ["/", "./", "../", "a//", "a/./b/", "a/../", "%2e/", "%2E%2e/a/", ".%2E/", "a/../../"]
)
def test_a_base_is_not_what_others_would_shorten(run: Run, loaded: Path, path: str) -> None:
    result = run("base-iri", loaded, f"https://example.org/{path}")
    assert result.exit_code == 2
    assert "make another of it" in error_of(result)


@pytest.mark.parametrize("path", ["a.b/", "..a/", ".../", "a./", "%2f/", "%2e%2e%2e/"])
def test_dots_in_names_are_no_parts_of_their_own(run: Run, loaded: Path, path: str) -> None:
    assert run("base-iri", loaded, f"https://example.org/{path}").exit_code == 0


@pytest.mark.parametrize("iri", ["http://[::1]:8001/", "https://me@example.org/", "HTTPS://E.ORG/"])
def test_what_can_be_a_base(run: Run, loaded: Path, iri: str) -> None:
    assert run("base-iri", loaded, iri).stdout == f"{iri}\n"


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        (["leader of", "https://schema.org/x"], [("predicate", "leader of")]),
        (["LeaderOf", "https://schema.org/x"], [("predicate", "leader of")]),
        (["Person", "https://schema.org/x"], [("type", "person")]),
        (["Ship", "https://schema.org/x", "--kind", "type"], [("type", "ship")]),
    ],
)
def test_vocabulary_set(
    run: Run, loaded: Path, query: Query, arguments: list[str], kinds: list[tuple[str, str]]
) -> None:
    for _ in range(2):
        result = run("vocabulary", loaded, "--set", *arguments)
        assert result.exit_code == 0
        assert (
            result.stderr
            == f"the term of the {kinds[0][0]} {arguments[0]!r} is now {arguments[1]}\n"
        )
        assert query("SELECT kind, label, iri FROM vocabulary") == [
            (*each, "https://schema.org/x") for each in kinds
        ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--set", "Ship", "https://schema.org/x"], 2),
        (["--set", "Person", "schema:"], 2),
        (["--set", "Person", "not an IRI"], 2),
        (["--set", "Person"], 2),
        (["--set", "Person", "https://schema.org/x", "--kind", "what"], 2),
        (["--format", "what"], 2),
    ],
)
def test_vocabulary_refuses(run: Run, loaded: Path, arguments: list[str], code: int) -> None:
    result = run("vocabulary", loaded, *arguments)
    assert result.exit_code == code
    assert error_of(result)


def test_vocabulary_needs_no_database_to_print(run: Run) -> None:
    result = run("vocabulary", "-f", "turtle")
    assert result.exit_code == 0
    assert "@prefix" in result.stdout
    assert run("vocabulary", "--set", "a", BASE).exit_code == 2


def test_shapes(run: Run) -> None:
    result = run("shapes")
    assert result.exit_code == 0
    assert "http://www.w3.org/ns/shacl#" in result.stdout


# schema -----------------------------------------------------------------------------------------


def test_the_schema_describes_the_example_and_nothing_less(run: Run, article: Article) -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    definitions = schema["$defs"]

    def properties(name: str) -> dict[str, Any]:
        assert definitions[name]["additionalProperties"] is False
        found: dict[str, Any] = definitions[name]["properties"]
        return found

    assert schema["$ref"] == "#/$defs/Article"
    assert list(properties("Article")) == list(ArticleStruct.__struct_fields__)
    assert definitions["Article"]["required"] == ["id"]
    assert definitions["Entity"]["required"] == ["id", "type", "name"]
    assert definitions["Relation"]["required"] == ["subject", "predicate"]
    assert article.keys() <= properties("Article").keys()
    parts = {"entities": "Entity", "relations": "Relation", "quotes": "Quote", "zones": "Zone"}
    for field, name in parts.items():
        for part in article[field]:
            assert part.keys() <= properties(name).keys()
            for mention in part.get("mentions", []):
                assert mention.keys() <= properties("Mention").keys()
            for evidence in part.get("evidence", []):
                assert evidence.keys() <= properties("Evidence").keys()
    assert article["extractor"].keys() <= properties("Extractor").keys()


def test_the_designs_example_is_a_record(run: Run, db_path: Path, shared_corpora: Path) -> None:
    fields = set(json.loads(run("schema").stdout)["$defs"]["Article"]["properties"])
    with (shared_corpora / "wikinews.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            assert json.loads(line).keys() <= fields


# check ------------------------------------------------------------------------------------------


def test_check_of_a_sound_database(run: Run, loaded: Path) -> None:
    result = run("check", loaded)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "All is well.\n")


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ("UPDATE mentions SET article_id = 99 WHERE id = 1", "foreign keys: row 1 of mentions"),
        ("UPDATE zones SET article_id = 99 WHERE id = 1", "foreign keys: row 1 of zones"),
        ("DELETE FROM entities WHERE name = 'Kabul'", "foreign keys: "),
        ("DROP INDEX idx_mentions_key", "indexes: mentions has none on key"),
        ("DROP INDEX idx_quotes_speaker_id", "indexes: quotes has none on speaker_id"),
        ("DELETE FROM evidence WHERE id = 1", "orphans: 1 relation without evidence"),
        (
            "INSERT INTO entities (id, key, type, name) VALUES (99, 'x', 'Place', 'Nowhere')",
            "orphans: 1 entity that no article names",
        ),
        (
            "INSERT INTO extractions (key, tool) VALUES ('x', 'spacy')",
            "orphans: 1 extraction without an article",
        ),
        (
            "UPDATE mentions SET entity_id = (SELECT id FROM entities WHERE name = 'he')"
            ", article_id = 99 WHERE surface = 'Taliban'",
            "orphans: 1 mention whose entity does not appear in its article",
        ),
        (
            "UPDATE entity_counts SET mentions = mentions + 1",
            "counts: 10 rows of entity_counts differ from a recount",
        ),
        (
            "UPDATE facet_rows SET rows = (SELECT max(rows) FROM facet_rows)"
            " WHERE facet = 'language'",
            "counts: 2 rows of facet_rows differ from a recount",
        ),
        (
            "DELETE FROM entity_counts WHERE entity_id = 1",
            "counts: 1 row of entity_counts differs from a recount",
        ),
        (
            "DELETE FROM mentions WHERE surface = 'Taliban'",
            "counts: 1 row of appearances differs from a recount of mentions",
        ),
        (
            "UPDATE entities SET alias_text = 'Nobody' WHERE name = 'Kabul'",
            "names: the alias_text of entity 3 is not what the articles give",
        ),
        (
            "UPDATE entities SET basis = 'name' WHERE name = 'Friday'",
            "keys: the key of row 4 of entities is not the one that its row gives",
        ),
        (
            "UPDATE mentions SET start_char = 1, end_char = 6 WHERE start_char = 0",
            "spans: row 3 of mentions is exact, and its words are not where it says",
        ),
        (
            "UPDATE mentions SET start_char = NULL WHERE start_char = 0",
            "spans: row 3 of mentions is exact, and its words are not where it says",
        ),
        ("UPDATE quotes SET surface = 'x'", "spans: row 1 of quotes is exact"),
        (
            "UPDATE evidence SET surface = 'x' WHERE start_char IS NOT NULL",
            "spans: row 1 of evidence is exact",
        ),
        ("UPDATE article_texts SET text = ' ' || text", "spans: row 1 of mentions is exact"),
        ("UPDATE article_texts SET first_line = 'x'", "texts: the first_line of article 1 is not"),
        (
            "INSERT INTO text_parts VALUES (1, 0, 'x')",
            "texts: the text_parts of article 1 are not those of its text",
        ),
        ("INSERT INTO unsettled VALUES ('entity', 1)", "a load was interrupted; run the same"),
    ],
)
def test_check_finds(run: Run, loaded: Path, change: Change, damage: str, found: str) -> None:
    change(damage)
    result = run("check", loaded)
    assert result.exit_code == 1
    assert any(line.startswith(found) for line in result.stdout.splitlines()), result.stdout


def test_check_finds_a_name_that_most_articles_do_not_give(
    run: Run, loaded: Path, change: Change
) -> None:
    change("UPDATE entities SET description = 'invented' WHERE name = 'Kabul'")
    assert run("check", loaded).exit_code == 1


def test_check_finds_damaged_pages(
    run: Run, db_path: Path, generated: Callable[[int], list[Article]]
) -> None:
    load(db_path, generated(40))
    data = bytearray(db_path.read_bytes())
    with closing(sqlite3.connect(db_path)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'idx_mentions_key'"
        ).fetchone()
    at = (root - 1) * 4096
    data[at + 12 : at + 200] = bytes(188)
    db_path.write_bytes(data)
    result = run("check", db_path)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert "integrity: " in result.stdout or "malformed; restore it from a copy" in result.stderr


def test_check_tells_of_an_interrupted_first_load(
    run: Run, db_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", *({"id": f"a{number}"} for number in range(300)))
    with monkeypatch.context() as patch:
        patch.setattr(
            "datasette_newsgraph.loading.load.settle", lambda db: (_ for _ in ()).throw(MemoryError)
        )
        with pytest.raises(MemoryError):
            load_files(db_path, [path])
    result = run("check", db_path)
    assert result.exit_code == 1
    assert result.stdout.startswith("a load was interrupted; run the same newsgraph load again")
    load_files(db_path, [path])
    assert run("check", db_path).exit_code == 0


# The tables themselves --------------------------------------------------------------------------


def test_every_foreign_key_has_an_index(loaded: Path) -> None:
    with closing(sqlite3.connect(loaded)) as connection:
        for table, description in TABLES.items():
            indexed = {description.pk}
            for index in connection.execute(f"PRAGMA index_list({table})"):
                indexed.add(connection.execute(f"PRAGMA index_info({index[1]})").fetchone()[2])
            keys = {row[3] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
            assert keys == set(description.references)
            if table != "rejects":  # its source comes first in a longer index
                assert keys <= indexed


def test_full_text_tables_have_their_content_elsewhere(loaded: Path) -> None:
    with closing(sqlite3.connect(loaded)) as connection:
        for table in FULL_TEXT:
            (sql,) = connection.execute(
                "SELECT sql FROM sqlite_master WHERE name = ?", [f"{table}_fts"]
            ).fetchone()
            assert f'content="{SEARCHED[table]}"' in sql


# datasette --------------------------------------------------------------------------------------


def test_the_commands_load_nothing_before_one_is_called() -> None:
    code = (
        "import sys, datasette; before = set(sys.modules); import datasette_newsgraph.cli;"
        "print(*sorted(sys.modules.keys() - before))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = run.stdout.split()
    ours = {each.split(".")[1] for each in loaded if each.startswith("datasette_newsgraph.")}
    # Of RDF the table of formats, for the help.
    assert ours == {"cli", "confidence", "errors", "rdf", "terminal", "wording"}
    assert not {"sqlite_utils", "msgspec", "rdflib", "rapidfuzz"} & set(loaded)


def test_the_commands_are_datasettes_too(loaded: Path) -> None:
    from datasette.cli import cli as datasette

    result = CliRunner().invoke(datasette, ["newsgraph", "check", str(loaded)])
    assert (result.exit_code, result.stderr) == (0, "All is well.\n")


# help -------------------------------------------------------------------------------------------


def test_every_command_has_its_summary_on_a_line_of_its_own() -> None:
    result = CliRunner().invoke(cli, ["--help"], terminal_width=80)
    for title, commands in cli.sections.items():
        lines = result.stdout.partition(f"\n{title}:\n")[2].splitlines()[: len(commands)]
        for command, line in zip(commands, lines, strict=True):
            assert line.split()[0] == command.name
            assert line.endswith(".")
            assert not line.endswith("...")
    listed = [each.name for commands in cli.sections.values() for each in commands]
    assert sorted(map(str, listed)) == sorted(cli.commands)


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_has_help_with_an_example_that_can_be_called(run: Run, name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: ")
    shown = re.findall(r"^    newsgraph (.+)$", result.stdout.partition("\n  Example")[2], re.M)
    assert shown
    for example in shown:
        called, *arguments = shlex.split(re.split(r" [|>] ", example)[0])
        assert called == name
        cli.commands[name].make_context(name, arguments)


# Files that cannot be read ----------------------------------------------------------------------


@pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="there is no /proc")
@pytest.mark.parametrize("arguments", [["{}"], ["a.jsonl", "--articles", "{}"]])
@pytest.mark.parametrize("command", [["load", "new.db"], ["inspect"], ["convert"]])
def test_an_input_that_breaks_is_named(
    run: Run, write: Write, article: Article, command: list[str], arguments: list[str]
) -> None:
    given = [str(write("a.jsonl", article)) if each == "a.jsonl" else each for each in arguments]
    command = [str(write("x").with_name(each)) if each == "new.db" else each for each in command]
    # Its first byte cannot be read.
    result = run(*command, *(each.format("/proc/self/mem") for each in given))
    assert result.exit_code == 1
    assert "/proc/self/mem" in result.output
    assert "Input/output error" in result.output
    assert "standard output" not in result.output


@pytest.mark.parametrize("command", [["stats", "{db}"], ["load", "{db}", "{file}"]])
def test_whether_a_file_may_be_read_is_no_question_of_usage(
    run: Run, loaded: Path, write: Write, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # As root may read all, click is told here what it would find for others.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    file = write("b.jsonl", {"id": "b", "text": "x"})
    assert run(*(each.format(db=loaded, file=file) for each in command)).exit_code == 0


def test_a_file_that_is_not_open_to_you_is_said_to_be_that(
    tmp_path: Path, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SQLite opens no folder; it says the same of a file of somebody else.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(StoreError, match=r"unable to open .*; you have no right to read it"):
        load(tmp_path, [article])
