"""Pieces of a body as gzip (RFC 1952), each readable as soon as it is there."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

#: As fast as can be: a graph's words come again and again, so that even so little is left of them.
_LEVEL = 1
#: Deflate with the largest window, and the header and trailer of gzip around it.
_GZIP = 16 + zlib.MAX_WBITS


def gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces packed, one for each, and the end. The same pieces give the same bytes."""
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    for piece in pieces:
        yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
