"""The columns of the mapping's nodes, as SQL and as the names of the values of a row."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.mapping import Node, Value
from datasette_newsgraph.store.rules import is_right
from datasette_newsgraph.store.schema import TABLES

#: Values that are written as they are.
_BARE = (Value.CODE, Value.COUNT, Value.DOUBLE, Value.BOOLEAN)
OF_ZONES = ("start_char", "end_char", "zone")


def value_of(node: Node, *columns: str) -> Callable[[Any], Any]:
    """Return what takes the value of a column, or the tuple of those of several, out of a row that
    was read of a node.
    """
    return itemgetter(*map(node.read.index, columns))


def ordered(node: Node, *columns: str) -> Callable[[Any], Any]:
    """Return what puts the values of these columns, all that are added to a node, into its order."""
    return itemgetter(*map(columns.index, node.added))


def table_of(node: Node) -> str:
    """Return the table that has a row for each of these nodes."""
    return node.rows.split()[0]


def columns_of(node: Node, with_text: bool) -> str:
    """Return the columns of a node that have SQL; texts that are not written are not read either.

    A row has a key only if all that is written of it as it is may be written so.
    """
    unread = set() if with_text else {each.column for each in node.properties if each.with_text}
    unread -= {each.column for each in node.properties if not each.with_text}
    # Spans are made of it, whoever writes it.
    unread.discard("surface")
    columns = {name: sql for name, sql in node.columns.items() if sql} | dict.fromkeys(
        unread, "NULL"
    )
    written = [is_right(*sql.split(".")) for sql in _written_as_they_are(node)]
    if written:
        columns["key"] = f"CASE WHEN {' AND '.join(written)} THEN {columns['key']} END"
    return ", ".join(columns.values())


def columns_without(node: Node, table: str) -> str:
    """Return the columns of a node that have SQL, those of a table that may not be read as null."""
    found = [sql for sql in node.columns.values() if sql]
    return ", ".join("NULL" if sql.startswith(f"{table}.") else sql for sql in found)


def _written_as_they_are(node: Node) -> list[str]:
    """Return the columns of tables that come into a document without quotes around them, but for
    keys.
    """
    bare = {each.column for each in node.properties if each.value in _BARE} | {*OF_ZONES}
    columns = [sql for name, sql in node.columns.items() if sql and name in bare]
    return [sql for sql in columns if sql.partition(".")[0] in TABLES]


def tables_of(node: Node) -> list[str]:
    """Return the tables that the columns of a node are of; aliases stand for entities."""
    names = dict.fromkeys(sql.partition(".")[0] for sql in node.columns.values() if sql)
    return [*(each for each in names if each in TABLES), "entities"]


def _keys_of(node: Node) -> list[tuple[int, bool]]:
    """Return the places of the keys among the columns that are read, and whether each is required."""
    required = {each.column for each in node.properties if each.required} | {"key"}
    return [
        (place, name in required and name != "object_key")
        for place, name in enumerate(node.read)
        if name == "key" or name.endswith("_key")
    ]


#: By the kind of node.
KEYS = {node.kind: _keys_of(node) for node in mapping.NODES if "key" in node.columns}
