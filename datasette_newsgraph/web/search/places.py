"""Where words that were searched for stand in a text, to be marked there."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import NamedTuple

from datasette_newsgraph.search_form import Word, end_of_character, words_in_place

#: The number of a phrase, its words in one spelling, and whether the last may have any ending.
_Way = tuple[int, tuple[str, ...], bool]


class Place(NamedTuple):
    """A span of a text, in code points, and the number of the phrase that stands there.

    It begins and ends between characters as they are seen.
    """

    start: int
    end: int
    phrase: int


class Places:
    """Finds phrases in texts. Of those that begin at one place the longest counts."""

    def __init__(self, ways: Iterable[Iterable[_Way]]) -> None:
        """Take of each phrase the ways in which it is written."""
        self._by_first: dict[str, list[_Way]] = {}
        #: Of one word, which may be the beginning of one.
        self._beginnings: list[_Way] = []
        self._most = 1
        longest_first = sorted(chain.from_iterable(ways), key=lambda way: -len(way[1]))
        for way in longest_first:
            _, words, is_open = way
            self._most = max(self._most, len(words))
            if is_open and len(words) == 1:
                self._beginnings.append(way)
            else:
                self._by_first.setdefault(words[0], []).append(way)

    def find(self, text: str, start: int = 0, *, every: bool = False) -> Iterator[Place]:
        """Yield where the phrases stand in a text from the ``start`` on, in order; with ``every``, also
        those that begin within another.
        """
        if not (self._by_first or self._beginnings):
            return
        ahead: deque[Word] = deque()
        passed = start
        words: Iterator[Word | None] = words_in_place(text, start)
        for word in chain(words, repeat(None, self._most)):
            if word is not None:
                ahead.append(word)
                if len(ahead) < self._most:
                    continue
            elif not ahead:
                return
            if ahead[0][1] >= passed:
                for number, last in self._ways_of(ahead):
                    place = Place(ahead[0][1], end_of_character(text, last), number)
                    yield place
                    if not every:
                        passed = place.end
                        break
            ahead.popleft()

    def _ways_of(self, ahead: deque[Word]) -> Iterator[tuple[int, int]]:
        """Yield the phrases that stand at the beginning of some words, each with where it ends."""
        first = ahead[0][0]
        for number, words, is_open in self._by_first.get(first, ()):
            if len(words) <= len(ahead) and _is_at(words, ahead, is_open):
                yield number, ahead[len(words) - 1][2]
        for number, words, _ in self._beginnings:
            if first.startswith(words[0]):
                yield number, ahead[0][2]


def _is_at(words: tuple[str, ...], ahead: deque[Word], is_open: bool) -> bool:
    last = len(words) - 1
    for number, (word, (found, _, _)) in enumerate(zip(words, ahead, strict=False)):
        if word != found and not (is_open and number == last and found.startswith(word)):
            return False
    return True
