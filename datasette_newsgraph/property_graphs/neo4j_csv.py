"""CSV for ``neo4j-admin database import``: a table for each kind of node and edge, with its header.

Specification: the Neo4j Operations Manual, "Neo4j-admin import", CSV header format. Lists are
separated by ``;``, which becomes a comma within a value. The types of entities are labels, and the
predicates of statements are types of relationships, in the form in which they are written in Cypher;
the words themselves are the properties ``type`` and ``predicate``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from datasette_newsgraph.property_graphs.columns import (
    ARTICLE,
    ENTITY,
    MENTION,
    STATEMENT,
    STATEMENT_OF_VALUE,
    VALUE,
    Column,
    Element,
    Type,
)
from datasette_newsgraph.property_graphs.rows import Row, Rows

#: The tables by their names, with the ends of edges: kinds of nodes, of which each has its ids.
TABLES: tuple[tuple[str, Element, tuple[Element, ...]], ...] = (
    ("entities.csv", ENTITY, (ENTITY,)),
    ("articles.csv", ARTICLE, (ARTICLE,)),
    ("values.csv", VALUE, (VALUE,)),
    ("statements.csv", STATEMENT, (ENTITY, ENTITY)),
    ("statements_of_values.csv", STATEMENT_OF_VALUE, (ENTITY, VALUE)),
    ("mentions.csv", MENTION, (ARTICLE, ENTITY)),
)
#: The files of the folder.
NAMES = tuple(name for name, *_ in TABLES)
_TYPES = {
    Type.STRING: "string",
    Type.INTEGER: "long",
    Type.NUMBER: "double",
    Type.STRINGS: "string[]",
    Type.LINES: "string[]",
}
_BETWEEN = ";"
_ROWS = 100
#: What a cell needs quotation marks for.
_SPECIAL = re.compile(r'[,"\r\n]|\A\s|\s\Z|\A\Z')
#: What stands between the words of the type of a relationship.
_NO_LETTERS = re.compile(r"[\W_]+")
_MENTIONS = "MENTIONS"


def files(rows: Rows) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the tables: their names and their lines in blocks."""
    for name, element, ends in TABLES:
        yield name, _table(rows, element, ends)


def _table(rows: Rows, element: Element, ends: tuple[Element, ...]) -> Iterator[bytes]:
    columns = rows.columns(element)
    is_edge = len(ends) > 1
    own = columns[3 if is_edge else 1 :]
    heads = [f"{each.name}:{_TYPES[each.type]}" for each in own]
    if is_edge:
        start, end = (each.label for each in ends)
        header = [f":START_ID({start})", f":END_ID({end})", ":TYPE", "id:string", *heads]
    else:
        header = [f"id:ID({element.label})", ":LABEL", *heads]
    written = [_cell(each) for each in own]
    begin = _edge_cells(element, columns) if is_edge else _node_cells(element, columns)
    skipped = len(columns) - len(own)

    def cells(row: Row) -> list[Any]:
        return [
            *begin(row),
            *(write(value) for write, value in zip(written, row[skipped:], strict=True)),
        ]

    yield _lines([header])
    found = map(cells, rows.of(element))
    while some := list(islice(found, _ROWS)):
        yield _lines(some)


def _lines(rows: list[list[Any]]) -> bytes:
    return "".join(f"{','.join(map(_quoted, row))}\n" for row in rows).encode()


def _quoted(value: Any) -> str:
    """Return a cell (RFC 4180); an empty one is null, one in quotation marks is an empty string."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return '"' + value.replace('"', '""') + '"' if _SPECIAL.search(value) else value


def _node_cells(element: Element, columns: tuple[Column, ...]) -> Callable[[Row], list[Any]]:
    place = next((place for place, each in enumerate(columns) if each.name == "type"), None)

    def cells(row: Row) -> list[Any]:
        labels = [element.label]
        if place is not None and row[place]:
            labels.append(_one_label(row[place]))
        return [row[0], _BETWEEN.join(labels)]

    return cells


def _edge_cells(element: Element, columns: tuple[Column, ...]) -> Callable[[Row], list[Any]]:
    place = next((place for place, each in enumerate(columns) if each.name == "predicate"), None)

    def cells(row: Row) -> list[Any]:
        type_ = _MENTIONS if place is None else relationship_type(row[place] or "")
        return [row[1], row[2], type_, row[0]]

    return cells


def _one_label(type_: str) -> str:
    """Return a type as one label, whatever stands in it."""
    return " ".join(type_.replace(_BETWEEN, " ").replace(":", " ").split()) or "Unnamed"


def relationship_type(predicate: str) -> str:
    """Return the type of relationship that a predicate is.

    >>> relationship_type("member of"), relationship_type("born-in"), relationship_type("+")
    ('MEMBER_OF', 'BORN_IN', 'RELATED_TO')
    """
    return _NO_LETTERS.sub("_", predicate).strip("_").upper() or "RELATED_TO"


def _cell(column: Column) -> Callable[[Any], Any]:
    if column.type.is_list:
        return _list
    return _string if column.type is Type.STRING else _as_it_is


def _list(value: list[str] | None) -> str | None:
    if value is None:
        return None
    return _string(_BETWEEN.join(each.replace(_BETWEEN, ",") for each in value))


def _string(value: str | None) -> str | None:
    return value if value is None else value.replace("\0", "\ufffd")


def _as_it_is(value: Any) -> Any:
    return value
