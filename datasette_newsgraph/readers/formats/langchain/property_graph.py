"""The shapes of property graphs that LangChain, LlamaIndex and neo4j-graphrag write.

They differ in what they call the parts; here the parts have one name each. A LlamaIndex store, which
holds all documents in one object, is cut into documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

_CHUNKS = frozenset(("Chunk", "__Chunk__", "text_chunk"))
_DOCUMENTS = frozenset(("Document", "__Document__"))
_CHUNK_OF = "triplet_source_id"
_DOCUMENT_OF = ("ref_doc_id", "document_id", "doc_id")


class Node(Shape):
    """A node, or a wrapper (``kwargs``) around one, whose ``id`` is a list."""

    id: str | int | list[str] | None = None
    id_: str | None = None
    type: str | None = None
    label: str | None = None
    name: str | None = None
    text: str | None = None
    properties: dict[str, Any] | None = None
    kwargs: Node | None = None

    @property
    def unwrapped(self) -> Node:
        """The node itself."""
        return self.kwargs or self

    @property
    def key(self) -> str:
        """What relationships know it by; may be empty."""
        given = self.id_ if self.id is None or isinstance(self.id, list) else self.id
        return str(self.name or "" if given is None else given)

    @property
    def kind(self) -> str | None:
        """The label as the tool has it."""
        return self.type or self.label


class Relationship(Shape):
    """A relationship, or a wrapper around one; the ends are nodes or ids of nodes."""

    source: Node | str | int | None = None
    target: Node | str | int | None = None
    source_id: str | int | None = None
    target_id: str | int | None = None
    start_node_id: str | int | None = None
    end_node_id: str | int | None = None
    type: str | None = None
    label: str | None = None
    properties: dict[str, Any] | None = None
    kwargs: Relationship | None = None

    @property
    def unwrapped(self) -> Relationship:
        """The relationship itself."""
        return self.kwargs or self

    @property
    def kind(self) -> str | None:
        """The label as the tool has it."""
        return self.label if self.type in (None, "constructor") else self.type

    @property
    def ends(self) -> list[Node | str]:
        """The two ends, or as many as are given."""
        found: list[Node | str] = []
        for each in (
            (self.source, self.source_id, self.start_node_id),
            (self.target, self.target_id, self.end_node_id),
        ):
            end = next((given for given in each if given is not None), None)
            if end is not None:
                found.append(end.unwrapped if isinstance(end, Node) else str(end))
        return found

    @property
    def ids(self) -> list[str]:
        """The ids of the ends."""
        return [each.key if isinstance(each, Node) else each for each in self.ends]


class SourceDocument(Shape):
    """The document that LangChain has made a graph of."""

    id: str | list[str] | None = None
    page_content: str | None = None
    metadata: dict[str, Any] | None = None
    kwargs: SourceDocument | None = None

    @property
    def unwrapped(self) -> SourceDocument:
        """The document itself."""
        return self.kwargs or self


class Graph(Shape):
    """A graph, or a wrapper around one."""

    lc: int | None = None
    nodes: list[Node] | dict[str, Node] | None = None
    relationships: list[Relationship] | None = None
    relations: list[Relationship] | dict[str, Relationship] | None = None
    source: SourceDocument | None = None
    kwargs: Graph | None = None

    @property
    def unwrapped(self) -> Graph:
        """The graph itself."""
        return self.kwargs or self

    @property
    def is_readable(self) -> bool:
        """Whether it is more than the ``repr`` that LangChain writes of what it cannot serialise."""
        return self.lc is None or bool(self.nodes)

    @property
    def tool(self) -> str:
        """The tool that writes graphs of this shape."""
        if self.relations is not None:
            return "LlamaIndex"
        starts = (each.unwrapped.start_node_id for each in self.relationships or ())
        return "LangChain" if all(each is None for each in starts) else "neo4j-graphrag"

    @property
    def all_nodes(self) -> list[tuple[str, Node]]:
        """The nodes with their places in the file."""
        return _placed("nodes", self.nodes, Node)

    @property
    def all_relationships(self) -> list[tuple[str, Relationship]]:
        """The relationships with their places in the file."""
        return [
            *_placed("relationships", self.relationships, Relationship),
            *_placed("relations", self.relations, Relationship),
        ]

    @property
    def lexical(self) -> dict[str, Node]:
        """The nodes that are the text: chunks and, where there are chunks, documents."""
        nodes = {each.unwrapped.key: each.unwrapped for _, each in self.all_nodes}
        chunks = {key: each for key, each in nodes.items() if _is_chunk(each)}
        if not chunks:
            return {}
        return chunks | {key: each for key, each in nodes.items() if each.kind in _DOCUMENTS}


def _placed(name: str, given: Any, kind: Any) -> list[tuple[str, Any]]:
    pairs = given.items() if isinstance(given, Mapping) else enumerate(given or ())
    return [(f"{name}[{place}]", each) for place, each in pairs]


def _is_chunk(node: Node) -> bool:
    return node.kind in _CHUNKS and text_of(node) is not None


def text_of(chunk: Node) -> str | None:
    """Return the text of a chunk."""
    text = chunk.text or (chunk.properties or {}).get("text")
    return text if isinstance(text, str) and text.strip() else None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield graph documents; of a LlamaIndex store each document with what was taken from it."""
    for entry in records(source, resume):
        documents = [] if entry.fault else documents_of(entry.raw)
        if not documents:
            yield entry
        for number, document in enumerate(documents, entry.line):
            # There is no going on from within one object.
            yield Entry(number, document)


def documents_of(raw: bytes) -> list[bytes]:
    """Return the documents of a store, or nothing if it is none, or has one document only."""
    if b'"text_chunk"' not in raw:
        return []
    try:
        store = decode(raw, Graph)
    except RecordError:
        return []
    nodes = store.nodes if isinstance(store.nodes, dict) else {}
    document_of = {key: _document_of(key, each) for key, each in nodes.items() if _is_chunk(each)}
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
    properties = chunk.properties or {}
    given = (properties.get(name) for name in _DOCUMENT_OF)
    return next((each for each in given if isinstance(each, str) and each), key)


def _chunk_of(part: Node | Relationship) -> str:
    return chunk_in(part.properties or {}) or ""


def chunk_in(properties: Mapping[str, Any]) -> str | None:
    """Return the id of the chunk that something was taken from."""
    given = properties.get(_CHUNK_OF)
    return given if isinstance(given, str) else None
