"""Cut a graph into articles: by its nodes of texts, by what nodes and edges name as their source.

A graph in which nothing names a source is one article. In one that has sources, an edge without one
is from the article that both its ends are of, if there is just one; what is left is an article of its
own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from datasette_newsgraph.readers.chunks import place_chunks
from datasette_newsgraph.readers.named_keys import DRAWN, by_folded_key, folded
from datasette_newsgraph.readers.property_graphs.edges import resolve, type_of
from datasette_newsgraph.readers.property_graphs.graph import (
    ArticleGraph,
    Edge,
    Graph,
    Node,
    words_of,
)
from datasette_newsgraph.readers.property_graphs.naming import Called, Naming
from datasette_newsgraph.readers.property_graphs.sources import (
    SOURCE_KEYS,
    chunks_in,
    sources_in,
    sources_of_node,
)
from datasette_newsgraph.readers.property_graphs.text_nodes import (
    is_chunk_label,
    text_in,
    text_nodes,
)
from datasette_newsgraph.readers.property_graphs.value_nodes import is_value

_ORDERS = ("index", "position", "chunkindex", "chunkorderindex", "order", "sequence", "seq")
_BETWEEN_CHUNKS = "\n"
#: The properties of a node that are no values of a thing.
_APART = SOURCE_KEYS | frozenset(map(folded, DRAWN))


@dataclass
class _Draft:
    """An article in the making: its pieces of text by their ids, its nodes and edges by places."""

    key: str | None
    about: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    chunks: dict[str, Node] = field(default_factory=dict)
    #: The places of nodes, with the pieces of text that each is from.
    nodes: dict[int, list[str]] = field(default_factory=dict)
    edges: dict[int, list[str]] = field(default_factory=dict)

    def take(self, places: dict[int, list[str]], place: int, chunk: str | None = None) -> None:
        """Note that a node or an edge is from this article, and from a piece of it."""
        chunks = places.setdefault(place, [])
        if chunk is not None and chunk in self.chunks and chunk not in chunks:
            chunks.append(chunk)

    def placed_text(self) -> tuple[str | None, dict[str, tuple[int, int]], bool]:
        """Return the text, where the pieces of it are, and whether it was put together of these."""
        given = sorted(self.chunks.items(), key=lambda each: _order(each[1]))
        texts = [(id_, text) for id_, node in given if (text := text_in(node.properties))]
        if self.text is not None or not texts:
            placed = place_chunks(self.text or "", texts)
            return self.text, {id_: span for id_, span in placed if span is not None}, False
        places: dict[str, tuple[int, int]] = {}
        end = 0
        for id_, text in texts:
            places[id_] = end, end + len(text)
            end += len(text) + len(_BETWEEN_CHUNKS)
        return _BETWEEN_CHUNKS.join(text for _, text in texts), places, True


def _order(chunk: Node) -> float:
    given = by_folded_key(chunk.properties)
    found = (given.get(key) for key in _ORDERS)
    return next((each for each in found if isinstance(each, (int, float))), 0.0)


def articles_of(graph: Graph) -> list[ArticleGraph]:
    """Return the articles of a graph, at least one."""
    return list(_Cutting(graph).articles())


class _Cutting:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        known = graph.texts or ()
        self._naming = Naming([each for each in graph.nodes if each.id not in known])
        self._edges = resolve(graph, self._naming)
        self._apart = _APART | self._naming.used
        typed = [(each, self._naming.called(each).type) for each in graph.nodes]
        if graph.texts is None:
            self._texts = text_nodes(typed, [(each, type_of(each)) for each in self._edges])
        else:
            self._texts = {each.id: each for each in graph.nodes if each.id in graph.texts}
        self._places = {each.id: place for place, each in enumerate(graph.nodes)}
        #: What is said of all of the graph may say where all of it is from.
        self._common = next(iter(sources_of_node(Node("", properties=graph.about))), None)
        self._drafts: dict[str | None, _Draft] = {}
        #: The article of each node of a text, by its id, and what each thing is from.
        self._article_of: dict[str, str] = {}
        self._from: dict[int, list[str]] = {}

    def articles(self) -> Iterator[ArticleGraph]:
        """Yield them in the order in which they come up."""
        self._take_texts()
        for place, node in enumerate(self._graph.nodes):
            if node.id not in self._texts:
                self._take_node(place, node)
        rest = [place for place, edge in enumerate(self._edges) if not self._take_edge(place, edge)]
        self._take_rest(rest)
        for number, draft in enumerate(self._drafts.values()):
            yield self._article(draft, is_first=number == 0)

    def _draft(self, key: str | None) -> _Draft:
        return self._drafts.setdefault(key, _Draft(key))

    def _take_texts(self) -> None:
        """Take the nodes of texts: whole articles, and pieces of one."""
        chunks = {
            id_: node
            for id_, node in self._texts.items()
            if is_chunk_label(self._naming.called(node).type)
        }
        for id_, node in self._texts.items():
            if id_ not in chunks:
                draft = self._draft(id_)
                draft.about, draft.text = dict(node.properties), text_in(node.properties)
                self._article_of[id_] = id_
                # Others name it by its id without the space that neo4j-admin puts before it.
                own = words_of(node.properties.get("id"))
                for name in (*sources_of_node(node), *([own] if own else ())):
                    self._article_of.setdefault(name, id_)
        tied: dict[str, str] = {}
        for edge in self._edges:
            for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
                if one in chunks and other in self._texts and other not in chunks:
                    tied.setdefault(one, other)
        for id_, node in chunks.items():
            named = (each for each in sources_of_node(node) if each != id_)
            key = tied.get(id_) or next(named, None) or id_
            key = self._article_of.get(key, key)
            draft = self._draft(key)
            draft.chunks[id_] = node
            if not draft.about:
                draft.about = {
                    name: value
                    for name, value in node.properties.items()
                    if value != text_in(node.properties)
                }
            self._article_of[id_] = key

    def _take_node(self, place: int, node: Node) -> None:
        chunks = [each for each in chunks_in(node.properties) if each in self._article_of]
        for chunk in chunks:
            self._take_from(place, self._article_of[chunk], chunk)
        if not chunks:
            for key in sources_of_node(node):
                self._take_from(place, self._article_of.get(key, key), key)

    def _take_from(self, place: int, key: str, chunk: str) -> None:
        draft = self._draft(key)
        draft.take(draft.nodes, place, chunk)
        found = self._from.setdefault(place, [])
        if key not in found:
            found.append(key)

    def _take_edge(self, place: int, edge: Edge) -> bool:
        """Take an edge to its article; return False if it has none."""
        ends = (edge.source, edge.target)
        texts = [each for each in ends if each in self._texts]
        if texts:
            # It says where the thing at its other end is from.
            for end in ends:
                if end not in self._texts:
                    self._take_from(self._places[end], self._article_of[texts[0]], texts[0])
            return True
        chunks = [each for each in chunks_in(edge.properties) if each in self._article_of]
        keys = [(self._article_of[each], each) for each in chunks] or [
            (self._article_of.get(each, each), each) for each in sources_in(edge.properties)
        ]
        for key, chunk in keys:
            draft = self._draft(key)
            draft.take(draft.edges, place, chunk)
            for end in ends:
                draft.take(draft.nodes, self._places[end])
        return bool(keys)

    def _take_rest(self, edges: list[int]) -> None:
        """Take what names no source: to the only article if there is one, else to one of its own."""
        keys = list(self._drafts)
        only = keys[0] if len(keys) == 1 else self._common if not keys else None
        for place in edges:
            edge = self._edges[place]
            ends = [self._places[end] for end in (edge.source, edge.target)]
            one, other = (self._from.get(end, []) for end in ends)
            shared = [each for each in one if each in other]
            draft = self._draft(shared[0] if len(shared) == 1 else only)
            draft.take(draft.edges, place)
            for end in ends:
                draft.take(draft.nodes, end)
        placed = {place for draft in self._drafts.values() for place in draft.nodes}
        for place, node in enumerate(self._graph.nodes):
            if place not in placed and node.id not in self._texts:
                draft = self._draft(only)
                draft.take(draft.nodes, place)
        if not self._drafts:
            self._draft(only)

    def _article(self, draft: _Draft, *, is_first: bool) -> ArticleGraph:
        is_only = len(self._drafts) == 1
        about = {**(self._graph.about if is_only else {}), **draft.about}
        text, passages, is_joined = draft.placed_text()
        if text is None and is_only:
            text = text_in(self._graph.about)
        return ArticleGraph(
            tool=self._graph.tool,
            key=draft.key,
            about={name: value for name, value in about.items() if not _is_text(value)},
            text=text,
            is_joined=is_joined,
            passages=passages,
            nodes=list(self._named(draft.nodes)),
            edges=[
                msgspec.structs.replace(self._edges[place], passages=chunks)
                for place, chunks in draft.edges.items()
            ],
            # What is wrong with the graph is told with the first article.
            faults=[(each.reason, each.part) for each in self._graph.faults] if is_first else [],
        )

    def _named(self, places: dict[int, list[str]]) -> Iterator[Node]:
        for place, chunks in places.items():
            node = self._graph.nodes[place]
            called = self._naming.called(node)
            yield msgspec.structs.replace(
                node,
                name=called.name,
                labels=[called.type] if called.type else [],
                properties=self._own(node, called),
                passages=chunks,
            )

    def _own(self, node: Node, called: Called) -> dict[str, Any]:
        """Return the properties that are values of the thing, and what else it is called."""
        if is_value(node, called.type):
            return node.properties
        found = {
            key: value for key, value in node.properties.items() if folded(key) not in self._apart
        }
        if called.aliases:
            found.setdefault("aliases", called.aliases)
        if called.description:
            found.setdefault("description", called.description)
        return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) > 5000
