"""Find words that are not near their place, or were given without one."""

from __future__ import annotations

from bisect import bisect_left

from datasette_newsgraph.anchoring.board import Board
from datasette_newsgraph.anchoring.folding import fold, undo
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
    """Give each span that is left the nearest occurrence of its words, the first one where no place is
    known. Occurrences that are not part of another mention come first.
    """
    for group, bucket in board.buckets(_left(board), lambda each: each.surface):
        surface = bucket[0].surface
        places = board.index.whole_words(surface)
        if places:
            _take_nearest(board, group, bucket, places, MOVED)
            if not bucket[0].has_place and bucket[0].is_mention:
                board.note_name(places, len(surface))


def take_folded(board: Board) -> None:
    """Give each span that is left the nearest occurrence of its folded words."""
    for group, bucket in board.buckets(_left(board), lambda each: each.surface):
        spans = _folded(board, bucket[0].surface)
        if spans:
            ends = [end for _, end in spans]
            starts = [start for start, _ in spans]
            _take_nearest(board, group, bucket, starts, NORMALISED, ends)
            if not bucket[0].has_place and bucket[0].is_mention:
                board.note_name(starts, ends[0] - starts[0])


def take_cut(board: Board) -> None:
    """Give spans that were given without a place the first occurrence that begins or ends a word: of
    Syria the one in Syrian.
    """
    text = board.text
    for each in board.left():
        if each.has_place or len(each.surface) < SHORTEST_ANYWHERE or not each.surface.strip():
            continue
        start = -1
        for _ in range(CUT_OCCURRENCES):
            if not board.index.spend(len(text) // SCANNED_PER_STEP):
                return
            start = text.find(each.surface, start + 1)
            if start < 0:
                break
            found = start, start + len(each.surface)
            is_apart = not is_inside(text, found[0]) or not is_inside(text, found[1])
            if is_apart and found not in board.taken[each.group]:
                board.take(each, found, MOVED)
                break


def share(board: Board) -> None:
    """Give each span that is left a place that another span of its group has."""
    for each in _left(board):
        places = board.index.whole_words(each.surface)
        if places:
            number = bisect_left(places, each.low + each.shifts[0])
            nearest = min(places[max(0, number - 1) : number + 1], key=each.distance)
            board.take(each, (nearest, nearest + len(each.surface)), MOVED)


def _left(board: Board) -> list[Wanted]:
    return [each for each in board.left() if not each.is_beyond(len(board.text))]


def _take_nearest(
    board: Board,
    group: int,
    bucket: list[Wanted],
    starts: list[int],
    status: str,
    ends: list[int] | None = None,
) -> None:
    taken, length = board.taken[group], len(bucket[0].surface)
    free, apart = Free(starts), Free(starts)
    for each in sorted(bucket, key=lambda each: (not each.has_place, each.low)):
        low, high = each.low + each.shifts[0], each.high + each.shifts[0]
        skipped = 0
        # Those that lie apart from other mentions first; where that takes too long, any.
        while True:
            among = apart if each.is_mention and skipped < SKIPPED_OCCURRENCES else free
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
                own = _own(each, taken, starts, length, ends)
                if own is not None and each.distance(found[0]) > WINDOW:
                    found = own
                board.take(each, found, status)
                break


def _own(
    wanted: Wanted, taken: set[Found], starts: list[int], length: int, ends: list[int] | None
) -> Found | None:
    """Return a place that its group has and that overlaps with where it is given, if there is one:
    the same mention once more.
    """
    if not wanted.has_place or wanted.is_in_passage:
        return None
    number = bisect_left(starts, wanted.low + wanted.shifts[0])
    for each in range(max(0, number - 1), min(number + 1, len(starts))):
        found = starts[each], ends[each] if ends else starts[each] + length
        if found in taken and wanted.distance(found[0]) < length:
            return found
    return None


def _folded(board: Board, surface: str) -> list[Found]:
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
            if start < end and not cuts_word(board.text, start, end):
                found.add((start, end))
    return sorted(found)
