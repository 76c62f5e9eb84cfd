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

from datasette_newsgraph import search_form
from datasette_newsgraph.web.search.letters import bare_letters, spellings
from datasette_newsgraph.web.search.places import Places

#: Code points that a search may have.
LONGEST = 500
#: Words of a search that count, those of phrases too: each is looked for all over every text found.
MOST = 16
#: Characters that count as a word, where words are written without blanks between them.
_CHARACTERS = 4
#: Letters that have to stand before a star, so that not half of all words begin so; one character is
#: enough where words are written without blanks.
STEM = 3

#: Spellings that are asked for altogether; and of a phrase those that are searched for.
_ASKED, _WAYS = 256, 32

_PARTS = re.compile(r'"([^"]*)"?(\*?)|([^\s"]+)')


@dataclass(frozen=True)
class Phrase:
    """Words, folded, that have to stand one behind the other, the last of which may have any ending.

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
        """Return each word as a phrase of its own."""
        closed = [Phrase((word,)) for word in self.words[:-1]]
        return [*closed, Phrase(self.words[-1:], self.is_open)]


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
    def places(self) -> Places:
        """Return what finds the words in a text, to mark them."""
        return Places(
            ((number, words, phrase.is_open) for words in (phrase.words, *phrase.others))
            for number, phrase in enumerate(self.phrases)
        )

    def are_all_in(self, text: str) -> bool:
        """Tell whether each of the phrases stands in a text."""
        return len({each.phrase for each in self.places.find(text, every=True)}) == len(
            self.phrases
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
        if self.is_cut or self.has_open_end or any(phrase.others for phrase in self.phrases):
            return {"_search": self.match, "_searchmode": "raw"}
        return {"_search": self.typed}


NO_WORDS = Words("", ())


def read_words(typed: str) -> Words:
    """Return what is searched for with what was typed: no more than ``MOST`` words of it."""
    typed = " ".join(_readable(typed).split())
    phrases: list[Phrase] = []
    room = MOST * _CHARACTERS
    for phrase in dict.fromkeys(_phrases(typed)):
        fitting = _fitting(phrase, room)
        if fitting:
            is_open = phrase.is_open and len(fitting) == len(phrase.words)
            phrases.append(Phrase(fitting, is_open))
        if len(fitting) < len(phrase.words):
            return Words(typed, tuple(phrases), is_cut=True)
        room -= sum(map(_size, fitting))
    return Words(typed, tuple(phrases))


def _fitting(phrase: Phrase, room: int) -> tuple[str, ...]:
    """Return the first words of a phrase, as many as there is room for."""
    fitting: list[str] = []
    for word in phrase.words:
        room -= _size(word)
        if room < 0:
            break
        fitting.append(word)
    return tuple(fitting)


def _size(word: str) -> int:
    return 1 if search_form.is_running(word) else _CHARACTERS


def _phrases(typed: str) -> Iterator[Phrase]:
    for found in _PARTS.finditer(typed):
        quoted, star, bare = found.groups()
        words = tuple(search_form.words(quoted if bare is None else bare))
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
    """Return a name as it is compared with what was typed: words without marks, strokes and cases."""
    folded = " ".join(search_form.words(text))
    return folded if folded.isascii() else folded.translate(bare_letters())


def _readable(text: str) -> str:
    # FTS5 reads no further than a null character, and UTF-8 has no surrogates.
    return "".join(" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in text)


def _is_stem(word: str, stem: int = STEM) -> bool:
    return len(word) >= stem or search_form.is_running(word)
