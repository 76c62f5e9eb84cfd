"""A visit: a request to one graph, with what its visitor may see of it."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from datasette.database import QueryInterrupted
from datasette.utils import add_cors_headers, sqlite_timelimit, tilde_decode
from datasette.utils.asgi import Forbidden, NotFound, Response
from datasette.views.base import DatasetteError

from datasette_newsgraph.errors import NewsgraphError, UnknownKey
from datasette_newsgraph.store.damage import said_by
from datasette_newsgraph.web.access.graphs import Graph, find_graph
from datasette_newsgraph.web.access.narrowing import narrowed
from datasette_newsgraph.web.access.sight import Sight, sight_of
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.faults import Fault, report, report_sqlite
from datasette_newsgraph.web.links import Links
from datasette_newsgraph.web.settings import Settings, settings_of

_METHODS = ("GET", "HEAD")
#: What the two lines of Datasette have less of, or not at all.
_SHARED = {
    "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
    "Access-Control-Expose-Headers": "Content-Disposition, ETag, Link, Retry-After",
    "Access-Control-Max-Age": "3600",
}

_Read = TypeVar("_Read")
Handler = Callable[[Any, Any], Awaitable[Any]]


@dataclass(frozen=True)
class Visit:
    """What every page of a graph begins with."""

    datasette: Any
    request: Any
    graph: Graph
    sight: Sight

    @cached_property
    def links(self) -> Links:
        """Return the addresses of the graph's pages."""
        return Links(self.datasette, self.graph.name)

    @property
    def database(self) -> Any:
        """Return Datasette's database."""
        return self.datasette.databases[self.graph.name]

    @property
    def settings(self) -> Settings:
        """Return the settings that hold for the graph."""
        return settings_of(self.datasette, self.graph.name)

    def require(self, *tables: str) -> None:
        """Raise Forbidden unless the visitor may see these tables, or some of their rows."""
        if not self.sight.sees(*tables):
            raise Forbidden("You do not have permission to view this")

    async def rows(self, query: str, *parameters: Any) -> list[Any]:
        """Return all rows of a query of ours; raises QueryInterrupted if it takes too long."""
        return await self.fetch(query, parameters)

    async def rows_of(self, query: str, parameters: Mapping[str, Any]) -> list[Any]:
        """Return the same of a query with named parameters."""
        return await self.fetch(query, parameters)

    async def fetch(
        self, query: str, parameters: Any, milliseconds: int | None = None
    ) -> list[Any]:
        """Return all rows of a query of ours; raises QueryInterrupted if it takes longer than so many
        milliseconds, or than the server allows.
        """
        if self.sight.parts:
            return await self.read(
                lambda each: each.execute(query, parameters).fetchall(), milliseconds
            )
        found = await self.database.execute(query, parameters, custom_time_limit=milliseconds)
        return list(found.rows)

    async def read(
        self, work: Callable[[sqlite3.Connection], _Read], milliseconds: int | None = None
    ) -> _Read:
        """Return what a function makes of a connection, where the names of tables stand for the rows
        that the visitor may see; raises QueryInterrupted as ``fetch`` does.
        """
        allowed: int = self.datasette.setting("sql_time_limit_ms")
        limit = allowed if milliseconds is None else min(milliseconds, allowed)
        return await read_within(self.database, limit, work, self.sight.parts)

    async def read_at_leisure(self, work: Callable[[sqlite3.Connection], _Read]) -> _Read:
        """Return the same, however long it takes."""

        def seen(connection: sqlite3.Connection) -> _Read:
            with narrowed(connection, self.sight.parts):
                return work(connection)

        found: _Read = await self.database.execute_fn(seen)
        return found

    async def row(self, query: str, *parameters: Any) -> Any:
        """Return the first row of a query of ours, or None."""
        rows = await self.rows(query, *parameters)
        return rows[0] if rows else None

    async def found(self, missing: str, query: str, *parameters: Any) -> Any:
        """Return the first row of a query of ours; raises NotFound with the text ``missing``."""
        row = await self.row(query, *parameters)
        if row is None:
            raise NotFound(missing)
        return row


async def read_within(
    database: Any,
    milliseconds: int,
    work: Callable[[sqlite3.Connection], _Read],
    parts: Mapping[str, str] | None = None,
) -> _Read:
    """Return what a function makes of a connection of Datasette's database; raises QueryInterrupted if
    it takes longer than so many milliseconds. ``parts``: of which tables it reads which rows only.
    """

    def limited(connection: sqlite3.Connection) -> _Read:
        with narrowed(connection, parts or {}), sqlite_timelimit(connection, milliseconds):
            return work(connection)

    try:
        found: _Read = await database.execute_fn(limited)
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        raise QueryInterrupted(error, "", {}) from error
    return found


async def begin(datasette: Any, request: Any) -> Visit:
    """Return the visit that a request to ``/{database}/-/newsgraph…`` is.

    Raises NotFound where there is no graph, Forbidden where nothing of it is to be seen, and a
    DatasetteError of status 409 where its schema is not this version's.
    """
    try:
        database = datasette.get_database(route=tilde_decode(request.url_vars["database"]))
    except KeyError:
        raise NotFound("Database not found") from None
    graph = await find_graph(datasette, database.name)
    is_unknown = graph is None or graph.fault is not None
    if is_unknown and not await lines.may_view_database(datasette, request.actor, database.name):
        raise Forbidden("view-database")
    if graph is None:
        raise NotFound("This database has no news graph")
    if graph.fault is Fault.LOCKED:
        raise sqlite3.OperationalError("database is locked")
    if graph.fault is not None:
        raise _out_of_order(graph)
    sight = await sight_of(datasette, request.actor, graph)
    if sight.is_blind:
        raise Forbidden("You do not have permission to view this news graph")
    if graph.trouble:
        raise _out_of_order(graph)
    return Visit(datasette, request, graph, sight)


def _out_of_order(graph: Graph) -> DatasetteError:
    message = f"The news graph in {graph.name} {graph.trouble}."
    return DatasetteError(message, title="News graph", status=409)


def cors_headers(datasette: Any, methods: Iterable[str] = _METHODS) -> dict[str, str]:
    """Return the headers that let other sites read an answer, where Datasette has that on: what they
    may send, and what they may see besides the body.
    """
    headers: dict[str, str] = {}
    if datasette.cors:
        add_cors_headers(headers)
        headers |= _SHARED
        headers["Access-Control-Allow-Methods"] = ", ".join((*methods, "OPTIONS"))
    return headers


def answered(handler: Handler) -> Handler:
    """Let a route that only reads answer what it is for, and say in one line what went wrong."""
    return answered_to(*_METHODS)(handler)


def answered_to(*methods: str) -> Callable[[Handler], Handler]:
    """Do the same for a route that is asked by these methods."""
    return lambda handler: _answered(handler, methods)


def _answered(handler: Handler, methods: tuple[str, ...]) -> Handler:
    async def asked(datasette: Any, request: Any) -> Any:
        if request.method == "OPTIONS":
            return Response.text("ok")
        if request.method not in methods:
            return _not_allowed(*methods, "OPTIONS")
        return await handler(datasette, request)

    explained = _explained(functools.wraps(handler)(asked))

    @functools.wraps(handler)
    async def shared(datasette: Any, request: Any) -> Any:
        response = await explained(datasette, request)
        # What is raised, has them from where it becomes an answer.
        # Anew: the response may have been given headers that others are given, too.
        response.headers = {**response.headers, **cors_headers(datasette, methods)}
        return response

    return shared


def answered_forms(handler: Handler) -> Handler:
    """Let a route answer only forms, which no other site may send, and say what went wrong."""

    async def asked(datasette: Any, request: Any) -> Any:
        if request.method != "POST":
            return _not_allowed("POST")
        return await handler(datasette, request)

    return _explained(functools.wraps(handler)(asked))


def _not_allowed(*methods: str) -> Response:
    allow = {"Allow": ", ".join(methods)}
    return Response.text("Method not allowed\n", status=405, headers=allow)


def _explained(handler: Handler) -> Handler:
    """Say in one line what went wrong."""

    @functools.wraps(handler)
    async def route(datasette: Any, request: Any) -> Any:
        try:
            return await handler(datasette, request)
        except UnknownKey as error:
            raise NotFound(str(error)) from error
        except NewsgraphError as error:
            report(Fault.REFUSED, _database_of(datasette, request), error)
            raise DatasetteError(_sentence(error), title="News graph", status=409) from error
        except QueryInterrupted as error:
            report(Fault.SLOW, _database_of(datasette, request))
            raise DatasetteError(
                "This took longer than the server allows a query (sql_time_limit_ms).",
                title="Too slow",
                status=400,
            ) from error
        except sqlite3.DatabaseError as error:
            fault = report_sqlite(_database_of(datasette, request), error)
            if fault is not Fault.LOCKED:
                raise _damaged(error) from error
            return Response.text(
                "The database is being written to; try again in a moment.\n",
                status=503,
                headers={"Retry-After": "10", "Cache-Control": "no-store"},
            )

    return route


def _database_of(datasette: Any, request: Any) -> str:
    """Return the name of the database that a request is about, if there is one."""
    route = tilde_decode(request.url_vars.get("database", ""))
    return next((name for name, each in datasette.databases.items() if each.route == route), "")


def _sentence(error: NewsgraphError) -> str:
    message = str(error)
    return f"{message[:1].upper()}{message[1:]}."


def _damaged(error: sqlite3.DatabaseError) -> DatasetteError:
    return DatasetteError(
        f"SQLite: {said_by(error)}. newsgraph check tells what is wrong with the database.",
        title="News graph",
        status=409,
    )
