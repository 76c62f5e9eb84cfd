"""“Did you mean”: names of entities that are like what was typed, where nothing has these words.

They come from the names that the visitor may search, as they are at this moment: nothing is kept from
one search to the next. Of a misspelt word those that are like it are found among all words of names,
which full-text search has listed; then names that have them, and of these the likest.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from datasette.database import QueryInterrupted
from rapidfuzz import fuzz, process

from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.faults import Fault, report
from datasette_newsgraph.web.search.hits import may_search, read_in_time, seen_among
from datasette_newsgraph.web.search.initials import (
    glob_of,
    has_initials,
    read_initials,
    without_last,
)
from datasette_newsgraph.web.search.query_words import Words, fold

#: Letters from which on a word is looked for otherwise spelt; and up to which.
_SHORTEST, _LONGEST = 3, 40
#: Words that count, and of these those that no name has.
_WORDS, _MISSPELT = 6, 2
#: How alike a word or name has to be, of 100; and how many words are tried for each.
_ALIKE, _TRIED = 70, 6
#: How alike a name with the initials is, and one with all but the last.
_EQUAL, _NEARLY = 100, 80
#: Words of names that are compared at most.
_COMPARED = 300_000
#: Names that are looked at: those with the initials' capitals in them, and those with the words.
_WITH_CAPITALS, _WITH_WORDS = 5_000, 100
#: Code points of a name that is offered: it is searched for next.
_NAME = 200
#: Other names of an entity that are looked at, and their code points together.
_ALIASES, _ALIAS_TEXT = 10, 2_000

_COLUMNS = (
    f"id, substr(name, 1, {_NAME + 1}) AS name, entities.type, substr(alias_text, 1, {_ALIAS_TEXT})"
)
_ROWS = f"SELECT {_COLUMNS} AS aliases, {{mentions}} AS mentions FROM entities{{counts}}"
_COUNTS = " LEFT JOIN entity_counts ON entity_id = id"


@dataclass(frozen=True)
class Suggestion:
    """An entity's name; ``alias`` is the other name of it that is likest; ``mentions`` are None where
    they may not be told.
    """

    name: str
    type: str
    alias: str | None
    mentions: int | None
    address: str


async def suggestions(visit: Visit, words: Words, *, only_initials: bool) -> list[Suggestion]:
    """Return the names that may have been meant, the likest first, of those as many mentioned; or
    ``only_initials``: those that the words may be the initials of.
    """
    most = visit.settings.suggestions
    if not (most and words and may_search(visit, "entities")):
        return []
    has_counts = visit.sight.sees("entity_counts")
    rows_of = _ROWS.format(
        mentions="mentions" if has_counts else "NULL", counts=_COUNTS if has_counts else ""
    )

    def find(connection: sqlite3.Connection) -> list[_Found]:
        found = _by_initials(connection, rows_of, words)
        if only_initials or any(each.likeness == _EQUAL for each in found):
            return found
        return found + _by_likeness(visit, connection, rows_of, words)

    try:
        found = await read_in_time(visit, find)
    except QueryInterrupted:
        report(Fault.SLOW, visit.graph.name)
        return []
    found.sort(key=lambda each: (-each.likeness, -(each.row["mentions"] or 0), each.row["name"]))
    by_name = {fold(each.row["name"]): each for each in reversed(found)}
    best = [each for each in found if by_name[fold(each.row["name"])] is each]
    return [_suggestion(visit, each) for each in best[:most]]


@dataclass(frozen=True)
class _Found:
    row: Any
    likeness: int
    alias: str | None = None


def _suggestion(visit: Visit, found: _Found) -> Suggestion:
    name = found.row["name"]
    address = f"{visit.links.home}/search?{urlencode({'q': name})}"
    return Suggestion(name, found.row["type"], found.alias, found.row["mentions"], address)


def _names(row: Any) -> list[str]:
    """Return the names of an entity that are looked at, its own first; none if it cannot be offered."""
    if not row["name"] or len(row["name"]) > _NAME:
        return []
    return [row["name"], *(row["aliases"] or "").split("\n")[:_ALIASES]]


def _by_initials(connection: sqlite3.Connection, rows_of: str, words: Words) -> list[_Found]:
    capitals = read_initials(words.typed.strip('"*'))
    if capitals is None:
        return []
    shorter = without_last(capitals)
    query = f"{rows_of} WHERE name GLOB :glob OR alias_text GLOB :glob LIMIT :limit"
    parameters = {"glob": glob_of(shorter or capitals), "limit": _WITH_CAPITALS}
    rows = connection.execute(query, parameters).fetchall()
    return _having(rows, capitals, _EQUAL) or (_having(rows, shorter, _NEARLY) if shorter else [])


def _having(rows: list[Any], capitals: str, likeness: int) -> list[_Found]:
    """Return the rows of entities with a name that has these initials."""
    found = []
    for row in rows:
        name = next((each for each in _names(row) if has_initials(each, capitals)), None)
        if name is not None:
            found.append(_Found(row, likeness, None if name == row["name"] else name))
    return found


def _by_likeness(
    visit: Visit, connection: sqlite3.Connection, rows_of: str, words: Words
) -> list[_Found]:
    typed = fold(words.typed[: _WORDS * _LONGEST])
    # A letter that stands alone is in too many names.
    telling = [each for each in typed.split() if len(each) > 1 or not each.isascii()]
    ways = _ways(visit, connection, list(dict.fromkeys(telling))[:_WORDS])
    if not ways:
        return []
    found: list[_Found] = []
    for between in (" AND ", " OR "):
        match = between.join(f"({' OR '.join(map(_quoted, each))})" for each in ways)
        rows = _with_words(visit, connection, rows_of, match)
        found = [each for row in rows if (each := _compared(row, typed)) is not None]
        if found or len(ways) == 1:
            break
    return found


def _with_words(
    visit: Visit, connection: sqlite3.Connection, rows_of: str, match: str
) -> list[Any]:
    query = (
        f"{rows_of} WHERE id IN"
        " (SELECT rowid FROM entities_fts WHERE entities_fts MATCH :match"
        f"{seen_among(visit, 'entities')} LIMIT :many)"
        " ORDER BY mentions DESC, length(name) LIMIT :limit"
    )
    parameters = {"match": match, "many": _WITH_CAPITALS, "limit": _WITH_WORDS}
    return connection.execute(query, parameters).fetchall()


def _compared(row: Any, typed: str) -> _Found | None:
    names = _names(row)
    if not names:
        return None
    scores = [round(fuzz.WRatio(typed, fold(name[:_NAME]))) for name in names]
    best = max(range(len(names)), key=lambda number: (scores[number], -number))
    if scores[best] < _ALIKE:
        return None
    return _Found(row, scores[best], names[best] if best else None)


def _ways(visit: Visit, connection: sqlite3.Connection, typed: list[str]) -> list[list[str]]:
    """Return of each word how it may have been meant: itself, if a name has it, or else words of names
    that are like it. A word that is like none is left out.
    """
    known = {
        row[0]
        for row in connection.execute(
            "SELECT value FROM json_each(?) WHERE EXISTS"
            " (SELECT 1 FROM entities_fts WHERE entities_fts MATCH '\"' || value || '\"'"
            f"{seen_among(visit, 'entities')})",
            [json.dumps(typed)],
        )
    }
    unknown = [each for each in typed if each not in known and _is_comparable(each)][:_MISSPELT]
    terms = _words_of_names(visit, connection, unknown) if unknown else []
    ways: list[list[str]] = []
    for word in typed:
        if word in known:
            ways.append([word])
        elif word in unknown:
            near = process.extract(
                word, terms, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_TRIED
            )
            if near:
                ways.append([term for term, _, _ in near])
    return ways


def _is_comparable(word: str) -> bool:
    return _SHORTEST <= len(word) <= _LONGEST


def _words_of_names(visit: Visit, connection: sqlite3.Connection, like: Iterable[str]) -> list[str]:
    """Return the words of all names that may be seen, as full-text search has them, that are about as
    long.
    """
    # Each word with each name that has it, where not all of these may be seen: that takes longer.
    seen = seen_among(visit, "entities", "newsgraph_words.doc")
    words_in, distinct = ("instance", "DISTINCT ") if seen else ("row", "")
    lengths = [len(each) for each in like]
    # In the connection's own temporary schema, for as long as this takes.
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.newsgraph_words"
        f" USING fts5vocab('main', 'entities_fts', '{words_in}')"
    )
    try:
        (words,) = connection.execute(
            f"SELECT group_concat(term, ' ') FROM (SELECT {distinct}term FROM temp.newsgraph_words"
            f" WHERE length(term) BETWEEN ? AND ?{seen} LIMIT ?)",
            # No word that is shorter or longer can be as alike.
            [min(lengths) * _ALIKE // (200 - _ALIKE), max(lengths) * 2, _COMPARED],
        ).fetchone()
    finally:
        connection.execute("DROP TABLE temp.newsgraph_words")
    return words.split(" ") if words else []


def _quoted(word: str) -> str:
    return f'"{word}"'
