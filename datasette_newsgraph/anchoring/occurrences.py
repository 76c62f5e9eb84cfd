"""Find where words occur in a text, near a place or anywhere, in time linear in the text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator

from datasette_newsgraph.anchoring.scales import MARKS
from datasette_newsgraph.anchoring.thresholds import (
    COMPARED_PER_STEP,
    FEW_OCCURRENCES,
    FEW_SURFACES,
    LONG_TEXT,
    MARKS_OF_LETTER,
    NEAR_OCCURRENCES,
    SEARCH_STEPS,
    SEARCHED_LENGTH,
    STEPS_PER_CHARACTER,
    WORD_SLACK,
)

#: Scripts that are written without blanks between words: each character is a word of its own.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}](?:[^\\W{_UNSPACED}]|[{MARKS}])*")
_MANY_MARKS = re.compile(f"([{MARKS}]{{{MARKS_OF_LETTER}}})[{MARKS}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]").match


def fold_word(word: str) -> str:
    """Return a word as the index has it, so that words of other case or Unicode form meet."""
    if word.isascii():
        return word.lower()
    # Ordering marks takes the square of their number.
    word = _MANY_MARKS.sub(r"\1", word)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())


def cuts_word(text: str, start: int, end: int) -> bool:
    """Tell whether a span begins or ends inside a word of the text."""
    return is_inside(text, start) or is_inside(text, end)


def is_inside(text: str, place: int) -> bool:
    """Tell whether a place is between two letters of a word."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if not (before.isalnum() and after.isalnum()):
        # A combining mark belongs to the letter before it.
        return unicodedata.combining(after) != 0
    return not (_IS_UNSPACED(before) or _IS_UNSPACED(after))


def near(text: str, surface: str, low: int, high: int) -> list[int]:
    """Return the starts from ``low`` to ``high`` at which ``surface`` occurs, those nearest to the
    middle if there are many.
    """
    length = len(surface)
    low, high = max(low, 0), min(high, len(text) - length)
    if not length or low > high:
        return []
    middle = (low + high) // 2
    found: list[int] = []
    place = text.rfind(surface, low, middle + length)
    while place >= 0 and len(found) < NEAR_OCCURRENCES:
        found.append(place)
        place = text.rfind(surface, low, place + length - 1) if place > low else -1
    found.reverse()
    place, count = text.find(surface, middle + 1, high + length), 0
    while place >= 0 and count < NEAR_OCCURRENCES:
        found.append(place)
        count += 1
        place = text.find(surface, place + 1, high + length)
    return found


class WordIndex:
    """Where each word of a text begins; words that differ in case or Unicode form are one.

    Of a long text, only the words of the ``surfaces`` are kept, if these are few.

    The work that all searches together may do is bounded by the length of the text: a text of one
    word, asked for a hundred thousand phrases of that word, must not take hours.
    """

    def __init__(self, text: str, surfaces: Collection[str] = ()) -> None:
        self._text = text
        self._kept: set[str] | None = None
        if len(text) > LONG_TEXT and len(surfaces) <= FEW_SURFACES:
            self._kept = {
                fold_word(word)
                for each in surfaces
                for word in WORD.findall(each[:SEARCHED_LENGTH])
            }
        self._words: dict[str, list[int]] | None = None
        self._found: dict[str, list[int]] = {}
        self._budget = SEARCH_STEPS + STEPS_PER_CHARACTER * len(text)

    @property
    def words(self) -> dict[str, list[int]]:
        """The starts of each folded word, in order."""
        if self._words is None:
            folded: dict[str, list[int]] = {}
            for word, places in self._exact_words().items():
                key = fold_word(word)
                folded[key] = sorted(folded[key] + places) if key in folded else places
            self._words = folded
        return self._words

    def _exact_words(self) -> dict[str, list[int]]:
        exact: defaultdict[str, list[int]] = defaultdict(list)
        if self._kept is None:
            for match in WORD.finditer(self._text):
                exact[match.group()].append(match.start())
            return exact
        is_kept: dict[str, bool] = {}
        for match in WORD.finditer(self._text):
            word = match.group()
            kept = is_kept.get(word)
            if kept is None:
                kept = is_kept[word] = fold_word(word) in self._kept
            if kept:
                exact[word].append(match.start())
        return exact

    def rarest(self, surface: str) -> tuple[int, list[int]] | None:
        """Return where the rarest word of ``surface`` stands in it, and where it stands in the text;
        None if there is a word in ``surface`` that the text has not, or no word at all.
        """
        found = self._by_rarity(surface)
        return found[0] if found else None

    def together(self, surface: str) -> tuple[int, list[int]] | None:
        """Return where the rarest word of ``surface`` stands in it, and where in the text it stands
        near the second rarest; all its places if there are few, or no second word. None as for
        ``rarest``, and if no work is left for the search.
        """
        found = self._by_rarity(surface)
        if not found or not self.spend(len(found[0][1]) * (1 + len(surface) // COMPARED_PER_STEP)):
            return None
        if len(found) == 1 or len(found[0][1]) < FEW_OCCURRENCES:
            return found[0]
        (offset, places), (other, others) = found[:2]
        low, high = other - offset - WORD_SLACK, other - offset + WORD_SLACK + len(surface)
        near_by = []
        for place in places:
            number = bisect_left(others, place + low)
            if number < len(others) and others[number] <= place + high:
                near_by.append(place)
        return offset, near_by

    def _by_rarity(self, surface: str) -> list[tuple[int, list[int]]]:
        found = []
        for match in WORD.finditer(surface[:SEARCHED_LENGTH]):
            if match.end() == SEARCHED_LENGTH:
                break
            places = self.words.get(fold_word(match.group()))
            if places is None:
                return []
            found.append((match.start(), places))
        return sorted(found, key=lambda each: len(each[1]))

    def whole_words(self, surface: str) -> list[int]:
        """Return the starts of all occurrences that cut no word, in order."""
        found = self._found.get(surface)
        if found is None:
            found = self._found[surface] = list(self._search(surface))
        return found

    def _search(self, surface: str) -> Iterator[int]:
        rarest = self.rarest(surface)
        if rarest is None:
            return
        offset, places = rarest
        text, length = self._text, len(surface)
        if not self.spend(len(places) * (1 + length // COMPARED_PER_STEP)):
            return
        for place in places:
            start = place - offset
            if (
                start >= 0
                and text.startswith(surface, start)
                and not cuts_word(text, start, start + length)
            ):
                yield start

    def spend(self, work: int) -> bool:
        """Tell whether so much work may still be done, and count it."""
        if work > self._budget:
            return False
        self._budget -= work
        return True


class Free:
    """Which of some sorted places are free, with a quick way to the nearest one.

    Nothing is kept for places that nobody has asked for, as there may be millions.
    """

    def __init__(self, places: list[int]) -> None:
        self._places = places
        # From a place that is taken towards the next free one; shortened whenever it is walked.
        self._right: dict[int, int] = {}
        self._left: dict[int, int] = {}

    def take(self, number: int) -> None:
        """Mark the place with this number as taken."""
        self._right[number] = number + 1
        self._left[number + 1] = number

    def nearest(self, low: int, high: int) -> int | None:
        """Return the number of the free place that is nearest to the places from low to high, the
        first one of those within it; None if none is free.
        """
        places, number = self._places, bisect_left(self._places, low)
        right = _walk(self._right, number)
        left = _walk(self._left, number) - 1
        if right == len(places):
            return left if left >= 0 else None
        if left < 0 or places[right] <= high:
            return right
        return left if low - places[left] < places[right] - high else right


def _walk(links: dict[int, int], number: int) -> int:
    root = number
    while (following := links.get(root)) is not None:
        root = following
    while number != root:
        links[number], number = root, links[number]
    return root
