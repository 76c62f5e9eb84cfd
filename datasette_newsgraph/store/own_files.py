"""The files that SQLite has of a database, and what leads to them."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from datasette_newsgraph.store.journal import name_of
from datasette_newsgraph.store.opening import AnyDatabase

#: Has the number of each file that this process has open for a name.
_OPEN_HERE = "/dev/fd"


def own_files(database: AnyDatabase) -> tuple[str, ...]:
    """Return the names of the files that SQLite has of a database that is given by its name."""
    if not isinstance(database, (str, Path)):
        return ()
    return tuple(f"{database}{ending}" for ending in ("", "-journal", "-wal", "-shm"))


class File(NamedTuple):
    """A file by its name, and by what tells it from others that may take the name."""

    path: str
    identity: tuple[int, int]


def file_of(connection: sqlite3.Connection) -> File | None:
    """Return the file that a connection reads; None where it has none, as in memory, or where another
    file has taken its name.
    """
    path = name_of(connection)
    found = identity(path) if path else None
    return File(path, found) if found is not None and _is_open(found) else None


def _is_open(file: tuple[int, int]) -> bool:
    """Tell whether this process has a file open."""
    if not os.path.isdir(_OPEN_HERE):
        return True
    return file in map(identity, map(int, os.listdir(_OPEN_HERE)))


def leading_to(database: AnyDatabase, paths: Iterable[str | Path]) -> Iterator[str | Path]:
    """Yield the ``paths`` that lead to a file of the database, by whatever name."""
    own = own_files(database)
    real = {os.path.realpath(each) for each in own}
    there = {identity(each) for each in own} - {None}
    for path in paths:
        # The second finds hard links, of files that are there.
        if os.path.realpath(path) in real or identity(path) in there:
            yield path


def identity(path: str | Path | int) -> tuple[int, int] | None:
    """Return what tells a file from all others, whatever it is called; None if it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
