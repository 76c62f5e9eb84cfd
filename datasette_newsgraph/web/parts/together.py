"""Who and what else the articles that name an entity name, by how much it has to do with it.

Most articles together come first; of as many, whoever is seldom named elsewhere, as what is in half of
all articles is in these too. Dates and numbers are nobody's company.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from datasette_newsgraph.facets.among_rows import Value
from datasette_newsgraph.identity import is_value_type
from datasette_newsgraph.web.access.visit import Visit

#: Entities that are looked at, whatever their types: more than are shown, as many are tied.
LOOKED_AT = 240


class Other(NamedTuple):
    """An entity named in the same articles: its key, name and type, and in how many of them."""

    key: str
    name: str
    type: str
    shared: int


async def by_weight(visit: Visit, counted: Iterable[Value], but: str) -> list[Other]:
    """Return the entities of the values of a facet, the weightiest first, without the one whose key is
    ``but``.

    The caller has made sure that the visitor may see entities and the facet. How many articles there
    are of each counts only where the visitor may see it.
    """
    values = {each.value: each for each in counted if each.value != but}
    articles, joined = (
        ("articles", " LEFT JOIN entity_counts ON entity_id = entities.id")
        if visit.sight.sees("entity_counts")
        else ("NULL AS articles", "")
    )
    rows = await visit.rows(
        f"SELECT entities.key, entities.type, {articles} FROM json_each(?) AS asked"
        f" CROSS JOIN entities ON entities.key = asked.value{joined}",
        json.dumps(list(values)),
    )
    found = [
        (-values[key].count, articles or 0, key, type_)
        for key, type_, articles in map(tuple, rows)
        if not is_value_type(type_)
    ]
    return [Other(key, values[key].label, type_, -count) for count, _, key, type_ in sorted(found)]
