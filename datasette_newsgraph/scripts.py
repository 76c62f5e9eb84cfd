"""Which characters words are made of, in every script: what search and its marks go by.

They are parts of character classes of regular expressions. Those that only Unicode's tables can tell
are gathered when the first text is met that is more than plain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

#: The last of all characters; and the last of the first plane, which most texts have none behind.
LAST, LAST_COMMON = 0x10FFFF, 0xFFFF
#: Where Unicode puts Han characters that it did not have before.
_LATER_HAN = (0x20000, 0x3FFFF)
LATER_HAN = "\U00020000-\U0003ffff"
#: The blocks of the scripts that are written without blanks between words, or in which, as in Korean,
#: what is said of a word is written to it. Of these blocks the letters count.
RUNNING: dict[str, tuple[tuple[int, int], ...]] = {
    "Thai": ((0x0E00, 0x0E7F),),
    "Lao": ((0x0E80, 0x0EFF),),
    "Myanmar": ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
    "Khmer": ((0x1780, 0x17FF),),
    "Tai": ((0x1950, 0x19DF), (0x1A20, 0x1AAF), (0xAA80, 0xAADF)),
    "Balinese and Javanese": ((0x1B00, 0x1B4F), (0xA980, 0xA9CF)),
    "Han": (
        *((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303C)),
        *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), _LATER_HAN),
    ),
    "Kana and Bopomofo": (
        *((0x3041, 0x312F), (0x31A0, 0x31BF), (0x31F0, 0x31FF)),
        *((0xFF66, 0xFF9F), (0x1AFF0, 0x1B16F)),
    ),
    "Hangul": (
        *((0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97F), (0xAC00, 0xD7A3)),
        *((0xD7B0, 0xD7FF), (0xFFA0, 0xFFDC)),
    ),
    "Yi": ((0xA000, 0xA48C),),
}
#: Code points of a block that is small.
_SMALL = 0x400
#: Letters that are seen as part of the letter before them: Thai's and Lao's vowel am, and the voiced
#: sounds of half-width Kana.
ATTACHED = "\u0e33\u0eb3\uff9e\uff9f"
#: Signs that put the letter behind them under the one before.
STACKING = "\u1039\u17d2\u1a60\u1b44\ua9c0"

#: Where Unicode has marks: on letters, and those that choose between forms of a character.
_MARKS = (
    *(range(0x0300, 0x3100), range(0xA600, 0xAC00), range(0xFB1E, 0x10000)),
    *(range(0x101FD, 0x12000), range(0x16AF0, 0x17000), range(0x1BC00, 0x1F000)),
    range(0xE0100, 0xE01F0),
)
#: What joins or keeps apart the forms of letters, and is part of the letter before it: soft hyphen,
#: combining grapheme joiner, joiner and non-joiner, tones of skin and tags of emoji.
JOINING = "\u00ad\u034f\u200c\u200d\u2060"
JOINING += "".join(map(chr, (*range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080))))
#: What is part of the digits or letters behind it, such as the Arabic sign of a year.
LEADING = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
NON_JOINER = "\u200c"
#: The letters of a block in which the non-joiner stands between two words, as a blank would.
ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"

#: Marks that a text may have or not, and its words are the same: accents and stress, the points of
#: Hebrew and Syriac, the vowels and stretched lines of Arabic, signs for singers, selectors of form.
OPTIONAL = (
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff"
    "\u0488\u0489\ua670-\ua672\u0711\u0730-\u074a\u180b-\u180d\u180f\ufe00-\ufe0f"
)
OPTIONAL_LATER = "\U000e0100-\U000e01ef"
#: Letters that are written for one another.
SAME = {
    **dict.fromkeys("ёѐ", "е"),
    "ѝ": "и",
    **dict.fromkeys("آأإٱ", "ا"),
}
#: Where the letters stand of which accents make no other letter: Latin and Greek.
_ACCENTED = (range(0xC0, 0x250), range(0x370, 0x400), range(0x1E00, 0x2000))
_ACCENTS = range(0x300, 0x370)

#: The letters of Hangul that Unicode puts together to syllables, by where they stand in one; the
#: syllables; and the letters as they are typed alone.
FIRST = "\u1100-\u115f\ua960-\ua97c"
MIDDLE = "\u1160-\u11a7\ud7b0-\ud7c6"
FINAL = "\u11a8-\u11ff\ud7cb-\ud7fb"
SYLLABLES = "\uac00-\ud7a3"
ALONE = "\u3131-\u318e\uffa0-\uffdc"

#: Of the letters that are written without blanks the most frequent that are the same when folded: Kana,
#: Han and syllables of Hangul.
UNCHANGED = "\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fcb\uac00-\ud7a3"
#: Where the characters stand that news has most beside ASCII, up to those that are newer than FTS5.
_COMMON = (range(0xA0, 0x250), range(0x410, 0x460), range(0x1E00, 0x1F00), range(0x2010, 0x20BA))
#: Of these, the letters that keep their accents in FTS5.
_KEPT_WHOLE = "ǡ"
#: Where the characters of the scripts stand that most news is written in.
_KNOWN = (
    *(range(0xA0, 0x250), range(0x370, 0x560), range(0x591, 0x700), range(0x900, 0x1100)),
    *(range(0x1200, 0x1380), range(0x1780, 0x1800), range(0x1E00, 0x2000), range(0x2010, 0x2060)),
    *(range(0x3000, 0x3100), range(0xFF01, 0xFF60)),
)
#: Han and the syllables of Hangul, which are as well known: letters all, so that none is looked at.
_KNOWN_LETTERS = "\u4e00-\u9fcb\uac00-\ud7a3"
#: Of these, what FTS5 takes otherwise: signs that enclose, and signs that are newer than it.
_UNKNOWN = frozenset((0x488, 0x489, 0x61D, 0x9FD, 0xA76, 0xC77, 0xC84, 0x1E0, 0x1E1))
#: The full stops, commas and brackets that stand wide in Chinese and Japanese.
WIDE_SIGNS = "，：；！？（）\u3000"
#: Symbols in whose place Unicode has words: "™", "№", "㎏".
_SYMBOLS = (range(0xA0, 0x3400), range(0xFE00, 0x10000), range(0x1F100, 0x1F300))


@cache
def running(last: int = LAST) -> str:
    """Return the letters that are written without blanks between words, up to the ``last``."""
    blocks = [block for each in RUNNING.values() for block in each]
    # A large block has letters only; a small one also signs, marks and digits.
    spans = [block for block in blocks if block[1] - block[0] > _SMALL]
    letters = (
        code
        for first, end in blocks
        if end - first <= _SMALL
        for code in range(first, end + 1)
        if chr(code) not in ATTACHED and _is_letter(chr(code))
    )
    return _class([*spans, *_spans(letters)], last)


@cache
def attached(last: int = LAST) -> str:
    """Return the marks, and all else that is seen as part of the letter before it, up to the
    ``last``.
    """
    return _class([*_marks(), *_spans(sorted(map(ord, JOINING)))], last)


@cache
def joining(last: int = LAST) -> str:
    """Return what joins or keeps apart the forms of letters, up to the ``last``."""
    return _class(_spans(sorted(map(ord, JOINING))), last)


@cache
def _marks() -> list[tuple[int, int]]:
    return _spans(
        code
        for codes in _MARKS
        for code in codes
        if unicodedata.category(chr(code))[0] == "M" or chr(code) in ATTACHED
    )


@cache
def bare() -> dict[str, str]:
    """Return letters with accents, each with the letter without that it is compared as."""
    found = {}
    for letter in (chr(code) for codes in _ACCENTED for code in codes):
        parts = unicodedata.normalize("NFD", letter)
        without = "".join(each for each in parts if ord(each) not in _ACCENTS)
        if without != parts:
            found[letter] = unicodedata.normalize("NFC", without)
    return found


@cache
def symbols() -> str:
    """Return the symbols and signs in whose place Unicode has letters or digits."""
    found = (
        code
        for codes in _SYMBOLS
        for code in codes
        if unicodedata.category(chr(code))[0] in "SP"
        and any(map(str.isalnum, unicodedata.normalize("NFKC", chr(code))))
    )
    return _class(_spans(found))


@cache
def plain() -> str:
    """Return the characters of texts of which FTS5 itself makes the words that we make of them."""
    found = (code for codes in _COMMON for code in codes if _is_plain(chr(code)))
    return "\x01-\x7f" + _class(_spans(found))


@cache
def known() -> str:
    """Return the characters that FTS5 takes for parts of words where we do, and for what stands between
    them where we do: with these, a text need not be cut, only changed.
    """
    found = (code for codes in _KNOWN for code in codes if _is_known(chr(code)))
    return (
        plain()
        + _class(_spans(found))
        + _KNOWN_LETTERS
        + "".join(each for each in JOINING if ord(each) <= LAST_COMMON)
    )


@cache
def accented() -> str:
    """Return the :func:`bare` letters."""
    return "".join(bare())


@cache
def accented_for_fts5() -> str:
    """Return the :func:`bare` letters that FTS5 does not compare as bare by itself."""
    return "".join(each for each in bare() if not _is_plain(each))


def _is_known(character: str) -> bool:
    category = unicodedata.category(character)
    return (category[0] in "LMPZ" or category == "Nd") and ord(character) not in _UNKNOWN


def _is_plain(character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] in "PSZ":
        return True
    folded = character.casefold()
    return (
        category in ("Ll", "Lu")
        and len(folded) == 1
        and folded not in SAME
        and folded not in _KEPT_WHOLE
        and unicodedata.normalize("NFKC", character) == character
        # FTS5 takes the accents off Latin letters, not off others.
        and (folded not in bare() or bare()[folded].isascii())
    )


def _is_letter(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "L" or category == "Nl"


def _spans(codes: Iterable[int]) -> list[tuple[int, int]]:
    """Return code points that come in order as spans, the last of each included."""
    spans: list[tuple[int, int]] = []
    for code in codes:
        first = spans.pop()[0] if spans and code == spans[-1][1] + 1 else code
        spans.append((first, code))
    return spans


def _class(spans: Iterable[tuple[int, int]], last: int = LAST) -> str:
    """Return spans of code points, up to the ``last``, as part of a character class."""
    return "".join(f"{chr(first)}-{chr(end)}" for first, end in spans if first <= last)
