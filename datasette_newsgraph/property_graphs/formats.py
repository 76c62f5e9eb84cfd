"""The table of formats for graph tools: each is one module and one entry here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeAlias

from datasette_newsgraph.property_graphs.annotations import ANNOTATIONS
from datasette_newsgraph.property_graphs.columns import (
    ARTICLE,
    EDGES,
    ENTITY,
    MENTION,
    NODES,
    STATEMENT,
    Element,
)

if TYPE_CHECKING:
    from datasette_newsgraph.property_graphs.rows import Rows

#: A file of a folder: its name, and its bytes in blocks.
File: TypeAlias = "tuple[str, Iterator[bytes]]"


class _Module(Protocol):
    """What the module of a format has: ``blocks`` of a file, or the ``NAMES`` of the ``files`` of a
    folder, and these.
    """

    NAMES: tuple[str, ...]

    @staticmethod
    def blocks(rows: Rows, together: int) -> Iterator[bytes]: ...

    @staticmethod
    def files(rows: Rows) -> Iterator[File]: ...


@dataclass(frozen=True)
class GraphFormat:
    """A format: its name on the command line, its title in sentences, the ending of its files and
    their media type; a folder has none. ``elements`` are the nodes and edges that it holds.

    ``options`` are those of the command that are of use here, beside what selects a part.
    """

    name: str
    title: str
    ending: str
    elements: tuple[Element, ...]
    media_type: str | None = None
    options: frozenset[str] = frozenset({"with_text"})

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return self.media_type is None

    @property
    def module(self) -> _Module:
        """Return the module that writes it; it is imported now."""
        module: _Module = import_module(f"{__package__}.{self.name.replace('-', '_')}")  # type: ignore[assignment]
        return module

    def reads(self, *, with_text: bool) -> frozenset[str]:
        """Return the tables that are read for it."""
        return frozenset().union(*(each.reads(with_text=with_text) for each in self.elements))


_ALL = (*NODES, *EDGES)
FORMATS: tuple[GraphFormat, ...] = (
    GraphFormat("graphml", "GraphML", ".graphml", _ALL, "application/graphml+xml"),
    GraphFormat(
        "gexf",
        "GEXF (Gephi)",
        ".gexf",
        (ENTITY, ARTICLE, STATEMENT, MENTION),
        "application/gexf+xml",
        frozenset({"together"}),
    ),
    GraphFormat("cytoscape", "Cytoscape.js JSON", ".cyjs", _ALL, "application/json"),
    GraphFormat("neo4j-csv", "a folder of CSV for neo4j-admin", ".neo4j", _ALL),
    GraphFormat(
        "parquet",
        "a folder of Parquet tables",
        ".parquet",
        (*_ALL, *(element for _, element in ANNOTATIONS)),
    ),
)


def find_format(path: str) -> GraphFormat | None:
    """Return the format that the ending of a file or folder names, a final ``.gz`` aside."""
    path = path.rstrip("/").removesuffix(".gz")
    return next((each for each in FORMATS if path.endswith(each.ending)), None)


def format_of_name(name: str) -> GraphFormat | None:
    """Return the format of a name."""
    return next((each for each in FORMATS if each.name == name), None)


def choices() -> str:
    """Return the names of all formats in words."""
    *names, last = (each.name for each in FORMATS)
    return f"{', '.join(names)} or {last}"
