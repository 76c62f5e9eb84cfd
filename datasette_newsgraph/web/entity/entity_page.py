"""An entity: what its page shows of it. Each part reads only what this visitor may see."""

from __future__ import annotations

from datasette.database import QueryInterrupted

from datasette_newsgraph.decisions.identifier_conflicts import identifier_conflicts
from datasette_newsgraph.web.access.deciding import deciding_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.known_under import known_under
from datasette_newsgraph.web.drawing.neighbourhood import neighbourhood
from datasette_newsgraph.web.entity.among_articles import among_articles
from datasette_newsgraph.web.entity.contexts import (
    Choice,
    choice_of,
    counts_by_zone,
)
from datasette_newsgraph.web.entity.mentioned import mentions_shown, sources_of
from datasette_newsgraph.web.entity.namesakes import namesakes
from datasette_newsgraph.web.entity.quotations import quotes_about, quotes_by
from datasette_newsgraph.web.faults import Fault, passing_over_slow, report
from datasette_newsgraph.web.page_contexts import EntityPage
from datasette_newsgraph.web.parts.best_sentences import best_sentences
from datasette_newsgraph.web.parts.identifiers import identifiers_of
from datasette_newsgraph.web.parts.passages import Passage
from datasette_newsgraph.web.parts.relation_words import Direction, statements_of
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign

#: Types that are offered to those who correct one.
TYPES = 200


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
            context |= await among_articles(visit, found)
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
            context |= await mentions_shown(visit, found["id"], choice, zones)
            with passing_over_slow(visit.graph.name):
                context["sources"] = await sources_of(
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
