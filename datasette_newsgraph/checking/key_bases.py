"""What the key of each entity comes from, found out of the key itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from datasette_newsgraph.decisions.state import UNDECIDED
from datasette_newsgraph.identity import Basis, basis_of

_QUERY = (
    "SELECT id, basis, key, type, name,"
    " EXISTS (SELECT 1 FROM identifiers WHERE entity_id = entities.id) FROM entities"
    # What is decided, its key does not tell.
    f" WHERE {UNDECIDED} ORDER BY id"
)
_OTHERS = ("identifier", "name")


def wrong_bases(connection: sqlite3.Connection) -> Iterator[tuple[int, Basis]]:
    """Yield the numbers of the entities whose basis is not what their key comes from, and what is.

    A key that is said to come from a name and is not that of the name may be wrong itself: it is not
    taken for one that comes from an article, as any could.
    """
    for number, basis, key, type_, name, is_identified in connection.execute(_QUERY):
        # In a damaged file they may be no text.
        right = basis_of(key, str(type_), str(name), is_identified=bool(is_identified))
        if basis != right and (right != "article" or basis not in _OTHERS):
            yield number, right


def renew_bases(connection: sqlite3.Connection) -> None:
    """Correct the wrong bases of all entities, inside the caller's transaction."""
    wrong = [(basis, number) for number, basis in wrong_bases(connection)]
    connection.executemany("UPDATE entities SET basis = ? WHERE id = ?", wrong)
