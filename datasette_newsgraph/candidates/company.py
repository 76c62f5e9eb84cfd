"""Who is named with whom: how far two entities share articles, and others that are named with them."""

from __future__ import annotations

from array import array
from functools import lru_cache
from math import log
from typing import NamedTuple

from datasette_newsgraph.candidates.evidence import Evidence
from datasette_newsgraph.candidates.graph import Graph
from datasette_newsgraph.candidates.parts import looked_at, names_over
from datasette_newsgraph.candidates.vocabulary import Vocabulary

#: Articles of an entity in which it is looked for who else is named.
_ARTICLES = 60
#: Entities of which what was found is kept, as the next pairs are of the same.
_KEPT = 1000


class _Around(NamedTuple):
    """Who is named with an entity, and what they are worth together."""

    others: frozenset[int]
    worth: float


class _Longer(NamedTuple):
    """An article of a short name: longer names in it."""

    article: int
    names: frozenset[int]


class Company:
    """Compares pairs by the articles that name them."""

    def __init__(self, graph: Graph, vocabulary: Vocabulary) -> None:
        self._graph, self._vocabulary = graph, vocabulary
        # Whom every article names says little of who is named with him.
        self._worth = array(
            "f", (log(1 + graph.articles / (1 + graph.fame(each))) for each in range(len(graph)))
        )
        self._around = lru_cache(_KEPT)(self._find_around)
        self._articles = lru_cache(_KEPT)(self._find_articles)
        self._longer = lru_cache(_KEPT)(self._find_longer)

    def compare(self, found: Evidence) -> None:
        """Note in ``found`` how the two are named together, and with the same others."""
        short, long = found.short, found.long
        sizes = sorted((self._graph.fame(short), self._graph.fame(long)))
        found.rarer, found.commoner = log(1 + sizes[0]), log(1 + sizes[1])
        found.articles_of_short, found.fewer_articles = self._graph.fame(short), sizes[0]
        found.together = len(self._articles(short) & self._articles(long))
        if found.is_part or found.acronym or found.other_name:
            of = self._graph.fame(short) if found.is_part else sizes[0]
            found.short_together = found.together / max(1, of)
        else:
            found.full_together = found.together / max(1, sizes[0])
        self._compare_others(found)
        if found.is_part:
            found.own_articles = self._own_articles(short, long)

    def _compare_others(self, found: Evidence) -> None:
        one, other = self._around(found.short), self._around(found.long)
        shared = (one.others & other.others) - {found.short, found.long}
        least = min(one.worth, other.worth)
        # In order, so that the sum does not depend on that of a set.
        found.shared_company = self._worth_of(sorted(shared)) / least if least else 0
        found.any_company = bool(shared)

    def _find_around(self, entity: int) -> _Around:
        graph = self._graph
        articles = graph.articles_of[entity]
        step = max(1, len(articles) // _ARTICLES)
        others = {
            each for article in articles[::step][:_ARTICLES] for each in graph.beside(article)
        }
        others.discard(entity)
        return _Around(frozenset(others), self._worth_of(sorted(others)))

    def _worth_of(self, entities: list[int]) -> float:
        return sum(map(self._worth.__getitem__, entities))

    def _find_articles(self, entity: int) -> frozenset[int]:
        return frozenset(self._graph.articles_of[entity])

    def _find_longer(self, entity: int) -> list[_Longer]:
        longer = frozenset(names_over(self._graph, self._vocabulary, entity))
        found = (
            _Longer(article, longer.intersection(self._graph.beside(article)))
            for article in looked_at(self._graph, entity)
        )
        return [each for each in found if each.names]

    def _own_articles(self, short: int, long: int) -> float:
        """Return the share of articles with this longer name, of those with one of its kind."""
        kinds = self._graph.kinds
        own = others = 0
        for each in self._longer(short):
            if long in each.names:
                own += 1
            elif any(kinds[other] is kinds[long] for other in each.names):
                others += 1
        return own / (own + others) if own + others else 0
