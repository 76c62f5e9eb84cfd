"""An entity: what its page shows of it. Each part reads only what this visitor may see."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from datasette.database import QueryInterrupted

from datasette_newsgraph.decisions.identifier_conflicts import identifier_conflicts
from datasette_newsgraph.facets.among_rows import Value, ViewRows, count_values
from datasette_newsgraph.facets.catalogue import FACETS, IN_ALL_ZONES
from datasette_newsgraph.web.access.deciding import deciding_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.known_under import known_under
from datasette_newsgraph.web.drawing.neighbourhood import neighbourhood
from datasette_newsgraph.web.entity.contexts import (
    Choice,
    choice_of,
    condition_of,
    contexts,
    counts_by_zone,
)
from datasette_newsgraph.web.entity.namesakes import namesakes
from datasette_newsgraph.web.entity.quotations import quotes_about, quotes_by
from datasette_newsgraph.web.faults import Fault, passing_over_slow, report
from datasette_newsgraph.web.page_contexts import EntityPage
from datasette_newsgraph.web.parts.best_sentences import best_sentences
from datasette_newsgraph.web.parts.facet_values import values_among
from datasette_newsgraph.web.parts.identifiers import identifiers_of
from datasette_newsgraph.web.parts.passages import Passage
from datasette_newsgraph.web.parts.relation_words import Direction, statements_of
from datasette_newsgraph.web.parts.timeline import Timeline, count_periods, timeline
from datasette_newsgraph.web.parts.together import LOOKED_AT, by_weight
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign

#: Mentions of which the surfaces are counted: there may be more than can be read for a page.
SURFACES_OF = 2_000
#: Surfaces, sources, and entities of each type that are listed.
SURFACES, SOURCES, OTHERS = 30, 12, 10
#: Types that are offered to those who correct one.
TYPES = 200
#: Entities mentioned beside this one that are shown, whatever their types.
BESIDE = 60

_NAMED = "entity_id = :entity"
_ARTICLES = f"SELECT article_id AS id FROM appearances WHERE {_NAMED}"

_FACETS = {each.name: each for each in FACETS["article_index"]} | IN_ALL_ZONES["article_index"]

_Counted = tuple[int, dict[str, int], list[Value], list[Value] | None]


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


async def entity(visit: Visit, key: str) -> EntityPage:
    """Return what the page of an entity shows. Raises NotFound, Forbidden, BadRequest."""
    visit.require("entities")
    sees = visit.sight.sees
    found = await visit.found(
        "There is no such entity", "SELECT * FROM entities WHERE key = ?", key
    )
    choice = choice_of(visit.request)
    context: EntityPage = {
        "entity": found,
        "names": found["alias_text"].split("\n") if found["alias_text"] else [],
        "type_number": type_number,
        "type_sign": type_sign,
    }
    if "identifiers" in visit.sight.readable:
        context["identifiers"] = await identifiers_of(visit, found["id"])
    context["namesakes"] = await namesakes(visit, found)
    if sees("decided", "as_given"):
        context["known_under"] = await known_under(visit, key, found["id"])
        if sees("decisions", "identifiers"):
            context["doubles"] = await visit.read(lambda each: [*identifier_conflicts(each, key)])
    if (await deciding_of(visit)).has_forms:
        rows = await visit.rows(f"SELECT DISTINCT type FROM entities ORDER BY type LIMIT {TYPES}")
        context["types"] = [row[0] for row in rows]
    if sees("entity_counts"):
        context["counts"] = await visit.row(
            "SELECT * FROM entity_counts WHERE entity_id = ?", found["id"]
        )
    if sees("appearances", "articles", "entities"):
        try:
            context |= await _among_articles(visit, found)
        except QueryInterrupted:
            report(Fault.SLOW, visit.graph.name)
            # While a load is under way, what is kept to count by is not to be believed.
            context |= {"is_slow": True, "together": {}}
    if sees("relations"):
        context["directions"] = await statements_of(visit, found)
        context["sentences"] = await _sentences(visit, context["directions"])
    context["drawing"] = await neighbourhood(visit, found, context.pop("together", None))
    if sees("mentions", "articles"):
        zones = await counts_by_zone(visit, found["id"], Choice())
        if zones:
            context |= await _mentioned(visit, found["id"], choice, zones)
            with passing_over_slow(visit.graph.name):
                context["sources"] = await _sources(
                    visit, found["id"], choice._replace(cursor=None), context.get("publishers")
                )
        if zones and sees("quotes"):
            context["about"] = await quotes_about(visit, found["id"], zones, sum(zones.values()))
    if sees("quotes", "articles"):
        context["said"] = await quotes_by(visit, found["id"])
    mentioned_as = {row["surface"] for row in context.get("surfaces", ())}
    context["other_names"] = [each for each in context["names"] if each not in mentioned_as]
    context["parts"] = _parts(context)
    return context


async def _sentences(visit: Visit, directions: list[Direction]) -> dict[int, Passage]:
    """Return the sentence of each relation that is listed, as far as the visitor may see it."""
    listed = [
        row["id"]
        for direction in directions
        for each in direction.predicates
        for row in each.statements
    ]
    # The page can do without them.
    with passing_over_slow(visit.graph.name):
        return await best_sentences(visit, listed)
    return {}


def _parts(context: EntityPage) -> list[tuple[str, str]]:
    """Return the parts that the page has, in its order: what a link to each needs."""
    quotes = [context[each].passages for each in ("said", "about") if each in context]
    return [
        (fragment, label)
        for fragment, label, is_there in (
            ("timeline", "Over time", "timeline" in context),
            ("relations", "Relations", context.get("directions")),
            ("neighbourhood", "Neighbourhood", context.get("drawing")),
            ("others", "Together with", context.get("beside")),
            ("quotes", "Quotes", any(quotes)),
            ("mentions", "Mentions in context", "choice" in context),
        )
        if is_there
    ]


async def _among_articles(visit: Visit, found: Any) -> EntityPage:
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
            f"SELECT count(*), min(mentions) > 0 FROM appearances WHERE {_NAMED}", params
        ).fetchone()
        # The set of these articles may be there already, as one by which others are filtered.
        chosen = ViewRows.with_value(
            connection, "article_index", _FACETS["entity"], found["key"], _ARTICLES, params
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


async def _mentioned(
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


async def _sources(
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
    rows = f"SELECT article_id AS id FROM mentions WHERE {_NAMED}"
    if choice.zone:
        rows += " AND zone = :zone"
        params["zone"] = choice.zone
    elif visit.sight.sees("appearances"):
        # As many rows as articles.
        rows = f"{_ARTICLES} AND mentions > 0"
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
