"""A relation: the statement, where it is made, by which extractions, and what else is stated."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from datasette_newsgraph.store.asserting import OF_EVIDENCE
from datasette_newsgraph.web.access.arguments import number_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.datasette import lines
from datasette_newsgraph.web.datasette.defaults import is_ours
from datasette_newsgraph.web.deciding.taken_out import taken_out
from datasette_newsgraph.web.page_contexts import RelationPage
from datasette_newsgraph.web.parts.passages import PAGE, Passage, passages_of
from datasette_newsgraph.web.parts.relation_words import statement_query
from datasette_newsgraph.web.parts.typography import DATES_OF_EVIDENCE

#: Other relations and extractions listed on a page.
LISTED = 30

#: The canned query for what is stated of two names.
_BETWEEN = "relations_between"
#: The evidence of a relation, the surest first: along the index on it, whose last columns break ties.
_SUREST = (
    "SELECT id FROM evidence WHERE relation_id = ?"
    " ORDER BY confidence DESC, article_id DESC, zone DESC, id DESC LIMIT ? OFFSET ?"
)
_AGREEING = (
    "SELECT extractions.tool, extractions.version, extractions.model, evidence, articles FROM ("
    "SELECT extraction_id, count(*) AS evidence, count(DISTINCT article_id) AS articles"
    " FROM evidence WHERE relation_id = ? GROUP BY extraction_id)"
    " JOIN extractions ON extractions.id = extraction_id"
    f" ORDER BY articles DESC, evidence DESC, extractions.id LIMIT {LISTED + 1}"
)


async def relation(visit: Visit, key: str) -> RelationPage:
    """Return what the page of a relation shows. Raises NotFound, Forbidden, BadRequest."""
    visit.require("relations", "entities")
    skipped = number_argument(visit.request, "evidence", 0)
    query = f"{statement_query(visit)} WHERE relations.key = ?"
    found = await visit.found("There is no such relation", query, key)
    context: RelationPage = {
        "relation": found,
        "skipped": skipped,
        "limit": LISTED,
        "is_counted": visit.sight.sees("relation_counts"),
        "others": await _others(visit, found["id"]),
    }
    if found["object_key"]:
        context |= await _both_links(visit, found)
    if visit.sight.sees("evidence", "articles"):
        context["evidence"], context["next_evidence"] = await _evidence(visit, found["id"], skipped)
        context["taken_out"] = await taken_out(visit, "relation_key", key)
        # Datasette's own filter: the articles to which such evidence refers.
        condition = {"table": "evidence", "column": "relation_id", "value": str(found["id"])}
        context["articles_link"] = visit.links.rows("articles", _through=json.dumps(condition))
        if visit.sight.sees("extractions"):
            context["extractions"] = await visit.rows(_AGREEING, found["id"])
    return context


async def _both_links(visit: Visit, found: Any) -> RelationPage:
    """Return where there is more of the same two: the view of relations, and the canned query by
    their names, which are also those of others.
    """
    links: RelationPage = {}
    if visit.sight.sees("relation_index"):
        both = [found["subject_key"], found["object_key"]]
        links["both_link"] = visit.links.rows("relation_index", _entity=both)
    name = visit.graph.name
    queries = await lines.runnable_queries(visit.datasette, visit.request.actor, name, [_BETWEEN])
    if _BETWEEN in queries and is_ours(visit.datasette, name, _BETWEEN):
        asked = urlencode({"name": found["subject"] or "", "other": found["object"] or ""})
        links["between_link"] = f"{visit.datasette.urls.query(name, _BETWEEN)}?{asked}"
    return links


async def _evidence(visit: Visit, number: int, skipped: int) -> tuple[list[Passage], int | None]:
    """Return a page of the evidence, and how much of it stands before the next page, or None."""
    rows = await visit.rows(_SUREST, number, PAGE + 1, skipped)
    numbers = [row["id"] for row in rows]
    columns = f", pattern, {OF_EVIDENCE}, {DATES_OF_EVIDENCE}"
    passages = await passages_of(visit, "evidence", numbers[:PAGE], columns)
    return passages, skipped + PAGE if len(numbers) > PAGE else None


async def _others(visit: Visit, number: int) -> list[Any]:
    """Return what else is stated of the same two entities, either way round; or, where the object is
    a value, the other values of the same subject and predicate.
    """
    is_counted = visit.sight.sees("relation_counts")
    order = "relation_counts.articles DESC, " if is_counted else ""
    return await visit.rows(
        f"{statement_query(visit)} WHERE relations.id <> ?1 AND relations.id IN ("
        "SELECT there.id FROM relations AS here JOIN relations AS there"
        " ON there.subject_id = here.subject_id AND there.object_id = here.object_id"
        " WHERE here.id = ?1 UNION "
        "SELECT there.id FROM relations AS here JOIN relations AS there"
        " ON there.subject_id = here.object_id AND there.object_id = here.subject_id"
        " WHERE here.id = ?1 UNION "
        "SELECT there.id FROM relations AS here JOIN relations AS there"
        " ON there.subject_id = here.subject_id AND there.object_id IS NULL"
        " AND there.predicate = here.predicate WHERE here.id = ?1 AND here.object_id IS NULL"
        f") ORDER BY {order}relations.predicate, relations.key LIMIT {LISTED + 1}",
        number,
    )
