"""The table ``decided``: what holds of the log, kept so that one key is looked up at once; and what a
new decision changes of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from datasette_newsgraph.decisions.standing import Standing
from datasette_newsgraph.store.schema import into, select

#: The verdict, the kind of thing, its key, the key of the article, and what the key is.
Row = tuple[str, str, str, str, str]

#: The condition of the entities of which nothing is decided.
UNDECIDED = (
    # As one set of keys: of each entity, all rows would be read, as no index begins with the key.
    "entities.key NOT IN (SELECT key FROM decided WHERE key IS NOT NULL"
    " UNION SELECT value FROM decided WHERE value IS NOT NULL)"
)


class Changes(NamedTuple):
    """What holds now and did not before, or the other way round.

    ``entities``: keys of entities that are shown as others, or not at all. ``articles``: keys of
    articles that mean something else by a name. ``spans``: keys of mentions, quotes and evidence.
    ``relations``: keys of relations. ``renamed``: keys of entities that are called otherwise.
    """

    entities: set[str]
    articles: set[str]
    spans: set[str]
    relations: set[str]
    renamed: set[str]


def rows_of(standing: Standing) -> Iterator[Row]:
    """Yield the rows of ``decided``."""
    for key, canonical in standing.canonical.items():
        yield "same", "entity", key, "", canonical
    for left, right in standing.different:
        yield "different", "entity", left, "", right
    for (article, key), meant in standing.splits.items():
        yield "split", "entity", key, article, meant
    for key, type_ in standing.types.items():
        yield "type", "entity", key, "", type_
    for key, name in standing.names.items():
        yield "name", "entity", key, "", name
    for kind, key in standing.wrong:
        yield "wrong", kind, key, "", ""


def renew(connection: sqlite3.Connection, standing: Standing) -> Changes:
    """Bring ``decided`` up to date, inside the caller's transaction, and return what changed."""
    before: set[Row] = set(connection.execute(select("decided")))
    now = set(rows_of(standing))
    connection.executemany(
        "DELETE FROM decided WHERE verdict = ? AND kind = ? AND key = ? AND article_key = ?"
        " AND value = ?",
        sorted(before - now),
    )
    connection.executemany(f"{into('decided')} VALUES (?, ?, ?, ?, ?)", sorted(now - before))
    return _changes(before, now)


def _changes(before: set[Row], now: set[Row]) -> Changes:
    changes = Changes(set(), set(), set(), set(), set())
    was, is_now = _canonical(before), _canonical(now)
    changes.entities.update(
        key for key in was.keys() | is_now.keys() if was.get(key, key) != is_now.get(key, key)
    )
    for verdict, kind, key, article, _ in before ^ now:
        if verdict == "split":
            changes.articles.add(article)
        elif verdict in ("type", "name"):
            changes.renamed.add(key)
        elif verdict == "wrong" and kind == "entity":
            changes.entities.add(key)
        elif verdict == "wrong":
            (changes.relations if kind == "relation" else changes.spans).add(key)
    changes.articles.update(
        article
        for verdict, _, _, article, meant in before | now
        if verdict == "split" and meant in changes.entities
    )
    return changes


def _canonical(rows: set[Row]) -> dict[str, str]:
    return {key: value for verdict, _, key, _, value in rows if verdict == "same"}
