"""A folder given as input, for formats that lay a document or a graph out in several files."""

from __future__ import annotations

import os
from pathlib import Path

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.delimited import stated_line
from datasette_newsgraph.readers.limits import DEFAULT, Limit
from datasette_newsgraph.readers.source import Origin, hash_place
from datasette_newsgraph.wording import printable

#: So many files of a folder are looked at to tell what it is, and so much of each.
_LOOKED_AT = 50
_LONGEST_LINE = 1 << 14


class Folder(Origin):
    """A folder with all that is in it and in the folders below.

    ``names`` are its regular files by their path in it (``2021/a.txt``), sorted. Hidden files and
    folders (``.git``) are not among them, nor what is ``left_out``: links that lead out of the folder,
    pipes, devices.
    """

    def __init__(self, path: str | Path, limit: Limit = DEFAULT) -> None:
        self.path = str(path)
        self.limit = limit
        found = Path(path).resolve()
        super().__init__(printable(found.name), hash_place(found.parent))
        names, left_out = _files_below(self.path)
        self.names, self.left_out = tuple(names), tuple(left_out)
        self._known = frozenset(self.names)

    def read(self, name: str, *, is_whole: bool = False) -> bytes:
        """Return the bytes of one of ``names``; raises InputError if it is not one, cannot be read, or
        is over the limit of an article, or with ``is_whole`` of what is held whole.
        """
        limit = self.limit.whole if is_whole else self.limit.article
        if name not in self._known:
            raise InputError(f"{self.path}: has no file {printable(name)}")
        data = self._bytes_of(name, limit)
        if len(data) > limit:
            place = f"{self.path}: {printable(name)}"
            if is_whole:
                raise self.limit.too_large(place)
            raise InputError(self.limit.too_long(place))
        return data

    def _bytes_of(self, name: str, most: int) -> bytes:
        """Return the bytes of a file, at most one more than ``most``."""
        try:
            with open(os.path.join(self.path, name), "rb") as file:
                return file.read(most + 1)
        except OSError as error:
            raise InputError(f"{self.path}: {printable(name)}: {error.strerror}") from error

    def first_lines(self, endings: tuple[str, ...]) -> tuple[str, ...]:
        """Return the first lines of the first files with these endings, as far as they can be read."""
        found = []
        for name in [each for each in self.names if each.endswith(endings)][:_LOOKED_AT]:
            try:
                with open(os.path.join(self.path, name), "rb") as file:
                    line = file.readline(_LONGEST_LINE)
                    if stated_line(line.decode("utf-8", "replace")):
                        line = file.readline(_LONGEST_LINE)
            except OSError:
                # Told when all of it is read.
                continue
            found.append(line.decode("utf-8-sig", "replace").rstrip("\r\n"))
        return tuple(found)

    def head(self, size: int) -> bytes:
        """Return no bytes, as a folder has none of its own."""
        return b""

    def position(self) -> int:
        """Return 0: how much of a folder has been read is not told."""
        return 0

    def rest(self) -> None:
        """Do nothing: no file stays open."""

    def begin(self) -> None:
        """Do nothing: each file is opened when it is read."""

    def close(self) -> None:
        """Do nothing: no file stays open."""


def is_inside(name: str | Path, folder: str | Path) -> bool:
    """Tell whether what a name stands for, links followed, is in a folder or one below it.

    A link may lead to what is nobody's business.
    """
    return _ended(name).startswith(_ended(folder))


def _ended(path: str | Path) -> str:
    return os.path.join(os.path.realpath(path), "")


def _files_below(path: str) -> tuple[list[str], list[str]]:
    """Return the files in a folder that are read, and what is left out, both sorted."""

    def broken(error: OSError) -> None:
        if error.filename != path:
            # One of the folders below, which does not keep from the others.
            unread.append(str(error.filename))
            return
        raise InputError(f"{path}: {error.strerror}; check the folder's name") from error

    found: list[str] = []
    left_out: list[str] = []
    unread: list[str] = []
    # Links to folders are not followed, so that there are no circles.
    for folder, below, files in os.walk(path, onerror=broken):
        below[:] = [each for each in below if not each.startswith(".")]
        left_out += (os.path.join(folder, each) for each in below)
        for name in files:
            if not name.startswith("."):
                whole = os.path.join(folder, name)
                # A pipe or a device would be read for ever.
                is_read = os.path.isfile(whole) and is_inside(whole, path)
                (found if is_read else left_out).append(whole)
    left_out = [each for each in left_out if not (os.path.isdir(each) and is_inside(each, path))]
    left_out += unread
    return _within(path, found), _within(path, left_out)


def _within(path: str, names: list[str]) -> list[str]:
    return sorted(os.path.relpath(each, path).replace(os.sep, "/") for each in names)
