"""Where the words of CoNLL-U stand: spacing, ranges of words, and the comment ``# text``."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from datasette_newsgraph.readers.tokens import TokenSpan

PARAGRAPH = "\n\n"
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "p": "|", "\\": "\\"}


class Unit(NamedTuple):
    """What stands in the text: a word, or a range of words that are written as one. ``after`` is the
    white space behind it; ``is_exact`` tells that the file has said it to the letter.
    """

    words: Sequence[str]
    surface: str
    after: str = " "
    before: str = ""
    is_exact: bool = False


def unescaped(spaces: str) -> str:
    r"""Return white space as it is, of which the file has ``\s\n``."""
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[0]), spaces)


class Layout:
    """The text of a document and the places of its words, sentence by sentence."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._after = ""
        self._starts, self._ends = array("q"), array("q")
        #: How many words come before each sentence, and all of them at the end.
        self.first_words = [0]
        self._text: str | None = None

    def add(self, units: Sequence[Unit], text: str | None, *, is_paragraph: bool) -> None:
        """Add a sentence, of which ``text`` is what the file says that it reads."""
        if self._length and not (is_paragraph and "\n" not in self._after):
            self._append(self._after)
        elif self._length:
            self._append(PARAGRAPH)
        self._append(units[0].before)
        base = self._length
        places = None
        built = "".join([part for unit in units for part in (unit.surface, unit.after)])
        built = built[: len(built) - len(units[-1].after)]
        if text and text != built and not any(unit.is_exact for unit in units):
            places = _aligned(units, text)
        if places is None:
            places, place = [], 0
            for unit in units:
                places.append(place)
                place += len(unit.surface) + len(unit.after)
            text = built
        for unit, place in zip(units, places, strict=True):
            self._place(unit, base + place)
        self._append(text or built)
        self._after = units[-1].after
        self.first_words.append(len(self._starts))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)

    def _place(self, unit: Unit, start: int) -> None:
        end = start + len(unit.surface)
        if len(unit.words) > 1 and "".join(unit.words) == unit.surface:
            for word in unit.words:
                self._starts.append(start)
                start += len(word)
                self._ends.append(start)
            return
        # "au" is both of "à le".
        for _ in unit.words:
            self._starts.append(start)
            self._ends.append(end)

    @property
    def text(self) -> str:
        """All of it."""
        if self._text is None:
            self._text = "".join(self._parts)
        return self._text

    def span(self, first: int, end: int) -> TokenSpan | None:
        """Return the span of the words ``first`` to ``end`` (exclusive); None if there are none."""
        if not 0 <= first < end <= len(self._starts):
            return None
        start, stop = self._starts[first], self._ends[end - 1]
        return TokenSpan(start, stop, self.text[start:stop])

    def begins_sentence(self, word: int) -> bool:
        """Tell whether a word is the first of its sentence."""
        place = bisect_left(self.first_words, word)
        return self.first_words[place] == word

    def sentence(self, number: int) -> TokenSpan | None:
        """Return the span of a sentence, counted from 0."""
        first, end = self.first_words[number : number + 2]
        return self.span(first, end)


def _aligned(units: Sequence[Unit], text: str) -> list[int] | None:
    """Return where the units stand in a text that has nothing but white space between them; None if it
    reads otherwise.
    """
    places, place = [], 0
    for unit in units:
        while text[place : place + 1].isspace():
            place += 1
        if not text.startswith(unit.surface, place):
            return None
        places.append(place)
        place += len(unit.surface)
    return None if text[place:].strip() else places
