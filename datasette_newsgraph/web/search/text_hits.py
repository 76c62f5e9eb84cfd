"""Articles and quotes that are found by their words."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.drafting.first_line import ELLIPSIS
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.headings import first_line_column, heading_of
from datasette_newsgraph.web.search.hits import (
    AMONG,
    COUNTED,
    QUOTE,
    RANKED,
    READ,
    READ_NAME,
    TITLE,
    Hit,
    Page,
    by_number,
    marked_hits,
    read_rows,
)
from datasette_newsgraph.web.search.query_words import NO_WORDS, Words
from datasette_newsgraph.web.search.snippets import snippet

#: Articles that are tried for each hit that is wanted, the newest; and altogether.
_TRIED, _MOST_TRIED = 20, 600


async def articles(visit: Visit, words: Words, page: Page) -> tuple[list[Hit], str]:
    """Return a page of the articles that have the words, and their order in words."""
    if page.count <= RANKED:
        # Words of a title weigh more.
        best = await read_rows(
            visit,
            "SELECT rowid FROM article_texts_fts WHERE article_texts_fts MATCH :match"
            " ORDER BY bm25(article_texts_fts, 5.0, 1.0), rowid LIMIT :size OFFSET :first",
            {"match": words.match, "size": page.size, "first": page.first},
        )
        numbers, order = [row[0] for row in best], "the best first"
    else:
        numbers, order = await _newest(visit, words, page), "the newest first"
    rows = await by_number(
        visit,
        f"SELECT articles.id, articles.key, substr(articles.title, 1, {READ_NAME}) AS title,"
        f" publisher, published, language, first_line, substr(text, 1, {READ}) AS text"
        " FROM articles JOIN article_texts"
        f" ON article_id = articles.id WHERE articles.id {AMONG}",
        numbers,
    )
    return await marked_hits(rows, words, _article), order


async def _newest(visit: Visit, words: Words, page: Page) -> list[int]:
    """Return the numbers of articles, by date."""
    parameters = {"match": words.match, "size": page.size, "first": page.first}
    tried = (page.first + page.size) * _TRIED
    if page.count > COUNTED and tried <= _MOST_TRIED and not words.has_open_end:
        # What a good part of all articles have, some of the newest have, too.
        newest = await read_rows(
            visit,
            "SELECT newest.id FROM (SELECT id, published FROM articles"
            " ORDER BY published DESC, id DESC LIMIT :tried) AS newest"
            " CROSS JOIN article_texts_fts ON article_texts_fts.rowid = newest.id"
            " WHERE article_texts_fts MATCH :match"
            " ORDER BY published DESC, id DESC LIMIT :size OFFSET :first",
            {**parameters, "tried": tried},
        )
        if len(newest) == page.size:
            return [row[0] for row in newest]
    # The plus makes SQLite go by date, so that it stops when it has enough.
    newest = await read_rows(
        visit,
        "SELECT id FROM articles WHERE +id IN (SELECT rowid FROM article_texts_fts"
        " WHERE article_texts_fts MATCH :match)"
        " ORDER BY published DESC, id DESC LIMIT :size OFFSET :first",
        parameters,
    )
    return [row[0] for row in newest]


def _article(row: Any, words: Words) -> Hit:
    heading, text = heading_of(row), row["text"] or ""
    # Most texts begin with the title, or the first line, which is shown already.
    shown = heading.words.removesuffix(ELLIPSIS).rstrip()
    skip = len(shown) if text.startswith(shown) else 0
    return Hit(row, snippet(heading.words, words, width=TITLE), [snippet(text, words, skip)])


async def quotes(visit: Visit, words: Words, page: Page) -> tuple[list[Hit], str]:
    """Return a page of the quotes that have the words, and their order in words."""
    if page.count <= RANKED:
        by, order = "bm25(quotes_fts), rowid", "the best first"
    else:
        by, order = "rowid DESC", "those loaded last first"
    numbers = await read_rows(
        visit,
        f"SELECT rowid FROM quotes_fts WHERE quotes_fts MATCH :match ORDER BY {by}"
        " LIMIT :size OFFSET :first",
        {"match": words.match, "size": page.size, "first": page.first},
    )
    rows = await by_number(
        visit,
        f"SELECT quotes.id, substr(surface, 1, {READ}) AS surface, start_char, end_char,"
        f" offset_status, articles.key AS article_key, substr(articles.title, 1, {TITLE}) AS title,"
        f" publisher, published, language, {first_line_column(visit.sight)},"
        " entities.key AS speaker_key,"
        f" substr(entities.name, 1, {TITLE}) AS speaker"
        " FROM quotes JOIN articles ON articles.id = article_id"
        f" LEFT JOIN entities ON entities.id = speaker_id WHERE quotes.id {AMONG}",
        [row[0] for row in numbers],
    )
    return await marked_hits(rows, words, _quote), order


def _quote(row: Any, words: Words) -> Hit:
    title = snippet(heading_of(row).words, NO_WORDS, width=TITLE)
    return Hit(row, title, [snippet(row["surface"] or "", words, width=QUOTE)])
