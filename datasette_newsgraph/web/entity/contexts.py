"""Every mention of an entity in its context, a line each: by date, in pages, filtered."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette.utils.asgi import BadRequest

from datasette_newsgraph.web.access.arguments import choice_argument, text_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.passages import span_rows, surroundings
from datasette_newsgraph.web.parts.sentence_around import Sentence, line_around

#: Mentions on one page.
PAGE = 25
#: What the fragment of a link to the list is.
FRAGMENT = "#mentions"

#: The orders, each with the argument that says where its next page begins.
ORDERS = {"newest": "before", "oldest": "after"}
_PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_CURSOR = re.compile(r"([0-9]{1,18})~([0-9]{1,18})")
# A date begins with a digit. These are the first of all that do, and what sorts behind them; and what
# sorts behind whatever stands in a date.
_FIRST, _LAST, _BEHIND = "0", ":", "~"


class Cursor(NamedTuple):
    """The last mention of a page: the article's row and its own."""

    article: int
    mention: int

    def __str__(self) -> str:
        return f"{self.article}~{self.mention}"


class Choice(NamedTuple):
    """Which mentions are asked for, in which order, behind which."""

    source: str | None = None
    zone: str | None = None
    start: str | None = None
    end: str | None = None
    order: str = "newest"
    cursor: Cursor | None = None

    @property
    def is_filtered(self) -> bool:
        """Tell whether some mentions are left out."""
        return bool(self.zone) or self.chooses_articles

    @property
    def chooses_articles(self) -> bool:
        """Tell whether some articles are left out, with all their mentions."""
        return any((self.source, self.start, self.end))

    @property
    def arguments(self) -> dict[str, str]:
        """Return the query string that asks for this, as far as it is not what is shown anyway."""
        given = {"source": self.source, "zone": self.zone, "from": self.start, "to": self.end}
        if self.order != "newest":
            given["order"] = self.order
        if self.cursor:
            given[ORDERS[self.order]] = str(self.cursor)
        return {name: value for name, value in given.items() if value}

    @property
    def address(self) -> str:
        """Return the address of the list on the same page, from that page."""
        return f"?{urlencode(self.arguments)}{FRAGMENT}"


class Context(NamedTuple):
    """A mention on its line; only its words, where the text is hidden or they have no place in it."""

    row: Any
    link: str
    line: Sentence | None
    words: str | None


def choice_of(request: Any) -> Choice:
    """Return what a query string asks for. Raises BadRequest where it is malformed, or the period ends
    before it begins.
    """
    order = choice_argument(request, "order", ORDERS, "newest")
    start, end = _period(request, "from"), _period(request, "to")
    if start and end and start > end + _BEHIND:
        raise BadRequest("from has to be no later than to: no date is in that period.")
    return Choice(
        text_argument(request, "source"),
        text_argument(request, "zone"),
        start,
        end,
        order,
        _cursor(request, ORDERS[order]),
    )


def _period(request: Any, name: str) -> str | None:
    given = text_argument(request, name)
    if given is not None and not _PERIOD.fullmatch(given):
        raise BadRequest(f"{name} has to be a year or a month, as in ?{name}=2021-08.")
    return given


def _cursor(request: Any, name: str) -> Cursor | None:
    given = text_argument(request, name)
    if given is None:
        return None
    found = _CURSOR.fullmatch(given)
    if found is None:
        raise BadRequest(f"{name} has to come from a link to the next page.")
    return Cursor(int(found[1]), int(found[2]))


def condition_of(choice: Choice) -> tuple[str, dict[str, Any]]:
    """Return the SQL that chooses among articles by source and period, and its parameters."""
    conditions, params = ["true"], {}
    if choice.source:
        conditions.append("articles.publisher = :source")
        params["source"] = choice.source
    if choice.start or choice.end:
        conditions.append("articles.published >= :start AND articles.published < :end")
        params["start"] = choice.start or _FIRST
        params["end"] = choice.end + _BEHIND if choice.end else _LAST
    return " AND ".join(conditions), params


async def counts_by_zone(visit: Visit, entity: int, choice: Choice) -> dict[str | None, int]:
    """Return how many mentions stand in each zone, whatever zone is chosen: the most frequent first.

    The caller has made sure that the visitor may see mentions and articles.
    """
    condition, params = condition_of(choice)
    chosen = ""
    if params:
        chosen = f" AND article_id IN (SELECT id FROM articles WHERE {condition})"
    rows = await visit.rows_of(
        "SELECT zone, count(*) AS count FROM mentions WHERE entity_id = :entity"
        f"{chosen} GROUP BY zone ORDER BY 2 DESC, 1",
        {"entity": entity} | params,
    )
    return {row["zone"]: row["count"] for row in rows}


async def contexts(
    visit: Visit, entity: int, choice: Choice, zones: dict[str | None, int]
) -> tuple[list[Context], Choice | None]:
    """Return a page of the mentions that are asked for, and what asks for the next page, or None.

    ``zones`` is what ``counts_by_zone`` returns; permissions as there.
    """
    picked = await _pick(visit, entity, choice, zones)
    numbers = [each.mention for each in picked[:PAGE]]
    rows = await span_rows(visit, "mentions", numbers)
    texts = await surroundings(visit, rows)
    found = []
    for row in rows:
        link = visit.links.span(row["article_key"], row["start_char"], row["end_char"])
        around = texts.get(row["id"])
        line = line_around(*around) if around else None
        found.append(Context(row, link, line, None if line else row["surface"]))
    more = choice._replace(cursor=picked[PAGE - 1]) if len(picked) > PAGE else None
    return found, more


async def _pick(
    visit: Visit, entity: int, choice: Choice, zones: dict[str | None, int]
) -> list[Cursor]:
    """Return the mentions of a page and one more, those of articles without a date last."""
    looked_in = [zone for zone in zones if choice.zone is None or zone == choice.zone]
    if not looked_in:
        return []
    walks = await is_frequent(visit, sum(zones[zone] for zone in looked_in), PAGE)
    published = await _published(visit, choice.cursor) if choice.cursor else None
    picked: list[Cursor] = []
    if choice.cursor is None or published is not None:
        picked += await _pick_part(visit, entity, choice, looked_in, walks, published or "")
    if len(picked) <= PAGE and not (choice.start or choice.end):
        undated = choice._replace(cursor=None) if published is not None else choice
        picked += await _pick_part(visit, entity, undated, looked_in, walks, None)
    return picked[: PAGE + 1]


async def _published(visit: Visit, cursor: Cursor) -> str | None:
    """Return the date of the article at which the next page begins."""
    row = await visit.row("SELECT published FROM articles WHERE id = ?", cursor.article)
    if row is None:
        raise BadRequest("The article at which this page began is no longer there.")
    return row["published"] or None


async def is_frequent(visit: Visit, count: int, wanted: int) -> bool:
    """Tell whether of ``count`` spans the newest ``wanted`` are found sooner by going through all
    articles by date, until there are enough, than by sorting the spans.
    """
    row = await visit.row("SELECT max(id) FROM articles")
    return count * count > wanted * int(row[0] or 0)


async def _pick_part(
    visit: Visit,
    entity: int,
    choice: Choice,
    zones: list[str | None],
    walks: bool,
    published: str | None,
) -> list[Cursor]:
    """Return mentions from articles that have a date, behind the one given where there is a cursor;
    from those that have none, if it is None.
    """
    query, params = picking_query(choice, walks, published is not None, len(zones))
    params |= {"entity": entity} | {f"zone_{nth}": zone for nth, zone in enumerate(zones)}
    if choice.cursor and published is not None:
        params["published"] = published
    return [Cursor(*row) for row in await visit.rows_of(query, params)]


def picking_query(
    choice: Choice, walks: bool, is_dated: bool, zones: int
) -> tuple[str, dict[str, Any]]:
    """Return the SELECT of the mentions of a page, and its parameters but for ``entity``, ``zone_0``
    and on, and ``published``: the date at which the page begins.

    Either it ``walks`` through the articles in order and looks in each for mentions, or it sorts the
    mentions: CROSS JOIN is how SQLite is told which.
    """
    listed = ", ".join(f"(:zone_{number})" for number in range(zones))
    looked_in = f"(VALUES {listed}) AS zones"
    mentioned = "mentions.entity_id = :entity AND mentions.zone IS zones.column1"
    source = (
        f"articles CROSS JOIN {looked_in} CROSS JOIN mentions"
        f" ON {mentioned} AND mentions.article_id = articles.id"
        if walks
        else f"{looked_in} CROSS JOIN mentions ON {mentioned}"
        " CROSS JOIN articles ON articles.id = mentions.article_id"
    )
    condition, params = condition_of(choice)
    direction, further = ("DESC", "<") if choice.order == "newest" else ("ASC", ">")
    if choice.cursor:
        params |= choice.cursor._asdict()
        within = "articles.id = :article AND mentions.id > :mention"
        behind = f"(articles.id {further} :article OR ({within}))"
        if is_dated:
            behind = (
                f"articles.published {further}= :published"
                f" AND (articles.published {further} :published OR {behind})"
            )
        condition += f" AND {behind}"
    dated = "articles.published > ''" if is_dated else "articles.published IS NULL"
    order = f"articles.id {direction}, mentions.id"
    if is_dated:
        order = f"articles.published {direction}, {order}"
    query = (
        f"SELECT articles.id, mentions.id FROM {source}"
        f" WHERE {dated} AND {condition} ORDER BY {order} LIMIT {PAGE + 1}"
    )
    return query, params
