"""A zip archive read as if it were the folder that it unpacks to, without anything being written.

What an archive says of itself is not believed: a file is unpacked up to the limit and no further. One
that leads out of its folder, holds links or is encrypted is refused as a whole.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.limits import DEFAULT, OPTION, Limit, described
from datasette_newsgraph.readers.source import Origin, hash_place
from datasette_newsgraph.wording import printable

BEGINS = b"PK\x03\x04"
_UNPACK = "unpack it and load the folder"
#: More files than that nobody exports, and their names alone would take a hundred megabytes.
MAX_FILES = 100_000
#: All files together, unpacked, may be so many times the limit of an article,
_ALL_TOGETHER = 256
#: and so many times the archive, which annotations never are. A small archive may be: it does no harm.
_MAX_RATIO = 200
_SMALL = 64 << 20
_ENCRYPTED = 0x1
_HIDDEN = re.compile(r"(?:^|/)(?:\.|__MACOSX/)")
_OUTSIDE = re.compile(r"\A(?:/|[A-Za-z]:)|(?:\A|/)\.\.(?:/|\Z)")
_END, _END64_AT, _END64 = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
#: The record at the end of an archive stands within so many bytes, with its comment.
_TAIL = (1 << 16) + 22 + 20


class Zipped:
    """The files in an archive by their names, ``place`` what it is called in errors. Raises InputError
    for what is none, or has too many files.
    """

    def __init__(self, file: IO[bytes], place: str, limit: Limit) -> None:
        self._place, self._limit = place, limit
        count = _count(file)
        if count > MAX_FILES:
            raise InputError(
                f"{place}: says that it has {count:,} files, more than {MAX_FILES:,}; {_UNPACK}"
            )
        self._file = file
        try:
            self._archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise InputError(
                f"{place}: is a damaged zip archive ({printable(str(error))}); get the file again"
            ) from error
        given = [each for each in self._archive.infolist() if not each.is_dir()]
        self._files = {each.filename.replace("\\", "/"): each for each in given}
        self.names = tuple(sorted(name for name in self._files if not _HIDDEN.search(name)))

    def check(self, size: int) -> None:
        """Raise InputError for an archive of ``size`` bytes that is not to be read, and say why."""
        unpacked = 0
        for name, each in self._files.items():
            shown = printable(name[:100])
            if _OUTSIDE.search(name):
                raise self._refusal(f"has a file that leads out of it ({shown}); do not unpack it")
            if stat.S_ISLNK(each.external_attr >> 16):
                raise self._refusal(f"has a link in it ({shown}); {_UNPACK}, if you trust it")
            if each.flag_bits & _ENCRYPTED:
                raise self._refusal(f"is encrypted; {_UNPACK} (unzip asks for the password)")
            unpacked += each.file_size
        most = _ALL_TOGETHER * self._limit.article
        if unpacked > most:
            raise self._refusal(
                f"unpacks to more than {described(most)}; raise {OPTION} to load it"
            )
        if unpacked > max(_SMALL, _MAX_RATIO * size):
            raise self._refusal(
                f"unpacks to more than {_MAX_RATIO} times its size, as if it were made to do harm;"
                f" {_UNPACK}, if you trust it"
            )

    def _refusal(self, reason: str) -> InputError:
        return InputError(f"{self._place}: {reason}")

    def read(self, name: str, most: int) -> bytes:
        """Return the bytes of a file, at most one more than ``most``; raises InputError."""
        try:
            with self._archive.open(self._files[name]) as file:
                return file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise self._refusal(
                f"{printable(name)} cannot be unpacked ({printable(str(error))}); get the file again"
            ) from error
        except (NotImplementedError, RuntimeError) as error:
            # Another way of packing, or a password.
            raise self._refusal(
                f"{printable(name)} cannot be unpacked ({printable(str(error))}); {_UNPACK}"
            ) from error

    def close(self) -> None:
        """Let go of the archive."""
        self._archive.close()
        self._file.close()


class Archive(Folder):
    """A zip archive as a folder, whose files it has for ``names``."""

    def __init__(self, path: str | Path, limit: Limit = DEFAULT) -> None:
        found = Path(path).resolve()
        Origin.__init__(
            self, printable(Path(path).name), hash_place(found.parent), found.stat().st_size
        )
        self.path, self.limit = str(path), limit
        self._zipped: Zipped | None = self._opened()
        self.names, self.left_out = self._zipped.names, ()
        self._known = frozenset(self.names)

    def _opened(self) -> Zipped:
        try:
            file = io.BufferedReader(io.FileIO(self.path))
        except OSError as error:
            raise InputError(f"{self.path}: {error.strerror}") from error
        try:
            return Zipped(file, self.path, self.limit)
        except BaseException:
            file.close()
            raise

    def check(self) -> None:
        """Raise InputError for an archive that is not to be read."""
        self._open().check(self.size or 0)

    def _open(self) -> Zipped:
        self._zipped = self._zipped or self._opened()
        return self._zipped

    def _bytes_of(self, name: str, most: int) -> bytes:
        return self._open().read(name, most)

    def rest(self) -> None:
        """Close the archive until it is read, so that thousands can wait for their turn."""
        self.close()

    def close(self) -> None:
        """Close the archive."""
        if self._zipped is not None:
            self._zipped.close()
            self._zipped = None


def inner(data: bytes, place: str, limit: Limit) -> Zipped:
    """Return an archive that lies in another one or in a folder; raises InputError."""
    found = Zipped(io.BytesIO(data), place, limit)
    found.check(len(data))
    return found


def _count(file: IO[bytes]) -> int:
    """Return how many files an archive says it has, before all their names are read; 0 if it says
    nothing.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    place = tail.rfind(_END)
    if place < 0 or len(tail) < place + 22:
        return 0
    (count, length) = struct.unpack_from("<HL", tail, place + 10)
    # Each has at least 46 bytes, however many it says that there are.
    count = max(count, length // 1000)
    if tail[max(0, place - 20) : place].startswith(_END64_AT):
        (begin,) = struct.unpack_from("<Q", tail, place - 12)
        file.seek(min(begin, size))
        record = file.read(56)
        if record.startswith(_END64) and len(record) == 56:
            (count,) = struct.unpack_from("<Q", record, 32)
            (length,) = struct.unpack_from("<Q", record, 40)
            count = max(count, length // 1000)
    file.seek(0)
    return int(count)
