"""What the visitor of a graph may see of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.graphs import Graph, told_of
from datasette_newsgraph.web.datasette import lines


@dataclass(frozen=True)
class Sight:
    """The tables and views of a graph that a visitor may see.

    ``direct`` are those that their own permissions let be seen; of these, what tells of a hidden one
    is hidden too. ``telling`` are the hidden tables that the entities of this graph tell of.
    """

    graph: Graph
    direct: frozenset[str]
    telling: frozenset[str] = frozenset()

    @cached_property
    def _visible(self) -> frozenset[str]:
        return secrecy.visible(self.direct, self.telling)

    @cached_property
    def readable(self) -> frozenset[str]:
        """Return the tables and views that our pages and RDF may be made of: of some only ``parts``."""
        return secrecy.readable(self.direct, self.telling)

    @cached_property
    def _parts(self) -> Mapping[str, secrecy.Part]:
        return {
            table: part
            for hidden in self.telling
            for table, part in secrecy.LEFT.get(hidden, {}).items()
        }

    @cached_property
    def parts(self) -> Mapping[str, str]:
        """Return the tables of which only some rows may be read, with the SELECT of these."""
        return {table: part.rows for table, part in self._parts.items()}

    def count_of(self, table: str) -> str:
        """Return the SELECT of the number of rows of a table that may be read."""
        part = self._parts.get(table)
        return part.number if part else f"SELECT count(*) FROM {table}"

    def sees(self, *tables: str) -> bool:
        """Tell whether our pages may be made of all these."""
        return self.readable.issuperset(tables)

    def lists(self, table: str) -> bool:
        """Tell whether Datasette shows a table or view, all rows of it, to the visitor."""
        return table in self._visible

    def first_listed(self, *tables: str) -> str | None:
        """Return the first of some tables and views that Datasette shows to the visitor."""
        return next((each for each in tables if self.lists(each)), None)

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing that was loaded is hidden."""
        return self.direct >= secrecy.SOURCES & self.graph.tables

    def sees_counts_of(self, view: str) -> bool:
        """Tell whether the stored counts of a view's facets may be seen.

        The table of all of them tells of everything; the rows of one view tell what the view tells.
        """
        return self.sees(view) and "facet_counts" in self.direct

    @property
    def is_blind(self) -> bool:
        """Tell whether nothing of the graph may be seen."""
        return not self.readable & {"articles", "entities"}


async def sight_of(datasette: Any, actor: Any, graph: Graph) -> Sight:
    """Return what ``actor`` (None for anybody) may see of the graph."""
    names = secrecy.SHOWN & graph.tables
    direct = await lines.directly_visible(datasette, actor, graph.name, names)
    telling = await told_of(datasette, graph, secrecy.ENTITIES_TELL, names - direct)
    return Sight(graph, direct, telling)


async def sees_any(datasette: Any, actor: Any, graphs: Iterable[Graph]) -> bool:
    """Tell whether ``actor`` may see anything of any of the graphs."""
    for graph in graphs:
        if not (await sight_of(datasette, actor, graph)).is_blind:
            return True
    return False
