"""What each column may hold, as SQL: by it ``check`` finds what somebody else, or a broken disk, wrote
there, and an error that a row leads to is told from one of ours.

SQLite takes any value into any column, and a load writes the right ones only. So this is looked at
where something went wrong, and in a check; an export asks it of what it writes as it is.
"""

from __future__ import annotations

import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from datasette_newsgraph.anchoring.statuses import STATUSES
from datasette_newsgraph.article import ZONES
from datasette_newsgraph.errors import StoreError, WrongValue
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.store.schema import TABLES
from datasette_newsgraph.store.signals import is_of_another
from datasette_newsgraph.wording import counted

_TYPES = {int: "integer", float: "real", str: "text", bytes: "blob"}
_NOUNS = {int: "whole number", float: "number", str: "text", bytes: "bytes"}

#: Columns that are never null, besides keys.
_REQUIRED: dict[str, tuple[str, ...]] = {
    "extractions": ("tool",),
    "articles": ("given_id", "record_hash"),
    "text_parts": ("part",),
    "zones": ("article_id", "zone", "start_char", "end_char"),
    "entities": ("type", "name"),
    "appearances": (
        *("article_id", "entity_id", "type", "name"),
        *("mentions", "main_mentions", "mentions_by_zone"),
    ),
    "aliases": ("appearance_id", "entity_id", "alias"),
    "identifiers": ("appearance_id", "entity_id", "iri"),
    "mentions": ("article_id", "entity_id", "offset_status"),
    "relations": ("subject_id", "predicate"),
    "evidence": ("relation_id", "article_id", "offset_status"),
    "quotes": ("article_id", "offset_status"),
    "entity_counts": ("mentions", "articles", "type"),
    "relation_counts": ("subject_id", "predicate", "articles", "evidence", "unrated"),
    "facet_counts": ("label", "count"),
    "facet_rows": ("rows",),
    "vocabulary": ("kind", "label", "iri"),
}


class _Rule(NamedTuple):
    """What holds of a column's values, as SQL with the column in braces; and the words for that."""

    sql: str
    words: str


def _one_of(values: Iterable[str], words: str) -> _Rule:
    return _Rule("{0} IN (" + ", ".join(f"'{each}'" for each in values) + ")", words)


_ARRAY = _Rule(
    # CASE: the functions would end the query where it is no JSON.
    "CASE WHEN NOT json_valid({0}) THEN 0 WHEN json_type({0}) <> 'array' THEN 0"
    " ELSE NOT EXISTS (SELECT 1 FROM json_each({0}) WHERE type <> 'text') END",
    "a JSON array of strings",
)
_FROM_0 = _Rule("{0} >= 0", "0 or more")
#: By the column's name, or that of its table and its own.
_RULES: dict[str, _Rule] = {
    "key": _Rule("{0} <> '' AND {0} NOT GLOB '*[^a-z0-9-]*'", "a key"),
    "zone": _one_of(ZONES, "the name of a zone"),
    "offset_status": _one_of(STATUSES, "an offset status"),
    "confidence": _Rule("{0} BETWEEN 0 AND 1", "a number from 0 to 1"),
    "latitude": _Rule("{0} BETWEEN -90 AND 90", "a number from -90 to 90"),
    "longitude": _Rule("{0} BETWEEN -180 AND 180", "a number from -180 to 180"),
    "start_char": _FROM_0,
    "end_char": _FROM_0,
    "length": _FROM_0,
    "direct": _Rule("{0} IN (0, 1)", "0 or 1"),
    "authors": _ARRAY,
    "sections": _ARRAY,
    "article_texts.sha256": _Rule(
        "length({0}) = 64 AND {0} NOT GLOB '*[^0-9a-f]*'", "a SHA-256 checksum"
    ),
    "relations.datatype": _one_of(
        ("string", "date", "number", "boolean", "IRI"), "the name of a datatype"
    ),
    # What is no set is found where it is unpacked.
    "facet_rows.rows": _Rule("true", "a packed set"),
    "vocabulary.kind": _one_of(("type", "predicate"), "type or predicate"),
}


#: What to do about a file, or a table, that cannot be used.
RESTORE = "restore it from a copy, or load its articles into another database file"
#: The bytes of keys, which are taken out of many keys at once to see whether anything is left.
_KEY = b"abcdefghijklmnopqrstuvwxyz0123456789-"


def are_keys(keys: list[Any]) -> bool:
    """Tell whether all of some values are keys: this is asked of each row of an export."""
    try:
        return all(keys) and not "".join(keys).encode("ascii").translate(None, _KEY)
    except (TypeError, UnicodeEncodeError):
        return False


class Wrong(NamedTuple):
    """A column that has wrong values: in how many rows, and the number of the first."""

    table: str
    column: str
    row: int | None
    rows: int

    @property
    def words(self) -> str:
        """Return what is wrong, without a word of what stands there."""
        others = f" (and {counted(self.rows - 1, 'further row')})" if self.rows > 1 else ""
        row = "a row" if self.row is None else f"row {self.row}"
        return f"the {self.column} of {row} of {self.table}{others} is not {_wanted(self)}"

    @property
    def column_words(self) -> str:
        """Return the same of the column alone: how many rows there are, not everybody may know."""
        return f"a value in the column {self.column} of {self.table} is not {_wanted(self)}"


def _rule(table: str, column: str) -> _Rule | None:
    return _RULES.get(f"{table}.{column}") or _RULES.get(column)


def _wanted(wrong: Wrong) -> str:
    if (wrong.table, wrong.column) in IRIS:
        return "an absolute IRI"
    rule = _rule(wrong.table, wrong.column)
    noun = _NOUNS[TABLES[wrong.table].columns[wrong.column]]
    words = rule.words if rule else noun if noun in ("text", "bytes") else f"a {noun}"
    return words if _is_required(wrong.table, wrong.column) else f"{words}, or null"


def _is_required(table: str, column: str) -> bool:
    pk = TABLES[table].pk
    own = (pk,) if isinstance(pk, str) else pk
    return column == "key" or column in own or column in _REQUIRED.get(table, ())


def is_right(table: str, column: str, *, by_rule: bool = True) -> str:
    """Return the SQL that is true where a column of a table holds what it may hold; unless ``by_rule``,
    a value of the right type.
    """
    name = f"{table}.{column}"
    is_typed = f"typeof({name}) = '{_TYPES[TABLES[table].columns[column]]}'"
    rule = _rule(table, column) if by_rule else None
    if rule is not None:
        is_typed = f"{is_typed} AND {rule.sql.format(name)}"
    return f"({is_typed})" if _is_required(table, column) else f"({name} IS NULL OR {is_typed})"


def wrong_values(connection: sqlite3.Connection, table: str) -> list[Wrong]:
    """Return the columns of a table that have wrong values, by one pass over it."""
    columns = list(TABLES[table].columns)
    conditions = [is_right(table, column) for column in columns]
    wrong = ", ".join(f"NOT {each}" for each in conditions)
    found: dict[str, list[int]] = {}
    for number, *are_wrong in connection.execute(
        f"SELECT {table}.rowid, {wrong} FROM {table} WHERE NOT ({' AND '.join(conditions)})"
    ):
        for column, is_wrong in zip(columns, are_wrong, strict=True):
            if is_wrong:
                found.setdefault(column, []).append(number)
    if table == "facet_rows" and not found:
        found = {"rows": _broken_sets(connection)}
    return [Wrong(table, each, rows[0], len(rows)) for each, rows in found.items() if rows]


def _broken_sets(connection: sqlite3.Connection) -> list[int]:
    """Return the rows of ``facet_rows`` whose set cannot be unpacked."""
    broken = []
    for number, stored in connection.execute("SELECT rowid, rows FROM facet_rows"):
        try:
            zlib.decompress(stored)
        except zlib.error:
            broken.append(number)
    return broken


#: Columns that hold IRIs, and in which rows.
IRIS: dict[tuple[str, str], str] = {
    ("identifiers", "iri"): "true",
    ("relations", "value"): "datatype = 'IRI'",
    ("vocabulary", "iri"): "true",
}


def wrong_iris(connection: sqlite3.Connection) -> Iterator[Wrong]:
    """Yield the columns of IRIs in which one is none, of text that is."""
    for (table, column), where in IRIS.items():
        rows = connection.execute(
            f"SELECT rowid, {column} FROM {table} WHERE ({where}) AND typeof({column}) = 'text'"
        )
        wrong = [number for number, iri in rows if clean_iri(iri) != iri]
        if wrong:
            yield Wrong(table, column, wrong[0], len(wrong))


def first_wrong(connection: sqlite3.Connection) -> Wrong | None:
    """Return a column of any table that has wrong values, or None."""
    for table in TABLES:
        for found in wrong_values(connection, table):
            return found
    return next(wrong_iris(connection), None)


#: How Python tells of bytes that are no text.
_NO_TEXT = re.compile(r"Could not decode to UTF-8 (column '[^']*').*", re.DOTALL)
#: What Python raises where a value is not what our code was written for.
UNEXPECTED = (
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    zlib.error,
)


def cause_in(connection: sqlite3.Connection, error: BaseException) -> str | None:
    """Return which column of the database has led to an error that our code did not expect; None if
    all hold what they may, so that the fault is ours. Reads the database.
    """
    if isinstance(error, UnicodeDecodeError):
        is_damaged = _has_broken_names(connection)
        return "the names of its tables are not text in UTF-8" if is_damaged else None
    try:
        wrong = first_wrong(connection)
    except sqlite3.Error as sqlite_error:
        if is_of_another(sqlite_error):
            raise
        return said_by(sqlite_error)
    return wrong and wrong.words


def said_by(error: sqlite3.Error) -> str:
    """Return what SQLite says, without the words of a text that it could not read."""
    said = str(error)
    return _NO_TEXT.sub(r"\1 is not text in UTF-8", said)


@contextmanager
def telling_wrong_values(connection: sqlite3.Connection, name: str) -> Iterator[None]:
    """Raise StoreError for an error that wrong values in the database have led to."""
    try:
        yield
    except WrongValue as error:
        raise StoreError(f"{name}: {error}") from error
    except UNEXPECTED as error:
        cause = cause_in(connection, error)
        if cause is None:
            raise
        remedy = f"newsgraph check {name} lists what is wrong"
        if isinstance(error, UnicodeDecodeError):
            remedy = RESTORE
        raise StoreError(f"{name}: {cause}; {remedy}") from error


def _has_broken_names(connection: sqlite3.Connection) -> bool:
    """Tell whether SQLite's own table of tables has names that are no UTF-8."""
    before = connection.text_factory
    connection.text_factory = bytes
    try:
        rows = connection.execute("SELECT name, tbl_name, sql FROM sqlite_master").fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        # What SQLite says of it has such a name in it.
        return True
    finally:
        connection.text_factory = before
    return any(
        each != each.decode("utf-8", "ignore").encode() for row in rows for each in row if each
    )
