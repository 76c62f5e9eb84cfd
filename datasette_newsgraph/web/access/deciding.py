"""Who may decide what is the same and what is wrong, who is told who decided, and where nothing can be
written.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from datasette.utils import actor_matches_allow

from datasette_newsgraph.web.access.graphs import Graph, told_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.datasette.one_request import remembered
from datasette_newsgraph.web.settings import settings_of

#: The tables that nobody writes but by deciding: the log, what follows from it, and what is offered.
KEPT = ("decisions", "decided", "as_given", "candidates")
#: What a log tells of people.
_PEOPLE = {"decisions": "SELECT 1 FROM decisions WHERE decided_by IS NOT NULL OR why IS NOT NULL"}


def is_named(datasette: Any, actor: Any, database: str) -> bool:
    """Tell whether the setting ``decide`` of a database allows ``actor`` to decide."""
    block = settings_of(datasette, database).decide
    return block is not None and bool(actor_matches_allow(actor, block))


async def may_decide(datasette: Any, actor: Any, database: str) -> bool:
    """Tell whether ``actor`` is allowed to decide in a database, whatever they may see of it."""
    known: dict[str, bool] = remembered().setdefault((may_decide, database), {})
    key = json.dumps(actor, sort_keys=True, default=repr)
    if key not in known:
        known[key] = await lines.may_decide(datasette, actor, database)
    return known[key]


async def hides_people(datasette: Any, actor: Any, graph: Graph) -> bool:
    """Tell whether the log of a graph names people, or gives their reasons, and ``actor`` is not to be
    told: that is for those who may decide, unless the settings say that it is for all.
    """
    if "decisions" not in graph.tables or settings_of(datasette, graph.name).show_who_decided:
        return False
    if await may_decide(datasette, actor, graph.name):
        return False
    return bool(await told_of(datasette, graph, _PEOPLE, _PEOPLE))


@dataclass(frozen=True)
class Deciding:
    """What a visitor may do: ``is_allowed`` if they may decide; ``obstacle`` then says why nobody can,
    where nothing can be written.
    """

    is_allowed: bool
    obstacle: str | None

    @property
    def has_forms(self) -> bool:
        """Tell whether pages have forms for this visitor."""
        return self.is_allowed and self.obstacle is None


async def deciding_of(visit: Visit) -> Deciding:
    """Return what the visitor may do. Whoever may not see all that is decided on may not decide: what
    became of a form would tell of it.
    """
    datasette, actor = visit.datasette, visit.request.actor
    found: Deciding | None = remembered().get((Deciding, visit.graph.name))
    if found is None:
        sees = visit.sight.sees("decisions")
        is_allowed = sees and await may_decide(datasette, actor, visit.graph.name)
        found = Deciding(is_allowed, obstacle(visit.database) if is_allowed else None)
        remembered()[Deciding, visit.graph.name] = found
    return found


def obstacle(database: Any) -> str | None:
    """Return why nothing can be written into a database of Datasette's, as a sentence, or None."""
    if not database.is_mutable:
        return "Nobody can decide here: the database is served as immutable (datasette -i)."
    path = database.path
    if not path:
        return None
    # SQLite makes a journal beside the file.
    places = ((path, "file"), (Path(path).absolute().parent, "folder"))
    closed = next((what for each, what in places if not os.access(each, os.W_OK)), None)
    return closed and f"Nobody can decide here: the {closed} of the database is read-only."
