"""What a page says to those who may decide: what was decided just now, what is not yet carried out."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from datasette_newsgraph.decisions.log import waiting
from datasette_newsgraph.web.access.arguments import text_argument
from datasette_newsgraph.web.access.deciding import Deciding
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.posting import DONE


@dataclass(frozen=True)
class Notice:
    """``waiting`` decisions are being carried out; ``done`` is the batch that was decided just now, of
    ``count`` decisions.
    """

    waiting: int
    done: str | None
    count: int


async def notice_of(visit: Visit, deciding: Deciding) -> Notice | None:
    """Return what a page says to its visitor, or None."""
    if not deciding.is_allowed:
        return None
    done = text_argument(visit.request, DONE)

    def read(connection: sqlite3.Connection) -> Notice:
        count = "SELECT count(*) FROM decisions WHERE batch = ?"
        number = connection.execute(count, [done]).fetchone()[0]
        return Notice(waiting(connection), done if number else None, number)

    found: Notice = await visit.database.execute_fn(read)
    return found if found.waiting or found.done else None
