"""Which nodes the edges of a graph lead from and to, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from datasette_newsgraph.readers.named_keys import PREDICATES, by_folded_key, values_in
from datasette_newsgraph.readers.property_graphs.graph import Edge, Graph, Node
from datasette_newsgraph.readers.property_graphs.naming import Naming

#: How an edge is drawn, whether it has a direction, or that it is one: nothing that it says.
_NO_PREDICATES = frozenset(
    (
        *("directed", "undirected", "mutual", "edge", "link", "relationship", "line", "arrow"),
        *("curve", "curved", "curvedarrow", "straight", "bezier", "smoothstep", "step", "default"),
    )
)


def type_of(edge: Edge) -> str | None:
    """Return what an edge says, in the words of its file; None if it only relates."""
    if edge.type and edge.type.strip():
        return edge.type
    return predicate_in(by_folded_key(edge.properties))


def predicate_in(given: Mapping[str, Any]) -> str | None:
    """Return the predicate among the properties of an edge, by folded keys.

    >>> [predicate_in(each) for each in ({"label": "met"}, {"type": "Directed"}, {"label": "3"})]
    ['met', None, None]
    """
    for value in values_in(given, PREDICATES):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, str) and _says_something(each):
                return each
    return None


def _says_something(words: str) -> bool:
    return words.strip().casefold() not in _NO_PREDICATES and any(map(str.isalpha, words))


class _Ends:
    """Finds the node that is meant by an end: by its id, its name, or its place in the list."""

    def __init__(self, graph: Graph, naming: Naming) -> None:
        self._graph = graph
        self._ids = {each.id: each for each in graph.nodes}
        self._ids_are_names = naming.ids_are_names
        self._by_name: dict[str, str] = {}
        for each in graph.nodes:
            self._by_name.setdefault(naming.called(each).name or "", each.id)
        #: Numbers are places where no id is one, as D3 has them.
        self._has_places = not any(each.id.isdecimal() for each in graph.nodes)

    def find(self, end: str) -> str | None:
        """Return the id of the node, which is made if edges give it by name and it is not there."""
        if end in self._ids:
            return end
        if (found := self._by_name.get(end)) is not None:
            return found
        if self._has_places and end.isdecimal():
            place = int(end) if len(end) < 10 else len(self._graph.nodes)
            return self._graph.nodes[place].id if place < len(self._graph.nodes) else None
        if not self._ids_are_names or not any(map(str.isalpha, end)):
            return None
        self._ids[end] = Node(end)
        self._graph.nodes.append(self._ids[end])
        return end


def resolve(graph: Graph, naming: Naming) -> list[Edge]:
    """Return the edges with the ids of nodes at their ends; one without two such is a fault."""
    ends = _Ends(graph, naming)
    found = []
    for edge in graph.edges:
        source, target = ends.find(edge.source), ends.find(edge.target)
        for given, end in ((edge.source, source), (edge.target, target)):
            if end is None:
                graph.fault(f"{edge.place}: {given[:80]!r} is no node", edge.properties)
        if source is not None and target is not None:
            found.append(msgspec.structs.replace(edge, source=source, target=target))
    return found
