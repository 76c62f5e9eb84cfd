"""Split an entity: the articles that name it, of which those are ticked that mean another one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from datasette.utils.asgi import BadRequest, Forbidden

from datasette_newsgraph.errors import UnknownKey
from datasette_newsgraph.web.access.arguments import number_argument, text_argument
from datasette_newsgraph.web.access.deciding import deciding_of
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.deciding.sides import sides_of
from datasette_newsgraph.web.merging.another import Finding, another
from datasette_newsgraph.web.page_contexts import SplitPage
from datasette_newsgraph.web.parts.headings import first_line_column
from datasette_newsgraph.web.parts.passages import Passage, passages_of

#: Articles on a page.
ARTICLES = 50

_NAMING = (
    "SELECT articles.id, articles.key, title, publisher, published, language, {first_line}"
    " FROM appearances JOIN articles ON articles.id = article_id WHERE entity_id = ?"
    " ORDER BY published DESC, articles.id DESC LIMIT ? OFFSET ?"
)
_AMONG = "article_id IN (SELECT value FROM json_each(?))"
_FIRST = f"SELECT min(id) FROM mentions WHERE entity_id = ? AND {_AMONG} GROUP BY article_id"
_GIVEN = (
    "SELECT article_id, json_extract(record, '$.name') AS name, subject_key FROM as_given"
    f" WHERE shown_key = ? AND kind = 'appearance' AND subject_key <> shown_key AND {_AMONG}"
)


@dataclass(frozen=True)
class Naming:
    """An article that names an entity: its first sentence that does, and the keys as which it was given
    there, if these are others.
    """

    row: Any
    passage: Passage | None
    given: list[str]


async def splitting(visit: Visit, find: Finding) -> SplitPage:
    """Return what the page shows on which articles are split off an entity (``key``): as a new one, or
    into one that is there (``into``), or is looked for (``q``). Raises Forbidden, BadRequest, NotFound,
    UnknownKey.
    """
    if not (await deciding_of(visit)).is_allowed:
        raise Forbidden("You do not have permission to decide")
    key = text_argument(visit.request, "key")
    if not key:
        raise BadRequest("key has to be given: that of an entity.")
    skipped = number_argument(visit.request, "from", 0)
    query = "SELECT * FROM entities WHERE key = ?"
    found = await visit.found("There is no such entity", query, key)
    query = _NAMING.format(first_line=first_line_column(visit.sight))
    articles = await visit.rows(query, found["id"], ARTICLES + 1, skipped)
    page = visit.links.page("entity", key)
    other = await another(visit, key, "into", find)
    into = other.chosen if other.chosen != key else None
    sides = await sides_of(visit, [into]) if into else {}
    if into and into not in sides:
        raise UnknownKey("There is no such entity")
    return {
        "split": found,
        "into": sides[into] if into else None,
        "asked_for": other.typed,
        "hits": other.hits,
        "naming": await _naming(visit, found, articles[:ARTICLES]),
        "skipped": skipped,
        "next_articles": skipped + ARTICLES if len(articles) > ARTICLES else None,
        "trail": [("Entities", None), (found["name"] or key, page), ("Split", None)],
    }


async def _naming(visit: Visit, found: Any, articles: list[Any]) -> list[Naming]:
    numbers = json.dumps([row["id"] for row in articles])
    first = [row[0] for row in await visit.rows(_FIRST, found["id"], numbers)]
    passages = {
        each.row["article_id"]: each for each in await passages_of(visit, "mentions", first)
    }
    given: dict[int, list[str]] = {}
    for row in await visit.rows(_GIVEN, found["key"], numbers):
        given.setdefault(row["article_id"], []).append(row["name"] or row["subject_key"])
    return [Naming(row, passages.get(row["id"]), given.get(row["id"], [])) for row in articles]
