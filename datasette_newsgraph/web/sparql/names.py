"""What the things of a graph are called: the words for their IRIs in an answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from datasette_newsgraph.kinds import ARTICLE, ENTITY, RELATION
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.headings import first_line_column, heading_of

_AMONG = "key IN (SELECT value FROM json_each(?))"

#: The kind and the key of a thing.
Thing = tuple[str, str]


async def names_of(visit: Visit, things: Iterable[Thing]) -> dict[Thing, str]:
    """Return the names of things, as far as they have any that the visitor may see."""
    keys: dict[str, list[str]] = {}
    for kind, key in things:
        keys.setdefault(kind, []).append(key)
    return {
        **await _entities(visit, keys.get(ENTITY.name)),
        **await _articles(visit, keys.get(ARTICLE.name)),
        **await _relations(visit, keys.get(RELATION.name)),
    }


async def _entities(visit: Visit, keys: list[str] | None) -> Mapping[Thing, str]:
    if not keys or not visit.sight.sees("entities"):
        return {}
    rows = await visit.rows(f"SELECT key, name FROM entities WHERE {_AMONG}", json.dumps(keys))
    return {(ENTITY.name, row["key"]): row["name"] for row in rows if row["name"]}


async def _articles(visit: Visit, keys: list[str] | None) -> Mapping[Thing, str]:
    if not keys or not visit.sight.sees("articles"):
        return {}
    line = first_line_column(visit.sight)
    query = f"SELECT key, title, {line} FROM articles WHERE {_AMONG}"
    rows = await visit.rows(query, json.dumps(keys))
    return {(ARTICLE.name, row["key"]): heading_of(row).plain for row in rows}


async def _relations(visit: Visit, keys: list[str] | None) -> Mapping[Thing, str]:
    if not keys or not visit.sight.sees("relations", "entities"):
        return {}
    rows = await visit.rows(
        "SELECT relations.key, one.name AS one, predicate, coalesce(other.name, value) AS other"
        " FROM relations JOIN entities AS one ON one.id = subject_id"
        f" LEFT JOIN entities AS other ON other.id = object_id WHERE relations.{_AMONG}",
        json.dumps(keys),
    )
    return {
        (RELATION.name, row["key"]): " ".join(
            filter(None, (row["one"], row["predicate"], row["other"]))
        )
        for row in rows
    }
