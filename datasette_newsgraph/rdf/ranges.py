"""Divide a document into parts that are small enough to be dealt out and to be held in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from datasette_newsgraph import mapping
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.node_columns import table_of
from datasette_newsgraph.rdf.parts import WHOLE, Part

#: Nodes of a part: some milliseconds of work and a megabyte at most, so that no process waits long for
#: another. Much smaller ones would cost time.
_SIZES = ((mapping.ENTITY, 400), (mapping.RELATION, 750), (mapping.ARTICLE, 16))
#: By the kind of part: its table, and how many of its rows.
_DIVIDED = {node.kind: (table_of(node), size) for node, size in _SIZES}


def divided(rows: GraphRows) -> Iterator[Part]:
    """Yield the parts of ``WHOLE`` in order, each in ranges of the keys that are there."""
    for whole in WHOLE:
        low = None
        for key in _bounds(rows, whole.kind):
            yield Part(whole.kind, low, key)
            low = key
        yield Part(whole.kind, low)


def _bounds(rows: GraphRows, kind: str) -> Iterator[str]:
    """Yield the key of the first node of each range but the first."""
    if kind not in _DIVIDED:
        return
    table, size = _DIVIDED[kind]
    if not rows.may_read(table):
        return
    query, parameters = f"SELECT key FROM {table}", []
    if rows.selection is not None:
        query += " WHERE id IN (SELECT value FROM json_each(?))"
        parameters.append(json.dumps(sorted(getattr(rows.selection, table))))
    cursor = rows.connection.execute(f"{query} ORDER BY key", parameters)
    for (key,) in islice(cursor, size, None, size):
        yield key
