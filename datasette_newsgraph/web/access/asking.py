"""Who may ask questions in SPARQL, of what they may see."""

from __future__ import annotations

from datasette.utils import actor_matches_allow
from datasette.utils.asgi import Forbidden, NotFound

from datasette_newsgraph.web.access.visit import Visit


def may_ask(visit: Visit) -> bool:
    """Tell whether a visitor may ask: everybody, unless the setting ``sparql`` says who."""
    block = visit.settings.sparql
    return block is None or bool(actor_matches_allow(visit.request.actor, block))


def is_for_all(visit: Visit) -> bool:
    """Tell whether everybody may ask."""
    return visit.settings.sparql in (None, True)


def require_asking(visit: Visit) -> None:
    """Raise NotFound where nobody may ask, and Forbidden where this visitor may not."""
    if visit.settings.sparql is False:
        raise NotFound("This server does not answer questions in SPARQL")
    if not may_ask(visit):
        raise Forbidden("You do not have permission to ask in SPARQL")
