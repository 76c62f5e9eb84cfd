"""How much memory a process that answers questions may take.

Linux holds it to that, by RLIMIT_DATA, which counts what a process has for itself alone. macOS knows
that limit, and holds nothing to it; Windows has none. There the limits of time and rows are all.
"""

from __future__ import annotations

import errno
import sqlite3
import sys

HAS_LIMIT = sys.platform == "linux"
if HAS_LIMIT:
    import resource

_MEGABYTE = 1 << 20
#: Times the memory that each file may have into which SQLite puts what it sorts.
_FILES = 4


def limit(megabytes: int) -> None:
    """Hold this process to so many megabytes, where the system can."""
    if not HAS_LIMIT:
        return
    for kind, number in ((resource.RLIMIT_DATA, 1), (resource.RLIMIT_FSIZE, _FILES)):
        _, most = resource.getrlimit(kind)
        wanted = megabytes * _MEGABYTE * number
        # Whoever has started the server may have set a lower one.
        allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(kind, (allowed, most))


def is_worn(megabytes: int) -> bool:
    """Tell whether this process has taken so much at some time that the next question would have to do
    with much less.
    """
    if not HAS_LIMIT:
        return False
    return _most_kb() > megabytes * 1024 / 2


def _most_kb() -> int:
    """Return the most memory that this process has had: what ``getrusage`` says of it is that of the
    process that started it, where this one had more.
    """
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def is_short(error: BaseException | None) -> bool:
    """Tell whether an error comes of too little memory, or too little room for what is sorted."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        if isinstance(error, OSError) and error.errno in (errno.EFBIG, errno.ENOMEM):
            return True
        if isinstance(error, sqlite3.OperationalError) and _is_full(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_full(words: str) -> bool:
    return any(each in words for each in ("out of memory", "is full", "disk I/O"))
