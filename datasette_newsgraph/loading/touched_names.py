"""Choose the names of those entities again of which a small load may have changed them.

Where an article says of an entity what is chosen already, or nothing, the choice stays, however many
others name it. So all that is said is read only of those entities of which a touched article says
something else, and of those that some article ceased to name.
"""

from __future__ import annotations

import json
import sqlite3
from itertools import zip_longest

from sqlite_utils import Database

from datasette_newsgraph.loading.names import DISPUTED, decide, decided_query, disputed_query
from datasette_newsgraph.store.unsettled import ARTICLE, ENTITIES, LESSENED, noted

_ARTICLES = noted(ARTICLE)
_GIVEN = (
    f"SELECT entity_id, name FROM appearances WHERE article_id IN ({_ARTICLES})"
    " UNION SELECT entity_id, alias FROM aliases"
    f" WHERE appearance_id IN (SELECT id FROM appearances WHERE article_id IN ({_ARTICLES}))"
)
_NAMES = "SELECT name FROM appearances WHERE entity_id = ?"
_ALIASES = "SELECT alias FROM aliases WHERE entity_id = ?"


def choose_touched_names(db: Database) -> None:
    """Choose what most articles say of the entities noted in ``unsettled``, and gather their other
    names, inside the caller's transaction.
    """
    before = db.conn.execute(
        f"SELECT id, name, alias_text FROM entities WHERE id IN ({ENTITIES})"
    ).fetchall()
    query = f"{disputed_query(LESSENED)} UNION {decided_query(ENTITIES)}"
    disputed = json.dumps([row[0] for row in db.conn.execute(query)])
    for columns in DISPUTED:
        entities = f"{_said_otherwise(columns)} UNION SELECT value FROM json_each(:entities)"
        decide(db, columns, entities, disputed)
    _gather_aliases(db.conn, before)


def _said_otherwise(columns: tuple[str, ...]) -> str:
    """Return the SELECT of the entities of which a touched article says what may be chosen instead."""
    differs = " OR ".join(f"given.{column} IS NOT chosen.{column}" for column in columns)
    return (
        "SELECT given.entity_id FROM appearances AS given"
        " JOIN entities AS chosen ON chosen.id = given.entity_id"
        f" WHERE given.article_id IN ({_ARTICLES}) AND ({differs})"
        f" AND (given.{columns[0]} IS NOT NULL OR chosen.{columns[0]} IS NULL)"
    )


def _gather_aliases(
    connection: sqlite3.Connection, before: list[tuple[int, str, str | None]]
) -> None:
    """Put the other names of entities right, of which the name and other names ``before`` are given."""
    given: dict[int, set[str]] = {}
    for entity, name in connection.execute(_GIVEN):
        given.setdefault(entity, set()).add(name)
    chosen = dict(
        connection.execute(f"SELECT id, name FROM entities WHERE id IN ({ENTITIES})").fetchall()
    )
    lessened = {row[0] for row in connection.execute(LESSENED)}
    changed = []
    for entity, name, text in before:
        now = given.get(entity, set())
        known = {name, *(text.split("\n") if text else ())} - now
        if entity in lessened:
            known = _still_given(connection, entity, known)
        aliases = "\n".join(sorted((known | now) - {chosen[entity]})) or None
        if aliases != text:
            changed.append((aliases, entity))
    connection.executemany("UPDATE entities SET alias_text = ? WHERE id = ?", changed)


def _still_given(connection: sqlite3.Connection, entity: int, names: set[str]) -> set[str]:
    """Return those of the names that some article gives an entity."""
    sought = set(names)
    by_turns = zip_longest(
        connection.execute(_NAMES, [entity]), connection.execute(_ALIASES, [entity]), fillvalue=()
    )
    while sought and (found := next(by_turns, None)):
        sought.difference_update(*found)
    return names - sought
