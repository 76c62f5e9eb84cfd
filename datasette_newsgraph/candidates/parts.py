"""Short names whose words all stand in a longer one: "Akhundzada" and "Hibatullah Akhundzada"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from heapq import nlargest

from datasette_newsgraph.candidates.graph import Graph
from datasette_newsgraph.candidates.vocabulary import Vocabulary

#: Longer names with which a short one is compared: those that its articles name come first.
MOST_LONGER = 12
#: Words of a short name, and names that may have its rarest word.
_MOST_WORDS, _MOST_NAMES = 4, 3000
#: Articles of the short name in which it is looked for who else is named.
_LOOKED_AT = 300


def longer_names(graph: Graph, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Yield each short name with the longer ones that it is compared with."""
    for entity in range(len(graph)):
        for each in likeliest(graph, entity, names_over(graph, vocabulary, entity)):
            yield entity, each


def names_over(graph: Graph, vocabulary: Vocabulary, entity: int) -> list[int]:
    """Return the entities in whose names all words of an entity's name stand, and others; none of a
    word that is in too many names.
    """
    words = set(vocabulary.of_names[entity])
    if not 0 < len(words) <= _MOST_WORDS:
        return []
    rarest = min(words, key=vocabulary.named.size)
    if vocabulary.named.size(rarest) > _MOST_NAMES:
        return []
    lengths = vocabulary.lengths
    found = [each for each in vocabulary.named[rarest] if lengths[each] > len(words)]
    if len(words) > 1:
        found = [each for each in found if words.issubset(vocabulary.of_names[each])]
    return found


def likeliest(graph: Graph, entity: int, longer: list[int]) -> list[int]:
    """Return longer names, of many those that are most often named with the short one."""
    if len(longer) <= MOST_LONGER:
        return longer
    together = named_with(graph, entity, frozenset(longer))
    kind = graph.kinds[entity]
    return nlargest(
        MOST_LONGER,
        longer,
        key=lambda each: (together[each], graph.kinds[each] is kind, graph.fame(each), -each),
    )


def named_with(graph: Graph, entity: int, others: frozenset[int]) -> Counter[int]:
    """Count in how many articles of an entity, of those that are looked at, each of others is named."""
    found: Counter[int] = Counter()
    for article in looked_at(graph, entity):
        found.update(others.intersection(graph.beside(article)))
    return found


def looked_at(graph: Graph, entity: int) -> list[int]:
    """Return articles of an entity, all or so many of them that are spread evenly."""
    articles = graph.articles_of[entity]
    step = -(-len(articles) // _LOOKED_AT) or 1
    return list(articles[::step])
