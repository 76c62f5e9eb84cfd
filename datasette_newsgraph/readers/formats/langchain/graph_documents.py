"""Cut a file of property graphs into documents: stores apart, the chunks of one document together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.formats.langchain.property_graph import (
    Graph,
    Node,
    Relationship,
    SourceDocument,
    chunk_in,
    is_chunk,
)
from datasette_newsgraph.readers.formats.langchain.source_metadata import address_of, metadata_of
from datasette_newsgraph.readers.grouping import grouped
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

_DOCUMENT_OF = ("ref_doc_id", "document_id", "doc_id")


class _Head(Shape):
    """What tells the document of a graph, if it has a source, without the graph."""

    source: SourceDocument | None = None
    kwargs: _Head | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the graphs of each document together, one a line, at the line of the last one.

    A LlamaIndex store, which is one object, is cut into its documents.
    """
    return grouped(source, resume, _document_of_graph, _graphs)


def _graphs(source: Source, resume: tuple[int, int, str] | None) -> Iterator[Entry]:
    """Yield graph documents; of a LlamaIndex store each document with what was taken from it."""
    last = 0
    for entry in records(source, resume):
        documents = [] if entry.fault else documents_of(entry.raw)
        number = max(entry.line, last + 1)
        if not documents:
            last = number
            yield entry if entry.line == number else replace(entry, line=number)
        for last, document in enumerate(documents, number):
            # There is no going on from within one object.
            yield Entry(last, document)


def _document_of_graph(raw: bytes) -> str | None:
    """Return the address of a graph's document, else its text."""
    head = decode(raw, _Head)
    source = (head.kwargs or head).source
    if source is None:
        # Chunks may be among the nodes.
        return address_of(metadata_of(decode(raw, Graph).unwrapped)) if b"hunk" in raw else None
    return address_of(metadata_of(Graph(source=source))) or source.unwrapped.page_content


def documents_of(raw: bytes) -> list[bytes]:
    """Return the documents of a store, or nothing if it is none, or has one document only."""
    if b'"text_chunk"' not in raw:
        return []
    try:
        store = decode(raw, Graph)
    except RecordError:
        return []
    nodes = store.nodes if isinstance(store.nodes, dict) else {}
    document_of = {key: _document_of(key, each) for key, each in nodes.items() if is_chunk(each)}
    if len(set(document_of.values())) < 2:
        return []
    return list(map(msgspec.json.encode, _cut(store, nodes, document_of)))


def _cut(store: Graph, nodes: dict[str, Node], document_of: dict[str, str]) -> list[dict[str, Any]]:
    cut: dict[str, dict[str, Any]] = {
        each: {"nodes": {}, "relations": {}} for each in document_of.values()
    }
    for key, document in document_of.items():
        cut[document]["nodes"][key] = nodes[key]
    rest: dict[str, Any] = {"nodes": {}, "relations": {}}
    strays: dict[str, Node] = {}
    for key, each in nodes.items():
        if key not in document_of:
            home = document_of.get(_chunk_of(each))
            (strays if home is None else cut[home]["nodes"])[key] = each
    relations = store.relations if isinstance(store.relations, dict) else {}
    placed: set[str] = set()
    for key, relation in relations.items():
        if any(end in document_of for end in relation.ids):
            # Between chunks, or from an entity to its chunk, which the entity tells itself.
            continue
        part = cut.get(document_of.get(_chunk_of(relation), ""), rest)
        part["relations"][key] = relation
        # An entity of several documents has only the chunk that it was found in last.
        part["nodes"].update({end: nodes[end] for end in relation.ids if end in nodes})
        placed.update(relation.ids)
    rest["nodes"].update({key: each for key, each in strays.items() if key not in placed})
    return [*cut.values(), *([rest] if rest["nodes"] or rest["relations"] else [])]


def _document_of(key: str, chunk: Node) -> str:
    properties = chunk.properties
    given = (properties.get(name) for name in _DOCUMENT_OF)
    return next((each for each in given if isinstance(each, str) and each), key)


def _chunk_of(part: Node | Relationship) -> str:
    return chunk_in(part.properties) or ""
