"""Read GEXF, as Gephi and networkx write it.

- How nodes are named, and which article they are from: see
  [files of nodes and edges](#files-of-nodes-and-edges). The ``label`` of a node is its name, unless
  its attributes have one.
- Values have the type of their ``<attribute>``. Lists are ``a|b``, or as JSON has them. A value may
  have several spells (``start``, ``end``): the last one is taken.
- ``start`` and ``end`` of an edge are the dates of its relation, if they are dates.
- The nodes within a node are nodes of the graph. What is drawn (``viz:``) is left out.

Offsets: none. Names are looked for in the text, which may be given with ``--articles``.

Example::

    <gexf xmlns="http://gexf.net/1.3" version="1.3">
      <graph defaultedgetype="directed">
        <attributes class="node">
          <attribute id="0" title="type" type="string"/>
          <attribute id="1" title="source_url" type="string"/>
        </attributes>
        <nodes>
          <node id="n0" label="Jacinda Ardern">
            <attvalues><attvalue for="0" value="Person"/>
              <attvalue for="1" value="https://example.org/christchurch"/></attvalues>
          </node>
          <node id="n1" label="Christchurch">
            <attvalues><attvalue for="0" value="City"/>
              <attvalue for="1" value="https://example.org/christchurch"/></attvalues>
          </node>
        </nodes>
        <edges><edge id="0" source="n0" target="n1" label="visited" weight="2.0"/></edges>
      </graph>
    </gexf>
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

__all__ = ["entries", "parse"]

#: What is said of an edge beside its values.
_OF_EDGES = ("start", "end", "kind")


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the articles of the graph."""
    return graph_entries(source, resume, of_each_record(_whole, _graphs_in), is_whole=True)


def _whole(source: Source, _: object) -> Iterator[Entry]:
    return whole(source, is_article=False)


def _graphs_in(raw: bytes) -> list[Graph]:
    target = _Gexf()
    walk(raw, target)
    if not target.has_graph:
        raise RecordError("no graph in it: it has no <graph>")
    return [target.graph]


class _Gexf:
    """Takes a document, element by element."""

    def __init__(self) -> None:
        self.graph = Graph("GEXF")
        self.has_graph = False
        #: Names and types of attributes, by what they are for and their ids; and their defaults.
        self._attributes: dict[tuple[str, str], tuple[str, str]] = {}
        self._defaults: dict[str, dict[str, Any]] = {"node": {}, "edge": {}}
        self._class = ""
        self._attribute: tuple[str, str] | None = None
        #: The nodes and edges around, with their place for faults and their properties.
        self._around: list[tuple[str, str, dict[str, Any]]] = []
        self._words: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Take the beginning of an element."""
        name = local(name)
        if name == "graph":
            self.has_graph = True
        elif name == "attributes":
            self._class = attributes.get("class", "node")
        elif name == "attribute":
            id_ = attributes.get("id", "")
            self._attribute = attributes.get("title") or id_, attributes.get("type", "string")
            self._attributes[self._class, id_] = self._attribute
        elif name == "default":
            self._words = []
        elif name == "node":
            self._node(attributes)
        elif name == "edge":
            self._edge(attributes)
        elif name == "attvalue" and self._around:
            self._value(attributes)

    def words(self, text: str, /) -> None:
        """Take text."""
        if self._words is not None:
            self._words.append(text)

    def end(self, name: str, /) -> None:
        """Take the end of an element."""
        name = local(name)
        if name == "default" and self._words is not None and self._attribute is not None:
            words = "".join(self._words).strip()
            if words and self._class in self._defaults:
                called, type_ = self._attribute
                self._defaults[self._class][called] = typed(words, type_)
            self._words = None
        elif name in ("node", "edge") and self._around:
            self._around.pop()

    def _node(self, attributes: dict[str, str]) -> None:
        number = len(self.graph.nodes)
        id_ = attributes.get("id", "").strip()
        place = f"node {id_!r}"
        properties = dict(self._defaults["node"])
        if attributes.get("label", "").strip():
            properties["label"] = attributes["label"].strip()
        node = Node(id_ or f"[{number}]", place, properties, has_id=bool(id_))
        self.graph.nodes.append(node)
        self._around.append(("node", place, node.properties))

    def _edge(self, attributes: dict[str, str]) -> None:
        source, target = attributes.get("source", ""), attributes.get("target", "")
        place = f"edge {attributes.get('id', f'{source} {target}')!r}"
        properties = dict(self._defaults["edge"])
        properties |= {key: attributes[key] for key in _OF_EDGES if key in attributes}
        self._around.append(("edge", place, properties))
        if not source.strip() or not target.strip():
            self.graph.fault(f"{place}: has not two ends", attributes)
            return
        type_ = attributes.get("label")
        self.graph.edges.append(Edge(source.strip(), target.strip(), place, properties, type_))

    def _value(self, attributes: dict[str, str]) -> None:
        kind, place, properties = self._around[-1]
        # Version 1.1 has the id of the attribute in "id".
        id_ = attributes.get("for", attributes.get("id", ""))
        found = self._attributes.get((kind, id_))
        if found is None:
            self.graph.fault(f"{place}: no <attribute> has the id {id_!r}", attributes)
            return
        words = attributes.get("value", "").strip()
        if words:
            properties[found[0]] = typed(words, found[1])
