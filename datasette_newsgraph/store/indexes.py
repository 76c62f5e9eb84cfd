"""The indexes: which there are, how they are made, and which are missing, whatever names they have.

An index of the user's may have the name of one of ours, on a table of his own: then ours gets a name
that is free. So an index of ours is known by what it indexes, not by what it is called.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from datasette_newsgraph.store.best_evidence import BEST_EVIDENCE

_SQL = re.compile(
    r"\s*CREATE\s+(?P<unique>UNIQUE\s+)?INDEX\s+"
    r"(?:\"[^\"]*\"|\[[^]]*\]|`[^`]*`|'[^']*'|\S+)\s+ON\s+(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_QUOTES_AND_SPACE = re.compile(r"[\"`\[\]'\s]+")

Index = tuple[str, tuple[str, ...], bool]
#: Needed to load at all: lookups by key. (table, columns, unique)
EARLY_INDEXES: tuple[Index, ...] = (
    ("sources", ("name", "place"), True),
    ("extractions", ("key",), True),
    ("articles", ("key",), True),
    ("articles", ("record_hash",), False),
    ("entities", ("key",), True),
    ("relations", ("key",), True),
    ("rejects", ("source_id", "line", "item"), True),
    ("vocabulary", ("kind", "label"), True),
    ("decisions", ("key",), True),
    ("decisions", ("left_key",), False),
    ("decisions", ("right_key",), False),
    ("decisions", ("batch",), False),
    ("decisions", ("verdict",), False),
    ("decided", ("value",), False),
    ("as_given", ("article_id", "kind", "shown_key"), False),
    ("as_given", ("kind", "key"), False),
    ("as_given", ("subject_key",), False),
    ("as_given", ("relation_key",), False),
    ("as_given", ("shown_key",), False),
    ("candidates", ("left_key", "right_key"), True),
    ("candidates", ("right_key",), False),
    ("candidates", ("tier",), False),
)
#: Made when a new database has been filled.
LATE_INDEXES: tuple[Index, ...] = (
    ("articles", ("extraction_id",), False),
    ("articles", ("source_id",), False),
    ("articles", ("publisher", "published"), False),
    ("articles", ("published",), False),
    ("articles", ("language",), False),
    ("zones", ("article_id",), False),
    ("entities", ("type",), False),
    ("entities", ("name",), False),
    ("entities", ("basis",), False),
    ("entity_counts", ("mentions",), False),
    ("entity_counts", ("articles",), False),
    ("entity_counts", ("type", "mentions"), False),
    ("relation_counts", ("articles",), False),
    ("relation_counts", ("subject_id", "articles"), False),
    ("relation_counts", ("object_id", "articles"), False),
    ("relation_counts", ("subject_id", "predicate", "articles"), False),
    ("relation_counts", ("object_id", "predicate", "articles"), False),
    ("relation_counts", ("predicate", "articles"), False),
    # Both ways round, so that neither question needs the rows themselves.
    ("appearances", ("article_id", "entity_id"), False),
    ("appearances", ("entity_id", "article_id", "main_mentions", "mentions"), False),
    ("aliases", ("appearance_id",), False),
    ("aliases", ("entity_id",), False),
    ("identifiers", ("appearance_id",), False),
    ("identifiers", ("entity_id", "iri"), False),
    ("mentions", ("key",), True),
    ("mentions", ("article_id",), False),
    ("mentions", ("entity_id", "zone", "article_id"), False),
    ("relations", ("subject_id", "object_id"), False),
    ("relations", ("object_id",), False),
    ("relations", ("predicate",), False),
    ("evidence", ("key",), True),
    ("evidence", ("relation_id", "confidence", "article_id", "zone"), False),
    ("evidence", ("article_id",), False),
    ("evidence", ("extraction_id",), False),
    # In the order in which values are looked at.
    ("facet_counts", ("view", "facet", "count"), False),
    ("quotes", ("key",), True),
    ("quotes", ("article_id",), False),
    ("quotes", ("speaker_id",), False),
)


class Made(NamedTuple):
    """An index as it is made: the name that it has if that is free, its table, and what is indexed."""

    name: str
    table: str
    what: str
    unique: bool = False

    @property
    def sql(self) -> str:
        """Return the statement that makes it, with its name in braces."""
        unique = "UNIQUE " if self.unique else ""
        return f"CREATE {unique}INDEX {{}} ON {self.table} {self.what}"

    @property
    def words(self) -> str:
        """Return what is indexed, for a message."""
        return self.what.partition(")")[0].removeprefix("(")


def _made(index: Index) -> Made:
    table, columns, unique = index
    return Made(f"idx_{table}_{'_'.join(columns)}", table, f"({', '.join(columns)})", unique)


#: Articles are filtered by month.
_MONTH = Made("idx_articles_month", "articles", "(substr(published, 1, 7))")
_BEST_EVIDENCE = Made("idx_evidence_best", "evidence", BEST_EVIDENCE)
EARLY = tuple(map(_made, EARLY_INDEXES))
LATE = (*map(_made, LATE_INDEXES), _MONTH, _BEST_EVIDENCE)
#: Those of the keys that most articles add to: a load may fill these tables without them.
OF_KEYS = tuple(each for each in EARLY if each.table in ("entities", "relations"))
#: Of the late ones, the indexes of the tables that hold counts: a load makes them when it has counted.
OF_COUNTS = tuple(each for each in LATE if each.table in ("entity_counts", "relation_counts"))
OF_FACETS = tuple(each for each in LATE if each.table == "facet_counts")
OF_ROWS = tuple(each for each in LATE if each not in (*OF_COUNTS, *OF_FACETS))


def missing(connection: sqlite3.Connection, indexes: Iterable[Made]) -> list[Made]:
    """Return the ``indexes`` that the database lacks."""
    there = {known for _, _, known in _there(connection)}
    return [each for each in indexes if _known(each.sql) not in there]


def create(connection: sqlite3.Connection, indexes: Iterable[Made]) -> None:
    """Make the ``indexes`` that the database lacks, under names that are free."""
    lacking = missing(connection, indexes)
    if not lacking:
        return
    for each in lacking:
        connection.execute(each.sql.format(_free_name(connection, each.name)))


def drop(connection: sqlite3.Connection, unwanted: Iterable[Made]) -> None:
    """Drop the ``unwanted`` indexes, whatever names they have."""
    known = {(each.table, _known(each.sql)) for each in unwanted}
    for name, table, what in list(_there(connection)):
        if (table, what) in known:
            connection.execute(f'DROP INDEX "{name.replace(chr(34), chr(34) * 2)}"')


def create_by(connection: sqlite3.Connection, statement: str) -> None:
    """Run the ``CREATE INDEX name ON …`` of a migration, under a name that is free."""
    head, _, what = statement.partition(" ON ")
    head, _, name = head.rpartition(" ")
    connection.execute(f"{head} {_free_name(connection, name)} ON {what}")


def _free_name(connection: sqlite3.Connection, name: str) -> str:
    rows = connection.execute("SELECT lower(name) FROM sqlite_master").fetchall()
    taken = {row[0] for row in rows}
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def namesakes(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the indexes that have the name of one of ours and stand on another table: name, table."""
    ours = {each.name: each.table for each in (*EARLY, *LATE)}
    return [
        (name, table)
        for name, table, _ in _there(connection)
        if name.lower() in ours and table.lower() != ours[name.lower()]
    ]


def new_namesakes(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the namesakes of indexes that a load is about to make under other names, or has just
    made so as the first load into this database.
    """
    found = namesakes(connection)
    if found and connection.execute("SELECT 1 FROM sources LIMIT 1").fetchone():
        lacking = {each.name for each in missing(connection, (*EARLY, *LATE))}
        return [each for each in found if each[0].lower() in lacking]
    return found


def _there(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Yield all indexes that were made by a statement: name, table, and by what one is known."""
    query = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    for name, table, sql in connection.execute(query).fetchall():
        yield name, table, _known(sql)


def _known(sql: str) -> str:
    found = _SQL.fullmatch(sql)
    if found is None:
        return sql
    what = _QUOTES_AND_SPACE.sub("", found["what"]).lower()
    return f"{'unique ' if found['unique'] else ''}{what}"
