"""Tell whether a text is plainly of another language: by its letters, by frequent words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from importlib import resources

_NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "sv": "Swedish", "da": "Danish", "nb": "Norwegian",
    "pl": "Polish", "tr": "Turkish", "id": "Indonesian", "fi": "Finnish", "cs": "Czech",
    "ro": "Romanian", "hu": "Hungarian", "ru": "Russian", "uk": "Ukrainian", "el": "Greek",
    "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "mk": "Macedonian", "ca": "Catalan",
    "hr": "Croatian", "lt": "Lithuanian", "sl": "Slovenian", "xx": "several languages",
}  # fmt: skip
#: The scripts of languages that are not written in Latin letters.
_SCRIPTS = {
    "ru": ("CYRILLIC",), "uk": ("CYRILLIC",), "mk": ("CYRILLIC",), "el": ("GREEK",),
    "zh": ("CJK",), "ja": ("CJK", "HIRAGANA", "KATAKANA"), "ko": ("HANGUL", "CJK"),
    "ar": ("ARABIC",), "fa": ("ARABIC",), "he": ("HEBREW",), "hi": ("DEVANAGARI",), "th": ("THAI",),
}  # fmt: skip
#: Words that are looked at, and the fewest that tell anything.
_LOOKED_AT, _FEWEST = 600, 20
#: A text is plainly of a language where this share of its words is frequent there and not in another,
#: and this many times as many as those that are frequent in the other alone.
_PLAIN, _TIMES = 0.12, 2
_WORD = re.compile(r"[^\W\d_]+")
#: Other tags of languages: of three letters, and of Norwegian.
_SAME = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it",
    "por": "pt", "nld": "nl", "dut": "nl", "pol": "pl", "no": "nb", "nn": "nb", "in": "id",
}  # fmt: skip
#: Tags that state no one language.
_NO_LANGUAGE = frozenset(("", "und", "mul", "mis", "zxx", "xx"))


def language_name(tag: str) -> str:
    """Return the English name of a language, or its tag."""
    return _NAMES.get(tag, tag)


def other_language(text: str, expected: str) -> str | None:
    """Return what a text is plainly written in, if that is not the language expected; None if it is, or
    if the text does not tell.

    >>> other_language("Правительство объявило о новых переговорах с соседней страной.", "en")
    'Cyrillic letters'
    """
    if expected == "xx":
        return None
    words = [found[0].lower() for found in _first(_WORD, text)]
    script = _script(words)
    expected_scripts = _SCRIPTS.get(expected, ("LATIN",))
    if script is not None and script not in expected_scripts:
        return f"{script.capitalize() if script != 'CJK' else 'Chinese or Japanese'} letters"
    known_words = _frequent_words()
    if expected not in known_words or len(words) < _FEWEST:
        return None
    counts = {
        language: _counts(words, known, known_words[expected])
        for language, known in known_words.items()
        if language != expected
    }
    best = max(counts, key=lambda language: counts[language][0] - counts[language][1])
    its_own, expected_own = counts[best]
    if its_own > _PLAIN * len(words) and its_own > _TIMES * expected_own:
        return language_name(best)
    return None


def stated_other(text: str, stated: str | None, expected: str) -> str | None:
    """Return the language that an article states, if that is not the one expected and the text is not
    plainly of the one expected; else None.

    >>> stated_other("Lima, Kabul", "de-AT", "en"), stated_other("Lima, Kabul", "en-GB", "en")
    ('German', None)
    """
    subtag = (stated or "").strip().lower().replace("_", "-").partition("-")[0]
    language = _SAME.get(subtag) or _tags_by_name().get(subtag, subtag)
    if language in _NO_LANGUAGE or expected == "xx" or language == _SAME.get(expected, expected):
        return None
    return None if _is_plainly(text, expected, language) else language_name(language)


def _is_plainly(text: str, language: str, other: str) -> bool:
    known_words = _frequent_words()
    words = [found[0].lower() for found in _first(_WORD, text)]
    if language not in known_words or len(words) < _FEWEST:
        return False
    its_own, other_own = _counts(words, known_words[language], known_words.get(other, frozenset()))
    return its_own > _PLAIN * len(words) and its_own > _TIMES * other_own


def _counts(words: list[str], known: frozenset[str], other: frozenset[str]) -> tuple[int, int]:
    """Return how many words are frequent in one language only, and how many in the other only."""
    return (
        sum(word in known and word not in other for word in words),
        sum(word in other and word not in known for word in words),
    )


@cache
def _tags_by_name() -> dict[str, str]:
    return {name.lower(): tag for tag, name in _NAMES.items()}


@cache
def _frequent_words() -> dict[str, frozenset[str]]:
    folder = resources.files("datasette_newsgraph.extraction.nlp") / "data"
    lines = (folder / "frequent_words.tsv").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {language: frozenset(words.split()) for language, words in pairs}


def _first(form: re.Pattern[str], text: str) -> list[re.Match[str]]:
    found = []
    for match in form.finditer(text, 0, 20_000):
        found.append(match)
        if len(found) == _LOOKED_AT:
            break
    return found


def _script(words: list[str]) -> str | None:
    """Return the script of more than two thirds of the letters, as Unicode names it."""
    letters = Counter(letter for word in words[:200] for letter in word)
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[unicodedata.name(letter, "LATIN").split()[0].split("-")[0]] += count
    if sum(scripts.values()) < 20:
        return None
    script, count = scripts.most_common(1)[0]
    return script if count > sum(scripts.values()) * 2 / 3 else None
