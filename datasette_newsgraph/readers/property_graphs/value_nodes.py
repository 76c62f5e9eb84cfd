"""Nodes that are values and no things, as newsgraph exports them: a date, a number, a text."""

from __future__ import annotations

from typing import Any, NamedTuple

from datasette_newsgraph.readers.named_keys import by_folded_key
from datasette_newsgraph.readers.property_graphs.graph import Node, words_of

#: The label of such a node in lower case, and the property that has the value.
VALUE = "value"
_DATATYPE = "datatype"


class NodeValue(NamedTuple):
    """What an edge leads to that is no thing, and what kind of value it is."""

    value: Any
    datatype: str | None


def is_value(node: Node, label: str | None) -> bool:
    """Tell whether a node of this label is a value: it says of which datatype, too."""
    return label is not None and label.casefold() == VALUE and _DATATYPE in node.properties


def value_of(node: Node) -> NodeValue:
    """Return the value that a node is, which may be empty."""
    given = by_folded_key(node.properties)
    return NodeValue(given.get(VALUE, ""), words_of(given[_DATATYPE]))
