"""What the visitor of a graph may see of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from datasette_newsgraph.web import line
from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.graphs import Graph


@dataclass(frozen=True)
class Sight:
    """The tables and views of a graph that a visitor may see.

    ``direct`` are those that their own permissions let be seen; of these, what tells of a hidden one
    is hidden too.
    """

    graph: Graph
    direct: frozenset[str]

    @cached_property
    def visible(self) -> frozenset[str]:
        """Return the tables and views that may be seen."""
        return secrecy.visible(self.direct)

    def sees(self, *tables: str) -> bool:
        """Tell whether all these may be seen."""
        return self.visible.issuperset(tables)

    def sees_counts_of(self, view: str) -> bool:
        """Tell whether the stored counts of a view's facets may be seen.

        The table of all of them tells of everything; the rows of one view tell what the view tells.
        """
        return self.sees(view) and "facet_counts" in self.direct

    @cached_property
    def readable(self) -> frozenset[str]:
        """Return the tables that RDF and our pages may be made of.

        The identifiers of an entity are its own, like its names: only which article gave them tells
        of articles, and that is neither shown nor written.
        """
        if {"identifiers", "entities"} <= self.direct:
            return self.visible | {"identifiers"}
        return self.visible

    @property
    def is_blind(self) -> bool:
        """Tell whether nothing of the graph may be seen."""
        return not self.visible & {"articles", "entities"}


async def sight_of(datasette: Any, actor: Any, graph: Graph) -> Sight:
    """Return what ``actor`` (None for anybody) may see of the graph."""
    names = secrecy.SHOWN & graph.tables
    return Sight(graph, await line.directly_visible(datasette, actor, graph.name, names))


async def sees_any(datasette: Any, actor: Any, graphs: Iterable[Graph]) -> bool:
    """Tell whether ``actor`` may see anything of any of the graphs."""
    for graph in graphs:
        if not (await sight_of(datasette, actor, graph)).is_blind:
            return True
    return False
