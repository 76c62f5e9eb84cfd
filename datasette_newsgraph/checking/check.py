"""Check a database against itself: every promise that the tables make, recounted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import partial

from sqlite_utils import Database

from datasette_newsgraph.checking.decisions import check_decisions
from datasette_newsgraph.checking.fault import LOAD_AGAIN, OF_TABLES, Fault, Mend, differ
from datasette_newsgraph.checking.key_bases import wrong_bases
from datasette_newsgraph.checking.keys import (
    check_made,
    check_references,
    check_unique,
    mend_of_reference,
)
from datasette_newsgraph.checking.progress import Progress, Show, unseen
from datasette_newsgraph.checking.recounts import (
    check_appearances,
    check_counts,
    check_facets,
    check_names,
)
from datasette_newsgraph.checking.structure import check_file, check_structure
from datasette_newsgraph.checking.texts import check_texts
from datasette_newsgraph.dates import is_date
from datasette_newsgraph.decisions.log import waiting
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.identity import normalise_label
from datasette_newsgraph.store import get_base, indexes
from datasette_newsgraph.store.column_values import Wrong, wrong_iris, wrong_values
from datasette_newsgraph.store.damage import UNEXPECTED
from datasette_newsgraph.store.full_text import index_fault, wrongly_folded
from datasette_newsgraph.store.migrations import is_filled
from datasette_newsgraph.store.schema import DATES, FOLDED, FULL_TEXT, TABLES
from datasette_newsgraph.store.signals import is_of_another
from datasette_newsgraph.store.unsettled import DECISION
from datasette_newsgraph.wording import counted

#: What the steps of a check cost, in thousandths of a whole one (progress.py): all of a quick one,
#: SQLite's two checks of the file, what columns hold, and what rows refer to.
_WHOLE, _QUICK = 1000, 125
_FILE, _FILE_QUICKLY, _VALUES, _REFERENCES = 200, 20, 80, 25
_FOLDED = {"article_texts": 170, "entities": 10, "quotes": 5}
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
_INTERRUPTED = "a load was interrupted; run the same command again to complete it"


def check(db: Database, *, quick: bool = False) -> Iterator[str]:
    """Yield one sentence for each thing that is wrong; nothing when all is well. ``quick``: look at the
    file, at the tables and views, at what the columns hold and what rows refer to, and recount nothing.
    """
    for fault in find_faults(db, quick=quick):
        yield fault.words


def find_faults(db: Database, *, quick: bool = False, progress: Show = unseen) -> Iterator[Fault]:
    """Yield what is wrong with a database, each fault with what puts it right. ``quick`` is that of
    ``check``; ``progress`` is told how far it is: a position, and the size of all.
    """
    steps = Progress(progress, _QUICK if quick else _WHOLE)
    yield from _found(db, steps, quick=quick)
    steps.end()


def _found(db: Database, steps: Progress, *, quick: bool) -> Iterator[Fault]:
    steps.begin(_FILE_QUICKLY if quick else _FILE)
    yield from check_file(db, quick=quick)
    structure = list(check_structure(db))
    yield from structure
    if any(each.mend not in (Mend.VIEWS, Mend.FULL_TEXT) for each in structure):
        # What stands in the place of a table may have no end, and what is not there cannot be read.
        return
    steps.begin(_VALUES)
    wrong = list(_values(db))
    yield from wrong
    yield from _base(db)
    steps.begin(_REFERENCES)
    yield from check_references(db)
    if quick:
        return
    others = "SELECT 1 FROM unsettled WHERE kind <> ? LIMIT 1"
    if not is_filled(db) or db.conn.execute(others, [DECISION]).fetchone():
        yield Fault(_INTERRUPTED)
        return
    if count := waiting(db.conn):
        words = f"decisions: {counted(count, 'decision is', 'decisions are')} not carried out"
        yield Fault(words, Mend.DECISIONS)
        return
    yield from _recounted(db, steps, are_values_right=not wrong)


def _recounted(db: Database, steps: Progress, *, are_values_right: bool) -> Iterator[Fault]:
    """Yield what is not as it follows from other rows."""
    comparisons: tuple[tuple[int, Callable[[Database], Iterator[Fault]]], ...] = (
        *((0, _indexes), (5, check_unique), (85, check_made), (20, _orphans), (0, _vocabulary)),
        (0, check_decisions),
        *((30, check_appearances), (65, check_counts), (60, check_facets)),
        *((45, check_names), (10, _bases), (0, _dates)),
        (185, partial(check_texts, within=steps.within)),
        *(
            (weight, partial(_folded, table=table, within=steps.within))
            for table, weight in _FOLDED.items()
        ),
        (5, _full_text),
    )
    for weight, compare in comparisons:
        steps.begin(weight)
        try:
            yield from compare(db)
        except (*UNEXPECTED, sqlite3.OperationalError) as error:
            # Where values are wrong, what follows from them cannot be found out.
            if are_values_right or is_of_another(error):
                raise


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


def _folded(db: Database, table: str, within: Callable[[float], None]) -> Iterator[Fault]:
    wrong = wrongly_folded(db, table, within)
    if wrong:
        words = f"search: {differ(wrong, FOLDED[table])} from what is to be searched of {table}"
        yield Fault(words, Mend.FOLDED)


def _full_text(db: Database) -> Iterator[Fault]:
    for table in FULL_TEXT:
        said = index_fault(db, table)
        if said:
            yield Fault(f"search: {said}", Mend.FULL_TEXT)
