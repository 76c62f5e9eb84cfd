"""Find an entity or article by what people call it, where its key is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlite_utils import Database

from datasette_newsgraph import kinds
from datasette_newsgraph.errors import AmbiguousName, UnknownKey
from datasette_newsgraph.identity import normalise_name
from datasette_newsgraph.kinds import Kind
from datasette_newsgraph.wording import counted, listed

#: Similar names that an error tells, and how similar they are at least, of 100.
_SIMILAR, _ENOUGH = 5, 70
#: Characters of a name in an error.
_SHOWN = 80


@dataclass(frozen=True)
class Ways:
    """How things of one kind are found: the ways in order, of which the first that finds any counts.

    A way of ``exactly`` is a query with ``:given``; one of ``by_name`` is a query of numbers and
    names, one a line, which are compared as entities' names are. ``described`` are the key of a
    thing and what else tells it from others of its name, the most mentioned or newest first.
    """

    kind: Kind
    ids: str
    exactly: tuple[str, ...]
    by_name: tuple[str, ...]
    described: str

    def describe(self, row: Any) -> str:
        """Return the key of a thing and what else is known of it."""
        key, *facts = row
        told = ", ".join(_shortened(str(each)) for each in facts if each)
        return f"{key} ({told})" if told else str(key)


ENTITY = Ways(
    kinds.ENTITY,
    "name or key",
    (
        "SELECT id FROM entities WHERE key = :given",
        # One that it was merged into.
        "SELECT id FROM entities WHERE key = (SELECT value FROM decided"
        " WHERE verdict = 'same' AND kind = 'entity' AND key = :given)",
    ),
    (
        "SELECT id, name FROM entities WHERE name IS NOT NULL",
        "SELECT id, alias_text FROM entities WHERE alias_text IS NOT NULL",
    ),
    "SELECT key, entities.type, name, coalesce(mentions, 0) || ' mention'"
    " || CASE mentions WHEN 1 THEN '' ELSE 's' END FROM entities"
    " LEFT JOIN entity_counts ON entity_id = entities.id"
    " WHERE entities.id IN (SELECT value FROM json_each(?)) ORDER BY mentions DESC, key",
)
ARTICLE = Ways(
    kinds.ARTICLE,
    "title, id or key",
    (
        "SELECT id FROM articles WHERE key = :given",
        "SELECT id FROM articles WHERE given_id = :given",
        "SELECT id FROM articles WHERE url = :given",
    ),
    ("SELECT id, title FROM articles WHERE title IS NOT NULL",),
    "SELECT key, given_id, publisher, published FROM articles"
    " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY published DESC, key",
)


class Named(NamedTuple):
    """The key of what was named, and whether it is called so, rather than being of that key or id;
    ``others`` are things of which the same is another name, described.
    """

    key: str
    is_by_name: bool
    others: tuple[str, ...] = ()

    def told(self, what: str, given: str) -> str:
        """Return which thing, in a word, was taken for what was given, and which others it might be."""
        also = f"; it is another name of {listed(self.others)}" if self.others else ""
        return f"the {what} {given!r} is {self.key}{also}"


def key_of(db: Database, ways: Ways, given: str) -> Named:
    """Return the key of the one thing that ``given`` is the key, the id or the name of.

    A key comes before a name, and a name before another name of the same thing. Raises AmbiguousName,
    which lists the keys, where several things have that name, and UnknownKey, which lists similar
    names, where none has.
    """
    tried = enumerate(_found(db, ways, given))
    way, numbers = next((found for found in tried if found[1]), (0, set()))
    rows = _described(db, ways, numbers)
    if len(rows) > 1:
        raise AmbiguousName(
            f"{counted(len(rows), ways.kind.name, ways.kind.plural)} are called {_shortened(given)!r}: "
            f"{listed([ways.describe(row) for row in rows])}; give the key of one"
        )
    if not rows:
        near = _similar(db, ways, given)
        raise UnknownKey(
            f"there is no {ways.kind.name} with the {ways.ids} {_shortened(given)!r}"
            + (
                f"; similar names: {', '.join(near)}"
                if near
                else f"; the table {ways.kind.table} has all"
            )
        )
    if way < len(ways.exactly):
        return Named(rows[0][0], False)
    others = {number for _, found in tried for number in found} - numbers
    return Named(rows[0][0], True, tuple(map(ways.describe, _described(db, ways, others))))


def _described(db: Database, ways: Ways, numbers: set[int]) -> list[Any]:
    return db.conn.execute(ways.described, [json.dumps(sorted(numbers))]).fetchall()


def _found(db: Database, ways: Ways, given: str) -> Iterator[set[int]]:
    """Yield what each way finds, maybe nothing."""
    for query in ways.exactly:
        yield {row[0] for row in db.conn.execute(query, {"given": given})}
    name = normalise_name(given)
    for query in ways.by_name:
        yield {number for number, each in _names(db, query) if normalise_name(each) == name}


def _names(db: Database, query: str) -> Iterator[tuple[int, str]]:
    for number, names in db.conn.execute(query):
        for each in names.split("\n"):
            yield number, each


def _similar(db: Database, ways: Ways, given: str) -> list[str]:
    from rapidfuzz import fuzz, process

    names: dict[str, str] = {}
    for query in ways.by_name:
        for _, each in _names(db, query):
            names.setdefault(normalise_name(each), each)
    found = process.extract(
        normalise_name(given),
        names.keys(),
        scorer=fuzz.token_set_ratio,
        limit=_SIMILAR,
        score_cutoff=_ENOUGH,
    )
    return [_shortened(names[each]) for each, *_ in found]


def _shortened(name: str) -> str:
    return name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
