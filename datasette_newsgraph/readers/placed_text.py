"""Text from pieces that say where they stand, for tools that give offsets and keep no text.

What lies between the pieces is what the tool says that does, if it fits, and else blanks: so every
piece reads at its offset what the tool says, also where pieces have been left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from datasette_newsgraph.anchoring.units import CODE_POINTS, UTF16, Unit


class Piece(NamedTuple):
    """Words at an offset, with what stands ``before`` and ``after`` them, if the tool says that."""

    start: int
    words: str
    before: str | None = None
    after: str | None = None


class PlacedText(NamedTuple):
    """The text; ``has_blanks`` where something had to be made up; ``too_far`` are pieces left out, as
    they stand farther off than a record of this size can be believed.
    """

    text: str
    has_blanks: bool
    too_far: int


def width(words: str, unit: Unit) -> int:
    """Return the length of ``words`` in a unit."""
    if unit == CODE_POINTS or words.isascii():
        return len(words)
    if unit == UTF16:
        return len(words.encode("utf-16-le", "replace")) // 2
    return len(words.encode("utf-8", "replace"))


def blanks_allowed(record_size: int) -> int:
    """Return how many blanks a record of so many bytes may ask for: one offset can claim billions."""
    return 4 * record_size + 4096


def place(pieces: Iterable[Piece], unit: Unit, most_blanks: int) -> PlacedText:
    """Return the text in which every piece stands at its offset, counted in ``unit``.

    Of pieces that overlap the first one in the text stays, of those that begin together the first
    one given.
    """
    parts: list[str] = []
    end, blanks, too_far, behind = 0, 0, 0, ""
    for piece in sorted(pieces, key=lambda each: each.start):
        gap = piece.start - end
        if gap < 0:
            continue
        between = ""
        if gap:
            given = (piece.before, behind)
            between = next((each for each in given if each and width(each, unit) == gap), "")
        if gap and not between:
            if blanks + gap > most_blanks:
                too_far += 1
                continue
            blanks += gap
            between = " " * gap
        parts += (between, piece.words)
        end = piece.start + width(piece.words, unit)
        behind = piece.after or ""
    return PlacedText("".join(parts) + behind, blanks > 0, too_far)
