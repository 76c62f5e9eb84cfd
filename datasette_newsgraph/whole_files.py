"""Write a document to a file that is whole or absent, or to standard output."""

from __future__ import annotations

import glob
import gzip
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from datasette_newsgraph import terminal
from datasette_newsgraph.errors import StoreError

STANDARD_OUTPUT = "-"
#: Names of files that are open already, as a shell gives them: ``/dev/stdout``, ``>(gzip)``.
_OPEN_ALREADY = re.compile(r"/(?:dev|proc/self)/fd/([0-9]+)|/dev/std(?:out|err)")
_STANDARD = {"/dev/stdout": 1, "/dev/stderr": 2}
_STALE_SECONDS = 24 * 3600


def write(blocks: Iterable[bytes], path: str, *, hurries: Callable[[], bool] | None = None) -> None:
    """Write blocks to a file, gzipped if its name ends in ``.gz``, or to standard output (``-``).

    A file appears under its name when it is whole, with the rights of the one that it replaces; a link
    stays, and what it leads to is replaced. What an interrupted command left beside it is cleared away
    by a later one. A pipe, a device and a file that is open already (``/dev/stdout``) are written to.
    Where others wait for what the blocks are made of, ``hurries`` tells whether they do so now.
    Raises StoreError if the disk is full or the place not writable; BrokenPipeError where standard
    output or a pipe is closed early.
    """
    if path == STANDARD_OUTPUT:
        terminal.write(blocks, hurries)
        return
    # The first block tells of unknown keys and the like, before any file is made.
    iterator = iter(blocks)
    first = next(iterator, b"")
    is_whole = True
    try:
        taken = _opened_already(path)
        is_whole = taken is None
        with taken or _replacing(Path(path).resolve()) as file, _compressed(file, path) as out:
            terminal.write_to(out, chain([first], iterator), hurries)
    except BrokenPipeError:
        raise
    except OSError as error:
        absent = "; nothing was written under this name" if is_whole else ""
        raise StoreError(f"{path}: {error.strerror}{absent}") from error


def _opened_already(path: str) -> BinaryIO | None:
    """Open what is written to as it is: a device or a pipe, whose place no file must take, and what
    goes by the number under which it is open, which has no name that another file could take.
    """
    found = _OPEN_ALREADY.fullmatch(path)
    if found is not None:
        # Not opened by its name, which would begin a file anew that was written to before.
        return os.fdopen(os.dup(_STANDARD.get(path) or int(found[1])), "wb")
    target = Path(path)
    if target.exists() and not target.is_file():
        return open(target, "wb")
    return None


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file beside ``target`` that takes its place if the body succeeds."""
    with (
        whole_or_absent(target) as temporary,
        # Buffered: an unbuffered file may write a part of a block and not say so.
        open(temporary, "xb", opener=_opener_like(target)) as file,
    ):
        yield file
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def whole_or_absent(target: Path) -> Iterator[Path]:
    """Give the name of a file beside ``target`` that takes its place if the body succeeds, which makes
    it; else it is removed. What an interrupted command left there long ago is cleared away.
    """
    remove_stale(target)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        yield temporary
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise


def _opener_like(target: Path) -> Callable[[str, int], int]:
    """Return what opens a new file with the owner and the rights of the one that it will replace."""

    def open_like(path: str, flags: int) -> int:
        try:
            there = target.stat()
        except FileNotFoundError:
            return os.open(path, flags, 0o666)
        # Closed to others until it has the rights.
        descriptor = os.open(path, flags, 0o600)
        if hasattr(os, "fchown"):
            with suppress(PermissionError):
                os.fchown(descriptor, there.st_uid, there.st_gid)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, stat.S_IMODE(there.st_mode))
        return descriptor

    return open_like


def remove_stale(target: Path) -> None:
    """Remove what was left long ago beside ``target`` by what was to put a file or folder there."""
    for path in target.parent.glob(f".{glob.escape(target.name)}.*.tmp"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime <= _STALE_SECONDS:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()


@contextmanager
def _compressed(file: BinaryIO, path: str) -> Iterator[BinaryIO]:
    if not path.endswith(".gz"):
        yield file
        return
    # No name and no time inside: equal graphs are equal files.
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as out:
        yield cast(BinaryIO, out)
