"""GraphML 1.0: entities, articles and values as nodes, statements and mentions as edges.

Specification: http://graphml.graphdrawing.org/specification.html. A list is written as a JSON array,
for which GraphML has no type.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from datasette_newsgraph.property_graphs.columns import (
    EDGES,
    MENTION,
    NODES,
    Column,
    Element,
    Type,
)
from datasette_newsgraph.property_graphs.rows import Row, Rows
from datasette_newsgraph.property_graphs.xml_text import escaped

_TYPES = {Type.INTEGER: "long", Type.NUMBER: "double"}
_HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
)
_FOOTER = "</graph>\n</graphml>\n"
#: What tells nodes from nodes, and edges from edges.
KIND = Column("kind", "")
#: What a mention says, where a statement has its predicate.
_PREDICATE = Column("predicate", "")
_ROWS = 100


def blocks(rows: Rows, together: int) -> Iterator[bytes]:
    """Yield the document in blocks."""
    keys = _Keys(rows)
    yield (_HEADER + keys.declared + '<graph id="newsgraph" edgedefault="directed">\n').encode()
    for element in NODES:
        opening = '<node id="{}">' + keys.data("node", KIND, element.label)
        yield from _written(rows, element, keys, opening, 1, "node")
    for element in EDGES:
        opening = '<edge id="{}" source="{}" target="{}">' + keys.data("edge", KIND, element.label)
        if element is MENTION:
            opening += keys.data("edge", _PREDICATE, "mentions")
        yield from _written(rows, element, keys, opening, 3, "edge")
    yield _FOOTER.encode()


def _written(
    rows: Rows, element: Element, keys: _Keys, opening: str, ids: int, tag: str
) -> Iterator[bytes]:
    """Yield the nodes or edges of a kind; the first values of each row are ids, in ``opening``."""
    columns = rows.columns(element)[ids:]
    begin = [keys.beginning(tag, each) for each in columns]
    found = rows.of(element)
    while some := list(islice(found, _ROWS)):
        yield "".join(
            f"{opening.format(*map(escaped, row[:ids]))}{_data(begin, row[ids:])}</{tag}>\n"
            for row in some
        ).encode()


def _data(begin: list[str], values: Row) -> str:
    return "".join(
        f"{start}{value if type(value) in (int, float) else escaped(_words(value))}</data>"
        for start, value in zip(begin, values, strict=True)
        if value is not None
    )


def _words(value: str | list[str]) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _Keys:
    """The properties of nodes and of edges, declared under short names."""

    def __init__(self, rows: Rows) -> None:
        self._names: dict[tuple[str, str], str] = {}
        lines = []
        for tag, elements, ids in (("node", NODES, 1), ("edge", EDGES, 3)):
            columns = {KIND.name: KIND}
            for element in elements:
                columns |= {each.name: each for each in rows.columns(element)[ids:]}
            for number, each in enumerate(columns.values()):
                key = self._names[tag, each.name] = f"{tag[0]}{number}"
                type_ = _TYPES.get(each.type, "string")
                lines.append(
                    f'<key id="{key}" for="{tag}" attr.name="{each.name}" attr.type="{type_}"/>\n'
                )
        self.declared = "".join(lines)

    def beginning(self, tag: str, column: Column) -> str:
        """Return the beginning of a property."""
        return f'<data key="{self._names[tag, column.name]}">'

    def data(self, tag: str, column: Column, value: str) -> str:
        """Return a property of our own."""
        return f"{self.beginning(tag, column)}{value}</data>"
