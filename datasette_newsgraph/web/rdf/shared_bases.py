"""Graphs of one server that have one base IRI: to whoever reads them as RDF they are one data set."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.errors import NewsgraphError
from datasette_newsgraph.store import get_base
from datasette_newsgraph.web.access.graphs import find_graphs
from datasette_newsgraph.web.faults import Fault, report


async def warn_of_shared_bases(datasette: Any) -> None:
    """Log each graph of which the base IRI is that of a graph before it."""
    found: set[str] = set()
    for graph in await find_graphs(datasette):
        if graph.trouble:
            continue
        database = datasette.databases[graph.name]
        try:
            base = await database.execute_fn(lambda connection: get_base(Database(connection)))
        except (NewsgraphError, sqlite3.DatabaseError):
            # Whoever asks for its RDF is told.
            continue
        if base in found:
            report(Fault.SHARED_BASE, graph.name)
        found.add(base)
