"""What a graph's vocabulary and its derived nodes are, as tables that questions can join.

Some of the mapping is worked out in Python: the terms of labels, the keys of publishers and authors,
what is the same thing elsewhere. Each becomes a temporary table of the connection, made when a question
first needs it, by the code that exports run.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any, get_args

from datasette_newsgraph import mapping
from datasette_newsgraph.article import Datatype
from datasette_newsgraph.mapping.profiles import FULL
from datasette_newsgraph.rdf import FORMATS
from datasette_newsgraph.rdf.decided_rows import DecidedRows
from datasette_newsgraph.rdf.entity_nodes import entity_rows
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.label_terms import distinct, name_labels, read_vocabulary
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.source_nodes import (
    author_key,
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
    """Facts of a graph, as far as ``tables`` may be read. The connection should hold a read transaction."""

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
        columns = (
            ("identifiers", "iri"),
            ("relations", "value"),
            ("articles", "url"),
            ("articles", "licence"),
        )
        return any(
            self.connection.execute(
                f"SELECT 1 FROM {table} WHERE {column} >= ? AND {column} < ? LIMIT 1",
                [self.ids, self.ids + "\U0010ffff"],
            ).fetchone()
            for table, column in columns
            if self.rows.may_read(table)
        )

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

    # Temporary tables, by name.

    def table_of_types(self) -> str:
        """Return the table of types of entities: ``type``, ``iri``."""
        pairs = [(type_, iri) for iri, types in self.types.items() for type_ in types]
        return self._table("types", "type, iri, PRIMARY KEY (type, iri)", pairs)

    def table_of_predicates(self) -> str:
        """Return the table of predicates: ``label``, ``kind`` of the object, ``iri``."""
        rows = [
            (label, kind, iri)
            for iri, by_kind in self.labels.items()
            for kind, labels in by_kind.items()
            for label in labels
        ]
        return self._table("predicates", "label, kind, iri, PRIMARY KEY (label, kind)", rows)

    def table_of_terms(self) -> str:
        """Return the table of terms that labels of the graph stand for: ``iri``, ``class``, ``label``."""
        terms: Iterable[Any] = sorted(
            name_labels(self.vocabulary, self.rows.predicates(), self.rows.types())
        )
        return self._table("terms", "iri PRIMARY KEY, class, label", terms)

    def table_of_publishers(self) -> str:
        """Return the table of publishers: ``key``, ``name``."""
        return self._table("publishers", "key PRIMARY KEY, name", publisher_rows(self.rows))

    def table_of_publisher_names(self) -> str:
        """Return the table of the names that articles give publishers: ``name``, ``key``."""
        names = distinct(self.connection, "articles", "publisher")
        rows = [(name, publisher_key(name)) for (name,) in names if isinstance(name, str)]
        return self._table(
            "publisher_names", "name PRIMARY KEY, key", [each for each in rows if each[1]]
        )

    def table_of_authors(self) -> str:
        """Return the table of authors: ``key``, ``name``, ``class``."""
        order = mapping.AUTHOR.added
        key, name, classes = (order.index(each) for each in ("key", "name", "classes"))
        rows = ((row[key], row[name], row[classes][0]) for row in author_rows(self.rows))
        return self._table("authors", "key PRIMARY KEY, name, class", rows)

    def table_of_authorship(self) -> str:
        """Return the table of who wrote which article: ``article_id``, ``key``."""
        self.connection.create_function("newsgraph_author_key", 1, _key_of_author)
        return self._table(
            "authorship",
            "article_id, key, PRIMARY KEY (article_id, key)",
            "SELECT DISTINCT articles.id, newsgraph_author_key(author.value) AS found"
            " FROM articles CROSS JOIN json_each(articles.authors) AS author"
            " WHERE articles.authors IS NOT NULL AND found IS NOT NULL",
            index="key",
        )

    def table_of_identities(self) -> str:
        """Return the table of what entities are elsewhere and were before: ``entity_id``, the ``column``
        of the mapping that says so, ``value``.
        """
        return self._table(
            "identities",
            "entity_id, column, value, PRIMARY KEY (entity_id, column, value)",
            self._identities(),
            index="column, value",
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

    def table_of_former_relations(self) -> str:
        """Return the table of keys under which relations were known before: ``relation_id``, ``key``."""
        groups = self.decided.former_relations(Part(mapping.RELATION.kind))
        rows = {
            (number, former)
            for key, number in self.connection.execute("SELECT key, id FROM relations ORDER BY key")
            for _, former in groups.of(key)
        }
        return self._table(
            "former_relations", "relation_id, key, PRIMARY KEY (relation_id, key)", rows
        )

    def _table(
        self, name: str, columns: str, rows: Iterable[Any] | str, index: str | None = None
    ) -> str:
        """Return the name of a temporary table, made of rows or by a SELECT when it is first needed."""
        name = f"temp.{_PREFIX}{name}"
        if name in self._made:
            return name
        execute = self.connection.execute
        execute(f"DROP TABLE IF EXISTS {name}")
        execute(f"CREATE TABLE {name} ({columns})")
        if isinstance(rows, str):
            execute(f"INSERT INTO {name} {rows}")
        else:
            count = columns.partition(", PRIMARY KEY (")[0].count(",") + 1
            places = ", ".join("?" * count)
            self.connection.executemany(f"INSERT OR IGNORE INTO {name} VALUES ({places})", rows)
        if index:
            short = name.removeprefix("temp.")
            execute(f"CREATE INDEX temp.{short}_index ON {short} ({index})")
        self._made.add(name)
        return name


#: Columns of entities that tell what they are elsewhere, what they were, and what they are not.
IDENTITIES = ("same_as", "same_things", "different", "former")


def _key_of_author(name: object) -> str | None:
    return author_key(name) if isinstance(name, str) else None
