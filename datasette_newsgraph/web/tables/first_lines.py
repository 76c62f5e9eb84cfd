"""Cells for articles without a title, in which the first lines of their texts stand."""

from __future__ import annotations

import json

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.parts.headings import UNTITLED, Heading
from datasette_newsgraph.web.tables.waiting import WaitingCell, waiting_cell

_QUERY = (
    "SELECT articles.id, articles.key, first_line FROM articles JOIN article_texts"
    " ON article_id = articles.id WHERE first_line IS NOT NULL AND ("
    "articles.key IN (SELECT value FROM json_each(:articles))"
    " OR articles.id IN (SELECT value FROM json_each(:articles)))"
)


def untitled_cell(database: str, article: str | int, before: str, behind: str) -> WaitingCell:
    """Return the cell of an article, given by its key or its row number, with the HTML around it.

    It calls the article untitled unless a first line is found for it.
    """
    cell = WaitingCell(article, before, str(Heading(UNTITLED).html()), behind)
    return waiting_cell(database, _add_first_lines, cell)


async def _add_first_lines(visit: Visit, cells: list[WaitingCell]) -> None:
    if not visit.sight.sees("articles", "article_texts"):
        return
    asked = json.dumps(list({cell.about for cell in cells}))
    found: dict[str | int, str] = {}
    for row in await visit.rows_of(_QUERY, {"articles": asked}):
        html = str(Heading(row["first_line"], is_first_line=True).html())
        found[row["id"]] = found[row["key"]] = html
    for cell in cells:
        cell.filling = found.get(cell.about, cell.filling)
