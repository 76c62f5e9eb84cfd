"""Which part of the graph to write: the rows of each kind, closed so that it can be read alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from datasette_newsgraph.decisions.shown_keys import LEAD, apart, now_under
from datasette_newsgraph.errors import UnknownKey
from datasette_newsgraph.kinds import ANNOTATED, ARTICLE, ENTITY, RELATION, Kind


@dataclass
class Selection:
    """Row numbers of each kind to be written; what is annotated in articles is grouped by article."""

    extractions: set[int] = field(default_factory=set)
    articles: set[int] = field(default_factory=set)
    zones: set[int] = field(default_factory=set)
    entities: set[int] = field(default_factory=set)
    relations: set[int] = field(default_factory=set)
    mentions: dict[int, list[int]] = field(default_factory=dict)
    evidence: dict[int, list[int]] = field(default_factory=dict)
    quotes: dict[int, list[int]] = field(default_factory=dict)


class EveryTable:
    """Holds the name of each table: what may be read where nothing is hidden."""

    def __contains__(self, table: object) -> bool:
        return True


EVERY_TABLE: Container[str] = EveryTable()

_ANNOTATED = tuple(each.table for each in ANNOTATED)


def select(
    connection: sqlite3.Connection,
    entities: Iterable[str] = (),
    articles: Iterable[str] = (),
    relations: Iterable[str] = (),
    tables: Container[str] = EVERY_TABLE,
) -> Selection:
    """Return the part of the graph about some entities and relations (by key) and articles (by key or
    id).

    About an entity: itself, its statements with their evidence, its mentions and quotes, and what it
    was decided to be different from. Of an
    article: itself with its zones, all that is annotated in it, the statements it is evidence for.
    About a relation: itself with its evidence.
    Entities and articles that these refer to come with their own properties. Only ``tables`` are
    read. Raises UnknownKey.
    """
    reader = _Reader(connection, tables)
    about = reader.row_numbers(ENTITY, entities)
    told = reader.row_numbers(ARTICLE, articles)
    chosen = Selection(articles=set(told), entities=set(about))
    of_entities = reader.ids("relations", "id", "subject_id", about)
    of_entities |= reader.ids("relations", "id", "object_id", about)
    of_entities.update(reader.row_numbers(RELATION, relations))
    chosen.relations = of_entities | reader.ids("evidence", "relation_id", "article_id", told)
    for table, column, numbers in (
        ("mentions", "entity_id", about),
        ("evidence", "relation_id", of_entities),
        ("quotes", "speaker_id", about),
    ):
        found = reader.by_article(table, "article_id", told)
        found |= reader.by_article(table, column, numbers)
        setattr(chosen, table, _grouped(found))
    chosen.zones = reader.ids("zones", "id", "article_id", told)
    chosen.entities |= reader.ids("appearances", "entity_id", "article_id", told)
    chosen.entities |= reader.different(about)
    return _closed(chosen, reader)


def select_rows(
    connection: sqlite3.Connection,
    table: str,
    numbers: Iterable[int],
    tables: Container[str] = EVERY_TABLE,
) -> Selection:
    """Return the rows of one table of the graph by their numbers, and what they refer to.

    Only ``tables`` are read.
    """
    return select_all(connection, {table: numbers}, tables)


def select_all(
    connection: sqlite3.Connection,
    rows: Mapping[str, Iterable[int]],
    tables: Container[str] = EVERY_TABLE,
) -> Selection:
    """Return rows of several tables of the graph, by table, as ``select_rows`` does those of one."""
    reader = _Reader(connection, tables)
    chosen = Selection()
    for table, given in rows.items():
        numbers = list(given)
        if table in _ANNOTATED:
            setattr(chosen, table, _grouped(reader.by_article(table, "id", numbers)))
        else:
            found: set[int] = getattr(chosen, table)
            found |= reader.ids(table, "id", "id", numbers)
        if table == "evidence":
            chosen.relations |= reader.ids("evidence", "relation_id", "id", numbers)
    return _closed(chosen, reader)


def _closed(chosen: Selection, reader: _Reader) -> Selection:
    """Add the entities, articles and extractions that the chosen rows refer to."""
    for column in ("subject_id", "object_id"):
        chosen.entities |= reader.ids("relations", column, "id", chosen.relations)
    for table in _ANNOTATED:
        groups: dict[int, list[int]] = getattr(chosen, table)
        chosen.articles.update(groups)
    chosen.entities |= reader.ids("mentions", "entity_id", "id", _flat(chosen.mentions))
    chosen.entities |= reader.ids("quotes", "speaker_id", "id", _flat(chosen.quotes))
    chosen.articles |= reader.ids("zones", "article_id", "id", chosen.zones)
    chosen.extractions |= reader.ids("articles", "extraction_id", "id", chosen.articles)
    return chosen


class _Reader:
    """Looks up row numbers in the tables that may be read; elsewhere it finds nothing."""

    def __init__(self, connection: sqlite3.Connection, tables: Container[str]) -> None:
        self.connection = connection
        self.tables = tables

    def ids(self, table: str, wanted: str, column: str, numbers: Iterable[int]) -> set[int]:
        """Return ``wanted`` of the rows of which ``column`` is one of ``numbers``."""
        found = (row[0] for row in self._rows(table, wanted, column, numbers))
        return {number for number in found if number is not None}

    def by_article(self, table: str, column: str, numbers: Iterable[int]) -> set[Any]:
        """Return (article, row number) of rows with such a value."""
        return set(self._rows(table, "article_id, id", column, numbers))

    def row_numbers(self, kind: Kind, keys: Iterable[str]) -> list[int]:
        """Return the row numbers of keys, former ones too; raises UnknownKey for one that is not there,
        or hidden.
        """
        numbers = []
        for key in keys:
            number = self._row_number(kind, key)
            if number is None and self._sees(*LEAD):
                shown = now_under(self.connection, kind.name, key)
                number = shown and self._row_number(kind, shown)
            if number is None:
                raise UnknownKey(
                    f"there is no {kind.name} {key!r}; the table {kind.table} has the keys"
                )
            numbers.append(number)
        return numbers

    def different(self, numbers: list[int]) -> set[int]:
        """Return the numbers of entities that were decided to be different from some."""
        if not numbers or not self._sees("entities", "decided"):
            return set()
        return {number for pair in apart(self.connection, numbers) for number in pair[:2]}

    def _sees(self, *tables: str) -> bool:
        return all(table in self.tables for table in tables)

    def _row_number(self, kind: Kind, key: str) -> Any:
        if not self._sees(kind.table):
            return None
        # An article is also known by the id that it was given.
        known = "key = :key OR given_id = :key" if kind is ARTICLE else "key = :key"
        query = f"SELECT id FROM {kind.table} WHERE {known} ORDER BY key = :key DESC"
        row = self.connection.execute(query, {"key": key}).fetchone()
        return row and row[0]

    def _rows(self, table: str, wanted: str, column: str, numbers: Iterable[int]) -> Iterable[Any]:
        if table not in self.tables:
            return ()
        query = f"SELECT {wanted} FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))"
        return self.connection.execute(query, [json.dumps(sorted(numbers))])


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for article, number in sorted(pairs):
        groups.setdefault(article, []).append(number)
    return groups


def _flat(groups: dict[int, list[int]]) -> list[int]:
    return [number for numbers in groups.values() for number in numbers]
