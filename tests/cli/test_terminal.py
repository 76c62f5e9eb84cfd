"""What is printed gives a terminal no orders, whatever names, labels and files hold."""

from __future__ import annotations

import ast
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import datasette_newsgraph
from datasette_newsgraph import terminal
from datasette_newsgraph.decisions.files.formats import NAMES
from datasette_newsgraph.identity import entity_key
from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.rdf import FORMATS, format_named
from tests.rdf.rdf_tools import export, read_with_pyoxigraph

PACKAGE = Path(datasette_newsgraph.__file__).parent
#: Sets the title of the window, goes back a line, the same in C1, and turns the direction.
ORDERS = "\x1b]0;pwn\x07\x1b[1A\x9b2J\x85\u202eabc\u2066"
#: What is left of them may be letters, but no character that a terminal acts on.
ACTED_ON = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# In one place -----------------------------------------------------------------------------------

#: Where else the streams are named, and why.
ELSEWHERE = {
    "cli/group.py": {"stdout", "stderr"},  # how letters are written that the terminal does not have
    "cli/options.py": {"stderr"},  # the bar of progress, which is a terminal's
}


def _printed_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Name) and node.id == "print":
            yield "print"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "click" and node.attr in ("echo", "secho", "echo_via_pager"):
                yield f"click.{node.attr}"
            if node.value.id == "sys" and node.attr in ("stdout", "stderr"):
                yield node.attr


@pytest.mark.parametrize(
    "path",
    [each for each in PACKAGE.rglob("*.py") if each.name != "terminal.py"],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_nothing_else_prints(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    assert set(_printed_in(path)) <= ELSEWHERE.get(name, set())


# Lines for people -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Zoë 王毅", "Zoë 王毅"),
        ("a\x1b]0;pwn\x07b", r"a\x1b]0;pwn\x07b"),
        ("a\x9b2Jb", r"a\x9b2Jb"),
        ("two\nlines\tand\r\nmore", "two lines and  more"),
        ("a\u202eb\u200bc", r"a\u202eb\u200bc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("clé\xa0: 1", "clé : 1"),
        ("file\udcff", "file?"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_number(words: str, line: str) -> None:
    assert terminal.shown(words) == line


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_a_line_has_nothing_that_a_terminal_acts_on(words: str) -> None:
    line = terminal.shown(words)
    assert not ACTED_ON.search(line)
    assert len(line.splitlines()) <= 1
    assert line.encode() is not None
    assert terminal.shown(line) == line


# On a terminal ----------------------------------------------------------------------------------

#: Runs each list of arguments given as JSON, one after the other.
_RUN = """
import json, sys
from datasette_newsgraph.cli import cli
for arguments in json.loads(sys.argv[1]):
    print("$", ascii(arguments))
    try:
        cli.main(arguments, prog_name="newsgraph")
    except SystemExit:
        pass
"""


def on_a_terminal(*commands: list[str]) -> str:
    """What the commands print to a pseudo-terminal, both streams."""
    # Not at the top: Windows has none.
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", _RUN, json.dumps(commands)],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        printed = b""
        # Linux says EIO, others an empty read, when the last writer has gone.
        while block := _read(ours):
            printed += block
        os.close(ours)
    return printed.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:
        return b""


def hostile_record(orders: str = ORDERS) -> dict[str, object]:
    """A record in which whatever may be words holds orders."""
    return {
        "id": f"a{orders}",
        "title": f"Title {orders}",
        "publisher": f"Press {orders}",
        "text": f"Ana {orders} met Bo.",
        "published": f"last {orders}",
        f"field {orders}": 1,
        "extractor": {"name": f"Tool {orders}"},
        "vocabulary": {"types": {f"Type {orders}": "https://example.org/t"}},
        "entities": [
            {"id": f"e{orders}", "type": f"Type {orders}", "name": f"Ana {orders}"},
            {"id": "e2", "type": "Person", "name": "Bo", "mentions": [{"start": 0, "end": 3}]},
            {"id": "e2", "type": f"{orders}", "name": "Twice"},
        ],
        "relations": [{"subject": f"e{orders}", "predicate": f"met {orders}", "object": "e2"}],
    }


#: Of entities that are not loaded.
KEYS = tuple(entity_key("Person", each) for each in ("One", "Another"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a database and files that hold orders, also in their names."""
    lines = [json.dumps(hostile_record()), "{" + ORDERS, json.dumps({"id": ORDERS})]
    path = tmp_path / f"a{ORDERS}.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    load_files(tmp_path / "news.db", [path])
    damaged = tmp_path / "damaged.db"
    damaged.write_bytes((tmp_path / "news.db").read_bytes())
    with closing(sqlite3.connect(damaged)) as connection, connection:
        connection.execute("UPDATE mentions SET offset_status = ?", [ORDERS])
        connection.execute("UPDATE settings SET value = ?", [f"http://{ORDERS}/"])
        connection.execute("INSERT INTO settings VALUES ('base_iri', ?)", [f"http://{ORDERS}"])
        connection.execute("UPDATE vocabulary SET iri = ?", [f"http://{ORDERS}"])
    (tmp_path / f"empty{ORDERS}").mkdir()
    (tmp_path / f"wide{ORDERS}").write_text("wide", "utf-16")
    (tmp_path / f"text{ORDERS}").write_text("of no format", "utf-8")
    (tmp_path / f"gone{ORDERS}").symlink_to("nowhere")
    (tmp_path / f"map{ORDERS}.toml").write_text(f'[types]\n"{ORDERS}" = 5', "utf-8")
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
def test_no_command_gives_a_terminal_orders(folder: Path) -> None:
    database, records, other = (
        str(folder / name) for name in ("news.db", f"a{ORDERS}.jsonl", "other.db")
    )
    damaged = str(folder / "damaged.db")
    files = [str(folder / f"{name}{ORDERS}") for name in ("empty", "wide", "text", "gone", "none")]
    printed = on_a_terminal(
        ["load", other, records],
        ["load", other, records, "--map", str(folder / f"map{ORDERS}.toml")],
        ["load", other, records, "--articles", files[2]],
        ["load", other, records, "--format", ORDERS],
        ["load", other, records, "--base-iri", ORDERS],
        ["load", str(folder), str(folder)],
        ["load", f"{database}{ORDERS}/x.db", records],
        *(["load", other, each] for each in files),
        *(["inspect", each] for each in (records, str(folder), *files)),
        ["inspect", records, "--json"],
        ["convert", records],
        ["convert", files[1]],
        *(["stats", each, *more] for each in (database, damaged) for more in ([], ["--json"])),
        ["check", database],
        ["check", damaged],
        ["vocabulary", database],
        ["vocabulary", damaged],
        ["vocabulary", database, "--set", f"Type {ORDERS}", "https://example.org/u"],
        *(["export", database, "-f", each.name] for each in FORMATS),
        ["export", database, "-o", f"{folder}/none{ORDERS}/x.ttl"],
        ["export", database, "-o", f"x.{ORDERS}"],
        ["export", database, "--entity", ORDERS],
        ["base-iri", database, ORDERS],
        ["base-iri", damaged],
        ["remove", database, "--source", ORDERS],
        ["remove", database, "--article", f"Title {ORDERS}"],
        ["merge", database, f"Ana {ORDERS}", ORDERS, "--by", ORDERS],
        ["merge", database, *KEYS, "--not-loaded", "--by", "Ana", "--why", ORDERS],
        ["merge", database, *KEYS, "--not", "--not-loaded", "--by", f"B{ORDERS}"[:20]],
        ["split", database, f"Ana {ORDERS}", "--article", ORDERS, "--as", ORDERS],
        ["correct", database, KEYS[0], "--name", ORDERS, "--not-loaded"],
        *(["decisions", database, "--format", each] for each in NAMES),
        ["decisions", database, "--conflicts"],
        *(["decide", database, each] for each in (records, *files)),
        ["undo", database, ORDERS],
        ["metadata", "--database", ORDERS],
        ["stats", files[0]],
        ["stats", files[2]],
        [ORDERS],
        ["stats", f"--{ORDERS}"],
        ["stats", database, ORDERS],
        ["export", database, "--assert-from", ORDERS],
    )
    # Click's own bar of progress moves the cursor; that it is shown again is its last order.
    without_bar = re.sub(r"\x1b\[\?25[lh]|\r *Loading.*?(?=\r?\n|\r)|\x1b\[K", "", printed)
    assert not ACTED_ON.search(without_bar)
    assert "Traceback" not in printed, printed[printed.find("Traceback") - 500 :][:4000]
    assert "pwn" in printed


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudo-terminals")
@pytest.mark.parametrize("name", [each.name for each in FORMATS])
def test_an_export_means_the_same_on_a_terminal(db_path: Path, name: str) -> None:
    load(db_path, [hostile_record("\x85\u202e\x7f")])
    command = ["export", str(db_path), "-q", "--with-text", "-f", name]
    whole = export(db_path, format_named(name), with_text=True)
    printed = on_a_terminal(command).partition("\n")[2]
    assert not ACTED_ON.search(printed)
    shown, exported = (
        sorted(read_with_pyoxigraph(each, format_named(name))) for each in (printed.encode(), whole)
    )
    assert len(exported) > 20
    assert shown == exported
