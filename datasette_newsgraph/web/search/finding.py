"""One kind of thing that is found for words: how many there are, and some of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from datasette.database import QueryInterrupted

from datasette_newsgraph.kinds import ARTICLE, ENTITY, QUOTE, Kind
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.search.entity_hits import entities
from datasette_newsgraph.web.search.hits import (
    COUNTED,
    LISTED,
    Hit,
    Page,
    may_search,
    read_spelled,
    seen_among,
)
from datasette_newsgraph.web.search.query_words import LONGEST, STEM, Words, read_words
from datasette_newsgraph.web.search.text_hits import articles, quotes

_Listing = Callable[[Visit, Words, Page], Awaitable[tuple[list[Hit], str]]]
#: What lists the hits of a kind.
LISTINGS: dict[Kind, _Listing] = {ENTITY: entities, ARTICLE: articles, QUOTE: quotes}


def searched(kind: Kind) -> str:
    """Return the table whose full-text table finds things of a kind that can be searched."""
    assert kind.searched is not None, f"no full-text table finds {kind.plural}"
    return kind.searched


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


async def find(
    visit: Visit, kind: Kind, words: Words, first: int, size: int, stem: int = STEM
) -> Found:
    """Return ``size`` hits of a kind from the ``first`` on: what has the very words, and behind it what
    has a word that only begins as the last one, if that has as many letters as ``stem``.

    The caller has asked ``may_search``.
    """
    table = searched(kind)
    if not words:
        return Found([], 0, words)
    try:
        whole = await _count(visit, table, words)
        begun = await _count_begun(visit, table, words, whole, stem)
        found = await _list(visit, kind, whole, 0, first, size)
        if begun is None:
            return found
        more = await _list(visit, kind, begun, found.count, first, size)
        return _together(found, more)
    except QueryInterrupted:
        report(Fault.SLOW, visit.graph.name)
        return Found([], 0, words, is_too_slow=True)


async def entities_called(visit: Visit, typed: str) -> list[Any]:
    """Return the first entities that are found for what somebody typed, as rows; none where the visitor
    may not search for any.
    """
    if not may_search(visit, searched(ENTITY)):
        return []
    words = read_words(typed[:LONGEST])
    found = await find(visit, ENTITY, words, 0, visit.settings.search_page_size)
    return [hit.row for hit in found.hits]


_Counted = tuple[Words, int]


async def _count_begun(
    visit: Visit, table: str, asked: Words, whole: _Counted, stem: int
) -> _Counted | None:
    """Return the words with any ending of the last one, and how many hits these have but not the
    ``whole`` words as they were ``asked`` for; None where there are none.
    """
    words, count = whole
    begun = asked.with_open_end(stem)
    if begun == asked or count > COUNTED:
        return None
    try:
        begun, all_count = await _count(visit, table, begun)
    except QueryInterrupted:
        if not count:
            raise
        # Too many words begin so. Those that were typed have been found.
        report(Fault.SLOW, visit.graph.name)
        return None
    if all_count <= count:
        return None
    return replace(begun, left_out=words.match if count else None), all_count - count


async def _list(
    visit: Visit, kind: Kind, counted: _Counted, before: int, first: int, size: int
) -> Found:
    """Return those of some hits that are on a page. ``before`` is how many come before them all."""
    words, count = counted
    start, end = max(first - before, 0), min(first + size, LISTED) - before
    page = Page(count, start, min(end, count) - start)
    if page.size <= 0:
        return Found([], count, words)
    hits, order = await LISTINGS[kind](visit, words, page)
    return Found(hits, count, words, order)


def _together(whole: Found, begun: Found) -> Found:
    """Return the hits of whole words, and behind them those in which a word only begins so."""
    order = whole.order or begun.order
    if whole.count:
        order = f"whole words first, {order}"
    words = replace(begun.words, left_out=None)
    return Found(whole.hits + begun.hits, whole.count + begun.count, words, order)


async def _count(visit: Visit, table: str, words: Words) -> tuple[Words, int]:
    spelled, counted = await read_spelled(
        visit,
        table,
        words,
        f"SELECT count(*) FROM (SELECT 1 FROM {table}_fts WHERE {table}_fts MATCH :match"
        f"{seen_among(visit, table)} LIMIT {COUNTED + 1})",
    )
    return spelled, int(counted[0][0])
