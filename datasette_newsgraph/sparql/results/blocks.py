"""Pieces of text become blocks of bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

#: How long a block is at least, but for the last one.
_SIZE = 16 * 1024


def blocks_of(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield narrow text (``rdf/syntax.py``) in blocks of some kB."""
    held: list[str] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= _SIZE:
            yield "".join(held).encode("latin-1")
            held.clear()
            size = 0
    yield "".join(held).encode("latin-1")
