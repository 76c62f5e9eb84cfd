"""The one module that knows which line of Datasette is running, 0.65 or 1.0: how permissions are
asked for, and what 0.65 shows of hidden tables and 1.0 does not.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from contextvars import Context, ContextVar
from typing import Any

from datasette.utils import tilde_decode
from datasette.utils.asgi import Forbidden

try:
    from datasette.resources import DatabaseResource

    IS_1_0 = True
except ImportError:
    IS_1_0 = False

#: True while we ask for the permissions that tables have of themselves.
_asking: ContextVar[bool] = ContextVar("newsgraph_asking", default=False)
#: What was found in the request under way, which is not asked for again in it. And the request.
_found: ContextVar[dict[Any, Any] | None] = ContextVar("newsgraph_found", default=None)
_request: ContextVar[Any] = ContextVar("newsgraph_request", default=None)


def keep_requests_apart(app: Any) -> Any:
    """Wrap Datasette's application so that what is found in a request ends with it.

    A plugin may ask Datasette for another page, as somebody else, in the middle of a request.
    """

    async def one_request(scope: Any, receive: Any, send: Any) -> None:
        found, request = _found.set({}), _request.set(None)
        try:
            await app(scope, receive, send)
        finally:
            _found.reset(found)
            _request.reset(request)

    return one_request


def begin_request(request: Any) -> None:
    """Remember the request, which will know its actor when that has been found."""
    _request.set(request)


def query_shown() -> str | None:
    """Return the name of the canned query whose page the request under way asks for, or None.

    Both lines serve it at the address of a table, and tell the hooks of neither.
    """
    request = _request.get()
    route = request.scope.get("url_route", {}).get("kwargs", {}) if request is not None else {}
    return tilde_decode(route["table"]) if route.get("table") else None


def remembered() -> dict[Any, Any]:
    """Return what is known for the request under way, to be added to; nothing outside of requests."""
    found = _found.get()
    return {} if found is None else found


def is_asking() -> bool:
    """Tell whether our own rules are off, as we are asking what holds without them."""
    return _asking.get()


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
        # In a context of its own: 1.0 keeps the answers of a request in one, and answers that were
        # given with our rules off are not those that the request may use.
        asking = _ask_apart(datasette, actor, database, unknown)
        known.update(await Context().run(asyncio.ensure_future, asking))
    return frozenset(table for table in tables if known[table])


async def _ask_apart(
    datasette: Any, actor: Any, database: str, tables: list[str]
) -> dict[str, bool]:
    _asking.set(True)
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


def keep_labels(datasette: Any) -> None:
    """Let 0.65 label foreign keys only from tables that the visitor may see, as 1.0 does."""
    if IS_1_0:
        return
    expand = datasette.expand_foreign_keys

    async def expand_foreign_keys(
        database: str, table: str, column: str, values: Iterable[Any]
    ) -> Any:
        keys = await datasette.databases[database].foreign_keys_for_table(table)
        others = [key["other_table"] for key in keys if key["column"] == column]
        request = _request.get()
        if others and request is not None:
            is_seen = await may_view(datasette, request.actor, database, others[0])
            if not is_seen:
                return {}
        return await expand(database, table, column, values)

    datasette.expand_foreign_keys = expand_foreign_keys


def suggest_nothing(datasette: Any, is_ours: Callable[[str, str], bool]) -> None:
    """Keep Datasette from looking for more facets of our views, which have theirs. ``is_ours`` is told
    database and view.

    It tries each column, three times over, and takes longer for that than for the page. There is no
    setting for one view, so the answer to the setting for all depends on the request.
    """
    setting = datasette.setting

    def for_request(key: str) -> Any:
        request = _request.get()
        if key == "suggest_facets" and request is not None:
            # Before the request has found its route it is about no view.
            route = request.scope.get("url_route", {"kwargs": {}})["kwargs"]
            database, table = route.get("database"), route.get("table")
            if database and table and is_ours(tilde_decode(database), tilde_decode(table)):
                return False
        return setting(key)

    datasette.setting = for_request


def row_routes(
    datasette: Any, tables: Iterable[str], has_graph: Callable[[str], bool]
) -> list[tuple[str, Any]]:
    """Return a route for the rows of ``tables`` on 0.65, which shows them as 1.0 does; ``has_graph`` is
    told a database.
    """
    if IS_1_0:
        return []
    from datasette_newsgraph.web.row_view import row_view

    view = row_view(datasette, has_graph)

    async def row(request: Any, send: Any) -> Any:
        return await view(request, send)

    names = "|".join(map(_encoded, tables))
    pattern = rf"/(?P<database>[^\/\.]+)/(?P<table>{names})/(?P<pks>[^/]+?)(\.(?P<format>\w+))?$"
    return [(pattern, row)]


def _encoded(name: str) -> str:
    """Return a regular expression of a table's name, in either case, as Datasette decodes it."""
    letters = (
        "".join((letter, f"|~{ord(letter.lower()):02x}", f"|~{ord(letter.upper()):02x}"))
        for letter in name
    )
    return "(?i:" + "".join(f"(?:{each})" for each in letters) + ")"


#: What says where a database comes from, in Datasette's metadata.
_ORIGINS = ("title", "description", "source", "source_url", "license", "license_url")


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
            key: datasette.metadata(key, database=database, fallback=or_of_server)
            for key in _ORIGINS
        }
    return {key: given[key] for key in _ORIGINS if isinstance(given.get(key), str) and given[key]}


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
