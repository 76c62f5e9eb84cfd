"""Read the graphs of iText2KG.

- An entity is known by its label and name. The properties that it has (not its embeddings) become
  values.
- The ends of a relationship are entities: of ``startEntity`` and ``endEntity`` the label and name.
  One that is not in the list of entities is taken from there. Its ``name`` is the predicate.
- ``atomic_facts`` of ATOM become evidence, and ``t_start``, ``t_end`` the dates, ``t_obs`` is left
  out.
- A graph is one article, with the ``text``, ``title`` and ``url`` beside it, if there are any.

Offsets: none. Names are looked for in the text, which may be given with ``--articles``.

Example::

    {"entities": [{"label": "Person", "name": "Kofi Annan"},
                  {"label": "Organization", "name": "United Nations"}],
     "relationships": [{"startEntity": {"label": "Person", "name": "Kofi Annan"},
                        "endEntity": {"label": "Organization", "name": "United Nations"},
                        "name": "secretary-general of"}]}
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

_OF_ENDS = ("startEntity", "endEntity")
_BEGINNINGS, _ENDS = ("t_start", "start_date"), ("t_end", "end_date")


class _Graph(Shape):
    """What iText2KG writes, and what a pipeline puts beside it."""

    entities: list[Any] | None = None
    relationships: list[Any] | None = None
    text: str | None = None
    title: str | None = None
    url: str | None = None


def entries(source: Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield each graph as an article."""
    return graph_entries(source, resume, of_each_record(records, _graphs_of))


def _graphs_of(raw: bytes) -> list[Graph]:
    given = decode(raw, _Graph)
    if given.entities is None and given.relationships is None:
        raise RecordError("no graph in it: it has neither entities nor relationships")
    about = {"text": given.text, "title": given.title, "url": given.url}
    graph = Graph("iText2KG", about={key: each for key, each in about.items() if each})
    known: set[str] = set()
    for number, each in enumerate(given.entities or ()):
        _entity(graph, known, f"entities[{number}]", each)
    for number, each in enumerate(given.relationships or ()):
        _relationship(graph, known, f"relationships[{number}]", each)
    return [graph]


def _entity(graph: Graph, known: set[str], place: str, given: Any) -> str | None:
    """Take an entity, and return its id; None if it has no name."""
    name = words_of(given.get("name")) if isinstance(given, dict) else None
    if name is None:
        graph.fault(f"{place}: has no name", given)
        return None
    label = words_of(given.get("label"))
    id_ = f"{label or ''}\n{name}"
    if id_ not in known:
        known.add(id_)
        graph.nodes.append(Node(id_, place, _properties(given), [label] if label else [], name))
    return id_


def _properties(given: dict[str, Any]) -> dict[str, Any]:
    inner = given.get("properties")
    found = {
        key: value for key, value in given.items() if key not in ("name", "label", "properties")
    }
    if isinstance(inner, dict):
        found |= {key: value for key, value in inner.items() if key != "embeddings"}
    return found


def _relationship(graph: Graph, known: set[str], place: str, given: Any) -> None:
    ends = [
        _entity(graph, known, f"{place}.{key}", given.get(key)) if isinstance(given, dict) else None
        for key in ("startEntity", "endEntity")
    ]
    if ends[0] is None or ends[1] is None:
        if not isinstance(given, dict):
            graph.fault(f"{place}: is no relationship", given)
        return
    properties = _properties({key: each for key, each in given.items() if key not in _OF_ENDS})
    facts = properties.pop("atomic_facts", None)
    if facts:
        properties["evidence"] = facts
    properties.pop("t_obs", None)
    for key, names in (("start_date", _BEGINNINGS), ("end_date", _ENDS)):
        dates = next(filter(None, (properties.pop(each, None) for each in names)), None)
        if dates:
            properties[key] = dates
    graph.edges.append(Edge(ends[0], ends[1], place, properties, words_of(given.get("name"))))
