"""One kind of thing that is found for words: how many there are, and some of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from datasette.database import QueryInterrupted

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.search.entity_hits import entities
from datasette_newsgraph.web.search.hits import COUNTED, LISTED, Hit, Page, read_spelled
from datasette_newsgraph.web.search.text_hits import articles, quotes
from datasette_newsgraph.web.search.words import Words

_Listing = Callable[[Visit, Words, Page], Awaitable[tuple[list[Hit], str]]]
#: What may be found: of each kind the table whose full-text table is searched, and what lists hits.
KINDS: dict[str, tuple[str, _Listing]] = {
    "entities": ("entities", entities),
    "articles": ("article_texts", articles),
    "quotes": ("quotes", quotes),
}


@dataclass(frozen=True)
class Found:
    """Some of the hits of a kind, and how many there are: no more than ``COUNTED`` + 1 are counted.

    ``words`` are those searched for, in the spellings that things of this kind have; ``order`` tells
    in words by what they are listed; ``is_too_slow``, that it was given up.
    """

    hits: list[Hit]
    count: int
    words: Words
    order: str = ""
    is_too_slow: bool = False


async def find(visit: Visit, kind: str, words: Words, first: int, size: int) -> Found:
    """Return ``size`` hits of a kind from the ``first`` on. The caller has asked ``may_search``."""
    table, list_hits = KINDS[kind]
    if not words:
        return Found([], 0, words)
    try:
        words, count = await _count(visit, table, words)
        if count == 0:
            return Found([], 0, words)
        page = Page(count, first, min(size, LISTED - first))
        hits, order = await list_hits(visit, words, page)
    except QueryInterrupted:
        report(Fault.SLOW, visit.graph.name)
        return Found([], 0, words, is_too_slow=True)
    return Found(hits, count, words, order)


async def _count(visit: Visit, table: str, words: Words) -> tuple[Words, int]:
    spelled, counted = await read_spelled(
        visit,
        table,
        words,
        f"SELECT count(*) FROM (SELECT 1 FROM {table}_fts WHERE {table}_fts MATCH :match"
        f" LIMIT {COUNTED + 1})",
    )
    return spelled, int(counted[0][0])
