"""Full-text queries for a name: for the very name, for all its words, and for some of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations

from datasette_newsgraph import search_form
from datasette_newsgraph.web.search.query_words import MOST, Phrase, Words, fold

#: Names that have a word, up to which it tells something by itself.
TELLING = 1_000
#: Words of a name of which some are looked for.
_WORDS = 6
#: Letters from which on a word may be misspelt; and those of its beginning that are right at least.
_LONG, _BEGUN = 5, 3
#: Letters that may stand for so many words, at most; a letter that stands alone before another one.
_INITIALS = 5
_CAPITALS = re.compile(rf"\b[A-Z]{{2,{_INITIALS}}}\b")
_INITIAL = re.compile(r"\b([a-z]) (?=[a-z]\b)")


def compared(name: str) -> str:
    """Return the form in which two names are the same, or alike: U.S. and US are."""
    return _INITIAL.sub(r"\1", fold(name))


def written(name: str) -> list[Words]:
    """Return the words of a name, and of other ways to write its initials: together, and apart."""
    words = " ".join(search_form.words(name))
    together = _INITIAL.sub(r"\1", words)
    # A name of one short word may be initials in small letters.
    capitals = words.upper() if len(words) <= _INITIALS and " " not in words else name
    apart = _CAPITALS.sub(lambda found: " ".join(found[0]), capitals)
    ways = {each.match: each for each in map(words_of, (name, together, apart))}
    return list(ways.values())


def words_of(name: str) -> Words:
    """Return the words of a name as full-text search has them, in order; no signs mean anything."""
    return Words(name, tuple(Phrase((word,)) for word in search_form.words(name)[:MOST]))


def all_words(words: Words) -> str | None:
    """Return the query for names with all of the words in whatever order; None for a single word."""
    return words.match if len(words.phrases) > 1 else None


def some_words(words: Words, count: Callable[[str], int]) -> str | None:
    """Return the query for names that have enough of the words: one that few names have, or two that
    many have. A word that no name has is looked for by its beginning. None if there is nothing to
    look for.

    ``count`` tells how many names a query finds, up to one more than ``TELLING``.
    """
    telling: list[str] = []
    frequent: list[str] = []
    for match in _ways(words, count):
        (telling if count(match) <= TELLING else frequent).append(match)
    pairs = [f"({one} AND {other})" for one, other in combinations(frequent, 2)]
    return " OR ".join([*telling, *pairs]) or None


def _ways(words: Words, count: Callable[[str], int]) -> Iterator[str]:
    """Yield a query for each word that a name has, or begins so."""
    for phrase in dict.fromkeys(words.phrases[:_WORDS]):
        word = phrase.words[0]
        ways = [phrase.match]
        if len(word) >= _LONG:
            ways += [f'"{word[:length]}" *' for length in (len(word) * 2 // 3, _BEGUN)]
        found = next((match for match in ways if count(match)), None)
        if found is not None:
            yield found
