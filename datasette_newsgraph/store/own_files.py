"""The files that SQLite has of a database, and what leads to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from datasette_newsgraph.store.opening import AnyDatabase


def own_files(database: AnyDatabase) -> tuple[str, ...]:
    """Return the names of the files that SQLite has of a database that is given by its name."""
    if not isinstance(database, (str, Path)):
        return ()
    return tuple(f"{database}{ending}" for ending in ("", "-journal", "-wal", "-shm"))


def leading_to(database: AnyDatabase, paths: Iterable[str | Path]) -> Iterator[str | Path]:
    """Yield the ``paths`` that lead to a file of the database, by whatever name."""
    own = own_files(database)
    real = {os.path.realpath(each) for each in own}
    there = {_identity(each) for each in own} - {None}
    for path in paths:
        # The second finds hard links, of files that are there.
        if os.path.realpath(path) in real or _identity(path) in there:
            yield path


def _identity(path: str | Path) -> tuple[int, int] | None:
    """Return what tells a file from all others, whatever it is called; None if it is not there."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
