"""What happens when things go wrong around the process: kills, full disks, locks, damaged files.

Each load and export here is a process of its own. The test of kill -9 has a long version::

    NEWSGRAPH_KILLS=50 NEWSGRAPH_KILL_ARTICLES=2000 pytest tests/loading/test_faults.py -k random -s
"""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.loading.load import load, load_files
from datasette_newsgraph.store import open_store
from datasette_newsgraph.store.transactions import transaction
from tests.loading.processes import command_of, faults, run

Contents = Callable[..., dict[str, list[tuple[Any, ...]]]]
Generated = Callable[[int], list[dict[str, Any]]]
Write = Callable[..., Path]

KILLS = int(os.environ.get("NEWSGRAPH_KILLS", "2"))
KILL_ARTICLES = int(os.environ.get("NEWSGRAPH_KILL_ARTICLES", "400"))
COMMAND = [sys.executable, "-m", "datasette_newsgraph"]
POSIX = sys.platform != "win32"
pytestmark = pytest.mark.skipif(not POSIX, reason="signals and limits as of POSIX")


def start(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
    """Start ``newsgraph`` with these arguments."""
    return subprocess.Popen(command_of(arguments, 0), **options)


def error_of(result: subprocess.CompletedProcess[bytes]) -> str:
    """The message of a failure: the last line of standard error, and no traceback anywhere."""
    assert b"Traceback" not in result.stderr, result.stderr.decode()
    last = result.stderr.decode().splitlines()[-1]
    assert last.startswith("Error: "), last
    return last.removeprefix("Error: ")


def is_whole(path: Path) -> bool:
    """Tell whether SQLite finds the file sound; true for a file that is not there yet."""
    if not path.exists():
        return True
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.fixture(scope="module")
def articles(generated: Generated, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of articles with a broken line now and then; 2.6 MB, half a second of loading."""
    records = generated(KILL_ARTICLES)
    records[7] |= {"quotes": [{"speaker": "nobody"}]}
    lines = [json.dumps(each, ensure_ascii=False) for each in records]
    for number in range(50, len(lines), 100):
        lines.insert(number, '{"id": "broken')
    path = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    path.write_text("".join(f"{each}\n" for each in lines), "utf-8")
    return path


@pytest.fixture(scope="module")
def loaded(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database into which they were loaded undisturbed; not to be changed."""
    path = tmp_path_factory.mktemp("loaded") / "whole.db"
    load_files(path, [articles])
    return path


# Killed -----------------------------------------------------------------------------------------


def test_kill_9_at_random_moments(tmp_path: Path, articles: Path, contents: Contents) -> None:
    begin = time.perf_counter()
    assert run("load", tmp_path / "whole.db", articles).returncode == 0
    seconds = time.perf_counter() - begin
    expected = contents(tmp_path / "whole.db")
    chance = random.Random(KILLS)
    kills = rounds = 0
    differences = []
    while kills < KILLS:
        rounds += 1
        path = tmp_path / f"{rounds}.db"
        for attempt in range(13):
            if attempt == 12 or kills == KILLS:
                assert run("load", path, articles).returncode == 0
                break
            process = start("load", path, articles, stderr=subprocess.DEVNULL)
            try:
                assert process.wait(chance.uniform(0, 0.9 * seconds)) == 0
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
            assert is_whole(path)
        found = contents(path)
        differences += [
            (rounds, table, len(found[table]), len(expected[table]))
            for table in expected
            if found[table] != expected[table]
        ]
        differences += [(rounds, fault) for fault in faults(path)]
        path.unlink()
    print(f"{rounds} rounds, {kills} kills, {len(differences)} differences")
    assert differences == []


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)]
)
def test_a_signal_ends_a_load_that_the_next_completes(
    tmp_path: Path,
    articles: Path,
    loaded: Path,
    contents: Contents,
    number: signal.Signals,
    code: int,
) -> None:
    path = tmp_path / "broken.db"
    # Through standard input it gets the first half only, and waits: the moment is known.
    data = articles.read_bytes()
    process = start(
        *("load", path, "-"),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin
    process.stdin.write(data[: len(data) * 3 // 4])
    process.stdin.flush()
    wait_for(path.exists)
    time.sleep(0.3)
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == code
    assert b"Traceback" not in errors
    assert b" read: " in errors
    assert is_whole(path)
    load_files(path, [articles])
    assert contents(path, provenance=False) == contents(loaded, provenance=False)
    assert faults(path) == []


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def test_a_load_is_taken_up_again_where_it_stopped(
    db_path: Path, tmp_path: Path, write: Write, contents: Contents
) -> None:
    """Only where the file begins as it did."""
    lines: list[Any] = [{"id": f"a{number}"} for number in range(300)]
    lines[20] = lines[150] = "broken"
    path = write("a.jsonl", *lines)
    assert run("load", db_path, path, "--max-errors", "1").returncode == 1
    shutil.copy(db_path, tmp_path / "other.db")
    result = run("load", db_path, path)
    assert b"a.jsonl: continued after line 151, " in result.stderr
    load_files(tmp_path / "whole.db", [path])
    assert contents(db_path) == contents(tmp_path / "whole.db")

    lines[20] = {"id": "mended"}
    path = write("a.jsonl", *lines)
    result = run("load", tmp_path / "other.db", path)
    assert b"continued after" not in result.stderr
    load_files(tmp_path / "mended.db", [path])
    assert contents(tmp_path / "other.db") == contents(tmp_path / "mended.db")


# Two at once ------------------------------------------------------------------------------------


@pytest.mark.parametrize("same", [True, False])
def test_two_loaders_at_once(
    tmp_path: Path, write: Write, generated: Generated, contents: Contents, same: bool
) -> None:
    records = generated(240)
    if same:
        paths = [write("a.jsonl", *records, "broken")] * 2
    else:
        # Half of the articles are in both files.
        paths = [write("a.jsonl", *records[:160], "broken"), write("b.jsonl", *records[80:])]
    load_files(tmp_path / "whole.db", dict.fromkeys(paths))
    expected = contents(tmp_path / "whole.db", provenance=same)
    path = tmp_path / "both.db"
    both = [start("load", path, each, stderr=subprocess.PIPE) for each in paths]
    errors = [process.communicate()[1].decode() for process in both]
    assert [process.returncode for process in both] == [0, 0], errors
    assert contents(path, provenance=same) == expected
    assert faults(path) == []


def test_two_loaders_of_one_source_that_both_begin_with_nothing(db_path: Path, query: Any) -> None:
    """The second has looked before the first has written, and writes after."""

    def records() -> Iterator[Any]:
        yield {"id": "late"}
        load(db_path, [{"id": "early"}, "broken"], source="a")

    load(db_path, records(), source="a")
    assert query("SELECT given_id FROM articles ORDER BY 1") == [("early",), ("late",)]
    assert query("SELECT name, complete FROM sources") == [("a", 1)]
    assert faults(db_path) == []


def test_a_lock_is_waited_for(db_path: Path, small: Path) -> None:
    load(db_path, [{"id": "a1"}])
    with closing(sqlite3.connect(db_path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO settings VALUES ('x', 'y')")
        timer = threading.Timer(1, other.execute, ["COMMIT"])
        timer.start()
        result = run("load", db_path, small)
        timer.join()
    assert result.returncode == 0, result.stderr
    assert faults(db_path) == []


def test_a_lock_for_ever_is_one_line(db_path: Path) -> None:
    load(db_path, [{"id": "a1"}])
    before = db_path.read_bytes()
    with closing(sqlite3.connect(db_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with (
            pytest.raises(StoreError, match=r"news\.db: database is locked; another program uses"),
            open_store(db_path, write=True, timeout=0.2) as db,
            transaction(db),
        ):
            pytest.fail("got a lock that somebody else holds")
    assert db_path.read_bytes() == before


def test_a_reader_does_not_see_half_a_chunk(
    db_path: Path, write: Write, generated: Generated
) -> None:
    """Articles and what belongs to them come together."""
    path = write("a.jsonl", *generated(300))
    load(db_path, [])
    process = start("load", db_path, path, stderr=subprocess.DEVNULL)
    with closing(sqlite3.connect(db_path, timeout=20)) as reader:
        while process.poll() is None:
            assert reader.execute(
                "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM mentions)"
            ).fetchone() == (0,)
    assert process.returncode == 0


# Disks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("megabytes", [0.1, 1.5])
def test_a_full_disk_while_loading(
    tmp_path: Path, articles: Path, loaded: Path, contents: Contents, megabytes: float
) -> None:
    path = tmp_path / "full.db"
    result = run("load", path, articles, file_size=int(megabytes * 1e6))
    assert result.returncode == 1
    message = error_of(result)
    assert message.startswith(f"{path}: ")
    assert "run the same command again" in message
    assert is_whole(path)
    assert run("load", path, articles).returncode == 0
    assert contents(path) == contents(loaded)
    assert faults(path) == []


COMMANDS = ["export", "stats", "vocabulary", "schema", "--help", "--version", "formats"]
WITHOUT_DATABASE = {"schema", "--help", "--version", "formats"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", COMMANDS)
def test_standard_output_on_a_full_disk(db_path: Path, small: Path, command: str) -> None:
    load_files(db_path, [small])
    database = [] if command in WITHOUT_DATABASE else [db_path]
    with open("/dev/full", "wb") as full:
        result = run(command, *database, stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 1
    assert "No space left on device" in error_of(result)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_goes_is_no_error(db_path: Path, small: Path, command: str) -> None:
    """As with ``newsgraph export news.db | head -1``."""
    load_files(db_path, [small])
    database = [] if command in WITHOUT_DATABASE else [db_path]
    reading, writing = os.pipe()
    os.close(reading)
    result = run(command, *database, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert result.returncode in (1, 141)
    assert [line for line in result.stderr.splitlines() if not line.startswith(b"Warning")] == []


def test_head_of_a_long_export(db_path: Path, small: Path) -> None:
    load_files(db_path, [small])
    process = start("export", db_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline().startswith(b"@")
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert b"Traceback" not in errors
    assert b"Exception" not in errors


@pytest.mark.skipif(POSIX and os.geteuid() == 0, reason="root may write to any directory")
def test_a_directory_that_cannot_be_written_to(tmp_path: Path, small: Path) -> None:
    directory = tmp_path / "locked"
    directory.mkdir()
    load_files(directory / "news.db", [small])
    os.chmod(directory / "news.db", 0o400)
    os.chmod(directory, 0o500)
    try:
        for name, message in [("news.db", "readonly"), ("new.db", "unable to open database file")]:
            result = run("load", directory / name, small)
            assert result.returncode == 1
            assert message in error_of(result)
        result = run("export", directory / "news.db", "-o", directory / "out.ttl")
        assert result.returncode == 1
        assert "Permission denied; nothing was written" in error_of(result)
        assert run("stats", directory / "news.db").returncode == 0
    finally:
        os.chmod(directory, 0o700)


# Exports ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out.ttl", "out.nt.gz"])
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)]
)
def test_an_interrupted_export_leaves_nothing_under_its_name(
    db_path: Path,
    tmp_path: Path,
    loaded: Path,
    name: str,
    number: signal.Signals,
    code: int,
) -> None:
    shutil.copy(loaded, db_path)
    directory = tmp_path / "out"
    directory.mkdir()
    target = directory / name
    for _ in range(5):
        process = start("export", db_path, "-o", target, stderr=subprocess.DEVNULL)
        wait_for(lambda process=process: any(directory.iterdir()) or process.poll() is not None)
        process.send_signal(number)
        if process.wait() == code:
            break
        # It was done before it was interrupted, as may be where others keep us waiting.
        target.unlink()
    assert process.returncode == code
    assert not target.exists()
    # A killed process cannot clear away.
    assert len(list(directory.iterdir())) == (number == signal.SIGKILL)


def test_an_interrupted_export_leaves_the_old_file(
    db_path: Path, tmp_path: Path, loaded: Path
) -> None:
    shutil.copy(loaded, db_path)
    target = tmp_path / "out.ttl"
    target.write_text("old")
    result = run("export", db_path, "-o", target, file_size=100_000)
    assert result.returncode == 1
    assert "nothing was written under this name" in error_of(result)
    assert target.read_text() == "old"
    assert list(tmp_path.glob(".out.ttl.*")) == []


def test_leftovers_are_cleared_away_when_they_are_old(
    db_path: Path, tmp_path: Path, small: Path
) -> None:
    load_files(db_path, [small])
    old, young, other = (tmp_path / f".{name}.tmp" for name in ("a.ttl.0", "a.ttl.1", "b.ttl.0"))
    for path in (old, young, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (0, 0))
    assert run("export", db_path, "-o", tmp_path / "a.ttl").returncode == 0
    assert [path.exists() for path in (old, young, other)] == [False, True, True]


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        ("no/out.ttl", 1, "No such file or directory; nothing was written under this name"),
        ("out.what", 2, "its ending is none of"),
        (".", 2, ""),
    ],
)
def test_an_export_that_cannot_be_written(
    db_path: Path, tmp_path: Path, small: Path, target: str, code: int, message: str
) -> None:
    load_files(db_path, [small])
    result = run("export", db_path, "-o", tmp_path / target)
    assert result.returncode == code
    assert message in error_of(result)


def test_a_compressed_export_tells_no_time(db_path: Path, tmp_path: Path, small: Path) -> None:
    load_files(db_path, [small])
    paths = [tmp_path / name for name in ("a.nt.gz", "b.nt.gz")]
    for path in paths:
        assert run("export", db_path, "-o", path).returncode == 0
    one, two = (path.read_bytes() for path in paths)
    assert one == two
    # Both may be of one second: here gzip has the time.
    assert one[4:8] == b"\0\0\0\0"
    assert run("export", db_path, "-f", "ntriples").stdout == gzip.decompress(one)


# The same everywhere ----------------------------------------------------------------------------

PLACES = [
    {"PYTHONHASHSEED": "0"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONHASHSEED": "3", "LC_ALL": "C", "TZ": "America/St_Johns", "PYTHONOPTIMIZE": "1"},
]


#: Loads and exports in one process: starting one takes longer than all of it.
SCRIPT = """
import sys
from datasette_newsgraph.cli import cli
path, db = sys.argv[1:]
cli.main(["load", db, path], standalone_mode=False)
for ending in ("ttl", "nt", "jsonld"):
    cli.main(["export", db, "-o", f"{db}.{ending}", "--with-text"], standalone_mode=False)
cli.main(["stats", db], standalone_mode=False)
"""


def test_the_same_whatever_the_hash_seed_locale_and_time_zone(
    tmp_path: Path, write: Write, generated: Generated, article: dict[str, Any], contents: Contents
) -> None:
    path = write("a.jsonl", article, *generated(30), '{"id": "broken é')
    results = []
    for number, place in enumerate(PLACES):
        db = tmp_path / f"{number}.db"
        command = [sys.executable, "-c", SCRIPT, path, db]
        result = subprocess.run(command, env=os.environ | place, capture_output=True, check=False)
        assert result.returncode == 0, result.stderr.decode()
        exports = [db.with_suffix(f".db.{each}").read_bytes() for each in ("ttl", "nt", "jsonld")]
        results.append((contents(db), exports, result.stdout))
    assert all(exports for exports in results[0][1])
    assert all(each == results[0] for each in results)
