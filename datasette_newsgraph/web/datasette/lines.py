"""The one module that knows the two lines of Datasette, 0.65 and 1.0, and which of them is running.

What is asked of both in different words has a function here: permissions, configuration, metadata,
queries.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from datasette.utils.asgi import Forbidden

from datasette_newsgraph.metadata.origin import ORIGIN
from datasette_newsgraph.web.datasette.one_request import ask_apart, remembered

try:
    from datasette.resources import DatabaseResource

    IS_1_0 = True
except ImportError:
    IS_1_0 = False

#: The action of whoever may say what is the same, and what is wrong.
DECIDE = "newsgraph-decide"

#: Whether Datasette itself names the next page in the Link header of what a renderer gives.
LINKS_NEXT_PAGE = IS_1_0


def plugin_blocks(datasette: Any, plugin: str) -> Iterator[tuple[str | None, str | None, Any]]:
    """Return what the configuration has of a plugin, as (database, table, block): that of the whole
    server first, then those of its databases and tables.
    """
    block = datasette.plugin_config(plugin)
    if block is not None:
        yield None, None, block
    given = (datasette.config or {}).get("databases") if IS_1_0 else datasette.metadata("databases")
    for database, configured in (given or {}).items():
        block = datasette.plugin_config(plugin, database=database, fallback=False)
        if block is not None:
            yield database, None, block
        for table in (configured or {}).get("tables") or ():
            block = datasette.plugin_config(plugin, database, table, fallback=False)
            if block is not None:
                yield database, table, block


async def learn_tables(datasette: Any) -> None:
    """Let 1.0 know of tables that are new: it goes by a catalogue, and looks when it shows a page."""
    if IS_1_0:
        # It looks at all databases, of which another one may be damaged.
        with suppress(sqlite3.Error, UnicodeDecodeError):
            await datasette.refresh_schemas(force=True)


async def directly_visible(
    datasette: Any, actor: Any, database: str, tables: Iterable[str]
) -> frozenset[str]:
    """Return those of the ``tables`` that ``actor`` may see by their own, the database's and the
    instance's permissions, whatever they tell of.
    """
    key = (database, json.dumps(actor, sort_keys=True, default=repr))
    known: dict[str, bool] = remembered().setdefault(key, {})
    unknown = [table for table in tables if table not in known]
    if unknown:
        known.update(await ask_apart(_directly_visible(datasette, actor, database, unknown)))
    return frozenset(table for table in tables if known[table])


async def _directly_visible(
    datasette: Any, actor: Any, database: str, tables: list[str]
) -> dict[str, bool]:
    if not IS_1_0:
        return {table: await may_view(datasette, actor, database, table) for table in tables}
    page = await datasette.allowed_resources("view-table", actor, parent=database, limit=1000)
    allowed = {resource.child async for resource in page.all()}
    return {table: table in allowed for table in tables}


async def may_view(datasette: Any, actor: Any, database: str, table: str) -> bool:
    """Ask 0.65, which does not go from the table to its database and the instance by itself."""
    try:
        await datasette.ensure_permissions(
            actor,
            [("view-table", (database, table)), ("view-database", database), "view-instance"],
        )
    except Forbidden:
        return False
    return True


async def may_view_database(datasette: Any, actor: Any, database: str) -> bool:
    """Tell whether ``actor`` may see the database at all."""
    if IS_1_0:
        resource = DatabaseResource(database)
        return bool(await datasette.allowed(action="view-database", resource=resource, actor=actor))
    visible, _ = await datasette.check_visibility(
        actor, permissions=[("view-database", database), "view-instance"]
    )
    return bool(visible)


async def configured_search(datasette: Any, database: str, table: str) -> tuple[Any, bool]:
    """Return the full-text table that is configured for a table or view, if any; and whether what is
    typed there is taken for FTS5's own language unless a visitor asks otherwise.
    """
    if IS_1_0:
        found = await datasette.table_config(database, table)
    else:
        found = datasette.table_metadata(database, table)
    return found.get("fts_table"), found.get("searchmode") == "raw"


def has_own_styles(datasette: Any) -> bool:
    """Tell whether the user has given Datasette's pages a style sheet of their own."""
    if IS_1_0:
        return bool((datasette.config or {}).get("extra_css_urls"))
    return bool(datasette.metadata("extra_css_urls"))


async def metadata_of(
    datasette: Any, database: str, *, or_of_server: bool = True
) -> dict[str, str]:
    """Return what the user has set of where a database comes from, or else of the whole server."""
    given: dict[str, Any]
    if IS_1_0:
        given = await datasette.get_instance_metadata() if or_of_server else {}
        given = {**given, **await datasette.get_database_metadata(database)}
    else:
        given = {
            key: datasette.metadata(key, database=database, fallback=or_of_server) for key in ORIGIN
        }
    return {key: given[key] for key in ORIGIN if isinstance(given.get(key), str) and given[key]}


def written_by_user(datasette: Any, database: str) -> dict[str, Any]:
    """Return what the user has set for a database in 0.65, without what hooks add to it."""
    # The merged metadata would hold our own; 0.65 has no other way to ask.
    local = (datasette._metadata_local or {}).get("databases") or {}
    return local.get(database) or {}


def actions() -> list[Any]:
    """Return the actions that 1.0 is to know besides its own; 0.65 need not be told of any."""
    from datasette.permissions import Action

    return [
        Action(
            name=DECIDE,
            abbr="ngd",
            description="Decide what in a news graph is the same, and what is wrong",
            resource_class=DatabaseResource,
            also_requires="view-database",
        )
    ]


async def may_decide(datasette: Any, actor: Any, database: str) -> bool:
    """Tell whether ``actor`` is allowed to decide in a database, whatever they may see of it."""
    if _is_root(datasette, actor):
        return True
    if IS_1_0:
        resource = DatabaseResource(database)
        return bool(await datasette.allowed(action=DECIDE, resource=resource, actor=actor))
    return bool(await datasette.permission_allowed(actor, DECIDE, resource=database, default=False))


def _is_root(datasette: Any, actor: Any) -> bool:
    # 1.0 lets a rule for others shut root out. A token of root's may do what it says, and no more.
    is_enabled = datasette.root_enabled if IS_1_0 else True
    return bool(is_enabled and actor and actor.get("id") == "root" and "_r" not in actor)


async def write(
    database: Any, work: Callable[[sqlite3.Connection], Any], *, is_awaited: bool = True
) -> Any:
    """Have the one thread that writes do some work, which begins and ends transactions itself; return
    what it returns, unless it is not awaited.
    """
    if IS_1_0:
        return await database.execute_write_fn(work, block=is_awaited, transaction=False)
    return await database.execute_write_fn(work, block=is_awaited)


def rules(
    action: str, of: Iterable[tuple[str, str | None]], reason: str, *, allow: bool = False
) -> Any:
    """Return what 1.0 takes for denials of an action (or for permissions), each of a database and a
    table or query in it; None stands for the database itself.
    """
    from datasette.permissions import PermissionSQL

    parameter = f"newsgraph_{action.replace('-', '_')}"
    return PermissionSQL(
        sql="SELECT json_extract(value, '$[0]') AS parent, json_extract(value, '$[1]') AS child,"
        f" {allow:d} AS allow, :{parameter}_reason AS reason FROM json_each(:{parameter})",
        params={parameter: json.dumps(list(of)), f"{parameter}_reason": reason},
    )


async def runnable_queries(
    datasette: Any, actor: Any, database: str, names: Iterable[str]
) -> dict[str, str]:
    """Return those of the canned queries that ``actor`` may run, with their titles."""
    if IS_1_0:
        page = await datasette.list_queries(database, actor=actor, limit=1000)
        found = {query.name: query.title or query.name for query in page.queries}
        return {name: found[name] for name in names if name in found}
    queries = await datasette.get_canned_queries(database, actor)
    runnable = {}
    for name in names:
        permissions = [("view-query", (database, name)), ("view-database", database)]
        if name in queries:
            visible, _ = await datasette.check_visibility(
                actor, permissions=[*permissions, "view-instance"]
            )
            if visible:
                runnable[name] = str(queries[name].get("title") or name)
    return runnable
