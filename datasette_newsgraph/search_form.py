"""The form in which texts are searched: the words of a text as the index has them and as they are
asked for, and where each of them stands.

FTS5 cannot be told how words are cut in every script. So it is given texts that are cut already: words
without cases, accents and optional marks, one blank apart, and where a script has no blanks between
words, each character as it is seen by itself. A word of such a script is then a phrase of these. What
is asked for is put into the same form, and marked where the words of the original are of that form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property, lru_cache

from datasette_newsgraph import scripts

#: The tokenizer of FTS5: marks that are left belong to their words.
TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'"
#: What SQL calls the function of the name :func:`phrase`.
PHRASE_FUNCTION = "newsgraph_phrase"
#: Marks on one character that are looked at: to put them in order takes the square of their number.
_MOST_MARKS = 30
#: Code points between blanks, or letters of a word, of which it is remembered what they become; and
#: how many of these.
_REMEMBERED, _WORDS = 30, 20_000
#: Code points of a word, in the middle of which something begins.
_LONGEST_WORD = 100


#: A word as it is searched for, and the span of the text in which it stands, in code points.
Word = tuple[str, int, int]


class _Patterns:
    """What finds words, made of Unicode's tables when it is first used.

    For texts without a character behind the ``last``: a class is quicker that has none of these.
    """

    def __init__(self, last: int) -> None:
        self.last = last

    @cached_property
    def optional(self) -> re.Pattern[str]:
        """What makes no difference."""
        later = scripts.OPTIONAL_LATER if self.last == scripts.LAST else ""
        # One at a time: the engine looks for a class alone, not for a class that is repeated.
        return re.compile(f"[{scripts.OPTIONAL}{later}{scripts.joining(self.last)}]")

    @cached_property
    def apart(self) -> re.Pattern[str]:
        """A letter that is written without blanks, or all that stands between two such letters."""
        return re.compile(f"[{scripts.running(self.last)}]{self._marked}|{self._others}")

    @cached_property
    def stacked_apart(self) -> re.Pattern[str]:
        """The same where some letters stand under others."""
        return re.compile(f"{self._running}|{self._others}")

    @property
    def _others(self) -> str:
        return f"[^{scripts.running(self.last)}]+"

    @cached_property
    def is_running(self) -> re.Pattern[str]:
        return re.compile(f"[{scripts.running(self.last)}]")

    @cached_property
    def attached(self) -> re.Pattern[str]:
        """A mark, or what else is part of the letter before it."""
        return re.compile(f"[{self._marks}]")

    @cached_property
    def lone(self) -> re.Pattern[str]:
        """A mark that stands behind no letter: FTS5 would begin a word with it."""
        # The mark first: most characters are none.
        mark = f"[{self._marks}]"
        return re.compile(rf"{mark}(?<![^\W_].)(?<!{mark}.)", re.DOTALL)

    @cached_property
    def running_letters(self) -> re.Pattern[str]:
        """Such letters in a row, as a group."""
        return re.compile(f"([{scripts.running(self.last)}]+)")

    @cached_property
    def run(self) -> re.Pattern[str]:
        """Letters, digits and marks in a row."""
        letters = (
            rf"(?:(?:[^\W_{self._marks}{scripts.LATER_HAN}]+|[{scripts.LATER_HAN}]+){self._marked}"
        )
        return re.compile(f"{letters})+|[{scripts.ATTACHED}]{self._marked}{letters})*")

    @cached_property
    def character(self) -> re.Pattern[str]:
        """Each of them as it is seen."""
        first, middle, final = (
            f"[{each}]" for each in (scripts.FIRST, scripts.MIDDLE, scripts.FINAL)
        )
        whole, alone = f"[{scripts.SYLLABLES}]", f"[{scripts.ALONE}]"
        begun = f"(?:{first}+(?:{whole}|{middle}+)?|{whole}|{middle}+|{final}+|{alone}+)"
        hangul = f"{begun}{middle}*{final}*{alone}*[{scripts.MIDDLE}{scripts.FINAL}]*"
        other = rf"(?:[^\W_{self._marks}]|[{scripts.ATTACHED}])"
        return re.compile(f"{hangul}{self._marked}|{self._running}|{other}{self._marked}")

    @cached_property
    def word(self) -> re.Pattern[str]:
        """Each word of a text that is folded."""
        spaced = rf"[^\W_{scripts.running(self.last)}{self._marks}]+"
        return re.compile(rf"{self._running}|(?:{spaced}{self._marked})+")

    @property
    def _marks(self) -> str:
        return scripts.attached(self.last)

    @property
    def _marked(self) -> str:
        return f"[{self._marks}]*"

    @property
    def _running(self) -> str:
        letter = f"[{scripts.running(self.last)}]{self._marked}"
        return f"{letter}(?:(?<=[{scripts.STACKING}]){letter})*"


_of_all, _of_most = _Patterns(scripts.LAST), _Patterns(scripts.LAST_COMMON)
_IS_BEHIND = re.compile(f"[{chr(scripts.LAST_COMMON + 1)}-{chr(scripts.LAST)}]")
_WIDE = re.compile(f"[{scripts.WIDE_SIGNS}]+")
#: Names in scripts whose letters are characters, and are folded to themselves.
_UNCHANGED = re.compile(f"[{scripts.UNCHANGED}]+")
#: What stands between two words in Arabic script.
_NOT_JOINED = re.compile(f"{scripts.NON_JOINER}(?<=[{scripts.ARABIC}].)")
#: Where there may be too many marks.
_SIGNS = re.compile(rf"[^\w\s]{{{_MOST_MARKS + 1},}}")


def _patterns(text: str) -> _Patterns:
    return _of_all if _IS_BEHIND.search(text) else _of_most


@cache
def _class_of(characters: Callable[[], str], more: str = "") -> re.Pattern[str]:
    return re.compile(f"[{characters()}]{more}")


@cache
def _group_of(characters: Callable[[], str]) -> re.Pattern[str]:
    return re.compile(f"([{characters()}])")


def is_plain(text: str) -> bool:
    """Tell whether FTS5 itself makes the words of a text that we make of it."""
    if text.isascii():
        return "\0" not in text
    return _class_of(scripts.plain, "*").fullmatch(text) is not None


def search_form(text: str | None) -> str | None:
    """Return a text as FTS5 is to index it; None where that is the text itself."""
    if text is None or is_plain(text):
        return None
    if _UNCHANGED.fullmatch(text):
        return " ".join(text)
    if not _class_of(scripts.known, "*").fullmatch(text):
        return _joined_words(text)
    # Most texts: FTS5 itself finds what stands between words, if they are no running letters.
    folded = _composed(text, scripts.accented_for_fts5, _of_most)
    is_marked = _of_most.attached.search(folded)
    if is_marked and _of_most.lone.search(folded):
        return _joined_words(text)
    if not _of_most.is_running.search(folded):
        return folded
    if not is_marked:
        # As Chinese, Japanese and Korean mostly are: a letter is a character.
        parts = _of_most.running_letters.split(folded)
        return " ".join(" ".join(each) if at % 2 else each for at, each in enumerate(parts) if each)
    is_stacked = any(each in folded for each in scripts.STACKING)
    return " ".join((_of_most.stacked_apart if is_stacked else _of_most.apart).findall(folded))


def folded_row(values: Iterable[str | None]) -> list[str | None] | None:
    """Return the columns of a row in this form, each None where it is so as it is; None for all."""
    folded = [search_form(value) for value in values]
    return None if all(value is None for value in folded) else folded


def words(text: str) -> list[str]:
    """Return the words of a text as they are searched for, in order."""
    if text.isascii():
        return re.findall("[a-z0-9]+", text.lower())
    joined = _joined_words(text)
    return joined.split(" ") if joined else []


class _Remembered(dict[str, str]):
    """What stands between blanks in texts, with its words, one blank apart: most of it comes again.

    What came lately is kept, and what came before that, as long as it comes again.
    """

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[str, str] = {}

    def __missing__(self, part: str) -> str:
        joined = self._before.get(part)
        if joined is None:
            joined = " ".join(_words_of(part))
            if joined == part:
                # Once in memory.
                joined = part
        if len(part) <= _REMEMBERED:
            if len(self) >= _WORDS // 2:
                self._before = dict(self)
                self.clear()
            self[part] = joined
        return joined


_between_blanks = _Remembered()


def _joined_words(text: str) -> str:
    """Return the words of a text, one blank apart. No word goes over a blank, and what becomes of a
    character depends on nothing behind one.
    """
    return " ".join(filter(None, map(_between_blanks.__getitem__, text.split())))


def _words_of(text: str) -> list[str]:
    if text.isascii():
        return re.findall("[a-z0-9]+", text.lower())
    folded = _folded(text)
    found: list[str] = []
    done = 0
    # No word goes over a blank: only those with such a character need the slower pattern.
    while behind := _IS_BEHIND.search(folded, done):
        start = folded.rfind(" ", done, behind.start()) + 1 or done
        end = folded.find(" ", behind.end())
        end = len(folded) if end < 0 else end
        found += _of_most.word.findall(folded, done, start)
        found += _of_all.word.findall(folded, start, end)
        done = end
    return found + _of_most.word.findall(folded, done)


def words_in_place(text: str, start: int = 0) -> Iterator[Word]:
    """Yield the words of a text as they are searched for, in order, each with its span: those that
    begin behind ``start``, and perhaps some before them.

    A span begins and ends between characters as they are seen: marks are in it.
    """
    first = max(0, start - _LONGEST_WORD)
    while start > first and not text[start - 1].isspace():
        start -= 1
    for found in _patterns(text).run.finditer(text, start):
        run, start = found.group(), found.start()
        parts = _remembered(run) if len(run) <= _REMEMBERED else _parts(run)
        for folded, first, last in parts:
            yield folded, start + first, start + last


def is_running(word: str) -> bool:
    """Tell whether a word, as it is searched for, is one character of a script without blanks."""
    return not word.isascii() and _of_all.is_running.match(word) is not None


def end_of_character(text: str, place: int) -> int:
    """Return where the character ends, as it is seen, that goes on at a place; or the place."""
    if place >= len(text) or text[place].isascii():
        return place
    found = _class_of(scripts.attached, "+").match(text, place)
    return found.end() if found else place


def start_of_character(text: str, place: int) -> int:
    """Return where the character begins, as it is seen, that goes on at a place; or the place."""
    while 0 < place < len(text) and (
        _of_all.attached.match(text, place) or text[place - 1] in scripts.LEADING
    ):
        place -= 1
    return place


def phrase(text: object) -> str:
    """Return a full-text query for the words of a text, one behind the other. Nothing is found by no
    words.
    """
    return f'"{" ".join(words(text))}"' if isinstance(text, str) else '""'


def _folded(text: str) -> str:
    if not unicodedata.is_normalized("NFKC", text):
        text = _class_of(scripts.symbols).sub(" ", text)
    return _composed(text, scripts.accented, _patterns(text))


def _composed(text: str, accented: Callable[[], str], patterns: _Patterns) -> str:
    """Return a text without cases, in Unicode's composed form, without what is optional and the accents
    of some letters.
    """
    text = text.casefold()
    if not unicodedata.is_normalized("NFKC", text):
        text = _SIGNS.sub(_without_too_many, _WIDE.sub(" ", text))
        text = unicodedata.normalize("NFKC", text).casefold()
        text = unicodedata.normalize("NFKC", text)
    if scripts.NON_JOINER in text:
        text = _NOT_JOINED.sub(" ", text)
    text = patterns.optional.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        # Marks that a joiner kept apart have come together.
        text = unicodedata.normalize("NFKC", text)
    for letter, same in scripts.SAME.items():
        text = text.replace(letter, same)
    # Quicker than to replace each by a function, as they are many.
    parts = _group_of(accented).split(text)
    parts[1::2] = map(scripts.bare().__getitem__, parts[1::2])
    return "".join(parts)


def _without_too_many(signs: re.Match[str]) -> str:
    marks = scripts.attached()
    return re.sub(rf"([{marks}]{{{_MOST_MARKS}}})[{marks}]+", r"\1", signs[0])


@lru_cache(maxsize=_WORDS)
def _character(text: str) -> str:
    return _folded(text)


def _parts(run: str) -> tuple[Word, ...]:
    """Return the words in letters, digits and marks in a row."""
    if run.isascii():
        return ((run.lower(), 0, len(run)),)
    patterns = _patterns(run)
    folded: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in patterns.character.finditer(run):
        character = _character(found.group())
        folded.append(character)
        spans += [found.span()] * len(character)
    together = "".join(folded)
    if not unicodedata.is_normalized("NFKC", together):
        # Marks that a stretched line kept apart have come together: in another order, or put into one.
        together = unicodedata.normalize("NFKC", together)
        if len(together) != len(spans):
            spans = [(0, len(run))] * len(together)
    return tuple(
        (each[0], spans[each.start()][0], spans[each.end() - 1][1])
        for each in _patterns(together).word.finditer(together)
    )


_remembered = lru_cache(maxsize=_WORDS)(_parts)
