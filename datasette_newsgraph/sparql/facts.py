"""What a graph's vocabulary and its derived nodes are, as tables that questions can join.

Some of the mapping is worked out in Python: the terms of labels, the keys of publishers and authors,
what is the same thing elsewhere. Each becomes a temporary table of the connection, made when a question
first needs it, by the code that exports run.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple, get_args

from datasette_newsgraph import mapping
from datasette_newsgraph.article import Datatype
from datasette_newsgraph.mapping import Value
from datasette_newsgraph.mapping.profiles import FULL
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.rdf.decided_rows import DecidedRows
from datasette_newsgraph.rdf.entity_nodes import entity_rows
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.label_terms import distinct, name_labels, read_vocabulary
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.source_nodes import (
    author_rows,
    publisher_key,
    publisher_rows,
)
from datasette_newsgraph.sparql.forms import KEYED, NUMBERED, SPAN, Form
from datasette_newsgraph.vocabulary import ID_PATH, ObjectKind, Vocabulary

#: What the object of a relation can be.
OBJECT_KINDS: tuple[ObjectKind, ...] = ("entity", *get_args(Datatype))

_PREFIX = "newsgraph_of_question_"
_PLACE = re.compile(r"(?P<kind>[a-z]+)/(?P<key>[a-z0-9-]+)(?P<rest>[/#].*)?", re.DOTALL)
#: As spans are written: without zeros in front.
_CHARACTERS = re.compile(r"/text#char=(0|[1-9][0-9]{0,17}),(0|[1-9][0-9]{0,17})", re.ASCII)


class Facts:
    """Facts of a graph, of the ``tables`` that may be read.

    The connection should hold a read transaction.
    """

    def __init__(
        self, connection: sqlite3.Connection, base: str, tables: Container[str], assert_from: float
    ) -> None:
        self.connection, self.base, self.assert_from = connection, base, assert_from
        self.rows = GraphRows(connection, None, tables, with_text=False)
        self.decided = DecidedRows(self.rows)
        self.ids = base + ID_PATH
        self._made: set[str] = set()

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Return the vocabulary of the graph."""
        if self.rows.may_read("vocabulary"):
            return read_vocabulary(self.connection, self.base)
        return Vocabulary(self.base)

    @cached_property
    def labels(self) -> dict[str, dict[ObjectKind, list[str]]]:
        """Return the predicates of relations by their IRIs, and by the kind of the object."""
        found: dict[str, dict[ObjectKind, list[str]]] = defaultdict(lambda: defaultdict(list))
        if self.rows.may_read("relations"):
            for (label,) in distinct(self.connection, "relations", "predicate"):
                for kind in OBJECT_KINDS:
                    found[self.vocabulary.predicate(label, kind)][kind].append(label)
        return found

    @cached_property
    def types(self) -> dict[str, list[str]]:
        """Return the types of entities by the IRIs of their classes."""
        found: dict[str, list[str]] = defaultdict(list)
        for (type_,) in self.rows.types():
            for iri in self.vocabulary.classes(type_):
                found[iri].append(type_)
        return found

    @cached_property
    def names_ours(self) -> bool:
        """Tell whether anybody gave an IRI of ours as an identifier, an address or a value."""
        return any(
            self.connection.execute(
                f"SELECT 1 FROM {table} WHERE {column} >= ? AND {column} < ? LIMIT 1",
                [self.ids, self.ids + "\U0010ffff"],
            ).fetchone()
            for table, column in _OF_IRIS
            if self.rows.may_read(table)
        )

    @property
    def terms_are_ours(self) -> bool:
        """Tell whether the vocabulary has an IRI that is one of a node."""
        return any(iri.startswith(self.ids) for iri in self.vocabulary.given.values())

    def form_of(self, iri: str) -> Form | None:
        """Return the form of an IRI that names something of this graph; None for any other."""
        if not iri.startswith(self.ids):
            return None
        found = _PLACE.fullmatch(iri, len(self.ids))
        if found is None:
            return None
        kind, key, rest = found["kind"], found["key"], found["rest"] or ""
        if kind in KEYED:
            return None if rest else Form(kind, (f"'{key}'",))
        for name, way in NUMBERED.items():
            if (way.before, way.after) == (f"{kind}/", rest) and self.rows.may_read(way.table):
                number = self._number(way.table, key)
                return None if number is None else Form(name, (str(number),))
        span = _CHARACTERS.fullmatch(rest)
        if kind == mapping.ARTICLE.kind and span and self.rows.may_read("articles"):
            number = self._number("articles", key)
            return None if number is None else Form(SPAN, (str(number), span[1], span[2]))
        return None

    def _number(self, table: str, key: str) -> int | None:
        row = self.connection.execute(f"SELECT id FROM {table} WHERE key = ?", [key]).fetchone()
        return row and int(row[0])

    # Temporary tables.

    def make_all_tables(self) -> None:
        """Make all temporary tables that are not there yet."""
        self._make_each(_TABLES)

    def make_tables_of(self, sql: str) -> None:
        """Make the temporary tables that a SELECT reads and that are not there yet."""
        self._make_each(_TABLE.findall(sql))

    def _make_each(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._made:
                self._made.add(name)
                self._make(name, _TABLES[name])

    def _make(self, name: str, table: _Table) -> None:
        execute, full = self.connection.execute, table_of(name)
        execute(f"DROP TABLE IF EXISTS {full}")
        execute(f"CREATE TABLE {full} ({table.columns})")
        count = table.columns.partition(", PRIMARY KEY (")[0].count(",") + 1
        places = ", ".join("?" * count)
        self.connection.executemany(
            f"INSERT OR IGNORE INTO {full} VALUES ({places})", table.rows(self)
        )
        if table.indexed:
            short = full.removeprefix("temp.")
            execute(f"CREATE INDEX temp.{short}_index ON {short} ({table.indexed})")

    def _types(self) -> Iterable[Any]:
        return [(type_, iri) for iri, types in self.types.items() for type_ in types]

    def _predicates(self) -> Iterable[Any]:
        return [
            (label, kind, iri)
            for iri, by_kind in self.labels.items()
            for kind, labels in by_kind.items()
            for label in labels
        ]

    def _terms(self) -> Iterable[Any]:
        return sorted(name_labels(self.vocabulary, self.rows.predicates(), self.rows.types()))

    def _publishers(self) -> Iterable[Any]:
        return publisher_rows(self.rows)

    def _publisher_names(self) -> Iterable[Any]:
        names = distinct(self.connection, "articles", "publisher")
        rows = [(name, publisher_key(name)) for (name,) in names if isinstance(name, str)]
        return [each for each in rows if each[1]]

    def _authors(self) -> Iterable[Any]:
        order = mapping.AUTHOR.added
        key, name, classes = (order.index(each) for each in ("key", "name", "classes"))
        return ((row[key], row[name], row[classes][0]) for row in author_rows(self.rows))

    def _authorship(self) -> Iterable[Any]:
        return self.connection.execute(
            "SELECT articles.id, newsgraph_author_key(author.value) AS found"
            " FROM articles CROSS JOIN json_each(articles.authors) AS author"
            " WHERE articles.authors IS NOT NULL AND found IS NOT NULL"
        )

    def _aliases(self) -> Iterable[Any]:
        return (
            (number, name)
            for number, text in self.connection.execute(
                "SELECT id, alias_text FROM entities WHERE alias_text <> ''"
            )
            for name in text.split("\n")
        )

    def _identities(self) -> Iterable[tuple[int, str, str]]:
        profile = replace(FULL, kinds=FULL.kinds - {mapping.RELATION.kind})
        syntax = next(each for each in FORMATS if each.name == "ntriples").syntax(self.base)
        columns = (*mapping.ENTITY.read, *mapping.ENTITY.added)
        places = [(name, columns.index(name)) for name in IDENTITIES]
        number = columns.index("id")
        whole = Part(mapping.ENTITY.kind)
        for row in entity_rows(
            self.decided, whole, syntax, self.vocabulary, profile, self.assert_from
        ):
            for name, place in places:
                for value in row[place]:
                    yield row[number], name, value

    def _former_relations(self) -> Iterable[Any]:
        groups = self.decided.former_relations(Part(mapping.RELATION.kind))
        for key, number in self.connection.execute("SELECT key, id FROM relations ORDER BY key"):
            for former in {former for _, former in groups.of(key)}:
                yield number, former


class _Table(NamedTuple):
    columns: str
    rows: Callable[[Facts], Iterable[Any]]
    indexed: str = ""


def table_of(name: str) -> str:
    """Return the full name of a temporary table. Raises KeyError for one that there is not."""
    assert name in _TABLES, name
    return f"temp.{_PREFIX}{name}"


#: Tables and columns in which articles give IRIs.
_OF_IRIS = (
    ("identifiers", "iri"),
    ("relations", "value"),
    *(
        (table, column)
        for node in FULL.nodes.values()
        for each in node.properties
        if each.value in (Value.IRI, Value.IRI_OR_STRING)
        for table, column in re.findall(
            r"^(\w+)\.(\w+)$", node.columns.get(each.column or "") or ""
        )
    ),
)
#: Columns of entities that tell what they are elsewhere, what they were, and what they are not.
IDENTITIES = ("same_as", "same_things", "different", "former")

_TABLES = {
    "types": _Table("type, iri, PRIMARY KEY (type, iri)", Facts._types),
    "predicates": _Table("label, kind, iri, PRIMARY KEY (label, kind)", Facts._predicates),
    "terms": _Table("iri PRIMARY KEY, class, label", Facts._terms),
    "publishers": _Table("key PRIMARY KEY, name", Facts._publishers),
    "publisher_names": _Table("name PRIMARY KEY, key", Facts._publisher_names),
    "authors": _Table("key PRIMARY KEY, name, class", Facts._authors),
    "authorship": _Table(
        "article_id, key, PRIMARY KEY (article_id, key)", Facts._authorship, "key"
    ),
    "aliases": _Table("entity_id, name, PRIMARY KEY (entity_id, name)", Facts._aliases, "name"),
    # The column of the mapping that says so, and its value.
    "identities": _Table(
        "entity_id, column, value, PRIMARY KEY (entity_id, column, value)",
        Facts._identities,
        "column, value",
    ),
    "former_relations": _Table(
        "relation_id, key, PRIMARY KEY (relation_id, key)", Facts._former_relations
    ),
}
_TABLE = re.compile(rf"\btemp\.{_PREFIX}(\w+)")
