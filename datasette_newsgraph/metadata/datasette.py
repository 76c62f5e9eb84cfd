"""Descriptions, facets and queries, put as Datasette's metadata.

Every function returns objects of its own at each call, as Datasette changes what it is given.
"""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.facets.catalogue import FACETS
from datasette_newsgraph.facets.definition import EACH_TYPE, OF_TYPE, Facet
from datasette_newsgraph.metadata.descriptions import COMMON, DESCRIPTIONS
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.views import VIEWS

#: The type of the facets of views: their values are read from ``facet_counts``.
COUNTED = "counted"
#: Values shown of each facet of a view, so that several of them leave the rows in sight.
FACET_SIZE = 5
#: Made by sqlite-utils, which keeps note of the schema's version in it.
_MIGRATIONS = "_sqlite_migrations"
#: What Datasette calls as a Description does, and leaves out where it is not set.
_OPTIONS = ("label_column", "sort_desc", "fts_table", "fts_pk", "hidden")


def columns_of(name: str) -> tuple[str, ...]:
    """Return the columns of a table or view, in order."""
    return tuple(TABLES[name].columns if name in TABLES else VIEWS[name][0])


def column_text(name: str, column: str) -> str:
    """Return what a column of a table or view holds."""
    if name in TABLES:
        return TABLES[name].columns[column].description
    own = DESCRIPTIONS[name].columns.get(column) or COMMON.get(column)
    return own or text_in_table(VIEWS[name][0][column])


def text_in_table(sql: str) -> str:
    """Return what a column of a table holds that a view has as it is; nothing of any other."""
    table, _, column = sql.partition(".")
    return TABLES[table].columns[column].description if table in TABLES else ""


def table_metadata(name: str) -> dict[str, Any]:
    """Return the metadata of one table or view."""
    description = DESCRIPTIONS[name]
    found: dict[str, Any] = {
        "title": description.title,
        "description": description.text,
        "columns": {column: column_text(name, column) for column in columns_of(name)},
    }
    facets = [*description.facets, *({COUNTED: _shown(each)} for each in FACETS.get(name, ()))]
    if facets:
        found["facets"] = facets
    if name in VIEWS:
        found["facet_size"] = FACET_SIZE
    found |= {each: value for each in _OPTIONS if (value := getattr(description, each))}
    return found


def _shown(facet: Facet) -> str:
    """Return the name of a facet as it is shown: articles have one for each type of entities."""
    return f"{facet.name}{OF_TYPE}{EACH_TYPE}" if facet.of_entities and facet.pairs else facet.name


def tables_metadata() -> dict[str, dict[str, Any]]:
    """Return the metadata of all tables and views, by name."""
    return {name: table_metadata(name) for name in DESCRIPTIONS} | {_MIGRATIONS: {"hidden": True}}


def queries_metadata() -> dict[str, dict[str, Any]]:
    """Return the canned queries, by name. Their SQL is shown when it is asked for."""
    return {
        name: {
            "title": each.title,
            "description": each.description,
            "sql": each.sql,
            "hide_sql": True,
        }
        for name, each in QUERIES.items()
    }


def document(database: str) -> dict[str, Any]:
    """Return what the plugin brings for a database of this name, as a metadata file has it.

    Datasette 1.0 reads no queries from it.
    """
    brought = {"tables": tables_metadata(), "queries": queries_metadata()}
    return {"databases": {database: brought}}
