"""Carry out decisions that are in the log of a database, and not yet in its rows."""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.decisions.log import waiting
from datasette_newsgraph.loading.settling import settle
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.transactions import transaction


def carry_out(db: Database) -> int:
    """Bring the rows to where the log has them, in a transaction, and return how many decisions
    waited for that. Before the first load has ended, that load does it.
    """
    count = waiting(db.conn)
    if count and is_filled(db):
        with transaction(db):
            settle(db)
    return count
