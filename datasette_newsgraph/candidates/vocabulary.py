"""Which words the names of a graph have: where a surname stands, and how many others end so."""

from __future__ import annotations

from array import array

from datasette_newsgraph.candidates.graph import Graph, Groups
from datasette_newsgraph.candidates.names import Name
from datasette_newsgraph.candidates.words import ELDER, YOUNGER

_BEHIND = YOUNGER | ELDER


def surname(name: Name) -> str:
    """Return the last word of a name of several, without what tells the younger from the elder; "" of
    a name of one word.
    """
    end = len(name.core)
    while end > 1 and name.core[end - 1] in _BEHIND:
        end -= 1
    return name.core[end - 1] if end > 1 else ""


class Vocabulary:
    """The words of the chosen names: how many have each, and how many different ones end with it."""

    def __init__(self, graph: Graph) -> None:
        self._numbers: dict[str, int] = {}
        of_names = Groups()
        seen: set[int] = set()
        self._last = array("I")
        for entity in range(len(graph)):
            name = graph.name(entity)
            of_names.append([self._number(word) for word in sorted(name.telling)])
            last = surname(name)
            # Two entities of one name are one name.
            if last and hash(name.joined) not in seen:
                seen.add(hash(name.joined))
                self._last[self._number(last)] += 1
        #: Numbers of words by entity, how many they are, and numbers of entities by word.
        self.of_names = of_names
        self.lengths = array("I", map(of_names.size, range(len(graph))))
        self.named = of_names.turned(len(self._numbers))

    def _number(self, word: str) -> int:
        number = self._numbers.setdefault(word, len(self._numbers))
        if number == len(self._last):
            self._last.append(0)
        return number

    def number(self, word: str) -> int | None:
        """Return the number of a word, None if no name has it."""
        return self._numbers.get(word)

    def names_with(self, word: str) -> int:
        """Return how many names have a word."""
        number = self._numbers.get(word)
        return 0 if number is None else self.named.size(number)

    def names_ending_with(self, word: str) -> int:
        """Return how many different names of several words have a word as the last."""
        number = self._numbers.get(word)
        return 0 if number is None else self._last[number]
