"""Databases that another version made."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from datasette_newsgraph.store import migrations


def as_of_an_earlier_commit(path: Path) -> None:
    """Have a database say that it was made before the first release."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM _sqlite_migrations WHERE name <> 'm001_first_release'")
        connection.execute("UPDATE _sqlite_migrations SET name = 'm001_tables'")
        connection.commit()


def made_up(patch: pytest.MonkeyPatch, *statements: str) -> None:
    """Have the package bring a migration more, ``m002_reviews``, which does these statements."""
    later = Migrations(migrations.migrations.name)
    for each in migrations.migrations._migrations:
        later(name=each.name)(each.fn)

    @later()
    def m002_reviews(db: Database) -> None:
        for statement in statements:
            db.conn.execute(statement)

    versions = migrations.SCHEMA_VERSIONS | {"m002_reviews"}
    patch.setattr(migrations, "migrations", later)
    patch.setattr(migrations, "SCHEMA_VERSIONS", versions)
