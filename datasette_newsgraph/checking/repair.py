"""Put right what follows from other rows: what a check finds and can be made anew.

All of it is one transaction. What is right stays as it is. What cannot be made anew, as only the
records of an article give it, is told with what to do.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sqlite_utils import Database

from datasette_newsgraph.checking.check import find_faults
from datasette_newsgraph.checking.fault import Fault, Mend
from datasette_newsgraph.checking.key_bases import renew_bases
from datasette_newsgraph.checking.recounts import recount_appearances
from datasette_newsgraph.checking.texts import renew_texts
from datasette_newsgraph.facets.counting import count_facets
from datasette_newsgraph.loading.counts import recount
from datasette_newsgraph.loading.names import choose_names
from datasette_newsgraph.loading.settling import delete_orphans, settle_everything
from datasette_newsgraph.store import indexes
from datasette_newsgraph.store.damage import UNEXPECTED
from datasette_newsgraph.store.full_text import (
    create_full_text,
    create_searched_views,
    fold_all,
    key_of,
)
from datasette_newsgraph.store.migrations import create_derived_tables, is_filled, renew_views
from datasette_newsgraph.store.schema import GIVEN_BY, TABLES
from datasette_newsgraph.store.signals import is_of_another
from datasette_newsgraph.store.transactions import transaction

_ENTITIES = "SELECT id FROM entities"
_RELATIONS = "SELECT id FROM relations"
#: What to do about what was made anew, and is wrong as what it was made of is.
_FOLLOWS = "it follows from other errors: when these are gone, repair again"


class Repaired(NamedTuple):
    """What was wrong and was put right, and what still is wrong."""

    mended: list[str]
    left: list[Fault]


def repair(db: Database) -> Repaired:
    """Put right what can be made anew, and return what was, and what was not. Where nothing is wrong,
    nothing is written.

    Raises sqlite3.DatabaseError where SQLite cannot read or write the file: nothing is changed then.
    """
    # Nobody who reads is kept out for a database in which nothing is to be put right.
    left = list(find_faults(db))
    if not any(each.mend for each in left):
        return Repaired([], left)
    with transaction(db):
        seen: dict[str, Fault] = {}
        tried: set[Mend] = set()
        while True:
            left = list(find_faults(db))
            seen |= {each.words: each for each in left}
            wanted = {each.mend for each in left if each.mend is not None} - tried
            if not wanted:
                break
            tried |= wanted
            for mend in sorted(_with_what_follows(wanted)):
                _try(db, mend, left)
    still = {each.words for each in left}
    return Repaired([words for words in seen if words not in still], _told(left))


def _told(left: list[Fault]) -> list[Fault]:
    """Return what is left, and behind it what was made anew and is wrong as that is."""
    given = [each for each in left if each.mend is None]
    following = [each for each in left if each.mend is not None]
    return given + [each._replace(remedy=_FOLLOWS) if given else each for each in following]


def _try(db: Database, mend: Mend, left: list[Fault]) -> None:
    """Make something anew, or leave it as it is where what cannot be put right stands in the way."""
    db.conn.execute("SAVEPOINT mend")
    try:
        _MENDS[mend](db)
    except (*UNEXPECTED, sqlite3.OperationalError, sqlite3.IntegrityError) as error:
        if is_of_another(error) or all(each.mend for each in left):
            raise
        db.conn.execute("ROLLBACK TO mend")
    db.conn.execute("RELEASE mend")


def _with_what_follows(wanted: Iterable[Mend]) -> set[Mend]:
    found: set[Mend] = set()
    waiting = list(wanted)
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += _FOLLOWING.get(each, ())
    return found


def _reindex(db: Database) -> None:
    # Ours: an index of a user's may need a function of his.
    for table in TABLES:
        db.conn.execute(f"REINDEX {table}")


def _views(db: Database) -> None:
    renew_views(db)
    create_searched_views(db)


def _indexes(db: Database) -> None:
    indexes.create(db.conn, (*indexes.EARLY, *(indexes.LATE if is_filled(db) else ())))


def _orphans(db: Database) -> None:
    # What an appearance gives goes with it, and that goes with its article.
    for table, column in GIVEN_BY.items():
        other = TABLES[table].references[column]
        db.conn.execute(
            f"DELETE FROM {table} WHERE {column} IS NULL OR {column} NOT IN"
            f" (SELECT {key_of(other)} FROM {other})"
        )
    delete_orphans(db, _RELATIONS, _ENTITIES, "SELECT id FROM extractions")


def _counts(db: Database) -> None:
    for table, every in (("entity_counts", _ENTITIES), ("relation_counts", _RELATIONS)):
        db.conn.execute(f"DELETE FROM {table}")
        recount(db, table, every)


def _candidates(db: Database) -> None:
    # They are of the moment at which somebody asked for them, and he may ask again.
    db.conn.execute("DELETE FROM candidates")


_MENDS: dict[Mend, Callable[[Database], None]] = {
    Mend.REINDEX: _reindex,
    Mend.TABLES: create_derived_tables,
    Mend.VIEWS: _views,
    Mend.INDEXES: _indexes,
    Mend.TEXTS: renew_texts,
    Mend.APPEARANCES: recount_appearances,
    Mend.ORPHANS: _orphans,
    Mend.DECISIONS: settle_everything,
    Mend.NAMES: lambda db: choose_names(db, _ENTITIES),
    Mend.BASES: lambda db: renew_bases(db.conn),
    Mend.FOLDED: fold_all,
    Mend.COUNTS: _counts,
    Mend.FULL_TEXT: create_full_text,
    Mend.FACETS: count_facets,
    Mend.CANDIDATES: _candidates,
}
#: What may be wrong when something else has been made anew.
_FOLLOWING: dict[Mend, tuple[Mend, ...]] = {
    Mend.APPEARANCES: (Mend.NAMES, Mend.COUNTS),
    Mend.ORPHANS: (Mend.APPEARANCES,),
    # Entities are indexed by their names, counted by their types, and keyed by both.
    Mend.NAMES: (Mend.BASES, Mend.FOLDED, Mend.COUNTS),
    Mend.FOLDED: (Mend.FULL_TEXT,),
    Mend.COUNTS: (Mend.FACETS,),
}
