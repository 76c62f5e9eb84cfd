"""A load that is interrupted, in any order or split, gives the same tables."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import (
    InputError,
    TooManyRejects,
)
from datasette_newsgraph.loading import batch as batch_module
from datasette_newsgraph.loading import intake as intake_module
from datasette_newsgraph.loading.load import LoadOptions, load, load_files
from datasette_newsgraph.loading.removal import remove_source
from datasette_newsgraph.loading.source_row import SourceRow
from datasette_newsgraph.store import open_store
from tests.loading.rows_of_a_load import faults, numbered

Article = dict[str, Any]
Rows = list[tuple[Any, ...]]
Query = Callable[..., Rows]
Write = Callable[..., Path]
Dump = Callable[[Path], dict[str, Rows]]
Contents = Callable[..., dict[str, Rows]]


# Interrupted between two transactions -----------------------------------------------------------


class Killed(BaseException):
    """Stands for a process that ends there."""


@pytest.mark.parametrize(
    ("at", "of"), [("finish", SourceRow), ("_commit", intake_module.Intake), ("note", SourceRow)]
)
@pytest.mark.parametrize("calls", [1, 2, 3])
@pytest.mark.parametrize("settled", [False, True])
def test_a_load_that_ends_anywhere_is_completed_by_the_next(
    tmp_path: Path,
    write: Write,
    contents: Contents,
    monkeypatch: pytest.MonkeyPatch,
    at: str,
    of: type,
    calls: int,
    settled: bool,
) -> None:
    """``settled``: into a database that was filled before."""
    lines: list[Any] = numbered(450)
    lines[100] = lines[399] = lines[449] = "broken"
    lines[7] |= {"quotes": [1]}
    path = write("a.jsonl", *lines)
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    for db in (whole, broken):
        load(db, numbered(3, title="old") if settled else [])
    load_files(whole, [path])
    with monkeypatch.context() as patch:
        if hasattr(intake_module, "COMMIT_RECORDS"):
            patch.setattr(intake_module, "COMMIT_RECORDS", 200)
        real = getattr(of, at)
        left = calls

        def dying(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return real(*arguments, **options)

        patch.setattr(of, at, dying)
        with suppress(Killed):
            load_files(broken, [path])
    load_files(broken, [path])
    assert contents(broken) == contents(whole)
    assert faults(broken) == []


def test_a_failing_iterable_leaves_a_database_that_the_next_load_completes(
    tmp_path: Path, contents: Contents
) -> None:
    def failing() -> Any:
        yield from numbered(300)
        raise ZeroDivisionError

    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    load(whole, numbered(301))
    with pytest.raises(ZeroDivisionError):
        load(broken, failing())
    load(broken, numbered(301))
    assert contents(broken) == contents(whole)
    assert faults(broken) == []


def test_damage_and_too_many_rejects_together(db_path: Path, tmp_path: Path, query: Query) -> None:
    """The records before the damage are the ones that are too many."""
    path = tmp_path / "a.jsonl.gz"
    noise = random.Random(1).randbytes(4000).hex().encode()
    data = gzip.compress(b'{"id":"a1"}\nbroken\n{"id":"a2","x":"' + noise + b'"}\n')
    path.write_bytes(data[:-100])
    with pytest.raises((InputError, TooManyRejects)):
        load_files(db_path, [path], options=LoadOptions(max_errors=0))
    assert query("SELECT given_id FROM articles") == [("a1",)]
    assert query("SELECT line FROM rejects") == [(2,)]
    assert faults(db_path) == []


# Any order, any split ---------------------------------------------------------------------------


def shuffled(records: list[Article], seed: int) -> list[Article]:
    return random.Random(seed).sample(records, len(records))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_articles_does_not_matter(
    tmp_path: Path,
    generated: Callable[[int], list[Article]],
    contents: Contents,
    seed: int,
) -> None:
    records = generated(120)
    load(tmp_path / "one.db", records)
    load(tmp_path / "two.db", shuffled(records, seed))
    assert contents(tmp_path / "two.db") == contents(tmp_path / "one.db")


@pytest.mark.parametrize("files", [2, 7])
def test_how_articles_are_split_into_files_does_not_matter(
    tmp_path: Path,
    generated: Callable[[int], list[Article]],
    contents: Contents,
    files: int,
) -> None:
    records = generated(120)
    load(tmp_path / "one.db", records)
    for number in range(files):
        load(tmp_path / "two.db", records[number::files], source=f"part {number}")
    one, two = (contents(tmp_path / f"{name}.db", provenance=False) for name in ("one", "two"))
    assert two == one
    assert faults(tmp_path / "two.db") == []


def test_the_size_of_chunks_does_not_matter(
    tmp_path: Path,
    generated: Callable[[int], list[Article]],
    rows_of: Dump,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write("a.jsonl", *generated(60), "broken")
    load_files(tmp_path / "one.db", [path])
    monkeypatch.setattr(batch_module, "CHUNK_RECORDS", 7)
    load_files(tmp_path / "two.db", [path])
    assert rows_of(tmp_path / "two.db") == rows_of(tmp_path / "one.db")


def test_a_load_of_changed_articles_is_a_load_of_the_new_file(
    tmp_path: Path, generated: Callable[[int], list[Article]], contents: Contents
) -> None:
    new = generated(90)
    old = deepcopy(new)
    chance = random.Random(3)
    for record in chance.sample(old, 40):
        record["title"] += " (old)"
        chance.shuffle(record["entities"])
        record["relations"] = []
        record["quotes"] *= 2
        record["entities"][0]["name"] = "Somebody Else"
    load(tmp_path / "new.db", new)
    load(tmp_path / "changed.db", old)
    assert load(tmp_path / "changed.db", new).changed == 40
    assert contents(tmp_path / "changed.db") == contents(tmp_path / "new.db")
    assert faults(tmp_path / "changed.db") == []


def test_loading_and_removing_leaves_what_was_there(
    tmp_path: Path, generated: Callable[[int], list[Article]], contents: Contents
) -> None:
    records = generated(80)
    load(tmp_path / "one.db", records[:40], source="first")
    load(tmp_path / "two.db", records[:40], source="first")
    load(tmp_path / "two.db", records[40:], source="second")
    with open_store(tmp_path / "two.db", write=True) as db:
        assert remove_source(db, "second") == 40
    one, two = (contents(tmp_path / f"{name}.db", provenance=False) for name in ("one", "two"))
    assert two == one
    assert faults(tmp_path / "two.db") == []


@pytest.mark.parametrize("name", ["wikinews.jsonl", "re3d-us.jsonl"])
def test_real_articles(
    tmp_path: Path, shared_corpora: Path, contents: Contents, write: Write, name: str
) -> None:
    path = shared_corpora / name
    summary = load_files(tmp_path / "one.db", [path])
    assert summary.new == summary.read > 20
    assert summary.rejected == 0
    assert faults(tmp_path / "one.db") == []
    backwards = write(name, *reversed(path.read_bytes().rstrip(b"\n").split(b"\n")))
    load_files(tmp_path / "two.db", [backwards])
    one, two = (contents(tmp_path / f"{each}.db", provenance=False) for each in ("one", "two"))
    assert two == one


# Extractions that differ in nothing that can be seen --------------------------------------------


def test_a_version_of_nothing_is_none(tmp_path: Path, contents: Contents) -> None:
    records = [
        {"id": "a1", "extractor": {"name": "spacy", "version": ""}},
        {"id": "a2", "extractor": {"name": "spacy"}},
    ]
    load(tmp_path / "one.db", records)
    load(tmp_path / "two.db", records[::-1])
    assert contents(tmp_path / "two.db") == contents(tmp_path / "one.db")
