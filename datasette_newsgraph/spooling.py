"""Blocks that are made as fast as somebody takes them, or all at once where others cannot wait.

Who reads a database as slowly as somebody takes what he makes of it, may keep others from writing to it
for hours. Where one of those waits, the rest is made at once, and kept in a temporary file until it is
taken.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from tempfile import TemporaryFile
from typing import BinaryIO

#: Bytes that are packed together, as fast as can be: a graph's words come again and again.
_TOGETHER = 64 * 1024
_LEVEL = 1


def as_taken(
    blocks: Iterable[bytes], has_room: Callable[[], bool], hurries: Callable[[], bool]
) -> Iterator[bytes]:
    """Yield each block when there is room for it; ``has_room`` waits a little for that. While there is
    none and somebody ``hurries``, all that is left is made first.
    """
    rest = iter(blocks)
    is_made = False
    for block in rest:
        while not has_room():
            if not is_made and hurries():
                rest, is_made = made_at_once(chain([block], rest)), True
                break
        if is_made:
            break
        yield block
    yield from rest


def made_at_once(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Return the blocks, put together, all of which are made now. Where there is no room for all on the
    disk, the last ones are made when they are asked for. The errors of the blocks come through.
    """
    sizes: list[int] = []
    # Unbuffered: what does not fit is known at once.
    file: BinaryIO = TemporaryFile(buffering=0)  # noqa: SIM115 - closed when all is taken
    try:
        for block in _together(blocks):
            packed = zlib.compress(block, _LEVEL)
            try:
                is_whole = file.write(packed) == len(packed)
            except OSError:
                is_whole = False
            if not is_whole:
                return _kept(file, sizes, chain([block], blocks))
            sizes.append(len(packed))
    except BaseException:
        file.close()
        raise
    return _kept(file, sizes, blocks)


def _kept(file: BinaryIO, sizes: list[int], rest: Iterator[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        for size in sizes:
            yield zlib.decompress(file.read(size))
    yield from rest


def _together(blocks: Iterator[bytes]) -> Iterator[bytes]:
    gathered = bytearray()
    for block in blocks:
        gathered += block
        if len(gathered) >= _TOGETHER:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)
