"""Read the graphs of kg-gen.

- ``entities`` are names, without types. A relation is a list of subject, predicate and object. An end
  that is no entity becomes one.
- Of ``entity_clusters`` the other names become aliases of the one that stands for all. They are no
  entities of their own.
- ``entities_chunk_ids`` and ``relations_chunk_ids`` name the files that something is from: each file
  is an article. Without them, a graph is one article.
- ``entity_metadata`` becomes descriptions. ``edges`` and ``edge_clusters``, which say again what the
  relations say, are left out.

Offsets: none. Names are looked for in the text, which may be given with ``--articles``.

Example::

    {"entities": ["Tawakkol Karman", "Women Journalists Without Chains", "Yemen"],
     "edges": ["founded", "is from"],
     "relations": [["Tawakkol Karman", "founded", "Women Journalists Without Chains"],
                   ["Tawakkol Karman", "is from", "Yemen"]],
     "entity_clusters": {"Tawakkol Karman": ["Tawakkol Karman", "Karman"]}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.cutting import records
from datasette_newsgraph.readers.property_graphs.article import parse
from datasette_newsgraph.readers.property_graphs.cutting import graph_entries, of_each_record
from datasette_newsgraph.readers.property_graphs.graph import Edge, Graph, Node, words_of
from datasette_newsgraph.readers.shapes import Shape, decode
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]


class _Graph(Shape):
    """What kg-gen writes; sets are lists in it."""

    entities: list[Any] | None = None
    edges: Any = None
    relations: list[Any] | None = None
    entity_clusters: dict[str, Any] | None = None
    entity_metadata: dict[str, Any] | None = None
    entities_chunk_ids: dict[str, Any] | None = None
    relations_chunk_ids: dict[str, Any] | None = None
    text: str | None = None
    title: str | None = None
    url: str | None = None
    #: Of a graph that is in the result of something else.
    graph: _Graph | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the articles of each graph, those of one file together."""
    return graph_entries(source, resume, of_each_record(records, _graphs_of))


def _graphs_of(raw: bytes) -> list[Graph]:
    given = decode(raw, _Graph)
    found = given.graph or given
    if found.entities is None and found.relations is None:
        raise RecordError("no graph in it: it has neither entities nor relations")
    return [_Reading(found).graph]


class _Reading:
    """A graph as it is read."""

    def __init__(self, given: _Graph) -> None:
        self._given = given
        about = {"text": given.text, "title": given.title, "url": given.url}
        self.graph = Graph("kg-gen", about={key: each for key, each in about.items() if each})
        self._nodes: dict[str, Node] = {}
        #: By each name of a cluster the one that stands for all.
        self._cluster: dict[str, str] = {}
        self._aliases = self._clusters()
        for number, each in enumerate(given.entities or ()):
            name = words_of(each)
            if name is None:
                self.graph.fault(f"entities[{number}]: is no name", each)
            else:
                self._node(name, f"entities[{number}]")
        for number, each in enumerate(given.relations or ()):
            self._relation(f"relations[{number}]", each)
        for name, others in self._aliases.items():
            self._node(name, f"entity_clusters[{name!r}]").properties["aliases"] = others
        self.graph.nodes += self._nodes.values()

    def _clusters(self) -> dict[str, list[str]]:
        """Return the other names of each cluster by the one that stands for all."""
        found: dict[str, list[str]] = {}
        for name, members in (self._given.entity_clusters or {}).items():
            if not isinstance(members, list):
                self.graph.fault(f"entity_clusters[{name!r}]: is no list of names", members)
                continue
            names = [each for each in map(words_of, members) if each is not None]
            if others := [each for each in dict.fromkeys(names) if each != name]:
                found[name] = others
                for each in others:
                    self._cluster.setdefault(each, name)
        return found

    def _node(self, name: str, place: str) -> Node:
        name = self._cluster.get(name, name)
        if name not in self._nodes:
            properties: dict[str, Any] = {}
            chunks = self._given.entities_chunk_ids or {}
            called = [name, *self._aliases.get(name, ())]
            if files := list(dict.fromkeys(f for each in called for f in _files(chunks.get(each)))):
                properties["source_file"] = files
            described = (self._given.entity_metadata or {}).get(name)
            texts = described if isinstance(described, list) else [described]
            words = [each for each in map(words_of, texts) if each is not None]
            if words:
                properties["description"] = "\n".join(words)
            self._nodes[name] = Node(name, place, properties, name=name)
        return self._nodes[name]

    def _relation(self, place: str, given: Any) -> None:
        names = list(map(words_of, given)) if isinstance(given, list) else []
        if len(names) != 3 or names[0] is None or names[2] is None:
            self.graph.fault(f"{place}: is no list of subject, predicate and object", given)
            return
        subject, predicate, object_ = names[0], names[1], names[2]
        # As kg-gen names it there.
        key = f"{subject}-{predicate}-{object_}"
        files = _files((self._given.relations_chunk_ids or {}).get(key))
        one, other = self._node(subject, place).id, self._node(object_, place).id
        properties: dict[str, Any] = {"source_file": files} if files else {}
        self.graph.edges.append(Edge(one, other, place, properties, predicate))


def _files(chunks: Any) -> list[str]:
    """Return the files of chunks, which are pairs of a file and a number, or the file alone."""
    found = [each[0] if isinstance(each, list) and each else each for each in chunks or ()]
    return list(dict.fromkeys(each for each in found if isinstance(each, str) and each.strip()))
