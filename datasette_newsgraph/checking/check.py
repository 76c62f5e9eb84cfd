"""Check a database against itself: every promise that the tables make, recounted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlite_utils import Database

from datasette_newsgraph.checking.fault import LOAD_AGAIN, OF_TABLES, Fault, Mend, differ
from datasette_newsgraph.checking.key_bases import wrong_bases
from datasette_newsgraph.checking.keys import check_keys, check_references, mend_of_reference
from datasette_newsgraph.checking.recounts import check_counts, check_names
from datasette_newsgraph.checking.texts import check_texts
from datasette_newsgraph.dates import is_date
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.store import get_base, indexes
from datasette_newsgraph.store.column_values import Wrong, wrong_iris, wrong_values
from datasette_newsgraph.store.damage import RESTORE, UNEXPECTED
from datasette_newsgraph.store.derived_tables import DERIVED
from datasette_newsgraph.store.full_text import index_fault, wrongly_folded
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.own_names import (
    foreign_objects,
    missing_columns,
    missing_full_text,
    missing_views,
)
from datasette_newsgraph.store.schema import DATES, FOLDED, FULL_TEXT, TABLES
from datasette_newsgraph.store.signals import is_of_another
from datasette_newsgraph.wording import counted

#: Rows that nothing refers to, and mentions that refer to what is not there: what one of them is, what
#: several are, the query of their number, and what puts them right.
_ORPHANS = (
    (
        "relation without evidence",
        "relations without evidence",
        "SELECT count(*) FROM relations WHERE id NOT IN (SELECT relation_id FROM evidence)",
        Mend.ORPHANS,
    ),
    (
        "entity that no article names",
        "entities that no article names",
        "SELECT count(*) FROM entities WHERE id NOT IN (SELECT entity_id FROM appearances)",
        Mend.ORPHANS,
    ),
    (
        "extraction without an article",
        "extractions without an article",
        "SELECT count(*) FROM extractions WHERE id NOT IN"
        " (SELECT extraction_id FROM articles WHERE extraction_id IS NOT NULL)",
        Mend.ORPHANS,
    ),
    (
        "mention whose entity does not appear in its article",
        "mentions whose entity does not appear in their article",
        "SELECT count(*) FROM mentions"
        " WHERE NOT EXISTS (SELECT 1 FROM appearances WHERE article_id = mentions.article_id"
        " AND entity_id = mentions.entity_id)",
        None,
    ),
)
#: By what derived columns of other tables are made anew.
_OF_COLUMNS = {
    **dict.fromkeys(
        (("article_texts", each) for each in ("first_line", "length", "sha256")), Mend.TEXTS
    ),
    **dict.fromkeys((("evidence", f"sentence_{each}") for each in ("start", "end")), Mend.TEXTS),
    **dict.fromkeys(
        (("entities", each) for each in ("name", "type", "description", "latitude", "longitude")),
        Mend.NAMES,
    ),
    ("entities", "alias_text"): Mend.NAMES,
    ("entities", "basis"): Mend.BASES,
    **dict.fromkeys(
        (("appearances", each) for each in ("mentions", "main_mentions", "mentions_by_zone")),
        Mend.APPEARANCES,
    ),
}
_INTERRUPTED = "a load was interrupted; run the same newsgraph load again to complete it"
#: What SQLite says where it needs what a user's own program has.
_OF_A_USERS = ("unknown function", "no such function", "no such collation")
#: What SQLite's check says of an index that does not have what its table has.
_OF_AN_INDEX = ("missing from index", "wrong # of entries in index")


def check(db: Database, *, quick: bool = False) -> Iterator[str]:
    """Yield one sentence for each thing that is wrong; nothing when all is well. ``quick``: look at the
    file, at the tables and views, at what the columns hold and what rows refer to, and recount nothing.
    """
    for fault in find_faults(db, quick=quick):
        yield fault.words


def find_faults(db: Database, *, quick: bool = False) -> Iterator[Fault]:
    """Yield what is wrong with a database, each fault with what puts it right. ``quick`` is that of
    ``check``.
    """
    yield from _file(db, quick=quick)
    structure = list(_structure(db))
    yield from structure
    if any(each.mend not in (Mend.VIEWS, Mend.FULL_TEXT) for each in structure):
        # What stands in the place of a table may have no end, and what is not there cannot be read.
        return
    wrong = list(_values(db))
    yield from wrong
    yield from _base(db)
    yield from check_references(db)
    if quick:
        return
    if not is_filled(db) or db.conn.execute("SELECT 1 FROM unsettled LIMIT 1").fetchone():
        yield Fault(_INTERRUPTED)
        return
    yield from _recounted(db, are_values_right=not wrong)


def _recounted(db: Database, *, are_values_right: bool) -> Iterator[Fault]:
    """Yield what is not as it follows from other rows."""
    for compare in (
        *(_indexes, check_keys, _orphans, _vocabulary),
        *(check_counts, check_names, _bases, _dates, check_texts, _search),
    ):
        try:
            yield from compare(db)
        except (*UNEXPECTED, sqlite3.OperationalError) as error:
            # Where values are wrong, what follows from them cannot be found out.
            if are_values_right or is_of_another(error):
                raise


def _file(db: Database, *, quick: bool) -> Iterator[Fault]:
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


def _structure(db: Database) -> Iterator[Fault]:
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


def _values(db: Database) -> Iterator[Fault]:
    for table in TABLES:
        for wrong in wrong_values(db.conn, table):
            yield _of_values(wrong)
    for wrong in wrong_iris(db.conn):
        yield _of_values(wrong)


def _of_values(wrong: Wrong) -> Fault:
    mend = _OF_COLUMNS.get((wrong.table, wrong.column)) or OF_TABLES.get(wrong.table)
    if mend is None and wrong.column in TABLES[wrong.table].references:
        mend = mend_of_reference(wrong.table, wrong.column)
    remedy = "delete that row" if wrong.table == "vocabulary" else LOAD_AGAIN
    return Fault(f"values: {wrong.words}", mend, remedy=remedy)


def _base(db: Database) -> Iterator[Fault]:
    try:
        get_base(db)
    except StoreError as error:
        yield Fault(str(error))


def _indexes(db: Database) -> Iterator[Fault]:
    for each in indexes.missing(db.conn, (*indexes.EARLY, *indexes.LATE)):
        yield Fault(f"indexes: {each.table} has none on {each.words}", Mend.INDEXES)


def _orphans(db: Database) -> Iterator[Fault]:
    for one, several, query, mend in _ORPHANS:
        count = db.conn.execute(query).fetchone()[0]
        if count:
            yield Fault(f"orphans: {counted(count, one, several)}", mend, remedy=LOAD_AGAIN)


def _vocabulary(db: Database) -> Iterator[Fault]:
    for kind, label in db.conn.execute("SELECT kind, label FROM vocabulary"):
        if label != normalise_label(label):
            words = (
                f"vocabulary: the {kind} {label!r} has no effect;"
                f" its label is to be {normalise_label(label)!r}"
            )
            yield Fault(words)


def _bases(db: Database) -> Iterator[Fault]:
    for number, _ in wrong_bases(db.conn):
        words = f"keys: the basis of entity {number} is not what its key comes from"
        yield Fault(words, Mend.BASES)


def _dates(db: Database) -> Iterator[Fault]:
    for table, columns in DATES.items():
        for column in columns:
            query = f"SELECT {column}, min(id) FROM {table} WHERE {column} IS NOT NULL GROUP BY 1"
            for words, number in db.conn.execute(query):
                if not is_date(str(words)):
                    said = f"dates: the {column} of row {number} of {table} is no date"
                    yield Fault(said, remedy=LOAD_AGAIN)


def _search(db: Database) -> Iterator[Fault]:
    for table, folded in FOLDED.items():
        wrong = wrongly_folded(db, table)
        if wrong:
            words = f"search: {differ(wrong, folded)} from what is to be searched of {table}"
            yield Fault(words, Mend.FOLDED)
    for table in FULL_TEXT:
        said = index_fault(db, table)
        if said:
            yield Fault(f"search: {said}", Mend.FULL_TEXT)
