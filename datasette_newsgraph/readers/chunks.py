"""Find the pieces that a tool has cut a text into in that text: they follow one another and overlap."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

#: Metadata that GraphRAG puts before the words of a piece: "title: a.txt.\n".
_PREPENDED = re.compile(r"[^\n:]{1,100}: [^\n]*\.\n")
_MOST_PREPENDED = 20
#: How often a whole text is searched for pieces that are not where they should be.
_WIDE_SEARCHES = 20

Span = tuple[int, int]


def place_chunks(text: str, chunks: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Span | None]]:
    """Yield the id of each piece, given with its words in the order of the text, and where it is.

    >>> list(place_chunks("one two three", [("a", "one two"), ("b", "two three"), ("c", "four")]))
    [('a', (0, 7)), ('b', (4, 13)), ('c', None)]
    """
    start = end = 0
    wide_searches = _WIDE_SEARCHES
    for name, given in chunks:
        found = _find(text, given, start, end + 2 * len(given))
        if found is None and wide_searches:
            wide_searches -= 1
            found = _find(text, given, 0, len(text))
        if found is not None:
            start, end = found
        yield name, found


def _find(text: str, chunk: str, first: int, last: int) -> Span | None:
    begin = 0
    for _ in range(_MOST_PREPENDED):
        # A piece may begin or end inside a character.
        body = chunk[begin:].strip("\ufffd")
        place = text.find(body, first, last) if body.strip() else -1
        if place >= 0:
            return place, place + len(body)
        prepended = _PREPENDED.match(chunk, begin)
        if prepended is None:
            return None
        begin = prepended.end()
    return None
