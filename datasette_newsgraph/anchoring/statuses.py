"""What became of a span: its status and its place.

Offsets are Unicode code points of the article's text, the end exclusive.
"""

from __future__ import annotations

from typing import NamedTuple

EXACT = "exact"
CONVERTED = "converted"
MOVED = "moved"
NORMALISED = "normalised"
FUZZY = "fuzzy"
UNLOCATED = "unlocated"
UNVERIFIED = "unverified"

#: Every status with what it means, from right to lost.
STATUSES: dict[str, str] = {
    EXACT: "The text at the given place reads the given words, to the letter.",
    CONVERTED: "The given place is right when it is counted in the unit that the article uses:"
    " UTF-16, UTF-8, tokens, ends inclusive, or the like.",
    MOVED: "The given words stand elsewhere in the text than at the given place, or no place was"
    " given; they were found to the letter.",
    NORMALISED: "The text reads the given words but for white space, quotes, dashes, case or Unicode"
    " form, or a form of the given date or number.",
    FUZZY: "The text reads nearly the given words, a letter or two apart, near the given place.",
    UNLOCATED: "The given words were not found in the text, or the given place is not in it.",
    UNVERIFIED: "There was nothing to compare: no words were given, or the article has no text.",
}


class Anchor(NamedTuple):
    """Where a span was found, in code points of the text."""

    #: None where the span is unlocated, or there is no text.
    start: int | None
    end: int | None
    #: What the text reads there; for unlocated spans the words given.
    surface: str | None
    status: str
    #: From where the given span begins to where it was found; None where either is not known.
    moved: int | None = None
    #: The words as given, where the text reads others.
    given_surface: str | None = None
