"""Entities that are found by a name."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.search.hits import (
    AMONG,
    READ,
    READ_NAME,
    TITLE,
    Hit,
    Page,
    by_number,
    marked_hits,
    read_rows,
    seen_among,
)
from datasette_newsgraph.web.search.query_words import Words, fold
from datasette_newsgraph.web.search.snippets import Piece, snippet

#: Entities that are put in order one by one; of more, the most mentioned.
_COMPARED = 500
#: Entities with a word in a name of which SQLite looks up the mentions, to sort them. Of more than
#: that it has soon found enough when it goes from the most mentioned downwards.
_SORTED = 5_000
#: Other names of an entity that are shown because they were found.
_ALIASES = 3
#: Other names in which the words stand that are looked at for these.
_EXAMINED = 300
#: A name, as far as it is read.
_NAME = f"substr(name, 1, {READ_NAME}) AS name"


async def entities(visit: Visit, words: Words, page: Page) -> tuple[list[Hit], str]:
    """Return a page of the entities of which the words are in a name, and their order in words."""
    has_counts = visit.sight.sees("entity_counts")
    if has_counts:
        candidates = await _candidates(visit, words, page.count)
    else:
        candidates = await _without_counts(visit, words)
    ranked = await asyncio.to_thread(_ranked, candidates, words)
    counts = ("mentions, articles", "JOIN entity_counts ON entity_id = id")
    columns, join = counts if has_counts else ("NULL AS mentions, NULL AS articles", "")
    rows = await by_number(
        visit,
        f"SELECT id, key, {_NAME}, substr(entities.type, 1, {TITLE}) AS type,"
        " substr(description, 1, 300) AS description,"
        f" substr(alias_text, 1, {READ}) AS alias_text, {columns}"
        f" FROM entities {join} WHERE id {AMONG}",
        ranked[page.first : page.first + page.size],
    )
    order = "just this name first, then by mentions" if has_counts else "by name"
    return await marked_hits(rows, words, _entity), order


def _ranked(candidates: list[Any], words: Words) -> list[int]:
    """Return the numbers of entities: just this name first, then names that begin so."""
    wanted = fold(words.typed)

    def rank(row: Any) -> tuple[int, int, str, int]:
        name = fold(row["name"] or "")
        distance = 0 if name == wanted else 1 if name.startswith(wanted) else 2
        return distance, -row["mentions"], name, row["id"]

    return [row["id"] for row in sorted(candidates, key=rank)]


async def _without_counts(visit: Visit, words: Words) -> list[Any]:
    """Return entities as rows of id, name and mentions, where no mentions may be told of."""
    return await read_rows(
        visit,
        f"SELECT id, {_NAME}, 0 AS mentions FROM entities WHERE id IN"
        " (SELECT rowid FROM entities_fts WHERE entities_fts MATCH :match"
        f"{seen_among(visit, 'entities')} LIMIT :limit)",
        {"match": words.match, "limit": _COMPARED},
    )


async def _candidates(visit: Visit, words: Words, count: int) -> list[Any]:
    """Return the entities of which the first are taken, as rows of id, name and mentions."""
    columns = f"SELECT id, {_NAME}, mentions FROM"
    row = f"{columns} entity_counts CROSS JOIN entities ON id = entity_id WHERE"
    among = "entity_id IN (SELECT rowid FROM entities_fts WHERE entities_fts MATCH :{})"
    if count <= _COMPARED:
        return await read_rows(visit, f"{row} {among.format('match')}", {"match": words.match})
    # A part of many names: those of just this name, those that begin so, and of the rest the most
    # mentioned. A plus keeps SQLite from beginning at the names.
    if count > _SORTED:
        among = f"+{among}"
    most = f"ORDER BY mentions DESC LIMIT {_COMPARED}"
    typed = words.typed.strip('"*')
    # Those of just this name are no news where what has these very words is left out.
    names = [] if words.left_out else [typed, typed.lower(), typed.upper(), typed.title()]
    return await read_rows(
        visit,
        f"SELECT * FROM ({columns} entities"
        " CROSS JOIN entity_counts ON entity_id = id"
        f" WHERE name IN (SELECT value FROM json_each(:names)) LIMIT {_COMPARED})"
        f" UNION SELECT * FROM ({row} {among.format('beginning')} {most})"
        f" UNION SELECT * FROM ({row} {among.format('match')} {most})",
        {
            "names": json.dumps(list(dict.fromkeys(names))),
            "beginning": words.without_left_out(f"name : {words.together.beginning}"),
            "match": words.match,
        },
    )


def _entity(row: Any, words: Words) -> Hit:
    heading = snippet(row["name"] or "", words, width=TITLE)
    return Hit(row, heading, _other_names(row["name"] or "", row["alias_text"] or "", words))


def _other_names(name: str, aliases: str, words: Words) -> list[list[Piece]]:
    """Return the first other names in which the words stand. ``aliases`` has a name on each line.

    An entity may have very many: those without the words are passed over all at once.
    """
    # A name in other cases or without its marks and strokes is no other name.
    shown = {fold(name)}
    found: list[list[Piece]] = []
    at = 0
    for _ in range(_EXAMINED):
        next_ = next(words.places.find(aliases, at), None)
        if next_ is None or len(found) == _ALIASES:
            break
        start = aliases.rfind("\n", 0, next_.start) + 1
        end = aliases.find("\n", next_.start)
        at = end if end >= 0 else len(aliases)
        alias = aliases[start : min(at, start + READ_NAME)]
        pieces = snippet(alias, words, width=TITLE)
        if any(piece.is_marked for piece in pieces) and fold(alias) not in shown:
            shown.add(fold(alias))
            found.append(pieces)
    return found
