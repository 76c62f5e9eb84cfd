"""Words for counts, lists and names of files in messages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import islice

#: Names that a message lists of many.
MOST_LISTED = 12


def counted(count: int, singular: str, plural: str | None = None) -> str:
    """Return a count with its noun: ``1 record``, ``1,200 records``."""
    return f"{count:,} {singular if count == 1 else plural or f'{singular}s'}"


def listed(names: Collection[str], most: int = MOST_LISTED, between: str = ", ") -> str:
    """Return names with commas, or something else, ``between`` them, and how many there are beyond the
    first ``most``.
    """
    further = len(names) - most
    return between.join(islice(names, most)) + (f" and {further:,} more" if further > 0 else "")


def first_of(lines: Collection[str], further: Callable[[int], str]) -> Iterator[str]:
    """Yield the first lines of many, and what ``further`` says of the number of the others."""
    yield from islice(lines, MOST_LISTED)
    if len(lines) > MOST_LISTED:
        yield further(len(lines) - MOST_LISTED)


def printable(name: str) -> str:
    """Return a file name with what is not UTF-8 in it replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
