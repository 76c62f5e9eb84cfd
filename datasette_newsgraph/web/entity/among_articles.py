"""An entity among the articles: when it was in the news, by which sources, and who else is in them."""

from __future__ import annotations

import sqlite3
from typing import Any

from datasette_newsgraph.facets.among_rows import Value, ViewRows, count_values
from datasette_newsgraph.facets.catalogue import FACETS, IN_ALL_ZONES
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.entity.contexts import Choice
from datasette_newsgraph.web.page_contexts import EntityPage
from datasette_newsgraph.web.parts.timeline import Timeline, count_periods, timeline
from datasette_newsgraph.web.parts.together import LOOKED_AT, by_weight

#: Sources, and entities of each type that are listed.
SOURCES, OTHERS = 12, 10
#: Entities mentioned beside this one that are shown, whatever their types.
BESIDE = 60

NAMED = "entity_id = :entity"
ARTICLES = f"SELECT article_id AS id FROM appearances WHERE {NAMED}"

_FACETS = {each.name: each for each in FACETS["article_index"]} | IN_ALL_ZONES["article_index"]

_Counted = tuple[int, dict[str, int], list[Value], list[Value] | None]


async def among_articles(visit: Visit, found: Any) -> EntityPage:
    """Return when the entity was in the news, by which sources, and who else in the same articles."""
    total, periods, beside, publishers = await _count_articles(visit, found)
    if not total:
        return {}
    others = (await by_weight(visit, beside, found["key"]))[:BESIDE]
    by_type: dict[str, list[Any]] = {}
    for each in others:
        listed = by_type.setdefault(each.type, [])
        if len(listed) < OTHERS:
            listed.append((each, _both(visit, found["key"], each.key)))
    drawn = timeline(periods, total)
    together = {each.key: each.shared for each in others}
    shown: EntityPage = {"beside": by_type, "publishers": publishers, "together": together}
    return shown | (_timeline_context(visit, found["key"], drawn) if drawn else {})


def _timeline_context(visit: Visit, key: str, drawn: Timeline) -> EntityPage:
    """Return a timeline with the links of its bars: to the mentions of a period, to its articles."""
    links: dict[str, tuple[str | None, str | None]] = {}
    may_list = visit.sight.sees("article_index")
    for bar in drawn.bars:
        mentions = Choice(start=bar.first, end=bar.last).address
        filters = {"_entity": key, "_zones": "all", **bar.filter}
        links[bar.first] = (
            mentions if visit.sight.sees("mentions", "articles") else None,
            visit.links.rows("article_index", None, **filters) if may_list else None,
        )
    return {"timeline": drawn, "bar_links": links}


async def _count_articles(visit: Visit, found: Any) -> _Counted:
    """Return how many articles name the entity, of which months they are, who else is in them, and
    of which sources they are: None where it is not mentioned in each of them.
    """
    params = {"entity": found["id"]}

    def count(connection: sqlite3.Connection) -> _Counted:
        total, is_mentioned = connection.execute(
            f"SELECT count(*), min(mentions) > 0 FROM appearances WHERE {NAMED}", params
        ).fetchone()
        # The set of these articles may be there already, as one by which others are filtered.
        chosen = ViewRows.with_value(
            connection, "article_index", _FACETS["entity"], found["key"], ARTICLES, params
        )
        periods = count_periods(connection, chosen)
        beside, sources = (
            count_values(connection, "article_index", _FACETS[facet], chosen, limit)
            for facet, limit in (("entity", LOOKED_AT), ("publisher", SOURCES))
        )
        return total, periods, beside, sources if is_mentioned else None

    return await visit.read(count)


def _both(visit: Visit, key: str, other: str) -> str | None:
    """Return the articles that mention both, where they may be seen."""
    if not visit.sight.sees("article_index"):
        return None
    return visit.links.rows("article_index", _zones="all", _entity=[key, other])
