"""Which spans mean one thing, and what the thing is called.

People annotate "the president" and "she" as well as "Maia Sandu". Who has one name for all of them
takes the name that is one; "she" alone names nobody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from datasette_newsgraph.identity import collapse
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.cas.annotations import Span

#: "The woman who had led the country through the war" is no name.
_MOST_WORDS = 6
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
    if not first or first.islower() or len(words.split()) > _MOST_WORDS:
        return False
    # What has no capitals at all may be a name; "30th anniversary" is none.
    return first.isalpha() or any(each.isupper() for each in words)


def bare_name(words: str) -> str:
    """Return words without the ending of a genitive: NASA of "NASA's"."""
    return _GENITIVE.sub("", collapse(words))


def name_of(words: Sequence[str], language: str | None) -> str | None:
    """Return what something is called that these words mean: the most frequent name, or a longer one
    that has it in it; if none is a name, the most frequent words; None if all are pronouns.
    """
    given = [each for every in words if (each := bare_name(every))]
    # Where the language is not told, "Mia" may be a pronoun, but not if nothing else is said.
    said = Counter(each for each in given if not _is_one_of(each, pronouns_of(language)))
    said = said or Counter(each for each in given if not is_pronoun(each, language))
    if not said:
        return None
    names = {each: count for each, count in said.items() if is_name(each)} or said
    usual = max(names, key=lambda each: (names[each], len(each), each))
    containing = (each for each in names if f" {usual} " in f" {each} ")
    return max(containing, key=lambda each: (len(each), each))


def is_pronoun(words: str, language: str | None) -> bool:
    """Tell whether words are a pronoun, and could hardly be a name."""
    return _is_one_of(words, pronouns_of(language or "en")) or (
        words.islower() and words in pronouns_of(language)
    )


def _is_one_of(words: str, pronouns: frozenset[str]) -> bool:
    # "US" is none.
    return (words.islower() or words.istitle()) and words.casefold() in pronouns
