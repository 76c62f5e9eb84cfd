"""What is compared of a name: its words, folded, without what stands before and behind them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from datasette_newsgraph.candidates.sounds import consonants
from datasette_newsgraph.candidates.words import ARTICLES, COMPANIES, INDEFINITE, SMALL, TITLES

#: Code points of a name that are looked at: a longer one is a sentence that a tool took for a name.
LONGEST = 200
#: Letters that are no letter with a mark, and what they are written as without them.
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i"}
    | {"ŧ": "t", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "ð": "d"}
    | {"ſ": "s"}
)
_APOSTROPHES = re.compile("['’‘ʼʻʿʾ`´]")
_POSSESSIVE = re.compile(r"['’]s(?=$|\s)")
_DOTTED = re.compile(r"\b[^\W\d_](?:\.\s?[^\W\d_])+\b\.?")
_WORD = re.compile(r"[^\W_]+")
_INITIAL = re.compile(r"[^\W\d_]\.")
_BETWEEN = re.compile(r"[.\s-]")
#: The Roman numbers of two letters and more that are no words.
_ROMAN = re.compile("(?:x{1,3})?(?:ix|iv|vi{1,3}|i{2,3})|x{2,3}")
#: Letters of an acronym, at least and at most.
ACRONYM = range(2, 8)


def folded(name: str) -> str:
    """Return a name without marks on letters, apostrophes and a possessive; its case is kept.

    >>> folded("Côte d’Ivoire's")
    'Cote dIvoire'
    """
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name.translate(_LETTERS))
        name = "".join(each for each in decomposed if not unicodedata.combining(each))
    if "'" in name or "’" in name or not name.isascii():
        name = _APOSTROPHES.sub("", _POSSESSIVE.sub("", name))
    return name


class Name:
    """A name as it is compared.

    ``words`` are all its words, lower case; ``core`` those without articles, titles and the form of a
    company around them, and ``title`` the titles. ``joined`` is the core in one. ``acronym`` is set
    where the name is one; ``initials`` are the letters that an acronym of it may have, without and with
    its small words.
    """

    __slots__ = (
        *("acronym", "core", "initials", "is_indefinite", "joined", "raw", "telling", "title"),
        "words",
    )

    def __init__(self, raw: str) -> None:
        self.raw = raw
        text = folded(raw[:LONGEST])
        dotted = _DOTTED.sub(_without_dots, text) if "." in text else text
        self.words = tuple(_WORD.findall(dotted.replace("&", " and ").lower()))
        is_initial = _INITIAL.match(text) is not None
        self.is_indefinite = not is_initial and len(self.words) > 1 and self.words[0] in INDEFINITE
        self.title, core = _stripped(self.words, is_initial=is_initial)
        self.core = core or self.words or (raw[:LONGEST].casefold(),)
        self.joined = "".join(self.core)
        #: The words by which it is told from others.
        self.telling = frozenset(self.core) - SMALL
        self.initials = _initials(self.core)
        self.acronym = _acronym(text) if len(self.core) == 1 else ""

    @property
    def numbers(self) -> frozenset[str]:
        """Return the words that number it: those with a digit, Roman numbers, and a letter at the end,
        as in "Group F".
        """
        core = self.core
        found = {word for word in core if _ROMAN.fullmatch(word) or _has_digit(word)}
        is_letter = len(core[-1]) == 1 < max(map(len, core))
        return frozenset(found | ({core[-1]} if is_letter else set()))

    @property
    def sound(self) -> str:
        """Return the consonants of its words, in the order of the alphabet."""
        return " ".join(sorted(map(consonants, self.core)))


@lru_cache(maxsize=1 << 15)
def analysed(raw: str) -> Name:
    """Return a name as it is compared."""
    return Name(raw)


def _without_dots(found: re.Match[str]) -> str:
    return found[0].replace(".", "").replace(" ", "") + " "


def _stripped(
    words: tuple[str, ...], *, is_initial: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the titles before a name, and what is left without them, articles and a company's form.

    ``is_initial``: the first word is the letter of a first name, and no article.
    """
    start, end = 0, len(words)

    def passed(among: frozenset[str]) -> int:
        at = start
        while at < end - 1 and words[at] in among:
            at += 1
        return at

    start = begin = 0 if is_initial else passed(ARTICLES)
    start = passed(TITLES)
    title = words[begin:start]
    start = start if is_initial else passed(ARTICLES)
    if end - start > 1 and words[end - 1] in COMPANIES:
        end -= 1
    return title, words[start:end]


def _initials(core: tuple[str, ...]) -> tuple[str, ...]:
    if len(core) < 2:
        return ()
    all_ = "".join(word[0] for word in core)
    big = [word[0] for word in core if word not in SMALL]
    found = {"".join(big), all_} if len(big) > 1 else {all_}
    return tuple(sorted(each for each in found if len(each) in ACRONYM))


def _acronym(text: str) -> str:
    """Return the letters of a name that is an acronym, "" for another."""
    letters = _BETWEEN.sub("", text)
    if len(letters) not in ACRONYM or not letters.isalpha():
        return ""
    capitals = sum(each.isupper() for each in letters)
    return letters.lower() if capitals >= max(2, len(letters) - 1) else ""


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(each.isdigit() for each in word)
