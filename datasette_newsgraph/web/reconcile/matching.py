"""Entities that may be what a name in somebody's table stands for, with how alike the names are.

However many entities there are, a query reads so many rows and no more: of names with the very words
next to each other, then of names with all words, then with some. What is local to an article, such as
“Friday” or “she”, is nobody's candidate.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from datasette_newsgraph.decisions.shown_keys import LEAD, now_under
from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.web.access.visit import Visit
from datasette_newsgraph.web.reconcile.asked import LONGEST, Question
from datasette_newsgraph.web.reconcile.entity_rows import DESCRIPTION, name_of
from datasette_newsgraph.web.reconcile.names import (
    TELLING,
    all_words,
    compared,
    some_words,
    written,
)
from datasette_newsgraph.web.search.hits import READ_NAME, known_among, seen_among
from datasette_newsgraph.web.search.query_words import Words

#: Names with the words that are looked at, and of these those that are compared.
_EXAMINED, _COMPARED = 1_500, 200
#: Code points by which two names of the same words may differ in length, for signs between these.
_SIGNS = 10
#: Code points of all other names of an entity; and those that are compared beside its own.
_READ_ALIASES, _ALIASES = 20_000, 10
#: How alike names are at least; and at most, where they are not the same.
_ALIKE, _NEARLY, _SAME = 50.0, 99.0, 100.0
#: Candidates of which more is read, to put in order those that are as alike.
_DESCRIBED = 50

_KEY = re.compile(r"[a-z0-9-]{1,80}")
_COLUMNS = (
    f"id, key, substr(name, 1, {READ_NAME}) AS name, entities.type AS type,"
    f" substr(alias_text, 1, {_READ_ALIASES}) AS aliases"
)
_NOT_LOCAL = "entities.basis <> 'article'"
_OF_TYPES = " AND entities.type IN (SELECT value FROM json_each(:types))"


class Candidate(NamedTuple):
    """An entity that may be meant; ``articles`` is None where that may not be told."""

    key: str
    name: str
    type: str
    description: str | None
    articles: int | None
    score: float
    is_match: bool


@dataclass
class _Found:
    """The rows of entities, by number, with their scores; those that have the name; and whether all of
    these have been looked at.
    """

    rows: dict[int, Any] = field(default_factory=dict)
    scores: dict[int, float] = field(default_factory=dict)
    same: set[int] = field(default_factory=set)
    is_all: bool = True

    def add(self, row: Any, score: float) -> None:
        number = row["id"]
        self.rows[number] = row
        self.scores[number] = max(score, self.scores.get(number, 0.0))
        if score == _SAME:
            self.same.add(number)


def candidates(
    visit: Visit, connection: sqlite3.Connection, question: Question, types: list[str] | None
) -> list[Candidate]:
    """Return the entities that may be meant, the likeliest first. ``types`` are those of the graph that
    the question asks for; None for all.

    One is a match if it alone has the name or the key. The visitor may search for entities.
    """
    lookup = _Lookup(visit, connection, types)
    found = _Found()
    for key in question.keys:
        for row in lookup.of_key(key):
            found.add(row, _SAME)
    for name in question.names:
        if len(name) <= LONGEST and types != [] and not found.same:
            lookup.of_name(name, found, question.limit)
    match = next(iter(found.same)) if found.is_all and len(found.same) == 1 else None
    return _best(visit, connection, found, match)[: question.limit]


@dataclass(frozen=True)
class _Lookup:
    visit: Visit
    connection: sqlite3.Connection
    types: list[str] | None

    def of_key(self, key: str) -> Iterable[Any]:
        """Return the entity of a key, or of a former key, of whatever type, if there is one."""
        if not _KEY.fullmatch(key):
            return []
        found = self._of_shown_key(key)
        if not found and self.visit.sight.sees(*LEAD):
            # A table that was reconciled before something was decided is to stay good.
            now = now_under(self.connection, ENTITY.name, key)
            found = [] if now is None else self._of_shown_key(now)
        return found

    def _of_shown_key(self, key: str) -> list[Any]:
        return self._rows(f"SELECT {_COLUMNS} FROM entities WHERE key = :key", {"key": key})

    def of_name(self, name: str, found: _Found, limit: int) -> None:
        """Add the entities that have a name; where none has it, those with a name that is like it."""
        wanted = compared(name)
        ways = [each.spelled(self._known) for each in written(name) if each]
        for words in ways:
            self._of_same_words(name, words, wanted, found)
        if ways and not found.is_all:
            _compare(self._so_written(name), wanted, found)
        for match in self._looser(ways[0]) if ways else ():
            if found.same or len(found.rows) >= limit:
                return
            _compare(self._of_match(match, len(name)), wanted, found)

    def _known(self, matches: list[str]) -> set[str]:
        return known_among(self.visit, self.connection, "entities", matches)

    def _looser(self, words: Words) -> Iterator[str]:
        for match in (all_words(words), some_words(words, self._count)):
            if match is not None:
                yield match

    def _of_same_words(self, name: str, words: Words, wanted: str, found: _Found) -> None:
        """Add the entities with the words of a name, next to each other, in a name."""
        for column in ("name", "alias_text"):
            match = f"{column} : {words.together.match}"
            rows = self._of_match(match, len(name))
            is_all = self._count(match, _EXAMINED) <= _EXAMINED and (
                len(rows) < _COMPARED
                # The others differ by more than signs, as they are longer.
                or (column == "name" and abs(len(rows[-1]["name"] or "") - len(name)) > _SIGNS)
            )
            is_read = all(len(row["aliases"] or "") < _READ_ALIASES for row in rows)
            found.is_all = found.is_all and is_all and is_read
            _compare(rows, wanted, found)

    def _so_written(self, name: str) -> list[Any]:
        """Return the entities that have just this name, written in one of the usual ways."""
        ways = list(dict.fromkeys([name, name.lower(), name.upper(), name.title()]))
        query = (
            f"SELECT {_COLUMNS} FROM entities"
            f" WHERE name IN (SELECT value FROM json_each(:names)) AND {_NOT_LOCAL}{{of_types}}"
            " ORDER BY id LIMIT :compared"
        )
        return self._rows(query, {"names": json.dumps(ways), "compared": _COMPARED})

    def _of_match(self, match: str, length: int) -> list[Any]:
        """Return the entities that a full-text query finds, those with names about as long first."""
        query = (
            f"SELECT {_COLUMNS} FROM (SELECT rowid AS number FROM entities_fts"
            f" WHERE entities_fts MATCH :match{seen_among(self.visit, 'entities')}"
            " LIMIT :examined) CROSS JOIN entities ON entities.id = number"
            f" WHERE {_NOT_LOCAL}{{of_types}}"
            " ORDER BY abs(length(name) - :length), id LIMIT :compared"
        )
        asked = {"match": match, "length": length, "examined": _EXAMINED, "compared": _COMPARED}
        return self._rows(query, asked)

    def _rows(self, query: str, parameters: dict[str, Any]) -> list[Any]:
        of_types = "" if self.types is None else _OF_TYPES
        parameters["types"] = json.dumps(self.types)
        return self.connection.execute(query.format(of_types=of_types), parameters).fetchall()

    def _count(self, match: str, most: int = TELLING) -> int:
        """Return how many entities a full-text query finds, up to one more than ``most``."""
        (count,) = self.connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM entities_fts WHERE entities_fts MATCH ?"
            f"{seen_among(self.visit, 'entities')} LIMIT {most + 1})",
            [match],
        ).fetchone()
        return int(count)


def _compare(rows: Iterable[Any], wanted: str, found: _Found) -> None:
    """Add the rows that have a name like what is wanted, in the form in which names are compared."""
    for row in rows:
        aliases = row["aliases"].split("\n") if row["aliases"] else []
        score = max(_alike(each, wanted) for each in (row["name"] or "", *aliases[:_ALIASES]))
        longest = len(wanted) + 2 * _SIGNS
        if score < _SAME and any(
            compared(each) == wanted for each in aliases[_ALIASES:] if len(each) <= longest
        ):
            score = _SAME
        if score >= _ALIKE:
            found.add(row, score)


def _alike(name: str, wanted: str) -> float:
    folded = compared(name)
    if folded == wanted:
        return _SAME
    # Words in another order are as good; words that are missing, half as good.
    scores = fuzz.token_sort_ratio(folded, wanted), fuzz.token_set_ratio(folded, wanted)
    return min(_NEARLY, round(sum(scores) / 2, 1))


def _best(
    visit: Visit, connection: sqlite3.Connection, found: _Found, match: int | None
) -> list[Candidate]:
    """Return what was found in order: by how alike, and then by in how many articles they are."""
    best = sorted(found.rows, key=lambda number: (-found.scores[number], number))[:_DESCRIBED]
    is_counted = visit.sight.sees("entity_counts")
    articles = "articles" if is_counted else "NULL"
    join = " LEFT JOIN entity_counts ON entity_id = id" if is_counted else ""
    told = {
        row["id"]: row
        for row in connection.execute(
            f"SELECT id, substr(description, 1, {DESCRIPTION}) AS description, {articles} AS articles"
            f" FROM entities{join} WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(best)],
        )
    }
    best = [number for number in best if number in told]
    best.sort(
        key=lambda number: (
            -found.scores[number],
            -(told[number]["articles"] or 0),
            found.rows[number]["key"],
        )
    )
    return [
        Candidate(
            found.rows[number]["key"],
            name_of(found.rows[number]["name"]),
            found.rows[number]["type"],
            told[number]["description"],
            told[number]["articles"],
            found.scores[number],
            number == match,
        )
        for number in best
    ]
