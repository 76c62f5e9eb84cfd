"""Sets of row numbers as bits, so that it is quick to count how many of some rows go with a value.

The bit of a set's integer that stands for a row is the one of its number. Stored, a set is its bytes,
the lowest first, compressed: most are sparse. What the rows of a facet's values and those of a
filtered page have in common is then one operation for each value, however many rows there are.
"""

from __future__ import annotations

import functools
import operator
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from datasette_newsgraph.store.columns import HIGHEST_ROW
from datasette_newsgraph.store.packed_sets import unpacked

#: Row numbers that are listed at most, and bytes of the set that they are listed of.
LISTED = 200_000
_LONGEST = 1 << 20
#: Sets of which is listed what they have in common.
TOGETHER = 16
_SET = re.compile(rb"[^\x00]")
#: Memory for sets that were unpacked.
_KEPT_BYTES = 32 << 20
#: zlib's quickest: denser sets do not get smaller by more effort.
_LEVEL = 1
#: Of each byte the places of the bits that are set.
_BITS = tuple(tuple(bit for bit in range(8) if byte >> bit & 1) for byte in range(256))


def bits_of(numbers: Iterable[int], highest: int) -> int:
    """Return the set of some row numbers, none above ``highest``.

    Raises OverflowError for a number that no row may have, which would take all memory.
    """
    if highest > HIGHEST_ROW:
        raise OverflowError(f"a row has a number above {HIGHEST_ROW}")
    return int.from_bytes(_bytes_of(numbers, highest), "little")


def _bytes_of(numbers: Iterable[int], highest: int) -> bytearray:
    found = bytearray(highest // 8 + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return found


class _Unpacked:
    """Sets that were unpacked last, by what is stored of them: the same ones are asked for again and
    again, and to unpack one takes longer than to compare it.
    """

    def __init__(self, size: int) -> None:
        """Keep as many as have so many bytes together."""
        self._sets: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._free = size
        self._lock = threading.Lock()

    def unpack(self, stored: bytes) -> int:
        with self._lock:
            found = self._sets.get(stored)
            if found is not None:
                self._sets.move_to_end(stored)
                return found[0]
        whole = unpacked(stored)
        bits, size = int.from_bytes(whole, "little"), len(whole) + len(stored)
        with self._lock:
            if stored not in self._sets:
                self._sets[stored] = bits, size
                self._free -= size
            while self._free < 0:
                self._free += self._sets.popitem(last=False)[1][1]
        return bits


_unpacked = _Unpacked(_KEPT_BYTES)


def unpack(stored: bytes) -> int:
    """Return a stored set."""
    return _unpacked.unpack(stored)


def pack(bits: int) -> bytes:
    """Return a set as it is stored."""
    return zlib.compress(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), _LEVEL)


def set_of(numbers: Sequence[int]) -> int:
    """Return the set of some row numbers."""
    return bits_of(numbers, max(numbers, default=0))


def numbers_of(bits: int) -> list[int]:
    """Return the row numbers of a set, in order."""
    unpacked = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    return [
        (found.start() << 3) + bit
        for found in _SET.finditer(unpacked)
        for bit in _BITS[found[0][0]]
    ]


def numbers_in(*stored: object) -> str:
    """Return the row numbers that are in each of some stored sets, in order, as a JSON array: the SQL
    function of the name ``ROWS_FUNCTION``. What is no such set has none, and neither have sets that
    are larger than those that are asked for so: visitors may call it, with anything.
    """
    # Before anything is remembered of them.
    sizes = (len(each) if isinstance(each, bytes) else _LONGEST + 1 for each in stored)
    return _listed(*stored) if 0 < len(stored) <= TOGETHER and sum(sizes) <= _LONGEST else "[]"


@functools.lru_cache(maxsize=8)
def _listed(*stored: bytes) -> str:
    common = -1
    for each in stored:
        unpacking = zlib.decompressobj()
        try:
            unpacked = unpacking.decompress(each, _LONGEST)
        except zlib.error:
            return "[]"
        if unpacking.unconsumed_tail:
            return "[]"
        common &= int.from_bytes(unpacked, "little")
    if common.bit_count() > LISTED:
        return "[]"
    return f"[{','.join(map(str, numbers_of(common)))}]"


def can_list(*stored: bytes) -> bool:
    """Tell whether ``numbers_in`` gives the row numbers that are in each of some stored sets."""
    sets = [unpack(each) for each in stored]
    return (
        len(stored) <= TOGETHER
        and sum(map(len, stored)) <= _LONGEST
        and max(each.bit_length() for each in sets) <= _LONGEST * 8
        and functools.reduce(operator.and_, sets).bit_count() <= LISTED
    )
