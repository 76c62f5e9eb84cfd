"""Which spans mean one thing, and what the thing is called.

People annotate "the president" and "she" as well as "Maia Sandu". All of them are called by the
fullest name; "she" is no mention, and alone it names nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from datasette_newsgraph.identity import collapse
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.cas.annotations import Span
from datasette_newsgraph.readers.chains import MOST_WORDS_OF_A_NAME, fullest

_GENITIVE = re.compile(r"\s*['’]s\Z")
_ARTICLE = re.compile(
    r"(?:the|an?|der|die|das|le|la|les|l'|el|los|las|il|de|het)\s+", re.IGNORECASE
)


class Joined:
    """Spans that are joined step by step to sets: what is joined to one is joined to all of its set."""

    def __init__(self) -> None:
        self._towards: dict[Span, Span] = {}

    def join(self, one: Span, other: Span) -> None:
        """Let two spans, and all that they are joined to, mean one thing."""
        first, second = self._root(one), self._root(other)
        self._towards.setdefault(first, first)
        self._towards[second] = first

    def _root(self, span: Span) -> Span:
        way: list[Span] = []
        while (beyond := self._towards.get(span, span)) is not span:
            way.append(span)
            span = beyond
        for each in way:
            self._towards[each] = span
        return span

    def sets(self, spans: Iterable[Span]) -> Iterator[list[Span]]:
        """Yield all spans in their sets, in the order of the first of each."""
        found: dict[Span, list[Span]] = {}
        for each in spans:
            found.setdefault(self._root(each), []).append(each)
        yield from found.values()

    def __contains__(self, span: Span) -> bool:
        return span in self._towards


def is_name(words: str) -> bool:
    """Tell whether words look like a name, not like "the old president": as far as capitals tell it."""
    words = _ARTICLE.sub("", words, count=1)
    first = words[:1]
    if not first or first.islower() or len(words.split()) > MOST_WORDS_OF_A_NAME:
        return False
    # What has no capitals at all may be a name; "30th anniversary" is none.
    return first.isalpha() or any(each.isupper() for each in words)


def bare_name(words: str) -> str:
    """Return words without the ending of a genitive: NASA of "NASA's"."""
    return _GENITIVE.sub("", collapse(words))


def without_pronouns(words: Sequence[str], language: str | None) -> list[bool]:
    """Tell of all words for one thing which are none of the pronouns."""
    # Where the language is not told, "Mia" may be a pronoun, but not if nothing else is said.
    found = [not _is_one_of(each, pronouns_of(language)) for each in words]
    return found if any(found) else [not is_pronoun(each, language) for each in words]


def name_of(words: Sequence[str]) -> str:
    """Return what something is called that these words mean: the fullest name, or else the first of
    the words.
    """
    given = [each for every in words if (each := bare_name(every))]
    names = Counter(each for each in given if is_name(each))
    return fullest(names) if names else (given or [""])[0]


def is_pronoun(words: str, language: str | None) -> bool:
    """Tell whether words are a pronoun, and could hardly be a name."""
    return _is_one_of(words, pronouns_of(language or "en")) or (
        words.islower() and words in pronouns_of(language)
    )


def _is_one_of(words: str, pronouns: frozenset[str]) -> bool:
    # "US" is none.
    return (words.islower() or words.istitle()) and words.casefold() in pronouns
