"""The views for people: names instead of row numbers, one row for each thing that they look for.

Each view stands on one table that holds what it is sorted and filtered by, with indexes. The rest are
scalar sub-selects in the column list: SQLite reads them for the rows shown and skips them when it
counts, which it does not do for a join. The columns for programs, row number and keys, stand last.
"""

from __future__ import annotations

import sqlite3

from datasette_newsgraph.store.text_parts import stretch

#: Code points of text on either side of a mention, at least, where the text has so many.
CONTEXT = 60
#: And at most so many more, so that no word of up to this length is cut.
WORD = 12
#: One more tells whether a word begins or ends where the text is cut.
_PART = CONTEXT + WORD + 1

_TITLE = "(SELECT title FROM articles WHERE articles.id = {table}.article_id)"
_PUBLISHED = "(SELECT published FROM articles WHERE articles.id = {table}.article_id)"
_ARTICLE_KEY = "(SELECT key FROM articles WHERE articles.id = {table}.article_id)"


def _context(part: str, is_cut: str, whole_words: str) -> str:
    """Return the sub-select of a part of a mention's text, without the word that was cut."""
    return (
        f"(SELECT CASE WHEN {is_cut} THEN {whole_words} ELSE part END FROM ("
        f"SELECT replace({part}, char(10), ' ') AS part FROM article_texts"
        # With an offset SQLite takes the part out of the text once, not wherever it is named.
        " WHERE article_texts.article_id = mentions.article_id LIMIT 1 OFFSET 0))"
    )


_BEFORE = _context(
    stretch(f"max(0, start_char - {_PART})", f"min({_PART}, start_char)"),
    f"start_char > {_PART} AND instr(substr(part, 1, {WORD + 1}), ' ') > 0",
    "substr(part, instr(part, ' ') + 1)",
)
_TO_LAST_SPACE = "rtrim(part, replace(part, ' ', ''))"
_AFTER = _context(
    stretch("end_char", str(_PART)),
    f"length(part) = {_PART} AND length({_TO_LAST_SPACE}) > {CONTEXT}",
    f"rtrim({_TO_LAST_SPACE})",
)


def _entity(column: str, number: str) -> str:
    """Return the sub-select of an entity's column, by its row number."""
    return f"(SELECT {column} FROM entities WHERE entities.id = {number})"


_NUMBER = "entity_counts.entity_id"
_SUBJECT = "relation_counts.subject_id"
_OBJECT = "relation_counts.object_id"


def _relation(column: str) -> str:
    return f"(SELECT {column} FROM relations WHERE relations.id = relation_id)"


#: The columns of each view, in order, with their SQL; and what it selects from.
VIEWS: dict[str, tuple[dict[str, str], str]] = {
    "article_index": (
        {
            "title": "articles.title",
            "published": "articles.published",
            "publisher": "articles.publisher",
            "sections": "articles.sections",
            "authors": "articles.authors",
            "language": "articles.language",
            "month": "substr(articles.published, 1, 7)",
            "given_published": "articles.given_published",
            "url": "articles.url",
            "key": "articles.key",
            "id": "articles.id",
        },
        "articles",
    ),
    "entity_index": (
        {
            "name": _entity("name", _NUMBER),
            "type": "entity_counts.type",
            "mentions": "entity_counts.mentions",
            "articles": "entity_counts.articles",
            "first_seen": "entity_counts.first_seen",
            "last_seen": "entity_counts.last_seen",
            "description": _entity("description", _NUMBER),
            "also_called": _entity("replace(alias_text, char(10), '; ')", _NUMBER),
            "key": _entity("key", _NUMBER),
            "id": _NUMBER,
        },
        "entity_counts",
    ),
    "mention_index": (
        {
            "before": _BEFORE,
            "surface": "mentions.surface",
            "after": _AFTER,
            "entity": _entity("name", "mentions.entity_id"),
            "type": _entity("type", "mentions.entity_id"),
            "article": _TITLE.format(table="mentions"),
            "published": _PUBLISHED.format(table="mentions"),
            "zone": "mentions.zone",
            "confidence": "mentions.confidence",
            "offset_status": "mentions.offset_status",
            "moved": "mentions.moved",
            "start_char": "mentions.start_char",
            "end_char": "mentions.end_char",
            "entity_key": _entity("key", "mentions.entity_id"),
            "article_key": _ARTICLE_KEY.format(table="mentions"),
            "key": "mentions.key",
            "id": "mentions.id",
        },
        "mentions",
    ),
    "relation_index": (
        {
            "subject": _entity("name", _SUBJECT),
            "predicate": "relation_counts.predicate",
            "object": f"coalesce({_entity('name', _OBJECT)}, {_relation('value')})",
            "articles": "relation_counts.articles",
            "confidence": "relation_counts.confidence",
            "start_date": "relation_counts.start_date",
            "end_date": "relation_counts.end_date",
            "first_seen": "relation_counts.first_seen",
            "last_seen": "relation_counts.last_seen",
            "subject_key": _entity("key", _SUBJECT),
            "object_key": _entity("key", _OBJECT),
            "key": _relation("key"),
            "id": "relation_counts.relation_id",
        },
        "relation_counts",
    ),
    "quote_index": (
        {
            "quote": "quotes.surface",
            "speaker": _entity("name", "quotes.speaker_id"),
            "verb": "quotes.verb",
            "direct": "quotes.direct",
            "article": _TITLE.format(table="quotes"),
            "published": _PUBLISHED.format(table="quotes"),
            "zone": "quotes.zone",
            "confidence": "quotes.confidence",
            "offset_status": "quotes.offset_status",
            "start_char": "quotes.start_char",
            "end_char": "quotes.end_char",
            "speaker_key": _entity("key", "quotes.speaker_id"),
            "article_key": _ARTICLE_KEY.format(table="quotes"),
            "key": "quotes.key",
            "id": "quotes.id",
        },
        "quotes",
    ),
}


def replace_view(connection: sqlite3.Connection, name: str, sql: str) -> None:
    """Make a view of ours where there is none or another one, in whatever letters its name is
    written; a user's triggers on it stay.
    """
    there = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'view' AND lower(name) = ?", [name]
    ).fetchone()
    made = f'CREATE VIEW "{name}" AS {sql}'
    if there == (made,):
        return
    triggers = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = ?", [name]
    ).fetchall()
    connection.execute(f"DROP VIEW IF EXISTS main.{name}")
    connection.execute(made)
    for (trigger,) in triggers:
        connection.execute(trigger)


def view_sql(name: str) -> str:
    """Return the SELECT of a view."""
    columns, source = VIEWS[name]
    listed = ",\n  ".join(f'{sql} AS "{column}"' for column, sql in columns.items())
    return f"SELECT\n  {listed}\nFROM {source}"
