"""A few lines about an entity, in HTML, which a client shows in a frame of its own."""

from __future__ import annotations

from datasette.utils.asgi import NotFound
from markupsafe import Markup

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.reconcile.entity_rows import description_of, entity_of_key, name_of

#: Other names that are shown.
_NAMES = 5

_PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title></head>'
    '<body><h1 dir="auto">{name}</h1><p>{type}</p>{told}</body></html>\n'
)


async def preview(visit: Visit, key: str) -> str:
    """Return the page of an entity. Raises NotFound for a key that no entity has."""
    row = await entity_of_key(visit, key)
    if row is None:
        raise NotFound("There is no such entity")
    others = (row["aliases"] or "").split("\n")[:_NAMES]
    lines = [
        description_of(row["description"], row["articles"]),
        f"also called {', '.join(others)}" if any(others) else "",
    ]
    told = Markup("").join(Markup('<p dir="auto">{}</p>').format(each) for each in lines if each)
    return _PAGE.format(name=name_of(row["name"]), type=row["type"], told=told)
