"""Read GraphML, as networkx, Neo4j, TinkerPop, yEd and LightRAG write it.

- Each ``<graph>`` of the file is one graph. Its own ``<data>`` (``title``, ``url``, ``text``) is
  about the article. The nodes of a graph within a node belong to the graph around it.
- How nodes are named, and which article they are from: see
  [files of nodes and edges](#files-of-nodes-and-edges). Of yEd, the labels that it draws are the names
  and the predicates.
- Values have the type of their ``<key>``. A list may be written as JSON, or joined by ``<SEP>``.
- Of LightRAG, the ``keywords`` of an edge are its predicate. An article is all that has the same
  ``file_path``, or else the same chunk in ``source_id``. Give its whole folder
  ([lightrag](#lightrag)) to have the texts, too.
- A ``<hyperedge>`` is a fault.

Offsets: none. Names are looked for in the text, which may be given with ``--articles``.

Example::

    <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
      <key id="d0" for="node" attr.name="entity_type" attr.type="string"/>
      <key id="d1" for="edge" attr.name="relation" attr.type="string"/>
      <key id="d2" for="edge" attr.name="source_url" attr.type="string"/>
      <graph edgedefault="directed">
        <node id="Christine Lagarde"><data key="d0">Person</data></node>
        <node id="European Central Bank"><data key="d0">Organization</data></node>
        <edge source="Christine Lagarde" target="European Central Bank">
          <data key="d1">president of</data><data key="d2">https://example.org/ecb</data>
        </edge>
      </graph>
    </graphml>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.cutting import whole
from datasette_newsgraph.readers.property_graphs.article import parse
from datasette_newsgraph.readers.property_graphs.cutting import graph_entries, of_each_record
from datasette_newsgraph.readers.property_graphs.graph import Edge, Graph, Node
from datasette_newsgraph.readers.property_graphs.written_values import typed
from datasette_newsgraph.readers.source import Entry, Source
from datasette_newsgraph.readers.xml_input import local, walk

__all__ = ["entries", "graphs_in", "parse"]

#: The keys under which TinkerPop has the label of a node and of an edge, and Neo4j that of a node.
_LABELS_OF_NODES, _LABELS_OF_EDGES = ("labelV", "labels"), ("labelE",)
#: The labels that yEd draws.
_DRAWN = ("NodeLabel", "EdgeLabel")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the articles of each graph, those of one source together."""
    return graph_entries(source, resume, of_each_record(_whole, graphs_in), is_whole=True)


def _whole(source: Source, _: object) -> Iterator[Entry]:
    return whole(source, is_article=False)


def graphs_in(raw: bytes) -> list[Graph]:
    """Return the graphs of a document; raises RecordError if it is not well-formed, or has none."""
    target = _GraphML()
    walk(raw, target)
    if not target.graphs:
        raise RecordError("no graph in it: it has no <graph>")
    return target.graphs


class _GraphML:
    """Takes a document, element by element."""

    def __init__(self) -> None:
        self.graphs: list[Graph] = []
        #: By the ids of keys their names and types; the default values by what they are for.
        self._keys: dict[str, tuple[str, str]] = {}
        self._defaults: dict[str, dict[str, Any]] = {}
        #: What is around, the graph first: its kind, its attributes and its properties.
        self._around: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        #: The numbers of the nodes around.
        self._open_nodes: list[int] = []
        self._key: tuple[str, str] | None = None
        self._for = "all"
        self._words: list[str] | None = None
        self._drawn: list[str] = []

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Take the beginning of an element."""
        name = local(name)
        if name == "key":
            called = attributes.get("attr.name") or attributes.get("id", "")
            self._key = called, attributes.get("attr.type", "string")
            self._keys[attributes.get("id", "")] = self._key
            self._for = attributes.get("for", "all")
        elif name == "graph":
            if not self._around:
                self.graphs.append(Graph("GraphML"))
            self._open(name, attributes)
        elif name in ("node", "edge", "hyperedge") and self._around:
            self._open(name, attributes)
        elif name in ("node", "edge", "hyperedge") and self.graphs:
            self.graphs[-1].fault(
                f"{name} {attributes.get('id', '')!r}: is in no graph", attributes
            )
        elif name == "data" and self._around:
            self._key = self._keys.get(attributes.get("key", ""))
            if self._key is None:
                key = attributes.get("key")
                self.graphs[-1].fault(f"{self._place()}: no <key> has the id {key!r}", key)
            self._words, self._drawn = [], []
        elif name == "default" or (name == "desc" and self._around) or name in _DRAWN:
            self._words = []

    def words(self, text: str, /) -> None:
        """Take text."""
        if self._words is not None:
            self._words.append(text)

    def end(self, name: str, /) -> None:
        """Take the end of an element."""
        name = local(name)
        words = "".join(self._words or ()).strip()
        if name in _DRAWN:
            self._drawn.append(words)
            self._words = []
        elif name == "data" and self._around:
            self._data(words)
            self._words = None
        elif name == "default" and self._key is not None and words:
            for each in ("node", "edge") if self._for == "all" else (self._for,):
                self._defaults.setdefault(each, {})[self._key[0]] = typed(words, self._key[1])
            self._words = None
        elif name == "desc" and self._around and words:
            self._around[-1][2].setdefault("description", words)
            self._words = None
        elif name in ("graph", "node", "edge", "hyperedge") and self._around:
            self._close()

    def _open(self, kind: str, attributes: dict[str, str]) -> None:
        self._around.append((kind, attributes, dict(self._defaults.get(kind, {}))))
        if kind == "node":
            # In its place, before the nodes within it.
            self._open_nodes.append(len(self.graphs[-1].nodes))
            self.graphs[-1].nodes.append(Node(""))

    def _place(self) -> str:
        kind, attributes, _ = self._around[-1]
        return f"{kind} {attributes.get('id') or attributes.get('source', '')!r}"

    def _data(self, words: str) -> None:
        properties = self._around[-1][2]
        if self._drawn:
            # yEd has several for one node: the first is that of the middle.
            properties.setdefault("label", next(filter(None, self._drawn), ""))
            self._drawn = []
        elif self._key is not None and words:
            name, type_ = self._key
            properties[name] = typed(words, type_)

    def _close(self) -> None:
        kind, attributes, properties = self._around[-1]
        graph, place = self.graphs[-1], self._place()
        self._around.pop()
        if kind == "graph" and not self._around:
            graph.about.update(properties)
        elif kind == "node":
            number, id_ = self._open_nodes.pop(), attributes.get("id", "").strip()
            labels = _label(properties, _LABELS_OF_NODES) or _split(attributes.get("labels", ""))
            graph.nodes[number] = Node(
                id_ or f"[{number}]", place, properties, labels=labels, has_id=bool(id_)
            )
        elif kind == "edge":
            label = _label(properties, _LABELS_OF_EDGES) or [attributes.get("label", "")]
            ends = attributes.get("source"), attributes.get("target")
            if ends[0] is None or ends[1] is None:
                graph.fault(f"{place}: has not two ends", attributes)
            else:
                graph.edges.append(Edge(ends[0], ends[1], place, properties, label[0] or None))
        elif kind == "hyperedge":
            graph.fault(f"{place}: a hyperedge has more than two ends", attributes)


def _label(properties: dict[str, Any], keys: tuple[str, ...]) -> list[str]:
    """Take the labels out of properties."""
    found: list[str] = []
    for key in keys:
        given = properties.pop(key, None)
        if isinstance(given, str):
            found += _split(given)
        elif isinstance(given, list):
            found += [each for each in given if isinstance(each, str)]
    return found


def _split(labels: str) -> list[str]:
    """Return the labels that Neo4j writes as ``:Person:Entity``, and TinkerPop as ``a::b``."""
    return [each.strip() for each in labels.split(":") if each.strip()]
