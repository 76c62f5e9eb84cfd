"""The entities of a graph as they are compared: names, kinds, and which articles name which.

Numbers of entities and articles are places in lists here, from 0, not row numbers: lists of numbers
take a tenth of the memory of rows.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlite_utils import Database

from datasette_newsgraph.candidates.names import Name, analysed
from datasette_newsgraph.candidates.types import Kind, kind_of
from datasette_newsgraph.identity import normalise_label

#: Other names of an entity that are looked at.
_OTHER_NAMES = 12
#: An article that names more entities is a list, and says little of who goes with whom.
LONGEST_LIST = 2000


class Groups:
    """Lists of numbers one behind the other: ``groups[3]`` is the list of number 3."""

    def __init__(self) -> None:
        self._ends = array("I")
        self._numbers = array("I")

    def append(self, numbers: Sequence[int]) -> None:
        """Add the list of the next number."""
        self._numbers.extend(numbers)
        self._ends.append(len(self._numbers))

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> array[int]:
        start = self._ends[number - 1] if number else 0
        return self._numbers[start : self._ends[number]]

    def size(self, number: int) -> int:
        """Return how long the list of a number is."""
        return self._ends[number] - (self._ends[number - 1] if number else 0)

    def turned(self, count: int) -> Groups:
        """Return of each of ``count`` numbers in the lists the numbers of the lists that it is in."""
        sizes = array("I", bytes(4 * count))
        for each in self._numbers:
            sizes[each] += 1
        turned = Groups()
        end = 0
        places = array("I")
        for size in sizes:
            places.append(end)
            end += size
            turned._ends.append(end)
        turned._numbers = array("I", bytes(4 * end))
        start = 0
        for number, end in enumerate(self._ends):
            for each in self._numbers[start:end]:
                turned._numbers[places[each]] = number
                places[each] += 1
            start = end
        return turned


@dataclass
class Graph:
    """What is compared. ``articles_of`` an entity are numbers of articles in ascending order, and
    ``named_in`` an article those of entities. ``identifiers`` has the entities that have any.
    """

    rows: array[int] = field(default_factory=lambda: array("q"))
    names: list[str] = field(default_factory=list)
    #: Other names, one a line, or "".
    others: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    kinds: list[Kind] = field(default_factory=list)
    identifiers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    articles_of: Groups = field(default_factory=Groups)
    named_in: Groups = field(default_factory=Groups)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def articles(self) -> int:
        """Return the number of articles."""
        return len(self.named_in)

    def name(self, entity: int) -> Name:
        """Return the name of an entity as it is compared."""
        return analysed(self.names[entity])

    def all_names(self, entity: int) -> Iterator[Name]:
        """Yield all names of an entity that are looked at, the chosen one first."""
        yield analysed(self.names[entity])
        if self.others[entity]:
            for other in self.others[entity].split("\n")[:_OTHER_NAMES]:
                yield analysed(other)

    def beside(self, article: int) -> array[int]:
        """Return whom an article names, by which entities are told from others; of a list nobody."""
        is_list = self.named_in.size(article) > LONGEST_LIST
        return array("I") if is_list else self.named_in[article]

    def fame(self, entity: int) -> int:
        """Return the number of articles that name an entity."""
        return self.articles_of.size(entity)


#: What means something in its article only, such as a date or a pronoun, is like nothing elsewhere.
_ENTITIES = (
    "SELECT id, name, coalesce(alias_text, ''), coalesce(type, '') FROM entities"
    " WHERE basis <> 'article' ORDER BY id"
)
_APPEARANCES = (
    "SELECT DISTINCT entity_id, article_id FROM appearances"
    " WHERE entity_id IN (SELECT id FROM entities WHERE basis <> 'article')"
    " ORDER BY entity_id, article_id"
)
_IDENTIFIERS = "SELECT DISTINCT entity_id, iri FROM identifiers ORDER BY entity_id, iri"


def read_graph(db: Database) -> Graph:
    """Read what is compared of a database."""
    graph = Graph()
    known: dict[str, str] = {}
    for row, name, others, type_ in db.conn.execute(_ENTITIES):
        label = known.setdefault(type_, normalise_label(type_))
        graph.rows.append(row)
        graph.names.append(name)
        graph.others.append(others)
        graph.types.append(label)
        graph.kinds.append(kind_of(label))
    _read_articles(db.conn, graph)
    _read_identifiers(db.conn, graph)
    return graph


def _read_articles(connection: sqlite3.Connection, graph: Graph) -> None:
    """Read which articles name which entities."""
    places: dict[int, int] = {}
    rows = connection.execute(_APPEARANCES)
    waiting = next(rows, None)
    for entity in graph.rows:
        found: list[int] = []
        while waiting is not None and waiting[0] <= entity:
            if waiting[0] == entity:
                found.append(places.setdefault(waiting[1], len(places)))
            waiting = next(rows, None)
        found.sort()
        graph.articles_of.append(found)
    graph.named_in = graph.articles_of.turned(len(places))


def _read_identifiers(connection: sqlite3.Connection, graph: Graph) -> None:
    rows = connection.execute(_IDENTIFIERS)
    waiting = next(rows, None)
    for number, entity in enumerate(graph.rows):
        found: list[str] = []
        while waiting is not None and waiting[0] <= entity:
            if waiting[0] == entity:
                found.append(waiting[1])
            waiting = next(rows, None)
        if found:
            graph.identifiers[number] = tuple(found)
