"""Which part of the graph to write: the rows of each kind, closed so that it can be read alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field

from datasette_newsgraph.errors import UnknownKey


@dataclass
class Selection:
    """Row numbers of each kind to be written; what lies in articles is grouped by article.

    ``with_zones`` are the articles of which the zones are written too.
    """

    articles: set[int] = field(default_factory=set)
    entities: set[int] = field(default_factory=set)
    relations: set[int] = field(default_factory=set)
    mentions: dict[int, list[int]] = field(default_factory=dict)
    evidence: dict[int, list[int]] = field(default_factory=dict)
    quotes: dict[int, list[int]] = field(default_factory=dict)
    with_zones: set[int] = field(default_factory=set)


_ENTITIES = "SELECT value FROM json_each(:entities)"
_ARTICLES = "SELECT value FROM json_each(:articles)"
_OF_ENTITIES = (
    f"SELECT id FROM relations WHERE subject_id IN ({_ENTITIES}) OR object_id IN ({_ENTITIES})"
)
_RELATIONS = (
    f"{_OF_ENTITIES} UNION SELECT relation_id FROM evidence WHERE article_id IN ({_ARTICLES})"
)


def select(
    connection: sqlite3.Connection, entities: Iterable[str] = (), articles: Iterable[str] = ()
) -> Selection:
    """Return the part of the graph about some entities (by key) and articles (by key or id).

    About an entity: itself, its statements with their evidence, its mentions and quotes. Of an
    article: itself with its zones, all that is annotated in it, the statements it is evidence for.
    Entities and articles that these refer to come with their own properties. Raises UnknownKey.
    """
    parameters = {
        "entities": json.dumps(_row_numbers(connection, "entities", "entity", entities)),
        "articles": json.dumps(_row_numbers(connection, "articles", "article", articles)),
    }

    def ids(query: str) -> set[int]:
        return {row[0] for row in connection.execute(query, parameters)}

    def by_article(table: str, condition: str) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        query = (
            f"SELECT article_id, id FROM {table} WHERE article_id IN ({_ARTICLES}) OR {condition}"
        )
        for article, number in connection.execute(query, parameters):
            found.setdefault(article, []).append(number)
        return found

    chosen = Selection(
        relations=ids(_RELATIONS),
        mentions=by_article("mentions", f"entity_id IN ({_ENTITIES})"),
        evidence=by_article("evidence", f"relation_id IN ({_OF_ENTITIES})"),
        quotes=by_article("quotes", f"speaker_id IN ({_ENTITIES})"),
        with_zones=ids(_ARTICLES),
    )
    chosen.articles = chosen.with_zones.union(chosen.mentions, chosen.evidence, chosen.quotes)
    chosen.entities = ids(
        f"{_ENTITIES}"
        f" UNION SELECT entity_id FROM appearances WHERE article_id IN ({_ARTICLES})"
        f" UNION SELECT subject_id FROM relations WHERE id IN ({_RELATIONS})"
        f" UNION SELECT object_id FROM relations WHERE id IN ({_RELATIONS})"
        " AND object_id IS NOT NULL"
    )
    return chosen


def _row_numbers(
    connection: sqlite3.Connection, table: str, kind: str, keys: Iterable[str]
) -> list[int]:
    numbers = []
    for key in keys:
        # An article is also known by the id that it was given.
        known = "key = :key OR given_id = :key" if table == "articles" else "key = :key"
        row = connection.execute(f"SELECT id FROM {table} WHERE {known}", {"key": key}).fetchone()
        if row is None:
            raise UnknownKey(f"there is no {kind} {key!r}; the table {table} has the keys")
        numbers.append(row[0])
    return numbers
