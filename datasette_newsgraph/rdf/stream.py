"""Write the graph, or a part of it, as a document: a stream of bytes, rows → text, no object a triple.

Nodes come in key order: extractions, terms, entities, relations, then articles with all that lies in
them. So equal graphs are equal byte for byte, whatever the order of loading, and memory holds one
block of articles at a time.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.authorities import names_thing
from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.mapping import Node, Property, Value
from datasette_newsgraph.rdf.compiled import compile_nodes
from datasette_newsgraph.rdf.graph_rows import GraphRows, Zone
from datasette_newsgraph.rdf.label_terms import name_labels, read_vocabulary
from datasette_newsgraph.rdf.node_columns import ADDED, ordered, value_of
from datasette_newsgraph.rdf.ntriples import TYPED
from datasette_newsgraph.rdf.selection import EVERY_TABLE, Selection
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.vocabulary import Vocabulary

#: Rows that are read and written as one piece, and articles with all that lies in them.
BLOCK = 200
ARTICLE_BLOCK = 25

#: Columns of articles that hold JSON arrays.
_ARRAYS = tuple(
    each.column
    for each in mapping.ARTICLE.properties
    if each.many and each.column in mapping.ARTICLE.read
)

_ANNOTATIONS = (mapping.MENTION, mapping.EVIDENCE, mapping.QUOTE)
#: Where the span of each of their rows is, and its words.
_PLACES = {
    node.kind: (value_of(node, "start_char", "end_char"), value_of(node, "surface"))
    for node in _ANNOTATIONS
}
#: Each puts what is added to the rows of a node, in this order, into that of the mapping.
_entity = ordered(mapping.ENTITY, "classes", "aliases", "same_as", "same_things", "statements")
_relation = ordered(mapping.RELATION, "predicate", "label")
_span = ordered(mapping.SPAN, "start", "end", "surface", "zones")


class GraphStream:
    """One pass over a database in one syntax. The connection should hold a read transaction.

    Only ``tables`` are read: what hangs on another is left out. A statement is written as a plain
    triple, too, if nothing may be read of its evidence.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        syntax: Syntax,
        *,
        with_text: bool = False,
        assert_from: float = ASSERT_FROM,
        selection: Selection | None = None,
        tables: Container[str] = EVERY_TABLE,
    ) -> None:
        self.syntax = syntax
        self.with_text = with_text
        self.assert_from = assert_from
        self.rows = GraphRows(connection, selection, tables, with_text=with_text)
        self.vocabulary = (
            read_vocabulary(connection, syntax.base)
            if self.rows.may_read("vocabulary")
            else Vocabulary(syntax.base)
        )
        self._writers = compile_nodes(syntax, with_text=with_text)
        self._entity_terms = {
            syntax.iri(each.term) for each in mapping.ENTITY.properties if each.term
        }
        self._pieces: list[str] = []

    def __iter__(self) -> Iterator[bytes]:
        """Yield the document in blocks; header and first nodes come at once."""
        syntax = self.syntax
        text = syntax.header()
        is_first = True
        for _ in self._blocks():
            block = "".join(self._pieces)
            self._pieces.clear()
            if is_first and block:
                block = block.removeprefix(syntax.separator)
                is_first = False
            yield (text + block).encode("latin-1")
            text = ""
        yield (text + syntax.footer).encode("latin-1")

    def _blocks(self) -> Iterator[None]:
        may_read = self.rows.may_read
        if may_read("extractions"):
            for node in (mapping.EXTRACTION, mapping.AGENT):
                for block in self.rows.in_key_order(node, BLOCK):
                    self._write(node, block)
        self._write_terms()
        yield
        if may_read("entities"):
            yield from self._entities()
        if may_read("relations", "entities"):
            yield from self._relations()
        if may_read("articles"):
            yield from self._articles()

    def _write(self, node: Node, rows: Iterable[Any], *of_article: Any) -> None:
        self._writers[node.kind](rows, self._pieces.append, *of_article)

    def _write_terms(self) -> None:
        """Write the terms of ours that the labels of this database stand for."""
        syntax = self.syntax
        labels = name_labels(
            self.vocabulary,
            self.rows.labels("predicate", "relations"),
            self.rows.labels("type", "entities"),
        )
        for term in sorted(labels):
            statements = [(syntax.iri("rdfs:label"), syntax.literal(term.label))]
            self._pieces.append(syntax.described(term.iri, term.class_, statements))

    def _entities(self) -> Iterator[None]:
        node = mapping.ENTITY
        for block in self.rows.in_key_order(node, BLOCK):
            ids = json.dumps([row.id for row in block])
            identifiers = self.rows.identifiers(ids)
            statements = self._statements(ids)
            rows = []
            for row in block:
                same_as, said = identifiers.get(row.id, ()), statements.get(row.id, ())
                more = (
                    self.vocabulary.classes(row.type),
                    row.alias_text.split("\n") if row.alias_text else (),
                    same_as,
                    [iri for iri in same_as if names_thing(iri)],
                )
                plain = sorted(said)
                if any(predicate in self._entity_terms for predicate, _ in said):
                    columns = ADDED[node.kind](*_entity((*more, plain)))
                    plain = self._not_said(row, columns)
                rows.append((*row, *_entity((*more, plain))))
            self._write(node, rows)
            yield

    def _statements(self, ids: str) -> dict[int, set[tuple[str, str]]]:
        """Return the plain statements of a block of entities: predicate IRI and written object."""
        found: dict[int, set[tuple[str, str]]] = {}
        for subject, predicate, object_ in self.rows.asserted(ids, self.assert_from):
            found.setdefault(subject, set()).add(
                (self.vocabulary.predicate(predicate), self.syntax.written_object(object_))
            )
        return found

    def _not_said(self, row: Any, added: Any) -> list[tuple[str, str]]:
        """Return the statements that the entity's own columns do not make too, in order.

        They can where a predicate's term is one of the mapping: "also called" as skos:altLabel.
        """
        columns = {**row._asdict(), **added._asdict()}
        own = {
            (self.syntax.iri(each.term), object_)
            for each in mapping.ENTITY.properties
            if each.term and each.column
            for object_ in self._objects(each, columns[each.column])
        }
        return [each for each in added.statements if each not in own]

    def _objects(self, each: Property, value: Any) -> Iterator[str]:
        """Yield the objects of a property of an entity as those of statements are written."""
        syntax = self.syntax
        values = value if each.many else () if value is None else (value,)
        for one in values:
            if each.value is Value.TERM:
                yield syntax.resource(one)
            elif each.value is Value.IRI:
                yield syntax.user_iri(one)
            elif each.value is Value.DOUBLE:
                yield syntax.literal(repr(one), TYPED[Value.DOUBLE][1])
            else:
                yield syntax.literal(one)

    def _relations(self) -> Iterator[None]:
        node, term = mapping.RELATION, self.vocabulary.predicate
        for block in self.rows.in_key_order(node, BLOCK):
            rows = []
            for row in block:
                predicate = row.predicate_label
                object_ = row.value if row.object is None else row.object
                label = f"{row.subject} {predicate} {object_}"
                rows.append((*row, *_relation((term(predicate), label))))
            self._write(node, rows)
            yield

    def _articles(self) -> Iterator[None]:
        added = ADDED[mapping.ARTICLE.kind]
        for block in self.rows.in_key_order(mapping.ARTICLE, ARTICLE_BLOCK):
            numbers = [row.id for row in block]
            ids = json.dumps(numbers)
            extraction_keys = self.rows.extraction_keys(ids)
            named = self.rows.named(ids)
            zones = self.rows.zones(ids)
            texts = self.rows.texts(ids)
            annotations = [(node, self.rows.annotations(node, numbers)) for node in _ANNOTATIONS]
            for row in block:
                number, key = row.id, row.key
                row = row._replace(**{name: _listed(getattr(row, name)) for name in _ARRAYS})
                more = added(entity_keys=named.get(number, ()))
                self._write(mapping.ARTICLE, ((*row, *more),))
                self._write(mapping.TEXT, (texts[number],))
                extraction_key = extraction_keys.get(number)
                of_this = [(node, found.get(number, [])) for node, found in annotations]
                self._write(mapping.SPAN, self._spans(zones.get(number, []), of_this), key)
                for node, rows in of_this:
                    self._write(node, rows, key, extraction_key)
            yield

    def _spans(self, zones: list[Zone], annotations: list[tuple[Node, list[Any]]]) -> list[Any]:
        """Return each span of an article once, in order, however many annotations share it."""
        spans: dict[tuple[int, int], str | None] = {}
        for node, rows in annotations:
            # Once for each span of the graph.
            span_of, surface_of = _PLACES[node.kind]
            if self.with_text or node is mapping.MENTION:
                for row in rows:
                    span = span_of(row)
                    if span[0] is not None:
                        spans[span] = surface_of(row)
            else:
                for row in rows:
                    span = span_of(row)
                    if span[0] is not None:
                        spans.setdefault(span)
        types: dict[tuple[int, int], list[str]] = {}
        for start, end, zone in zones:
            spans.setdefault((start, end))
            types.setdefault((start, end), []).append(self.syntax.iri(f"ng:{zone}Zone"))
        return [
            _span((*span, spans[span], sorted(types[span]) if span in types else ()))
            for span in sorted(spans)
        ]


@lru_cache(maxsize=1024)
def _listed(array: str | None) -> tuple[str, ...]:
    """Return the strings of a JSON array, each once; authors and sections come again and again."""
    if not array:
        return ()
    listed = json.loads(array)
    if not isinstance(listed, list):
        raise TypeError("not a JSON array")
    return tuple(dict.fromkeys(listed))
