"""How many rows of ``rejects`` a record can have, however much of it is wrong."""

from __future__ import annotations

#: The parts of a record that have a row each. One more row stands for all others.
MOST_PARTS = 100


def rest_of(parts: int) -> str:
    """Return the reason of the row that stands for so many parts of a record."""
    number = f"{parts:,} more {'part' if parts == 1 else 'parts'}"
    return f"{number} of this record cannot be taken; the first {MOST_PARTS} have a row each"
