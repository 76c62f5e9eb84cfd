"""How much one request may ask for: each facet and each value chosen costs a pass over the rows."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import BadRequest

from datasette_newsgraph.facets.catalogue import FACETS

#: More than a page of any use shows; a thousand of them held a server up for a minute.
MOST_FACETS = 50
MOST_VALUES = 200


def refuse_too_many(request: Any, table: str) -> None:
    """Raise BadRequest if a query string asks for too many facets of a table, or filters it by too
    many values of ours.
    """
    args = request.args
    ways = [key for key in args if key.startswith("_facet") and key != "_facet_size"]
    if sum(len(args.getlist(each)) for each in ways) > MOST_FACETS:
        raise BadRequest(f"At most {MOST_FACETS} facets can be asked for at once")
    linked = [each.argument for each in FACETS.get(table, ()) if each.links]
    if sum(len(args.getlist(each)) for each in dict.fromkeys(linked)) > MOST_VALUES:
        raise BadRequest(f"A page can be filtered by at most {MOST_VALUES} values at once")
