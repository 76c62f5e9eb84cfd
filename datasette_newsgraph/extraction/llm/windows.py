"""Cut a long text into windows that a model is asked about one by one.

They end where paragraphs end, and each begins a little before the end of the one before it, so that no
sentence is cut in all of them.
"""

from __future__ import annotations

import re

#: Code points of a window, and of what two of them have in common.
SIZE = 8_000
OVERLAP = 1_000

#: Where a text may be cut, the best places first: paragraphs, lines, sentences, words.
_BREAKS = tuple(
    re.compile(each)
    for each in (r"\n[^\S\n]*\n\s*", r"\n\s*", r"(?<=[.!?…。！？])[\"'”’»)]*\s+", r"\s+")
)


def windows(text: str, size: int = SIZE, overlap: int = OVERLAP) -> list[tuple[int, int]]:
    """Return where the windows of a text start and end, in order: together they cover it. ``overlap``
    is less than half of ``size``.
    """
    found = []
    start = 0
    while len(text) - start > size:
        end = _last_break(text, start + size // 2, start + size)
        found.append((start, end))
        start = _first_break(text, end - overlap, end)
    return [*found, (start, len(text))]


def _last_break(text: str, low: int, high: int) -> int:
    """Return where the last part that begins in a stretch of the text begins; its end if none does."""
    for each in _BREAKS:
        ends = [found.end() for found in each.finditer(text, low, high)]
        if ends:
            return ends[-1]
    return high


def _first_break(text: str, low: int, high: int) -> int:
    """Return where the first part that begins inside a stretch of the text begins; else its start."""
    for each in _BREAKS:
        found = each.search(text, low, high)
        if found is not None and found.end() < high:
            return found.end()
    return low
