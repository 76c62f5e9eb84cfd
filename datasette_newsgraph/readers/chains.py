"""Make entities of coreference chains in formats that say that a chain is one entity.

A chain has names ("Maria Ressa"), words that are none ("the journalist") and pronouns. Its entity is
called by its fullest name. Without any it is called by its first words, if possible by few, which mean
something in this article only. Pronouns are no mentions, and a chain of nothing else is no entity.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from datasette_newsgraph.article import Entity
from datasette_newsgraph.identity import collapse, normalise_name
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.tokens import TokenSpan

#: "Barack Obama, the 44th president of the United States" is a proper noun too, but no name.
MOST_WORDS_OF_A_NAME = 5
#: What readers count that leave pronouns out.
PRONOUNS = "pronouns in coreference chains"
_ARTICLES = frozenset({"the", "a", "an"})
_GENITIVES = frozenset({"'s", "’s", "'", "’"})

Kind = Literal["name", "words", "pronoun"]
#: The span of tokens ``first`` to ``end`` (exclusive) in the text.
SpanOf = Callable[[int, int], TokenSpan | None]


class Name(NamedTuple):
    """A name that was tagged as such: tokens ``first`` to ``end`` (exclusive)."""

    place: str
    first: int
    end: int
    label: str | None
    same_as: tuple[str, ...] = ()


class Link(NamedTuple):
    """A link of a chain: tokens ``first`` to ``end`` (exclusive), what it is, and, of one that is a
    name, where in it the name itself stands.
    """

    place: str
    first: int
    end: int
    kind: Kind
    name: tuple[int, int]
    label: str | None = None
    same_as: tuple[str, ...] = ()


def fullest(names: Counter[str]) -> str:
    """Return the most frequent name, of several the longest; or the longest that has it in it.

    A surname alone would be the same entity as everybody else of that surname.

    >>> fullest(Counter({"Curie": 2, "Marie Curie": 1, "she": 1}))
    'Marie Curie'
    """
    usual = max(names, key=lambda name: (names[name], len(name), name))
    containing = (name for name in names if f" {usual} " in f" {name} ")
    return max(containing, key=lambda name: (len(name), name))


def core(tokens: Sequence[str], first: int, end: int) -> tuple[int, int]:
    """Return a span of tokens without the article before it and the genitive behind it."""
    if end - first > 1 and tokens[end - 1] in _GENITIVES:
        end -= 1
    # "The Hague" has one of its own, which stands in capitals within a sentence.
    if end - first > 1 and tokens[first] in _ARTICLES:
        first += 1
    return first, end


def kind_of(tokens: Sequence[str], first: int, end: int, plain: frozenset[str]) -> Kind:
    """Return what a link is where nothing says its part of speech: ``plain`` are the words that are in
    the text without a capital letter.
    """
    if end - first == 1 and tokens[first].casefold() in pronouns_of(None):
        return "pronoun"
    first, end = core(tokens, first, end)
    words = tokens[first:end]
    named = any(
        word[:1].isalpha()
        and not word[:1].islower()
        and word.casefold() not in _ARTICLES
        and word.casefold() not in plain
        for word in words
    )
    return "name" if named and len(words) <= MOST_WORDS_OF_A_NAME else "words"


class Chains:
    """The names and chains of a document, as entities of a building."""

    def __init__(self, building: Building, tokens: Sequence[str], span_of: SpanOf) -> None:
        self._building, self._tokens, self._span_of = building, tokens, span_of
        #: The entity of each chain by its id.
        self.entities: dict[str, Entity] = {}
        self.passed_over: Counter[str] = Counter()

    def add(self, chains: Mapping[str, Sequence[Link]], names: Sequence[Name] = ()) -> None:
        """Add the entities of chains, and those of the names that are in none."""
        by_span = {(each.first, each.end): each for each in names}
        by_end: dict[int, list[Name]] = defaultdict(list)
        for each in names:
            by_end[each.end].append(each)
        taken: set[tuple[int, int]] = set()
        #: The chains that have a name under a label; None where there are several.
        called: dict[tuple[str | None, str], str | None] = {}
        for id_, links in chains.items():
            found = [self._named(each, by_span, by_end) for each in links]
            self._chain(id_, links, found)
            for name in found:
                if name is not None:
                    taken.add((name.first, name.end))
                    key = (name.label, normalise_name(self._words(name.first, name.end)))
                    called[key] = id_ if called.get(key, id_) == id_ else None
        for name in names:
            if (name.first, name.end) not in taken:
                key = (name.label, normalise_name(self._words(name.first, name.end)))
                self._alone(name, called.get(key))

    def _words(self, first: int, end: int) -> str:
        span = self._span_of(first, end)
        return "" if span is None else span.surface

    def _named(
        self,
        link: Link,
        by_span: Mapping[tuple[int, int], Name],
        by_end: Mapping[int, Sequence[Name]],
    ) -> Name | None:
        """Return the tagged name that a link is, or that is its head: its last words."""
        if (found := by_span.get((link.first, link.end))) is not None:
            return found
        first, end = core(self._tokens, link.first, link.end)
        if end - first > MOST_WORDS_OF_A_NAME:
            return None
        within = (each for each in by_end.get(end, ()) if each.first >= link.first)
        return min(within, key=lambda each: each.first, default=None)

    def _chain(self, id_: str, links: Sequence[Link], found: Sequence[Name | None]) -> None:
        names: Counter[str] = Counter()
        labels: Counter[str] = Counter()
        tagged: Counter[str] = Counter()
        spans: list[tuple[Link, TokenSpan | None]] = []
        same_as: list[str] = []
        first_words, has_short = "", False
        for link, name in zip(links, found, strict=True):
            if link.label:
                labels[link.label] += 1
            same_as += link.same_as
            if name is None and link.kind == "pronoun":
                self.passed_over[PRONOUNS] += 1
                continue
            called: str | None = None
            first, end = link.first, link.end
            if name is not None:
                first, end = name.first, name.end
                called = collapse(self._words(first, end))
                tagged[name.label or ""] += 1
                same_as += name.same_as
            elif link.kind == "name":
                called = collapse(self._words(*link.name))
            span = self._span_of(first, end)
            if called:
                names[called] += 1
            is_short = end - first <= MOST_WORDS_OF_A_NAME
            if span is not None and (not first_words or (is_short and not has_short)):
                first_words, has_short = span.surface, is_short
            spans.append((link, span))
        if not spans:
            return
        label = _most(labels) or _most(tagged)
        main = fullest(names) if names else first_words
        for link, span in spans:
            start, end_, surface = span or (None, None, None)
            self._building.mention(
                link.place, surface, label, start, end_, surface, name=main, id=id_
            )
        entity = self._building.entity(label, main, id=id_, aliases=names, same_as=same_as)
        entity.local = not names and not same_as
        self.entities[id_] = entity

    def _alone(self, name: Name, id_: str | None) -> None:
        """Add a name that no chain has: of the entity of the one chain with such a name, or its own."""
        span = self._span_of(name.first, name.end)
        start, end, surface = span or (None, None, None)
        known = self.entities.get(id_) if id_ is not None else None
        self._building.mention(
            name.place,
            surface,
            name.label if known is None else known.type,
            start,
            end,
            surface,
            id=None if known is None else id_,
            same_as=name.same_as,
        )


def _most(labels: Counter[str]) -> str | None:
    return max(labels, key=lambda label: labels[label], default="") or None


def plain_words(tokens: Iterable[str]) -> frozenset[str]:
    """Return the words that stand somewhere without a capital letter."""
    return frozenset(token for token in tokens if token[:1].islower())
