"""Counts of graphs, kept in the memory of the server for as long as nothing changes.

To count a graph takes nearly as long as to export it. A table of counts would have to follow each
load, removal, decision, chosen term and base IRI, and would be right for whoever sees everything only.
So a graph is counted when somebody asks, once for each state of the file and for each part of it that
visitors see.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any
from weakref import WeakKeyDictionary

from datasette_newsgraph.rdf.description.counting import Counts
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.responses import state_of_file

#: Counts that a server keeps: of several graphs, and of one as different visitors see it.
_KEPT = 32

_of_servers: WeakKeyDictionary[Any, KeptCounts] = WeakKeyDictionary()


class KeptCounts:
    """The counts that one server keeps. Those of one graph are made one at a time, so that who comes
    second finds them there.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Counts] = OrderedDict()
        self._changing = threading.Lock()
        self._counting: dict[str, threading.Lock] = {}

    def has(self, key: Hashable) -> bool:
        """Tell whether something was counted."""
        return key in self._kept

    def of(self, graph: str, key: Hashable | None, count: Callable[[], Counts]) -> Counts:
        """Return what was counted of a graph, or count it now; with None for a key, keep nothing."""
        if key is None:
            return count()
        with self._changing:
            counting = self._counting.setdefault(graph, threading.Lock())
        with counting:
            found = self._kept.get(key)
            if found is None:
                found = count()
            with self._changing:
                self._kept[key] = found
                self._kept.move_to_end(key)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
        return found


def kept_counts(datasette: Any) -> KeptCounts:
    """Return the counts that a server keeps."""
    return _of_servers.setdefault(datasette, KeptCounts())


def state_seen(visit: Visit) -> Hashable | None:
    """Return what is another one when what a visitor sees of a graph may have changed; None for a
    database without a file.
    """
    path = visit.database.path
    if not path:
        return None
    return (
        visit.graph.name,
        tuple(map(tuple, state_of_file(path))),
        visit.sight.readable,
        frozenset(visit.sight.parts),
        visit.settings.assert_from,
    )
