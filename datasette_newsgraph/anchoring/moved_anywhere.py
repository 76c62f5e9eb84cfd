"""Find the words of wanted spans that are not near the place that these are given at, or that were
given without a place.

A wanted span (``Wanted``) has words, its surface. Spans of one group are of the same thing. The spans
of a bucket are of one group and have the same words, so that they compete for the same occurrences.
"""

from __future__ import annotations

from bisect import bisect_left

from datasette_newsgraph.anchoring.board import Board
from datasette_newsgraph.anchoring.folding import fold, reads_alike, undo
from datasette_newsgraph.anchoring.occurrences import Free, cuts_word, is_inside
from datasette_newsgraph.anchoring.statuses import MOVED, NORMALISED
from datasette_newsgraph.anchoring.thresholds import (
    CUT_OCCURRENCES,
    SCANNED_PER_STEP,
    SHORTEST_ANYWHERE,
    SKIPPED_OCCURRENCES,
    WINDOW,
)
from datasette_newsgraph.anchoring.wanted import Found, Wanted


def take_exact(board: Board) -> None:
    """Give each wanted span without a place the nearest occurrence of its words in the whole text, or
    the first occurrence if it was given without a place. Occurrences that are not part of another
    mention come first.
    """
    for group, bucket in board.buckets(_left(board), lambda wanted: wanted.surface):
        surface = bucket[0].surface
        places = board.index.whole_words(surface)
        if places:
            _take_nearest(board, group, bucket, places, MOVED)
            if not bucket[0].has_place and bucket[0].is_mention:
                board.note_name(places, len(surface))


def take_folded(board: Board) -> None:
    """Give each wanted span without a place the nearest occurrence of its words in the whole text, text
    and words being folded: case, white space, quotes and the like do not count.
    """
    for group, bucket in board.buckets(_left(board), lambda wanted: wanted.surface):
        spans = _folded(board, bucket[0].surface)
        if spans:
            ends = [end for _, end in spans]
            starts = [start for start, _ in spans]
            _take_nearest(board, group, bucket, starts, NORMALISED, ends)
            if not bucket[0].has_place and bucket[0].is_mention:
                board.note_name(starts, ends[0] - starts[0])


def take_cut(board: Board) -> None:
    """Give the wanted spans that were given without a place, and have none yet, the first occurrence of
    their words that begins or ends a word of the text: Syria the one in Syrian.
    """
    text = board.text
    for wanted in board.left():
        if (
            wanted.has_place
            or len(wanted.surface) < SHORTEST_ANYWHERE
            or not wanted.surface.strip()
        ):
            continue
        start = -1
        for _ in range(CUT_OCCURRENCES):
            if not board.index.spend(len(text) // SCANNED_PER_STEP):
                return
            start = text.find(wanted.surface, start + 1)
            if start < 0:
                break
            found = start, start + len(wanted.surface)
            is_apart = not is_inside(text, found[0]) or not is_inside(text, found[1])
            if is_apart and found not in board.taken[wanted.group]:
                board.take(wanted, found, MOVED)
                break


def share(board: Board) -> None:
    """Give each wanted span without a place the nearest occurrence of its words, whatever other span of
    its group has that place.
    """
    for wanted in _left(board):
        places = board.index.whole_words(wanted.surface)
        if places:
            number = bisect_left(places, wanted.low + wanted.shifts[0])
            nearest = min(places[max(0, number - 1) : number + 1], key=wanted.distance)
            board.take(wanted, (nearest, nearest + len(wanted.surface)), MOVED)


def _left(board: Board) -> list[Wanted]:
    """Return the wanted spans without a place, but those that are said to be beyond the text."""
    return [wanted for wanted in board.left() if not wanted.is_beyond(len(board.text))]


def _take_nearest(
    board: Board,
    group: int,
    bucket: list[Wanted],
    starts: list[int],
    status: str,
    ends: list[int] | None = None,
) -> None:
    """Give the wanted spans of a bucket the nearest occurrences that their group does not have yet.

    ``starts`` and ``ends`` are where the occurrences start and end, in order; without ``ends`` an
    occurrence is as long as the words.
    """
    taken, length = board.taken[group], len(bucket[0].surface)
    free, apart = Free(starts), Free(starts)
    for wanted in sorted(bucket, key=lambda wanted: (not wanted.has_place, wanted.low)):
        low, high = wanted.low + wanted.shifts[0], wanted.high + wanted.shifts[0]
        skipped = 0
        # First the occurrences apart from other mentions; where that takes too long, any occurrence.
        while True:
            among = apart if wanted.is_mention and skipped < SKIPPED_OCCURRENCES else free
            number = among.nearest(low, high)
            if number is None and among is apart:
                skipped = SKIPPED_OCCURRENCES
                continue
            if number is None:
                return
            found = starts[number], ends[number] if ends else starts[number] + length
            if found in taken:
                free.take(number)
                apart.take(number)
            elif among is apart and (board.is_covered(*found) or board.is_part_of_name(*found)):
                apart.take(number)
                skipped += 1
            else:
                own = _own(wanted, taken, starts, length, ends)
                if own is not None and wanted.distance(found[0]) > WINDOW:
                    found = own
                board.take(wanted, found, status)
                break


def _own(
    wanted: Wanted, taken: set[Found], starts: list[int], length: int, ends: list[int] | None
) -> Found | None:
    """Return the occurrence that overlaps with where a wanted span is given, if another span of its
    group has that place (``taken``): then both are the same mention.
    """
    if not wanted.has_place or wanted.is_in_passage:
        return None
    behind = bisect_left(starts, wanted.low + wanted.shifts[0])
    for number in range(max(0, behind - 1), min(behind + 1, len(starts))):
        found = starts[number], ends[number] if ends else starts[number] + length
        if found in taken and wanted.distance(found[0]) < length:
            return found
    return None


def _folded(board: Board, surface: str) -> list[Found]:
    """Return all places in the text at which it has these words when both are folded, in order; no
    place that cuts a word.
    """
    surface = undo(surface)
    words, rarest = fold(surface), board.index.together(surface)
    if len(words) < SHORTEST_ANYWHERE or rarest is None:
        return []
    folded, offset = board.folded, len(fold(surface[: rarest[0]]))
    found = set()
    for place in rarest[1]:
        begin = folded.scale.other(place) - offset
        if begin >= 0 and folded.text.startswith(words, begin):
            start, end = folded.span(begin, begin + len(words))
            # Of two letters the case says more: "us" is not "US".
            is_alike = len(words) > 2 or reads_alike(board.text[start:end], surface)
            if start < end and is_alike and not cuts_word(board.text, start, end):
                found.add((start, end))
    return sorted(found)
