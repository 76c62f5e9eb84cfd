"""Damaged packed files, files through pipes, and names of files that are no UTF-8."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import DamagedInput
from datasette_newsgraph.loading.load import load_files
from tests.loading.processes import faults, run

Contents = Callable[..., dict[str, list[tuple[Any, ...]]]]
Generated = Callable[[int], list[dict[str, Any]]]
Write = Callable[..., Path]
COMMAND = [sys.executable, "-m", "datasette_newsgraph"]
POSIX = sys.platform != "win32"
pytestmark = pytest.mark.skipif(not POSIX, reason="signals and limits as of POSIX")


def packed(records: list[dict[str, Any]]) -> bytes:
    return gzip.compress(b"".join(json.dumps(each).encode() + b"\n" for each in records), mtime=0)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda data: data[: len(data) // 2],
    "no trailer": lambda data: data[:-8],
    "half a trailer": lambda data: data[:-3],
    "checksum": lambda data: flipped(data, -8),
    "length": lambda data: flipped(data, -1),
    "garbage": lambda data: data + b"garbage",
    "middle": lambda data: flipped(data, len(data) // 2),
}


@pytest.fixture(scope="module", params=[60, 330])
def whole_gzip(
    request: pytest.FixtureRequest, generated: Generated, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, bytes, Path]:
    """How many articles a file has, its bytes, and a database into which it was loaded."""
    count: int = request.param
    path = tmp_path_factory.mktemp("whole") / "a.jsonl.gz"
    path.write_bytes(packed(generated(count)))
    load_files(path.with_name("whole.db"), [path])
    return count, path.read_bytes(), path.with_name("whole.db")


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_gzip_gives_what_comes_before_the_damage(
    tmp_path: Path,
    whole_gzip: tuple[int, bytes, Path],
    contents: Contents,
    query: Any,
    db_path: Path,
    name: str,
) -> None:
    count, whole, loaded_whole = whole_gzip
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(DAMAGES[name](whole))
    with pytest.raises(
        DamagedInput, match=r"the gzip stream is damaged .*: get the file again"
    ) as at:
        load_files(db_path, [path])
    ((loaded, rejected),) = query("SELECT count(*), (SELECT count(*) FROM rejects) FROM articles")
    # Half of the bytes are some half of the lines; the rest of the damages come at the very end.
    assert loaded >= (count // 4 if name in ("half", "middle") else count)
    assert str(at.value).startswith(f"{path}: line {loaded + rejected + 1}: ")
    assert query("SELECT complete FROM sources") == [(0,)]
    assert faults(db_path) == []

    path.write_bytes(whole)
    load_files(db_path, [path])
    expected = Path(shutil.copy(loaded_whole, tmp_path))
    with closing(sqlite3.connect(expected)) as connection:
        # It was in another folder.
        connection.execute("UPDATE sources SET place = ?", *query("SELECT place FROM sources"))
        connection.commit()
    assert contents(db_path) == contents(expected)


@pytest.mark.parametrize(
    "dress",
    [
        lambda data: data + b"\0" * 1000,
        lambda data: data + gzip.compress(b""),
        lambda data: (
            gzip.compress(gzip.decompress(data)[:5000])
            + gzip.compress(gzip.decompress(data)[5000:])
        ),
        lambda data: gzip.decompress(data),  # only its name says gzip
    ],
    ids=["zeros", "an empty member", "two members", "plain"],
)
def test_a_gzip_that_is_odd_but_whole(
    tmp_path: Path, generated: Generated, query: Any, db_path: Path, dress: Any
) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(dress(packed(generated(60))))
    result = run("load", db_path, path)
    assert result.returncode == 0, result.stderr
    assert query("SELECT count(*), (SELECT complete FROM sources) FROM articles") == [(60, 1)]


def test_a_file_through_a_pipe(db_path: Path, tmp_path: Path, small: Path, query: Any) -> None:
    """``newsgraph load news.db <(zcat small.jsonl.gz)`` and ``cat small.jsonl | … -``."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    feeder = threading.Thread(target=pipe.write_bytes, args=[gzip.compress(small.read_bytes())])
    feeder.start()
    result = run("load", db_path, pipe)
    feeder.join()
    assert result.returncode == 0, result.stderr.decode()
    assert b"30 new" in result.stderr
    result = run("load", db_path, "-", input=small.read_bytes())
    assert b"30 unchanged" in result.stderr
    assert query("SELECT name FROM sources ORDER BY name") == [("-",), ("pipe",)]


def test_names_that_are_no_utf_8(tmp_path: Path, small: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9"
    shutil.copy(small, name + b".jsonl")
    for arguments in (
        ["load", name + b".db", name + b".jsonl"],
        ["stats", name + b".db"],
        ["export", name + b".db", "-o", name + b".ttl"],
        ["remove", name + b".db", "--source", name + b".jsonl"],
        ["load", name + b".db", b"missing" + b"\xe9.jsonl"],
    ):
        command = [*map(os.fsencode, COMMAND), *map(os.fsencode, arguments)]
        result = subprocess.run(command, capture_output=True, check=False)
        assert b"Traceback" not in result.stderr, result.stderr.decode()
        assert result.returncode == (1 if b"missing" in arguments[-1] else 0), result.stderr
