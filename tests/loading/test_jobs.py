"""A load by several processes gives what one by one process gives, and leaves nothing else behind.

Most tests let the work of the other processes be done in this one, as what they do is the same.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from copy import deepcopy
from pathlib import Path
from typing import Any, ClassVar

import pytest

from datasette_newsgraph.cores import cores
from datasette_newsgraph.errors import InputError, LoadStopped, TooManyRejects
from datasette_newsgraph.loading.load import LoadOptions, LoadSummary, load_files
from datasette_newsgraph.loading.shards import pieces
from datasette_newsgraph.rdf import format_named
from datasette_newsgraph.rdf.export import stream
from datasette_newsgraph.store import open_store
from tests.loading.rows_of_a_load import faults

Generated = Callable[[int], list[dict[str, Any]]]
Contents = Callable[..., dict[str, Any]]
Write = Callable[..., Path]
Dump = Callable[[Path], dict[str, Any]]


class _Here:
    """A pool of processes whose work is done in this one, when it is given."""

    _processes: ClassVar[dict[int, Any]] = {}

    def __init__(self, _jobs: int, _context: object, _begin: object, given: tuple[Any]) -> None:
        pieces._sidecar = deepcopy(given[0])

    def submit(self, work: Callable[..., Any], *arguments: object) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work(*arguments))
        return future

    def shutdown(self, **_: bool) -> None:
        pieces._sidecar = None


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the work of other processes be done here, and pieces be small."""
    monkeypatch.setattr(pieces, "ProcessPoolExecutor", _Here)
    monkeypatch.setattr(pieces, "_RECORDS", 7)
    monkeypatch.setattr(pieces, "_FEW", 1)


def exported(path: Path) -> bytes:
    with open_store(path) as db:
        return b"".join(stream(db, format_named("ntriples")))


def mixed(generated: Generated) -> list[Any]:
    """Articles, some of them twice, changed, by another tool or broken, in the order of a bad day."""
    records = generated(40)
    changed = [{**each, "title": "changed", "relations": []} for each in records[5:15]]
    other = [{**each, "extractor": {"name": "another"}} for each in records[20:24]]
    wrong = [{**each, "id": f"w{each['id']}", "entities": [{"id": "e"}]} for each in records[:3]]
    return [
        *records[:30],
        "{broken",
        *changed,
        *records[10:12],
        *other,
        *wrong,
        *records[30:],
        "[]",
    ]


@pytest.mark.parametrize("jobs", [2, 3])
def test_tables_and_graph_are_those_of_one_process(
    tmp_path: Path, generated: Generated, contents: Contents, write: Write, here: None, jobs: int
) -> None:
    path = write("a.jsonl", *mixed(generated))
    one = load_files(tmp_path / "one.db", [path])
    several = load_files(tmp_path / "several.db", [path], jobs=jobs)
    assert contents(tmp_path / "several.db") == contents(tmp_path / "one.db")
    assert exported(tmp_path / "several.db") == exported(tmp_path / "one.db")
    assert faults(tmp_path / "several.db") == []
    assert vars(several) == vars(one)


def test_row_numbers_are_the_same_where_every_article_comes_once(
    tmp_path: Path, generated: Generated, rows_of: Dump, write: Write, here: None
) -> None:
    path = write("a.jsonl", *generated(60), "broken")
    load_files(tmp_path / "one.db", [path])
    load_files(tmp_path / "several.db", [path], jobs=3)
    assert rows_of(tmp_path / "several.db") == rows_of(tmp_path / "one.db")


def test_a_load_into_what_is_there(
    tmp_path: Path, generated: Generated, contents: Contents, write: Write, here: None
) -> None:
    old = write("old.jsonl", *({**each, "title": "old"} for each in generated(50)[::2]))
    path = write("a.jsonl", *mixed(generated), *generated(50))
    for name, jobs in (("one", 1), ("several", 2)):
        load_files(tmp_path / f"{name}.db", [old])
        load_files(tmp_path / f"{name}.db", [path], jobs=jobs, options=LoadOptions(replace=True))
    assert contents(tmp_path / "several.db") == contents(tmp_path / "one.db")
    assert faults(tmp_path / "several.db") == []


def test_what_is_there_is_not_read_again(
    tmp_path: Path, generated: Generated, write: Write, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", *generated(30))
    load_files(tmp_path / "a.db", [path])
    monkeypatch.setattr(_Here, "submit", None)
    assert load_files(tmp_path / "a.db", [path], jobs=2).unchanged == 30


def test_files_of_tools_and_a_sidecar(
    tmp_path: Path, generated: Generated, contents: Contents, write: Write, here: None
) -> None:
    texts = [{"text": f"Ana met Bo in {n}.", "label": [[0, 3, "PER"]], "id": n} for n in range(30)]
    path = write("doccano.jsonl", *texts, texts[3], {**texts[4], "label": []})
    rows = [{"text": f"Ana met Bo in {n}.", "url": f"https://e.org/{n}"} for n in range(0, 40, 2)]
    sidecar = write("rows.jsonl", *rows)
    summaries = [
        load_files(tmp_path / f"{jobs}.db", [path], articles=sidecar, jobs=jobs) for jobs in (1, 2)
    ]
    assert contents(tmp_path / "2.db") == contents(tmp_path / "1.db")
    assert summaries[0].rows_missed
    assert vars(summaries[1]) == vars(summaries[0])


def test_a_file_that_breaks_off(
    tmp_path: Path, generated: Generated, contents: Contents, here: None
) -> None:
    lines = "".join(json.dumps(each) + "\n" for each in generated(60)).encode()
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines)[:-900])
    for jobs in (1, 2):
        with pytest.raises(InputError, match="damaged"):
            load_files(tmp_path / f"{jobs}.db", [path], jobs=jobs)
    assert contents(tmp_path / "2.db") == contents(tmp_path / "1.db")


def test_too_many_rejects(
    tmp_path: Path, generated: Generated, contents: Contents, write: Write, here: None
) -> None:
    path = write("a.jsonl", *generated(20), "{", "{", *generated(40)[20:])
    told = []
    for jobs in (1, 2):
        summary = LoadSummary()
        with pytest.raises(TooManyRejects):
            load_files(
                tmp_path / f"{jobs}.db",
                [path],
                jobs=jobs,
                options=LoadOptions(max_errors=1),
                summary=summary,
            )
        told.append(vars(summary))
    assert contents(tmp_path / "2.db") == contents(tmp_path / "1.db")
    assert told[1] == told[0]


def test_as_many_processes_as_cores_if_files_are_large(
    tmp_path: Path, generated: Generated, write: Write, here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", *generated(20))
    dealt: list[str] = []
    given = _Here.submit

    def submit(self: _Here, work: Callable[..., Any], *arguments: object) -> Future[Any]:
        dealt.append(str(arguments[-1]))
        return given(self, work, *arguments)

    monkeypatch.setattr(_Here, "submit", submit)
    monkeypatch.setattr(pieces, "cores", lambda: 2)
    load_files(tmp_path / "small.db", [path], jobs=None)
    assert not dealt
    monkeypatch.setattr(pieces, "_WORTH", 0)
    load_files(tmp_path / "large.db", [path], jobs=None)
    assert len(dealt) == 1


def test_very_many_cores_are_not_all_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: range(64), raising=False)
    assert cores() == 8


def test_processes_of_their_own(
    tmp_path: Path,
    generated: Generated,
    rows_of: Dump,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pieces, "_RECORDS", 60)
    path = write("a.jsonl", *generated(240), "broken")
    load_files(tmp_path / "one.db", [path])
    summary = load_files(tmp_path / "several.db", [path], jobs=2)
    assert (summary.new, summary.rejected) == (240, 1)
    assert rows_of(tmp_path / "several.db") == rows_of(tmp_path / "one.db")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.jsonl", "one.db", "several.db"]


def test_a_process_that_dies(
    tmp_path: Path,
    generated: Generated,
    contents: Contents,
    write: Write,
    here: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write("a.jsonl", *generated(40))
    given = _Here.submit

    def dies(self: _Here, work: Callable[..., Any], *arguments: object) -> Future[Any]:
        if "/2.db" in str(arguments[-1]):
            raise BrokenProcessPool
        return given(self, work, *arguments)

    monkeypatch.setattr(_Here, "submit", dies)
    with pytest.raises(LoadStopped, match="fewer --jobs"):
        load_files(tmp_path / "a.db", [path], jobs=2)
    assert faults(tmp_path / "a.db") == []
    load_files(tmp_path / "a.db", [path])
    load_files(tmp_path / "whole.db", [path])
    assert contents(tmp_path / "a.db") == contents(tmp_path / "whole.db")
    assert not list(tmp_path.glob("*-shards-*"))


def test_shards_of_a_load_that_was_killed_are_removed(
    tmp_path: Path, generated: Generated, write: Write
) -> None:
    left = tmp_path / "a.db-shards-killed"
    left.mkdir()
    (left / "1.db").write_bytes(b"half a shard")
    path = write("a.jsonl", *generated(2))
    load_files(tmp_path / "a.db", [path])
    assert not left.exists()


@pytest.mark.skipif(os.name == "nt", reason="a folder in use cannot be removed there")
def test_shards_of_a_load_that_goes_on_are_left(
    tmp_path: Path, generated: Generated, write: Write
) -> None:
    from datasette_newsgraph.loading.shards.folder import shard_folder

    path = write("a.jsonl", *generated(2))
    with shard_folder(tmp_path / "a.db") as folder:
        load_files(tmp_path / "a.db", [path])
        assert folder.exists()
    assert not folder.exists()
