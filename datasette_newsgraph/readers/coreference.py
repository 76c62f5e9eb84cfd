"""What becomes of a coreference chain: entities of different names that a tool takes for one."""

from __future__ import annotations

from collections.abc import Iterable

from datasette_newsgraph.article import Entity
from datasette_newsgraph.readers.building import Building

POSSIBLY_SAME = "possibly same as"


def relate_chain(building: Building, entities: Iterable[Entity]) -> None:
    """Relate the first entity of a chain with each other one: never merged, that is a person's call."""
    distinct = list({each.id: each for each in entities}.values())
    for other in distinct[1:]:
        building.relation(distinct[0], POSSIBLY_SAME, other)
