"""An article: what its page shows beside the text."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from datasette_newsgraph.kinds import ANNOTATED
from datasette_newsgraph.store.asserting import OF_EVIDENCE
from datasette_newsgraph.web.access.arguments import choice_argument
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.article.text import is_unverified, read_text, status_words
from datasette_newsgraph.web.deciding.taken_out import taken_out
from datasette_newsgraph.web.page_contexts import ArticlePage
from datasette_newsgraph.web.parts.headings import first_line_column
from datasette_newsgraph.web.parts.type_colours import type_number, type_sign
from datasette_newsgraph.web.parts.typography import DATES_OF_EVIDENCE

#: Entities, statements and quotes listed on a page; the tables have all of them.
LISTED = 100
#: Mentions listed while somebody corrects the article.
MENTIONS = 500
#: Mentions listed whose words the text does not have.
LOST = 50
#: Code points of a span that are shown in a list.
_WORDS = 400

_SPAN = (
    f"start_char, end_char, substr(surface, 1, {_WORDS}) AS surface,"
    f" length(surface) > {_WORDS} AS is_cut, offset_status, moved"
)


class Group(NamedTuple):
    """The entities of one type."""

    type: str
    number: int
    sign: str
    entities: list[Any]


async def article(visit: Visit, key: str) -> ArticlePage:
    """Return what the page of an article shows. Raises NotFound, Forbidden, BadRequest."""
    visit.require("articles")
    sees = visit.sight.sees
    columns = f"articles.*, {first_line_column(visit.sight)}"
    found = await visit.found(
        "There is no such article", f"SELECT {columns} FROM articles WHERE key = ?", key
    )
    number = found["id"]
    context: ArticlePage = {
        "article": found,
        "authors": _listed(found["authors"]),
        "sections": _listed(found["sections"]),
        "limit": LISTED,
        "status_words": status_words,
    }
    if sees("extractions") and found["extraction_id"]:
        context["extraction"] = await visit.row(
            "SELECT * FROM extractions WHERE id = ?", found["extraction_id"]
        )
    if sees("article_texts"):
        context["text"] = await read_text(visit, found)
    text = context.get("text")
    has_text = bool(text)
    context["place"] = lambda row: _place(visit, key, row) if has_text else None
    if sees("appearances", "entities"):
        context["entities"] = await _entities(visit, number, has_text)
        context["groups"] = _groups(context["entities"][:LISTED])
    if sees("mentions", "entities"):
        context["lost"] = await _lost(visit, number)
    if sees("evidence", "relations", "entities"):
        context["statements"] = await _statements(visit, number)
    if sees("quotes", "entities"):
        context["quotes"] = await _quotes(visit, number)
    if text:
        spans = (*context.get("statements", ()), *context.get("quotes", ()))
        context["is_unverified"] = text["is_unverified"] or any(map(is_unverified, spans))
    context["tables"] = _tables(visit, number)
    context["taken_out"] = await taken_out(visit, "article_id", number)
    if choice_argument(visit.request, "correct", ("", "1"), "") and sees("mentions", "entities"):
        context["mentions"] = await _mentions(visit, number)
    return context


def _place(visit: Visit, key: str, row: Any) -> str | None:
    """Return where the page marks the span of a row; None if it has no place in the text."""
    if row["start_char"] is None or row["end_char"] is None:
        return None
    return visit.links.span(key, row["start_char"], row["end_char"])


async def _entities(visit: Visit, article_id: int, has_text: bool) -> list[Any]:
    """Return the entities of an article, those mentioned most first, one more than are listed.

    With a text, each has the place of its first mention.
    """
    places = (
        "(SELECT entity_id AS number, min(start_char) AS start_char, end_char FROM mentions"
        " WHERE article_id = ?1 AND start_char IS NOT NULL GROUP BY entity_id)"
        if has_text
        else "(SELECT NULL AS number, NULL AS start_char, NULL AS end_char)"
    )
    return await visit.rows(
        "SELECT entities.key, entities.name, entities.type, counted.mentions, start_char, end_char"
        " FROM (SELECT id, entity_id, mentions FROM appearances WHERE article_id = ?1"
        f" ORDER BY mentions DESC, id LIMIT {LISTED + 1}) AS counted"
        f" CROSS JOIN entities ON entities.id = entity_id LEFT JOIN {places} ON number = entity_id"
        " ORDER BY counted.mentions DESC, counted.id",
        article_id,
    )


def _groups(entities: list[Any]) -> list[Group]:
    """Return entities by type, in the order in which the first of each comes."""
    found: dict[str, list[Any]] = {}
    for each in entities:
        found.setdefault(each["type"], []).append(each)
    return [Group(type_, type_number(type_), type_sign(type_), of) for type_, of in found.items()]


async def _lost(visit: Visit, article_id: int) -> list[Any]:
    """Return the mentions that have no place in the text, one more than are listed."""
    return await visit.rows(
        f"SELECT entities.key, entities.name, {_SPAN} FROM mentions"
        " JOIN entities ON entities.id = entity_id"
        f" WHERE article_id = ? AND start_char IS NULL ORDER BY mentions.id LIMIT {LOST + 1}",
        article_id,
    )


async def _mentions(visit: Visit, article_id: int) -> list[Any]:
    """Return the mentions of an article in the order of its text, one more than are listed."""
    return await visit.rows(
        "SELECT mentions.key AS mention_key, entities.key, entities.name, entities.type,"
        f" {_SPAN} FROM mentions JOIN entities ON entities.id = entity_id WHERE article_id = ?"
        f" ORDER BY start_char IS NULL, start_char, mentions.id LIMIT {MENTIONS + 1}",
        article_id,
    )


def _first_spans(table: str, columns: str) -> str:
    """Return the SELECT of the first rows of an article, in the order of its text."""
    return (
        f"(SELECT id, key AS span_key, {columns}, confidence, {_SPAN} FROM {table} WHERE article_id = ?"
        f" ORDER BY start_char IS NULL, start_char, id LIMIT {LISTED + 1}) AS spans"
    )


#: Whatever is read for these rows is read in their order.
_IN_ORDER = " ORDER BY start_char IS NULL, start_char, spans.id"


async def _statements(visit: Visit, article_id: int) -> list[Any]:
    """Return what an article states, one more than is listed."""
    evidence = _first_spans("evidence", f"relation_id, pattern, {OF_EVIDENCE}, {DATES_OF_EVIDENCE}")
    return await visit.rows(
        "SELECT relations.key, relations.predicate, relations.value, subjects.name AS subject,"
        " subjects.key AS subject_key, objects.name AS object, objects.key AS object_key, spans.*"
        f" FROM {evidence} CROSS JOIN relations ON relations.id = relation_id"
        " CROSS JOIN entities AS subjects ON subjects.id = relations.subject_id"
        f" LEFT JOIN entities AS objects ON objects.id = object_id{_IN_ORDER}",
        article_id,
    )


async def _quotes(visit: Visit, article_id: int) -> list[Any]:
    """Return whom an article quotes, one more than are listed."""
    quotes = _first_spans("quotes", "speaker_id, verb, direct")
    return await visit.rows(
        "SELECT spans.*, entities.name AS speaker, entities.key AS speaker_key"
        f" FROM {quotes} LEFT JOIN entities ON entities.id = speaker_id{_IN_ORDER}",
        article_id,
    )


def _tables(visit: Visit, article_id: int) -> dict[str, str]:
    """Return the tables with all mentions, evidence and quotes of an article.

    The views would be read from end to end: they do not have its row number, by which there is an
    index.
    """
    return {
        each.table: visit.links.rows(each.table, article_id=str(article_id))
        for each in ANNOTATED
        if visit.sight.sees(each.table)
    }


def _listed(array: str | None) -> list[str]:
    return [str(each) for each in json.loads(array)] if array else []
