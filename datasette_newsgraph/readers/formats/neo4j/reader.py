"""Read nodes and relationships of Neo4j in JSON: its Browser, its HTTP API, APOC.

- All of a file is one graph: the lines that ``apoc.export.json`` writes, the records that the Browser
  exports, the results of the HTTP and Query API. A node or relationship that is there several times
  is taken once.
- The first label that tells something is the type (not ``__Entity__``). The name is a property:
  see [files of nodes and edges](#files-of-nodes-and-edges), also for the articles that a graph is
  from. A node with the label ``Article``, ``Document`` or ``Chunk`` that has a text or an address, or
  that mentions others, is an article, or a piece of one.
- Dates, integers and points are read in whichever form a driver writes them.
- Rows that hold values only, and no nodes, are not a graph. For those write columns ``subject``,
  ``predicate`` and ``object``.

Offsets: none. Names are looked for in the text of their article, or in their chunk.

Example::

    {"type": "node", "id": "0", "labels": ["Article"],
     "properties": {"url": "https://example.org/cop21", "title": "Talks open",
                    "text": "Laurent Fabius chairs COP21 in Le Bourget."}}
    {"type": "node", "id": "1", "labels": ["Person"], "properties": {"name": "Laurent Fabius"}}
    {"type": "node", "id": "2", "labels": ["Event"], "properties": {"name": "COP21"}}
    {"type": "relationship", "id": "0", "label": "MENTIONS", "start": {"id": "0"}, "end": {"id": "1"}}
    {"type": "relationship", "id": "1", "label": "MENTIONS", "start": {"id": "0"}, "end": {"id": "2"}}
    {"type": "relationship", "id": "2", "label": "CHAIRS", "start": {"id": "1", "labels": ["Person"]},
     "end": {"id": "2", "labels": ["Event"]}, "properties": {"confidence": 0.9}}
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from datasette_newsgraph.errors import InputError, RecordError
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.formats.neo4j.values import Gathered
from datasette_newsgraph.readers.limits import Held
from datasette_newsgraph.readers.property_graphs.article import parse
from datasette_newsgraph.readers.property_graphs.cutting import graph_entries
from datasette_newsgraph.readers.property_graphs.graph import Graph
from datasette_newsgraph.readers.shapes import decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the articles of the graph that the file is."""
    return graph_entries(source, resume, _graphs, is_whole=True)


def _graphs(source: Source, _: object) -> Iterator[tuple[Entry, list[Graph]]]:
    """Yield the records that cannot be read, and behind them the graph of all others."""
    gathered = Gathered()
    held = Held(source.path, source.limit)
    first: Entry | None = None
    damage = None
    try:
        for entry in records(source):
            fault = entry.fault or _fault(gathered, entry.raw)
            if fault is not None:
                yield replace(entry, fault=fault), []
            elif first is None:
                first = entry
            held.add(len(entry.raw))
    except InputError as error:
        damage = error
    if first is not None:
        graph = [gathered.graph]
        del gathered
        yield Entry(first.line, b""), graph
    if damage is not None:
        raise damage


def _fault(gathered: Gathered, raw: bytes) -> str | None:
    """Take a record; return why it cannot be taken."""
    try:
        is_taken = gathered.take(decode(raw, Any))
    except RecordError as error:
        return str(error)
    return None if is_taken else "neither a node nor a relationship is in it"
