"""Find words that the text reads nearly, near where they are expected."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from datasette_newsgraph.anchoring.occurrences import WORD
from datasette_newsgraph.anchoring.thresholds import (
    ASIDE,
    LETTERS_PER_ERROR,
    LONGEST_ALIKE,
    LONGEST_WORD,
    SHORTEST_ALIKE,
)

_DIGITS = re.compile("[0-9]+")


def nearly(text: str, surface: str, low: int, high: int, expected: int) -> tuple[int, int] | None:
    """Return the span between ``low`` and ``high`` that is most like ``surface``, whole words; None
    if none is alike enough. Numbers must be the same.

    Four letters may differ by one where they are expected exactly, elsewhere it takes eight; and
    elsewhere Syria is not taken for Syrian.
    """
    low, high = max(low, 0), min(high, len(text))
    if not SHORTEST_ALIKE <= len(surface) <= LONGEST_ALIKE or high - low < SHORTEST_ALIKE:
        return None
    low, high = _widen(text, low, high)
    wanted, passage = _lowered(surface), _lowered(text[low:high])
    cutoff = 100 - 100 * 2 / min(len(surface), LETTERS_PER_ERROR)
    found = fuzz.partial_ratio_alignment(wanted, passage, score_cutoff=cutoff)
    if found is None or found.dest_end <= found.dest_start:
        return None
    best: tuple[int, int, int] | None = None
    for start, end in _whole_words(passage, found.dest_start, found.dest_end):
        words = passage[start:end]
        distance = OSA.distance(wanted, words, score_cutoff=len(wanted))
        if best is None or (distance, start - end) < (best[0], best[1] - best[2]):
            best = distance, start, end
    if best is None:
        return None
    distance, start, end = best
    if not _is_alike(wanted, passage[start:end], distance, is_here=low + start == expected):
        return None
    return low + start, low + end


def are_alike(surface: str, words: str) -> bool:
    """Tell whether ``words`` are so like ``surface`` that they are taken for it in its place."""
    if not SHORTEST_ALIKE <= len(surface) <= LONGEST_ALIKE or len(words) > 2 * LONGEST_ALIKE:
        return False
    wanted, found = _lowered(surface), _lowered(words)
    return _is_alike(wanted, found, OSA.distance(wanted, found), is_here=True)


def _widen(text: str, low: int, high: int) -> tuple[int, int]:
    """Return a span with the words at its ends taken in, unless they are very long."""
    blank = text.rfind(" ", max(0, low - LONGEST_WORD), low)
    behind = text.find(" ", high, high + LONGEST_WORD)
    return max(blank + 1, low - LONGEST_WORD, 0), min(
        len(text), high + LONGEST_WORD if behind < 0 else behind
    )


def _lowered(words: str) -> str:
    lowered = words.lower()
    return lowered if len(lowered) == len(words) else words


def _is_alike(wanted: str, words: str, distance: int, is_here: bool) -> bool:
    allowed = len(wanted) // LETTERS_PER_ERROR
    if is_here:
        allowed = max(1, allowed)
    elif wanted.startswith(words) or words.startswith(wanted):
        return False
    return distance <= allowed and _DIGITS.findall(wanted) == _DIGITS.findall(words)


def _whole_words(passage: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Return the spans about a span that cut no word and have no blanks around them."""
    starts, ends = _edges(passage, start, 0), _edges(passage, end, 1)
    return ((first, last) for first in starts for last in ends if first < last)


def _edges(passage: str, place: int, is_end: int) -> list[int]:
    """Return where words and signs begin, or end, around a place."""
    low, high = max(0, place - LONGEST_WORD), min(len(passage), place + LONGEST_WORD)
    edges = []
    covered = low
    for match in [*WORD.finditer(passage, low, high), None]:
        begin, stop = match.span() if match else (high, high)
        # What is between words are signs, each of which is one.
        signs = [each for each in range(covered, begin) if not passage[each].isspace()]
        edges += [each + is_end for each in signs if abs(each + is_end - place) <= ASIDE]
        covered = stop
        if match and (begin <= place <= stop or abs((begin, stop)[is_end] - place) <= ASIDE):
            edges.append((begin, stop)[is_end])
    return edges
