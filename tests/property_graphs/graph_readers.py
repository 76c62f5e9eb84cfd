"""Read exported graphs with programs that nobody of us wrote: networkx, DuckDB, a JSON parser."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import networkx

from datasette_newsgraph.property_graphs import GraphFormat
from tests.rdf.exported_graphs import newsgraph

Properties = dict[str, Any]


class Read(NamedTuple):
    """A graph: its nodes by their ids, and its edges, each with source, target and properties."""

    nodes: dict[str, Properties]
    edges: list[tuple[str, str, Properties]]

    def of_kind(self, kind: str) -> dict[str, Properties]:
        """The nodes of a kind."""
        return {id_: each for id_, each in self.nodes.items() if each["kind"] == kind}

    def edges_of_kind(self, kind: str) -> list[tuple[str, str, Properties]]:
        """The edges of a kind."""
        return [each for each in self.edges if each[2]["kind"] == kind]


def exported(database: Path | str, format_: GraphFormat, folder: Path, *options: str) -> Path:
    """Export a database; give the file or the folder."""
    path = folder / f"graph{format_.ending}"
    result = newsgraph("export", database, "-q", *options, "-o", path)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    return path


def read(path: Path, format_: GraphFormat) -> Read:
    """Read what was exported."""
    return _READERS[format_.name](path)


def _networkx(path: Path, graph: Any) -> Read:
    del path
    edges = [(source, target, data) for source, target, data in graph.edges(data=True)]
    return Read(dict(graph.nodes(data=True)), edges)


def _graphml(path: Path) -> Read:
    found = _networkx(path, networkx.read_graphml(path, force_multigraph=True))
    for data in (*found.nodes.values(), *(data for *_, data in found.edges)):
        for name in _LISTS & data.keys():
            data[name] = json.loads(data[name])
    return found


def _gexf(path: Path) -> Read:
    graph = networkx.read_gexf(BytesIO(path.read_bytes()), version="1.3")
    found = _networkx(path, graph)
    # It has a mutual edge both ways.
    edges = {data["id"]: (*sorted(ends), data) for *ends, data in found.edges if _is_mutual(data)}
    stated = [each for each in found.edges if not _is_mutual(each[2])]
    for data in found.nodes.values():
        data["name"], data["kind"] = data.pop("label"), "Entity"
    return Read(found.nodes, [*edges.values(), *stated])  # type: ignore[list-item]


def _is_mutual(data: Properties) -> bool:
    return bool(data["kind"] == "together")


def _cytoscape(path: Path) -> Read:
    elements = json.loads(path.read_bytes())["elements"]
    nodes = {each["data"]["id"]: each["data"] for each in elements["nodes"]}
    assert len(nodes) == len(elements["nodes"])
    edges = [each["data"] for each in elements["edges"]]
    assert len({each["id"] for each in edges}) == len(edges)
    return Read(nodes, [(each["source"], each["target"], each) for each in edges])


_KINDS = {
    "entities": "Entity",
    "articles": "Article",
    "values": "Value",
    "statements": "statement",
    "statements_of_values": "statement",
    "mentions": "mention",
    "appearances": "mention",
}
_LISTS = {"aliases", "same_as", "authors", "sections", "sources", "evidence", "quotes"}


def rows_of(path: Path) -> list[Properties]:
    """The rows of a table, as DuckDB reads them, without nulls."""
    function = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    is_csv = path.suffix == ".csv"
    options = ", header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"'"
    table = _duckdb().execute(f"SELECT * FROM {function}('{path}'{options if is_csv else ''})")
    names = [each[0] for each in table.description]
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in table.fetchall()
    ]


@lru_cache(maxsize=1)
def _duckdb() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


def _tables(path: Path, name: str) -> Read:
    found = Read({}, [])
    for file in sorted(path.iterdir()):
        if file.stem not in _KINDS or (file.stem == "mentions" and name == "parquet"):
            continue
        for row in rows_of(file):
            data = {**_typed(row), "kind": _KINDS[file.stem]}
            if "source" in data:
                found.edges.append((data["source"], data["target"], data))
            else:
                assert data["id"] not in found.nodes
                found.nodes[data["id"]] = data
    return found


_READ: dict[str, Callable[[str], Any]] = {"long": int, "double": float}


def _typed(row: Properties) -> Properties:
    """The properties of a row, of which a header of neo4j-admin tells the types."""
    data = {}
    for head, value in row.items():
        name, _, type_ = head.partition(":")
        type_, _, _ = type_.partition("(")
        if type_ in ("START_ID", "END_ID"):
            name = "source" if type_ == "START_ID" else "target"
        elif type_ in ("LABEL", "TYPE"):
            name = type_.casefold() + "s"
        elif type_ == "string[]":
            value = value.split(";")
        data[name] = _READ.get(type_, _same)(value)
    return data


def _same(value: Any) -> Any:
    return value


_READERS: dict[str, Callable[[Path], Read]] = {
    "graphml": _graphml,
    "gexf": _gexf,
    "cytoscape": _cytoscape,
    "neo4j-csv": lambda path: _tables(path, "neo4j-csv"),
    "parquet": lambda path: _tables(path, "parquet"),
}
