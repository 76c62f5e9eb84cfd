"""Latin letters as they are searched for: marks and strokes make no difference.

FTS5's unicode61 takes off the marks, of which Unicode knows that they are put on a letter. Of a stroke
it does not: to FTS5 ``ł`` is another letter than ``l``. So a word is looked for in its other spellings.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, combinations, islice

#: Letters, each with the one that has a stroke (of ``i``: that has no dot).
STROKED = {"d": "đ", "h": "ħ", "i": "ı", "l": "ł", "o": "ø", "t": "ŧ"}
#: Spellings with the strokes of one letter: all that there are of a word that has it four times.
_MOST = 15
# The capital of the dotless i is I, which is a bare letter, too.
_UNSTROKED = {cased: letter for letter, each in STROKED.items() for cased in (each, each.upper())}
#: Where Unicode has the Latin letters with marks, whose marks unicode61 takes off.
_LATIN = (range(0xC0, 0x250), range(0x1E00, 0x1F00))


def bare(letter: str) -> str:
    """Return a Latin letter in lower case without marks and strokes; any other as it is."""
    if letter in _UNSTROKED:
        return _UNSTROKED[letter]
    base = unicodedata.normalize("NFD", letter)[:1]
    return base.lower() if base.isascii() and base.isalpha() else letter


@cache
def variants() -> dict[str, str]:
    """Return of each Latin letter all that have marks or a stroke on it."""
    found: dict[str, str] = {}
    for letter in (chr(code) for codes in _LATIN for code in codes):
        without = bare(letter)
        if without.isascii():
            found[without] = found.get(without, "") + letter
    return found


@cache
def bare_letters() -> dict[int, str]:
    """Return the Latin letters with marks or strokes, each with the letter without them."""
    return {ord(each): letter for letter, found in variants().items() for each in found}


def spellings(word: str) -> list[str]:
    """Return how a word may be written else: without strokes, or with those of one letter.

    Hardly a language has two of these letters. They are ``_MOST`` of each, if the word is long.
    """
    letters = [bare(each) for each in word]
    typed = "".join(
        STROKED[letter] if each.lower() == STROKED.get(letter) else letter
        for each, letter in zip(word, letters, strict=True)
    )
    found = ["".join(letters)]
    for letter, stroked in STROKED.items():
        places = [place for place, each in enumerate(letters) if each == letter]
        found += (_with(letters, some, stroked) for some in islice(_subsets(places), _MOST))
    return [each for each in dict.fromkeys(found) if each != typed]


def _with(letters: list[str], places: Iterable[int], stroked: str) -> str:
    written = letters.copy()
    for place in places:
        written[place] = stroked
    return "".join(written)


def _subsets(places: list[int]) -> Iterator[tuple[int, ...]]:
    """Return some of the places, each in turn: all of them first, then by how many they are."""
    if not places:
        return iter(())
    fewer = (combinations(places, number) for number in range(1, len(places)))
    return chain([tuple(places)], chain.from_iterable(fewer))
