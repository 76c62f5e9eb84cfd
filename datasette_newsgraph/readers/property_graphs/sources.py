"""Which article a node or an edge was taken from, as its properties say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datasette_newsgraph.readers.named_keys import CHUNKS, SOURCES, by_folded_key, folded
from datasette_newsgraph.readers.property_graphs.graph import Node, split

#: What a node may name its source by; on an edge ``source`` is an end.
_OF_NODES = (*SOURCES, "source")
#: A longer one is a text.
_LONGEST = 500
#: What names no file.
_NONE = frozenset(("unknown_source", "unknown", "none", "null", "n/a"))
#: Folded keys, and whether each may be a number.
Keys = tuple[tuple[str, bool], ...]


def _folded(keys: tuple[str, ...]) -> Keys:
    return tuple((folded(each), each.endswith("id")) for each in keys)


_NODE_KEYS, _EDGE_KEYS, _CHUNK_KEYS = map(_folded, (_OF_NODES, SOURCES, CHUNKS))
#: What of a thing is said by these keys is not its own value.
SOURCE_KEYS = frozenset(map(folded, (*_OF_NODES, *CHUNKS)))


def sources_of_node(node: Node) -> list[str]:
    """Return what tells the articles that a node is from; nothing if it does not say."""
    return _first(by_folded_key(node.properties), _NODE_KEYS)


def sources_in(properties: Mapping[str, Any]) -> list[str]:
    """Return what tells the articles that an edge is from."""
    return _first(by_folded_key(properties), _EDGE_KEYS)


def chunks_in(properties: Mapping[str, Any]) -> list[str]:
    """Return the ids of the pieces of text that something is from."""
    return _first(by_folded_key(properties), _CHUNK_KEYS)


def _first(given: Mapping[str, Any], keys: Keys) -> list[str]:
    for key, is_id in keys:
        value = given.get(key)
        # A number is an id, not the name of a source.
        if not value or (isinstance(value, (int, float)) and not is_id):
            continue
        found = [each for each in split(value) if len(each) <= _LONGEST]
        found = [each for each in found if each.casefold() not in _NONE]
        if found:
            return found
    return []
