"""Whether the keys of a database may stand behind a prefix, as Turtle has names.

No load writes a key that begins with a hyphen, but whoever writes to the tables may. A local name does
not begin so (RDF 1.1 Turtle, section 6.5, PN_LOCAL).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container

#: Where the keys that an export writes come from: table, column, and what tells them from others.
_KEYS = (
    *((table, "key", "true") for table in ("extractions", "articles", "entities", "relations")),
    *((table, "key", "true") for table in ("mentions", "evidence", "quotes")),
    # Former ones.
    ("decided", "key", "kind = 'entity'"),
    ("as_given", "relation_key", "true"),
)


def are_local_names(connection: sqlite3.Connection, tables: Container[str]) -> bool:
    """Tell whether all keys in some tables are local names. Their indexes tell at once."""
    return not any(
        connection.execute(
            f"SELECT 1 FROM {table} WHERE {where} AND {column} >= '-' AND {column} < '.' LIMIT 1"
        ).fetchone()
        for table, column, where in _KEYS
        if table in tables
    )
