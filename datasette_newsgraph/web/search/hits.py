"""What a search finds: rows with the words marked in them, and how much of it is looked at.

However many there are, as many are looked at as a page needs: of a word that half of all articles
have, none is better than the other.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from datasette_newsgraph.web.access import secrecy
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.search.query_words import Words
from datasette_newsgraph.web.search.snippets import Piece

#: Hits that are counted; where there are more, that is what is said.
COUNTED = 10_000
#: Hits that are put in order by how well they fit; of more, articles are listed by date.
RANKED = 2_000
#: Hits that the pages of a search go through.
LISTED = 500
#: Code points of a title, name or quote that are shown.
TITLE, QUOTE = 300, 500
#: Code points in which words are looked for, to be shown and marked: of a text, a quote or all names
#: of an entity; and of a title or one name. However long they are, no more of them is read.
READ, READ_NAME = 100_000, 1_000
#: What picks rows by the ``:numbers`` of :func:`by_number`.
AMONG = "IN (SELECT value FROM json_each(:numbers))"


_Read = TypeVar("_Read")


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its row, and its parts with the words marked in them."""

    row: Any
    heading: list[Piece]
    parts: list[list[Piece]]


@dataclass(frozen=True)
class Page:
    """Which of the hits are wanted: ``size`` of ``count``, from the ``first`` on."""

    count: int
    first: int
    size: int


def may_search(visit: Visit, table: str) -> bool:
    """Tell whether the visitor may search in a table's full-text table, and there is one."""
    return visit.sight.sees(f"{table}_fts")


def may_search_later(visit: Visit, table: str) -> bool:
    """Tell whether a table has no full-text table yet, in which the visitor may search then.

    They are made when the first load ends.
    """
    full_text = f"{table}_fts"
    return full_text not in visit.graph.tables and visit.sight.sees(*secrecy.TELLS[full_text])


def seen_among(visit: Visit, table: str, row: str | None = None) -> str:
    """Return the condition, to follow others, that keeps to rows of a table that may be seen: what is
    read from its full-text table is of all rows. It is empty where all may be seen.

    ``row`` has the row's number, if not the full-text table itself.
    """
    if table not in visit.sight.parts:
        return ""
    return f" AND EXISTS (SELECT 1 FROM {table} WHERE {table}.id = {row or f'{table}_fts.rowid'})"


async def read_rows(visit: Visit, query: str, parameters: dict[str, Any]) -> list[Any]:
    """Return the rows of a query; raises QueryInterrupted if it takes too long for a search."""
    return await visit.fetch(query, parameters, visit.settings.search_time_limit_ms)


async def read_spelled(
    visit: Visit, table: str, words: Words, query: str
) -> tuple[Words, list[Any]]:
    """Return words with the spellings that are in a table's full-text table, and the rows of a query
    that has these as ``:match``; raises QueryInterrupted as :func:`read_rows` does.

    The visitor may search in the table.
    """

    def read(connection: sqlite3.Connection) -> tuple[Words, list[Any]]:
        spelled = words.spelled(lambda matches: known_among(visit, connection, table, matches))
        return spelled, connection.execute(query, {"match": spelled.match}).fetchall()

    return await read_in_time(visit, read)


async def read_in_time(visit: Visit, read: Callable[[sqlite3.Connection], _Read]) -> _Read:
    """Return what a function makes of a connection; raises QueryInterrupted if it takes too long for
    a search.
    """
    return await visit.read(read, visit.settings.search_time_limit_ms)


def known_among(
    visit: Visit, connection: sqlite3.Connection, table: str, matches: list[str]
) -> set[str]:
    """Return of some full-text queries those that find something that the visitor may see."""
    found = connection.execute(
        "SELECT value FROM json_each(?) WHERE EXISTS"
        f" (SELECT 1 FROM {table}_fts WHERE {table}_fts MATCH value{seen_among(visit, table)})",
        [json.dumps(matches)],
    )
    return {row[0] for row in found}


async def by_number(visit: Visit, query: str, numbers: list[int]) -> list[Any]:
    """Return the rows of a query, of which each has its number as ``id``, in the order of these."""
    rows = await read_rows(visit, query, {"numbers": json.dumps(numbers)})
    found = {row["id"]: row for row in rows}
    return [found[number] for number in numbers if number in found]


async def marked_hits(
    rows: list[Any], words: Words, mark: Callable[[Any, Words], Hit]
) -> list[Hit]:
    """Return rows as hits, each by ``mark``, in a thread: words are looked for in long texts."""
    return await asyncio.to_thread(lambda: [mark(row, words) for row in rows])
