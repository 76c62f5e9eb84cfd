"""A folder of files is loaded, inspected and converted as its files, one after the other."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import re
import shutil
import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import InputError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers.folder import Folder
from tests.cost import steps_of

Contents = Callable[[Path], Any]
Query = Callable[[str], list[tuple[Any, ...]]]
Run = Callable[..., Result]

RECORD = {
    "id": "r1",
    "text": "Kabul fell.",
    "entities": [{"id": "e", "type": "Place", "name": "Kabul"}],
}
SPACY = {"text": "Paris shone.", "ents": [{"start": 0, "end": 5, "label": "GPE"}]}
DOCCANO = {
    "id": 1,
    "text": "Rome slept.",
    "entities": [{"id": 1, "start_offset": 0, "end_offset": 4, "label": "GPE"}],
    "relations": [],
}
PROSE = "The ministers of all countries met in Geneva for three days of talks.\n"


@pytest.fixture
def run() -> Run:
    return lambda *arguments: CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """``folder({"a.json": record, "2021/notes.txt": "…"})``: a folder with these files."""

    def make(files: dict[str, Any]) -> Path:
        path = tmp_path / "data"
        for name, content in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            text = content if isinstance(content, str) else json.dumps(content)
            (path / name).write_text(text, "utf-8")
        return path

    return make


Make = Callable[..., Path]


def test_a_folder_is_loaded_as_its_files(
    folder: Make, tmp_path: Path, db_path: Path, contents: Contents
) -> None:
    """In the order of their names, each of its own format; folders below too, hidden ones not."""
    path = folder(
        {
            "b.json": DOCCANO,
            "a.jsonl": RECORD,
            "2021/c.jsonl": SPACY,
            ".git/d.jsonl": RECORD | {"id": "hidden"},
            ".hidden.jsonl": RECORD | {"id": "hidden"},
        }
    )
    summary = load_files(db_path, [path])
    assert list(summary.formats.items()) == [
        ("c.jsonl", "spacy"),
        ("a.jsonl", "record"),
        ("b.json", "doccano"),
    ]
    assert (summary.new, summary.unread) == (3, {})
    files = [path / name for name in ("2021/c.jsonl", "a.jsonl", "b.json")]
    load_files(tmp_path / "files.db", files)
    assert contents(db_path) == contents(tmp_path / "files.db")
    assert load_files(db_path, [path]).unchanged == 3
    assert load_files(db_path, files).unchanged == 3


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_loaded(
    folder: Make, run: Run, db_path: Path
) -> None:
    path = folder({"a.jsonl": RECORD, "README.txt": PROSE, "empty.txt": ""})
    result = run("load", db_path, path)
    assert result.exit_code == 0
    assert "1 record read: 1 new" in result.stderr
    note, empty = (each for each in result.stderr.splitlines() if each.startswith("not read: "))
    assert empty == f"not read: {path / 'empty.txt'} is empty"
    assert note.startswith(f"not read: {path / 'README.txt'} is plain text")
    assert run("load", db_path, path, "--strict").exit_code == 3
    (path / "README.txt").unlink()
    (path / "empty.txt").unlink()
    assert run("load", db_path, path, "--strict").exit_code == 0


def test_a_folder_that_is_not_open_is_named_and_the_rest_is_loaded(
    folder: Make, run: Run, db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder({"a.jsonl": RECORD, "closed/b.jsonl": RECORD})
    scan = os.scandir

    def scandir(given: str) -> Any:
        if str(given).endswith("closed"):
            # As for anybody but root, whom no folder is closed to.
            raise PermissionError(13, "Permission denied", given)
        return scan(given)

    monkeypatch.setattr(os, "scandir", scandir)
    result = run("load", db_path, path)
    assert result.exit_code == 0
    assert "1 record read: 1 new" in result.stderr
    assert f"not read: {path / 'closed'} " in result.stderr


def test_a_dozen_of_many_is_named(folder: Make, run: Run, db_path: Path) -> None:
    notes = {f"n{number:02}.txt": PROSE for number in range(20)}
    tasks = {f"t{number:02}.json": DOCCANO | {"text": f"Rome {number}."} for number in range(20)}
    lines = run("load", db_path, folder(notes | tasks)).stderr.splitlines()
    (formats,) = [each for each in lines if each.startswith("formats: ")]
    assert formats == "formats: 20 files are doccano"
    unread = [each for each in lines if each.startswith("not read: ")]
    assert len(unread) == 13
    assert unread[-1] == "not read: 8 further files"


def test_a_dozen_of_many_that_are_not_read_is_named(folder: Make, run: Run) -> None:
    path = folder({f"n{number:02}.txt": PROSE for number in range(20)} | {"t.json": DOCCANO})
    inspected = run("inspect", path).stdout
    assert inspected.count(".txt\n  not read ") == 12
    assert inspected.endswith("\nnot read: 8 further files\n")
    assert len(json.loads(run("inspect", path, "--json").stdout)) == 21
    converted = run("convert", path).stderr.splitlines()
    assert [each.startswith("not read: ") for each in converted] == [True] * 13 + [False]
    assert converted[-2] == "not read: 8 further files"
    assert "20 files could not be read" in converted[-1]


def test_a_dozen_of_many_folders_is_named(folder: Make, run: Run, db_path: Path) -> None:
    files = {"a.ann": "T1\tGPE 0 4\tRome\n", "a.txt": "Rome slept.", "notes.md": PROSE}
    path = folder({f"{n:02}/{name}": text for n in range(20) for name, text in files.items()})
    lines = run("load", db_path, *sorted(path.iterdir())).stderr.splitlines()
    assert len([each for each in lines if "without 1 other file: notes.md" in each]) == 12
    assert "8 further folders with files that are not used" in lines


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "is an empty folder; give a folder with files in it"),
        ({".hidden.json": RECORD}, "is an empty folder; give a folder with files in it"),
        ({"b/a.txt": PROSE}, "no file in it can be read (of 1 file): b/a.txt is plain text"),
        (
            {"a.txt": PROSE, "b.txt": PROSE},
            "no file in it can be read (of 2 files): a.txt is plain text",
        ),
    ],
)
def test_a_folder_of_nothing_that_is_read(
    folder: Make, db_path: Path, files: dict[str, Any], message: str
) -> None:
    path = folder(files)
    path.mkdir(exist_ok=True)
    with pytest.raises(InputError) as error:
        load_files(db_path, [path])
    assert str(error.value).startswith(f"{path}: {message}")
    assert not db_path.exists()


def test_a_format_that_is_given_is_that_of_all_files(folder: Make, db_path: Path) -> None:
    path = folder({"a.json": DOCCANO, "b.json": {"text": "Oslo.", "label": [[0, 4, "GPE"]]}})
    assert set(load_files(db_path, [path], format_name="doccano").formats.values()) == {"doccano"}


def test_what_is_in_the_folder_for_something_else_is_not_loaded(folder: Make) -> None:
    """The sidecar, the map of labels, and the database itself."""
    path = folder(
        {
            "tasks.json": DOCCANO,
            "titles.csv": "title,filename\nRome sleeps,tasks\n",
            "map.toml": '[types]\nGPE = "City"\n',
        }
    )
    for _ in range(2):
        summary = load_files(
            path / "news.db",
            [path],
            articles=path / "titles.csv",
            label_map=path / "map.toml",
        )
        assert (summary.formats, summary.unread) == ({"tasks.json": "doccano"}, {})


def test_only_the_file_that_is_read_is_open(
    folder: Make, db_path: Path, run: Run, tmp_path: Path
) -> None:
    resource = pytest.importorskip("resource")
    path = folder({f"{number:03}.jsonl": RECORD | {"id": f"r{number}"} for number in range(60)})
    files = sorted(path.iterdir())
    rows = "".join(f"r{number},Title {number}\n" for number in range(60))
    sidecar = tmp_path / "titles.csv"
    sidecar.write_text(f"id,title\n{rows}", "utf-8")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with open(os.devnull) as last:
        highest = last.fileno()
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 25, before[1]))
    try:
        summary = load_files(db_path, files)
        again = load_files(db_path, [path])
        titled = load_files(db_path, files, articles=sidecar)
        results = [
            run(name, *given) for name in ("inspect", "convert") for given in (files, [path])
        ]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert (summary.new, again.unchanged, titled.changed) == (60, 60, 60)
    assert [each.exit_code for each in results] == [0] * 4
    assert {each.stdout.count("Kabul") for each in results[2:]} == {120}


class _Passing:
    """Takes nothing of a file, and tells how far it is."""

    resume = None

    def __init__(self, *_: Any) -> None:
        pass

    def take_batches(self, batches: Any, after_batch: Callable[[], None]) -> None:
        after_batch()


def test_many_files_take_as_much_longer_as_they_are_more(
    folder: Make, db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("datasette_newsgraph.loading.load.Intake", _Passing)
    files = sorted(folder({f"{n:04}.json": RECORD for n in range(800)}).iterdir())

    def look_at(number: int) -> None:
        load_files(db_path, files[:number], format_name="record")

    look_at(1)
    few, many = (steps_of(lambda n=n: look_at(n)) for n in (200, 800))
    assert many < 4.4 * few


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_a_pipe_is_read_once(tmp_path: Path, db_path: Path) -> None:
    """As with ``newsgraph load news.db <(zcat …)``: it cannot be opened again."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=[json.dumps(RECORD)])
    writer.start()
    assert load_files(db_path, [pipe]).new == 1
    writer.join()


def test_progress_counts_the_bytes_of_all_files(folder: Make, db_path: Path) -> None:
    path = folder({"a.jsonl": RECORD, "b.jsonl": RECORD | {"id": "r2"}})
    told: list[tuple[int, int]] = []
    load_files(db_path, [path], progress=lambda *each: told.append(each))
    size = sum(each.stat().st_size for each in path.iterdir())
    assert {each for _, each in told} == {size}
    assert [each for each, _ in told] == sorted(each for each, _ in told)
    assert told[-1][0] == size


def test_other_files_in_a_folder_of_brats_are_named(folder: Make, run: Run, db_path: Path) -> None:
    path = folder(
        {
            "a.ann": "T1\tGPE 0 5\tKabul\n",
            "a.txt": "Kabul fell.",
            "annotation.conf": "",
            "b.jsonl": RECORD,
        }
    )
    note = "data is read as brat, without 2 other files: annotation.conf, b.jsonl"
    assert note in run("load", db_path, path).stderr.splitlines()
    assert "  not read        annotation.conf, b.jsonl" in run("inspect", path).stdout


# Links ------------------------------------------------------------------------------------------


def test_a_link_out_of_a_folder_is_not_followed(
    folder: Make, tmp_path: Path, db_path: Path, query: Query
) -> None:
    (tmp_path / "secret.txt").write_text("Kabul is secret.")
    path = folder({"a.ann": "T1\tGPE 0 5\tKabul\n"})
    (path / "a.txt").symlink_to(tmp_path / "secret.txt")
    load_files(db_path, [path])
    assert query("SELECT text FROM article_texts") == []
    assert query("SELECT name FROM entities") == [("Kabul",)]


@pytest.mark.parametrize(
    ("linked", "named", "reason"),
    [
        ("a.txt", "a.ann", r"a\.txt cannot be read: it is a link out of the folder"),
        (
            "a.ann",
            "a.txt",
            r"a\.ann beside it is a link out of the folder; put the file itself there",
        ),
    ],
)
def test_half_a_pair_is_no_link_out_of_its_folder(
    db_path: Path, tmp_path: Path, query: Query, linked: str, named: str, reason: str
) -> None:
    path, elsewhere = tmp_path / "brat", tmp_path / "elsewhere"
    for folder in (path, elsewhere):
        folder.mkdir()
        (folder / "a.txt").write_text("Kabul fell.", "utf-8")
        (folder / "a.ann").write_text("T1\tCity 0 5\tKabul\n", "utf-8")
    (path / linked).unlink()
    (path / linked).symlink_to(elsewhere / linked)
    with pytest.raises(InputError, match=reason) if named == "a.txt" else nullcontext():
        load_files(db_path, [path / named])
    if named == "a.ann":
        ((found,),) = query("SELECT reason FROM rejects")
        assert re.match(reason, found)
        assert query("SELECT count(*) FROM articles") == [(0,)]
    # Within the folder it may be one, and what is named may be one to anywhere.
    (path / linked).unlink()
    (path / "kept").mkdir()
    (path / linked).symlink_to(shutil.copy(elsewhere / linked, path / "kept"))
    assert load_files(db_path, [path / named]).new == 1
    (path / "b.ann").symlink_to(elsewhere / "a.ann")
    assert load_files(db_path, [path / "b.ann"]).new == 1


def test_what_a_folder_links_to_is_named_if_it_is_elsewhere(
    folder: Make, tmp_path: Path, db_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "b.jsonl").write_text(json.dumps(RECORD | {"id": "elsewhere"}))
    path = folder({"a.jsonl": RECORD, "c/d.jsonl": RECORD | {"id": "r2"}})
    (path / "b.jsonl").symlink_to(elsewhere / "b.jsonl")
    (path / "broken").symlink_to(elsewhere / "nowhere")
    (path / "linked").symlink_to(elsewhere)
    (path / "c" / "circle").symlink_to(path)
    (path / "again").symlink_to(path / "c")
    assert Folder(path).names == ("a.jsonl", "c/d.jsonl")
    summary = load_files(db_path, [path])
    assert summary.new == 2
    assert [Path(each).name for each in summary.unread] == ["b.jsonl", "broken", "linked"]


# inspect and convert ----------------------------------------------------------------------------


def test_inspect_and_convert_take_folders(folder: Make, run: Run) -> None:
    path = folder({"a.jsonl": RECORD, "b.json": DOCCANO, "notes.txt": PROSE})
    inspected = run("inspect", path)
    assert inspected.exit_code == 0
    headings = [line for line in inspected.stdout.splitlines() if not line.startswith(" ")]
    assert headings == [str(path / name) for name in ("a.jsonl", "b.json", "notes.txt")]
    assert "  not read        is plain text" in inspected.stdout
    reports = json.loads(run("inspect", path, "--json").stdout)
    assert [each.get("format") for each in reports] == ["record", "doccano", None]
    assert [each.get("mentions") for each in reports] == [{"Place": 0}, {"Place": 1}, None]
    assert reports[2]["not read"].startswith("is plain text")
    converted = run("convert", path)
    assert converted.exit_code == 1
    assert [json.loads(line)["text"] for line in converted.stdout.splitlines()] == [
        "Kabul fell.",
        "Rome slept.",
    ]
    not_read, error = converted.stderr.splitlines()
    assert not_read.startswith(f"not read: {path / 'notes.txt'} is plain text")
    assert error == "Error: 1 file could not be read; the rest was written"
    (path / "notes.txt").unlink()
    assert run("convert", path).exit_code == 0


def test_a_file_that_breaks_off_stops_no_other(folder: Make, run: Run, db_path: Path) -> None:
    packed = bz2.compress(json.dumps(DOCCANO).encode())
    path = folder({"z.json": DOCCANO})
    (path / "a.json.bz2").write_bytes(packed[:-9])
    (path / "b.json.gz").write_bytes(gzip.compress(json.dumps(DOCCANO).encode())[:-9])
    for given in ([path], sorted(path.iterdir())):
        result = run("load", db_path, *given, "--format", "doccano")
        assert result.exit_code == 1
        last = result.stderr.splitlines()[-1]
        assert last.startswith(f"Error: {path / 'a.json.bz2'}: line 1: ")
        assert last.endswith("; nor could 1 further file be read to the end")
        assert "1 record read: " in result.stderr


def test_an_empty_file_is_named(folder: Make, run: Run, db_path: Path) -> None:
    path = folder({"a.json": DOCCANO})
    (path / "b.json").touch()
    result = run("load", db_path, path, "--strict")
    assert (result.exit_code, f"not read: {path / 'b.json'} is empty" in result.stderr) == (3, True)


def test_a_load_of_a_pair_among_other_files_is_not_complete(
    folder: Make, run: Run, db_path: Path
) -> None:
    path = folder({"a.json": DOCCANO})
    (path / "b.ann").write_text("T1\tPerson 0 3\tAna\n")
    (path / "b.txt").write_text("Ana")
    assert run("load", db_path, path).exit_code == 0
    assert run("load", db_path, path, "--strict").exit_code == 3
