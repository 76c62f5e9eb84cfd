"""Cells for articles without a title, in which the first lines of their texts stand.

Datasette makes one cell after the other, and then the page of them. So the cells wait, and before the
page is made one query reads the first lines of all.
"""

from __future__ import annotations

import json
from typing import Any

from datasette_newsgraph.web import line
from datasette_newsgraph.web.access.graphs import find_graph
from datasette_newsgraph.web.access.sight import sight_of
from datasette_newsgraph.web.parts.headings import UNTITLED, Heading

#: An article by its key, or by its row number.
Article = str | int

_QUERY = (
    "SELECT articles.id, articles.key, first_line FROM articles JOIN article_texts"
    " ON article_id = articles.id WHERE first_line IS NOT NULL AND ("
    "articles.key IN (SELECT value FROM json_each(:articles))"
    " OR articles.id IN (SELECT value FROM json_each(:articles)))"
)


class WaitingCell:
    """The cell of an article, which is called untitled as long as no first line was read.

    ``before`` and ``behind`` are the HTML around it.
    """

    def __init__(self, article: Article, before: str, behind: str) -> None:
        self.article = article
        self.heading = Heading(UNTITLED)
        self._around = before, behind

    def __html__(self) -> str:
        before, behind = self._around
        return f"{before}{self.heading.html()}{behind}"

    __str__ = __html__


def waiting_cell(database: str, article: Article, before: str, behind: str) -> WaitingCell:
    """Return a cell that is filled before the page under way is made."""
    cell = WaitingCell(article, before, behind)
    line.remembered().setdefault(WaitingCell, []).append((database, cell))
    return cell


async def fill_cells(datasette: Any, request: Any) -> None:
    """Give the cells of the page under way their first lines, where the visitor may see texts."""
    waiting: list[tuple[str, WaitingCell]] = line.remembered().pop(WaitingCell, [])
    for name in {database for database, _ in waiting}:
        graph = await find_graph(datasette, name)
        if graph is None or not (await sight_of(datasette, request.actor, graph)).sees(
            "articles", "article_texts"
        ):
            continue
        cells = [cell for database, cell in waiting if database == name]
        asked = json.dumps(list({cell.article for cell in cells}))
        found: dict[Article, Heading] = {}
        for row in (await datasette.databases[name].execute(_QUERY, {"articles": asked})).rows:
            found[row["id"]] = found[row["key"]] = Heading(row["first_line"], is_first_line=True)
        for cell in cells:
            cell.heading = found.get(cell.article, cell.heading)
