"""The types of a graph's entities, which a client may ask for."""

from __future__ import annotations

from collections.abc import Iterable

from datasette_newsgraph.identity import is_value_type, normalise_label
from datasette_newsgraph.vocabulary import TYPES
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.reconcile.slowness import answering_slow
from datasette_newsgraph.web.search.hits import read_in_time

#: Types of a graph that are known; tools give a dozen, and a language model a few hundred.
_KNOWN = 1_000
#: From one type to the next along the index, however many entities are of each.
_ALL = f"""
WITH RECURSIVE found(type) AS (
  SELECT * FROM (SELECT type FROM entities WHERE type IS NOT NULL ORDER BY type LIMIT 1)
  UNION ALL
  SELECT (SELECT entities.type FROM entities WHERE entities.type > found.type
    ORDER BY entities.type LIMIT 1)
  FROM found WHERE found.type IS NOT NULL
)
SELECT type FROM found WHERE type IS NOT NULL LIMIT {_KNOWN}"""


async def known_types(visit: Visit) -> list[str]:
    """Return the types of the entities that may be seen: those with a published meaning first, and
    those of dates, amounts and such last.
    """
    with answering_slow(visit):
        found = await read_in_time(
            visit, lambda connection: [row[0] for row in connection.execute(_ALL)]
        )
    return sorted(found, key=lambda each: (is_value_type(each), normalise_label(each) not in TYPES))


def chosen_types(known: Iterable[str], wanted: Iterable[str]) -> list[str] | None:
    """Return those of the known types that are wanted, however they are written; None for all, where
    no type is wanted.
    """
    labels = {normalise_label(each) for each in wanted}
    return [each for each in known if normalise_label(each) in labels] if labels else None
