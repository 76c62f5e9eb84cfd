"""Write the graph, or a part of it, as a stream of bytes: rows → text, no object a triple.

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
from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.mapping import Node, Value
from datasette_newsgraph.rdf.compiled import compile_nodes
from datasette_newsgraph.rdf.label_terms import distinct, name_labels, read_vocabulary
from datasette_newsgraph.rdf.selection import EVERY_TABLE, Selection
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.store.column_values import are_keys, wrong_values
from datasette_newsgraph.store.rules import is_right
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.vocabulary import Vocabulary

#: Rows that are read and written as one piece, and articles with all that lies in them.
BLOCK = 200
ARTICLE_BLOCK = 25

_ASSERTED = (
    "LEFT JOIN relation_counts ON relation_id = relations.id"
    " WHERE (relation_id IS NULL OR unrated > 0 OR relation_counts.confidence >= ?)"
)
_ids = "SELECT value FROM json_each(?)"


class GraphStream:
    """One pass over a database in one syntax. The connection should hold a read transaction.

    Only ``tables`` are read, not so much as to count or to sort: what hangs on another is left out.
    A statement is written as a plain triple, too, if nothing may be read of its evidence.
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
        self.connection = connection
        self.syntax = syntax
        self.with_text = with_text
        self.assert_from = assert_from
        self.selection = selection
        self.tables = tables
        self.vocabulary = (
            read_vocabulary(connection, syntax.base)
            if self._may_read("vocabulary")
            else Vocabulary(syntax.base)
        )
        self._writers = compile_nodes(syntax, with_text=with_text)
        self._columns = {node.kind: _columns(node, with_text) for node in mapping.NODES}
        self._zones_right = " AND ".join(is_right("zones", each) for each in _OF_ZONES)
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
        if self._may_read("extractions"):
            for node in (mapping.EXTRACTION, mapping.AGENT):
                for block in self._in_key_order(node, BLOCK):
                    self._write(node, block)
        self._write_terms()
        yield
        if self._may_read("entities"):
            yield from self._entities()
        if self._may_read("relations", "entities"):
            yield from self._relations()
        if self._may_read("articles"):
            yield from self._articles()

    def _may_read(self, *tables: str) -> bool:
        return all(table in self.tables for table in tables)

    def _write(self, node: Node, rows: Any, *of_article: Any) -> None:
        self._writers[node.kind](rows, self._pieces.append, *of_article)

    def _rows(self, node: Node, rest: str, *parameters: Any) -> sqlite3.Cursor:
        """Read the columns of a node that have SQL."""
        query = f"SELECT {self._columns[node.kind]} FROM {node.rows} {rest}"
        return self.connection.execute(query, parameters)

    def _in_key_order(self, node: Node, size: int) -> Iterator[list[Any]]:
        """Yield the rows of a node, as ``_rows`` reads them, in blocks by their key."""
        table = node.rows.split()[0]
        chosen = self._chosen(table)
        if chosen is None:
            cursor = self._rows(node, f"ORDER BY {table}.key")
        else:
            ids = json.dumps(sorted(chosen))
            cursor = self._rows(node, f"WHERE {table}.id IN ({_ids}) ORDER BY {table}.key", ids)
        while block := cursor.fetchmany(size):
            self._require_keys(node, block)
            yield block

    def _require_keys(self, node: Node, rows: list[Any]) -> None:
        """Raise WrongValue unless each key in some rows of a node can be part of an IRI.

        A row that holds what cannot be written as it is has no key, see ``_columns``.
        """
        for place, is_required in _KEYS[node.kind]:
            keys = [row[place] for row in rows]
            if not is_required:
                keys = [key for key in keys if key is not None]
            if not are_keys(keys):
                raise self._refused(*_tables_of(node))

    def _refused(self, *tables: str) -> WrongValue:
        """Return the error that says which value in some tables cannot be written."""
        for table in tables:
            for wrong in wrong_values(self.connection, table):
                return WrongValue(f"{wrong.words}; newsgraph check lists what is wrong")
        return WrongValue(
            f"a key that the table {tables[0]} refers to is not a key;"
            " newsgraph check lists what is wrong"
        )

    def _chosen(self, table: str) -> set[int] | None:
        """Return the row numbers selected, or None for all."""
        chosen: set[int] | None = getattr(self.selection, table) if self.selection else None
        return chosen

    def _write_terms(self) -> None:
        """Write the terms of ours that the labels of this database stand for."""
        syntax = self.syntax
        labels = name_labels(
            self.vocabulary,
            self._labels("predicate", "relations"),
            self._labels("type", "entities"),
        )
        for term in sorted(labels):
            statements = [(syntax.iri("rdfs:label"), syntax.literal(term.label))]
            self._pieces.append(syntax.described(term.iri, term.class_, statements))

    def _labels(self, column: str, table: str) -> Iterable[tuple[str]]:
        if not self._may_read(table):
            return ()
        chosen = self._chosen(table)
        if chosen is None:
            return distinct(self.connection, table, column)
        return self.connection.execute(
            f"SELECT DISTINCT {column} FROM {table} WHERE id IN ({_ids})",
            [json.dumps(sorted(chosen))],
        )

    def _entities(self) -> Iterator[None]:
        for block in self._in_key_order(mapping.ENTITY, BLOCK):
            ids = json.dumps([row[0] for row in block])
            identifiers = self._identifiers(ids)
            statements = self._statements(ids)
            rows = []
            for row in block:
                same_as = sorted(iri for _, iri in identifiers.get(row[0], ()))
                said = statements.get(row[0])
                rows.append(
                    (
                        *row,
                        self.vocabulary.classes(row[2]),
                        row[4].split("\n") if row[4] else (),
                        same_as,
                        [iri for iri in same_as if names_thing(iri)],
                        self._not_said(row, same_as, said) if said else (),
                    )
                )
            self._write(mapping.ENTITY, rows)
            yield

    def _identifiers(self, ids: str) -> dict[int, list[Any]]:
        if not self._may_read("identifiers"):
            return {}
        query = f"SELECT DISTINCT entity_id, iri FROM identifiers WHERE entity_id IN ({_ids})"
        return _grouped(self.connection.execute(query, [ids]))

    def _statements(self, ids: str) -> dict[int, set[tuple[str, str]]]:
        """Return the plain statements of a block of entities: predicate IRI and written object."""
        found: dict[int, set[tuple[str, str]]] = {}
        if not self._may_read("relations"):
            return found
        chosen = self._chosen("relations")
        is_rated = self._may_read("relation_counts")
        cursor = self.connection.execute(
            "SELECT relations.id, relations.subject_id, relations.predicate, objects.key, value,"
            " datatype FROM relations LEFT JOIN entities AS objects ON objects.id = relations.object_id"
            f" {_ASSERTED if is_rated else 'WHERE ? IS NOT NULL'} AND relations.subject_id IN ({_ids})",
            [self.assert_from, ids],
        )
        for number, subject, predicate, key, value, datatype in cursor:
            if chosen is None or number in chosen:
                if key is not None and not are_keys([key]):
                    raise self._refused("entities")
                found.setdefault(subject, set()).add(
                    (
                        self.vocabulary.predicate(predicate),
                        self.syntax.written_object((key, value, datatype)),
                    )
                )
        return found

    def _not_said(
        self, row: tuple[Any, ...], same_as: list[str], statements: set[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        """Return the statements that the entity's own columns do not make too, in order.

        They can where a predicate's term is one of the mapping: "also called" as skos:altLabel.
        """
        if any(predicate in self._entity_terms for predicate, _ in statements):
            syntax, (name, aliases, description) = self.syntax, row[3:6]
            strings = {"schema:name": [name], "skos:prefLabel": [name]}
            strings["skos:altLabel"] = aliases.split("\n") if aliases else []
            strings["schema:description"] = [description] if description else []
            said = {(syntax.iri(p), syntax.literal(each)) for p in strings for each in strings[p]}
            said |= {
                (syntax.iri(term), syntax.user_iri(iri))
                for iri in same_as
                for term in ("schema:sameAs", "owl:sameAs")
                if term != "owl:sameAs" or names_thing(iri)
            }
            said |= {
                (syntax.iri("rdf:type"), syntax.resource(each))
                for each in self.vocabulary.classes(row[2])
            }
            statements = statements - said
        return sorted(statements)

    def _relations(self) -> Iterator[None]:
        term = self.vocabulary.predicate
        for block in self._in_key_order(mapping.RELATION, BLOCK):
            rows = [
                (
                    *row,
                    term(row[3]),
                    f"{row[2]} {row[3]} {row[6] if row[5] is None else row[5]}",
                )
                for row in block
            ]
            self._write(mapping.RELATION, rows)
            yield

    def _articles(self) -> Iterator[None]:
        for block in self._in_key_order(mapping.ARTICLE, ARTICLE_BLOCK):
            numbers = [row[0] for row in block]
            ids = json.dumps(numbers)
            extraction_keys = self._extraction_keys(ids)
            named = self._named(ids)
            zones = self._zones(ids)
            texts = self._texts(ids)
            annotations = [
                (node, self._annotations(node, numbers))
                for node in (mapping.MENTION, mapping.EVIDENCE, mapping.QUOTE)
            ]
            for row in block:
                number, key = row[:2]
                authors, sections = _listed(row[6]), _listed(row[7])
                row = (*row[:6], authors, sections, *row[8:], named.get(number, ()))
                self._write(mapping.ARTICLE, (row,))
                self._write(mapping.TEXT, (texts[number],))
                extraction_key = extraction_keys.get(number)
                of_this = [(node, found.get(number, [])) for node, found in annotations]
                self._write(mapping.SPAN, self._spans(zones.get(number, ()), of_this), key)
                for node, rows in of_this:
                    rows.sort()
                    self._write(node, rows, key, extraction_key)
            yield

    def _extraction_keys(self, ids: str) -> dict[int, str]:
        if not self._may_read("extractions"):
            return {}
        query = (
            "SELECT articles.id, extractions.key FROM articles JOIN extractions"
            f" ON extractions.id = extraction_id WHERE articles.id IN ({_ids})"
        )
        return dict(self.connection.execute(query, [ids]).fetchall())

    def _texts(self, ids: str) -> dict[int, tuple[Any, ...]]:
        """Return the row of each article's text; of a text that is hidden only whose it is."""
        where = f"WHERE articles.id IN ({_ids})"
        if self._may_read("article_texts"):
            rows = self._rows(mapping.TEXT, where, ids).fetchall()
            self._require_keys(mapping.TEXT, rows)
            return {row[0]: row for row in rows}
        query = f"SELECT id, key, 0, NULL, NULL, NULL FROM articles {where}"
        return {row[0]: row for row in self.connection.execute(query, [ids])}

    def _named(self, ids: str) -> dict[int, list[str]]:
        """Return the keys of entities that the main zones of each article name."""
        if not self._may_read("appearances", "entities", "zones"):
            return {}
        chosen = self._chosen("entities")
        named: dict[int, list[str]] = {}
        for article, number, key in self.connection.execute(
            "SELECT article_id, entity_id, key FROM appearances"
            " JOIN entities ON entities.id = entity_id"
            f" WHERE article_id IN ({_ids}) AND (main_mentions > 0 OR mentions = 0"
            " AND NOT EXISTS (SELECT 1 FROM zones WHERE zones.article_id = appearances.article_id))",
            [ids],
        ):
            if chosen is None or number in chosen:
                named.setdefault(article, []).append(key)
        for keys in named.values():
            if not are_keys(keys):
                raise self._refused("entities")
            keys.sort()
        return named

    def _zones(self, ids: str) -> dict[int, list[Any]]:
        if not self._may_read("zones"):
            return {}
        query = (
            "SELECT article_id, start_char, end_char,"
            f" CASE WHEN {self._zones_right} THEN zone END FROM zones WHERE article_id IN ({_ids})"
        )
        if self.selection is None:
            rows = self.connection.execute(query, [ids]).fetchall()
        else:
            chosen = json.dumps(sorted(self.selection.zones))
            rows = self.connection.execute(f"{query} AND id IN ({_ids})", [ids, chosen]).fetchall()
        if not all(row[3] for row in rows):
            raise self._refused("zones")
        return _grouped(rows)

    def _annotations(self, node: Node, block: list[int]) -> dict[int, list[Any]]:
        """Return the rows of mentions, evidence or quotes by article."""
        table = node.rows.split()[0]
        if not self._may_read(table, "entities"):
            return {}
        if self.selection is None:
            where, ids = f"{table}.article_id", block
        else:
            chosen: dict[int, list[int]] = getattr(self.selection, table)
            where, ids = (
                f"{table}.id",
                [each for number in block for each in chosen.get(number, ())],
            )
        article_id = list(node.columns).index("article_id")
        rows = self._rows(node, f"WHERE {where} IN ({_ids})", json.dumps(ids)).fetchall()
        self._require_keys(node, rows)
        return _grouped(rows, article_id)

    def _spans(
        self, zones: Any, annotations: list[tuple[Node, list[Any]]]
    ) -> list[tuple[Any, ...]]:
        """Return each span of an article once, in order, however many annotations share it."""
        spans: dict[tuple[int, int], str | None] = {}
        for node, rows in annotations:
            # Slices and places rather than names: once for each span of the graph.
            if self.with_text or node is mapping.MENTION:
                for row in rows:
                    if row[2] is not None:
                        spans[row[2:4]] = row[4]
            else:
                for row in rows:
                    if row[2] is not None:
                        spans.setdefault(row[2:4])
        if not zones:
            return [(*span, spans[span], ()) for span in sorted(spans)]
        types: dict[tuple[int, int], list[str]] = {}
        for _, start, end, zone in zones:
            spans.setdefault((start, end))
            types.setdefault((start, end), []).append(self.syntax.iri(f"ng:{zone}Zone"))
        return [(*span, spans[span], sorted(types.get(span, ()))) for span in sorted(spans)]


def _columns(node: Node, with_text: bool) -> str:
    """Return the columns of a node that have SQL; texts that are not written are not read either.

    A row has a key only if all that is written of it as it is may be written so.
    """
    unread = set() if with_text else {each.column for each in node.properties if each.with_text}
    unread -= {each.column for each in node.properties if not each.with_text}
    # Spans are made of it, whoever writes it.
    unread.discard("surface")
    columns = {name: sql for name, sql in node.columns.items() if sql} | dict.fromkeys(
        unread, "NULL"
    )
    written = [is_right(*sql.split(".")) for sql in _written_as_they_are(node)]
    if written:
        columns["key"] = f"CASE WHEN {' AND '.join(written)} THEN {columns['key']} END"
    return ", ".join(columns.values())


def _written_as_they_are(node: Node) -> list[str]:
    """Return the columns of tables that come into a document without quotes around them, but for
    keys.
    """
    bare = {each.column for each in node.properties if each.value in _BARE} | {*_OF_ZONES}
    columns = [sql for name, sql in node.columns.items() if sql and name in bare]
    return [sql for sql in columns if sql.partition(".")[0] in TABLES]


def _tables_of(node: Node) -> list[str]:
    """Return the tables that the columns of a node are of; aliases stand for entities."""
    names = dict.fromkeys(sql.partition(".")[0] for sql in node.columns.values() if sql)
    return [*(each for each in names if each in TABLES), "entities"]


def _keys_of(node: Node) -> list[tuple[int, bool]]:
    """Return the places of the keys among the columns that are read, and whether each is required."""
    required = {each.column for each in node.properties if each.required} | {"key"}
    read = [name for name, sql in node.columns.items() if sql]
    return [
        (place, name in required and name != "object_key")
        for place, name in enumerate(read)
        if name == "key" or name.endswith("_key")
    ]


#: Values that are written as they are.
_BARE = (Value.CODE, Value.COUNT, Value.DOUBLE, Value.BOOLEAN)
_OF_ZONES = ("start_char", "end_char", "zone")
_KEYS = {node.kind: _keys_of(node) for node in mapping.NODES if "key" in node.columns}


def _grouped(rows: Iterable[Any], column: int = 0) -> dict[int, list[Any]]:
    """Return rows by one of their columns."""
    groups: dict[int, list[Any]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


@lru_cache(maxsize=1024)
def _listed(array: str | None) -> tuple[str, ...]:
    """Return the strings of a JSON array, each once; authors and sections come again and again."""
    if not array:
        return ()
    listed = json.loads(array)
    if not isinstance(listed, list):
        raise TypeError("not a JSON array")
    return tuple(dict.fromkeys(listed))
