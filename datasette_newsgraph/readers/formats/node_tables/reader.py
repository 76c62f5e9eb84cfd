"""Read a folder with tables of nodes and of edges (CSV, TSV): Gephi's, neo4j-admin's, and APOC's.

Give the folder that has both. All tables in it are one graph. A table that APOC exports, which has
nodes and edges in one, can be given by itself.

- Gephi: ``Id`` and ``Label`` of nodes, ``Source``, ``Target`` and ``Label`` of edges. ``Type`` of an
  edge may be its direction, which is no predicate. Tables with columns ``from`` and ``to``, or
  ``source_id`` and ``target_id``, are read in the same way.
- neo4j-admin: ``personId:ID(Person)``, ``name:string``, ``:LABEL``; ``:START_ID``, ``:END_ID``,
  ``:TYPE``. Values have the declared type, lists are separated by ``;``. The header must be in the
  table itself. If there is no label, the space of the ids is the type.
- APOC: ``_id``, ``_labels``, ``_start``, ``_end``, ``_type``.
- What the other columns mean, and which article a node or an edge is from: see
  [files of nodes and edges](#files-of-nodes-and-edges).
- A table of edges whose ends are names, with a column for the predicate, can also be given by itself:
  see [triples](#triples).

Offsets: none. Names are looked for in the text, which may be given with ``--articles``.

Example::

    nodes.csv
        Id,Label,Type,source_url
        1,Gro Harlem Brundtland,Person,https://example.org/who
        2,World Health Organization,Organization,https://example.org/who
    edges.csv
        Source,Target,Type,Label,Weight,source_url
        1,2,Directed,director-general of,1.0,https://example.org/who
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from datasette_newsgraph.errors import InputError
from datasette_newsgraph.readers import delimited
from datasette_newsgraph.readers.cutting import whole
from datasette_newsgraph.readers.folder import Folder
from datasette_newsgraph.readers.formats.triples.columns import misfit
from datasette_newsgraph.readers.limits import Limit
from datasette_newsgraph.readers.plain_values import is_number
from datasette_newsgraph.readers.property_graphs.article import parse
from datasette_newsgraph.readers.property_graphs.articles import articles_of
from datasette_newsgraph.readers.property_graphs.graph import Edge, Graph, Node
from datasette_newsgraph.readers.property_graphs.table_headers import Column, Header, header_of
from datasette_newsgraph.readers.property_graphs.written_values import listed, typed
from datasette_newsgraph.readers.source import Entry, Source

__all__ = ["entries", "parse"]

_ENDINGS = (".csv", ".tsv")


def entries(source: Folder | Source, resume: tuple[int, int, str] | None = None) -> Iterator[Entry]:
    """Yield the articles of the graph that the tables are.

    Raises InputError where there is no table of nodes, or where one cannot be read.
    """
    graph = Graph("tables of nodes and edges")
    has_nodes = False
    for name, data in _tables(source):
        place = f"{source.path}: {name}" if name else source.path
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"{place} is not UTF-8: byte {error.start + 1}") from error
        has_nodes = _Table(graph, name or source.name).take(text, source.limit) or has_nodes
    if not has_nodes:
        if isinstance(source, Folder):
            raise InputError(f"{source.path}: has no table of nodes; put it beside that of edges")
        raise InputError(
            f"{source.path}: is one table of a graph; give the folder that has it together with the"
            " others"
        )
    for number, article in enumerate(articles_of(graph), 1):
        yield Entry(number, msgspec.json.encode(article))


def _tables(source: Folder | Source) -> Iterator[tuple[str, bytes]]:
    if isinstance(source, Folder):
        for name in source.names:
            if name.endswith(_ENDINGS):
                yield name, source.read(name, is_whole=True)
    else:
        for entry in whole(source, is_article=False):
            yield "", entry.raw


class _Table:
    """One table as it is read into the graph."""

    def __init__(self, graph: Graph, name: str) -> None:
        self._graph = graph
        self._name = name

    def take(self, text: str, limit: Limit) -> bool:
        """Take a table; return whether it has nodes."""
        rows = delimited.rows(text, delimited.delimiter_of(text), limit)
        first = next(rows, delimited.Row(1, "", []))
        header = header_of(first.cells)
        if header is None:
            words = first.text[:80]
            self._graph.fault(f"{self._name}: is no table of nodes or of edges", words)
            return False
        for row in rows:
            fault = row.fault or misfit(row.cells, first.cells)
            if fault is not None:
                self._graph.fault(f"{self._name}: line {row.line}: {fault}", row.text[:999])
            else:
                self._row(f"{self._name}: line {row.line}", header, row.cells)
        return header.has_nodes

    def _row(self, place: str, header: Header, cells: list[str]) -> None:
        ids: dict[str, str] = {}
        labels: list[str] = []
        type_ = None
        properties: dict[str, Any] = {}
        for column, cell in zip(header.columns, cells, strict=False):
            words = cell.strip()
            if not words or column.role == "ignored":
                continue
            if column.role in ("id", "start", "end"):
                ids[column.role] = f"{column.space}:{words}" if column.space else words
                if column.role == "id" and column.space:
                    labels.append(column.space)
                if column.role == "id" and column.type and column.name:
                    # neo4j-admin keeps the id as a property, if the column has a name.
                    properties.setdefault("id", words)
            elif column.role == "labels":
                labels = [each for each in words.replace(":", ";").split(";") if each.strip()]
            elif column.role == "type":
                type_ = words
            else:
                properties[column.name] = _value(column, words)
        if "id" in ids and "start" not in ids and "end" not in ids:
            self._graph.nodes.append(Node(ids["id"], place, properties, labels))
        elif "start" in ids and "end" in ids:
            own = {key: each for key, each in properties.items() if key.casefold() != "id"}
            predicate = own.get("predicate")
            if type_ and isinstance(predicate, str) and _same_letters(predicate, type_):
                # The type is how Cypher spells it.
                type_ = predicate
            self._graph.edges.append(Edge(ids["start"], ids["end"], place, own, type_))
        else:
            reason = "has not two ends" if header.has_edges else "has no id"
            self._graph.fault(f"{place}: {reason}", cells)


def _same_letters(one: str, other: str) -> bool:
    letters = ("".join(filter(str.isalnum, each)).casefold() for each in (one, other))
    return next(letters) == next(letters)


def _value(column: Column, words: str) -> Any:
    if column.is_list:
        return [typed(each.strip(), column.type) for each in words.split(";") if each.strip()]
    if column.type:
        return typed(words, column.type)
    # An id or a telephone number may begin with a zero.
    is_value = is_number(words) and not words.startswith(("0", "+")) and len(words) < 16
    return typed(words, "double") if is_value else listed(words)
