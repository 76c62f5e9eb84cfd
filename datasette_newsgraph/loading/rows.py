"""Turn drafts into rows by giving them numbers, and write rows as the fastest SQL of sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from datasette_newsgraph.drafting.draft import Draft
from datasette_newsgraph.store.schema import TABLES, into
from datasette_newsgraph.store.text_parts import parts_of

#: Bound parameters in one statement: more of them make a statement slower again.
MAX_PARAMETERS = 999


class Rows:
    """Rows for several tables, to be inserted together. Row numbers are given out here."""

    def __init__(self, next_ids: dict[str, int]) -> None:
        self.next_ids = next_ids
        self.pending: dict[str, list[Any]] = {table: [] for table in TABLES}

    def new_id(self, table: str) -> int:
        """Return the next row number of ``table``."""
        number = self.next_ids[table]
        self.next_ids[table] = number + 1
        return number

    def add(self, table: str, *values: Any) -> None:
        """Add one row, its values in the order of the table's columns."""
        self.pending[table].extend(values)

    def add_article(
        self,
        draft: Draft,
        article_id: int,
        ids: Mapping[str, Mapping[str, int]],
        source_id: int,
        record_hash: str,
    ) -> None:
        """Add all rows of one article; ``ids`` are the row numbers by table and key."""
        extraction_id = draft.extraction and ids["extractions"][draft.extraction[0]]
        self.add(
            "articles",
            article_id,
            draft.key,
            *draft.article,
            extraction_id,
            source_id,
            record_hash,
            draft.given_published,
        )
        if draft.faults:
            self.add("article_faults", article_id, draft.faults)
        if draft.text is not None:
            self.add("article_texts", article_id, *draft.text)
            for number, part in enumerate(parts_of(draft.text[-1])):
                self.add("text_parts", article_id, number, part)
        if draft.folded_text is not None:
            self.add("folded_texts", article_id, *draft.folded_text)
        for zone in draft.zones:
            self.add("zones", self.new_id("zones"), article_id, *zone)
        entities = [ids["entities"][entity[0]] for entity in draft.entities]
        relations = [ids["relations"][statement[0]] for statement in draft.statements]
        self._add_appearances(draft, article_id, entities)
        # Once for each span, the innermost loops of writing.
        extend, first = self.pending["mentions"].extend, self.next_ids["mentions"]
        for number, row in enumerate(draft.mentions, first):
            extend((number, row[1], article_id, entities[row[0]], *row[2:]))
        self.next_ids["mentions"] += len(draft.mentions)
        extend, first = self.pending["evidence"].extend, self.next_ids["evidence"]
        for number, row in enumerate(draft.evidence, first):
            extend((number, row[1], relations[row[0]], article_id, extraction_id, *row[2:]))
        self.next_ids["evidence"] += len(draft.evidence)
        first = self.next_ids["quotes"]
        for place, key, *rest in draft.quotes:
            speaker = None if place is None else entities[place]
            self.add("quotes", self.new_id("quotes"), key, article_id, speaker, *rest)
        for number, words in draft.folded_quotes:
            self.add("folded_quotes", first + number, *words)

    def _add_appearances(self, draft: Draft, article_id: int, entities: list[int]) -> None:
        for entity_id, entity, appearance in zip(
            entities, draft.entities, draft.appearances, strict=True
        ):
            number = self.new_id("appearances")
            *counts, aliases, identifiers = appearance
            # As the article gives it; what its key comes from is no article's to say.
            self.add("appearances", number, article_id, entity_id, *entity[1:-1], *counts)
            for alias in aliases:
                self.add("aliases", self.new_id("aliases"), number, entity_id, alias)
            for iri in identifiers:
                self.add("identifiers", self.new_id("identifiers"), number, entity_id, iri)

    def insert(self, connection: sqlite3.Connection) -> None:
        """Insert what was added, and begin anew."""
        for table, values in self.pending.items():
            if values:
                insert_rows(connection, table, values)
                self.pending[table] = []


def insert_rows(connection: sqlite3.Connection, table: str, values: list[Any]) -> None:
    """Insert rows given as one flat list, in the order of the table's columns."""
    width = len(TABLES[table].columns)
    per_statement = MAX_PARAMETERS // width
    row = f"({', '.join('?' * width)})"

    def statement(rows: int) -> str:
        return f"{into(table)} VALUES {', '.join([row] * rows)}"

    step = per_statement * width
    whole = len(values) - len(values) % step
    if whole:
        full = statement(per_statement)
        for begin in range(0, whole, step):
            connection.execute(full, values[begin : begin + step])
    if whole < len(values):
        connection.execute(statement((len(values) - whole) // width), values[whole:])


def rows_in(
    connection: sqlite3.Connection, query: str, values: Iterable[Any], step: int = 500
) -> Iterable[Any]:
    """Yield the rows of ``query``, whose ``{}`` becomes as many placeholders as there are values."""
    values = list(values)
    for begin in range(0, len(values), step):
        part = values[begin : begin + step]
        yield from connection.execute(query.format(", ".join("?" * len(part))), part)
