"""Turn drafts into rows by giving them numbers, and write rows as the fastest SQL of sqlite3."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from datasette_newsgraph.drafting.draft import Draft
from datasette_newsgraph.drafting.draft_rows import (
    ArticleRow,
    EntityRow,
    EvidenceColumns,
    ExtractionRow,
    QuoteColumns,
    SpanColumns,
    TextRow,
    ZoneRow,
)
from datasette_newsgraph.store.schema import FULL_TEXT
from datasette_newsgraph.store.text_parts import parts_of
from datasette_newsgraph.zone_counts import ZoneCounts

#: Bound parameters in one statement: more of them make a statement slower again.
MAX_PARAMETERS = 999
_WITH_TRIGGERS = (
    "SELECT lower(tbl_name) FROM sqlite_master WHERE type = 'trigger'"
    " UNION SELECT lower(tbl_name) FROM sqlite_temp_master WHERE type = 'trigger'"
)

#: The columns of each table in the order in which its rows are given below: SQL is told their names,
#: so that their order in the table does not matter.
COLUMNS: dict[str, tuple[str, ...]] = {
    "extractions": ("id", *ExtractionRow._fields),
    "articles": (
        *("id", "key", "extraction_id", "source_id", "record_hash"),
        *ArticleRow._fields,
    ),
    "article_faults": ("article_id", "faults"),
    "article_texts": ("article_id", *TextRow._fields),
    "text_parts": ("article_id", "number", "part"),
    "folded_texts": ("article_id", *FULL_TEXT["article_texts"]),
    "zones": ("id", "article_id", *ZoneRow._fields),
    "entities": ("id", *EntityRow._fields),
    "appearances": (
        *("id", "article_id", "entity_id"),
        *("type", "name", "description", "latitude", "longitude"),
        *ZoneCounts._fields,
    ),
    "aliases": ("id", "appearance_id", "entity_id", "alias"),
    "identifiers": ("id", "appearance_id", "entity_id", "iri"),
    "mentions": ("id", "article_id", "entity_id", *SpanColumns._fields),
    "relations": ("id", "key", "subject_id", "predicate", "object_id", "value", "datatype"),
    "evidence": (
        *("id", "relation_id", "article_id", "extraction_id"),
        *EvidenceColumns._fields,
        *SpanColumns._fields,
    ),
    "quotes": (
        *("id", "article_id", "speaker_id"),
        *QuoteColumns._fields,
        *SpanColumns._fields,
    ),
    "folded_quotes": ("quote_id", *FULL_TEXT["quotes"]),
}


class Rows:
    """Rows for several tables, to be inserted together. Row numbers are given out here."""

    def __init__(self, next_ids: dict[str, int]) -> None:
        self.next_ids = next_ids
        self.pending: dict[str, list[Any]] = {table: [] for table in COLUMNS}

    def new_id(self, table: str) -> int:
        """Return the next row number of ``table``."""
        number = self.next_ids[table]
        self.next_ids[table] = number + 1
        return number

    def add(self, table: str, *values: Any) -> None:
        """Add one row, its values in the order of ``COLUMNS``."""
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
        extraction_id = draft.extraction and ids["extractions"][draft.extraction.key]
        self.add(
            "articles",
            article_id,
            draft.key,
            extraction_id,
            source_id,
            record_hash,
            *draft.article,
        )
        if draft.faults:
            self.add("article_faults", article_id, draft.faults)
        if draft.text is not None:
            self.add("article_texts", article_id, *draft.text)
            for number, part in enumerate(parts_of(draft.text.text)):
                self.add("text_parts", article_id, number, part)
        if draft.folded_text is not None:
            self.add("folded_texts", article_id, *draft.folded_text)
        for zone in draft.zones:
            self.add("zones", self.new_id("zones"), article_id, *zone)
        entities = [ids["entities"][entity.key] for entity in draft.entities]
        relations = [ids["relations"][statement.key] for statement in draft.statements]
        self._add_appearances(draft, article_id, entities)
        # Once for each span, the innermost loops of writing.
        extend, first = self.pending["mentions"].extend, self.next_ids["mentions"]
        for number, (entity, span) in enumerate(draft.mentions, first):
            extend((number, article_id, entities[entity], *span))
        self.next_ids["mentions"] += len(draft.mentions)
        extend, first = self.pending["evidence"].extend, self.next_ids["evidence"]
        for number, (statement, columns, span) in enumerate(draft.evidence, first):
            extend((number, relations[statement], article_id, extraction_id, *columns, *span))
        self.next_ids["evidence"] += len(draft.evidence)
        first = self.next_ids["quotes"]
        for quote in draft.quotes:
            speaker = None if quote.speaker is None else entities[quote.speaker]
            number = self.new_id("quotes")
            self.add("quotes", number, article_id, speaker, *quote.columns, *quote.span)
        for number, words in draft.folded_quotes:
            self.add("folded_quotes", first + number, *words)

    def _add_appearances(self, draft: Draft, article_id: int, entities: list[int]) -> None:
        for entity_id, entity, appearance in zip(
            entities, draft.entities, draft.appearances, strict=True
        ):
            number = self.new_id("appearances")
            self.add(
                "appearances",
                number,
                article_id,
                entity_id,
                entity.type,
                entity.name,
                entity.description,
                entity.latitude,
                entity.longitude,
                *appearance.counts,
            )
            for alias in appearance.aliases:
                self.add("aliases", self.new_id("aliases"), number, entity_id, alias)
            for iri in appearance.identifiers:
                self.add("identifiers", self.new_id("identifiers"), number, entity_id, iri)

    def insert(self, connection: sqlite3.Connection) -> None:
        """Insert what was added, and begin anew. What an error leaves of it is to be rolled back."""
        # As nothing takes back a statement alone, SQLite need not keep the pages that it changes. But
        # the clause would hold for the statements of a user's triggers, too.
        with_triggers = {name for (name,) in connection.execute(_WITH_TRIGGERS)}
        for table, values in self.pending.items():
            if values:
                clause = "" if table in with_triggers else " OR FAIL"
                insert_rows(connection, table, COLUMNS[table], values, clause)
                self.pending[table] = []


def insert_rows(
    connection: sqlite3.Connection,
    table: str,
    columns: Sequence[str],
    values: list[Any],
    clause: str = "",
) -> None:
    """Insert rows given as one flat list, in the order of the ``columns``; ``clause`` says what happens
    where one cannot be.
    """
    width = len(columns)
    per_statement = MAX_PARAMETERS // width
    row = f"({', '.join('?' * width)})"

    def statement(rows: int) -> str:
        listed, places = ", ".join(columns), ", ".join([row] * rows)
        return f"INSERT{clause} INTO {table} ({listed}) VALUES {places}"

    step = per_statement * width
    whole = len(values) - len(values) % step
    if whole:
        full = statement(per_statement)
        for begin in range(0, whole, step):
            connection.execute(full, values[begin : begin + step])
    if whole < len(values):
        connection.execute(statement((len(values) - whole) // width), values[whole:])


def next_id(connection: sqlite3.Connection, table: str) -> int:
    """Return the row number that comes next in a table."""
    (last,) = connection.execute(f"SELECT max(id) FROM main.{table}").fetchone()
    return (last or 0) + 1


def rows_in(
    connection: sqlite3.Connection, query: str, values: Iterable[Any], step: int = 500
) -> Iterable[Any]:
    """Yield the rows of ``query``, whose ``{}`` becomes as many placeholders as there are values."""
    values = list(values)
    for begin in range(0, len(values), step):
        part = values[begin : begin + step]
        yield from connection.execute(query.format(", ".join("?" * len(part))), part)
