"""What became of a span: its status and its place.

Offsets are Unicode code points of the article's text, the end exclusive. ``moved_nearby`` and
``moved_anywhere`` give ``MOVED``, ``NORMALISED`` and ``FUZZY`` to spans that they find elsewhere or
otherwise; ``article_spans`` gives the other statuses.
"""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph.article import OffsetStatus

EXACT: OffsetStatus = "exact"
CONVERTED: OffsetStatus = "converted"
MOVED: OffsetStatus = "moved"
NORMALISED: OffsetStatus = "normalised"
FUZZY: OffsetStatus = "fuzzy"
UNLOCATED: OffsetStatus = "unlocated"
UNVERIFIED: OffsetStatus = "unverified"

#: Every status with what it means, from right to lost.
STATUSES: dict[str, str] = {
    EXACT: "The given words stand at the given place, letter for letter.",
    CONVERTED: "The given place is right once it is converted from the unit that the article uses:"
    " UTF-16, UTF-8, tokens, inclusive ends or the like.",
    MOVED: "The given words stand, letter for letter, at another place than the given one, or no"
    " place was given.",
    NORMALISED: "The text has the given words with other white space, quotes, dashes, case or Unicode"
    " form, or the given date or number in another form.",
    FUZZY: "Near the given place, the text has nearly the given words: a letter or two differ.",
    UNLOCATED: "The given words were not found in the text, or the given place is outside of it.",
    UNVERIFIED: "There was nothing to compare: no words were given, or the article has no text.",
}
#: Nothing is remarked at each span of these: a tool that gives no words gives none at all, and that
#: is said once.
UNREMARKED = frozenset({EXACT, UNVERIFIED})


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
