"""Make the tables, views and indexes, and bring those of an older version up to date."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import chain

from sqlite_utils import Database, Migrations

from datasette_newsgraph.checking.key_bases import renew_bases
from datasette_newsgraph.dates.forms import read_date
from datasette_newsgraph.drafting.first_line import first_line
from datasette_newsgraph.drafting.rejects import MOST_PARTS, rest_of
from datasette_newsgraph.errors import SchemaMismatch
from datasette_newsgraph.facets.counting import count_facets, recount
from datasette_newsgraph.loading.sentence_bounds import fill_bounds
from datasette_newsgraph.store.column_values import RESTORE
from datasette_newsgraph.store.full_text import create_full_text, create_searched_views, fold_rows
from datasette_newsgraph.store.indexes import LATE, create_on
from datasette_newsgraph.store.indexes import create as make_indexes
from datasette_newsgraph.store.indexes import drop as drop_index
from datasette_newsgraph.store.own_names import (
    all_names,
    foreign_migrations,
    foreign_objects,
    full_text_names,
    missing_columns,
    taken_names,
)
from datasette_newsgraph.store.schema import (
    DATES,
    DERIVED,
    EARLY_INDEXES,
    FOLDED,
    FULL_TEXT,
    SEARCHED,
    TABLES,
    Index,
)
from datasette_newsgraph.store.text_parts import fill_parts
from datasette_newsgraph.store.transactions import transaction
from datasette_newsgraph.store.views import VIEWS, view_sql

migrations = Migrations("datasette-newsgraph")


#: Indexes of the first version that others do the work of since.
_EARLIER_INDEXES = (
    "idx_appearances_article_id",
    "idx_appearances_entity_id",
    "idx_identifiers_entity_id",
)
#: Indexes before the fourth version, which longer ones do the work of since.
_SHORTER_INDEXES = (
    "idx_articles_publisher",
    "idx_appearances_entity_id_article_id",
    "idx_mentions_entity_id",
    "idx_relations_subject_id",
    "idx_evidence_relation_id_confidence",
)
#: Indexes that filling in sentences needs.
_BY_ARTICLE: tuple[Index, ...] = (
    ("evidence", ("article_id",), False),
    ("zones", ("article_id",), False),
)
#: The tables that came with the views.
_LATER_TABLES = ("relation_counts", "facet_counts", "facet_rows")
#: The tables and views that later migrations bring; a user may have any of these names before.
_BROUGHT = {
    "m008_text_parts": ("text_parts",),
    "m010_search_in_every_script": (*FOLDED.values(), *SEARCHED.values()),
    "m012_bounded_rejects": ("article_faults",),
}
#: What SQL calls the function that finds the first line of a text.
_FIRST_LINE = "newsgraph_first_line"
#: Columns with an index that later migrations bring.
_LATER_COLUMNS = (("evidence", "sentence_start"), ("entities", "basis"))


@migrations()
def m001_tables(db: Database) -> None:
    """Make all tables of version 1 and the indexes that loading needs."""
    later = {*_LATER_TABLES, *chain.from_iterable(_BROUGHT.values())}
    _create_tables(db, [name for name in TABLES if name not in later])
    create_indexes(db, EARLY_INDEXES)


@migrations()
def m002_views(db: Database) -> None:
    """Make the views, and the counts that they and their facets read."""
    # The counts below fill this one, too.
    _create_tables(db, _LATER_TABLES)
    if "type" not in db.table("entity_counts").columns_dict:
        db.table("entity_counts").add_column("type", str)
    for name in VIEWS:
        db.create_view(name, view_sql(name))
    for name in _EARLIER_INDEXES:
        drop_index(db.conn, name)
    if is_filled(db):
        recount(db, "entity_counts", "SELECT id FROM entities")
        recount(db, "relation_counts", "SELECT id FROM relations")
        create_late_indexes(db)
        count_facets(db)


@migrations()
def m003_anchors(db: Database) -> None:
    """Keep how far a span was moved, and the words that it was given with."""
    for name in ("mentions", "evidence", "quotes"):
        there = db.table(name).columns_dict
        for column in ("moved", "given_surface"):
            if column not in there:
                db.table(name).add_column(column, TABLES[name].columns[column])
        # All that earlier versions gave a place stands where it was given.
        db.conn.execute(
            f"UPDATE {name} SET moved = 0 WHERE start_char IS NOT NULL AND moved IS NULL"
        )
    if "way" not in db.table("sources").columns_dict:
        db.table("sources").add_column("way", str)
    renew_views(db)


@migrations()
def m004_facet_rows(db: Database) -> None:
    """Keep which rows go with each value of a facet, and index what pages walk along."""
    if not db.table("facet_rows").exists():
        _create_tables(db, ["facet_rows"])
    for name in _SHORTER_INDEXES:
        drop_index(db.conn, name)
    if is_filled(db):
        create_late_indexes(db)
        count_facets(db)


@migrations()
def m005_sentences(db: Database) -> None:
    """Keep where the sentence of each evidence begins and ends, and index which is the best."""
    there = db.table("evidence").columns_dict
    for column in ("sentence_start", "sentence_end"):
        if column not in there:
            db.table("evidence").add_column(column, TABLES["evidence"].columns[column])
    # Where a first load was interrupted, what an article has is not indexed yet.
    create_indexes(db, _BY_ARTICLE)
    fill_bounds(db.conn)
    if is_filled(db):
        create_late_indexes(db)


@migrations()
def m006_first_lines(db: Database) -> None:
    """Keep the first line of each text whose article has no title."""
    if "first_line" not in db.table("article_texts").columns_dict:
        db.table("article_texts").add_column("first_line", str)
        # Before the text: behind it, it could not be read without all of the text. The table is made
        # anew, and SQLite is not to mind that views, ours or a user's, miss it for a moment.
        triggers = db.table("article_texts").triggers
        db.conn.execute("PRAGMA legacy_alter_table = ON")
        db.table("article_texts").transform(column_order=list(TABLES["article_texts"].columns))
        db.conn.execute("PRAGMA legacy_alter_table = OFF")
        for trigger in triggers:
            db.conn.execute(trigger.sql)
    # Of a first load that was interrupted, it is not there yet.
    create_indexes(db, [("zones", ("article_id",), False)])
    db.conn.create_function(_FIRST_LINE, 2, _first_line, deterministic=True)
    db.conn.execute(
        f"UPDATE article_texts SET first_line = {_FIRST_LINE}(text, (SELECT"
        " json_group_array(json_array(zone, start_char, end_char)) FROM zones"
        " WHERE zones.article_id = article_texts.article_id))"
        " WHERE title IS NULL AND text IS NOT NULL"
    )


def _first_line(text: str, zones: str) -> str | None:
    """Answer SQL, which gives the zones as a JSON array of (zone, start, end)."""
    return first_line(text, json.loads(zones))


@migrations()
def m007_views_for_reading(db: Database) -> None:
    """Let the columns for programs stand last in the views, and cut no word of a context."""
    renew_views(db)


@migrations()
def m008_text_parts(db: Database) -> None:
    """Keep long texts in parts too, from which the views read contexts."""
    _create_tables(db, ["text_parts"])
    fill_parts(db.conn)
    renew_views(db)


@migrations()
def m009_dates(db: Database) -> None:
    """Keep words that are no date apart from dates, and count from and to when anew."""
    for table, columns in DATES.items():
        there = db.table(table).columns_dict
        for given in columns.values():
            if given not in there:
                db.table(table).add_column(given, str)
    renew_views(db)
    moved = [_set_dates_apart(db, table, columns) for table, columns in DATES.items()]
    if any(moved) and is_filled(db):
        recount(db, "entity_counts", "SELECT id FROM entities")
        recount(db, "relation_counts", "SELECT id FROM relations")
        count_facets(db)


def _set_dates_apart(db: Database, table: str, columns: Mapping[str, str]) -> bool:
    """Read the dates in some columns of a table, and move what is none to where words are kept; tell
    whether there was any. What the file as a whole would decide is not known any longer.
    """
    is_changed = False
    for column, given in columns.items():
        query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
        for (words,) in db.conn.execute(query).fetchall():
            found = read_date(words).date
            if found != words:
                db.conn.execute(
                    f"UPDATE {table} SET {column} = ?, {given} = ? WHERE {column} = ?",
                    [found, None if found else words, words],
                )
                is_changed = True
    return is_changed


@migrations()
def m010_search_in_every_script(db: Database) -> None:
    """Keep what is searched of texts, names and quotes where FTS5 would not cut it into words."""
    _create_tables(db, FOLDED.values())
    create_searched_views(db)
    for table in ("article_texts", "quotes"):
        fold_rows(db, table, "true")
    # What entities are called is decided when the first load ends.
    if is_filled(db):
        fold_rows(db, "entities", "true")
        create_full_text(db)


@migrations()
def m011_entity_basis(db: Database) -> None:
    """Keep what the key of each entity comes from."""
    if "basis" not in db.table("entities").columns_dict:
        db.table("entities").add_column("basis", TABLES["entities"].columns["basis"])
    # Of a first load that was interrupted, it is not there yet.
    create_indexes(db, [("identifiers", ("entity_id", "iri"), False)])
    renew_bases(db.conn)
    if is_filled(db):
        create_late_indexes(db)


@migrations()
def m012_bounded_rejects(db: Database) -> None:
    """Let one row stand for all but the first rejects of a record, and keep faults apart."""
    if "parts" not in db.table("rejects").columns_dict:
        db.table("rejects").add_column("parts", int)
        db.conn.execute("UPDATE rejects SET parts = 1")
        _bound_rejects(db)
    _create_tables(db, ["article_faults"])
    if "faults" in db.table("articles").columns_dict:
        db.conn.execute(
            "INSERT INTO article_faults (article_id, faults)"
            " SELECT id, faults FROM articles WHERE faults > 0"
        )
        _drop_column(db, "articles", "faults")


def _bound_rejects(db: Database) -> None:
    """Give each record the rows that a load would give it now."""
    beyond = db.conn.execute(
        "SELECT source_id, source, line, count(*) FROM rejects WHERE item > ? GROUP BY 1, 3",
        [MOST_PARTS],
    ).fetchall()
    db.conn.execute("DELETE FROM rejects WHERE item > ?", [MOST_PARTS])
    db.conn.executemany(
        "INSERT INTO rejects (source_id, source, line, item, reason, parts)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            (source_id, source, line, MOST_PARTS + 1, rest_of(parts), parts)
            for source_id, source, line, parts in beyond
        ),
    )
    db.conn.execute(
        "UPDATE rejects SET raw = NULL WHERE item > 0 AND EXISTS (SELECT 1 FROM rejects AS earlier"
        " WHERE earlier.source_id = rejects.source_id AND earlier.line = rejects.line"
        " AND earlier.item BETWEEN 1 AND rejects.item - 1 AND earlier.raw = rejects.raw)"
    )


def _drop_column(db: Database, table: str, column: str) -> None:
    """Take a column of ours away, with a user's indexes on it; views of a user's may still name it."""
    for index in db.table(table).indexes:
        if column in index.columns:
            db.conn.execute(f"DROP INDEX [{index.name}]")
    db.conn.execute("PRAGMA legacy_alter_table = ON")
    db.conn.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.conn.execute("PRAGMA legacy_alter_table = OFF")


def renew_views(db: Database) -> None:
    """Make the views as they are now, whatever they were."""
    for name in VIEWS:
        db.create_view(name, view_sql(name), replace=True)


def _create_tables(db: Database, names: Iterable[str]) -> None:
    for name in names:
        table = TABLES[name]
        db.table(name).create(
            table.columns,
            pk=table.pk,
            foreign_keys=[
                (column, other, next(iter(TABLES[other].columns)))
                for column, other in table.references.items()
            ],
        )


def create_derived_tables(db: Database) -> None:
    """Make those tables that hold what follows from others, where they are missing; they are empty."""
    _create_tables(db, [name for name in DERIVED if not db.table(name).exists()])
    create_indexes(db, EARLY_INDEXES)


def create_late_indexes(db: Database) -> None:
    """Make the indexes that a database gets when it has been filled."""
    # An earlier migration comes by here before a later one has made the columns.
    lacking = {
        (table, column)
        for table, column in _LATER_COLUMNS
        if column not in db.table(table).columns_dict
    }
    make_indexes(
        db.conn,
        (
            each
            for each in LATE
            if not any(each.table == table and column in each.what for table, column in lacking)
        ),
    )


def create_indexes(db: Database, indexes: Iterable[Index]) -> None:
    """Make those of the ``indexes`` that the database lacks."""
    create_on(db.conn, indexes)


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


def require_schema(db: Database, name: str, *, make: bool = False, damaged: bool = False) -> None:
    """Bring the database to the present schema (``make``), or refuse it by name.

    Raises SchemaMismatch for a database of a newer version, one with something of somebody else's under
    one of our names, and, without ``make``, one that is older or has no news graph at all. One that is
    ``damaged`` may have that, and lack tables: whoever opens it so looks at it before all else.
    """
    applied = applied_versions(db.conn)
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
        remedy = f"newsgraph repair {name} puts ours in its place"
        return f"{foreign.words}; {remedy if foreign.is_ours_to_make else RESTORE}"
    for table, columns in missing_columns(connection):
        repair = f"newsgraph repair {name} makes it again" if table in DERIVED else RESTORE
        if len(columns) == len(TABLES[table].columns):
            return f"the table {table} is missing; {repair}"
        return f"the table {table} lacks {', '.join(columns)}; {RESTORE}"
    return None


def _refuse_taken_names(db: Database, name: str, applied: frozenset[str]) -> None:
    """Refuse a database in which something has a name of ours before we have made it."""
    names: set[str] = set()
    if applied:
        for version, brought in _BROUGHT.items():
            if version not in applied:
                names |= {*brought}
    else:
        names |= all_names()
    if not is_filled(db):
        # They are made when the first load ends, and what they take the place of would be gone.
        names |= {each for table in FULL_TEXT for each in full_text_names(table)}
    foreign = foreign_migrations(db.conn)
    for taken in (*([foreign] if foreign else []), *taken_names(db.conn, names)):
        raise SchemaMismatch(f"{name}: {taken.words}; load into another database file")
