"""Sets of row numbers as bits, so that it is quick to count how many of some rows go with a value.

The bit of a set's integer that stands for a row is the one of its number. Stored, a set is its bytes,
the lowest first, compressed: most are sparse. What the rows of a facet's values and those of a
filtered page have in common is then one operation for each value, however many rows there are.
"""

from __future__ import annotations

import functools
import operator
import re
import sqlite3
import threading
import zlib
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Iterator

from datasette_newsgraph.facets.catalogue import all_facets
from datasette_newsgraph.facets.definition import Facet
from datasette_newsgraph.store.packed_sets import unpacked
from datasette_newsgraph.store.schema import FULL_TEXT, HIGHEST_ROW

#: Row numbers that are listed at most, and bytes of the set that they are listed of.
LISTED = 200_000
_LONGEST = 1 << 20
#: Sets of which is listed what they have in common.
TOGETHER = 16
_SET = re.compile(rb"[^\x00]")
_STATE = (
    "SELECT EXISTS (SELECT 1 FROM unsettled),"
    " EXISTS (SELECT 1 FROM sqlite_master WHERE name = ? AND type = 'table')"
)
_STORED_VALUES = "SELECT value FROM facet_rows WHERE view = :view AND facet = :facet"
#: Memory for sets that were unpacked.
_KEPT_BYTES = 32 << 20
#: Rows up to which SQL is quick enough by itself.
FEW = 1000
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


def is_up_to_date(connection: sqlite3.Connection) -> bool:
    """Tell whether what is counted and kept is that of the tables now: no load is under way, nor the
    first one still to end, which makes the full-text tables.
    """
    unsettled, filled = connection.execute(_STATE, [f"{next(iter(FULL_TEXT))}_fts"]).fetchone()
    return bool(filled) and not unsettled


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


def facet_rows(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, bytes]]:
    """Yield the rows of ``facet_rows``: view, facet, value and set of rows, for those values that
    ``facet_counts`` has.
    """
    for view, facet in all_facets():
        if facet.pairs:
            yield from rows_of_facet(connection, view, facet)


def rows_of_facet(
    connection: sqlite3.Connection, view: str, facet: Facet, *, only_lacking: bool = False
) -> Iterator[tuple[str, str, str, bytes]]:
    """Yield the same of one facet; ``only_lacking``: for the values that ``facet_rows`` lacks."""
    for value, numbers in _rows_by_value(connection, view, facet, only_lacking).items():
        if numbers:
            yield view, facet.kept, value, pack(bits_of(numbers, max(numbers)))


def sets_of_all(
    connection: sqlite3.Connection, facet: Facet, most: int
) -> Iterator[tuple[str, int]] | None:
    """Return the values of a facet with their sets of rows; None if there are more than ``most``."""
    rows: dict[str, array[int]] = {}
    for value, number in connection.execute(facet.pairs):
        if value is None:
            continue
        if value not in rows:
            if len(rows) == most:
                return None
            rows[value] = array("Q")
        rows[value].append(number)
    return ((str(value), bits_of(numbers, max(numbers))) for value, numbers in rows.items())


def counted_values(facet: Facet) -> str:
    """Return the SELECT of the values of a facet whose rows are kept; ``:view`` and ``:facet`` are
    the parameters.
    """
    # Entities of any type are among those of each.
    named = "GLOB :facet || ':*'" if facet.of_entities else "= :facet"
    return f"SELECT DISTINCT value FROM facet_counts WHERE view = :view AND facet {named}"


def _rows_by_value(
    connection: sqlite3.Connection, view: str, facet: Facet, only_lacking: bool
) -> dict[str, array[int]]:
    """Return the row numbers of each value that is counted, some of them perhaps twice."""
    counted = counted_values(facet)
    if only_lacking:
        counted += f" AND value NOT IN ({_STORED_VALUES})"
    names = {"view": view, "facet": facet.kept}
    rows = {value: array("Q") for (value,) in connection.execute(counted, names)}
    if not rows:
        return {}
    pairs = facet.pairs.format(values=counted)
    for value, number in connection.execute(pairs, names if ":view" in pairs else {}):
        # One that is called "None" is not one that has none.
        numbers = None if value is None else rows.get(str(value))
        if numbers is not None:
            numbers.append(number)
    return rows


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
