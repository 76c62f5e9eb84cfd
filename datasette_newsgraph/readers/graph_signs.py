"""By what nodes and edges in JSON are known, whatever their ends are called.

Keys alone would be many: there are as many names for the ends of an edge as programs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.readers.delimited import delimiter_of
from datasette_newsgraph.readers.format_signs import Sample
from datasette_newsgraph.readers.named_keys import OBJECTS, SUBJECTS, by_folded_key, values_in
from datasette_newsgraph.readers.property_graphs.table_headers import Header, header_of
from datasette_newsgraph.readers.schema_answers import answer_in, is_answer, text_in

_EDGES = ("edges", "links")
#: What a graph may stand in.
_WRAPPERS = ("graph", "graphs", "elements", "knowledge_graph", "kg", "network", "data")
#: What has nodes and edges and is no graph of things: the parse of a sentence (MRP), a page of
#: GraphQL, a flow of work.
_OTHERS = ("tops", "pageInfo", "framework", "connections", "last_node_id")
_LOOKED_AT = 20
#: An answer of OneKE's framework may stand alone, with little beside it.
_FEW_KEYS = 5
#: A node stands so deep in the results of the HTTP API.
_DEEPEST = 7


@dataclass(frozen=True)
class NodesAndEdges:
    """A JSON object with a list of nodes and one of edges, of which each has two ends."""

    weight: int = 6

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such an object, or holds one."""
        return float(any(_is_graph(each) for record in sample.records for each in _inner(record)))

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        return "JSON with a list of `nodes`, and of `edges` or `links` with two ends"


def _inner(record: Any) -> Iterator[dict[str, Any]]:
    """Yield what a record may have a graph in: it, and what it is wrapped in."""
    if not isinstance(record, dict):
        return
    yield record
    for key in _WRAPPERS:
        given = record.get(key)
        for each in given[:_LOOKED_AT] if isinstance(given, list) else [given]:
            if isinstance(each, dict):
                yield each


def _is_graph(given: dict[str, Any]) -> bool:
    nodes = given.get("nodes")
    edges = next((given[key] for key in _EDGES if key in given), None)
    if not isinstance(nodes, (list, dict)) or not isinstance(edges, list):
        return False
    if any(key in given for key in _OTHERS):
        return False
    if not edges:
        return bool(nodes) or "directed" in given
    return any(_has_ends(each) for each in edges[:_LOOKED_AT])


def _has_ends(edge: Any) -> bool:
    if not isinstance(edge, dict):
        return False
    inner = edge.get("data")
    given = by_folded_key({**edge, **inner} if isinstance(inner, dict) else edge)
    return all(any(True for _ in values_in(given, role)) for role in (SUBJECTS, OBJECTS))


@dataclass(frozen=True)
class LabelledNodes:
    """JSON with nodes of Neo4j, which have a list of ``labels``, or with relationships of its own."""

    weight: int = 6

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such a node or relationship, or holds one."""
        return float(any(_holds_labelled(each, 0) for each in sample.records))

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        return (
            "JSON with nodes that have `labels`, `properties` and `id`, `identity` or `elementId`, or"
            " with the `type` `node` or `relationship`"
        )


def _holds_labelled(given: Any, depth: int) -> bool:
    if isinstance(given, dict):
        if "edges" in given or "links" in given:
            return False
        if _is_labelled(given):
            return True
        members = list(given.values())
    else:
        members = given if isinstance(given, list) else []
    return depth < _DEEPEST and any(
        _holds_labelled(each, depth + 1) for each in members[:_LOOKED_AT]
    )


def _is_labelled(given: dict[str, Any]) -> bool:
    labels = given.get("labels")
    if given.get("type") == "node":
        return isinstance(labels, list) or ("id" in given and "properties" in given)
    if given.get("type") == "relationship":
        return "start" in given and "end" in given
    return (
        isinstance(labels, list)
        and bool(labels)
        and all(isinstance(each, str) for each in labels)
        and isinstance(given.get("properties"), dict)
        and any(key in given for key in ("identity", "elementId", "id"))
    )


@dataclass(frozen=True)
class Asked:
    """JSON records with a text, or an instruction that has one, and the answer of OneKE to it."""

    weight: int = 5

    def score(self, sample: Sample) -> float:
        """Return 1 where some record is such an answer."""
        return float(any(_is_asked(each) for each in sample.records))

    @property
    def words(self) -> str:
        """What the sign asks of a file."""
        return (
            "JSON with a text (`input`, `text`, `instruction`) and an answer (`output`, `prediction`)"
            " that has names by type or statements by predicate; or with `entity_list`,"
            " `relation_list`, `triple_list` or `event_list`"
        )


def _is_asked(given: Any) -> bool:
    if not isinstance(given, dict):
        return False
    key, answer = answer_in(given)
    has_text = bool(text_in(given))
    return is_answer(answer) and (has_text if key else has_text or len(given) < _FEW_KEYS)


@dataclass(frozen=True)
class NodeTables:
    """A folder with a table of nodes and one of edges, by their first lines."""

    #: More than a table of statements asks for, and less than GraphRAG's own files.
    weight: int = 1

    def score(self, sample: Sample) -> float:
        """Return 1 where both are there."""
        found = [header for each in sample.tables if (header := _header(each)) is not None]
        has_both = any(each.has_nodes for each in found) and any(each.has_edges for each in found)
        return float(has_both)

    @property
    def words(self) -> str:
        """What the sign asks of a folder."""
        return (
            "a folder with a table of nodes (`Id` and `Label` or `name`; `:ID`) and one of edges"
            " (`Source` and `Target`; `:START_ID` and `:END_ID`)"
        )


def _header(line: str) -> Header | None:
    try:
        cells = next(csv.reader([line], delimiter=delimiter_of(line)), [])
    except csv.Error:
        return None
    return header_of(cells)
