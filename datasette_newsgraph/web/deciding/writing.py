"""Write decisions into the log, and have the rows follow it without anybody waiting for that."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.log import decide, waiting
from datasette_newsgraph.errors import NewsgraphError
from datasette_newsgraph.loading.carrying_out import carry_out
from datasette_newsgraph.store.connections import as_ours
from datasette_newsgraph.store.opening import BUSY_TIMEOUT, open_store
from datasette_newsgraph.store.transactions import transaction
from datasette_newsgraph.web.access.deciding import obstacle
from datasette_newsgraph.web.access.graphs import find_graphs
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.faults import Fault, report


async def write(database: Any, decisions: Sequence[Decision]) -> str:
    """Add decisions to the log of a database of Datasette's, all or none, and return their batch. What
    follows from them is done after this has returned.

    Raises DecisionError, and sqlite3.OperationalError where others write for too long.
    """

    def added(connection: sqlite3.Connection) -> str:
        with _ours(connection) as db, transaction(db):
            return decide(db, decisions)[0].batch

    batch: str = await lines.write(database, added)
    await lines.write(database, _follow(database), is_awaited=False)
    return batch


async def carry_out_what_waits(datasette: Any) -> None:
    """Have the rows of all graphs follow their logs, where a server was stopped before it was done."""
    for graph in await find_graphs(datasette):
        database = datasette.databases[graph.name]
        if graph.trouble or obstacle(database):
            continue
        try:
            if await database.execute_fn(waiting):
                await lines.write(database, _follow(database))
        except sqlite3.Error as error:
            # Other databases are served all the same.
            report(Fault.UNFOLLOWED, graph.name, error)


def _follow(database: Any) -> Callable[[sqlite3.Connection], None]:
    def follow(connection: sqlite3.Connection) -> None:
        try:
            with _store(database, connection) as db:
                carry_out(db)
        except (sqlite3.Error, NewsgraphError) as error:
            # They stay noted: the next decision, load or start does it.
            report(Fault.UNFOLLOWED, database.name, error)

    return follow


def _store(database: Any, connection: sqlite3.Connection) -> AbstractContextManager[Database]:
    """Return what opens a database so that nobody who reads has to wait while much is written: by a
    connection of our own, with a write-ahead log. The server has the file open, and the log stays.
    """
    if not database.path:
        return _ours(connection)
    return open_store(database.path, write=True, timeout=BUSY_TIMEOUT, log_patience=0)


@contextmanager
def _ours(connection: sqlite3.Connection) -> Iterator[Database]:
    """Have the connection with which Datasette writes be one of ours, which waits for a load."""
    milliseconds = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {int(1000 * BUSY_TIMEOUT)}")
    try:
        with as_ours(connection) as db:
            yield db
    finally:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
