"""Choose what entities are called, of what type they are, how they are described and where they are: by
what most articles say; and gather their other names.
"""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter

from sqlite_utils import Database

#: Of the appearances of entities that show several, those that were given as others: what the key that
#: stands for all was given as comes before.
_AS_ANOTHER = (
    "entity_id IN (SELECT id FROM decided CROSS JOIN entities ON entities.key = value"
    " WHERE verdict = 'same')"
    " AND EXISTS (SELECT 1 FROM as_given WHERE as_given.article_id = appearances.article_id"
    " AND kind = 'appearance' AND shown_key = (SELECT key FROM entities WHERE id = entity_id))"
    " AND NOT EXISTS (SELECT 1 FROM as_given WHERE as_given.article_id = appearances.article_id"
    " AND kind = 'appearance' AND shown_key = key"
    " AND key = (SELECT key FROM entities WHERE id = entity_id))"
)
#: The columns of an entity that somebody may decide.
_DECIDED = ("name", "type")
#: The columns of an entity on which articles may disagree; coordinates are one value.
DISPUTED = (("name",), ("type",), ("description",), ("latitude", "longitude"))


def choose_names(db: Database, touched: str) -> None:
    """Choose what most articles say of some entities, and gather their other names, inside the
    caller's transaction; ``touched`` is the SELECT of their row numbers.
    """
    _decide(db, touched)
    _gather_aliases(db, touched)


def disputed_query(touched: str) -> str:
    """Return the SELECT of the entities of which some article says what the entity's row does not."""
    differs = " OR ".join(
        f"given.{column} IS NOT chosen.{column}" for columns in DISPUTED for column in columns
    )
    return (
        "SELECT DISTINCT entity_id FROM appearances AS given"
        " JOIN entities AS chosen ON chosen.id = entity_id"
        f" WHERE ({differs}) AND entity_id IN ({touched}) UNION {decided_query(touched)}"
    )


def decided_query(touched: str) -> str:
    """Return the SELECT of the entities of which somebody decided what they are called or are."""
    return (
        "SELECT entities.id FROM decided CROSS JOIN entities ON entities.key = decided.key"
        f" WHERE verdict IN ('name', 'type') AND entities.id IN ({touched})"
    )


def winner_query(columns: tuple[str, ...], entities: str) -> str:
    """Return the SELECT of (entity_id, the columns) where the entity's row is not what it should be.

    What somebody decided wins, then what was given of the very entity and not of others that are the
    same, then most articles, then most mentions, then code-point order. ``entities`` is the SELECT of
    the entities looked at.
    """
    value = ", ".join(columns)
    winner = ", ".join(f"{_decided(column)} AS {column}" for column in columns)
    differs = " OR ".join(f"entities.{column} IS NOT {_decided(column)}" for column in columns)
    return (
        f"SELECT winner.entity_id, {winner} FROM (SELECT entity_id, {value}, row_number() OVER ("
        f"PARTITION BY entity_id ORDER BY {columns[0]} IS NULL, min({_AS_ANOTHER}), count(*) DESC,"
        f" sum(mentions) DESC, {value}) AS place FROM appearances WHERE entity_id IN ({entities})"
        f" GROUP BY entity_id, {value}) AS winner"
        f" JOIN entities ON entities.id = winner.entity_id WHERE place = 1 AND ({differs})"
    )


def _decided(column: str) -> str:
    """Return what is decided of a column of an entity, or else the value that wins."""
    if column not in _DECIDED:
        return f"winner.{column}"
    return (
        f"coalesce((SELECT value FROM decided WHERE verdict = '{column}' AND kind = 'entity'"
        f" AND decided.key = entities.key), winner.{column})"
    )


def _decide(db: Database, touched: str) -> None:
    query = disputed_query(touched)
    disputed = json.dumps([row[0] for row in db.conn.execute(query)])
    for columns in DISPUTED:
        decide(db, columns, "SELECT value FROM json_each(:entities)", disputed)


def decide(db: Database, columns: tuple[str, ...], entities: str, numbers: str = "") -> None:
    """Give entities what most articles say in these columns, inside the caller's transaction;
    ``entities`` is a SELECT of row numbers, and ``numbers`` its parameter of the same name.
    """
    winners = db.conn.execute(winner_query(columns, entities), {"entities": numbers}).fetchall()
    db.conn.executemany(
        f"UPDATE entities SET {', '.join(f'{column} = ?' for column in columns)} WHERE id = ?",
        ((*values, entity) for entity, *values in winners),
    )


def alias_query(touched: str) -> str:
    """Return the SELECT of (entity, name) for all names but the chosen one, in order."""
    # The chosen name goes before the others are put in order: it is what most articles say.
    aliases, names = (
        f"SELECT entity_id, {table}.{column} FROM {table} CROSS JOIN entities"
        f" ON entities.id = entity_id WHERE entity_id IN ({touched})"
        f" AND {table}.{column} <> entities.name"
        for table, column in (("aliases", "alias"), ("appearances", "name"))
    )
    return f"{aliases} UNION {names} ORDER BY 1, 2"


def _gather_aliases(db: Database, touched: str) -> None:
    # Read to the end before the first update, or the query would meet its own changes.
    found = db.conn.execute(alias_query(touched)).fetchall()
    db.conn.execute(
        f"UPDATE entities SET alias_text = NULL WHERE id IN ({touched}) AND alias_text IS NOT NULL"
    )
    db.conn.executemany(
        "UPDATE entities SET alias_text = ? WHERE id = ?",
        (
            ("\n".join(alias for _, alias in group), entity)
            for entity, group in groupby(found, key=itemgetter(0))
        ),
    )
