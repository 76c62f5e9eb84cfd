"""The tables, as data, and the migrations that make them.

Integer primary keys; a unique text ``key`` where a thing has an IRI; foreign keys everywhere, and an
index on each foreign key and each column that is filtered by. Unique keys stand in indexes rather
than constraints, so that a new database can be filled first and indexed after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database, Migrations

from datasette_newsgraph.errors import SchemaMismatch
from datasette_newsgraph.store.transactions import transaction


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, and which of them refer to which table (by its first column)."""

    columns: dict[str, type]
    references: dict[str, str]
    pk: str | tuple[str, ...] = "id"


_SPAN = {
    "start_char": int,
    "end_char": int,
    "surface": str,
    "zone": str,
    "confidence": float,
    "offset_status": str,
    "given_start": int,
    "given_end": int,
}

TABLES: dict[str, Table] = {
    "settings": Table({"name": str, "value": str}, {}, pk="name"),
    "sources": Table(
        {
            "id": int,
            "name": str,
            "place": str,
            "size": int,
            "sha256": str,
            "resume_line": int,
            "resume_byte": int,
            "complete": int,
        },
        {},
    ),
    "extractions": Table({"id": int, "key": str, "tool": str, "version": str, "model": str}, {}),
    "articles": Table(
        {
            "id": int,
            "key": str,
            "given_id": str,
            "title": str,
            "url": str,
            "publisher": str,
            "authors": str,
            "sections": str,
            "published": str,
            "language": str,
            "licence": str,
            "extraction_id": int,
            "source_id": int,
            "record_hash": str,
            "faults": int,
        },
        {"extraction_id": "extractions", "source_id": "sources"},
    ),
    "article_texts": Table(
        # What a text is measured by stands before it: SQLite reads a row from its beginning.
        {"article_id": int, "title": str, "length": int, "sha256": str, "text": str},
        {"article_id": "articles"},
        pk="article_id",
    ),
    "zones": Table(
        {"id": int, "article_id": int, "zone": str, "start_char": int, "end_char": int},
        {"article_id": "articles"},
    ),
    "entities": Table(
        {
            "id": int,
            "key": str,
            "type": str,
            "name": str,
            "alias_text": str,
            "description": str,
            "latitude": float,
            "longitude": float,
        },
        {},
    ),
    "appearances": Table(
        {
            "id": int,
            "article_id": int,
            "entity_id": int,
            "type": str,
            "name": str,
            "description": str,
            "latitude": float,
            "longitude": float,
            "mentions": int,
            "main_mentions": int,
            "mentions_by_zone": str,
        },
        {"article_id": "articles", "entity_id": "entities"},
    ),
    "aliases": Table(
        {"id": int, "appearance_id": int, "entity_id": int, "alias": str},
        {"appearance_id": "appearances", "entity_id": "entities"},
    ),
    "identifiers": Table(
        {"id": int, "appearance_id": int, "entity_id": int, "iri": str},
        {"appearance_id": "appearances", "entity_id": "entities"},
    ),
    "mentions": Table(
        {"id": int, "key": str, "article_id": int, "entity_id": int, **_SPAN},
        {"article_id": "articles", "entity_id": "entities"},
    ),
    "relations": Table(
        {
            "id": int,
            "key": str,
            "subject_id": int,
            "predicate": str,
            "object_id": int,
            "value": str,
            "datatype": str,
        },
        {"subject_id": "entities", "object_id": "entities"},
    ),
    "evidence": Table(
        {
            "id": int,
            "key": str,
            "relation_id": int,
            "article_id": int,
            "extraction_id": int,
            "start_date": str,
            "end_date": str,
            **_SPAN,
        },
        {"relation_id": "relations", "article_id": "articles", "extraction_id": "extractions"},
    ),
    "quotes": Table(
        {
            "id": int,
            "key": str,
            "article_id": int,
            "speaker_id": int,
            "verb": str,
            "direct": int,
            **_SPAN,
        },
        {"article_id": "articles", "speaker_id": "entities"},
    ),
    "rejects": Table(
        {
            "id": int,
            "source_id": int,
            "source": str,
            "line": int,
            "item": int,
            "reason": str,
            "raw": str,
        },
        {"source_id": "sources"},
    ),
    "entity_counts": Table(
        {
            "entity_id": int,
            "mentions": int,
            "articles": int,
            "first_seen": str,
            "last_seen": str,
        },
        {"entity_id": "entities"},
        pk="entity_id",
    ),
    "vocabulary": Table({"id": int, "kind": str, "label": str, "iri": str}, {}),
    # Entities and relations whose derived values the end of the load has to compute again.
    "unsettled": Table({"kind": str, "row_id": int}, {}, pk=("kind", "row_id")),
}

Index = tuple[str, tuple[str, ...], bool]
#: Needed to load at all: lookups by key. (table, columns, unique)
EARLY_INDEXES: tuple[Index, ...] = (
    ("sources", ("name", "place"), True),
    ("extractions", ("key",), True),
    ("articles", ("key",), True),
    ("articles", ("record_hash",), False),
    ("entities", ("key",), True),
    ("relations", ("key",), True),
    ("rejects", ("source_id", "line", "item"), True),
    ("vocabulary", ("kind", "label"), True),
)
#: Made when a new database has been filled.
LATE_INDEXES: tuple[Index, ...] = (
    ("articles", ("extraction_id",), False),
    ("articles", ("source_id",), False),
    ("articles", ("publisher",), False),
    ("articles", ("published",), False),
    ("articles", ("language",), False),
    ("zones", ("article_id",), False),
    ("entities", ("type",), False),
    ("entities", ("name",), False),
    ("appearances", ("article_id",), False),
    ("appearances", ("entity_id",), False),
    ("aliases", ("appearance_id",), False),
    ("aliases", ("entity_id",), False),
    ("identifiers", ("appearance_id",), False),
    ("identifiers", ("entity_id",), False),
    ("mentions", ("key",), True),
    ("mentions", ("article_id",), False),
    ("mentions", ("entity_id",), False),
    ("relations", ("subject_id",), False),
    ("relations", ("object_id",), False),
    ("relations", ("predicate",), False),
    ("evidence", ("key",), True),
    ("evidence", ("relation_id", "confidence"), False),
    ("evidence", ("article_id",), False),
    ("evidence", ("extraction_id",), False),
    ("quotes", ("key",), True),
    ("quotes", ("article_id",), False),
    ("quotes", ("speaker_id",), False),
)
#: Full-text search: the table that holds the content, and the columns searched.
FULL_TEXT: dict[str, tuple[str, ...]] = {
    "article_texts": ("title", "text"),
    "entities": ("name", "alias_text"),
    "quotes": ("surface",),
}
_TOKENIZER = "unicode61 remove_diacritics 2"

migrations = Migrations("datasette-newsgraph")


@migrations()
def m001_tables(db: Database) -> None:
    """Make all tables of version 1 and the indexes that loading needs."""
    for name, table in TABLES.items():
        db.table(name).create(
            table.columns,
            pk=table.pk,
            foreign_keys=[
                (column, other, next(iter(TABLES[other].columns)))
                for column, other in table.references.items()
            ],
        )
    create_indexes(db, EARLY_INDEXES)


def create_indexes(db: Database, indexes: Iterable[Index]) -> None:
    """Make those of the ``indexes`` that the database lacks."""
    for table, columns, unique in indexes:
        db.table(table).create_index(list(columns), unique=unique, if_not_exists=True)


def create_full_text(db: Database) -> None:
    """Make the FTS5 tables, ``<table>_fts`` with the table as external content, and fill them."""
    for table, columns in FULL_TEXT.items():
        db.table(table).enable_fts(list(columns), fts_version="FTS5", tokenize=_TOKENIZER)


def is_filled(db: Database) -> bool:
    """Tell whether the late indexes and full-text tables are there.

    They are made when the first load ends: without them, a first load has not come to its end.
    """
    return db.table(f"{next(iter(FULL_TEXT))}_fts").exists()


def require_schema(db: Database, name: str, *, make: bool = False) -> None:
    """Bring the database to the present schema (``make``), or refuse it by name.

    Raises SchemaMismatch for a database of a newer version, one with somebody else's table of one
    of our names, and, without ``make``, one that is older or has no news graph at all.
    """
    applied = {migration.name for migration in migrations.applied(db)}
    known = {migration.name for migration in migrations._migrations}
    newer = sorted(applied - known)
    if newer:
        raise SchemaMismatch(
            f"{name}: was made by a newer datasette-newsgraph (it has {', '.join(newer)});"
            " upgrade the package"
        )
    if not make and not applied:
        raise SchemaMismatch(f"{name}: has no news graph; make one with newsgraph load {name} FILE")
    if not make and applied < known:
        raise SchemaMismatch(f"{name}: has an older schema; newsgraph load {name} FILE migrates it")
    if applied < known:
        # The write lock first: two loaders may find the same new database.
        with transaction(db):
            if not migrations.applied(db):
                _refuse_foreign_tables(db, name)
            migrations.apply(db)


def _refuse_foreign_tables(db: Database, name: str) -> None:
    ours = {*TABLES, *(f"{table}_fts" for table in FULL_TEXT)}
    # SQLite compares table names without case.
    taken = sorted(
        other for other in (*db.table_names(), *db.view_names()) if other.lower() in ours
    )
    if taken:
        raise SchemaMismatch(
            f"{name}: has a table {taken[0]!r} that is not newsgraph's;"
            " load into another database file"
        )
