"""The sets of row numbers in ``facet_rows``, as they are stored: bits, packed by zlib."""

from __future__ import annotations

import zlib

from datasette_newsgraph.store.columns import HIGHEST_ROW


def unpacked(stored: bytes) -> bytes:
    """Return the bytes of a stored set; raises zlib.error for what is none, or has rows of numbers that
    no row may have: what somebody else stored could take all memory.
    """
    unpacking = zlib.decompressobj()
    whole = unpacking.decompress(stored, HIGHEST_ROW // 8 + 1)
    if not unpacking.eof or unpacking.unused_data:
        raise zlib.error("not a set of rows")
    return whole
