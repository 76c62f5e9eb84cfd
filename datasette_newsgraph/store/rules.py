"""What each column may hold, as SQL, and in words.

SQLite takes any value into any column, and a load writes the right ones only. So this is looked at
where something went wrong, and in a check; an export asks it of what it writes as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, get_args

from datasette_newsgraph.anchoring.statuses import STATUSES
from datasette_newsgraph.article import ZONES
from datasette_newsgraph.identity import Basis
from datasette_newsgraph.store.schema import HIGHEST_ROW, TABLES

_TYPES = {int: "integer", float: "real", str: "text", bytes: "blob"}
_NOUNS = {int: "a whole number", float: "a number", str: "text", bytes: "bytes"}
#: SQL's functions for text see it up to the first NUL only, and what is behind that is written, too.
_TO_ITS_END = "instr({0}, char(0)) = 0"


class _Rule(NamedTuple):
    """What holds of a column's values, and the words for that; and where it may be null, if not
    everywhere. Both are SQL with ``{0}`` for the column and ``{1}`` for its table.
    """

    sql: str
    words: str
    null: str | None = None


def _one_of(values: Iterable[str], words: str) -> _Rule:
    return _Rule("{0} IN (" + ", ".join(f"'{each}'" for each in values) + ")", words)


def _json(type_: str, of: str, words: str) -> _Rule:
    return _Rule(
        # CASE: the functions would end the query where it is no JSON.
        f"CASE WHEN NOT json_valid({{0}}) THEN 0 WHEN json_type({{0}}) <> '{type_}' THEN 0"
        f" ELSE {_TO_ITS_END}"
        f" AND NOT EXISTS (SELECT 1 FROM json_each({{0}}) WHERE type <> '{of}') END",
        words,
    )


_ROW_NUMBER = _Rule(f"{{0}} BETWEEN 1 AND {HIGHEST_ROW}", "a row number")
#: A database has so many rows at most of what is counted.
_COUNT = _Rule(f"{{0}} BETWEEN 0 AND {HIGHEST_ROW}", "a count")
_FROM_0 = _Rule("{0} >= 0", "0 or more")
#: A span has both ends or none.
_START = _Rule("{0} >= 0", "0 or more, or null as end_char is", "{1}.end_char IS NULL")
_END = _Rule("{0} >= 0", "0 or more, or null as start_char is", "{1}.start_char IS NULL")
_STRINGS = _json("array", "text", "a JSON array of strings")
#: By the column's name, or that of its table and its own.
_RULES: dict[str, _Rule] = {
    "key": _Rule(f"{{0}} <> '' AND {{0}} NOT GLOB '*[^a-z0-9-]*' AND {_TO_ITS_END}", "a key"),
    "zone": _one_of(ZONES, "the name of a zone"),
    "offset_status": _one_of(STATUSES, "an offset status"),
    "confidence": _Rule("{0} BETWEEN 0 AND 1", "a number from 0 to 1"),
    "latitude": _Rule("{0} BETWEEN -90 AND 90", "a number from -90 to 90"),
    "longitude": _Rule("{0} BETWEEN -180 AND 180", "a number from -180 to 180"),
    "start_char": _START,
    "end_char": _END,
    "length": _FROM_0,
    "direct": _Rule("{0} IN (0, 1)", "0 or 1"),
    "authors": _STRINGS,
    "sections": _STRINGS,
    "mentions": _COUNT,
    "main_mentions": _COUNT,
    "mentions_by_zone": _json("object", "integer", "a JSON object of counts"),
    "articles": _COUNT,
    "evidence": _COUNT,
    "unrated": _COUNT,
    "count": _COUNT,
    "article_texts.sha256": _Rule(
        f"length({{0}}) = 64 AND {{0}} NOT GLOB '*[^0-9a-f]*' AND {_TO_ITS_END}",
        "a SHA-256 checksum",
    ),
    "entities.basis": _one_of(get_args(Basis), "what a key can come from"),
    # A statement has an object, or a value with its datatype.
    "relations.object_id": _ROW_NUMBER._replace(
        words="a row number, or null where there is a value", null="{1}.value IS NOT NULL"
    ),
    "relations.value": _Rule(
        "{1}.object_id IS NULL", "text where there is no object", "{1}.object_id IS NOT NULL"
    ),
    "relations.datatype": _one_of(
        ("string", "date", "number", "boolean", "IRI"),
        "the name of a datatype, or null where there is an object",
    )._replace(null="{1}.object_id IS NOT NULL"),
    # What is no set is found where it is unpacked.
    "facet_rows.rows": _Rule("true", "a packed set of rows"),
    "vocabulary.kind": _one_of(("type", "predicate"), "type or predicate"),
}
#: Columns that hold IRIs, and in which rows.
IRIS: dict[tuple[str, str], str] = {
    ("identifiers", "iri"): "true",
    ("relations", "value"): "datatype = 'IRI'",
    ("vocabulary", "iri"): "true",
}


def _rule(table: str, column: str) -> _Rule | None:
    own = _RULES.get(f"{table}.{column}")
    if own is None and TABLES[table].is_row_number(column):
        return _ROW_NUMBER
    return own or _RULES.get(column)


def wanted(table: str, column: str) -> str:
    """Return in words what a column may hold."""
    if (table, column) in IRIS:
        return "an absolute IRI"
    rule = _rule(table, column)
    words = rule.words if rule else _NOUNS[TABLES[table].columns[column]]
    is_whole = TABLES[table].requires(column) or (rule is not None and rule.null is not None)
    return words if is_whole else f"{words}, or null"


def is_right(table: str, column: str) -> str:
    """Return the SQL that is true where a column of a table holds what it may hold."""
    name = f"{table}.{column}"
    condition = f"typeof({name}) = '{_TYPES[TABLES[table].columns[column]]}'"
    rule = _rule(table, column)
    if rule is not None:
        condition = f"{condition} AND {rule.sql.format(name, table)}"
    if TABLES[table].requires(column):
        return f"({condition})"
    if rule is None or rule.null is None:
        return f"({name} IS NULL OR {condition})"
    return f"CASE WHEN {name} IS NULL THEN {rule.null.format(name, table)} ELSE {condition} END"
