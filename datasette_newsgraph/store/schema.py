"""The tables and indexes, as data.

Integer primary keys; a unique text ``key`` where a thing has an IRI; foreign keys everywhere, and an
index on each foreign key and each column that is filtered by. Unique keys stand in indexes rather
than constraints, so that a new database can be filled first and indexed after.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table: its columns in order, and which of them refer to which table (by its first column).

    ``required`` are columns that are never null, besides the primary key and ``key``.
    """

    columns: dict[str, type]
    references: dict[str, str]
    pk: str | tuple[str, ...] = "id"
    required: tuple[str, ...] = ()

    def requires(self, column: str) -> bool:
        """Tell whether a column is never null."""
        own = (self.pk,) if isinstance(self.pk, str) else self.pk
        return column == "key" or column in own or column in self.required

    def is_row_number(self, column: str) -> bool:
        """Tell whether a column has the numbers of rows, of this table or of another."""
        is_own = column == self.pk and self.columns[column] is int
        return is_own or column in self.references


#: The highest number that a row may have. Sets of rows have a bit for each up to their highest, so that
#: a number that somebody else gave a row could take all memory.
HIGHEST_ROW = (1 << 30) - 1

_SPAN = {
    "start_char": int,
    "end_char": int,
    "surface": str,
    "zone": str,
    "confidence": float,
    "offset_status": str,
    "given_start": int,
    "given_end": int,
    "moved": int,
    "given_surface": str,
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
            "way": str,
        },
        {},
    ),
    "extractions": Table(
        {"id": int, "key": str, "tool": str, "version": str, "model": str}, {}, required=("tool",)
    ),
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
            "given_published": str,
        },
        {"extraction_id": "extractions", "source_id": "sources"},
        required=("given_id", "record_hash"),
    ),
    # A row where there are any, apart from the article: whoever may not see rejects is not to see it.
    "article_faults": Table(
        {"article_id": int, "faults": int}, {"article_id": "articles"}, pk="article_id"
    ),
    "article_texts": Table(
        # What a text is measured by stands before it: SQLite reads a row from its beginning.
        {
            "article_id": int,
            "title": str,
            "first_line": str,
            "length": int,
            "sha256": str,
            "text": str,
        },
        {"article_id": "articles"},
        pk="article_id",
    ),
    "text_parts": Table(
        {"article_id": int, "number": int, "part": str},
        {"article_id": "articles"},
        pk=("article_id", "number"),
        required=("part",),
    ),
    "zones": Table(
        {"id": int, "article_id": int, "zone": str, "start_char": int, "end_char": int},
        {"article_id": "articles"},
        required=("article_id", "zone", "start_char", "end_char"),
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
            "basis": str,
        },
        {},
        required=("type", "name", "basis"),
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
        required=(
            *("article_id", "entity_id", "type", "name"),
            *("mentions", "main_mentions", "mentions_by_zone"),
        ),
    ),
    "aliases": Table(
        {"id": int, "appearance_id": int, "entity_id": int, "alias": str},
        {"appearance_id": "appearances", "entity_id": "entities"},
        required=("appearance_id", "entity_id", "alias"),
    ),
    "identifiers": Table(
        {"id": int, "appearance_id": int, "entity_id": int, "iri": str},
        {"appearance_id": "appearances", "entity_id": "entities"},
        required=("appearance_id", "entity_id", "iri"),
    ),
    "mentions": Table(
        {"id": int, "key": str, "article_id": int, "entity_id": int, **_SPAN},
        {"article_id": "articles", "entity_id": "entities"},
        required=("article_id", "entity_id", "offset_status"),
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
        required=("subject_id", "predicate"),
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
            "sentence_start": int,
            "sentence_end": int,
            "given_start_date": str,
            "given_end_date": str,
        },
        {"relation_id": "relations", "article_id": "articles", "extraction_id": "extractions"},
        required=("relation_id", "article_id", "offset_status"),
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
        required=("article_id", "offset_status"),
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
            "parts": int,
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
            "type": str,
        },
        {"entity_id": "entities"},
        pk="entity_id",
        required=("mentions", "articles", "type"),
    ),
    "relation_counts": Table(
        {
            "relation_id": int,
            "subject_id": int,
            "predicate": str,
            "object_id": int,
            "articles": int,
            "evidence": int,
            "unrated": int,
            "confidence": float,
            "start_date": str,
            "end_date": str,
            "first_seen": str,
            "last_seen": str,
        },
        {"relation_id": "relations", "subject_id": "entities", "object_id": "entities"},
        pk="relation_id",
        required=("subject_id", "predicate", "articles", "evidence", "unrated"),
    ),
    "facet_counts": Table(
        {"view": str, "facet": str, "value": str, "label": str, "count": int},
        {},
        pk=("view", "facet", "value"),
        required=("label", "count"),
    ),
    "facet_rows": Table(
        {"view": str, "facet": str, "value": str, "rows": bytes},
        {},
        pk=("view", "facet", "value"),
        required=("rows",),
    ),
    # What is searched where FTS5 would not cut it into the words that are asked for: a row only then.
    # Without foreign keys: Datasette would offer these rows on the page of each article and entity.
    "folded_texts": Table({"article_id": int, "title": str, "text": str}, {}, pk="article_id"),
    "folded_names": Table({"entity_id": int, "name": str, "alias_text": str}, {}, pk="entity_id"),
    "folded_quotes": Table({"quote_id": int, "surface": str}, {}, pk="quote_id"),
    "vocabulary": Table(
        {"id": int, "kind": str, "label": str, "iri": str},
        {},
        required=("kind", "label", "iri"),
    ),
    # What the end of the load has to compute derived values of again: entities, relations, articles.
    "unsettled": Table({"kind": str, "row_id": int}, {}, pk=("kind", "row_id")),
}

#: Tables that hold only what follows from the others.
DERIVED = (
    *("text_parts", "entity_counts", "relation_counts", "facet_counts", "facet_rows"),
    *("folded_texts", "folded_names", "folded_quotes", "unsettled"),
)

#: Tables whose rows an article gives, or an appearance in it: those of articles first.
GIVEN_BY = tuple(
    sorted(
        (
            name
            for name, table in TABLES.items()
            if {"articles", "appearances"} & {*table.references.values()}
        ),
        key=lambda name: "articles" not in TABLES[name].references.values(),
    )
)

#: Columns of dates, by table, and where the words are kept that are none.
DATES: dict[str, dict[str, str]] = {
    "articles": {"published": "given_published"},
    "evidence": {"start_date": "given_start_date", "end_date": "given_end_date"},
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
