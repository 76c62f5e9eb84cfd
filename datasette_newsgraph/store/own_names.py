"""The names that are ours in a database: what stands under each, and what of it is somebody else's.

A file may come from anywhere. Under the name of a table of ours may stand a view that never ends, and
under one that we are about to need somebody's own table. So what ``sqlite_master`` has under our names
is compared with what we make, before anything is read or written.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from datasette_newsgraph.store.full_text import full_text_sql, searched_sql
from datasette_newsgraph.store.schema import FULL_TEXT, SEARCHED, TABLES
from datasette_newsgraph.store.views import VIEWS, view_sql

#: What FTS5 puts behind the name of a full-text table to name its own tables (FTS5 section 9). Where it
#: indexes another table it has no use for the last one, and yet the name is its own.
_SHADOWS = ("data", "idx", "docsize", "config", "content")
_UNUSED = _SHADOWS[-1]
#: How a view begins in ``sqlite_master``, whoever quotes its name in whatever way.
_VIEW_HEAD = re.compile(
    r"\s*CREATE\s+(?:TEMP(?:ORARY)?\s+)?VIEW\s+(?:\[[^]]*\]|\"[^\"]*\"|`[^`]*`|\w+)\s+AS\s+",
    re.IGNORECASE,
)
_OF_ELSEWHERE = re.compile(r"USING\s+fts5\b.*\bcontent\s*=\s*[^\s,)]", re.IGNORECASE | re.DOTALL)
_SCHEMA = "SELECT type, name, coalesce(sql, '') FROM sqlite_master"

MIGRATIONS = "_sqlite_migrations"
_OF_MIGRATIONS = {"migration_set", "name", "applied_at"}


class Foreign(NamedTuple):
    """What stands under a name of ours and is not ours; ``is_ours_to_make``: it can be made anew from
    what the tables hold.
    """

    kind: str
    name: str
    is_ours_to_make: bool

    @property
    def words(self) -> str:
        """Return what the table, view or index is, for a message."""
        article = "an" if self.kind[0] in "aeiou" else "a"
        return f"has {article} {self.kind} {self.name!r} that is not newsgraph's"


def full_text_names(table: str) -> tuple[str, ...]:
    """Return the names of the full-text table of a table and of those that FTS5 makes for it."""
    return f"{table}_fts", *(f"{table}_fts_{each}" for each in _SHADOWS)


def all_names() -> frozenset[str]:
    """Return every name that a table or view of ours has in a database that was filled."""
    full_text = (name for table in FULL_TEXT for name in full_text_names(table))
    return frozenset((*TABLES, *VIEWS, *SEARCHED.values(), *full_text))


def taken_names(connection: sqlite3.Connection, names: Iterable[str]) -> list[Foreign]:
    """Return what has one of some names that we have yet to make, in the order of these."""
    # SQLite compares names without the case of ASCII's letters, and knows indexes by them, too.
    ours = {each.lower() for each in names}
    return [
        Foreign(kind, name, is_ours_to_make=False)
        for kind, name in connection.execute("SELECT type, name FROM sqlite_master ORDER BY 2")
        if name.lower() in ours
    ]


def foreign_migrations(connection: sqlite3.Connection) -> Foreign | None:
    """Return the table of migrations if it is of another shape than that of sqlite-utils."""
    row = connection.execute(
        "SELECT type, name FROM sqlite_master WHERE lower(name) = ?", [MIGRATIONS]
    ).fetchone()
    if row is None:
        return None
    columns = {
        each[0]
        for each in connection.execute(
            f"SELECT name FROM pragma_table_info('{MIGRATIONS}', 'main')"
        )
    }
    is_of_sqlite_utils = row[0] == "table" and columns >= _OF_MIGRATIONS
    kind, name = row
    return None if is_of_sqlite_utils else Foreign(kind, name, is_ours_to_make=False)


def foreign_objects(connection: sqlite3.Connection) -> Iterator[Foreign]:
    """Yield what stands under the names of a graph of this version and is not what we make there."""
    ours = all_names()
    rows = [each for each in connection.execute(_SCHEMA).fetchall() if each[1].lower() in ours]
    made = {name for kind, name, sql in rows if kind == "table" and _is_full_text(name, sql)}
    for kind, name, sql in rows:
        found = name.lower()
        if found in VIEWS or found in SEARCHED.values():
            if kind != "view" or _body(sql) != _own_view(found):
                yield Foreign(kind, name, is_ours_to_make=kind == "view")
        elif found in TABLES:
            if kind != "table" or _is_virtual(sql):
                yield Foreign(kind, name, is_ours_to_make=False)
        elif found.endswith("_fts"):
            if name not in made:
                yield Foreign(kind, name, is_ours_to_make=kind == "table" and _has_no_text(sql))
        elif kind != "table" or found[: found.rindex("_")] not in made:
            yield Foreign(kind, name, is_ours_to_make=False)


def missing_columns(connection: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Yield the tables that lack columns of ours, with these, or the primary key that they make up; a
    table that is not there lacks all. A table that was copied with CREATE TABLE AS has no key.

    A column that is computed from others, or by a function, is not the one that we made.
    """
    for name, table in TABLES.items():
        rows = connection.execute(
            f"SELECT lower(name), pk FROM pragma_table_xinfo('{name}', 'main') WHERE hidden = 0"
        )
        there = dict(rows)
        lacking = [each for each in table.columns if each not in there]
        pk = {table.pk} if isinstance(table.pk, str) else {*table.pk}
        if not lacking and pk != {each for each, place in there.items() if place}:
            lacking = [f"the primary key {', '.join(sorted(pk))}"]
        if lacking:
            yield name, lacking


def missing_full_text(connection: sqlite3.Connection) -> list[str]:
    """Return the names of our full-text tables, and of FTS5's own for them, that are not there."""
    rows = connection.execute("SELECT lower(name) FROM sqlite_master WHERE type = 'table'")
    there = {each[0] for each in rows}
    needed = (
        name
        for table in FULL_TEXT
        for name in full_text_names(table)
        if not name.endswith(f"_{_UNUSED}")
    )
    return [each for each in needed if each not in there]


def missing_views(connection: sqlite3.Connection) -> list[str]:
    """Return the names of our views that are not there."""
    rows = connection.execute("SELECT lower(name) FROM sqlite_master WHERE type = 'view'")
    there = {each[0] for each in rows}
    return [each for each in (*VIEWS, *SEARCHED.values()) if each not in there]


def _own_view(name: str) -> str:
    if name in VIEWS:
        return _plain(view_sql(name))
    return _plain(searched_sql(next(table for table, each in SEARCHED.items() if each == name)))


def _body(sql: str) -> str:
    """Return the SELECT of a view."""
    return _plain(_VIEW_HEAD.sub("", sql, count=1))


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _is_virtual(sql: str) -> bool:
    return sql.split(maxsplit=2)[1:2] == ["VIRTUAL"]


def _has_no_text(sql: str) -> bool:
    """Tell whether a full-text table indexes what stands elsewhere; of others the text is in them."""
    return _is_virtual(sql) and _OF_ELSEWHERE.search(sql) is not None


def _is_full_text(name: str, sql: str) -> bool:
    table = name.removesuffix("_fts")
    return table in FULL_TEXT and _plain(sql) == _plain(full_text_sql(table))
