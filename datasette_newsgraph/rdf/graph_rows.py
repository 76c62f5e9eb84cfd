"""Which rows of the graph are written: those of a selection, and of tables that may be read.

Each kind of row is one query in the order in which rows are written, by the key of the entity,
relation or article that they belong to, so that all of them can be read side by side. Values that
come into a document as they are, keys among them, are looked at here; where one cannot be written, it
is told.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator
from itertools import chain, islice
from operator import itemgetter
from typing import Any, TypeAlias

from datasette_newsgraph import mapping
from datasette_newsgraph.errors import WrongValue
from datasette_newsgraph.mapping import Node
from datasette_newsgraph.rdf.groups import Groups
from datasette_newsgraph.rdf.label_terms import distinct, used_predicates
from datasette_newsgraph.rdf.node_columns import (
    KEYS,
    OF_ZONES,
    columns_of,
    table_of,
    tables_of,
    value_of,
)
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.selection import Selection
from datasette_newsgraph.store.column_values import are_keys, wrong_values
from datasette_newsgraph.store.rules import is_right
from datasette_newsgraph.vocabulary import ObjectKind

#: Rows that are read and looked at together.
_BLOCK = 50
#: Tables that a node can be written without: what comes from them is null then.
_OPTIONAL = {mapping.ARTICLE.kind: "extractions", mapping.TEXT.kind: "article_texts"}
#: The rows of a table that lie in articles.
IN_ARTICLES = "articles CROSS JOIN {0} ON {0}.article_id = articles.id"
#: The condition on appearances for entities that the main zones of an article name.
NAMED = (
    "(main_mentions > 0 OR mentions = 0"
    " AND NOT EXISTS (SELECT 1 FROM zones WHERE zones.article_id = appearances.article_id))"
)

# The identifiers of some entities, each once: every article that names an entity may have given it, so
# this leaps from one to the next.
_LEAPING = (
    "(WITH RECURSIVE leap (entity_id, iri) AS (SELECT value, (SELECT min(iri) FROM identifiers"
    " WHERE entity_id = value) FROM json_each(?) UNION ALL SELECT entity_id,"
    " (SELECT min(iri) FROM identifiers WHERE identifiers.entity_id = leap.entity_id"
    " AND identifiers.iri > leap.iri) FROM leap WHERE leap.iri IS NOT NULL)"
    " SELECT entity_id, iri FROM leap WHERE iri IS NOT NULL) AS given"
    " CROSS JOIN entities ON entities.id = given.entity_id"
)

_first: Any = itemgetter(0)
#: Places of keys in a row, and whether each has to be there.
Keys: TypeAlias = "list[tuple[int, bool]]"


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
        self.with_text = with_text
        self._chosen: dict[str, str] = {}

    def may_read(self, *tables: str) -> bool:
        """Tell whether all of some tables may be read."""
        return all(table in self.tables for table in tables)

    def predicates(self) -> Iterable[tuple[str, ObjectKind]]:
        """Return the predicates of relations, each with the kinds of its objects that tell its term."""
        if not self.may_read("relations"):
            return ()
        chosen = None if self.selection is None else self._numbers("relations")
        return used_predicates(self.connection, chosen)

    def types(self) -> Iterable[tuple[str]]:
        """Return the different types of entities."""
        if not self.may_read("entities"):
            return ()
        if self.selection is None:
            return distinct(self.connection, "entities", "type")
        return self.connection.execute(
            "SELECT DISTINCT type FROM entities WHERE id IN (SELECT value FROM json_each(?))",
            [self._numbers("entities")],
        )

    def nodes(self, node: Node, part: Part) -> Iterator[Any]:
        """Yield the rows of the nodes of a kind with the keys of a part, by their keys."""
        if part.high is not None:
            self._require_no_null(table_of(node))
        table, rows, hidden = table_of(node), node.rows, _OPTIONAL.get(node.kind)
        if hidden is None or self.may_read(hidden):
            hidden = None
        else:
            rows = table
        columns = columns_of(node.kind, with_text=self.with_text, hidden=hidden)
        cursor = self.in_key_order(columns, rows, table, part)
        return self.checked(cursor, KEYS[node.kind], tables_of(node))

    def identifiers(self, part: Part) -> Groups:
        """Return the IRIs of entities elsewhere, behind the number of the entity."""
        if not self.may_read("identifiers"):
            return Groups((), _first)
        if self.selection is None:
            rows = "entities CROSS JOIN identifiers ON identifiers.entity_id = entities.id"
            return Groups(self.in_key_order("entities.id, iri", rows, "entities", part), _first)
        cursor = self.in_key_order(
            "entities.id, iri", _LEAPING, "entities", part, within=[self._numbers("entities")]
        )
        return Groups(cursor, _first)

    def named(self, part: Part) -> Groups:
        """Return the keys of entities that the main zones of articles name, behind the number of the
        article.
        """
        if not self.may_read("appearances", "entities", "zones"):
            return Groups((), _first)
        rows = IN_ARTICLES.format("appearances")
        rows += " CROSS JOIN entities ON entities.id = appearances.entity_id"
        conditions, values = self.chosen_of("entities")
        conditions.append(NAMED)
        columns = "articles.id, entities.key"
        cursor = self.in_key_order(columns, rows, "articles", part, conditions, values)
        return Groups(self.checked(cursor, [(1, True)], ["entities"]), _first)

    def stated_in(self, part: Part) -> Groups:
        """Return the keys of the articles that state relations, behind the key of the relation."""
        if not self.may_read("relations", "evidence", "articles"):
            return Groups((), _first)
        rows = (
            "relations CROSS JOIN evidence ON evidence.relation_id = relations.id"
            " CROSS JOIN articles ON articles.id = evidence.article_id"
        )
        conditions, values = self.chosen_of("evidence")
        columns = "relations.key, articles.key"
        cursor = self.in_key_order(columns, rows, "relations", part, conditions, values)
        return Groups(self.checked(cursor, [(1, True)], ["articles"]), _first)

    def names_in_articles(self, from_: str, column: str) -> Iterator[tuple[str, int]]:
        """Yield the different names in a column that comes from articles, and how many have each.

        The FROM clause ``from_`` calls the table of articles ``articles``.
        """
        condition, values = "", []
        if self.selection is not None:
            condition = " AND articles.id IN (SELECT value FROM json_each(?))"
            values = [self._numbers("articles")]
        yield from self.connection.execute(
            f"SELECT {column}, count(DISTINCT articles.id) FROM {from_}"
            f" WHERE typeof({column}) = 'text'{condition} GROUP BY {column}",
            values,
        )

    def zones(self, part: Part) -> Groups:
        """Return the zones of articles: the number of the article, start, end, and what zone it is."""
        if not self.may_read("zones"):
            return Groups((), _first)
        is_written = " AND ".join(is_right("zones", each) for each in OF_ZONES)
        columns = f"articles.id, start_char, end_char, CASE WHEN {is_written} THEN zone END"
        rows = IN_ARTICLES.format("zones")
        cursor = self.in_key_order(columns, rows, "articles", part, *self.chosen_of("zones"))
        # The name of a zone looks as keys do.
        return Groups(self.checked(cursor, [(3, True)], ["zones"]), _first)

    def annotations(self, node: Node, part: Part) -> Groups:
        """Return the rows of mentions, evidence or quotes of articles."""
        table, _, joins = node.rows.partition(" ")
        article_of = value_of(node, "article_id")
        if not self.may_read(table, "entities"):
            return Groups((), article_of)
        rows = f"{IN_ARTICLES.format(table)} {joins}"
        columns = columns_of(node.kind, with_text=self.with_text)
        cursor = self.in_key_order(columns, rows, "articles", part, *self.chosen_of(table))
        return Groups(self.checked(cursor, KEYS[node.kind], tables_of(node)), article_of)

    def in_key_order(
        self,
        columns: str,
        rows: str,
        owner: str,
        part: Part,
        conditions: Iterable[str] = (),
        values: Iterable[Any] = (),
        within: Iterable[Any] = (),
    ) -> sqlite3.Cursor:
        """Read rows of the owners that are written of a part, by the keys of these. ``values`` are
        those of the conditions, ``within`` of ``rows``.
        """
        key, where, parameters = f"{owner}.key", [], []
        for comparison, bound in ((">=", part.low), ("<", part.high)):
            if bound is not None:
                where.append(f"{key} {comparison} ?")
                parameters.append(bound)
        order = key
        if self.selection is not None:
            where.append(f"{owner}.id IN (SELECT value FROM json_each(?))")
            parameters.append(self._numbers(owner))
            # Sorted, and not looked for along the keys of all that there are.
            order = f"+{key}"
        condition = " AND ".join([*where, *conditions]) or "true"
        return self.connection.execute(
            f"SELECT {columns} FROM {rows} WHERE {condition} ORDER BY {order}, {owner}.id",
            [*within, *parameters, *values],
        )

    def chosen_of(self, table: str) -> tuple[list[str], list[Any]]:
        """Return the condition for the rows of a table that are selected, and its value, in lists that
        may be added to.

        By the plus, SQLite leaves the way to the rows as it is, and does not go through the whole list
        for each owner.
        """
        if self.selection is None:
            return [], []
        return [f"+{table}.id IN (SELECT value FROM json_each(?))"], [self._numbers(table)]

    def _numbers(self, table: str) -> str:
        """Return the numbers of the rows of a table that are selected, as a JSON array."""
        if table not in self._chosen:
            numbers = getattr(self.selection, table)
            if isinstance(numbers, dict):
                numbers = chain.from_iterable(numbers.values())
            self._chosen[table] = json.dumps(sorted(numbers))
        return self._chosen[table]

    def _require_no_null(self, table: str) -> None:
        """Raise WrongValue for a key that is null, and so in no part that has bounds."""
        if self.connection.execute(f"SELECT 1 FROM {table} WHERE key IS NULL LIMIT 1").fetchone():
            raise self._refused([table])

    def checked(self, cursor: sqlite3.Cursor, keys: Keys, tables: list[str]) -> Iterator[Any]:
        """Yield rows, of which the values in some places are keys; raises WrongValue for one that is
        not, and names what is wrong in the tables.
        """
        return chain.from_iterable(self._checked_blocks(cursor, keys, tables))

    def _checked_blocks(
        self, cursor: sqlite3.Cursor, keys: Keys, tables: list[str]
    ) -> Iterator[list[Any]]:
        """Yield rows in blocks; raises WrongValue unless each key in them can be part of an IRI.

        A row that holds what cannot be written as it is has no key, see ``columns_of``.
        """
        while block := list(islice(cursor, _BLOCK)):
            for place, is_required in keys:
                found = [row[place] for row in block]
                if not is_required:
                    found = [key for key in found if key is not None]
                if not are_keys(found):
                    raise self._refused(tables)
            yield block

    def _refused(self, tables: list[str]) -> WrongValue:
        """Return the error that says which value in some tables cannot be written."""
        for table in tables:
            for wrong in wrong_values(self.connection, table):
                return WrongValue(f"{wrong.words}; newsgraph check lists what is wrong")
        return WrongValue(
            f"a key that the table {tables[0]} refers to is not a key;"
            " newsgraph check lists what is wrong"
        )
