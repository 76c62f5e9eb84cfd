"""Find words near the place where they are said to be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from datasette_newsgraph.anchoring.assignment import assign
from datasette_newsgraph.anchoring.board import Board
from datasette_newsgraph.anchoring.folding import fold, reads_alike
from datasette_newsgraph.anchoring.fuzzy import nearly
from datasette_newsgraph.anchoring.normalised_values import is_value, reads_value
from datasette_newsgraph.anchoring.occurrences import Free, cuts_word, near
from datasette_newsgraph.anchoring.statuses import FUZZY, MOVED, NORMALISED
from datasette_newsgraph.anchoring.thresholds import (
    COMPETING_SPANS,
    CUT_WORD,
    LONGER_VALUE,
    PASSAGE,
    ROOM_PER_LETTERS,
    SHORT_PASSAGE,
    TELLING_LIKENESS,
    WINDOW,
)
from datasette_newsgraph.anchoring.wanted import Found, Wanted

Find = Callable[[Board, Wanted], list[Found]]


def take_in_place(board: Board) -> None:
    """Leave where they are the spans that read their words but for white space, case and the like.

    Blanks at the edges of a span that its words do not have are left off: then it reads them to the
    letter.
    """
    for each, (start, end) in _within_text(board):
        if end - start > 2 * len(each.surface) + PASSAGE:
            continue
        words = board.text[start:end]
        is_whole = bool(words.strip()) and words.strip() == each.surface.strip()
        if is_whole and each.surface in words:
            begin = start + words.index(each.surface)
            board.take(each, (begin, begin + len(each.surface)), MOVED)
        elif reads_alike(words, each.surface):
            board.take(each, (start, end), NORMALISED)


def take_values(board: Board) -> None:
    """Leave where they are the spans that read a form of the value that is given for words."""
    for each, (start, end) in _within_text(board):
        if is_value(each.surface) and reads_value(board.text[start:end], each.surface):
            board.take(each, (start, end), NORMALISED)


def _within_text(board: Board) -> Iterator[tuple[Wanted, Found]]:
    for each in board.left():
        start, end = each.start, each.end
        if start is None or end is None or not 0 <= start < end <= len(board.text):
            continue
        if end - start <= LONGER_VALUE + 2 * len(each.surface):
            yield each, (start, end)


def take_exact(board: Board) -> None:
    """Give each span that is left the nearest occurrence of its words within the window."""
    _settle(board, _exact, MOVED, lambda each: each.surface)


def take_folded(board: Board) -> None:
    """Give each span that is left the nearest occurrence of its folded words within the window."""
    _settle(board, _folded, NORMALISED, lambda each: fold(each.surface))


def take_alike(board: Board, window: int, tries: int, shortest: int = 0) -> int:
    """Give each span that is left, and not shorter than ``shortest``, the words within a window that
    are most like its own; return how many of the ``tries`` are left.

    One letter makes a short word another: what reads Iraq, and is another mention, is not Iran.
    """
    for each in board.left():
        if tries <= 0:
            break
        is_short = len(each.surface) < TELLING_LIKENESS
        if len(each.surface) < shortest or not each.has_place:
            continue
        if each.high - each.low > SHORT_PASSAGE:
            continue
        tries -= 1
        room = window + len(each.surface) // ROOM_PER_LETTERS
        for shift in each.shifts:
            low, high = each.low + shift, each.high + shift
            found = nearly(
                board.text, each.surface, low - room, high + len(each.surface) + room, low
            )
            if found is None or found in board.taken[each.group]:
                continue
            if not (is_short and found in board.mentioned):
                board.take(each, found, FUZZY)
                break
    return tries


def _settle(board: Board, find: Find, status: str, key: Callable[[Wanted], str]) -> None:
    placed = [each for each in board.left() if each.has_place and each.surface.strip()]
    for group, bucket in board.buckets(placed, key):
        if not board.is_in_order:
            bucket.sort(key=lambda each: (each.low + each.shifts[0], each.high))
        taken = board.taken[group]
        for part, places in _competitions(board, bucket, find, taken):
            for wanted, number in zip(part, _compete(board, part, places), strict=True):
                if number is not None:
                    board.take(wanted, places[number], status)


def _competitions(
    board: Board, bucket: list[Wanted], find: Find, taken: set[Found]
) -> Iterator[tuple[list[Wanted], list[Found]]]:
    """Split a bucket where no occurrence is in reach of both sides."""
    part: list[Wanted] = []
    places: set[Found] = set()
    for each in bucket:
        found = [span for span in find(board, each) if span not in taken]
        if not found:
            continue
        if part and places.isdisjoint(found):
            yield part, sorted(places)
            part, places = [], set()
        part.append(each)
        places.update(found)
    if part:
        yield part, sorted(places)


def _compete(board: Board, part: list[Wanted], places: list[Found]) -> Sequence[int | None]:
    """Return for each wanted span which of the places it gets."""
    if len(part) > COMPETING_SPANS:
        return _serve(part, places)
    cuts = [CUT_WORD if cuts_word(board.text, *span) else 0 for span in places]
    # Where the place is a passage, what is part of another mention comes last.
    parts = [CUT_WORD if board.is_covered(*span) else 0 for span in places]

    def cost(number: int, place: int) -> float | None:
        each = part[number]
        distance = each.distance(places[place][0])
        if distance > WINDOW:
            return None
        is_anywhere = each.is_in_passage and each.is_mention
        return distance + cuts[place] + (parts[place] if is_anywhere else 0)

    return assign(len(part), len(places), cost)


def _serve(part: list[Wanted], places: list[Found]) -> list[int | None]:
    """Return for each wanted span, in their order, the nearest place that is free."""
    free = Free([start for start, _ in places])
    result: list[int | None] = []
    for each in part:
        shift = each.shifts[0]
        number = free.nearest(each.low + shift, each.high + shift)
        if number is not None and each.distance(places[number][0]) > WINDOW:
            number = None
        if number is not None:
            free.take(number)
        result.append(number)
    return result


def _exact(board: Board, wanted: Wanted) -> list[Found]:
    surface, length = wanted.surface, len(wanted.surface)
    if wanted.high - wanted.low > SHORT_PASSAGE:
        places = board.index.whole_words(surface)
        first = bisect_left(places, wanted.low)
        found = [each for each in places[first : first + COMPETING_SPANS] if each <= wanted.high]
    else:
        found = []
        for shift in wanted.shifts:
            low, high = wanted.low + shift - WINDOW, wanted.high + shift + WINDOW
            found += near(board.text, surface, low, high)
    return [(each, each + length) for each in found]


def _folded(board: Board, wanted: Wanted) -> list[Found]:
    surface = fold(wanted.surface)
    if not surface or wanted.high - wanted.low > SHORT_PASSAGE:
        return []
    found = _folded_as(board, wanted, surface)
    if not found and "&" in surface:
        # Blanks may be inside of what stands for a sign: "& amp ;".
        found = _folded_as(board, wanted, fold("".join(wanted.surface.split())))
    return found


def _folded_as(board: Board, wanted: Wanted, surface: str) -> list[Found]:
    length = len(board.text)
    found = []
    for shift in wanted.shifts:
        first = min(max(0, wanted.low + shift - WINDOW), length)
        last = min(max(0, wanted.high + shift + WINDOW), length)
        folded, begin = board.folded_around(first, last + 2 * len(wanted.surface))
        low, high = folded.scale.other(first - begin), folded.scale.other(last - begin)
        for place in near(folded.text, surface, low, high):
            start, end = (begin + each for each in folded.span(place, place + len(surface)))
            if start < end and not cuts_word(board.text, start, end):
                found.append((start, end))
    return found
