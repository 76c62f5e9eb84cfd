"""Under which keys things are shown, as was carried out: where former keys lead, and what is apart."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable


def shown_as(column: str) -> str:
    """Return the SQL of the key of an entity under which the key in a ``column`` is shown."""
    return (
        "coalesce((SELECT same.value FROM decided AS same WHERE same.verdict = 'same'"
        f" AND same.kind = 'entity' AND same.key = {column}), {column})"
    )


# The pairs that are different, under the keys that are shown, the smaller first.
_APART = (
    "SELECT DISTINCT one.id, other.id, other.key FROM"
    " (SELECT min(first, second) AS low, max(first, second) AS high FROM"
    f" (SELECT {shown_as('apart.key')} AS first, {shown_as('apart.value')} AS second"
    " FROM decided AS apart WHERE apart.verdict = 'different' AND apart.kind = 'entity'))"
    " CROSS JOIN entities AS one ON one.key = low CROSS JOIN entities AS other ON other.key = high"
    " WHERE low <> high"
)
#: By the kind of thing, the keys under which what a key stood for is shown now: the first query that
#: finds any says it. There may be several, where an entity was divided.
_NOW = {
    "entity": (
        "SELECT value FROM decided"
        " WHERE verdict = 'same' AND kind = 'entity' AND key = ? AND value <> key",
        "SELECT DISTINCT shown_key FROM as_given WHERE kind = 'appearance' AND key = ?",
    ),
    "relation": (
        "SELECT DISTINCT shown_key FROM as_given WHERE kind = 'evidence' AND relation_key = ?",
    ),
}
_WRONG = "SELECT 1 FROM decided WHERE verdict = 'wrong' AND kind = ? AND key = ?"
#: Whether something of what was given under a key of a kind is not shown.
_NOT_SHOWN = """
SELECT 1 FROM as_given WHERE shown_key IS NULL AND CASE :kind
  WHEN 'entity' THEN kind = 'appearance' AND key = :key
  WHEN 'relation' THEN kind = 'evidence' AND relation_key = :key
  ELSE kind = :kind AND key = :key END
LIMIT 1
"""
#: The tables that say where a key leads.
LEAD = ("decided", "as_given")


def apart(
    connection: sqlite3.Connection, numbers: Iterable[int] | None = None
) -> Iterable[tuple[int, int, str]]:
    """Return the pairs of entities that are different: the number of the one with the smaller key,
    number and key of the other. With ``numbers``: those pairs of which one has such a number.
    """
    if numbers is None:
        return connection.execute(_APART)
    given = "WITH given AS MATERIALIZED (SELECT value FROM json_each(?)) "
    condition = " AND (one.id IN given OR other.id IN given)"
    return connection.execute(given + _APART + condition, [json.dumps(sorted(numbers))])


def now_under(connection: sqlite3.Connection, kind: str, key: str) -> str | None:
    """Return the key under which a thing of a kind is shown that had another ``key`` before something
    was decided; None where there is no such thing, or more than one.
    """
    for query in _NOW.get(kind, ()):
        found = {row[0] for row in connection.execute(query, [key])} - {None}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def is_wrong(connection: sqlite3.Connection, kind: str, key: str) -> bool:
    """Tell whether it was decided that a thing of a kind is wrong."""
    return connection.execute(_WRONG, [kind, key]).fetchone() is not None


def is_not_shown(connection: sqlite3.Connection, kind: str, key: str) -> bool:
    """Tell whether something of what was given under a key is not shown, as it is wrong."""
    return connection.execute(_NOT_SHOWN, {"kind": kind, "key": key}).fetchone() is not None
