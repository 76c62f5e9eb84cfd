"""Files that an export writes: whole or absent, compressed, with their rights."""

from __future__ import annotations

import gzip
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.rdf import FORMATS, Format
from datasette_newsgraph.whole_files import write
from tests.rdf.exported_graphs import newsgraph
from tests.rdf.rdf_tools import (
    export,
)

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "articles.jsonl"
ONE_ARTICLE = Path(__file__).parents[1] / "data" / "one_article.jsonl"

every_format = pytest.mark.parametrize("format_", FORMATS, ids=lambda each: each.name)


@every_format
def test_a_files_ending_names_the_format(one: Path, tmp_path: Path, format_: Format) -> None:
    output = tmp_path / f"graph{format_.ending}"
    assert newsgraph("export", one, "-o", output).exit_code == 0
    assert output.read_bytes() == export(one, format_)


@every_format
def test_a_compressed_file_holds_the_same(one: Path, tmp_path: Path, format_: Format) -> None:
    output = tmp_path / f"graph{format_.ending}.gz"
    assert newsgraph("export", one, "-o", output).exit_code == 0
    assert gzip.decompress(output.read_bytes()) == export(one, format_)


def test_a_compressed_file_is_the_same_under_another_name_and_at_another_time(
    one: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsgraph("export", one, "-o", tmp_path / "a.ttl.gz")
    monkeypatch.setattr("time.time", lambda: 2e9)
    newsgraph("export", one, "-o", tmp_path / "b.ttl.gz")
    assert (tmp_path / "a.ttl.gz").read_bytes() == (tmp_path / "b.ttl.gz").read_bytes()


@every_format
def test_a_format_that_is_named_comes_before_the_ending(
    one: Path, tmp_path: Path, format_: Format
) -> None:
    for output in ("graph.txt", "graph", "graph.ttl", "graph.nt"):
        assert newsgraph("export", one, "-f", format_.name, "-o", tmp_path / output).exit_code == 0
        assert (tmp_path / output).read_bytes() == export(one, format_)


@every_format
def test_standard_output(one: Path, format_: Format) -> None:
    result = newsgraph("export", one, "-f", format_.name)
    assert result.exit_code == 0
    assert result.stdout_bytes == export(one, format_)


def test_turtle_is_what_standard_output_gets_unless_told_otherwise(one: Path) -> None:
    assert newsgraph("export", one).stdout_bytes == export(one, FORMATS[0])


@pytest.mark.parametrize(
    "arguments",
    [("-f", "rdfa"), ("-o", "graph.txt"), ("-o", "graph"), ("-o", "graph.gz"), ("-o", "ttl")],
)
def test_an_unknown_format_is_wrong_usage_and_the_message_lists_them(
    one: Path, arguments: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(one.parent)
    result = newsgraph("export", one, *arguments)
    assert result.exit_code == 2
    assert all(format_.name in result.stderr for format_ in FORMATS)
    assert [each.name for each in one.parent.iterdir()] == ["one.db"]


@pytest.mark.parametrize("place", ["no/such/directory/graph.ttl", "one.db/graph.ttl", "taken.ttl"])
def test_a_place_that_cannot_be_written_is_one_line(one: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "taken.ttl").mkdir()
    result = newsgraph("export", one, "-o", tmp_path / place)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert place in result.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.db", "taken.ttl"]


@pytest.mark.parametrize("name", ["graph.ttl", "graph.ttl.gz", "gr[a]ph*.ttl"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_is_whole_or_absent(tmp_path: Path, name: str, error: BaseException) -> None:
    def blocks() -> Iterator[bytes]:
        yield b"half"
        raise error

    with pytest.raises((StoreError, KeyboardInterrupt)):
        write(blocks(), str(tmp_path / name))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["graph.nt", "graph.nt.gz"])
def test_a_disk_that_is_full_before_the_last_byte_leaves_no_file(tmp_path: Path, name: str) -> None:
    """The limit on a file's size stands for the disk: what is written up to it is written."""
    pytest.importorskip("resource")
    blocks = [os.urandom(1000), os.urandom(1000)]
    write(blocks, str(tmp_path / name))
    size = (tmp_path / name).stat().st_size
    (tmp_path / name).unlink()
    code = (
        "import resource, sys\n"
        "from datasette_newsgraph.errors import StoreError\n"
        "from datasette_newsgraph.whole_files import write\n"
        "limit = int(sys.argv[2])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        f"blocks = {blocks!r}\n"
        "try:\n"
        "    write(blocks, sys.argv[1])\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )
    for limit in (10, size // 2 + 100, size - 1):
        run = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name), str(limit)],
            capture_output=True,
            check=True,
            text=True,
        )
        assert "nothing was written under this name" in run.stdout
        assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    output = tmp_path / "graph.nt"
    output.write_bytes(b"before")

    def blocks() -> Iterator[bytes]:
        yield b"after"
        assert output.read_bytes() == b"before"
        yield b"wards"

    write(blocks(), str(output))
    assert output.read_bytes() == b"afterwards"


def test_leftovers_of_an_export_that_was_killed_are_cleared_away(tmp_path: Path) -> None:
    old, new = tmp_path / ".graph.nt.0000aaaa.tmp", tmp_path / ".graph.nt.0000bbbb.tmp"
    for each in (old, new):
        each.touch()
    os.utime(old, (0, 0))
    write([b"whole"], str(tmp_path / "graph.nt"))
    assert sorted(each.name for each in tmp_path.iterdir()) == [new.name, "graph.nt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_or_device_is_written_to_and_never_replaced(one: Path, tmp_path: Path) -> None:
    """As ``-o /dev/stdout`` and ``-o >(gzip)``; run by root, replacing breaks /dev/null."""
    pipe = tmp_path / "pipe.nt"
    os.mkfifo(pipe)
    # Open at both ends, so that neither side waits for the other for ever.
    holder = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    received: list[bytes] = []

    def read() -> None:
        os.set_blocking(holder, True)
        expected = len(export(one, FORMATS[0]))
        while sum(map(len, received)) < expected:
            received.append(os.read(holder, 65536))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    result = newsgraph("export", one, "-f", FORMATS[0].name, "-o", pipe)
    assert result.exit_code == 0
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    reader.join(5)
    os.close(holder)
    assert b"".join(received) == export(one, FORMATS[0])


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="open files have no names here")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("is_file", [True, False], ids=["file", "pipe"])
def test_what_is_open_already_is_written_to(
    one: Path, tmp_path: Path, name: str, is_file: bool
) -> None:
    if not Path(name).exists():
        pytest.skip("there is no such name here")
    command = [sys.executable, "-m", "datasette_newsgraph", "export", one, "-q"]
    command += ["-f", "ntriples", "-o", name]
    expected = export(one, next(each for each in FORMATS if each.name == "ntriples"))
    if is_file:
        output = tmp_path / "out.nt"
        with open(output, "wb") as file:
            file.write(b"# before\n")
            file.flush()
            subprocess.run(command, stdout=file, check=True)
            file.write(b"# after\n")
        # The two share one place in the file: what was written is behind what was there.
        assert output.read_bytes() == b"# before\n" + expected + b"# after\n"
    else:
        assert subprocess.run(command, capture_output=True, check=True).stdout == expected


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="open files have no names here")
def test_a_pipe_that_is_closed_early_is_no_complaint(one: Path) -> None:
    command = [sys.executable, "-m", "datasette_newsgraph", "export", one, "-q", "-f", "turtle"]
    reading, writing = os.pipe()
    os.close(reading)
    found = subprocess.run(
        [*command, "-o", f"/dev/fd/{writing}"], pass_fds=[writing], capture_output=True, check=False
    )
    os.close(writing)
    assert (found.returncode, found.stderr) == (1, b"")


@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o666, 0o400])
def test_a_file_keeps_its_rights(tmp_path: Path, mode: int) -> None:
    output, link = tmp_path / "graph.nt", tmp_path / "link.nt"
    output.touch()
    output.chmod(mode)
    link.symlink_to(output)

    def blocks() -> Iterator[bytes]:
        yield b"whole"
        # Nobody reads it beforehand who may not read it then.
        (temporary,) = tmp_path.glob(".*.tmp")
        assert stat.S_IMODE(temporary.stat().st_mode) == mode
        yield b"ness"

    for path in (output, link):
        write(blocks(), str(path))
        assert output.read_bytes() == b"wholeness"
        assert stat.S_IMODE(output.stat().st_mode) == mode
        assert link.is_symlink()


@pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")
def test_a_new_file_has_the_rights_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write([b"whole"], str(tmp_path / "graph.nt"))
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "graph.nt").stat().st_mode) == 0o640
