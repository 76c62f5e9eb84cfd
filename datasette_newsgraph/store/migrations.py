"""Make the tables, views and indexes, and bring those of an older version up to date."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from importlib.resources import files

from sqlite_utils import Database, Migrations

from datasette_newsgraph.errors import SchemaMismatch
from datasette_newsgraph.store import indexes
from datasette_newsgraph.store.damage import RESTORE
from datasette_newsgraph.store.derived_tables import DERIVED
from datasette_newsgraph.store.own_names import (
    all_names,
    foreign_migrations,
    foreign_objects,
    full_text_names,
    missing_columns,
    taken_names,
)
from datasette_newsgraph.store.schema import FULL_TEXT, TABLES
from datasette_newsgraph.store.transactions import transaction
from datasette_newsgraph.store.views import VIEWS, replace_view, view_sql

migrations = Migrations("datasette-newsgraph")


#: What databases have had that were made before the first release; and what to do about them.
_EARLY = "m001_tables"
TOO_EARLY = "was made before version 0.1.0; load its files into another database file"


_DECISIONS = """\
CREATE TABLE "decisions" (
  "id" INTEGER PRIMARY KEY,
  "key" TEXT,
  "verdict" TEXT,
  "kind" TEXT,
  "left_key" TEXT,
  "right_key" TEXT,
  "keep" TEXT,
  "articles" TEXT,
  "value" TEXT,
  "decided_by" TEXT,
  "decided_at" TEXT,
  "how" TEXT,
  "why" TEXT,
  "batch" TEXT
);
CREATE TABLE "as_given" (
  "id" INTEGER PRIMARY KEY,
  "article_id" INTEGER REFERENCES "articles"("id"),
  "kind" TEXT,
  "key" TEXT,
  "subject_key" TEXT,
  "object_key" TEXT,
  "relation_key" TEXT,
  "shown_key" TEXT,
  "record" TEXT
);
CREATE TABLE "decided" (
  "verdict" TEXT,
  "kind" TEXT,
  "key" TEXT,
  "article_key" TEXT,
  "value" TEXT,
  PRIMARY KEY ("verdict", "kind", "key", "article_key", "value")
)"""


@migrations()
def m001_first_release(db: Database) -> None:
    """Make the tables, indexes and views of version 0.1.0."""
    script = files(__package__).joinpath("first_release.sql").read_text("utf-8")
    # One by one: sqlite3's executescript would commit the transaction.
    for statement in script.split(";\n"):
        if "INDEX idx_" in statement:
            indexes.create_by(db.conn, statement.strip())
        else:
            db.conn.execute(statement)


@migrations()
def m002_pattern(db: Database) -> None:
    """Add the pattern by which evidence was found."""
    db.conn.execute("ALTER TABLE evidence ADD COLUMN pattern TEXT")


@migrations()
def m003_asserted(db: Database) -> None:
    """Add up to which confidence asked for each relation is asserted."""
    db.conn.execute("ALTER TABLE relation_counts ADD COLUMN asserted_up_to REAL")
    db.conn.execute(
        "UPDATE relation_counts SET asserted_up_to = (SELECT max(CASE"
        " WHEN offset_status = 'unlocated' OR zone IN ('breadcrumb', 'caption', 'footer', 'promotion')"
        " THEN -1.0 ELSE coalesce(confidence, 1.0) END)"
        " FROM evidence WHERE evidence.relation_id = relation_counts.relation_id)"
    )


@migrations()
def m004_decisions(db: Database) -> None:
    """Make the tables of decisions."""
    for statement in _DECISIONS.split(";\n"):
        db.conn.execute(statement)
    indexes.create(db.conn, [each for each in indexes.EARLY if f'"{each.table}"' in _DECISIONS])


@migrations()
def m005_candidates(db: Database) -> None:
    """Add the pairs of entities that may be one thing."""
    db.conn.execute(
        "CREATE TABLE candidates (id INTEGER PRIMARY KEY, left_key TEXT, right_key TEXT, score REAL,"
        " tier TEXT, reasons TEXT, against TEXT, together INTEGER)"
    )
    for statement in (
        "CREATE UNIQUE INDEX idx_candidates_left_key_right_key ON candidates (left_key, right_key)",
        "CREATE INDEX idx_candidates_right_key ON candidates (right_key)",
        "CREATE INDEX idx_candidates_tier ON candidates (tier)",
    ):
        indexes.create_by(db.conn, statement)


@migrations()
def m006_article_of_reject(db: Database) -> None:
    """Add of which article a reject is."""
    db.conn.execute("ALTER TABLE rejects ADD COLUMN article_key TEXT")


def renew_views(db: Database) -> None:
    """Make the views as they are now, whatever they were."""
    for name in VIEWS:
        replace_view(db.conn, name, view_sql(name))


def create_tables(db: Database, names: Iterable[str]) -> None:
    """Make these tables as the schema declares them, without indexes."""
    for name in names:
        table = TABLES[name]
        db.table(name).create(
            {column: each.type for column, each in table.columns.items()},
            pk=table.pk,
            foreign_keys=[
                (column, other, next(iter(TABLES[other].columns)))
                for column, other in table.references.items()
            ],
        )


def create_derived_tables(db: Database) -> None:
    """Make those tables that hold what follows from others, where they are missing; they are empty."""
    create_tables(db, [name for name in DERIVED if not db.table(name).exists()])
    indexes.create(db.conn, indexes.EARLY)


def is_filled(db: Database) -> bool:
    """Tell whether the late indexes and full-text tables are there.

    They are made when the first load ends: without them, a first load has not come to its end.
    """
    return db.table(f"{next(iter(FULL_TEXT))}_fts").exists()


#: The names of the migrations that make up the present schema.
SCHEMA_VERSIONS = frozenset(migration.name for migration in migrations._migrations)


def applied_versions(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the names of our migrations that a database has had; none where it holds no graph.

    A database that is attached to it is another one.
    """
    columns = connection.execute("SELECT name FROM pragma_table_info('_sqlite_migrations', 'main')")
    if not {"migration_set", "name"} <= {row[0] for row in columns}:
        # There is no such table, or one of somebody else's.
        return frozenset()
    rows = connection.execute(
        "SELECT name FROM main._sqlite_migrations WHERE migration_set = ?", [migrations.name]
    )
    return frozenset(row[0] for row in rows)


def is_too_early(applied: frozenset[str]) -> bool:
    """Tell whether a database was made before the first release."""
    return _EARLY in applied


def require_schema(db: Database, name: str, *, make: bool = False, damaged: bool = False) -> None:
    """Bring the database to the present schema (``make``), or refuse it by name.

    Raises SchemaMismatch for a database of a newer version, one with something of somebody else's under
    one of our names, and, without ``make``, one that is older or has no news graph at all. One that is
    ``damaged`` may have that, and lack tables: whoever opens it so looks at it before all else.
    """
    applied = applied_versions(db.conn)
    if is_too_early(applied):
        raise SchemaMismatch(f"{name}: {TOO_EARLY}")
    newer = sorted(applied - SCHEMA_VERSIONS)
    if newer:
        raise SchemaMismatch(
            f"{name}: was made by a newer datasette-newsgraph (it has {', '.join(newer)});"
            " upgrade the package"
        )
    if not make and not applied:
        raise SchemaMismatch(f"{name}: has no news graph; make one with newsgraph load {name} FILE")
    if not make and applied < SCHEMA_VERSIONS:
        raise SchemaMismatch(f"{name}: has an older schema; newsgraph load {name} FILE migrates it")
    if applied < SCHEMA_VERSIONS:
        # The write lock first: two loaders may find the same new database.
        with transaction(db):
            _refuse_taken_names(db, name, applied_versions(db.conn))
            migrations.apply(db)
    elif not damaged:
        trouble = trouble_of(db.conn, name)
        if trouble is not None:
            raise SchemaMismatch(f"{name}: {trouble}")


def trouble_of(connection: sqlite3.Connection, name: str) -> str | None:
    """Return why a database of the present schema cannot be used, as what stands under our names is
    not what we made there, with the remedy; None if it can.
    """
    for foreign in foreign_objects(connection):
        remedy = f"newsgraph repair {name} puts newsgraph's in its place"
        return f"{foreign.words}; {remedy if foreign.is_ours_to_make else RESTORE}"
    for table, columns in missing_columns(connection):
        repair = f"newsgraph repair {name} makes it again" if table in DERIVED else RESTORE
        if len(columns) == len(TABLES[table].columns):
            return f"has no table {table!r}; {repair}"
        return f"has a table {table!r} without {', '.join(columns)}; {RESTORE}"
    return None


def _refuse_taken_names(db: Database, name: str, applied: frozenset[str]) -> None:
    """Refuse a database in which something has a name of ours before we have made it."""
    foreign = foreign_migrations(db.conn)
    # What the applied migrations have made there, they make in an empty database too.
    with closing(sqlite3.connect(":memory:")) as connection:
        made = Database(connection)
        migrations.apply(made, stop_before=SCHEMA_VERSIONS - applied)
        names = _names_to_come(db, made)
        columns = list(_columns_taken(db, made))
    for taken in (*([foreign] if foreign else []), *taken_names(db.conn, names)):
        raise SchemaMismatch(f"{name}: {taken.words}; load into another database file")
    for table, column in columns:
        raise SchemaMismatch(
            f"{name}: has a column {column!r} in the table {table!r} that is not newsgraph's, and this"
            " version needs the name; rename it:"
            f" ALTER TABLE {table} RENAME COLUMN {column} TO another_name"
        )


def _names_to_come(db: Database, made: Database) -> frozenset[str]:
    """Return the names of ours that a database does not have yet; ``made`` is one with those that it
    has had from us.
    """
    there = {row[0] for row in made.conn.execute("SELECT name FROM sqlite_master")}
    if is_filled(db):
        there |= {each for table in FULL_TEXT if table in there for each in full_text_names(table)}
    return all_names() - there


def _columns_taken(db: Database, made: Database) -> Iterator[tuple[str, str]]:
    """Yield table and name of each column that a user has put where one of ours is to come."""
    for name, table in TABLES.items():
        if made.table(name).exists():
            to_come = table.columns.keys() - made.table(name).columns_dict.keys()
            for column in sorted(to_come & db.table(name).columns_dict.keys()):
                yield name, column
