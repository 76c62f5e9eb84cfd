"""Packed files: known by their first bytes whatever their names, and read as what is in them."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
import types
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from datasette_newsgraph.errors import DamagedInput, InputError
from datasette_newsgraph.loading.load import load_files
from datasette_newsgraph.readers.formats import Format
from datasette_newsgraph.readers.packing import without_ending
from datasette_newsgraph.readers.source import Source
from tests.readers.files_of_formats import every_format, write_example

Pack = Callable[[bytes], bytes]
#: A frame of a stand-in for zstd, which is not everywhere where we are tested: its magic, and zlib.
ZSTD = b"\x28\xb5\x2f\xfd"


class ToyFrame:
    """What zstandard and Python's own zstd unpack a frame with, for the stand-in."""

    def __init__(self) -> None:
        self._head = b""
        self._zlib = zlib.decompressobj()

    def decompress(self, data: bytes) -> bytes:
        if len(self._head) < len(ZSTD):
            self._head += data
            if len(self._head) < len(ZSTD):
                return b""
            if not self._head.startswith(ZSTD):
                raise ToyError("unknown frame descriptor")
            data = self._head[len(ZSTD) :]
        try:
            return self._zlib.decompress(data)
        except zlib.error as error:
            raise ToyError("corrupt") from error

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data


class ToyError(Exception):
    pass


@pytest.fixture(params=["compression.zstd", "zstandard"])
def zstd(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either of the modules that unpack zstd, as far as we call them."""
    module: Any = types.ModuleType(request.param)
    module.ZstdError = ToyError
    module.ZstdDecompressor = (
        ToyFrame
        if request.param == "compression.zstd"
        else lambda: types.SimpleNamespace(decompressobj=ToyFrame)
    )
    monkeypatch.setitem(sys.modules, "compression", types.ModuleType("compression"))
    for each in ("compression.zstd", "zstandard"):
        monkeypatch.setitem(sys.modules, each, module if each == request.param else None)


def zstd_frame(data: bytes) -> bytes:
    return ZSTD + zlib.compress(data)


def lzma_alone(data: bytes) -> bytes:
    return lzma.compress(data, format=lzma.FORMAT_ALONE)


PACKS: dict[str, Pack] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lzma_alone,
}
every_pack = pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)

RECORDS = [{"id": f"a{number}", "title": "é" * number} for number in range(2000)]
LINES = "".join(json.dumps(each) + "\n" for each in RECORDS).encode()


def read(path: Path) -> Iterator[bytes]:
    with closing(Source(path)) as source:
        for entry in source.lines():
            yield entry.raw


@every_pack
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.bin"])
def test_the_content_tells_and_not_the_name(tmp_path: Path, pack: Pack, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(pack(LINES))
    assert b"".join(line + b"\n" for line in read(path)) == LINES


@every_format
@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress], ids=["bzip2", "xz"])
def test_every_format_may_be_packed(
    format_: Format, pack: Pack, tmp_path: Path, db_path: Path
) -> None:
    if format_.takes_folders:
        pytest.skip("read from folders or pairs of files")
    path = write_example(format_, tmp_path)
    first = load_files(db_path, [path])
    packed = tmp_path / f"{path.name}.pack"
    packed.write_bytes(pack(path.read_bytes()))
    assert load_files(db_path, [packed]).unchanged == first.new > 0


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress], ids=["bzip2", "xz"])
def test_several_streams_are_one_file(tmp_path: Path, pack: Pack) -> None:
    path = tmp_path / "a"
    path.write_bytes(pack(b"one\n") + pack(b"") + pack(b"two\n") + b"\0" * 8)
    assert list(read(path)) == [b"one", b"two"]


@every_pack
def test_a_sidecar_may_be_packed(tmp_path: Path, db_path: Path, pack: Pack) -> None:
    path = tmp_path / "doccano.jsonl"
    path.write_text(json.dumps({"id": 1, "text": "Ana left.", "label": [[0, 3, "PER"]]}))
    articles = tmp_path / "articles"
    articles.write_bytes(pack(b"text,title\nAna left.,Ana\n"))
    summary = load_files(db_path, [path], articles=articles)
    assert (summary.new, summary.rows_missed) == (1, 0)


@pytest.mark.parametrize(
    ("pack", "name"), [(bz2.compress, "bzip2"), (lzma.compress, "xz"), (lzma_alone, "xz")]
)
@pytest.mark.parametrize("damage", ["cut off", "spoilt"])
def test_what_comes_before_a_damage_is_read(
    tmp_path: Path, pack: Pack, name: str, damage: str
) -> None:
    noise = b"".join(b"%x\n" % hash((seed, 7)) for seed in range(60_000))
    packed = pack(noise)
    half = len(packed) // 2
    path = tmp_path / "a.txt"
    path.write_bytes(
        packed[:half] + (b"" if damage == "cut off" else b"\xff" * 999 + packed[half:])
    )
    found: list[bytes] = []
    with pytest.raises(DamagedInput, match=rf"a\.txt: line \d+: the {name} stream is damaged \("):
        found.extend(iter_into(found, read(path)))
    # What is spoilt may be unpacked to something else before its checksum tells.
    whole = found if damage == "cut off" else found[:1]
    assert noise.startswith(b"".join(line + b"\n" for line in whole))
    assert found or pack is bz2.compress


def iter_into(found: list[bytes], lines: Iterator[bytes]) -> Iterator[bytes]:
    """Note the lines as they come, as an error follows."""
    for line in lines:
        found.append(line)
    return iter(())


# zstd -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("zstd")
def test_zstd_is_read_where_python_can(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(zstd_frame(LINES) + zstd_frame(b"two\n"))
    assert b"".join(line + b"\n" for line in read(path)) == LINES + b"two\n"


@pytest.mark.usefixtures("zstd")
@pytest.mark.parametrize("behind", [b"", b"more"], ids=["cut off", "spoilt"])
def test_zstd_that_is_damaged(tmp_path: Path, behind: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(zstd_frame(b"one\n") + (ZSTD + behind if not behind else behind * 9))
    with pytest.raises(DamagedInput, match=r"a\.jsonl: line 2: the zstd stream is damaged"):
        list(read(path))


def test_zstd_where_python_cannot_says_what_to_do(
    tmp_path: Path, db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in ("compression", "compression.zstd", "zstandard"):
        monkeypatch.setitem(sys.modules, each, None)
    path = tmp_path / "a.jsonl.zst"
    path.write_bytes(zstd_frame(LINES))
    with pytest.raises(InputError, match=r"a\.jsonl\.zst: is packed with zstd.*pip install zstand"):
        load_files(db_path, [path])


@pytest.mark.parametrize(("name", "pack"), [("bz2", bz2.compress), ("lzma", lzma.compress)])
def test_a_python_built_without_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, pack: Pack
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    path = tmp_path / "a.jsonl"
    path.write_bytes(pack(LINES))
    with pytest.raises(InputError, match=rf"this Python has no {name}; unpack it first"):
        Source(path)


# What is not unpacked -----------------------------------------------------------------------------


def tar(data: bytes) -> bytes:
    import tarfile

    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("a.jsonl")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.jsonl", data)
    return file.getvalue()


ARCHIVES: dict[str, tuple[bytes, str]] = {
    "tar": (tar(LINES), "is a tar archive; unpack it and load the files in it"),
    "tar.gz": (gzip.compress(tar(LINES)), "is a tar archive"),
    "tar.xz": (lzma.compress(tar(LINES)), "is a tar archive"),
    "zip": (zipped(LINES), "is a zip archive, or a workbook that is one"),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4" + LINES, "is a 7z archive"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + LINES, "is a RAR archive"),
    "lz4": (b"\x04\x22\x4d\x18" + LINES, "is packed with lz4"),
    "Z": (b"\x1f\x9d\x90" + LINES, "is packed with compress"),
}


@pytest.mark.parametrize("way", ["recognised", "named", "sidecar"])
@pytest.mark.parametrize("ending", ARCHIVES)
def test_an_archive_is_named(tmp_path: Path, db_path: Path, ending: str, way: str) -> None:
    data, reason = ARCHIVES[ending]
    path = tmp_path / f"a.{ending}"
    path.write_bytes(data)
    record = tmp_path / "a.jsonl"
    record.write_bytes(LINES)
    ways: dict[str, dict[str, Any]] = {
        "recognised": {"paths": [path]},
        "named": {"paths": [path], "format_name": "conll"},
        "sidecar": {"paths": [record], "articles": path},
    }
    with pytest.raises(InputError) as error:
        load_files(db_path, **ways[way])
    assert str(error.value).startswith(f"{path}: {reason}")
    assert not db_path.exists()


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-le", "UTF-32"),
    ],
)
def test_other_unicode_is_named_with_the_remedy(tmp_path: Path, encoding: str, named: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("subject,predicate,object\n".encode(encoding))
    with pytest.raises(InputError, match=rf"a\.csv: is {named}; .*iconv -f {named} -t UTF-8"):
        Source(path)


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("a.jsonl.gz", "a.jsonl"),
        ("a.csv.bz2", "a.csv"),
        ("a.XZ", "a"),
        ("a.zst", "a"),
        ("a.jsonl", "a.jsonl"),
        ("gz", "gz"),
    ],
)
def test_the_ending_of_a_packed_file(name: str, without: str) -> None:
    assert without_ending(name) == without


def test_text_is_never_taken_for_a_packed_file(tmp_path: Path) -> None:
    for text in ("BZh9 is a magic\n", "7z\n", "]\n", "P[*M\n", "Rar! Rar!\n", "ustar" * 99, "PK\n"):
        path = tmp_path / "a.txt"
        path.write_text(text)
        assert list(read(path)) == [text.rstrip("\n").encode()]
