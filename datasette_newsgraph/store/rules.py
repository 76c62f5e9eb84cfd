"""What each column may hold, as SQL, and in words.

This is looked at where something went wrong, and in a check; an export asks it of what it writes as it
is.
"""

from __future__ import annotations

from datasette_newsgraph.store.columns import ROW_NUMBER, Rule
from datasette_newsgraph.store.schema import TABLES

_TYPES = {int: "integer", float: "real", str: "text", bytes: "blob"}
_NOUNS = {int: "a whole number", float: "a number", str: "text", bytes: "bytes"}
#: Columns that hold IRIs, and in which rows.
IRIS: dict[tuple[str, str], str] = {
    (name, column): each.iri
    for name, table in TABLES.items()
    for column, each in table.columns.items()
    if each.iri
}


def _rule(table: str, column: str) -> Rule | None:
    own = TABLES[table].columns[column].rule
    return ROW_NUMBER if own is None and TABLES[table].is_row_number(column) else own


def wanted(table: str, column: str) -> str:
    """Return in words what a column may hold."""
    if (table, column) in IRIS:
        return "an absolute IRI"
    rule = _rule(table, column)
    words = rule.words if rule else _NOUNS[TABLES[table].columns[column].type]
    is_whole = TABLES[table].is_required(column) or (rule is not None and rule.null is not None)
    return words if is_whole else f"{words}, or null"


def is_right(table: str, column: str) -> str:
    """Return the SQL that is true where a column of a table holds what it may hold."""
    name = f"{table}.{column}"
    condition = f"typeof({name}) = '{_TYPES[TABLES[table].columns[column].type]}'"
    rule = _rule(table, column)
    if rule is not None:
        condition = f"{condition} AND {rule.sql.format(name, table)}"
    if TABLES[table].is_required(column):
        return f"({condition})"
    if rule is None or rule.null is None:
        return f"({name} IS NULL OR {condition})"
    return f"CASE WHEN {name} IS NULL THEN {rule.null.format(name, table)} ELSE {condition} END"
