"""Which rows of the graph are written: those of a selection, and of tables that may be read.

Rows go by the names of the mapping's columns, wherever these stand in it. Values that come into a
document as they are, keys among them, are looked at here; where one cannot be written, it is told.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator
from itertools import starmap
from typing import Any, TypeAlias

from datasette_newsgraph import mapping
from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.mapping import Node
from datasette_newsgraph.rdf.label_terms import distinct
from datasette_newsgraph.rdf.node_columns import (
    KEYS,
    OF_ZONES,
    READ,
    columns_of,
    columns_without,
    table_of,
    tables_of,
    value_of,
)
from datasette_newsgraph.rdf.selection import Selection
from datasette_newsgraph.rdf.syntax import Object
from datasette_newsgraph.store.column_values import are_keys, wrong_values
from datasette_newsgraph.store.rules import is_right

_ids = "SELECT value FROM json_each(?)"
_ASSERTED = (
    "LEFT JOIN relation_counts ON relation_id = relations.id"
    " WHERE (relation_id IS NULL OR asserted_up_to >= ?)"
)


#: A relation: the row number of its subject, its predicate, and its object as ``written_object`` takes
#: it.
Statement: TypeAlias = "tuple[int, str, Object]"
#: start, end, zone
Zone: TypeAlias = "tuple[int, int, str]"


class GraphRows:
    """Reads the rows of a graph, or of a part of it. The connection should hold a read transaction.

    Only ``tables`` are read, not so much as to count or to sort: where one may not be read, there are
    no rows of what hangs on it. Raises WrongValue for a value that cannot be written.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        selection: Selection | None,
        tables: Container[str],
        *,
        with_text: bool,
    ) -> None:
        self.connection = connection
        self.selection = selection
        self.tables = tables
        self._columns = {node.kind: columns_of(node, with_text) for node in mapping.NODES}
        self._zones_right = " AND ".join(is_right("zones", each) for each in OF_ZONES)

    def may_read(self, *tables: str) -> bool:
        """Tell whether all of some tables may be read."""
        return all(table in self.tables for table in tables)

    def in_key_order(self, node: Node, size: int) -> Iterator[list[Any]]:
        """Yield the rows of a node by their key, in blocks of so many, the columns by name."""
        table = table_of(node)
        chosen = self._chosen(table)
        if chosen is None:
            cursor = self._select(node, f"ORDER BY {table}.key")
        else:
            ids = json.dumps(sorted(chosen))
            cursor = self._select(node, f"WHERE {table}.id IN ({_ids}) ORDER BY {table}.key", ids)
        while block := cursor.fetchmany(size):
            self._require_keys(node, block)
            yield list(starmap(READ[node.kind], block))

    def labels(self, column: str, table: str) -> Iterable[tuple[str]]:
        """Return the different values of a column."""
        if not self.may_read(table):
            return ()
        chosen = self._chosen(table)
        if chosen is None:
            return distinct(self.connection, table, column)
        return self.connection.execute(
            f"SELECT DISTINCT {column} FROM {table} WHERE id IN ({_ids})",
            [json.dumps(sorted(chosen))],
        )

    def identifiers(self, ids: str) -> dict[int, list[str]]:
        """Return the IRIs of some entities (a JSON array of row numbers) elsewhere, in order."""
        found: dict[int, list[str]] = {}
        if self.may_read("identifiers"):
            query = f"SELECT DISTINCT entity_id, iri FROM identifiers WHERE entity_id IN ({_ids})"
            for entity, iri in self.connection.execute(query, [ids]):
                found.setdefault(entity, []).append(iri)
        for iris in found.values():
            iris.sort()
        return found

    def asserted(self, ids: str, assert_from: float) -> Iterator[Statement]:
        """Yield the relations of some subjects (a JSON array of row numbers) that evidence asserts from
        this confidence on; all where nothing may be read of their evidence.
        """
        if not self.may_read("relations"):
            return
        chosen = self._chosen("relations")
        is_rated = self.may_read("relation_counts")
        cursor = self.connection.execute(
            "SELECT relations.id, relations.subject_id, relations.predicate, objects.key, value,"
            " datatype FROM relations LEFT JOIN entities AS objects ON objects.id = relations.object_id"
            f" {_ASSERTED if is_rated else 'WHERE ? IS NOT NULL'} AND relations.subject_id IN ({_ids})",
            [assert_from, ids],
        )
        for number, subject, predicate, key, value, datatype in cursor:
            if chosen is None or number in chosen:
                if key is not None and not are_keys([key]):
                    raise self._refused("entities")
                yield subject, predicate, (key, value, datatype)

    def extraction_keys(self, ids: str) -> dict[int, str]:
        """Return the key of the extraction that each of some articles comes from."""
        if not self.may_read("extractions"):
            return {}
        query = (
            "SELECT articles.id, extractions.key FROM articles JOIN extractions"
            f" ON extractions.id = extraction_id WHERE articles.id IN ({_ids})"
        )
        return dict(self.connection.execute(query, [ids]).fetchall())

    def texts(self, ids: str) -> dict[int, Any]:
        """Return the row of each article's text; of a text that is hidden only whose it is."""
        node, where = mapping.TEXT, f"WHERE articles.id IN ({_ids})"
        if self.may_read("article_texts"):
            rows = self._select(node, where, ids).fetchall()
            self._require_keys(node, rows)
        else:
            query = f"SELECT {columns_without(node, 'article_texts')} FROM articles {where}"
            rows = self.connection.execute(query, [ids]).fetchall()
        return {row.id: row for row in starmap(READ[node.kind], rows)}

    def named(self, ids: str) -> dict[int, list[str]]:
        """Return the keys of entities that the main zones of each article name, in order."""
        if not self.may_read("appearances", "entities", "zones"):
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

    def zones(self, ids: str) -> dict[int, list[Zone]]:
        """Return the zones of each article."""
        found: dict[int, list[Zone]] = {}
        if not self.may_read("zones"):
            return found
        query = (
            "SELECT article_id, start_char, end_char,"
            f" CASE WHEN {self._zones_right} THEN zone END FROM zones WHERE article_id IN ({_ids})"
        )
        parameters = [ids]
        if self.selection is not None:
            query, parameters = f"{query} AND id IN ({_ids})", [ids, self._json_of("zones")]
        for article, start, end, zone in self.connection.execute(query, parameters).fetchall():
            if not zone:
                raise self._refused("zones")
            found.setdefault(article, []).append((start, end, zone))
        return found

    def annotations(self, node: Node, articles: list[int]) -> dict[int, list[Any]]:
        """Return the rows of mentions, evidence or quotes by article (row numbers), each article's in
        the order of their keys. They are plain tuples, see ``value_of``: there are many.
        """
        table = table_of(node)
        if not self.may_read(table, "entities"):
            return {}
        if self.selection is None:
            where, ids = f"{table}.article_id", articles
        else:
            chosen: dict[int, list[int]] = getattr(self.selection, table)
            where, ids = (
                f"{table}.id",
                [each for number in articles for each in chosen.get(number, ())],
            )
        rows = self._select(node, f"WHERE {where} IN ({_ids})", json.dumps(ids)).fetchall()
        self._require_keys(node, rows)
        key_of, article_of = value_of(node, "key"), value_of(node, "article_id")
        groups: dict[int, list[Any]] = {}
        for row in rows:
            groups.setdefault(article_of(row), []).append(row)
        for group in groups.values():
            group.sort(key=key_of)
        return groups

    def _select(self, node: Node, rest: str, *parameters: Any) -> sqlite3.Cursor:
        """Read the columns of a node that have SQL."""
        query = f"SELECT {self._columns[node.kind]} FROM {node.rows} {rest}"
        return self.connection.execute(query, parameters)

    def _chosen(self, table: str) -> set[int] | None:
        """Return the row numbers selected, or None for all."""
        chosen: set[int] | None = getattr(self.selection, table) if self.selection else None
        return chosen

    def _json_of(self, table: str) -> str:
        return json.dumps(sorted(self._chosen(table) or ()))

    def _require_keys(self, node: Node, rows: list[Any]) -> None:
        """Raise WrongValue unless each key in some rows of a node can be part of an IRI.

        A row that holds what cannot be written as it is has no key, see ``columns_of``.
        """
        for place, is_required in KEYS[node.kind]:
            keys = [row[place] for row in rows]
            if not is_required:
                keys = [key for key in keys if key is not None]
            if not are_keys(keys):
                raise self._refused(*tables_of(node))

    def _refused(self, *tables: str) -> WrongValue:
        """Return the error that says which value in some tables cannot be written."""
        for table in tables:
            for wrong in wrong_values(self.connection, table):
                return WrongValue(f"{wrong.words}; newsgraph check lists what is wrong")
        return WrongValue(
            f"a key that the table {tables[0]} refers to is not a key;"
            " newsgraph check lists what is wrong"
        )
