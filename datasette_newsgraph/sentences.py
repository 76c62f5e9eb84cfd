"""Where sentences begin and end: the one place for these rules.

They are made for news in scripts that mark the end of a sentence. What a script does not mark, as Thai,
ends where the line does. The rules look at a few characters around each mark, so that a text takes time
in proportion to its length; and they go by the text alone, so that every machine finds the same.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property

from datasette_newsgraph.abbreviations import (
    ANYWHERE,
    BEFORE_NAMES,
    BEFORE_NUMBERS,
    BEGINNING,
    TAILS,
    WITH_ORDINALS,
)

# Marks that are nothing but the end of a sentence: Chinese and Japanese, Arabic and Urdu, Devanagari
# and its neighbours, Armenian, Ethiopic, Burmese, Khmer. No space need follow.
_SURE = "。！？｡؟۔।॥։።፧။។"
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
_CLOSING = "\"'”’»›)\\]}」』）】》〉"
#: What a sentence may begin with before its first word, and what may stand around a word.
_OPENING = "\"'“„‘‚«‹([{「『（【《〈¿¡—–-•·*"
# A question mark of Greek looks like a semicolon. A French quotation mark closes behind a space, and
# German closes a quotation with the mark by which English opens one.
#
# Most ends are usual ones: behind three letters of a word, before a capital or a paragraph. So they are
# told apart here, by a group.
_MARK = re.compile(
    rf"[{_SURE}{_LINE_ENDS}.!?…;](?:(?<=[{_LINE_ENDS}])\s*"
    r"|(?<=[^\W\d_A-Z]{3}[.!?])(?<![bcdfghjklmnpqrstvwxz]{3}.)[\"'”’]*"
    r"(?=\s[A-ZÀ-ÞА-ЯЁΑ-Ω]|\n\n)(?P<usual>)"
    rf"|[{_SURE}.!?…]*(?:[{_CLOSING}]|[ \u00a0\u202f]»|[“‘](?!\S))*)"
)
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
#: As much of a word is looked at as an abbreviation or the word behind it has.
_WORD = 16
_LETTERS = re.compile(r"\w+")

_CONSONANTS = re.compile("[bcdfghjklmnpqrstvwxzçčćďğłľňñřšśşťžźż]{2,5}", re.IGNORECASE)
_DASHES = frozenset("-–—/")


class Sentences:
    """The sentences of a text: found once, when the first of them is asked for.

    ``language`` is the tag of its language, if that is known; at the ``borders``, places in the text,
    a sentence ends whatever stands there.
    """

    def __init__(self, text: str, language: str | None = None, borders: Iterable[int] = ()) -> None:
        self._text = text
        self._has_ordinals = (language or "").lower().partition("-")[0] in WITH_ORDINALS
        self._borders = borders

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return where the sentence of a span begins and ends, in code points, end exclusive.

        A span over several sentences has all of them. One of white space alone is its own sentence.
        """
        starts, ends = self._found
        first = bisect_right(starts, start) - 1
        if first < 0 or start >= ends[first]:
            # Between two sentences.
            first += 1
        last = bisect_left(ends, end)
        if last == len(ends) or end <= starts[last]:
            last -= 1
        if first > last:
            return start, end
        return min(starts[first], start), max(ends[last], end)

    @property
    def starts(self) -> list[int]:
        """Return where the sentences begin, in order."""
        return self._found[0]

    @property
    def ends(self) -> list[int]:
        """Return where they end: in front of the white space between them."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[list[int], list[int]]:
        text = self._text
        length = len(text)
        starts: list[int] = []
        ends: list[int] = []
        begin, finish = starts.append, ends.append
        start = 0
        # Each stretch of white space is gone through once, however many ends it has.
        while start < length and text[start].isspace():
            start += 1
        for end in self._all_ends():
            if end > start:
                begin(start)
                start = end
                while text[end - 1].isspace():
                    end -= 1
                finish(end)
                while start < length and text[start].isspace():
                    start += 1
        if start < length:
            begin(start)
            finish(len(text.rstrip()))
        return starts, ends

    def _all_ends(self) -> list[int]:
        borders = {each for each in self._borders if 0 < each < len(self._text)}
        return sorted(borders.union(self._marked())) if borders else self._marked()

    def _marked(self) -> list[int]:
        """Return the places behind what ends a sentence, in order."""
        text = self._text
        ends: list[int] = []
        breaks: list[int] = []
        going_on = 0
        for found in _MARK.finditer(text):
            start, end = found.span()
            if found.lastindex:
                if text[start - 3 : start] not in TAILS or self._is_end(found[0], start, end):
                    ends.append(end)
            elif text[start] in _LINE_ENDS:
                if end - start > 1 and _is_paragraph(found[0]):
                    ends.append(start)
                elif text[end : end + 1].islower():
                    going_on += 1
                else:
                    breaks.append(start)
            elif self._is_end(found[0], start, end):
                ends.append(end)
        # Where lines go on in lower case as a rule, they end where there was no more room.
        return ends if going_on > len(breaks) else sorted(ends + breaks)

    def _is_end(self, mark: str, start: int, end: int) -> bool:
        """Tell whether a mark, which closing quotes and brackets may follow, ends a sentence."""
        text = self._text
        first = mark[0]
        if first in _SURE:
            return True
        if first == ";" and not _GREEK.match(text, max(0, start - 1)):
            return False
        behind = text[end : end + 2 * _WORD]
        if not behind[:1].isspace():
            return not behind
        following = behind.lstrip().lstrip(_OPENING)
        if following[:1].islower():
            return False
        if first != "." or mark[1:2] == ".":
            return True
        return not self._is_abbreviated(start, mark, following)

    def _is_abbreviated(self, start: int, mark: str, following: str) -> bool:
        """Tell whether a full stop belongs to the word before it, which goes on with ``following``."""
        words = self._text[max(0, start - _WORD) : start].rsplit(None, 1)
        if not words or not self._text[start - 1 : start].strip():
            return False
        word = words[-1]
        if len(mark) > 1 and word[0] not in _OPENING:
            return False
        if len(mark) > 1 and mark[1] in ")]":
            # What a bracket holds alone, as in "(D-Wash.)", is part of what is around it.
            return True
        word = word.lstrip(_OPENING)
        for dash in _DASHES.intersection(word):
            word = word.rpartition(dash)[2]
        if word in BEFORE_NAMES:
            return True
        if word.isdecimal():
            return len(word) < 4 and (
                (self._has_ordinals and len(word) < 3 and following[:1].isalpha())
                or self._begins_line(start - len(word))
            )
        if word in BEFORE_NUMBERS and following[:1].isdecimal():
            return True
        is_short = len(word) < 2 or "." in word or word in ANYWHERE or _has_no_vowel(word)
        if not is_short or _is_number_or_address(word):
            return False
        begun = _LETTERS.match(following)
        return begun is None or begun[0] not in BEGINNING

    def _begins_line(self, place: int) -> bool:
        """Tell whether nothing but white space stands before a place in its line."""
        before = self._text[max(0, place - 4) : place]
        kept = before.rstrip(" \t")
        return (not kept and place <= 4) or kept[-1:] in _LINE_ENDS


def _is_paragraph(space: str) -> bool:
    """Tell whether more than one line ends in some white space."""
    return space.count("\n") > 1 or "\u2029" in space


def _has_no_vowel(word: str) -> bool:
    """Tell whether a word in Latin letters is short for another, as Sgt is; BBC stands for itself."""
    return _CONSONANTS.fullmatch(word) is not None and not word.isupper()


def _is_number_or_address(word: str) -> bool:
    """Tell whether a word with full stops in it is none of short words, as "1.5" and "example.org"."""
    return "." in word and any(len(part) > 3 or not part.isalpha() for part in word.split("."))


def borders_of(zones: Iterable[tuple[int, int, str]]) -> list[int]:
    """Return where zones, given as (start, end, name), begin and end: no sentence goes on there."""
    return [place for start, end, _ in zones for place in (start, end)]
