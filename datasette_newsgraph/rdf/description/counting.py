"""Count what an export of a graph holds, by class, by property and by authority.

The rows are read as an export reads them, and in place of the functions that write nodes there are
some that count. So what is counted is what would be written, whatever is hidden, shared by several
annotations, or decided; and a property that the mapping gets tomorrow is counted, too.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from datasette_newsgraph.authorities import authority_of
from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.mapping import OF_ARTICLE, Node, Property, Ref, Value
from datasette_newsgraph.mapping.profiles import FULL, Profile
from datasette_newsgraph.rdf.compiled import Writer
from datasette_newsgraph.rdf.ntriples import NTriples
from datasette_newsgraph.rdf.parts import WHOLE
from datasette_newsgraph.rdf.selection import EVERY_TABLE
from datasette_newsgraph.rdf.stream import GraphStream

#: Rows of a kind that are counted together: column by column, which takes a loop in C for each.
_ROWS = 2_000


@dataclass(frozen=True)
class Counts:
    """What an export holds: its nodes, by their kind in the mapping; and by the IRI of the term, how
    many things have a class, and how many triples a property. ``links`` are the triples of owl:sameAs
    that lead to an authority, by its name.
    """

    nodes: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    properties: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)

    @property
    def triples(self) -> int:
        """Return how many triples there are."""
        return self.properties.total()


def count(
    connection: sqlite3.Connection,
    base: str,
    *,
    profile: Profile = FULL,
    assert_from: float = ASSERT_FROM,
    tables: Container[str] = EVERY_TABLE,
) -> Counts:
    """Return what an export without texts holds.

    ``tables`` and ``assert_from`` are as of ``GraphStream``. The connection should hold a read
    transaction. Raises WrongValue.
    """
    counts = Counts()
    syntax = _Unwritten(base, counts)
    counters = {kind: _Counter(node, syntax, counts) for kind, node in profile.nodes.items()}
    writers: dict[str, Writer] = {kind: each.take for kind, each in counters.items()}
    graph = GraphStream(
        connection,
        syntax,
        profile=profile,
        assert_from=assert_from,
        tables=tables,
        writers=writers,
    )
    for part in WHOLE:
        for _ in graph.part(part):
            pass
    for each in counters.values():
        each.count()
    # Those of which there are none are no part of it.
    return Counts(+counts.nodes, +counts.classes, +counts.properties, +counts.links)


class _Unwritten(NTriples):
    """A syntax in which nothing is written: what is in no row is counted at once."""

    def __init__(self, base: str, counts: Counts) -> None:
        super().__init__(base)
        self.counts = counts
        self.type = self.iri("rdf:type")
        self.same = self.iri("owl:sameAs")

    def described(self, iri: str, class_: str | None, statements: Iterable[tuple[str, str]]) -> str:
        """Count a node that is in no table, and return nothing."""
        if class_:
            self.counts.classes[self.iri(class_)] += 1
            self.counts.properties[self.type] += 1
        self.counts.properties.update(predicate for predicate, _ in statements)
        return ""


class _Counter:
    """Counts the nodes of one kind, in place of the compiled function that writes them."""

    def __init__(self, node: Node, syntax: _Unwritten, counts: Counts) -> None:
        self.node, self.syntax, self.counts = node, syntax, counts
        self.columns = (*node.read, *node.added)
        self.classes = [syntax.iri(name) for name in node.classes]
        self.rows: list[Any] = []
        written = [each for each in node.properties if not each.with_text]
        self.once = [each for each in written if not each.required and self._is_once(each)]
        self.each = [
            (self._way(each), syntax.iri(each.term) if each.term else "", self._place(each))
            for each in written
            if each not in self.once
        ]

    def take(self, rows: Iterable[Any], _append: Callable[[str], None], *of_article: Any) -> None:
        """Count rows as a ``Writer`` takes them."""
        before = len(self.rows)
        self.rows.extend(rows)
        for each in self.once:
            given = dict(zip(OF_ARTICLE, of_article, strict=False))
            if given.get(each.column or "") is not None:
                predicate = self.syntax.iri(each.term)
                self.counts.properties[predicate] += len(self.rows) - before
        if len(self.rows) >= _ROWS:
            self.count()

    def count(self) -> None:
        """Count what was taken."""
        if not self.rows:
            return
        number, columns = len(self.rows), tuple(zip(*self.rows, strict=True))
        self.rows.clear()
        counts = self.counts
        counts.nodes[self.node.kind] += number
        for name in self.classes:
            counts.classes[name] += number
            counts.properties[self.syntax.type] += number
        for way, predicate, place in self.each:
            way(predicate, number if place is None else columns[place])

    def _is_once(self, each: Property) -> bool:
        return each.column in OF_ARTICLE and each.column not in self.columns

    def _place(self, each: Property) -> int | None:
        """Return the place of the column that tells how many triples there are; None where each row
        has one.
        """
        if each.required or each.column is None:
            return None
        return self.columns.index(each.column)

    def _way(self, each: Property) -> Callable[[str, Any], None]:
        """Return what counts the triples of a property, from its IRI and the column."""
        if each.value is Value.STATEMENTS:
            return self._statements
        if each.many:
            is_elsewhere = each.term == "owl:sameAs" and not isinstance(each.value, Ref)
            if is_elsewhere:
                return self._links
            return self._types if each.term == "rdf:type" else self._items
        return self._always if self._place(each) is None else self._values

    def _always(self, predicate: str, number: int) -> None:
        self.counts.properties[predicate] += number

    def _values(self, predicate: str, column: tuple[Any, ...]) -> None:
        self.counts.properties[predicate] += len(column) - column.count(None)

    def _items(self, predicate: str, column: tuple[Any, ...]) -> None:
        self.counts.properties[predicate] += sum(
            len(each) if len(each) < 2 else len(set(each)) for each in column if each
        )

    def _types(self, predicate: str, column: tuple[Any, ...]) -> None:
        self._items(predicate, column)
        self.counts.classes.update(chain.from_iterable(map(set, column)))

    def _links(self, predicate: str, column: tuple[Any, ...]) -> None:
        self._items(predicate, column)
        for iri in chain.from_iterable(map(set, column)):
            self._link(iri)

    def _link(self, iri: str) -> None:
        authority = authority_of(iri)
        if authority is not None:
            self.counts.links[authority[0]] += 1

    def _statements(self, _predicate: str, column: tuple[Any, ...]) -> None:
        """Count plain statements: any term may be the predicate, those that tell classes and links,
        too.
        """
        type_, same = self.syntax.type, self.syntax.same
        for statements in filter(None, column):
            for predicate, object_ in statements:
                self.counts.properties[predicate] += 1
                if predicate in (type_, same) and object_.startswith("<"):
                    iri = object_[1:-1].encode("latin-1").decode()
                    if predicate == type_:
                        self.counts.classes[iri] += 1
                    else:
                        self._link(iri)
