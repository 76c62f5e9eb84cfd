"""Where an entity is mentioned and a relation stated: rows of spans, with the sentence around each."""

from __future__ import annotations

from typing import Any, NamedTuple

from datasette_newsgraph.web.sentences import WINDOW, WORDS, Sentence, sentence_around
from datasette_newsgraph.web.visit import Visit

#: Passages on one page.
PAGE = 25

_OF_TEXT = "(SELECT substr(text, {}) FROM article_texts WHERE article_id = spans.article_id)"
#: What stands before a span, its words, and what stands behind.
_BEFORE = _OF_TEXT.format(f"max(1, start_char - {WINDOW - 1}), min({WINDOW}, start_char)")
_WORDS = _OF_TEXT.format(f"start_char + 1, min({WORDS}, end_char - start_char)")
_AFTER = _OF_TEXT.format(f"end_char + 1, {WINDOW}")


class Passage(NamedTuple):
    """A span in its article: where it leads, and its sentence or, where that is hidden or the span
    has no place, its words.
    """

    row: Any
    link: str
    sentence: Sentence | None
    words: str | None


async def read_passages(
    visit: Visit, table: str, condition: str, number: int, after: int, columns: str = ""
) -> tuple[list[Passage], int | None]:
    """Return a page of the mentions, evidence or quotes (``table``) of which ``condition`` holds for a
    row ``number``, behind the row ``after``; and behind which row the next page begins, or None.

    The caller has made sure that the visitor may see the table and articles.
    """
    parts = (_BEFORE, _WORDS, _AFTER) if visit.sight.sees("article_texts") else ("NULL",) * 3
    before, words, behind = parts
    rows = await visit.rows(
        f"SELECT spans.id, spans.key, start_char, end_char, substr(surface, 1, {WORDS}) AS surface,"
        " spans.confidence, zone,"
        f" offset_status, articles.key AS article_key, articles.title, articles.publisher,"
        f" articles.published, {before} AS before, {words} AS words, {behind} AS behind{columns}"
        f" FROM {table} AS spans"
        f" JOIN articles ON articles.id = spans.article_id"
        f" WHERE {condition} AND spans.id > ? ORDER BY spans.id LIMIT {PAGE + 1}",
        number,
        after,
    )
    passages = [_passage(visit, row) for row in rows[:PAGE]]
    return passages, rows[PAGE - 1]["id"] if len(rows) > PAGE else None


def _passage(visit: Visit, row: Any) -> Passage:
    start, end = row["start_char"], row["end_char"]
    link = visit.links.span(row["article_key"], start, end)
    if start is None or row["words"] is None:
        return Passage(row, link, None, (row["surface"] or "")[:WORDS] or None)
    words = row["words"] + (" …" if end - start > WORDS else "")
    return Passage(row, link, sentence_around(row["before"], words, row["behind"]), None)


def after_of(visit: Visit, name: str) -> int:
    """Return behind which row a page of passages begins: ``?NAME=NUMBER``, or 0."""
    given = visit.request.args.get(name) or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
