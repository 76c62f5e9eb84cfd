"""The mentions of an entity that are asked for, and what else may be: sources, zones, words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from datasette_newsgraph.facets.among_rows import Value
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.entity.among_articles import ARTICLES, NAMED, SOURCES
from datasette_newsgraph.web.entity.contexts import (
    Choice,
    condition_of,
    contexts,
    counts_by_zone,
)
from datasette_newsgraph.web.page_contexts import EntityPage
from datasette_newsgraph.web.parts.facet_values import values_among

#: Mentions of which the surfaces are counted: there may be more than can be read for a page.
SURFACES_OF = 2_000
#: Surfaces that are listed.
SURFACES = 30


class Chip(NamedTuple):
    """A filter that is set, and the address without it."""

    name: str
    value: str
    without: str


@dataclass(frozen=True)
class Source:
    """A source or zone by which mentions can be filtered."""

    name: str
    count: int
    address: str
    is_chosen: bool


async def mentions_shown(
    visit: Visit, number: int, choice: Choice, all_zones: dict[str | None, int]
) -> EntityPage:
    """Return the mentions that are asked for, and what else can be asked for."""
    zones = await counts_by_zone(visit, number, choice) if choice.chooses_articles else all_zones
    listed, following = await contexts(visit, number, choice, zones)
    first = choice._replace(cursor=None)
    without = {
        "source": first._replace(source=None),
        "zone": first._replace(zone=None),
        "from": first._replace(start=None),
        "to": first._replace(end=None),
    }
    return {
        "contexts": [
            list(group) for _, group in groupby(listed, lambda each: each.row["article_id"])
        ],
        "choice": choice,
        "first": first,
        "following": following.address if following else None,
        "chosen_mentions": sum(
            count for zone, count in zones.items() if choice.zone in (None, zone)
        ),
        "chips": [
            Chip(name, choice.arguments[name], other.address)
            for name, other in without.items()
            if name in choice.arguments
        ],
        "zones": [
            Source(zone, count, first._replace(zone=zone).address, zone == choice.zone)
            for zone, count in zones.items()
            if zone
        ],
        "surfaces": await _surfaces(visit, number, all_zones),
        "surfaces_of": SURFACES_OF,
        "is_surfaces_part": sum(all_zones.values()) > SURFACES_OF,
    }


async def sources_of(
    visit: Visit, number: int, choice: Choice, publishers: list[Value] | None
) -> list[Source]:
    """Return the sources with their numbers of articles, whatever source is chosen.

    ``publishers`` are those where nothing else is chosen, if they are known.
    """
    others = choice._replace(source=None)
    if publishers is None or others.is_filtered:
        publishers = await _count_publishers(visit, number, others)
    return [
        Source(
            each.value,
            each.count,
            choice._replace(source=each.value).address,
            each.value == choice.source,
        )
        for each in publishers
        if each.value
    ]


async def _count_publishers(visit: Visit, number: int, choice: Choice) -> list[Value]:
    condition, params = condition_of(choice)
    rows = f"SELECT article_id AS id FROM mentions WHERE {NAMED}"
    if choice.zone:
        rows += " AND zone = :zone"
        params["zone"] = choice.zone
    elif visit.sight.sees("appearances"):
        # As many rows as articles.
        rows = f"{ARTICLES} AND mentions > 0"
    if choice.chooses_articles:
        rows += f" AND article_id IN (SELECT id FROM articles WHERE {condition})"
    params["entity"] = number
    return await values_among(visit, "article_index", "publisher", rows, params, SOURCES)


async def _surfaces(visit: Visit, number: int, zones: dict[str | None, int]) -> list[Any]:
    """Return the words by which the entity is mentioned, the most frequent first.

    Of very many mentions some are counted: those of the articles loaded last, in the zone that has
    most. An index holds them in that order.
    """
    is_all = sum(zones.values()) <= SURFACES_OF
    params: dict[str, Any] = {"entity": number, "zone": next(iter(zones), None)}
    chosen = "" if is_all else " AND zone IS :zone ORDER BY article_id DESC"
    return await visit.rows_of(
        "SELECT surface, count(*) AS count FROM (SELECT surface FROM mentions"
        f" WHERE entity_id = :entity{chosen} LIMIT {SURFACES_OF}) WHERE surface <> ''"
        f" GROUP BY surface ORDER BY 2 DESC, 1 LIMIT {SURFACES}",
        params,
    )
