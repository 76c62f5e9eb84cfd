"""All tables, and what follows from their declaration; and what is searched in them.

Integer primary keys; a unique text ``key`` where a thing has an IRI; foreign keys everywhere, and an
index on each foreign key and each column that is filtered by. Unique keys stand in indexes rather
than constraints, so that a new database can be filled first and indexed after.
"""

from __future__ import annotations

from collections.abc import Mapping

from datasette_newsgraph.store.columns import Table
from datasette_newsgraph.store.decided_tables import DECIDED
from datasette_newsgraph.store.derived_tables import DERIVED
from datasette_newsgraph.store.loaded_tables import LOADED

TABLES: dict[str, Table] = {**LOADED, **DECIDED, **DERIVED}


def given_by_articles(tables: Mapping[str, Table]) -> dict[str, str]:
    """Return the tables whose rows articles give, directly or through another such table, each with
    the column that says which; a table stands behind those that it refers to.
    """
    found: dict[str, str] = {}
    before = -1
    while len(found) > before:
        before = len(found)
        for parents in ({"articles"}, {*found}):
            for name, table in tables.items():
                columns = (each for each, other in table.references.items() if other in parents)
                column = next(columns, None)
                if column is not None and name not in found:
                    found[name] = column
    return found


#: Tables whose rows an article gives, or an appearance in it, and the column that says which.
GIVEN_BY = given_by_articles(TABLES)

#: Columns of dates, by table, and where the words are kept that are none.
DATES: dict[str, dict[str, str]] = {
    name: dates
    for name, table in TABLES.items()
    if (dates := {column: each.given for column, each in table.columns.items() if each.given})
}


def into(table: str) -> str:
    """Return ``INSERT INTO`` with our columns by name: a user may have added more."""
    return f"INSERT INTO {table} ({', '.join(TABLES[table].columns)})"


def select(table: str) -> str:
    """Return the SELECT of a whole table, our columns by name."""
    return f"SELECT {', '.join(TABLES[table].columns)} FROM {table}"


#: Full-text search: the table that holds what is searched, and the columns searched.
FULL_TEXT: dict[str, tuple[str, ...]] = {
    "article_texts": ("title", "text"),
    "entities": ("name", "alias_text"),
    "quotes": ("surface",),
}
#: Of each of these tables the one that holds its folded rows.
FOLDED: dict[str, str] = {
    "article_texts": "folded_texts",
    "entities": "folded_names",
    "quotes": "folded_quotes",
}
#: And the view of both, which FTS5 reads: what is folded, or else what is there.
SEARCHED: dict[str, str] = {
    "article_texts": "searched_texts",
    "entities": "searched_names",
    "quotes": "searched_quotes",
}
