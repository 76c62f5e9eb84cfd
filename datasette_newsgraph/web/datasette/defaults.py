"""Our own metadata for each database with a graph; what the user has set comes before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from datasette_newsgraph.metadata.datasette import FACET_SIZE, queries_metadata, tables_metadata
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.datasette.lines import IS_1_0, written_by_user

#: What 1.0 notes of whose a query is.
_SOURCE = "newsgraph"
#: The queries of 1.0 that are ours, as (database, name).
_installed: WeakKeyDictionary[Any, set[tuple[str, str]]] = WeakKeyDictionary()
_SORTS = frozenset({"sort", "sort_desc"})


async def install(datasette: Any, database: str) -> None:
    """Give 1.0 the metadata, configuration and queries of a database; it asks no hook for them."""
    if not IS_1_0:
        return
    config = datasette.config = datasette.config or {}
    databases = config.setdefault("databases", {})
    tables = databases.setdefault(database, {}).setdefault("tables", {})
    for name, metadata in tables_metadata().items():
        given = await datasette.get_resource_metadata(database, name)
        for key in ("title", "description"):
            text = metadata.pop(key, None)
            if text is not None and key not in given:
                await datasette.set_resource_metadata(database, name, key, text)
        for column, text in metadata.pop("columns", {}).items():
            if not await datasette.get_column_metadata(database, name, column):
                await datasette.set_column_metadata(database, name, column, "description", text)
        configured = tables.setdefault(name, {})
        for key, value in _fitting(metadata, configured).items():
            configured.setdefault(key, value)
    for name, query in queries_metadata().items():
        given_query = await datasette.get_query(database, name)
        # One of ours may have been kept from an earlier version.
        if given_query is None or given_query.source == _SOURCE:
            # Trusted: it runs without execute-sql. Where it reads what is hidden, it is denied.
            await datasette.add_query(database, name, is_trusted=True, source=_SOURCE, **query)
        elif not _says_the_same(given_query.sql, name):
            continue
        _installed.setdefault(datasette, set()).add((database, name))


def _fitting(ours: dict[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return our metadata of a table as far as it goes with the user's: a page has one sort order."""
    if not _SORTS & given.keys():
        return ours
    return {key: value for key, value in ours.items() if key not in _SORTS}


def get_metadata(datasette: Any, key: str | None, graphs: Iterable[str]) -> dict[str, Any]:
    """Answer the hook of 0.65 with the metadata of the databases that have graphs; it lays the user's
    metadata over this.
    """
    # Made anew at each call, as Datasette changes what it is given; so only where it is asked for.
    if key not in (None, "databases", "tables"):
        return {}
    databases = {}
    for name in graphs:
        if key == "tables":
            databases[name] = {"tables": _asked_for_by_itself()}
            continue
        given = written_by_user(datasette, name).get("tables") or {}
        tables = {
            table: _fitting(metadata, given.get(table) or {})
            for table, metadata in tables_metadata().items()
        }
        databases[name] = {"tables": tables}
    return {"databases": databases} if databases else {}


def _asked_for_by_itself() -> dict[str, dict[str, Any]]:
    """Return what 0.65 looks for where it asks for tables alone: sizes of facets, and permissions, of
    which we have none. It does so for each table of a page, and copies all that it is given.
    """
    return {name: {"facet_size": FACET_SIZE} for name in VIEWS}


def canned_queries(datasette: Any, database: str) -> dict[str, Any]:
    """Return our queries for the database of a graph in 0.65, but for names that the user has taken."""
    taken = written_by_user(datasette, database).get("queries") or {}
    return {name: query for name, query in queries_metadata().items() if name not in taken}


def is_ours(datasette: Any, database: str, query: str) -> bool:
    """Tell whether a canned query of a graph's database is ours, and not another one of the user's by
    the same name.

    What ``newsgraph metadata`` prints may stand in the user's own metadata.
    """
    if query not in QUERIES:
        return False
    if IS_1_0:
        return (database, query) in _installed.get(datasette, ())
    queries = written_by_user(datasette, database).get("queries") or {}
    if query not in queries:
        return True
    given = queries[query]
    return _says_the_same(given.get("sql") if isinstance(given, dict) else given, query)


def _says_the_same(sql: Any, query: str) -> bool:
    """Tell whether SQL of the user's is that of a query of ours, white space aside."""
    return isinstance(sql, str) and sql.split() == QUERIES[query].sql.split()
