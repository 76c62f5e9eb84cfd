"""The command line: what each command prints, and its exit code."""

from __future__ import annotations

import gzip
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

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.loading.load import load
from datasette_newsgraph.store.schema import FULL_TEXT, SEARCHED, TABLES
from tests.cli.running import error_of

Article = dict[str, Any]
Run = Callable[..., Result]
Query = Callable[..., list[tuple[Any, ...]]]
Write = Callable[..., Path]

BASE = "https://example.org/news/-/newsgraph/"


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
    # The tables of formats and profiles, for the help.
    light = {"journal_modes", "slow_readers", "spooling", "terminal"}
    formats = {"decisions", "mapping", "property_graphs", "rdf", "sparql"}
    assert ours == {"cli", "confidence", "errors", "wording", *formats, *light}
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
