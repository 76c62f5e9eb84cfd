"""Where the keys lead that things had before something was decided: nobody's link is to break by it."""

from __future__ import annotations

import sqlite3

from datasette.views.base import DatasetteError

from datasette_newsgraph.decisions.shown_keys import LEAD, is_not_shown, is_wrong, now_under
from datasette_newsgraph.kinds import Kind
from datasette_newsgraph.web.access.visit import Visit

_GONE = "What was here was decided to be wrong, and is not shown any more."


async def now_under_key(visit: Visit, kind: Kind, key: str) -> str | None:
    """Return the key under which a thing of a kind is shown, where there is no row of a ``key``; None
    if nothing is known of it, or the visitor may not see it. Raises a DatasetteError of status 410 for
    what was decided to be wrong.
    """
    if not visit.sight.sees(kind.table, *kind.needs, *LEAD):
        return None

    def look(connection: sqlite3.Connection) -> str | None:
        if not is_wrong(connection, kind.name, key):
            now = now_under(connection, kind.name, key)
            query = f"SELECT 1 FROM {kind.table} WHERE key = ?"
            if now is not None and connection.execute(query, [now]).fetchone():
                return now
            if not is_not_shown(connection, kind.name, key) and (
                now is None or not is_wrong(connection, kind.name, now)
            ):
                return None
        # RFC 9110, section 15.5.11.
        raise DatasetteError(_GONE, title="Gone", status=410)

    return await visit.read(look)
