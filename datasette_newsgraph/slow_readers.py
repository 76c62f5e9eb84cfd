"""Write to a program that may stand still, as ``less`` does behind a pipe."""

from __future__ import annotations

import os
import select
import stat
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from datasette_newsgraph.spooling import as_taken

#: Milliseconds between two looks at who waits, while nothing is taken.
_PAUSE = 100


def may_stand_still(out: BinaryIO) -> bool:
    """Tell whether somebody reads what is written meanwhile, and it can be known if he takes it."""
    try:
        mode = os.fstat(out.fileno()).st_mode
    except OSError:
        # Python's own, which has no number: in memory.
        return False
    # Windows tells it of no pipe.
    return hasattr(select, "poll") and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode))


def write(out: BinaryIO, blocks: Iterable[bytes], hurries: Callable[[], bool]) -> None:
    """Write blocks as they are taken. While they are not, and somebody ``hurries``, all that is left is
    made first.
    """
    out.flush()
    writable = select.poll()
    writable.register(out.fileno(), select.POLLOUT)
    for piece in as_taken(_pieces(blocks), lambda: bool(writable.poll(_PAUSE)), hurries):
        out.write(piece)
        out.flush()


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    # So much is taken without waiting, if anything is.
    size = select.PIPE_BUF
    for block in blocks:
        for start in range(0, len(block), size):
            yield block[start : start + size]
