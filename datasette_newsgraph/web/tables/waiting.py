"""Cells that wait for what one query reads for all cells of a page.

Datasette makes one cell after the other, and then the page of them. In between, the cells are filled.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import sight_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.datasette import one_request
from datasette_newsgraph.web.faults import passing_over_slow


class WaitingCell:
    """The HTML of a cell: ``filling``, which is given later, and what stands around it.

    ``about`` is what the filling is looked up by: a key, or a row number.
    """

    def __init__(self, about: str | int, before: str, filling: str = "", behind: str = "") -> None:
        self.about = about
        self.filling = filling
        self._around = before, behind

    def __html__(self) -> str:
        before, behind = self._around
        return f"{before}{self.filling}{behind}"

    __str__ = __html__


#: Gives cells of one page their filling, as far as the visitor may see it.
Filler: TypeAlias = Callable[[Visit, list[WaitingCell]], Awaitable[None]]


def waiting_cell(database: str, filler: Filler, cell: WaitingCell) -> WaitingCell:
    """Return the cell, which the filler is given before the page under way is made."""
    waiting = one_request.remembered().setdefault(WaitingCell, {})
    waiting.setdefault((database, filler), []).append(cell)
    return cell


async def fill_cells(datasette: Any, request: Any) -> dict[str, Any]:
    """Fill the cells of the page under way. Return what its template is given besides: nothing."""
    waiting: dict[tuple[str, Filler], list[WaitingCell]]
    waiting = one_request.remembered().pop(WaitingCell, {})
    for (name, filler), cells in waiting.items():
        graph = await find_graph(datasette, name)
        if graph is None or graph.trouble:
            continue
        sight = await sight_of(datasette, request.actor, graph)
        # The rows are there; what takes too long can be done without.
        with passing_over_slow(name):
            await filler(Visit(datasette, request, graph, sight), cells)
    return {}
