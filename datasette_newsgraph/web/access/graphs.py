"""Which of Datasette's databases hold a news graph, and of which schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from datasette_newsgraph.store.damage import RESTORE
from datasette_newsgraph.store.migrations import (
    SCHEMA_VERSIONS,
    TOO_EARLY,
    applied_versions,
    is_too_early,
    trouble_of,
)
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.datasette import defaults, lines, one_request
from datasette_newsgraph.web.faults import Fault, report, report_sqlite


@dataclass(frozen=True)
class Graph:
    """A database that has our tables: its name in Datasette, all its tables and views.

    One that cannot be read may have a graph: it is taken for one of which nothing is seen. ``fault``
    says why it cannot; what stands under a name of ours and is not ours is ``foreign``.
    """

    name: str
    tables: frozenset[str]
    versions: frozenset[str]
    fault: Fault | None = None
    foreign: str | None = None

    @property
    def trouble(self) -> str | None:
        """Return why this version cannot read the graph and what to do, or None."""
        if self.fault is Fault.LOCKED:
            return "cannot be read just now; try again in a moment"
        if self.fault is not None:
            return f"cannot be read, as the database is damaged; {RESTORE}"
        if is_too_early(self.versions):
            return TOO_EARLY
        if self.versions - SCHEMA_VERSIONS:
            return (
                "was made by a newer datasette-newsgraph than this server has;"
                " upgrade the package here"
            )
        if SCHEMA_VERSIONS - self.versions:
            return (
                "has an older schema than this server reads; load any file into it with"
                " newsgraph load, which brings it up to date"
            )
        return self.foreign


@dataclass
class _Looked:
    database: Any
    schema_version: int
    graph: Graph | None


_looked: WeakKeyDictionary[Any, dict[str, _Looked]] = WeakKeyDictionary()


async def find_graph(datasette: Any, name: str) -> Graph | None:
    """Return the graph in the database of this name; None where there is none of either."""
    remembered = one_request.remembered()
    key = (Graph, name)
    if key not in remembered:
        remembered[key] = await _find(datasette, name)
    graph: Graph | None = remembered[key]
    return graph


async def _find(datasette: Any, name: str) -> Graph | None:
    database = datasette.databases.get(name)
    if database is None or name == "_internal":
        return None
    known = _looked.setdefault(datasette, {})
    last = known.get(name)
    if last is not None and last.database is not database:
        last = None
    try:
        # Not execute(): its time limit is for queries, and permissions may not depend on it.
        version, graph = await database.execute_fn(
            lambda connection: _look(connection, name, last.schema_version if last else None)
        )
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # Other databases have to go on, and this one must tell nothing meanwhile.
        fault = report_sqlite(name, error)
        if last is not None and fault is Fault.LOCKED:
            return last.graph
        return Graph(name, frozenset(), frozenset(), fault=fault)
    if last is None or last.schema_version != version:
        last = known[name] = _Looked(database, version, graph)
        if graph is not None:
            _warn(graph)
            await lines.learn_tables(datasette)
            await defaults.install(datasette, name)
    return last.graph


def _warn(graph: Graph) -> None:
    """Log of a graph that was found why it is not shown, if so."""
    if is_too_early(graph.versions):
        report(Fault.OLDER, graph.name)
    elif graph.versions - SCHEMA_VERSIONS:
        report(Fault.NEWER, graph.name)
    elif graph.foreign:
        report(Fault.FOREIGN, graph.name)
    elif graph.trouble:
        report(Fault.OLDER, graph.name)


async def find_graphs(datasette: Any) -> list[Graph]:
    """Return the graphs of all databases, in Datasette's order."""
    found = [await find_graph(datasette, name) for name in list(datasette.databases)]
    return [graph for graph in found if graph is not None]


def known_graphs(datasette: Any) -> list[str]:
    """Return the names of the databases that were seen to have a graph, without looking again."""
    known = _looked.get(datasette, {})
    return [name for name, looked in known.items() if looked.graph is not None]


def is_view_of_graph(datasette: Any, route: str, view: str) -> bool:
    """Tell whether this is one of our views, in a database that was seen to have a graph."""
    return view in VIEWS and any(
        name in datasette.databases and datasette.databases[name].route == route
        for name in known_graphs(datasette)
    )


async def told_of(
    datasette: Any, graph: Graph, telling: Mapping[str, str], hidden: Iterable[str]
) -> frozenset[str]:
    """Return those of the ``hidden`` tables of a graph that something in it tells of; ``telling`` are
    the SELECTs of what does, by table.

    Of a graph that cannot be read just now, or is of an older schema, it may be any of them.
    """
    asked = [table for table in hidden if table in telling]
    remembered = one_request.remembered().setdefault((told_of, graph.name), {})
    unknown = [table for table in asked if table not in remembered]
    if unknown:
        query = f"SELECT {', '.join(f'EXISTS ({telling[table]})' for table in unknown)}"
        try:
            # Not execute(): its time limit is for queries, and permissions may not depend on it.
            found = await datasette.databases[graph.name].execute_fn(
                lambda connection: connection.execute(query).fetchone()
            )
        except sqlite3.DatabaseError:
            return frozenset(asked)
        remembered.update(zip(unknown, map(bool, found), strict=True))
    return frozenset(table for table in asked if remembered[table])


def _look(
    connection: sqlite3.Connection, name: str, known_version: int | None
) -> tuple[int, Graph | None]:
    """Return the version of the schema, and unless it is the one known, what graph there is."""
    version = int(connection.execute("PRAGMA schema_version").fetchone()[0])
    versions = frozenset[str]() if version == known_version else applied_versions(connection)
    if not versions:
        return version, None
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    # Of another schema it is not known what is ours.
    # What the file is called, whoever looks at a page need not know.
    foreign = trouble_of(connection, "DATABASE") if versions == SCHEMA_VERSIONS else None
    return version, Graph(name, frozenset(row[0] for row in tables), versions, foreign=foreign)
