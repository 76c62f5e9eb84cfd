"""How a file is packed, by its first bytes: what is unpacked as it is read, and what is refused."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple, Protocol

from datasette_newsgraph.errors import InputError

#: So many bytes tell how a file is packed: a tar says so behind its first name.
HEAD = 512
#: So much is unpacked at once: of repetitions it may become a hundred megabytes, but not more.
_FED = 1 << 12
_BLOCK = 1 << 16
_UNPACK = "; unpack it and load the files in it"


class Unpacked(Protocol):
    """What is read of a file, packed or not."""

    def peek(self, size: int, /) -> bytes:
        """Return bytes that come next without going on."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, or fewer at the end."""

    def read1(self, size: int, /) -> bytes:
        """Return some bytes, none at the end."""

    def readline(self, size: int, /) -> bytes:
        """Return up to so many bytes of a line."""


class _Stream(io.RawIOBase):
    """The contents of the streams in a packed file, one behind the other.

    ``new`` makes what unpacks one: it has ``decompress``, ``eof`` and ``unused_data``, as those of bz2
    have. Raises EOFError where the file is damaged or breaks off, whatever ``new`` would raise.
    """

    def __init__(
        self, file: io.BufferedReader, new: Callable[[], Any], error: type[Exception]
    ) -> None:
        self._file, self._new, self._error = file, new, error
        self._open: Any = None
        self._packed = self._data = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._data:
            self._packed = self._packed or self._file.read1(_FED)
            if self._open is None:
                # Zeros fill up blocks, as of tapes.
                self._packed = self._packed.lstrip(b"\0") or self._file.read1(_FED).lstrip(b"\0")
            if not self._packed:
                if self._open is None:
                    return 0
                raise EOFError("it ends too early")
            self._unpack()
        part = self._data[: len(buffer)]
        self._data = self._data[len(part) :]
        buffer[: len(part)] = part
        return len(part)

    def _unpack(self) -> None:
        stream = self._open = self._open or self._new()
        packed, self._packed = self._packed, b""
        try:
            self._data = stream.decompress(packed)
        except self._error as error:
            raise EOFError(str(error)) from error
        if stream.eof:
            self._open, self._packed = None, stream.unused_data


def _gzip(file: io.BufferedReader, _: str) -> Unpacked:
    # Not behind a further buffer: that would drop the lines before a damage with it.
    return gzip.GzipFile(fileobj=file)


def _bzip2(file: io.BufferedReader, path: str) -> Unpacked:
    bz2 = _module(path, "bzip2", "bz2")
    return io.BufferedReader(_Stream(file, bz2.BZ2Decompressor, OSError), _BLOCK)


def _xz(file: io.BufferedReader, path: str) -> Unpacked:
    lzma = _module(path, "xz", "lzma")
    return io.BufferedReader(_Stream(file, lzma.LZMADecompressor, lzma.LZMAError), _BLOCK)


def _module(path: str, title: str, name: str) -> Any:
    # A Python may be built without them.
    try:
        return import_module(name)
    except ImportError as error:
        raise InputError(
            f"{path}: is packed with {title}, and this Python has no {name}; unpack it first"
        ) from error


def _zstd(file: io.BufferedReader, path: str) -> Unpacked:
    for name in ("compression.zstd", "zstandard"):
        try:
            found: Any = import_module(name)
        except ImportError:
            continue
        new = found.ZstdDecompressor
        if name == "zstandard":
            new = _objects(new)
        return io.BufferedReader(_Stream(file, new, found.ZstdError), _BLOCK)
    raise InputError(
        f"{path}: is packed with zstd, for which Python before 3.14 needs zstandard:"
        " pip install zstandard, or unpack it first (zstd -d)"
    )


def _objects(make: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: make().decompressobj()


class _Packing(NamedTuple):
    """``begins`` matches the first bytes; ``read`` unpacks the file, given the file and its name."""

    title: str
    begins: re.Pattern[bytes]
    read: Callable[[io.BufferedReader, str], Unpacked]


_PACKINGS = (
    _Packing("gzip", re.compile(rb"\x1f\x8b"), _gzip),
    _Packing("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17\x72\x45\x38\x50\x90)"), _bzip2),
    _Packing("xz", re.compile(rb"\xfd7zXZ\x00"), _xz),
    # The older form of xz: what was packed is less than a terabyte, or of unknown size.
    _Packing("xz", re.compile(rb"\x5d\x00\x00[\s\S]{2}(?:\xff{8}|[\s\S]{5}\x00{3})"), _xz),
    _Packing("zstd", re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), _zstd),
)
#: What is not unpacked, and what to do about it.
_REFUSED = (
    (re.compile(rb"[\s\S]{257}ustar"), f"a tar archive{_UNPACK} (tar -xf)"),
    (re.compile(rb"7z\xbc\xaf\x27\x1c"), f"a 7z archive{_UNPACK} (7z x)"),
    (re.compile(rb"Rar!\x1a\x07"), f"a RAR archive{_UNPACK}"),
    (re.compile(rb"\x04\x22\x4d\x18"), "packed with lz4; unpack it first (lz4 -d)"),
    (re.compile(rb"LZIP\x01"), "packed with lzip; unpack it first (lzip -d)"),
    (re.compile(rb"\x89LZO\x00"), "packed with lzop; unpack it first (lzop -d)"),
    (re.compile(rb"\xff\x06\x00\x00sNaPpY"), "packed with snappy; unpack it first"),
    (re.compile(rb"\x1f\x9d"), "packed with compress; unpack it first (uncompress)"),
)
_ZIP = re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)")
_ENDING = re.compile(r"\.(?:gz|bz2|xz|lzma|zst)\Z", re.IGNORECASE)
#: Unicode in units of several bytes: by a byte order mark, or as every other byte is none.
_WIDE = (
    ("UTF-32", re.compile(rb"\xff\xfe\x00\x00|\x00\x00\xfe\xff|[^\x00]\x00{3}[^\x00]\x00{3}")),
    ("UTF-16", re.compile(rb"\xff\xfe|\xfe\xff|(?:[^\x00]\x00){4}|(?:\x00[^\x00]){4}")),
)


def unpacked(file: io.BufferedReader, path: str) -> tuple[str, Unpacked]:
    """Return how a file is packed, by its first bytes, and what is to be read of it, unpacked; no name
    and the file itself if it is not packed.

    Raises InputError if what would unpack it is not installed.
    """
    head = file.peek(HEAD)[:HEAD]
    for packing in _PACKINGS:
        if packing.begins.match(head):
            return packing.title, packing.read(file, path)
    return "", file


def wide_encoding(head: bytes) -> str | None:
    """Return UTF-16 or UTF-32 if the first bytes of a file are of the one or the other."""
    return next((encoding for encoding, begins in _WIDE if begins.match(head)), None)


def refuse(head: bytes, path: str, *, zip_too: bool = False, wide_too: bool = True) -> None:
    """Raise InputError if the first bytes of a file, unpacked, are of an archive, packed in a way
    that is not unpacked, or UTF-16. Zip archives are told apart by who recognises formats: they may
    be workbooks or texts. UTF-16 is let through without ``wide_too``.
    """
    for begins, reason in _REFUSED:
        if begins.match(head):
            raise InputError(f"{path}: is {reason}")
    if zip_too and _ZIP.match(head):
        raise InputError(
            f"{path}: is a zip archive, or a workbook that is one{_UNPACK},"
            " or save each table in it as CSV (UTF-8)"
        )
    if wide_too and (encoding := wide_encoding(head)):
        raise InputError(
            f"{path}: is {encoding}; convert it to UTF-8 first (iconv -f {encoding} -t UTF-8)"
        )


def without_ending(name: str) -> str:
    """Return the name of a file without the ending that tells how it is packed."""
    return _ENDING.sub("", name)
