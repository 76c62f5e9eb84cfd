"""Other entities of the name that an entity has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.identity import VALUE_TYPES
from datasette_newsgraph.web.access.visit import Visit

#: Namesakes that are listed, and entities of one name that are looked at: pronouns and such are one
#: in each article.
LISTED, LOOKED_AT = 5, 1_000
#: Characters of a name by which rows may be asked for in an address.
_ADDRESSED = 500

_VALUES = ", ".join(f"'{each}'" for each in sorted(VALUE_TYPES))
_OWN_IDENTIFIER = "EXISTS (SELECT 1 FROM identifiers WHERE entity_id = {})"
#: What the query "Same name, different entities" goes by: the same name to the letter, and a type or
#: an identifier that tells the two apart.
_FOUND = (
    "SELECT key, name, named.type, description{articles} FROM"
    " (SELECT * FROM entities WHERE name = :name ORDER BY id LIMIT :most) AS named{counts}"
    f" WHERE named.id <> :id AND lower(named.type) NOT IN ({_VALUES})"
    " AND (named.type <> :type{told})"
    " ORDER BY {order} LIMIT :listed"
)
_COUNTED = " LEFT JOIN entity_counts ON entity_counts.entity_id = named.id"


@dataclass(frozen=True)
class Namesakes:
    """Other entities of a name; the address of all of the name, if there are more than these."""

    entities: list[Any]
    is_counted: bool
    all_link: str | None


async def namesakes(visit: Visit, found: Any) -> Namesakes | None:
    """Return the namesakes of an entity, those of the most articles first; None if there are none.

    Dates, amounts and such have none: they are what their words say.
    """
    if not found["name"] or found["type"].lower() in VALUE_TYPES:
        return None
    is_counted = visit.sight.sees("entity_counts")
    told = ""
    if "identifiers" in visit.sight.readable:
        told = "".join(f" OR {_OWN_IDENTIFIER.format(each)}" for each in (":id", "named.id"))
    query = _FOUND.format(
        articles=", coalesce(articles, 0) AS articles" if is_counted else "",
        counts=_COUNTED if is_counted else "",
        told=told,
        order="articles DESC, key" if is_counted else "named.type, key",
    )
    asked = {each: found[each] for each in ("id", "name", "type")}
    rows = await visit.rows_of(query, asked | {"most": LOOKED_AT, "listed": LISTED + 1})
    if not rows:
        return None
    is_more = len(rows) > LISTED and len(found["name"]) <= _ADDRESSED
    is_more = is_more and visit.sight.lists("entities")
    # The table has an index on names; the view would be read from end to end.
    link = visit.links.rows("entities", name=found["name"]) if is_more else None
    return Namesakes(rows[:LISTED], is_counted, link)
