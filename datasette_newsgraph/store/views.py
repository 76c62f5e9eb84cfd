"""The views for people: names instead of row numbers, one row for each thing that they look for.

Each view stands on one table that holds what it is sorted and filtered by, with indexes. The rest are
scalar sub-selects in the column list: SQLite reads them for the rows shown and skips them when it
counts, which it does not do for a join.
"""

from __future__ import annotations

#: Code points of text on either side of a mention.
CONTEXT = 60

_TITLE = "(SELECT title FROM articles WHERE articles.id = {table}.article_id)"
_PUBLISHED = "(SELECT published FROM articles WHERE articles.id = {table}.article_id)"
_ARTICLE_KEY = "(SELECT key FROM articles WHERE articles.id = {table}.article_id)"
_TEXT_PART = (
    "(SELECT replace({part}, char(10), ' ') FROM article_texts"
    " WHERE article_texts.article_id = mentions.article_id)"
)
_BEFORE = _TEXT_PART.format(
    part=f"substr(text, max(1, start_char - {CONTEXT - 1}), min({CONTEXT}, start_char))"
)
_AFTER = _TEXT_PART.format(part=f"substr(text, end_char + 1, {CONTEXT})")


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
            "id": "articles.id",
            "title": "articles.title",
            "published": "articles.published",
            "publisher": "articles.publisher",
            "sections": "articles.sections",
            "authors": "articles.authors",
            "language": "articles.language",
            "month": "substr(articles.published, 1, 7)",
            "url": "articles.url",
            "key": "articles.key",
        },
        "articles",
    ),
    "entity_index": (
        {
            "id": _NUMBER,
            "name": _entity("name", _NUMBER),
            "type": "entity_counts.type",
            "mentions": "entity_counts.mentions",
            "articles": "entity_counts.articles",
            "first_seen": "entity_counts.first_seen",
            "last_seen": "entity_counts.last_seen",
            "description": _entity("description", _NUMBER),
            "also_called": _entity("replace(alias_text, char(10), '; ')", _NUMBER),
            "key": _entity("key", _NUMBER),
        },
        "entity_counts",
    ),
    "mention_index": (
        {
            "id": "mentions.id",
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
        },
        "mentions",
    ),
    "relation_index": (
        {
            "id": "relation_counts.relation_id",
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
        },
        "relation_counts",
    ),
    "quote_index": (
        {
            "id": "quotes.id",
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
        },
        "quotes",
    ),
}


def view_sql(name: str) -> str:
    """Return the SELECT of a view."""
    columns, source = VIEWS[name]
    listed = ",\n  ".join(f'{sql} AS "{column}"' for column, sql in columns.items())
    return f"SELECT\n  {listed}\nFROM {source}"
