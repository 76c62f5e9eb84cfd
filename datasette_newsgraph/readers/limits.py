"""How much of a file is held at once, whatever it says: the limit that ``--max-article`` sets.

A packed file of 200 kB may hold one value of 200 MB. What is over the limit is rejected with the name
of the option, and the rest of the file is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from datasette_newsgraph.errors import InputError, UsageError

#: The option of the command line, which messages name.
OPTION = "--max-article"
#: The bytes of one article, unpacked: a line, a JSON value, a document of columns, a text, a table.
MAX_ARTICLE = 64 << 20
#: A file whose articles are told apart only when all of it has been read may be so many times longer.
_ARTICLES_HELD = 4
#: What Python takes for a string or bytes object and a place in a list, besides what is in it.
OBJECT = 64
#: How much is kept of what is over the limit, to be shown.
KEPT = 4096

_SIZE = re.compile(r"(\d{1,15})\s*([KMGT]?)(?:i?B)?", re.IGNORECASE | re.ASCII)
_POWERS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}


@dataclass(frozen=True)
class Limit:
    """``article`` is the most bytes of one article."""

    article: int = MAX_ARTICLE

    @property
    def whole(self) -> int:
        """The most bytes of a file whose articles are told apart only at its end."""
        return _ARTICLES_HELD * self.article

    def too_long(self, what: str) -> str:
        """Say that ``what`` is over the limit of an article, and what to do about it."""
        return f"{what} is longer than {described(self.article)}; raise {OPTION} to load it"

    def too_large(self, path: str) -> InputError:
        """Return the error that a file held as a whole is over its limit."""
        return InputError(
            f"{path}: is larger than {described(self.whole)}, and a file of this format is held as a"
            f" whole; split it into smaller ones, or raise {OPTION} to a quarter of its size"
        )


DEFAULT = Limit()


class Held:
    """Counts what is held of a file whose articles may go on anywhere in it."""

    def __init__(self, path: str, limit: Limit) -> None:
        self._path, self._limit, self._size = path, limit, 0

    def add(self, size: int) -> None:
        """Count so many bytes and the object of them; raises InputError over the limit."""
        self._size += size + OBJECT
        if self._size > self._limit.whole:
            raise self._limit.too_large(self._path)

    def let_go(self, size: int) -> None:
        """Count so many bytes less."""
        self._size -= size


def described(size: int) -> str:
    """Return a number of bytes as people write it: 64 MiB, 1000 bytes."""
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if size >= 1 << power and not size % (1 << power):
            return f"{size >> power} {unit}"
    return f"{size:,} bytes"


def read_size(words: str | int) -> int:
    """Return the bytes of a size such as 500000, 300K, 64M or 2 GiB; raises UsageError."""
    found = None if isinstance(words, int) else _SIZE.fullmatch(words.strip())
    size = words if isinstance(words, int) else 0
    if found is not None:
        size = int(found[1]) << _POWERS[found[2].upper()]
    if isinstance(size, bool) or size < 1:
        raise UsageError(
            f"{OPTION}: {words!r} is no size; write bytes, or a size like 300K, 64M or 2G"
        )
    return size
