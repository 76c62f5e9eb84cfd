"""Parts of a text in which the words that were searched for are marked.

The marks are put in here, by code points, and each piece is escaped by the template: there is nothing
in a text that could be taken for a mark.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from datasette_newsgraph.search_form import end_of_character, start_of_character
from datasette_newsgraph.web.search.places import Place
from datasette_newsgraph.web.search.query_words import Words

#: Code points of a snippet, and of it before the first mark.
WIDTH = 260
_LEAD = 70
#: Marks that are looked at for the best snippet of a text.
_EXAMINED = 300
#: Code points within which a cut is moved to the end of a word.
_NEAR = 20


class Piece(NamedTuple):
    """A part of a text, which is one of the words that were searched for, or not."""

    text: str
    is_marked: bool


def marked(text: str, words: Words) -> list[Piece]:
    """Return a text in pieces; together they are the text."""
    return _cut(text, 0, len(text), words.places.find(text))


def snippet(text: str, words: Words, skip: int = 0, width: int = WIDTH) -> list[Piece]:
    """Return the part of a text in which most of the words stand, or its beginning.

    The first ``skip`` code points are shown only where the words stand nowhere else. An ellipsis
    stands where the text is cut.
    """
    if len(text) <= width and not skip:
        return marked(text, words)
    found = list(islice(words.places.find(text, skip), _EXAMINED))
    skip = skip if found else 0
    found = found or list(islice(words.places.find(text), _EXAMINED))
    best, most = skip, 0
    for number, first in enumerate(found):
        limit = first.start + width - _LEAD
        near = {first.phrase}
        for other in found[number + 1 :]:
            if other.end > limit:
                break
            near.add(other.phrase)
        if len(near) > most:
            best, most = first.start, len(near)
    start = _start(text, max(skip, best - _LEAD), best)
    end = _end(text, start + width)
    pieces = _cut(text, start, end, found)
    before = [Piece("… ", False)] if text[:start].strip() and start > skip else []
    after = [Piece(" …", False)] if text[end:].strip() else []
    return before + pieces + after


def _cut(text: str, start: int, end: int, places: Iterable[Place]) -> list[Piece]:
    pieces = []
    at = start
    for first, last, _ in places:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        pieces += [Piece(text[at:first], False), Piece(text[first:last], True)]
        at = last
    pieces.append(Piece(text[at:end], False))
    return [piece for piece in pieces if piece.text]


def _start(text: str, start: int, first: int) -> int:
    """Return where a word begins near ``start``, and not behind ``first``."""
    if start == 0 or text[start - 1].isspace():
        return start
    space = text.find(" ", start, min(first, start + _NEAR))
    return space + 1 if space >= 0 else min(end_of_character(text, start), first)


def _end(text: str, end: int) -> int:
    """Return where a word ends, a little before ``end``."""
    if end >= len(text) or text[end].isspace():
        return min(end, len(text))
    space = text.rfind(" ", end - _NEAR, end)
    return space if space >= 0 else start_of_character(text, end)
