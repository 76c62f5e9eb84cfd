"""Cytoscape.js JSON: entities, articles and values as nodes, statements and mentions as edges.

Specification: https://js.cytoscape.org/#notation/elements-json. Each node and edge is a line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from datasette_newsgraph.property_graphs.columns import EDGES, MENTION, NODES, Element
from datasette_newsgraph.property_graphs.rows import Rows

_ROWS = 100
_encode = msgspec.json.Encoder().encode


def blocks(rows: Rows, together: int) -> Iterator[bytes]:
    """Yield the document in blocks."""
    yield b'{"elements":{"nodes":['
    yield from _written(rows, NODES)
    yield b'],\n"edges":['
    yield from _written(rows, EDGES)
    yield b"]}}\n"


def _written(rows: Rows, elements: Iterable[Element]) -> Iterator[bytes]:
    comma = b"\n"
    for element in elements:
        found = _elements(rows, element)
        while some := b",\n".join(map(_encode, islice(found, _ROWS))):
            yield comma + some
            comma = b",\n"


def _elements(rows: Rows, element: Element) -> Iterator[dict[str, Any]]:
    """Yield the nodes or edges of a kind, with their class by which they are drawn."""
    names = [each.name for each in rows.columns(element)]
    own: dict[str, Any] = {"kind": element.label}
    if element is MENTION:
        own["predicate"] = "mentions"
    for row in rows.of(element):
        data = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        yield {"data": {**data, **own}}
