"""What Datasette 1.0's jump menu offers of each graph: its overview, and what is found for what is
typed there.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple
from urllib.parse import urlencode

from datasette.database import QueryInterrupted

from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.web.access.graphs import find_graphs
from datasette_newsgraph.web.access.sight import sight_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.parts.headings import heading_of
from datasette_newsgraph.web.search.finding import find, searched
from datasette_newsgraph.web.search.hits import READ_NAME, may_search, read_spelled
from datasette_newsgraph.web.search.query_words import LONGEST, Words, read_words

#: Of each graph so many.
_ENTITIES, _ARTICLES = 8, 5
#: Texts with the words, those loaded last, of which the first lines are looked at.
_TEXTS = 200
#: Code points of a name or title.
_LABEL = 150
#: Of lines that fit as well Datasette puts the shorter labels first. With so many spaces at its end,
#: of which nothing is seen, no name or title is longer than that of a search.
_LAST = " " * _LABEL


class _Item(NamedTuple):
    """A line of the menu. Datasette puts the lines in order, by how well the labels fit.

    ``typed`` is what it is to be found for, which is searched beside the label.
    """

    type: str
    label: str
    description: str
    url: str
    typed: str = ""


# They are found here, not in SQL of Datasette's that would look at each: that has to take in a moment
# what comes from many plugins, and fails as a whole. It finds them again by the words, which it does
# not fold: so these stand in what it searches.
_SQL = """
SELECT json_extract(value, '$[0]') AS type, json_extract(value, '$[1]') AS label,
  json_extract(value, '$[2]') AS description, json_extract(value, '$[3]') AS url,
  json_extract(value, '$[1]') || ' ' || json_extract(value, '$[4]') AS search_text, NULL AS display_name
FROM json_each(:items)"""


async def jump_items(datasette: Any, actor: Any, request: Any) -> Any:
    """Answer the hook of 1.0: what this actor may see."""
    from datasette.jump import JumpSQL

    typed = (request.args.get("q") or "").strip() if request is not None else ""
    words = read_words(typed if len(typed) <= LONGEST else "")
    items: list[_Item] = []
    for graph in await find_graphs(datasette):
        sight = await sight_of(datasette, actor, graph)
        if graph.trouble or sight.is_blind:
            continue
        visit = Visit(datasette, request, graph, sight)
        items.append(_overview(visit))
        if words:
            items += [each._replace(typed=typed) for each in await _found(visit, words)]
    return JumpSQL(sql=_SQL, params={"items": json.dumps(items)})


async def _found(visit: Visit, words: Words) -> list[_Item]:
    items: list[_Item] = []
    if may_search(visit, searched(ENTITY)):
        found = await find(visit, ENTITY, words, 0, _ENTITIES, stem=1)
        items += [_entity(visit, hit.row) for hit in found.hits]
    if may_search(visit, "article_texts"):
        items += [_article(visit, row) for row in await _articles(visit, words)]
    if items:
        items.append(_search(visit, words))
    return items


async def _articles(visit: Visit, words: Words) -> list[Any]:
    """Return articles with the words in their titles, or first lines, those loaded last."""
    try:
        spelled, rows = await read_spelled(
            visit,
            "article_texts",
            words.with_open_end(),
            f"SELECT key, substr(title, 1, {READ_NAME}) AS title, NULL AS first_line, publisher,"
            " published FROM articles WHERE id IN (SELECT rowid FROM article_texts_fts"
            " WHERE article_texts_fts MATCH 'title : (' || :match || ')'"
            f" ORDER BY rowid DESC LIMIT {_ARTICLES})"
            " UNION ALL SELECT key, NULL, first_line, publisher, published"
            " FROM articles JOIN article_texts ON article_id = articles.id"
            " WHERE first_line IS NOT NULL AND article_id IN (SELECT rowid FROM article_texts_fts"
            " WHERE article_texts_fts MATCH 'text : (' || :match || ')'"
            f" ORDER BY rowid DESC LIMIT {_TEXTS})",
        )
    except QueryInterrupted:
        report(Fault.SLOW, visit.graph.name)
        return []
    # The words of a text may stand in its first line or not.
    return [row for row in rows if row["title"] or spelled.are_all_in(row["first_line"])][
        :_ARTICLES
    ]


def _overview(visit: Visit) -> _Item:
    name = visit.graph.name
    typed = f"{name} news graph overview"
    return _Item("news graph", f"News graph of {name}", "Overview", visit.links.home, typed)


def _search(visit: Visit, words: Words) -> _Item:
    """Return the line for all hits, which comes behind them: no words begin with its quotation mark,
    so that it never fits better than a name.
    """
    address = f"{visit.links.home}/search?{urlencode({'q': words.typed})}"
    label = f"“{_cut(words.typed)}” in {visit.graph.name}"
    return _Item("search", label + _LAST, "All hits", address)


def _entity(visit: Visit, row: Any) -> _Item:
    count = row["articles"]
    articles = "" if count is None else f", {count:,} article{'' if count == 1 else 's'}"
    description = f"{_cut(row['type'])}{articles} in {visit.graph.name}"
    return _Item("entity", _cut(row["name"]), description, visit.links.page("entity", row["key"]))


def _article(visit: Visit, row: Any) -> _Item:
    said = [_cut(each) for each in (row["publisher"], (row["published"] or "")[:10]) if each]
    description = f"{', '.join(said) or 'Article'} in {visit.graph.name}"
    title = _cut(heading_of(row).plain)
    return _Item("article", title, description, visit.links.page("article", row["key"]))


def _cut(text: str | None) -> str:
    text = " ".join((text or "").split())
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
