"""What a client offers while somebody types: entities and types."""

from __future__ import annotations

from typing import Any

from datasette.utils.asgi import BadRequest

from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.web.access.arguments import number_argument, text_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.reconcile.entity_rows import description_of, entity_of_key, name_of
from datasette_newsgraph.web.reconcile.entity_types import known_types
from datasette_newsgraph.web.reconcile.manifest import described_type
from datasette_newsgraph.web.reconcile.slowness import too_slow
from datasette_newsgraph.web.search.finding import find
from datasette_newsgraph.web.search.hits import LISTED
from datasette_newsgraph.web.search.query_words import LONGEST, read_words

#: Suggestions that are given where a client does not say, and at most.
_SOME, _MOST = 10, 50


async def suggested_entities(visit: Visit) -> list[dict[str, Any]]:
    """Return the entities that the request's ``prefix`` may be the beginning of: that of this key
    first. Nothing is suggested for nothing.
    """
    prefix = text_argument(visit.request, "prefix") or ""
    if len(prefix) > LONGEST:
        raise BadRequest(f"prefix may have up to {LONGEST} characters.")
    first, size = _part(visit)
    of_key = await entity_of_key(visit, prefix)
    if of_key is not None:
        return [described(of_key)][first : first + size]
    found = await find(visit, ENTITY, read_words(prefix), first, size, stem=1)
    if found.is_too_slow:
        raise too_slow()
    return [described(hit.row) for hit in found.hits]


async def suggested_types(visit: Visit) -> list[dict[str, Any]]:
    """Return the types that begin with the request's ``prefix``; all if it is empty."""
    prefix = (text_argument(visit.request, "prefix") or "").casefold()
    first, size = _part(visit)
    types = await known_types(visit)
    begun = [each for each in types if each.casefold().startswith(prefix)]
    return [described_type(each) for each in begun[first : first + size]]


def described(row: Any) -> dict[str, Any]:
    """Return an entity as a suggestion has it."""
    told = {"id": row["key"], "name": name_of(row["name"])}
    description = description_of(row["description"], row["articles"])
    return told | {
        **({"description": description} if description else {}),
        "notable": [described_type(row["type"])],
    }


def _part(visit: Visit) -> tuple[int, int]:
    """Return how many suggestions to skip, and how many to give: version 0.2 calls the first cursor,
    the draft offset.
    """
    skipped = [number_argument(visit.request, each, 0) for each in ("cursor", "offset")]
    size = number_argument(visit.request, "limit", _SOME)
    return min(max(skipped), LISTED), min(size, _MOST)
