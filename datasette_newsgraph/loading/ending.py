"""How a load ends: what follows from all articles is computed, whatever has ended it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from datasette_newsgraph.errors import (
    ExtractionStopped,
    InputError,
    LoadStopped,
    TooManyRejects,
)
from datasette_newsgraph.loading.settling import settle
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.transactions import transaction


@contextmanager
def settled(db: Database, *, has_cycles: bool = False) -> Iterator[None]:
    """Settle when the body has ended, also where bad input ended it: what came before is kept, so it
    is to be complete. After a kill or a full disk the next load settles.
    """
    # Rows are strings and numbers: there are no cycles to look for. What extracts may make some.
    collecting = gc.isenabled()
    if not has_cycles:
        gc.disable()
    try:
        yield
    except (TooManyRejects, InputError, ExtractionStopped, LoadStopped):
        _settle(db)
        raise
    else:
        _settle(db)
    finally:
        if collecting:
            gc.enable()


def _settle(db: Database) -> None:
    unsettled = db.conn.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone()
    if unsettled or not is_filled(db):
        with transaction(db):
            settle(db)
