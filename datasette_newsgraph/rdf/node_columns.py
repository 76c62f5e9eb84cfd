"""The columns of the mapping's nodes, as SQL and as the names of the values of a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.mapping import Node, Value
from datasette_newsgraph.store.rules import is_right
from datasette_newsgraph.store.schema import TABLES

#: Values that are written as they are, or quoted whatever they are: nobody looks at their type.
_UNSEEN = (Value.CODE, Value.COUNT, Value.DOUBLE, Value.BOOLEAN, Value.STRING)
_COLUMN = re.compile(r"(\w+)\.(\w+)")
_NODES = {node.kind: node for node in mapping.NODES}
#: Columns of names from which the keys of publishers and authors follow.
OF_SOURCES = ("publisher", "authors")
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


@lru_cache(maxsize=64)
def columns_of(kind: str, *, with_text: bool, hidden: str | None = None) -> str:
    """Return the columns of a kind of node that have SQL, as SQL: null for those of a table that is
    ``hidden``, and for texts that are not written.

    A row has a key only if all of it that is written unseen may be written so.
    """
    node = _NODES[kind]
    unread = _unread(node, with_text)
    columns = {
        name: "NULL" if name in unread or sql.startswith(f"{hidden}.") else sql
        for name, sql in node.columns.items()
        if sql
    }
    unseen = {each.column for each in node.properties if each.value in _UNSEEN}
    unseen |= {*OF_ZONES, *OF_SOURCES, "surface"}
    written = dict.fromkeys(
        found
        for name in columns
        if name in unseen
        for found in _COLUMN.findall(columns[name])
        if found[0] in TABLES
    )
    if written:
        right = " AND ".join(is_right(*each) for each in written)
        columns["key"] = f"CASE WHEN {right} THEN {columns['key']} END"
    return ", ".join(columns.values())


def _unread(node: Node, with_text: bool) -> set[str | None]:
    """Return the columns of a node with texts that are not written."""
    if with_text:
        return set()
    unread = {each.column for each in node.properties if each.with_text}
    unread -= {each.column for each in node.properties if not each.with_text}
    # The words of a span are written where it is a mention.
    return unread if node in (mapping.MENTION, mapping.PHRASE) else {*unread, "surface"}


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
