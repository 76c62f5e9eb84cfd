"""An entity by its key, and the words that tell it from others of its name."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.rdf.former import now_under_key

#: Code points of a description, and of all other names, that are read.
DESCRIPTION, ALIASES = 300, 1_000


async def entity_of_key(visit: Visit, key: str) -> Any:
    """Return the entity of a key, or of a former key, as a row, or None; ``articles`` is NULL where it
    may not be told. Raises a DatasetteError for what was decided to be wrong.
    """
    found = await _of_shown_key(visit, key)
    if found is None:
        now = await now_under_key(visit, ENTITY, key)
        found = None if now is None else await _of_shown_key(visit, now)
    return found


async def _of_shown_key(visit: Visit, key: str) -> Any:
    is_counted = visit.sight.sees("entity_counts")
    articles = "articles" if is_counted else "NULL"
    join = " LEFT JOIN entity_counts ON entity_id = id" if is_counted else ""
    return await visit.row(
        f"SELECT key, name, entities.type AS type, {articles} AS articles,"
        f" substr(description, 1, {DESCRIPTION}) AS description,"
        f" substr(alias_text, 1, {ALIASES}) AS aliases FROM entities{join} WHERE key = ?",
        key,
    )


def name_of(name: str | None) -> str:
    """Return what an entity is called, in an answer that has to have a name."""
    return name or "(without a name)"


def description_of(description: str | None, articles: int | None) -> str:
    """Return what tells an entity from others of its name: its description, and in how many articles
    it is, as far as these are known.
    """
    counted = "" if articles is None else f"in {articles:,} article{'' if articles == 1 else 's'}"
    return "; ".join(each for each in (description, counted) if each)
