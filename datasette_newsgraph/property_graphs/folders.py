"""Write a folder of files that is whole or absent, as a file is."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from datasette_newsgraph.errors import StoreError, UsageError
from datasette_newsgraph.whole_files import remove_stale


def write_folder(
    files: Iterable[tuple[str, Iterable[bytes]]], path: str, names: Collection[str]
) -> None:
    """Write files to a folder, which appears under its name when all of them are whole.

    A folder that is there is replaced if it holds files of these ``names`` only, or nothing. What an
    interrupted command left beside it long ago is cleared away. Raises
    UsageError for one that holds others, and for a file; StoreError if the disk is full or the place
    not writable.
    """
    target = Path(path).resolve()
    if target.exists() and not target.is_dir():
        raise UsageError(f"-o {path} is a file; name a folder")
    _require_ours(target, names, path)
    remove_stale(target)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        try:
            _fill(temporary, files)
            _replace(target, temporary)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"{path}: {error.strerror}; nothing was written under this name"
        ) from error


def _fill(folder: Path, files: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    """Write files to a new folder, which is made when the first of them begins."""
    for name, blocks in files:
        iterator: Iterator[bytes] = iter(blocks)
        # The first block tells of what is wrong before anything is made.
        first = next(iterator, b"")
        folder.mkdir(exist_ok=True)
        with open(folder / name, "xb") as out:
            out.write(first)
            out.writelines(iterator)
            out.flush()
            os.fsync(out.fileno())


def _require_ours(target: Path, names: Collection[str], path: str) -> None:
    if target.exists():
        others = sorted({each.name for each in target.iterdir()} - set(names))
        if others:
            raise UsageError(
                f"-o {path} is a folder with other files in it ({others[0]}); name a new folder"
            )


def _replace(target: Path, made: Path) -> None:
    if not target.exists():
        os.rename(made, target)
        return
    old = target.with_name(f"{made.name}.old")
    os.rename(target, old)
    try:
        os.rename(made, target)
    except OSError:
        os.rename(old, target)
        raise
    shutil.rmtree(old, ignore_errors=True)
