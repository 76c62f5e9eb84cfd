"""The row numbers of entities, relations and extractions, looked up by their keys.

Keys are spread evenly. So an index of the many keys of a database that is being filled would be written
almost whole by each transaction, and its journal as well. While a file is filled for the first time,
these keys stand in a temporary file without a journal, and are indexed when the load ends. What a load
that was killed left behind is read anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from datasette_newsgraph.loading.rows import rows_in
from datasette_newsgraph.store import indexes
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.opening import CACHE_KB, AnyDatabase

#: The tables of which most articles give new rows.
_GROWING = frozenset(each.table for each in indexes.OF_KEYS)
#: Keys of a table that are gathered in memory before they go to the file together: fewer would have it
#: written almost whole, again and again.
_GATHERED = 10_000


class KeyNumbers:
    """Looks up row numbers in one database, for one load of any number of sources.

    ``apart``: the keys of a database that is being filled are kept in a file of their own. That is for
    a connection of ours: an index cannot be dropped while somebody else reads through it.
    """

    def __init__(self, db: Database, *, apart: bool) -> None:
        self._db = db
        self._apart = apart
        self._keys: sqlite3.Connection | None = None
        #: The keys of a table that were read last, and are not in the file.
        self._gathered: dict[str, dict[str, int]] = {}
        #: Up to which row number the keys of a table have been read.
        self._last: dict[str, int] = {}

    def find(self, table: str, keys: Iterable[str]) -> dict[str, int]:
        """Return the row numbers of those ``keys`` that ``table`` has, inside a transaction."""
        if table not in _GROWING or is_filled(self._db):
            return self._find_in(self._db.conn, table, keys)
        if not self._apart:
            # A load that was killed may have left none.
            indexes.create(self._db.conn, indexes.OF_KEYS)
            return self._find_in(self._db.conn, table, keys)
        apart = self._kept_apart(table)
        keys, gathered = list(keys), self._gathered[table]
        others = (key for key in keys if key not in gathered)
        known = {key: gathered[key] for key in keys if key in gathered}
        return known | self._find_in(apart, table, others)

    def forget(self) -> None:
        """Forget all keys, as after a rollback."""
        if self._keys is not None:
            self._keys.close()
            self._keys = None
        self._gathered.clear()
        self._last.clear()

    close = forget

    def _find_in(
        self, connection: sqlite3.Connection, table: str, keys: Iterable[str]
    ) -> dict[str, int]:
        return dict(rows_in(connection, f"SELECT key, id FROM {table} WHERE key IN ({{}})", keys))

    def _kept_apart(self, table: str) -> sqlite3.Connection:
        """Return the connection that has the keys of a table, but for those that are gathered; what was
        added since, by this load or by another one, is read.
        """
        if self._keys is None:
            indexes.drop(self._db.conn, indexes.OF_KEYS)
            self._keys = _temporary()
        (last,) = self._db.conn.execute(f"SELECT max(id) FROM {table}").fetchone()
        known = self._last.get(table, 0)
        gathered = self._gathered.setdefault(table, {})
        if last is not None and last > known:
            for key, number in self._db.conn.execute(
                f"SELECT key, id FROM {table} WHERE id > ?", [known]
            ):
                gathered[key] = number
                if len(gathered) >= _GATHERED:
                    self._put(table, gathered)
            self._last[table] = last
        return self._keys

    def _put(self, table: str, gathered: dict[str, int]) -> None:
        """Move the keys that were gathered to the file."""
        assert self._keys is not None
        # In the order of the keys, each page is gone to once.
        self._keys.executemany(f"INSERT INTO {table} VALUES (?, ?)", sorted(gathered.items()))
        gathered.clear()


def keys_of(database: AnyDatabase, db: Database) -> closing[KeyNumbers]:
    """Look up keys for one load: of a file that we have opened, apart while it is filled."""
    return closing(KeyNumbers(db, apart=isinstance(database, (str, Path))))


def _temporary() -> sqlite3.Connection:
    """Return a connection to a database without a name, which is gone when it is closed."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    for table in _GROWING:
        connection.execute(f"CREATE TABLE {table} (key TEXT PRIMARY KEY, id) WITHOUT ROWID")
    # One transaction, never ended: nothing of it is to last.
    connection.execute("BEGIN")
    return connection
