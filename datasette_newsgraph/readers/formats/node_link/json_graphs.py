"""The graphs in a JSON value, whichever program it was written for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.readers.named_keys import (
    OBJECTS,
    SUBJECTS,
    by_folded_key,
    folded,
    values_in,
)
from datasette_newsgraph.readers.property_graphs.graph import Edge, Graph, Node, key_of
from datasette_newsgraph.readers.shapes import decode

TOOL = "node-link JSON"

_NODES = ("nodes", "vertices")
_EDGES = ("edges", "links", "arcs", "relationships", "relations")
#: What a graph stands in.
_WRAPPERS = ("graph", "elements", "graphs", "knowledge_graph", "kg", "network", "data")
#: What in a node or an edge has its properties.
_INNER = ("data", "attributes", "properties", "metadata")
#: What in a graph says something of all of it.
_ABOUT = ("graph", "metadata", "meta", "attributes", "data")
_IDS = ("id", "key", "_id", "@id", "uuid", "node_id")
_ENDS = frozenset(map(folded, (*SUBJECTS, *OBJECTS)))

Value = dict[str, Any]


def graphs_of(raw: bytes) -> list[Graph]:
    """Return the graphs of a record; raises RecordError if there is none in it."""
    found = [_graph(each) for each in _found(decode(raw, Any))]
    if not found:
        raise RecordError("no graph in it: it has no list of nodes")
    return found


def _found(given: Any, depth: int = 0) -> Iterator[Value]:
    """Yield the objects with nodes in a value."""
    if isinstance(given, list):
        if any(_is_element(each) for each in given):
            # Cytoscape.js without any group around.
            yield {"elements": given}
            return
        for each in given:
            if isinstance(each, dict):
                yield from _found(each, depth)
    elif isinstance(given, dict):
        has_nodes = any(isinstance(given.get(key), (list, dict)) for key in _NODES)
        if has_nodes or isinstance(given.get("elements"), list):
            yield given
        elif depth < 2:
            about = {key: value for key, value in given.items() if key not in _WRAPPERS}
            for key in _WRAPPERS:
                for each in _found(given.get(key), depth + 1):
                    yield {**about, **each}


def _is_element(given: Any) -> bool:
    return isinstance(given, dict) and isinstance(given.get("data"), dict) and "nodes" not in given


def _graph(given: Value) -> Graph:
    graph = Graph(TOOL)
    nodes, edges = _members(graph, given, _NODES), _members(graph, given, _EDGES)
    for number, each in enumerate(given.get("elements") or ()):
        (edges if _is_edge(each) else nodes).append((f"elements[{number}]", each, None))
    for number, (place, part, key) in enumerate(nodes):
        _add_node(graph, place, part, key, number)
    for place, part, _ in edges:
        _add_edge(graph, place, part)
    lists = {*_NODES, *_EDGES, "elements"}
    for each in (*(given.get(key) for key in _ABOUT), given):
        if isinstance(each, dict):
            own = {key: value for key, value in each.items() if key not in lists}
            graph.about.update({key: own[key] for key in own if not isinstance(own[key], dict)})
    return graph


def _members(
    graph: Graph, given: Value, keys: tuple[str, ...]
) -> list[tuple[str, Any, str | None]]:
    """Return the members of lists with their places, and with their keys where it is an object."""
    found: list[tuple[str, Any, str | None]] = []
    for key in keys:
        members = given.get(key)
        if isinstance(members, list):
            found += [(f"{key}[{place}]", each, None) for place, each in enumerate(members)]
        elif isinstance(members, dict):
            found += [(f"{key}[{name!r}]", each, name) for name, each in members.items()]
        elif members is not None:
            graph.fault(f"{key}: is no list", members)
    return found


def _is_edge(part: Any) -> bool:
    if not isinstance(part, dict):
        return False
    if part.get("group") in ("nodes", "edges"):
        return bool(part["group"] == "edges")
    data = part.get("data")
    return isinstance(data, dict) and "source" in data and "target" in data


def _add_node(graph: Graph, place: str, part: Any, key: str | None, number: int) -> None:
    if isinstance(part, (str, int)) and not isinstance(part, bool) and key_of(part):
        graph.nodes.append(Node(key_of(part) or "", place))
        return
    if not isinstance(part, dict):
        graph.fault(f"{place}: is no node", part)
        return
    properties = _flat(part)
    id_ = key or next(filter(None, (key_of(properties.get(each)) for each in _IDS)), None)
    properties.pop("id", None)
    has_id = id_ is not None
    graph.nodes.append(Node(id_ or f"[{number}]", place, properties, has_id=has_id))


def _add_edge(graph: Graph, place: str, part: Any) -> None:
    if isinstance(part, list):
        part = _of_list(part)
    if not isinstance(part, dict):
        graph.fault(f"{place}: is no edge", part)
        return
    properties = _flat(part)
    given = by_folded_key(properties)
    ends = [
        next(filter(None, map(_end, values_in(given, role))), None) for role in (SUBJECTS, OBJECTS)
    ]
    if ends[0] is None or ends[1] is None:
        graph.fault(f"{place}: has not two ends", part)
        return
    own = {
        key: value
        for key, value in properties.items()
        if folded(key) not in _ENDS or _end(value) not in ends
    }
    own.pop("id", None)
    graph.edges.append(Edge(ends[0], ends[1], place, own))


def _of_list(part: list[Any]) -> Any:
    """Return an edge that is a list: subject, predicate and object, or two ends and properties."""
    if len(part) == 3 and isinstance(part[2], dict):
        return {**part[2], "source": part[0], "target": part[1]}
    names = ("source", "target") if len(part) == 2 else ("source", "predicate", "target")
    return dict(zip(names, part, strict=True)) if len(part) in (2, 3) else part


def _end(given: Any) -> str | None:
    """Return what names an end, which D3 makes the node itself."""
    if isinstance(given, dict):
        found = (key_of(given.get(each)) for each in (*_IDS, "name", "label", "index"))
        return next(filter(None, found), None)
    return key_of(given)


def _flat(part: Value) -> Value:
    """Return the properties of a node or an edge, those within it, too."""
    found = {key: value for key, value in part.items() if key not in _INNER}
    for key in _INNER:
        inner = part.get(key)
        if isinstance(inner, dict):
            found = {**found, **inner}
        elif inner is not None:
            found[key] = inner
    return found
