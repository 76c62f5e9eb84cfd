"""The tables and indexes, as data: what a column holds is said here and nowhere else.

Integer primary keys; a unique text ``key`` where a thing has an IRI; foreign keys everywhere, and an
index on each foreign key and each column that is filtered by. Unique keys stand in indexes rather
than constraints, so that a new database can be filled first and indexed after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from datasette_newsgraph.store.columns import (
    BASIS,
    CONFIDENCE,
    COUNT,
    COUNTS,
    DATATYPE,
    DIRECT,
    IRI,
    KEY,
    KIND,
    LATITUDE,
    LENGTH,
    LONGITUDE,
    NAME,
    NUMBER,
    OBJECT,
    PLACE,
    ROWS,
    SHA256,
    SPAN,
    STRINGS,
    TEXT,
    VALUE,
    ZONE,
    Column,
    date,
    row_of,
)


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, its primary key, and whether all of it follows from others."""

    columns: dict[str, Column]
    pk: str | tuple[str, ...] = "id"
    derived: bool = False

    @property
    def references(self) -> dict[str, str]:
        """Return which columns refer to which table (by its first column)."""
        return {name: each.references for name, each in self.columns.items() if each.references}

    def is_required(self, column: str) -> bool:
        """Tell whether a column is never null."""
        own = (self.pk,) if isinstance(self.pk, str) else self.pk
        return column in own or self.columns[column].required

    def is_row_number(self, column: str) -> bool:
        """Tell whether a column has the numbers of rows, of this table or of another."""
        is_own = column == self.pk and self.columns[column].type is int
        return is_own or column in self.references


TABLES: dict[str, Table] = {
    "settings": Table({"name": TEXT, "value": TEXT}, pk="name"),
    "sources": Table(
        {
            "id": NUMBER,
            "name": TEXT,
            "place": TEXT,
            "size": NUMBER,
            "sha256": TEXT,
            "resume_line": NUMBER,
            "resume_byte": NUMBER,
            "complete": NUMBER,
            "way": TEXT,
        }
    ),
    "extractions": Table({"id": NUMBER, "key": KEY, "tool": NAME, "version": TEXT, "model": TEXT}),
    "articles": Table(
        {
            "id": NUMBER,
            "key": KEY,
            "given_id": NAME,
            "title": TEXT,
            "url": TEXT,
            "publisher": TEXT,
            "authors": STRINGS,
            "sections": STRINGS,
            "published": date("given_published"),
            "language": TEXT,
            "licence": TEXT,
            "extraction_id": row_of("extractions", required=False),
            "source_id": row_of("sources", required=False),
            "record_hash": NAME,
            "given_published": TEXT,
        }
    ),
    # A row where there are any, apart from the article: whoever may not see rejects is not to see it.
    "article_faults": Table({"article_id": row_of("articles"), "faults": NUMBER}, pk="article_id"),
    "article_texts": Table(
        # What a text is measured by stands before it: SQLite reads a row from its beginning.
        {
            "article_id": row_of("articles"),
            "title": TEXT,
            "first_line": TEXT,
            "length": LENGTH,
            "sha256": SHA256,
            "text": TEXT,
        },
        pk="article_id",
    ),
    "text_parts": Table(
        {"article_id": row_of("articles"), "number": NUMBER, "part": NAME},
        pk=("article_id", "number"),
        derived=True,
    ),
    "zones": Table(
        {
            "id": NUMBER,
            "article_id": row_of("articles"),
            "zone": replace(ZONE, required=True),
            "start_char": PLACE,
            "end_char": PLACE,
        }
    ),
    "entities": Table(
        {
            "id": NUMBER,
            "key": KEY,
            "type": NAME,
            "name": NAME,
            "alias_text": TEXT,
            "description": TEXT,
            "latitude": LATITUDE,
            "longitude": LONGITUDE,
            "basis": BASIS,
        }
    ),
    "appearances": Table(
        {
            "id": NUMBER,
            "article_id": row_of("articles"),
            "entity_id": row_of("entities"),
            "type": NAME,
            "name": NAME,
            "description": TEXT,
            "latitude": LATITUDE,
            "longitude": LONGITUDE,
            "mentions": COUNT,
            "main_mentions": COUNT,
            "mentions_by_zone": COUNTS,
        }
    ),
    "aliases": Table(
        {
            "id": NUMBER,
            "appearance_id": row_of("appearances"),
            "entity_id": row_of("entities"),
            "alias": NAME,
        }
    ),
    "identifiers": Table(
        {
            "id": NUMBER,
            "appearance_id": row_of("appearances"),
            "entity_id": row_of("entities"),
            "iri": IRI,
        }
    ),
    "mentions": Table(
        {
            "id": NUMBER,
            "key": KEY,
            "article_id": row_of("articles"),
            "entity_id": row_of("entities"),
            **SPAN,
        }
    ),
    "relations": Table(
        {
            "id": NUMBER,
            "key": KEY,
            "subject_id": row_of("entities"),
            "predicate": NAME,
            "object_id": OBJECT,
            "value": VALUE,
            "datatype": DATATYPE,
        }
    ),
    "evidence": Table(
        {
            "id": NUMBER,
            "key": KEY,
            "relation_id": row_of("relations"),
            "article_id": row_of("articles"),
            "extraction_id": row_of("extractions", required=False),
            "start_date": date("given_start_date"),
            "end_date": date("given_end_date"),
            **SPAN,
            "sentence_start": NUMBER,
            "sentence_end": NUMBER,
            "given_start_date": TEXT,
            "given_end_date": TEXT,
        }
    ),
    "quotes": Table(
        {
            "id": NUMBER,
            "key": KEY,
            "article_id": row_of("articles"),
            "speaker_id": row_of("entities", required=False),
            "verb": TEXT,
            "direct": DIRECT,
            **SPAN,
        }
    ),
    "rejects": Table(
        {
            "id": NUMBER,
            "source_id": row_of("sources", required=False),
            "source": TEXT,
            "line": NUMBER,
            "item": NUMBER,
            "reason": TEXT,
            "raw": TEXT,
            "parts": NUMBER,
        }
    ),
    "entity_counts": Table(
        {
            "entity_id": row_of("entities"),
            "mentions": COUNT,
            "articles": COUNT,
            "first_seen": TEXT,
            "last_seen": TEXT,
            "type": NAME,
        },
        pk="entity_id",
        derived=True,
    ),
    "relation_counts": Table(
        {
            "relation_id": row_of("relations"),
            "subject_id": row_of("entities"),
            "predicate": NAME,
            "object_id": row_of("entities", required=False),
            "articles": COUNT,
            "evidence": COUNT,
            "unrated": COUNT,
            "confidence": CONFIDENCE,
            "start_date": TEXT,
            "end_date": TEXT,
            "first_seen": TEXT,
            "last_seen": TEXT,
        },
        pk="relation_id",
        derived=True,
    ),
    "facet_counts": Table(
        {"view": TEXT, "facet": TEXT, "value": TEXT, "label": NAME, "count": COUNT},
        pk=("view", "facet", "value"),
        derived=True,
    ),
    "facet_rows": Table(
        {
            "view": TEXT,
            "facet": TEXT,
            "value": TEXT,
            "rows": ROWS,
        },
        pk=("view", "facet", "value"),
        derived=True,
    ),
    # What is searched where FTS5 would not cut it into the words that are asked for: a row only then.
    # Without foreign keys: Datasette would offer these rows on the page of each article and entity.
    "folded_texts": Table(
        {"article_id": NUMBER, "title": TEXT, "text": TEXT}, pk="article_id", derived=True
    ),
    "folded_names": Table(
        {"entity_id": NUMBER, "name": TEXT, "alias_text": TEXT}, pk="entity_id", derived=True
    ),
    "folded_quotes": Table({"quote_id": NUMBER, "surface": TEXT}, pk="quote_id", derived=True),
    "vocabulary": Table(
        {
            "id": NUMBER,
            "kind": KIND,
            "label": NAME,
            "iri": IRI,
        }
    ),
    # What the end of the load has to compute derived values of again: entities, relations, articles.
    "unsettled": Table({"kind": TEXT, "row_id": NUMBER}, pk=("kind", "row_id"), derived=True),
}

#: Tables that hold only what follows from the others.
DERIVED = tuple(name for name, table in TABLES.items() if table.derived)


def given_by_articles(tables: Mapping[str, Table]) -> dict[str, str]:
    """Return the tables whose rows articles give, directly or through another such table, each with
    the column that says which; a table stands behind those that it refers to.
    """
    found: dict[str, str] = {}
    before = -1
    while len(found) > before:
        before = len(found)
        for parents in ({"articles"}, {*found}):
            for name, table in tables.items():
                columns = (each for each, other in table.references.items() if other in parents)
                column = next(columns, None)
                if column is not None and name not in found:
                    found[name] = column
    return found


#: Tables whose rows an article gives, or an appearance in it, and the column that says which.
GIVEN_BY = given_by_articles(TABLES)

#: Columns of dates, by table, and where the words are kept that are none.
DATES: dict[str, dict[str, str]] = {
    name: dates
    for name, table in TABLES.items()
    if (dates := {column: each.given for column, each in table.columns.items() if each.given})
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
    ("articles", ("publisher", "published"), False),
    ("articles", ("published",), False),
    ("articles", ("language",), False),
    ("zones", ("article_id",), False),
    ("entities", ("type",), False),
    ("entities", ("name",), False),
    ("entities", ("basis",), False),
    ("entity_counts", ("mentions",), False),
    ("entity_counts", ("articles",), False),
    ("entity_counts", ("type", "mentions"), False),
    ("relation_counts", ("articles",), False),
    ("relation_counts", ("subject_id", "articles"), False),
    ("relation_counts", ("object_id", "articles"), False),
    ("relation_counts", ("subject_id", "predicate", "articles"), False),
    ("relation_counts", ("object_id", "predicate", "articles"), False),
    ("relation_counts", ("predicate", "articles"), False),
    # Both ways round, so that neither question needs the rows themselves.
    ("appearances", ("article_id", "entity_id"), False),
    ("appearances", ("entity_id", "article_id", "main_mentions", "mentions"), False),
    ("aliases", ("appearance_id",), False),
    ("aliases", ("entity_id",), False),
    ("identifiers", ("appearance_id",), False),
    ("identifiers", ("entity_id", "iri"), False),
    ("mentions", ("key",), True),
    ("mentions", ("article_id",), False),
    ("mentions", ("entity_id", "zone", "article_id"), False),
    ("relations", ("subject_id", "object_id"), False),
    ("relations", ("object_id",), False),
    ("relations", ("predicate",), False),
    ("evidence", ("key",), True),
    ("evidence", ("relation_id", "confidence", "article_id", "zone"), False),
    ("evidence", ("article_id",), False),
    ("evidence", ("extraction_id",), False),
    # In the order in which values are looked at.
    ("facet_counts", ("view", "facet", "count"), False),
    ("quotes", ("key",), True),
    ("quotes", ("article_id",), False),
    ("quotes", ("speaker_id",), False),
)


def into(table: str) -> str:
    """Return ``INSERT INTO`` with our columns by name: a user may have added more."""
    return f"INSERT INTO {table} ({', '.join(TABLES[table].columns)})"


def select(table: str) -> str:
    """Return the SELECT of a whole table, our columns by name."""
    return f"SELECT {', '.join(TABLES[table].columns)} FROM {table}"


#: Full-text search: the table that holds what is searched, and the columns searched.
FULL_TEXT: dict[str, tuple[str, ...]] = {
    "article_texts": ("title", "text"),
    "entities": ("name", "alias_text"),
    "quotes": ("surface",),
}
#: Of each of these tables the one that holds its folded rows.
FOLDED: dict[str, str] = {
    "article_texts": "folded_texts",
    "entities": "folded_names",
    "quotes": "folded_quotes",
}
#: And the view of both, which FTS5 reads: what is folded, or else what is there.
SEARCHED: dict[str, str] = {
    "article_texts": "searched_texts",
    "entities": "searched_names",
    "quotes": "searched_quotes",
}
