"""What commands print where the terminal or the locale has few letters."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from base64 import b64decode
from contextlib import closing
from pathlib import Path

import pytest

from datasette_newsgraph.loading.load import load_files

RECORD = {
    "id": "Нет",
    "title": "Москва и 北京",
    "text": "Москва и 北京.",
    "language": "ru",
    "publisher": "Новости",
    "entities": [
        {"id": "1", "type": "Город", "name": "Москва", "mentions": [{"start": 0, "end": 6}]},
        {"id": "2", "type": "Город", "name": "北京"},
    ],
    "relations": [{"subject": "1", "predicate": "больше", "object": "2"}],
}
#: Of one letter a byte, of few, and a locale that reads no others in arguments either.
LOCALES: dict[str, dict[str, str]] = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}
#: All that a command prints for people, and all that it prints for programs. ``{}`` is the folder.
_PEOPLE = [
    ["inspect", "{}/Ж.jsonl"],
    ["stats", "{}/news.db"],
    ["formats"],
    ["check", "{}/news.db"],
    ["load", "{}/other.db", "{}/Ж.jsonl"],
    ["load", "--help"],
]
_PROGRAMS = [
    ["inspect", "{}/Ж.jsonl", "--json"],
    ["stats", "{}/news.db", "--json"],
    ["convert", "{}/Ж.jsonl"],
    ["export", "{}/news.db", "-f", "turtle"],
    ["export", "{}/news.db", "-f", "jsonld", "--entity", "Москва"],
    ["vocabulary", "{}/news.db"],
    ["schema"],
    ["shapes"],
    ["metadata", "--database", "Новости"],
]
#: The exit code of a command, its standard output and its standard error.
Answer = tuple[int, bytes, bytes]
#: Prints what each of several commands prints, one after the other in one program, as JSON.
_RUN = """
import base64, io, json, os, sys
from datasette_newsgraph.cli import cli
found = []
out, errors = sys.stdout, sys.stderr
for arguments in json.load(open(sys.argv[1], encoding="utf-8")):
    parts = []
    for stream in (out, errors):
        parts.append(io.TextIOWrapper(io.BytesIO(), stream.encoding, stream.errors))
    sys.stdout, sys.stderr = parts
    arguments = [os.fsdecode(each.encode()) for each in arguments]
    try:
        code = cli(arguments, standalone_mode=False) or 0
    except SystemExit as error:
        code = error.code
    [each.flush() for each in parts]
    found.append([code, *(base64.b64encode(each.buffer.getvalue()).decode() for each in parts)])
json.dump(found, out)
"""


def printed(folder: Path, commands: list[list[str]], locale: dict[str, str]) -> list[Answer]:
    """The exit code, standard output and standard error of each command."""
    asked = [[part.replace("{}", str(folder)) for part in each] for each in commands]
    (folder / "asked.json").write_text(json.dumps(asked), "utf-8")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    found = subprocess.run(
        [sys.executable, "-c", _RUN, folder / "asked.json"],
        env=ours | locale,
        capture_output=True,
        check=True,
    )
    return [(code, b64decode(out), b64decode(err)) for code, out, err in json.loads(found.stdout)]


#: What each command is to say of, and why it does nothing.
_MISSING = [
    ["export", "{}/news.db", "--entity", "Жжж"],
    ["remove", "{}/news.db", "--article", "Жжж"],
    ["base-iri", "{}/news.db", "Жжж"],
    ["vocabulary", "{}/news.db", "--set", "Жжж", "Жжж"],
    ["load", "{}/no.db", "{}/Жжж.jsonl"],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    source = folder / "Ж.jsonl"
    source.write_text(json.dumps(RECORD, ensure_ascii=False), "utf-8")
    load_files(folder / "news.db", [source])
    return folder


@pytest.fixture(scope="module")
def right(folder: Path) -> list[Answer]:
    """What programs are to read."""
    return printed(folder, _PROGRAMS, {"PYTHONIOENCODING": "utf-8"})


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_commands_where_there_are_few_letters(
    folder: Path, right: list[Answer], locale: dict[str, str]
) -> None:
    commands = [*_PEOPLE, *_PROGRAMS, *_MISSING]
    answers = printed(folder, commands, locale)
    for command, (_, _, errors) in zip(commands, answers, strict=True):
        assert b"Traceback" not in errors, command
    for command, (code, out, errors) in zip(_PEOPLE, answers, strict=False):
        assert code == 0, (command, errors)
        assert out or errors, command
    for command, (code, out, errors), expected in zip(
        _PROGRAMS, answers[len(_PEOPLE) :], right, strict=False
    ):
        assert code == 0, (command, errors)
        assert out == expected[1], command
        out.decode("utf-8")
    for command, (code, _, errors) in zip(_MISSING, answers[-len(_MISSING) :], strict=True):
        assert code in (1, 2), command
        # By its letters, by their numbers or, of a file's name, by its bytes that are no letters here.
        named = ("Жжж".encode(), rb"\u0416\u0436\u0436", b"??????")
        assert any(each in errors for each in named), (command, errors)


def test_a_write_ahead_log_is_named_where_nothing_can_be_written(folder: Path) -> None:
    path = folder / "news.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    # Where SQLite can make no file of this name, as on a read-only disk; root may write anywhere else.
    Path(f"{path}-wal").mkdir()
    (found,) = printed(folder, [["stats", str(path)]], {})
    assert found[0] == 1
    assert b"it has a write-ahead log (WAL)" in found[2]
    assert b"PRAGMA journal_mode = DELETE" in found[2]
