"""Shards and databases become one database, with the contents of one load of all they came from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from datasette_newsgraph.cli import cli
from datasette_newsgraph.errors import InputError, NewsgraphError, StoreError, UsageError
from datasette_newsgraph.loading.combine import combine
from datasette_newsgraph.loading.load import LoadOptions, load_files
from datasette_newsgraph.loading.shards.layout import SCHEMA
from datasette_newsgraph.loading.shards.making import make_shard
from tests.loading.rows_of_a_load import faults

Generated = Callable[[int], list[dict[str, Any]]]
Contents = Callable[..., dict[str, Any]]
Write = Callable[..., Path]


def shards_of(folder: Path, paths: list[Path], **how: Any) -> list[Path]:
    """A shard of each file."""
    made = [folder / f"{number}.shard" for number in range(len(paths))]
    for shard, path in zip(made, paths, strict=True):
        make_shard(shard, [path], **how)
    return made


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_shards_give_what_one_load_gives(
    tmp_path: Path, generated: Generated, contents: Contents, write: Write, parts: int
) -> None:
    records: list[Any] = generated(60)
    changed = [{**each, "title": "changed", "quotes": []} for each in records[10:20]]
    other = [{**each, "extractor": {"name": "another"}} for each in records[20:25]]
    lines = [*records, "{broken", *changed, *other, {**records[0], "id": "w", "entities": [{}]}]
    # Each has some of what the one before has.
    size = len(lines) // parts
    paths = [
        write(f"{n}.jsonl", *lines[max(0, n * size - 5) : (n + 1) * size + 5]) for n in range(parts)
    ]
    load_files(tmp_path / "one.db", paths)
    summary = combine(tmp_path / "all.db", shards_of(tmp_path, paths))
    assert contents(tmp_path / "all.db") == contents(tmp_path / "one.db")
    assert faults(tmp_path / "all.db") == []
    assert summary.new == 61


_NAMES = ("Ana", "Bo", "Kabul")
_RECORD = st.builds(
    lambda number, title, names, tool, wrong: {
        "id": f"a{number}",
        "title": title,
        "text": f"{' and '.join(names)} met.",
        "entities": [{"id": n, "name": n, "type": "Person"} for n in names] + [{}] * wrong,
        "relations": [{"subject": n, "predicate": "met", "object": names[0]} for n in names[1:]],
        **({"extractor": {"name": tool}} if tool else {}),
    },
    st.integers(0, 4),
    st.sampled_from(["old", "new"]),
    st.lists(st.sampled_from(_NAMES), min_size=1, max_size=3, unique=True),
    st.sampled_from([None, None, "other"]),
    st.booleans(),
).map(json.dumps)
_FILES = st.lists(
    st.lists(_RECORD | st.sampled_from(["{broken", "[]"]), max_size=6), min_size=1, max_size=4
)


@given(files=_FILES, replace=st.booleans())
def test_any_shards(files: list[list[str]], replace: bool, contents: Contents) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{number}.jsonl" for number in range(len(files))]
        for path, lines in zip(paths, files, strict=True):
            path.write_text("".join(f"{line}\n" for line in lines) or "\n")
        options = LoadOptions(replace=replace)
        load_files(folder / "one.db", paths, options=options, format_name="record")
        shards = shards_of(folder, paths, format_name="record")
        combine(folder / "all.db", shards, options=options)
        assert contents(folder / "all.db") == contents(folder / "one.db")


@given(files=_FILES)
def test_any_databases(files: list[list[str]], contents: Contents) -> None:
    """Of a database the articles are taken that it kept, as if they were loaded once more."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        databases = []
        for number, lines in enumerate(files):
            path = folder / f"{number}.jsonl"
            path.write_text("".join(f"{line}\n" for line in lines) or "\n")
            databases.append(folder / f"{number}.db")
            load_files(databases[-1], [path], format_name="record")
        combine(folder / "all.db", databases)
        assert faults(folder / "all.db") == []
        keys = set().union(*(map(str, _column(path, "key", "articles")) for path in databases))
        assert set(_column(folder / "all.db", "key", "articles")) == keys
        # With nothing else in it, a database is what it came from.
        combine(folder / "copy.db", databases[:1])
        assert contents(folder / "copy.db") == contents(databases[0])


def _column(path: Path, column: str, table: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute(f"SELECT {column} FROM {table} ORDER BY 1")]


def test_databases_of_articles_that_differ(
    tmp_path: Path, generated: Generated, contents: Contents, write: Write
) -> None:
    records = generated(30)
    paths = [write("a.jsonl", *records[:20]), write("b.jsonl", *records[15:])]
    for path in paths:
        load_files(path.with_suffix(".db"), [path])
    load_files(tmp_path / "one.db", paths)
    databases = [path.with_suffix(".db") for path in paths]
    combine(tmp_path / "all.db", databases)
    assert contents(tmp_path / "all.db") == contents(tmp_path / "one.db")
    assert combine(tmp_path / "all.db", databases).unchanged == 35


def test_what_another_tool_gave_is_a_reject_without_line_and_words(
    tmp_path: Path, article: dict[str, Any], write: Write
) -> None:
    load_files(tmp_path / "a.db", [write("a.jsonl", article)])
    load_files(tmp_path / "b.db", [write("b.jsonl", {**article, "extractor": {"name": "b"}})])
    for _ in range(2):
        summary = combine(tmp_path / "all.db", [tmp_path / "a.db", tmp_path / "b.db"])
        assert summary.rejected == 1
        assert _column(tmp_path / "all.db", "line || item || raw", "rejects") == [None]
        assert "by b)" in _column(tmp_path / "all.db", "reason", "rejects")[0].replace(
            "this one ", ""
        )
        assert faults(tmp_path / "all.db") == []
    replaced = combine(tmp_path / "all.db", [tmp_path / "b.db"], options=LoadOptions(replace=True))
    assert (replaced.changed, replaced.rejected) == (1, 0)


def test_a_combination_that_stops_goes_on(
    tmp_path: Path, generated: Generated, contents: Contents, write: Write
) -> None:
    paths = [write(f"{n}.jsonl", *generated(30)[n * 10 : n * 10 + 15]) for n in range(2)]
    shards = shards_of(tmp_path, paths)

    def stop(_taken: int, _size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        combine(tmp_path / "all.db", shards, progress=stop)
    combine(tmp_path / "all.db", shards)
    load_files(tmp_path / "one.db", paths)
    assert contents(tmp_path / "all.db") == contents(tmp_path / "one.db")


def test_a_shard_of_a_file_that_breaks_off_has_what_came_before(
    tmp_path: Path, generated: Generated, contents: Contents
) -> None:
    import gzip

    lines = "".join(json.dumps(each) + "\n" for each in generated(30)).encode()
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines)[:-900])
    with pytest.raises(InputError, match="damaged"):
        make_shard(tmp_path / "a.shard", [path])
    with pytest.raises(InputError, match="damaged"):
        load_files(tmp_path / "one.db", [path])
    combine(tmp_path / "all.db", [tmp_path / "a.shard"])
    assert contents(tmp_path / "all.db") == contents(tmp_path / "one.db")


def test_what_does_not_fit_is_refused(
    tmp_path: Path, article: dict[str, Any], write: Write
) -> None:
    path = write("a.jsonl", article)
    base = "https://news.example.org/graph/"
    make_shard(tmp_path / "a.shard", [path])
    make_shard(tmp_path / "other.shard", [path], base_iri=base)
    make_shard(tmp_path / "old.shard", [path])
    with closing(sqlite3.connect(tmp_path / "old.shard")) as connection:
        connection.execute("UPDATE shard_settings SET schema = 'm000'")
        connection.commit()
    load_files(tmp_path / "db.db", [path], base_iri=base)

    def refused(kind: type[NewsgraphError], words: str, *names: str, into: str = "new.db") -> None:
        with pytest.raises(kind, match=words):
            combine(tmp_path / into, [tmp_path / each for each in names])
        assert not (tmp_path / "new.db").exists()

    refused(StoreError, f"base IRI is {base}", "a.shard", "other.shard")
    refused(StoreError, "its base IRI is", "a.shard", into="db.db")
    refused(StoreError, f"of m000, and this one has those of {SCHEMA}", "old.shard")
    refused(StoreError, "is not a database", "a.jsonl")
    refused(StoreError, "no such file", "missing.shard")
    refused(UsageError, "is the database to combine into", "db.db", into="db.db")
    combine(tmp_path / "new.db", [tmp_path / "other.shard"])
    combine(tmp_path / "new.db", [tmp_path / "db.db"])


def test_on_the_command_line(tmp_path: Path, article: dict[str, Any], write: Write) -> None:
    path, shard, database = write("a.jsonl", article, "{"), tmp_path / "a.shard", tmp_path / "a.db"

    def run(*arguments: object) -> Any:
        return CliRunner().invoke(cli, [str(each) for each in arguments])

    made = run("load", shard, path, "--shard")
    assert made.exit_code == 0
    assert "newsgraph combine newsgraph.db" in made.stderr
    assert "2 records read: 1 rejected\n" in made.stderr
    found = run("combine", database, shard, "--strict")
    assert found.exit_code == 3
    assert "2 records read: 1 new, 0 changed, 0 unchanged, 1 rejected" in found.stderr
    assert run("load", shard, path, "--shard", "--replace").exit_code == 2
    assert run("load", shard, path, "--shard", "--jobs", 2).exit_code == 2
