"""The front page of a graph: what is in it, from when and where, and where to go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.anchoring import STATUSES
from datasette_newsgraph.facets.counting import KEPT
from datasette_newsgraph.identity import VALUE_TYPES
from datasette_newsgraph.kinds import ANNOTATED
from datasette_newsgraph.metadata.descriptions import DESCRIPTIONS
from datasette_newsgraph.metadata.queries import QUERIES
from datasette_newsgraph.store.views import VIEWS
from datasette_newsgraph.web.access.asking import may_ask
from datasette_newsgraph.web.access.deciding import deciding_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.frame.citation import Citation, cite
from datasette_newsgraph.web.page_contexts import OverviewPage
from datasette_newsgraph.web.parts.headings import first_line_column
from datasette_newsgraph.web.parts.timeline import timeline
from datasette_newsgraph.web.parts.totals import counts, period, stored
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign

#: Articles, predicates and sources that are listed.
LATEST, PREDICATES, SOURCES = 10, 12, 12
#: Types of which the most mentioned entities are listed, and so many of each.
TYPES, TOP = 6, 8


@dataclass(frozen=True)
class TopType:
    """A type of entities with those of it that are mentioned most, and the address of all of it."""

    type: str
    number: int
    sign: str
    count: int
    link: str | None
    entities: list[Any]


async def overview(visit: Visit) -> OverviewPage:
    """Return what the overview shows: of each part, what this visitor may see."""
    context: OverviewPage = {"counts": [each async for each in counts(visit)]}
    if visit.sight.sees("articles"):
        context |= await _articles(visit)
    if visit.sight.sees("entities"):
        context |= await _entities(visit)
    if visit.sight.sees("relation_index"):
        context["predicates"] = await stored(visit, "relation_index", "predicate", PREDICATES)
    context |= await _data(visit)
    context["to_decide"] = await _to_decide(visit)
    return context


async def _to_decide(visit: Visit) -> list[tuple[str, str]]:
    """Return where those who may decide find what there is to decide, and what was decided."""
    if not (await deciding_of(visit)).is_allowed:
        return []
    found = [("What was decided", f"{visit.links.home}/decisions")]
    if visit.sight.sees("candidates"):
        (count,) = await visit.row("SELECT count(*) FROM candidates")
        label = f"Review {count:,} pairs that may be one thing" if count else "Review"
        found.insert(0, (label, f"{visit.links.home}/review"))
    return found


async def _articles(visit: Visit) -> OverviewPage:
    """Return from when and where the articles are, and the newest of them."""
    publishers = await stored(visit, "article_index", "publisher", KEPT)
    return {
        "period": await period(visit),
        "publishers": publishers[:SOURCES],
        "more_publishers": _more(len(publishers)),
        "languages": await stored(visit, "article_index", "language", SOURCES),
        "latest": await visit.rows(
            "SELECT key, title, publisher, published, language,"
            f" {first_line_column(visit.sight)} FROM articles"
            f" ORDER BY published DESC, id DESC LIMIT {LATEST}"
        ),
        **await _over_time(visit),
    }


def _more(count: int) -> str:
    """Return in words how many sources there are beside those listed; nothing if there are none."""
    if count >= KEPT:
        return f"at least {KEPT - 1 - SOURCES:,}"
    return f"{count - SOURCES:,}" if count > SOURCES else ""


async def _over_time(visit: Visit) -> OverviewPage:
    total = (await visit.row("SELECT count(*) FROM articles"))[0]
    months = await stored(visit, "article_index", "month", KEPT)
    if not months or len(months) >= KEPT:
        months = await visit.rows(
            "SELECT substr(published, 1, 7) AS value, count(*) AS count FROM articles"
            " WHERE substr(published, 1, 7) IS NOT NULL GROUP BY 1"
        )
    drawn = timeline({each["value"]: each["count"] for each in months}, total)
    if drawn is None:
        return {}
    may_list = visit.sight.sees("article_index")
    rows = visit.links.rows
    return {
        "timeline": drawn,
        "bar_links": {
            bar.first: (None, rows("article_index", None, **bar.filter) if may_list else None)
            for bar in drawn.bars
        },
    }


async def _entities(visit: Visit) -> OverviewPage:
    """Return the most mentioned entities of each type; or just some, where counts are hidden."""
    if not visit.sight.sees("entity_counts"):
        some = await visit.rows(
            f"SELECT key, name, type FROM entities ORDER BY name LIMIT {TYPES * TOP // 2}"
        )
        return {"some_entities": some}
    types = await stored(visit, "entity_index", "type", KEPT) or await visit.rows(
        "SELECT type AS value, count(*) AS count FROM entity_counts GROUP BY type"
        " ORDER BY count DESC, value"
    )
    # Of dates and numbers the most frequent say nothing about the news.
    telling = [each for each in types if each["value"].lower() not in VALUE_TYPES][:TYPES]
    top = (
        await visit.rows(
            " UNION ALL ".join(
                "SELECT * FROM (SELECT entity_id, mentions, articles, type FROM entity_counts"
                f" WHERE type = ? ORDER BY mentions DESC LIMIT {TOP})"
                for _ in telling
            ).join(
                (
                    "SELECT key, name, top.mentions, top.articles, top.type FROM (",
                    ") AS top JOIN entities ON id = entity_id ORDER BY mentions DESC, name",
                )
            ),
            *(each["value"] for each in telling),
        )
        if telling
        else []
    )
    return {
        "top_types": [_top(visit, each, top) for each in telling],
        "more_types": [
            (each["value"], each["count"], _of_type(visit, each["value"]))
            for each in types
            if each not in telling
        ],
    }


def _top(visit: Visit, type_: Any, top: list[Any]) -> TopType:
    name = type_["value"]
    return TopType(
        type=name,
        number=type_number(name),
        sign=type_sign(name),
        count=type_["count"],
        link=_of_type(visit, name),
        entities=[entity for entity in top if entity["type"] == name],
    )


def _of_type(visit: Visit, type_: str) -> str | None:
    if not visit.sight.sees("entity_index"):
        return None
    return visit.links.rows("entity_index", type=type_)


async def _data(visit: Visit) -> OverviewPage:
    """Return where the data itself is, how well its spans fit, and how to cite it."""
    name = visit.graph.name
    queries = await lines.runnable_queries(visit.datasette, visit.request.actor, name, QUERIES)
    citation: Citation = await cite(visit)
    return {
        "views": [
            (DESCRIPTIONS[view].title, DESCRIPTIONS[view].text, visit.links.rows(view))
            for view in VIEWS
            if visit.sight.sees(view)
        ],
        "queries": [
            (title, QUERIES[query].description, visit.datasette.urls.query(name, query))
            for query, title in queries.items()
        ],
        "spans": [
            (each.plural, await _spans(visit, each.view))
            for each in ANNOTATED
            if each.view and visit.sight.sees_counts_of(each.view)
        ],
        "sparql": visit.links.sparql if may_ask(visit) else None,
        "description": citation.description,
        "citation": citation,
    }


async def _spans(visit: Visit, view: str) -> list[tuple[str, str, int, str]]:
    """Return how the spans were found: each status with its meaning, count and rows."""
    return [
        (
            each["value"],
            STATUSES.get(each["value"], ""),
            each["count"],
            visit.links.rows(view, offset_status=each["value"]),
        )
        for each in await stored(visit, view, "offset_status", KEPT)
    ]
