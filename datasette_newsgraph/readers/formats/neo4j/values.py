"""Nodes and relationships of Neo4j, wherever they stand in a JSON value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.readers.formats.neo4j.properties import plain_properties
from datasette_newsgraph.readers.property_graphs.graph import Edge, Graph, Node, key_of

#: What a node or a relationship is known by, and the two ends of one, in all versions of the exports.
_IDS = ("identity", "id", "elementId", "element_id")
_STARTS = ("start", "startNode", "startNodeElementId", "start_node_id", "source", "from")
_ENDS = ("end", "endNode", "endNodeElementId", "end_node_id", "target", "to")

Value = dict[str, Any]


def is_node(given: Any) -> bool:
    """Tell whether a value is a node."""
    if not isinstance(given, dict):
        return False
    if given.get("type") == "node" and "id" in given:
        return True
    labels = given.get("labels")
    return (
        isinstance(labels, list)
        and all(isinstance(each, str) for each in labels)
        and any(key in given for key in _IDS)
        and isinstance(given.get("properties", {}), dict)
    )


def is_relationship(given: Any) -> bool:
    """Tell whether a value is a relationship; one end may be missing."""
    if not isinstance(given, dict) or "segments" in given:
        return False
    if given.get("type") == "relationship":
        return True
    has_type = isinstance(given.get("type"), str) and isinstance(given.get("properties"), dict)
    return has_type and any(key in given for key in (*_STARTS, *_ENDS))


class Gathered:
    """The nodes and relationships of all values of a file, each once."""

    def __init__(self) -> None:
        self.graph = Graph("Neo4j")
        self._places: dict[str, int] = {}
        self._known: set[str] = set()

    def take(self, value: Any) -> bool:
        """Take what is in a value; return whether there is anything."""
        found = False
        for each in _parts(value):
            found = True
            if is_node(each):
                self._node(each)
            else:
                self._relationship(each)
        return found

    def _node(self, given: Value) -> None:
        id_ = _id(given)
        number = len(self.graph.nodes)
        labels = [each for each in given.get("labels") or () if isinstance(each, str)]
        properties = given.get("properties")
        node = Node(
            id_ or f"[{number}]",
            f"node {id_!r}",
            plain_properties(properties) if isinstance(properties, dict) else {},
            labels,
            has_id=id_ is not None,
        )
        place = self._places.get(node.id)
        if place is None:
            self._places[node.id] = number
            self.graph.nodes.append(node)
        elif not self.graph.nodes[place].properties:
            # At the end of a relationship it may stand without what is said of it.
            self.graph.nodes[place] = node

    def _relationship(self, given: Value) -> None:
        id_ = _id(given)
        if id_ is not None:
            if id_ in self._known:
                return
            self._known.add(id_)
        place = f"relationship {id_!r}"
        ends = [_end(given, keys) for keys in (_STARTS, _ENDS)]
        for key in ("start", "end"):
            if is_node(given.get(key)):
                self._node(given[key])
        if ends[0] is None or ends[1] is None:
            self.graph.fault(f"{place}: has not two ends", given)
            return
        is_export = given.get("type") == "relationship"
        type_ = given.get("label") if is_export else given.get("type")
        properties = given.get("properties")
        self.graph.edges.append(
            Edge(
                ends[0],
                ends[1],
                place,
                plain_properties(properties) if isinstance(properties, dict) else {},
                type_ if isinstance(type_, str) else None,
            )
        )


def _parts(value: Any) -> Iterator[Value]:
    """Yield the nodes and relationships in a value, in their order."""
    stack = [value]
    while stack:
        each = stack.pop()
        if is_node(each) or is_relationship(each):
            yield each
        elif isinstance(each, (dict, list)):
            members = list(each.values()) if isinstance(each, dict) else each
            stack += (part for part in reversed(members) if isinstance(part, (dict, list)))


def _id(given: Value) -> str | None:
    for key in _IDS:
        if key in given and (found := _key(given[key])) is not None:
            return found
    return None


def _end(given: Value, keys: tuple[str, ...]) -> str | None:
    for key in keys:
        if key not in given:
            continue
        end = given[key]
        # APOC has the node itself there, without labels if it has none.
        found = _key(end) or (_id(end) if isinstance(end, dict) else None)
        if found is not None:
            return found
    return None


def _key(given: Any) -> str | None:
    """Return an id, of which the drivers for JavaScript make two numbers."""
    if isinstance(given, dict):
        low, high = given.get("low"), given.get("high")
        if isinstance(low, int) and isinstance(high, int) and abs(low) < 1 << 32:
            return str((high << 32 if abs(high) < 1 << 32 else 0) + (low & 0xFFFFFFFF))
        return None
    return key_of(given)
