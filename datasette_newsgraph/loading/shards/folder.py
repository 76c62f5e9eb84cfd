"""The folder in which a load keeps its shards, beside the database, as long as it runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

try:
    import fcntl
except ImportError:  # Windows, where nobody can delete what another has open
    fcntl = None  # type: ignore[assignment]

_ENDING = "-shards-"


@contextmanager
def shard_folder(database: str | Path) -> Iterator[Path]:
    """Make a folder beside the database, and remove it with all that is in it."""
    path = Path(database)
    folder = Path(mkdtemp(prefix=f"{path.name}{_ENDING}", dir=path.absolute().parent))
    lock = _lock(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def remove_abandoned(database: str | Path) -> None:
    """Remove the folders of loads into this database that were killed."""
    path = Path(database).absolute()
    for folder in path.parent.glob(f"{_escaped(path.name)}{_ENDING}*"):
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _escaped(name: str) -> str:
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)


def _lock(folder: Path) -> int | None:
    """Lock a folder as long as this process lives; None if another process has it."""
    try:
        found = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        if fcntl is not None:
            fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(found)
        return None
    return found
