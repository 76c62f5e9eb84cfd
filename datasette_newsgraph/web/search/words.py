"""What somebody types into a search box, as full-text search and as marks in a text.

It is words: words in double quotes are a phrase, a star behind a word stands for any ending, and
nothing else is a language of its own. So there is nothing to get wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice, product

from datasette_newsgraph.web.search.letters import bare, bare_letters, spellings, variants

#: Code points that a search may have.
LONGEST = 500
#: Words of a search that count, those of phrases too: each is looked for all over every text found.
MOST = 16
#: Letters that have to stand before a star, so that not half of all words begin so; one is enough
#: where words are written without spaces, from this code point on.
STEM = 3
_SPACELESS = 0x2E80

#: Spellings that are asked for altogether; and of a phrase those that are searched for.
_ASKED, _WAYS = 256, 32

_PARTS = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')
# As FTS5's unicode61 cuts words: at whatever is neither letter nor number, nor a mark on a letter.
_MARKS = "\u0300-\u036f"
# What stands behind a repetition never begins with what it repeats, so that there is one way to match
# a text: whatever marks it is full of, it takes as long as it is long.
_ENDING = rf"[^\W_]*(?:[{_MARKS}][^\W_]*)*"
_WORD = re.compile(rf"[^\W_]{_ENDING}")
_BETWEEN = rf"(?:_|[^\w{_MARKS}])[\W_]*"
# A mark is part of the word before it. A word behind a mark that stands alone is not looked for.
_BEGINNING = rf"(?<![^\W_])(?<![{_MARKS}])"
_END = rf"(?![^\W_])(?![{_MARKS}])"


@dataclass(frozen=True)
class Phrase:
    """Words that have to stand one behind the other, the last of which may have any ending.

    ``others`` are the same words in other spellings, any of which will do.
    """

    words: tuple[str, ...]
    is_open: bool = False
    others: tuple[tuple[str, ...], ...] = ()

    @property
    def match(self) -> str:
        """Return the phrase as FTS5 has it."""
        return self._any_of("")

    @property
    def beginning(self) -> str:
        """Return the same where it has to stand at the very beginning."""
        return self._any_of("^ ")

    def _any_of(self, before: str) -> str:
        ending = " *" if self.is_open else ""
        ways = [f'{before}"{" ".join(words)}"{ending}' for words in (self.words, *self.others)]
        return f"({' OR '.join(ways)})" if self.others else ways[0]

    @property
    def single_words(self) -> list[Phrase]:
        """Return each word as a phrase of its own, as typed."""
        closed = [Phrase((word,)) for word in self.words[:-1]]
        return [*closed, Phrase(self.words[-1:], self.is_open)]

    @property
    def pattern(self) -> str:
        """Return the regular expression of the phrase in a text, in any spelling."""
        words = (_pattern_of(word) for word in self.words)
        return _BETWEEN.join(words) + (_ENDING if self.is_open else _END)


@dataclass(frozen=True)
class Words:
    """What is searched for: all of the phrases, anywhere.

    ``is_cut`` tells that more than ``MOST`` words were typed, and these are the first; ``left_out`` is
    a full-text query of what is not wanted, as it was found already.
    """

    typed: str
    phrases: tuple[Phrase, ...]
    is_cut: bool = False
    left_out: str | None = None

    def __bool__(self) -> bool:
        return bool(self.phrases)

    @cached_property
    def match(self) -> str:
        """Return the full-text query; it has no error in it, whatever was typed."""
        # Where there are brackets, AND has to be written.
        return self.without_left_out(" AND ".join(phrase.match for phrase in self.phrases))

    def without_left_out(self, match: str) -> str:
        """Return a full-text query for what it finds, but for what is not wanted."""
        return match if self.left_out is None else f"({match}) NOT ({self.left_out})"

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return what is to be marked in a text: a group for each phrase, longer ones first."""
        parts = sorted((phrase.pattern for phrase in self.phrases), key=len, reverse=True)
        # Nothing is looked for where there are no words.
        groups = "|".join(f"({part})" for part in dict.fromkeys(parts)) or r"(?!)"
        return re.compile(rf"{_BEGINNING}(?:{groups})", re.IGNORECASE)

    def are_all_in(self, text: str) -> bool:
        """Tell whether each of the phrases stands in a text."""
        return all(
            re.search(_BEGINNING + phrase.pattern, text, re.IGNORECASE) for phrase in self.phrases
        )

    @property
    def has_open_end(self) -> bool:
        """Tell whether a star stands behind any of the words."""
        return any(phrase.is_open for phrase in self.phrases)

    @property
    def together(self) -> Phrase:
        """Return all words as one phrase."""
        ways = _ways([(phrase.words, *phrase.others) for phrase in self.phrases])
        return Phrase(next(ways), self.phrases[-1].is_open, tuple(ways))

    def with_open_end(self, stem: int = STEM) -> Words:
        """Return the same where the last word may go on, if it has as many letters as that, and no
        quotation mark behind it. It is asked before it is :meth:`spelled`.
        """
        last = self.phrases[-1]
        if self.is_cut or self.typed.endswith('"'):
            return self
        is_open = last.is_open or _is_stem(last.words[-1], stem)
        return replace(self, phrases=(*self.phrases[:-1], Phrase(last.words, is_open)))

    def spelled(self, known: Callable[[list[str]], Collection[str]]) -> Words:
        """Return the same in the other spellings, too, that there are of the words.

        ``known`` is given words as FTS5 has them, and returns those that are found.
        """
        asked = [each.match for others in self._others.values() for each in others][:_ASKED]
        found = known(asked) if asked else ()
        if not found:
            return self
        ways = {
            word: [word.words, *(each.words for each in others if each.match in found)]
            for word, others in self._others.items()
        }
        return replace(self, phrases=tuple(_spelled(phrase, ways) for phrase in self.phrases))

    @cached_property
    def _others(self) -> dict[Phrase, list[Phrase]]:
        """Return of each word, as a phrase, those that are other spellings of it."""
        return {
            word: [Phrase((each,), word.is_open) for each in spellings(word.words[0])]
            for phrase in self.phrases
            for word in phrase.single_words
        }

    @property
    def in_datasette(self) -> dict[str, str]:
        """Return the arguments by which Datasette's own search finds the same."""
        if self.has_open_end or any(phrase.others for phrase in self.phrases):
            return {"_search": self.match, "_searchmode": "raw"}
        plain = (each.match if len(each.words) > 1 else each.words[0] for each in self.phrases)
        return {"_search": " ".join(plain)}


NO_WORDS = Words("", ())


def read_words(typed: str) -> Words:
    """Return what is searched for with what was typed: no more than ``MOST`` words of it."""
    typed = " ".join(_readable(typed).split())
    phrases: list[Phrase] = []
    room = MOST
    for phrase in dict.fromkeys(_phrases(typed)):
        if len(phrase.words) > room:
            if room:
                phrases.append(Phrase(phrase.words[:room]))
            return Words(typed, tuple(phrases), is_cut=True)
        phrases.append(phrase)
        room -= len(phrase.words)
    return Words(typed, tuple(phrases))


def _phrases(typed: str) -> Iterator[Phrase]:
    for found in _PARTS.finditer(typed):
        quoted, star, bare = found.groups()
        words = tuple(_WORD.findall(quoted if bare is None else bare))
        if words:
            is_open = star == "*" if bare is None else bare.endswith("*")
            yield Phrase(words, is_open and _is_stem(words[-1]))


def _spelled(phrase: Phrase, ways: dict[Phrase, list[tuple[str, ...]]]) -> Phrase:
    found = _ways(ways[word] for word in phrase.single_words)
    return Phrase(next(found), phrase.is_open, tuple(found))


def _ways(parts: Iterable[Iterable[tuple[str, ...]]]) -> Iterator[tuple[str, ...]]:
    """Return one of each part, put together in every way, up to ``_WAYS``: the first of all first."""
    return (tuple(chain.from_iterable(each)) for each in islice(product(*parts), _WAYS))


def fold(text: str) -> str:
    """Return a name as it is compared with what was typed: words without marks, strokes and cases.

    It has to be cut to a name's length: Unicode's order of marks takes the square of their number.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(bare_letters())
    return " ".join(_WORD.findall(text.casefold()))


def _readable(text: str) -> str:
    # FTS5 reads no further than a null character, and UTF-8 has no surrogates.
    return "".join(" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in text)


def _is_stem(word: str, stem: int = STEM) -> bool:
    return len(word) >= stem or ord(word[0]) >= _SPACELESS


def _pattern_of(word: str) -> str:
    letters = (
        each for each in unicodedata.normalize("NFC", word) if not "\u0300" <= each <= "\u036f"
    )
    return "".join(f"{_letter(each)}[{_MARKS}]*" for each in letters)


def _letter(letter: str) -> str:
    found = variants().get(bare(letter))
    return f"[{bare(letter)}{found}]" if found else re.escape(letter)
