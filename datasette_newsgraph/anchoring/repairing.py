"""Find the spans whose offsets are wrong: near their place, then anywhere; to the letter, then but
for white space, case and the like, then nearly.

The work for an article is bounded, so that none takes hours. What lies beyond these bounds stays
unlocated, though the text may have it:

- Away from their place, words are looked for by their rarest word, in the first ``SEARCHED_LENGTH``
  code points. All searches of an article together look at ``SEARCH_STEPS`` occurrences and some for
  each code point of the text, and a surface of thousands of code points counts for several; what no
  budget is left for, and what contains no word, is found within the ``WINDOW`` of its place only.
- By likeness are looked for so many spans (``TRIES``, ``CHARACTERS_PER_TRY``), near their place, and
  none that is very short or very long.
- In a passage that is no ``SHORT_PASSAGE`` whole words to the letter are looked for, and of these the
  first occurrences (``COMPETING_SPANS``).

What is right as it is given, or as the unit of the article has it, is always found.
"""

from __future__ import annotations

from collections.abc import Iterable

from datasette_newsgraph.anchoring import moved_anywhere, moved_nearby
from datasette_newsgraph.anchoring.board import Board
from datasette_newsgraph.anchoring.drift import Drift
from datasette_newsgraph.anchoring.thresholds import (
    CHARACTERS_PER_TRY,
    LIKELY_PLACE,
    TELLING_LIKENESS,
    TELLING_WORDS,
    TRIES,
    WINDOW,
)
from datasette_newsgraph.anchoring.wanted import Wanted, unite

#: The group, start and end of a span that has its place, and whether it is a mention.
Right = tuple[int, int, int, bool]


def repair(text: str, wanted: Iterable[Wanted], right: Iterable[Right]) -> list[Wanted]:
    """Find what can be found of the ``wanted`` spans, and return them, those given alike as one.

    What the place says comes before what stands elsewhere to the letter: where the text reads Isis,
    ISIS a thousand words on is another mention.
    """
    board = Board(text, unite(wanted, len(text)))
    known = []
    for group, start, end, is_mention in right:
        board.occupy(group, (start, end), is_mention)
        known.append((start, 0))
    _set_shifts(board, known)
    moved_nearby.take_in_place(board)
    moved_nearby.take_exact(board)
    moved_nearby.take_folded(board)
    moved_nearby.take_values(board)
    tries = moved_nearby.take_alike(
        board, LIKELY_PLACE, TRIES + len(text) // CHARACTERS_PER_TRY, TELLING_LIKENESS
    )
    moved_anywhere.take_exact(board)
    moved_anywhere.take_folded(board)
    tries = moved_nearby.take_alike(board, LIKELY_PLACE, tries)
    moved_nearby.take_alike(board, WINDOW, tries)
    moved_anywhere.take_cut(board)
    moved_anywhere.share(board)
    return board.wanted


def _set_shifts(board: Board, known: list[tuple[int, int]]) -> None:
    placed = [each for each in board.wanted if each.has_place and not each.is_in_passage]
    for each in placed:
        if len(each.surface) >= TELLING_WORDS:
            places = board.index.whole_words(each.surface)
            if len(places) == 1:
                known.append((each.low, places[0] - each.low))
    drift = Drift(known)
    for each in placed:
        each.shifts = drift.around(each.low)
