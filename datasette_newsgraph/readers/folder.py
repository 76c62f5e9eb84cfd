"""A folder given as input, for formats that lay a document or a graph out in several files."""

from __future__ import annotations

import os
from pathlib import Path

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers.source import MAX_LINE_BYTES, Origin, hash_place, printable


class Folder(Origin):
    """A folder with all that is in it and in the folders below.

    ``names`` are its regular files by their path in it (``2021/a.txt``), sorted; hidden files and
    folders (``.git``) are left out.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        found = Path(path).resolve()
        super().__init__(printable(found.name), hash_place(found.parent))
        self.names = tuple(sorted(_files_below(self.path)))
        self._known = frozenset(self.names)

    def read(self, name: str, limit: int = MAX_LINE_BYTES) -> bytes:
        """Return the bytes of one of ``names``; raises InputError if it is not one, cannot be read, or
        is longer than ``limit`` bytes.
        """
        if name not in self._known:
            raise InputError(f"{self.path}: has no file {printable(name)}")
        try:
            with open(os.path.join(self.path, name), "rb") as file:
                data = file.read(limit + 1)
        except OSError as error:
            raise InputError(f"{self.path}: {printable(name)}: {error.strerror}") from error
        if len(data) > limit:
            raise InputError(f"{self.path}: {printable(name)} is longer than {limit >> 20} MiB")
        return data

    def head(self, size: int) -> bytes:
        """Return no bytes, as a folder has none of its own."""
        return b""

    def position(self) -> int:
        """Return 0: how much of a folder has been read is not told."""
        return 0

    def close(self) -> None:
        """Do nothing: no file stays open."""


def _files_below(path: str) -> list[str]:
    def broken(error: OSError) -> None:
        raise InputError(f"{path}: {error.strerror}; check the folder's name") from error

    found = []
    home = os.path.realpath(path)
    # Links to folders are not followed, so that there are no circles.
    for folder, below, files in os.walk(path, onerror=broken):
        below[:] = [each for each in below if not each.startswith(".")]
        for file in files:
            whole = os.path.join(folder, file)
            # A pipe or a device would be read for ever; a link may lead to what is nobody's business.
            is_inside = os.path.realpath(whole).startswith(os.path.join(home, ""))
            if not file.startswith(".") and is_inside and os.path.isfile(whole):
                found.append(os.path.relpath(whole, path).replace(os.sep, "/"))
    return found
