"""The identifiers of an entity, as pages and services list them."""

from __future__ import annotations

from datasette_newsgraph.web.access.visit import Visit

_NEXT = "SELECT min(iri) FROM identifiers WHERE entity_id = :entity"
#: Each once, in order. Every article gives them again: the index leads from one to the next.
_IDENTIFIERS = (
    f"WITH RECURSIVE named (iri) AS ({_NEXT} UNION ALL SELECT ({_NEXT} AND iri > named.iri)"
    " FROM named WHERE named.iri IS NOT NULL) SELECT iri FROM named WHERE iri IS NOT NULL"
)


async def identifiers_of(visit: Visit, number: int) -> list[str]:
    """Return the identifiers of the entity of a row number. The caller has made sure that the visitor
    may see ``identifiers``.
    """
    return [row[0] for row in await visit.rows_of(_IDENTIFIERS, {"entity": number})]
