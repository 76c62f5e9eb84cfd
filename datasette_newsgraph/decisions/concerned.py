"""Which articles a change of what holds concerns, and which of those that were loaded."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from datasette_newsgraph.decisions.span_rows import SPANS
from datasette_newsgraph.decisions.state import Changes

_KEYS = "SELECT value FROM json_each(:keys)"
_OF_ENTITIES = (
    "SELECT article_id FROM entities CROSS JOIN appearances ON entity_id = entities.id"
    f" WHERE entities.key IN ({_KEYS})",
    f"SELECT article_id FROM as_given WHERE kind = 'appearance' AND key IN ({_KEYS})",
)
_OF_SPANS = (
    *(f"SELECT article_id FROM {table} WHERE key IN ({_KEYS})" for table, _ in SPANS.values()),
    *(
        f"SELECT article_id FROM as_given WHERE kind = '{kind}' AND key IN ({_KEYS})"
        for kind in SPANS
    ),
)
_OF_RELATIONS = (
    "SELECT article_id FROM relations CROSS JOIN evidence ON relation_id = relations.id"
    f" WHERE relations.key IN ({_KEYS})",
    f"SELECT article_id FROM as_given WHERE relation_key IN ({_KEYS})",
    # Under which key they would be shown stands nowhere.
    "SELECT article_id FROM as_given WHERE kind = 'evidence' AND shown_key IS NULL",
)
_OF_ARTICLES = (f"SELECT id FROM articles WHERE key IN ({_KEYS})",)
#: Of what holds, that which has to be looked for in articles that were loaded.
_DECIDED_ENTITIES = (
    "SELECT DISTINCT article_id FROM appearances JOIN entities ON entities.id = entity_id"
    " WHERE article_id IN ({articles}) AND EXISTS (SELECT 1 FROM decided"
    " WHERE verdict IN ('same', 'split', 'wrong') AND kind = 'entity'"
    " AND decided.key = entities.key AND decided.value <> decided.key)"
)
_DECIDED_SPANS = " UNION ALL ".join(
    f"SELECT article_id FROM decided CROSS JOIN {table} ON {table}.key = decided.key"
    f" WHERE verdict = 'wrong' AND decided.kind = '{kind}' AND article_id IN ({{articles}})"
    for kind, (table, _) in SPANS.items()
)
_DECIDED_RELATIONS = (
    "SELECT article_id FROM decided CROSS JOIN relations ON relations.key = decided.key"
    " CROSS JOIN evidence ON relation_id = relations.id"
    " WHERE verdict = 'wrong' AND decided.kind = 'relation' AND article_id IN ({articles})"
)


def articles_of(connection: sqlite3.Connection, changes: Changes) -> set[int]:
    """Return the row numbers of the articles in which something may be shown otherwise."""
    found: set[int] = set()
    for keys, queries in (
        (changes.entities, _OF_ENTITIES),
        (changes.spans, _OF_SPANS),
        (changes.relations, _OF_RELATIONS),
        (changes.articles, _OF_ARTICLES),
    ):
        if keys:
            found |= _numbers(connection, queries, keys)
    return found


def _numbers(
    connection: sqlite3.Connection, queries: Iterable[str], keys: Iterable[str]
) -> set[int]:
    names = {"keys": json.dumps(sorted(keys))}
    return {row[0] for query in queries for row in connection.execute(query, names)}


def all_concerned(connection: sqlite3.Connection) -> set[int]:
    """Return the row numbers of all articles of which something is decided, or shown otherwise."""
    found = loaded_articles(connection, "SELECT id FROM articles")
    return found | {row[0] for row in connection.execute("SELECT article_id FROM as_given")}


def loaded_articles(connection: sqlite3.Connection, articles: str) -> set[int]:
    """Return those of some articles of which something is decided; ``articles`` is the SELECT of
    their row numbers.
    """
    queries = (_DECIDED_ENTITIES, _DECIDED_SPANS, _DECIDED_RELATIONS)
    return {
        row[0] for query in queries for row in connection.execute(query.format(articles=articles))
    }
