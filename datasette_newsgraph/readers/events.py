"""Events as corpora annotate them: by a trigger, the word that says that something happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.tokens import TokenSpan

EVENT = "Event"
EVENT_TYPE = "event type"


def add_event(
    building: Building,
    place: str,
    part: Any,
    triggers: Iterable[TokenSpan],
    kind: str | None,
    *,
    id: str,  # noqa: A002 - the record's word for it
    confidence: float | None = None,
) -> Entity | None:
    """Add an entity of type ``Event`` with a mention for each trigger, of which the first names it, and
    its kind as the value of ``event type``; None if no trigger can be taken.

    It is local to its article: "attack" is another one each time.
    """
    event: Entity | None = None
    for span in triggers:
        found = building.mention(
            place,
            part,
            EVENT,
            *span,
            confidence=confidence,
            name=None if event is None else event.name,
            id=id,
        )
        event = event or found
    if event is not None:
        event.local = True
        if kind:
            building.relation(event, EVENT_TYPE, value=kind)
    return event
