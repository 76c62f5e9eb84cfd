"""Check the file of a database, and whether its tables and views are those that we make."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

from datasette_newsgraph.checking.fault import Fault, Mend
from datasette_newsgraph.store.damage import RESTORE
from datasette_newsgraph.store.derived_tables import DERIVED
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.own_names import (
    foreign_objects,
    missing_columns,
    missing_full_text,
    missing_views,
)
from datasette_newsgraph.store.schema import TABLES

#: What SQLite says where it needs what a user's own program has.
_OF_A_USERS = ("unknown function", "no such function", "no such collation")
#: What SQLite's check says of an index that does not have what its table has.
_OF_AN_INDEX = ("missing from index", "wrong # of entries in index")


def check_file(db: Database, *, quick: bool) -> Iterator[Fault]:
    """Yield what SQLite finds wrong with the file, by its quick check where ``quick``."""
    for (said,) in _looked_through(db, f"{'quick' if quick else 'integrity'}_check"):
        for line in said.splitlines() if said != "ok" else ():
            is_of_index = any(each in line for each in _OF_AN_INDEX)
            mend = Mend.REINDEX if is_of_index else None
            yield Fault(f"integrity: {line}", mend, remedy=RESTORE)


def _looked_through(db: Database, pragma: str) -> Iterator[tuple[str]]:
    """Yield what SQLite says of the file; of our tables alone, where a user's table has an index or a
    column that needs a function of his.
    """
    try:
        yield from db.conn.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.OperationalError as error:
        if not any(each in str(error) for each in _OF_A_USERS):
            raise
        for table in TABLES:
            yield from db.conn.execute(f"PRAGMA {pragma}({table})")


def check_structure(db: Database) -> Iterator[Fault]:
    """Yield what stands under our names and is not ours, and what of ours is not there."""
    foreign = list(foreign_objects(db.conn))
    for each in foreign:
        mend = None
        if each.is_ours_to_make:
            mend = Mend.VIEWS if each.kind == "view" else Mend.FULL_TEXT
        yield Fault(f"{each.kind}s: the database {each.words}", mend, remedy=RESTORE)
    named = {each.name.lower() for each in foreign}
    for table, columns in missing_columns(db.conn):
        if table in named:
            continue
        if len(columns) == len(TABLES[table].columns):
            mend = Mend.TABLES if table in DERIVED else None
            yield Fault(f"tables: {table} is missing", mend, remedy=RESTORE)
        else:
            yield Fault(f"tables: {table} lacks {', '.join(columns)}", remedy=RESTORE)
    for name in missing_views(db.conn):
        if name not in named:
            yield Fault(f"views: {name} is missing", Mend.VIEWS)
    for name in missing_full_text(db.conn) if is_filled(db) else ():
        if name not in named:
            yield Fault(f"search: {name} is missing", Mend.FULL_TEXT)
