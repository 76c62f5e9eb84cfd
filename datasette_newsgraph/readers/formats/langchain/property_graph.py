"""The shapes of property graphs that LangChain, LlamaIndex and neo4j-graphrag write.

They differ in what they call the parts; here the parts have one name each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.readers.property_graphs.text_nodes import is_article_label, is_chunk_label
from datasette_newsgraph.readers.shapes import Shape

_CHUNK_OF = "triplet_source_id"
_NAMES = ("name", "title", "label")


class _Part(Shape, rename={"given_properties": "properties"}):
    """What has properties: an object or, as a model writes them for LangChain, a list of pairs."""

    given_properties: dict[str, Any] | list[Any] | None = None

    @property
    def properties(self) -> dict[str, Any]:
        """The properties by their keys."""
        if isinstance(self.given_properties, dict):
            return self.given_properties
        pairs = [each for each in self.given_properties or () if isinstance(each, dict)]
        keys = [(each.get("key"), each.get("value")) for each in pairs]
        return {key: value for key, value in keys if isinstance(key, str)}


class Node(_Part):
    """A node, or a wrapper (``kwargs``) around one, whose ``id`` is a list."""

    id: str | int | list[str] | None = None
    id_: str | None = None
    type: str | None = None
    label: str | None = None
    name: str | None = None
    text: str | None = None
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


class Relationship(_Part):
    """A relationship, or a wrapper around one; the ends are nodes or ids of nodes.

    ``source_node_id`` and its like are what a model writes for LangChain's transformer, which makes
    nodes of them where there are none.
    """

    source: Node | str | int | None = None
    target: Node | str | int | None = None
    source_id: str | int | None = None
    target_id: str | int | None = None
    start_node_id: str | int | None = None
    end_node_id: str | int | None = None
    source_node_id: str | int | None = None
    source_node_type: str | None = None
    target_node_id: str | int | None = None
    target_node_type: str | None = None
    type: str | None = None
    label: str | None = None
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
            (
                self.source,
                self.source_id,
                self.start_node_id,
                _node(self.source_node_id, self.source_node_type),
            ),
            (
                self.target,
                self.target_id,
                self.end_node_id,
                _node(self.target_node_id, self.target_node_type),
            ),
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
        """Whether the graph is more than the ``repr`` that LangChain writes of what it cannot
        serialise.
        """
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
        chunks = {key: each for key, each in nodes.items() if is_chunk(each)}
        if not chunks:
            return {}
        return chunks | {key: each for key, each in nodes.items() if is_article_label(each.kind)}


def _node(id_: str | int | None, type_: str | None) -> Node | None:
    return None if id_ is None else Node(id=id_, type=type_)


def _placed(name: str, given: Any, kind: Any) -> list[tuple[str, Any]]:
    pairs = given.items() if isinstance(given, Mapping) else enumerate(given or ())
    return [(f"{name}[{place}]", each) for place, each in pairs]


def is_chunk(node: Node) -> bool:
    """Tell whether a node is a piece of the text."""
    return is_chunk_label(node.kind) and text_of(node) is not None


def text_of(chunk: Node) -> str | None:
    """Return the text of a chunk."""
    text = chunk.text or chunk.properties.get("text")
    return text if isinstance(text, str) and text.strip() else None


def chunk_in(properties: Mapping[str, Any]) -> str | None:
    """Return the id of the chunk that something was taken from."""
    given = properties.get(_CHUNK_OF)
    return given if isinstance(given, str) else None


def name_of(properties: Mapping[str, Any]) -> str | None:
    """Return the name that a node has among its properties."""
    names = (properties.get(key) for key in _NAMES)
    return next((each for each in names if isinstance(each, str) and each.strip()), None)
