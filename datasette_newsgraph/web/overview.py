"""The front page of a graph: how much there is, what is in it most, where to go on."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.web.visit import Visit

TOP = 20

#: What is counted, with the view that shows it, or the table where the view is hidden.
_COUNTED = (
    ("articles", "article_index"),
    ("entities", "entity_index"),
    ("mentions", "mention_index"),
    ("relations", "relation_index"),
    ("quotes", "quote_index"),
)


async def overview(visit: Visit) -> dict[str, Any]:
    """Return what the overview shows: of each part, what this visitor may see."""
    sees = visit.sight.sees
    context: dict[str, Any] = {
        "counts": [
            {
                "table": table,
                "count": (await visit.row(f"SELECT count(*) FROM {table}"))[0],
                "link": visit.links.rows(view if sees(view) else table),
            }
            for table, view in _COUNTED
            if sees(table)
        ],
        "may_search": {
            "article_index": sees("article_index", "article_texts"),
            "entity_index": sees("entity_index"),
            "entities": sees("entities") and not sees("entity_index"),
            "quote_index": sees("quote_index"),
        },
    }
    if sees("entity_counts", "entities"):
        context["types"] = await _stored(visit, "entity_index", "type")
        context["top_entities"] = await visit.rows(
            "SELECT entities.key, entities.name, entities.type, entity_counts.mentions,"
            " entity_counts.articles FROM entity_counts JOIN entities ON entities.id = entity_id"
            f" WHERE entity_id IN (SELECT entity_id FROM entity_counts ORDER BY mentions DESC"
            f" LIMIT {TOP}) ORDER BY entity_counts.mentions DESC, entities.name"
        )
    elif sees("entities"):
        context["some_entities"] = await visit.rows(
            f"SELECT key, name, type FROM entities ORDER BY name LIMIT {TOP}"
        )
    if sees("relation_index"):
        context["predicates"] = await _stored(visit, "relation_index", "predicate")
    if sees("articles"):
        context["latest"] = await visit.rows(
            "SELECT key, title, publisher, published FROM articles"
            f" ORDER BY published DESC LIMIT {TOP}"
        )
    return context


async def _stored(visit: Visit, view: str, facet: str) -> list[Any]:
    if not visit.sight.sees_counts_of(view):
        return []
    return await visit.rows(
        "SELECT value, count FROM facet_counts WHERE view = ? AND facet = ?"
        f" ORDER BY count DESC, value LIMIT {TOP}",
        view,
        facet,
    )
