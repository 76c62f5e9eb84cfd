"""An article: what its page shows, with one span marked."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from datasette_newsgraph.web.visit import Visit

#: Code points of a text on one page.
LONGEST = 100_000
#: Entities, statements and quotes listed on a page; the faceted views have all of them.
LISTED = 200

_AT = re.compile(r"([0-9]{1,9}),([0-9]{1,9})")


class Piece(NamedTuple):
    """A part of the text: plain, or marked as the span asked for."""

    text: str
    is_marked: bool


async def article(visit: Visit, key: str) -> dict[str, Any]:
    """Return what the page of an article shows. Raises NotFound, Forbidden."""
    visit.require("articles")
    sees = visit.sight.sees
    found = await visit.found(
        "There is no such article", "SELECT * FROM articles WHERE key = ?", key
    )
    number = found["id"]
    context: dict[str, Any] = {
        "article": found,
        "authors": _listed(found["authors"]),
        "sections": _listed(found["sections"]),
        "limit": LISTED,
    }
    if sees("extractions") and found["extraction_id"]:
        context["extraction"] = await visit.row(
            "SELECT * FROM extractions WHERE id = ?", found["extraction_id"]
        )
    if sees("article_texts"):
        row = await visit.row("SELECT text FROM article_texts WHERE article_id = ?", number)
        context |= _text_context(row["text"] or "" if row else "", *span_asked_for(visit.request))
    if sees("appearances", "entities"):
        context["entities"] = await visit.rows(
            "SELECT entities.key, entities.name, entities.type, appearances.mentions"
            " FROM appearances JOIN entities ON entities.id = entity_id WHERE article_id = ?"
            f" ORDER BY appearances.mentions DESC, entities.name LIMIT {LISTED + 1}",
            number,
        )
    if sees("evidence", "relations", "entities"):
        context["statements"] = await visit.rows(
            "SELECT relations.key, relations.predicate, relations.value, subjects.name AS subject,"
            " subjects.key AS subject_key, objects.name AS object, objects.key AS object_key,"
            " evidence.surface, evidence.start_char, evidence.end_char, evidence.confidence,"
            " evidence.start_date, evidence.end_date"
            " FROM evidence JOIN relations ON relations.id = relation_id"
            " JOIN entities AS subjects ON subjects.id = relations.subject_id"
            " LEFT JOIN entities AS objects ON objects.id = object_id WHERE article_id = ?"
            f" ORDER BY start_char IS NULL, start_char, evidence.id LIMIT {LISTED + 1}",
            number,
        )
    if sees("quotes", "entities"):
        context["quotes"] = await visit.rows(
            "SELECT quotes.*, entities.name AS speaker, entities.key AS speaker_key FROM quotes"
            " LEFT JOIN entities ON entities.id = speaker_id WHERE article_id = ?"
            f" ORDER BY start_char IS NULL, start_char, quotes.id LIMIT {LISTED + 1}",
            number,
        )
    return context


def _text_context(text: str, start: int, end: int) -> dict[str, Any]:
    """Return what the page shows of a text: all of it, or the part around the span asked for."""
    first = max(0, start - LONGEST // 2) if len(text) > LONGEST else 0
    if first >= len(text):
        first = max(0, len(text) - LONGEST)
    context: dict[str, Any] = {
        "paragraphs": paragraphs(text[first : first + LONGEST], start - first, end - first),
        "fragment": f"char={start},{end}",
    }
    # The middles of the parts before and behind.
    if first > 0:
        context["earlier"] = max(0, first - LONGEST // 2)
    if first + LONGEST < len(text):
        context["later"] = first + LONGEST + LONGEST // 2
    return context


def span_asked_for(request: Any) -> tuple[int, int]:
    """Return the span of ``?at=start,end``; an empty one where there is none or it is malformed."""
    found = _AT.fullmatch(request.args.get("at") or "")
    return (int(found[1]), int(found[2])) if found else (0, 0)


def paragraphs(text: str, start: int, end: int) -> list[list[Piece]]:
    """Return the lines of a text that are not empty, each in pieces, with a span marked.

    A span that crosses lines is marked in each. Joined again, with line ends, the pieces are the text
    but for its empty lines: nothing is lost or moved, whatever the span.
    """
    found = []
    position = 0
    for line in text.split("\n"):
        marked_from = min(max(start - position, 0), len(line))
        marked_to = min(max(end - position, marked_from), len(line))
        pieces = [
            Piece(line[:marked_from], False),
            Piece(line[marked_from:marked_to], True),
            Piece(line[marked_to:], False),
        ]
        if line.strip():
            found.append([piece for piece in pieces if piece.text])
        position += len(line) + 1
    return found


def _listed(array: str | None) -> list[str]:
    return [str(each) for each in json.loads(array)] if array else []
