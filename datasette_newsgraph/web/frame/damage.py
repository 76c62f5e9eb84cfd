"""Tell an error that values in a database have led to from one of ours.

Our pages take the values for what a load wrote. Where somebody else wrote them, with text in the place
of a number, say, a page may fail anywhere. Then, and only then, the tables are looked through: if they
hold what they may not, that is the answer; if they do not, the fault is ours and stays what it was.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from datasette.database import QueryInterrupted
from datasette.utils import tilde_decode

from datasette_newsgraph.store.column_values import Wrong
from datasette_newsgraph.store.column_values import wrong_values as wrong_values_of
from datasette_newsgraph.store.damage import UNEXPECTED
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.access.visit import read_within
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.responses import state_of_file

#: Of each database: the state of its file, and what was found wrong in it.
_looked: WeakKeyDictionary[Any, dict[str, tuple[Any, Wrong | None]]] = WeakKeyDictionary()


async def wrong_values(datasette: Any, request: Any, error: BaseException) -> str | None:
    """Return what is wrong with the graph that a request is about, if that may have led to an error
    which our code did not expect; else None.
    """
    if not isinstance(error, UNEXPECTED):
        return None
    graph = await find_graph(datasette, _database_of(datasette, request))
    if graph is None:
        return None
    # An error may come before anybody has asked who it is.
    sight = await sight_of(datasette, getattr(request, "actor", None), graph)
    words = await wrong_in(datasette, sight, error)
    return words and f"The news graph in {graph.name} {words}."


async def wrong_in(datasette: Any, sight: Sight, error: BaseException) -> str | None:
    """Return what is wrong with a graph, as said of it, if that may have led to an unexpected error;
    else None. It names no table that is hidden from the visitor.
    """
    graph = sight.graph
    if graph.trouble or (found := await _first_wrong(datasette, graph.name)) is None:
        return None
    report(Fault.WRONG, graph.name, error)
    words = found.column_words if sight.sees(found.table) else "a value is not what it may be"
    return f"is damaged: {words}; newsgraph check lists what is wrong"


async def _first_wrong(datasette: Any, name: str) -> Wrong | None:
    """Return what is wrong, which is looked for once in each state of the file: whoever asks again and
    again for a page that fails is not to have all tables read each time.
    """
    path = datasette.databases[name].path
    state = state_of_file(path) if path else None
    looked = _looked.setdefault(datasette, {})
    if state is None or name not in looked or looked[name][0] != state:
        looked[name] = state, await _look(datasette, name)
    return looked[name][1]


async def _look(datasette: Any, name: str) -> Wrong | None:
    limit = datasette.setting("sql_time_limit_ms")
    for table in TABLES:
        try:
            found = await read_within(
                datasette.databases[name], limit, partial(wrong_values_of, table=table)
            )
        except QueryInterrupted:
            # A table that is too long to be looked through; others are not.
            continue
        if found:
            return found[0]
    return None


def _database_of(datasette: Any, request: Any) -> str:
    """Return the name of the database that a request is about, if there is one."""
    given = getattr(request, "url_vars", None) or {}
    route = tilde_decode(given.get("database") or "")
    return next((name for name, each in datasette.databases.items() if each.route == route), "")
