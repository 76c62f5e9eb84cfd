"""Find the words of wanted spans near the places where these are said to be.

A wanted span (``Wanted``) has words, its surface, and is said to be somewhere in the text; the board
knows which of them have no place yet, and which places are taken. Each function ``take_…`` is one step,
which goes over the wanted spans without a place; ``repairing`` has the order of the steps.
"""

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
    """Leave the wanted spans where they are given, if the text there has their words but for white
    space, case and the like.

    Blanks at the edges of the text there that the words do not have are left off: then the span has
    its words to the letter.
    """
    for wanted, (start, end) in _within_text(board):
        if end - start > 2 * len(wanted.surface) + PASSAGE:
            continue
        words = board.text[start:end]
        is_whole = bool(words.strip()) and words.strip() == wanted.surface.strip()
        if is_whole and wanted.surface in words:
            begin = start + words.index(wanted.surface)
            board.take(wanted, (begin, begin + len(wanted.surface)), MOVED)
        elif reads_alike(words, wanted.surface):
            board.take(wanted, (start, end), NORMALISED)


def take_values(board: Board) -> None:
    """Leave the wanted spans where they are given, if their words are a value, such as a date, and the
    text there has a form of that value.
    """
    for wanted, (start, end) in _within_text(board):
        if is_value(wanted.surface) and reads_value(board.text[start:end], wanted.surface):
            board.take(wanted, (start, end), NORMALISED)


def _within_text(board: Board) -> Iterator[tuple[Wanted, Found]]:
    """Yield the wanted spans without a place that are given within the text, and where; none that is
    much longer than its words.
    """
    for wanted in board.left():
        start, end = wanted.start, wanted.end
        if start is None or end is None or not 0 <= start < end <= len(board.text):
            continue
        if end - start <= LONGER_VALUE + 2 * len(wanted.surface):
            yield wanted, (start, end)


def take_exact(board: Board) -> None:
    """Give each wanted span without a place the nearest occurrence of its words within the window."""
    _settle(board, _exact, MOVED, lambda wanted: wanted.surface)


def take_folded(board: Board) -> None:
    """Give each wanted span without a place the nearest occurrence of its words within the window, text
    and words being folded: case, white space, quotes and the like do not count.
    """
    _settle(board, _folded, NORMALISED, lambda wanted: fold(wanted.surface))


def take_alike(board: Board, window: int, tries: int, shortest: int = 0) -> int:
    """Give each wanted span without a place, if its words are not shorter than ``shortest``, the words
    of the text within ``window`` that are most like its own; return how many of the ``tries`` are left.

    One letter makes a short word another: what reads Iraq, and is another mention, is not Iran.
    """
    for wanted in board.left():
        if tries <= 0:
            break
        is_short = len(wanted.surface) < TELLING_LIKENESS
        if len(wanted.surface) < shortest or not wanted.has_place:
            continue
        if wanted.high - wanted.low > SHORT_PASSAGE:
            continue
        tries -= 1
        room = window + len(wanted.surface) // ROOM_PER_LETTERS
        for shift in wanted.shifts:
            low, high = wanted.low + shift, wanted.high + shift
            found = nearly(
                board.text, wanted.surface, low - room, high + len(wanted.surface) + room, low
            )
            if found is None or found in board.taken[wanted.group]:
                continue
            if not (is_short and found in board.mentioned):
                board.take(wanted, found, FUZZY)
                break
    return tries


def _settle(board: Board, find: Find, status: str, key: Callable[[Wanted], str]) -> None:
    """Give the wanted spans without a place the occurrences that ``find`` finds of their words, with
    this status. Spans of one group with the same ``key`` compete for occurrences: of all ways to share
    these out, the one is taken in which most spans get one, and all together are least displaced.
    """
    placed = [wanted for wanted in board.left() if wanted.has_place and wanted.surface.strip()]
    for group, bucket in board.buckets(placed, key):
        if not board.is_in_order:
            bucket.sort(key=lambda wanted: (wanted.low + wanted.shifts[0], wanted.high))
        taken = board.taken[group]
        for part, places in _competitions(board, bucket, find, taken):
            for wanted, number in zip(part, _compete(board, part, places), strict=True):
                if number is not None:
                    board.take(wanted, places[number], status)


def _competitions(
    board: Board, bucket: list[Wanted], find: Find, taken: set[Found]
) -> Iterator[tuple[list[Wanted], list[Found]]]:
    """Split a bucket, the wanted spans that compete for the same occurrences, where no occurrence is in
    reach of the spans on both sides; yield each part with the occurrences in its reach.
    """
    part: list[Wanted] = []
    places: set[Found] = set()
    for wanted in bucket:
        found = [place for place in find(board, wanted) if place not in taken]
        if not found:
            continue
        if part and places.isdisjoint(found):
            yield part, sorted(places)
            part, places = [], set()
        part.append(wanted)
        places.update(found)
    if part:
        yield part, sorted(places)


def _compete(board: Board, part: list[Wanted], places: list[Found]) -> Sequence[int | None]:
    """Return for each wanted span of a part the number of the place that it gets, None for none."""
    if len(part) > COMPETING_SPANS:
        return _serve(part, places)
    cuts = [CUT_WORD if cuts_word(board.text, *span) else 0 for span in places]
    # Where a span is said to be somewhere in a passage, a place in another mention comes last.
    parts = [CUT_WORD if board.is_covered(*span) else 0 for span in places]

    def cost(number: int, place: int) -> float | None:
        wanted = part[number]
        distance = wanted.distance(places[place][0])
        if distance > WINDOW:
            return None
        is_anywhere = wanted.is_in_passage and wanted.is_mention
        return distance + cuts[place] + (parts[place] if is_anywhere else 0)

    return assign(len(part), len(places), cost)


def _serve(part: list[Wanted], places: list[Found]) -> list[int | None]:
    """Return for each wanted span of a part, first come first served, the number of the nearest place
    that is free; None for none within the window.
    """
    free = Free([start for start, _ in places])
    result: list[int | None] = []
    for wanted in part:
        shift = wanted.shifts[0]
        number = free.nearest(wanted.low + shift, wanted.high + shift)
        if number is not None and wanted.distance(places[number][0]) > WINDOW:
            number = None
        if number is not None:
            free.take(number)
        result.append(number)
    return result


def _exact(board: Board, wanted: Wanted) -> list[Found]:
    """Return where the words of a wanted span occur to the letter, near where it is said to be."""
    surface, length = wanted.surface, len(wanted.surface)
    if wanted.high - wanted.low > SHORT_PASSAGE:
        places = board.index.whole_words(surface)
        first = bisect_left(places, wanted.low)
        found = [start for start in places[first : first + COMPETING_SPANS] if start <= wanted.high]
    else:
        found = []
        for shift in wanted.shifts:
            low, high = wanted.low + shift - WINDOW, wanted.high + shift + WINDOW
            found += near(board.text, surface, low, high)
    return [(start, start + length) for start in found]


def _folded(board: Board, wanted: Wanted) -> list[Found]:
    """Return where the words of a wanted span occur near where it is said to be, text and words being
    folded.
    """
    surface = fold(wanted.surface)
    if not surface or wanted.high - wanted.low > SHORT_PASSAGE:
        return []
    found = _folded_as(board, wanted, surface)
    if not found and "&" in surface:
        # Blanks may be inside of what stands for a sign: "& amp ;".
        found = _folded_as(board, wanted, fold("".join(wanted.surface.split())))
    return found


def _folded_as(board: Board, wanted: Wanted, surface: str) -> list[Found]:
    """Return where the folded ``surface`` occurs near where a wanted span is said to be, in the text as
    it is; no occurrence that cuts a word.
    """
    length = len(board.text)
    found = []
    for shift in wanted.shifts:
        first = min(max(0, wanted.low + shift - WINDOW), length)
        last = min(max(0, wanted.high + shift + WINDOW), length)
        folded, begin = board.folded_around(first, last + 2 * len(wanted.surface))
        low, high = folded.scale.other(first - begin), folded.scale.other(last - begin)
        for place in near(folded.text, surface, low, high):
            start, end = (begin + offset for offset in folded.span(place, place + len(surface)))
            if start < end and not cuts_word(board.text, start, end):
                found.append((start, end))
    return found
