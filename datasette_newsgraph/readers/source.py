"""Open an input file, packed or not, or standard input, and cut it into lines that can be resumed."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from datasette_newsgraph.errors import DamagedInput, InputError
from datasette_newsgraph.readers import packing
from datasette_newsgraph.readers.limits import DEFAULT, KEPT, Limit
from datasette_newsgraph.wording import printable

STANDARD_INPUT = "-"

_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Entry:
    """One record as it lies in the file: ``raw`` is its bytes, ``line`` its line or, in an array, its
    number, from 1.

    ``end`` is the offset behind it in the decompressed bytes, and ``digest`` the SHA-256 of all up
    to there, so that a load can go on from it; both are None where that is not possible.
    ``fault`` says why the record cannot be read at all, ``repeats`` how many further records of the
    file say the same as one that is in it.
    """

    line: int
    raw: bytes
    end: int | None = None
    digest: str | None = None
    fault: str | None = None
    repeats: int = 0


def hash_place(folder: Path) -> str:
    """Return what tells a folder from others without naming it."""
    return hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]


@dataclass
class Origin:
    """Where records come from.

    ``name`` and ``place`` tell a source from others: the base name of a file, and a hash of its
    folder, as files of one name in two folders are two. ``size`` is in bytes, None if not known;
    ``resumed_line`` is the last line that was passed over as loaded before; ``sha256`` of the
    decompressed bytes is known when all is read.
    """

    name: str
    place: str = ""
    size: int | None = None
    resumed_line: int = 0
    sha256: str | None = None
    #: Whose annotations are read, where several people have annotated one document.
    annotator: str | None = None


class _ReadAhead(io.RawIOBase):
    """What was read of a pipe, and then the rest of it."""

    def __init__(self, data: bytes, rest: packing.Unpacked) -> None:
        self._data = data
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._data:
            self._data = self._rest.read1(len(buffer))
        part = self._data[: len(buffer)]
        self._data = self._data[len(part) :]
        buffer[: len(part)] = part
        return len(part)


class Source(Origin):
    """One input file, by its base name, or standard input by ``-``. With ``may_be_wide`` it may be
    UTF-16, which is told otherwise.
    """

    def __init__(
        self, path: str | Path, limit: Limit = DEFAULT, *, may_be_wide: bool = False
    ) -> None:
        self.path = str(path)
        self.limit = limit
        self.is_stdin = self.path == STANDARD_INPUT
        self._file = self._open()
        # What broke when the first bytes were looked at; reading lines tells it.
        self._damage: Exception | None = None
        try:
            if self.is_stdin:
                super().__init__(STANDARD_INPUT)
            else:
                found = Path(path).resolve()
                size = found.stat().st_size if found.is_file() else None
                super().__init__(printable(Path(path).name), hash_place(found.parent), size)
            self.bytes = self._decompressed()
            packing.refuse(self.head(packing.HEAD), self.path, wide_too=not may_be_wide)
        except OSError as error:
            self.close()
            raise InputError(f"{self.path}: {error.strerror}") from error
        except BaseException:
            self.close()
            raise

    def _open(self) -> io.BufferedReader:
        if self.is_stdin:
            return cast(io.BufferedReader, sys.stdin.buffer)
        try:
            return io.BufferedReader(io.FileIO(self.path), _BLOCK)
        except OSError as error:
            raise InputError(f"{self.path}: {error.strerror}; check the file's name") from error

    def _decompressed(self) -> packing.Unpacked:
        try:
            self.packing, found = packing.unpacked(self._file, self.path)
        except OSError as error:
            raise InputError(f"{self.path}: {error.strerror}") from error
        return found

    def head(self, size: int) -> bytes:
        """Return up to ``size`` of the bytes that come next, and leave them to be read."""
        try:
            return self.bytes.peek(size)[:size]
        except (EOFError, zlib.error, OSError) as error:
            self._damage = error
            return b""

    def sample(self, size: int, *, to_line_end: bool = False) -> tuple[bytes, bool]:
        """Return up to ``size`` bytes from the beginning, without a BOM, and whether they are all
        there are; they are left to be read.

        With ``to_line_end`` a pipe is not waited for longer than to the end of its first line.
        """
        data = bytearray()
        is_whole = True
        try:
            while block := self.bytes.read1(_BLOCK):
                data += block
                is_line = to_line_end and not self._is_seekable and b"\n" in block
                if len(data) >= size or is_line:
                    is_whole = False
                    break
        except (EOFError, zlib.error, OSError):
            # Told with its line when the records are read.
            pass
        if self._is_seekable:
            self.rewind()
        else:
            self.bytes = io.BufferedReader(_ReadAhead(bytes(data), self.bytes), _BLOCK)
        return bytes(data[:size]).removeprefix(_BOM), is_whole

    def position(self) -> int:
        """Return how many bytes of the file itself (not decompressed) have been read: all of them when
        it is closed.
        """
        if self._file.closed:
            return self.size or 0
        return self._file.tell() if self._is_seekable else 0

    @property
    def _is_seekable(self) -> bool:
        return not self.is_stdin and self._file.seekable()

    def rewind(self) -> None:
        """Start again from the first byte."""
        self._file.seek(0)
        self.bytes = self._decompressed()

    def rest(self) -> None:
        """Close the file until ``begin``, so that thousands can wait for their turn; what cannot be
        read twice stays open.
        """
        if self._is_seekable:
            self.close()

    def begin(self) -> None:
        """Open the file again after a rest; raises InputError if it is gone."""
        if self._file.closed:
            self._file = self._open()
            self.bytes = self._decompressed()

    def close(self) -> None:
        """Close the file, but never standard input."""
        if not self.is_stdin:
            self._file.close()

    def lines(
        self, resume: tuple[int, int, str] | None = None, *, as_they_are: bool = False
    ) -> Iterator[Entry]:
        """Yield every line that is not blank, split at LF only, a final CR and a BOM before it taken
        away. A line over the limit is a fault.

        With ``as_they_are`` nothing is taken away but LF and the BOM of the file, and blank lines are
        lines; a load cannot go on from them.

        ``resume`` is (line, offset, digest) of the last entry taken before: if the bytes up to there
        are the same as then, the lines follow from there, else all of them.
        Raises DamagedInput where a gzip stream breaks off, behind the last whole line.
        """
        number, offset, digest = 0, 0, hashlib.sha256()
        if resume is not None and self._is_seekable:
            found = self._skip_to(resume[1])
            if found.hexdigest() == resume[2]:
                number, offset, digest = resume[0], resume[1], found
                self.resumed_line = number
            else:
                self.rewind()
        try:
            if self._damage is not None:
                raise self._damage
            most = self.limit.article
            while raw := self.bytes.readline(most + 1):
                number += 1
                offset += len(raw)
                digest.update(raw)
                fault = None
                if len(raw) > most and not raw.endswith(b"\n"):
                    fault = self.limit.too_long("the line")
                    for rest in iter(lambda: self.bytes.readline(_BLOCK), b""):
                        offset += len(rest)
                        digest.update(rest)
                        if rest.endswith(b"\n"):
                            break
                    raw = raw[:KEPT]
                if as_they_are:
                    raw = raw if number > 1 else raw.removeprefix(_BOM)
                    yield Entry(number, raw.removesuffix(b"\n"), fault=fault)
                    continue
                # Files that were put one behind the other may each begin with one.
                raw = raw.removeprefix(_BOM)
                raw = raw.rstrip(b"\r\n")
                if raw and not raw.isspace():
                    yield Entry(number, raw, offset, digest.hexdigest(), fault)
            self.sha256 = digest.hexdigest()
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DamagedInput(
                f"{self.path}: line {number + 1}: the {self.packing} stream is damaged ({error});"
                " the lines before it were read: get the file again and load it again"
            ) from error
        except OSError as error:
            raise DamagedInput(f"{self.path}: line {number + 1}: {error.strerror}") from error

    def _skip_to(self, offset: int) -> hashlib._Hash:
        digest = hashlib.sha256()
        try:
            while offset > 0 and (block := self.bytes.read(min(offset, _BLOCK))):
                digest.update(block)
                offset -= len(block)
        except (EOFError, zlib.error, OSError):
            return hashlib.sha256()
        return digest
