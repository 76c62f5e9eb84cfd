"""Deny what tells of something hidden, by the hooks with which each line of Datasette asks.

So core's own pages, JSON, CSV, labels and searches keep it too. We never grant anything but our own
action, to whom the settings name.
"""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.deciding import KEPT, hides_people, is_named
from datasette_newsgraph.web.access.graphs import Graph, find_graph, find_graphs, told_of
from datasette_newsgraph.web.datasette import lines, one_request

#: Actions on a whole database: by either, a visitor would see all tables of it.
_WHOLE = ("execute-sql", "execute-write-sql", "create-view", "view-database-download")
#: The database to which ``--crossdb`` attaches all others.
_CROSS = "_memory"
_GUARDED = ("view-table", "view-query", *_WHOLE)
#: What would change the log of decisions, or what follows from it, behind its back. On 1.0 only.
_WRITING = (
    *("insert-row", "update-row", "delete-row"),
    *("alter-table", "set-column-type", "drop-table"),
)
#: All that may be denied by its name.
_NAMES = secrecy.GUARDED | QUERIES.keys()


async def permission_allowed(datasette: Any, actor: Any, action: str, resource: Any) -> bool | None:
    """Answer the hook of 0.65: False for what is denied, True for who is named, else None."""
    if action == lines.DECIDE:
        return is_named(datasette, actor, resource) or None
    if one_request.is_asking() or action not in _GUARDED or resource is None:
        return None
    database, name = (resource, None) if isinstance(resource, str) else resource
    if name is not None and name not in _NAMES:
        return None
    if datasette.crossdb and database == _CROSS and action in _WHOLE:
        denials = await _all_denials(datasette, actor, action)
        return False if denials else None
    graph = await find_graph(datasette, database)
    if graph is None:
        return None
    return False if name in await _denied(datasette, actor, action, graph) else None


async def permission_resources_sql(datasette: Any, actor: Any, action: str) -> Any:
    """Answer the hook of 1.0: rows of denials, or of who is named."""
    if action == lines.DECIDE:
        named = [each for each in datasette.databases if is_named(datasette, actor, each)]
        allowed = [(each, None) for each in named]
        return lines.rules(action, allowed, "the plugin is configured so", allow=True)
    if action in _WRITING:
        kept = [(each.name, table) for each in await find_graphs(datasette) for table in KEPT]
        return lines.rules(action, kept, "only decisions change it")
    if one_request.is_asking() or action not in _GUARDED:
        return None
    denials = await _all_denials(datasette, actor, action)
    if not denials:
        return None
    if datasette.crossdb and action in _WHOLE:
        denials.append((_CROSS, None))
    return lines.rules(action, denials, "it tells of a hidden table")


async def _all_denials(datasette: Any, actor: Any, action: str) -> list[tuple[str, str | None]]:
    return [
        (graph.name, name)
        for graph in await find_graphs(datasette)
        for name in await _denied(datasette, actor, action, graph)
    ]


async def _denied(
    datasette: Any, actor: Any, action: str, graph: Graph
) -> frozenset[str] | frozenset[None]:
    """Return the tables or queries that an action is denied for; None stands for the database."""
    if graph.fault is not None:
        # It may hold anything.
        if action in _WHOLE:
            return frozenset([None])
        return secrecy.GUARDED if action == "view-table" else frozenset(QUERIES)
    asked = secrecy.ASKED & graph.tables
    direct = await lines.directly_visible(datasette, actor, graph.name, asked)
    if action in _WHOLE:
        is_whole = secrecy.SOURCES & asked <= direct
        is_hidden = not is_whole or await hides_people(datasette, actor, graph)
        return frozenset([None]) if is_hidden else frozenset()
    telling = await told_of(datasette, graph, secrecy.ENTITIES_TELL, asked - direct)
    if action == "view-table":
        denied = secrecy.denied_tables(direct, telling)
        if "decisions" in denied or not await hides_people(datasette, actor, graph):
            return denied
        return denied | {"decisions"}
    return secrecy.denied_queries(direct, telling, graph.tables)
