"""What the example questions are about: things that a graph has, found in it by small queries."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Container, Iterator
from typing import Any, NamedTuple

from datasette_newsgraph.confidence import ASSERT_FROM
from datasette_newsgraph.errors import StoreError
from datasette_newsgraph.identity import VALUE_TYPES
from datasette_newsgraph.kinds import ENTITY
from datasette_newsgraph.rdf.label_terms import distinct, read_vocabulary
from datasette_newsgraph.sparql.prologue import LOCAL_NAME
from datasette_newsgraph.vocabulary import ID_PATH, PREDICATES, PREFIXES, Vocabulary

#: Rows that a query looks through at most, as no page may wait for what a large graph lacks.
_SOME = 10_000
_BIRTH_DATES = ", ".join(
    f"'{label}'" for label, term in PREDICATES.items() if term == "schema:birthDate"
)
_VALUES = ", ".join(f"'{each}'" for each in sorted(VALUE_TYPES))
_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_WORD = re.compile(r"[^\W\d_]{3,}")

Found = Iterator[tuple[str, str]]


class _Asked(NamedTuple):
    """A connection, the base of the graph, and which tables may be read."""

    connection: sqlite3.Connection
    base: str
    tables: Container[str]

    def row(self, query: str, *parameters: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        found: tuple[Any, ...] | None = self.connection.execute(query, parameters).fetchone()
        return found

    def entity(self, name: str, number: object) -> Found:
        """Yield an entity as a question names it, and its name, under a name and its ``_name``."""
        row = self.row("SELECT key, name FROM entities WHERE id = ?", number)
        if row is not None:
            path = f"{ENTITY.name}/{row[0]}"
            is_short = LOCAL_NAME.fullmatch(row[0])
            yield name, path.replace("/", ":") if is_short else f"<{self.base}{ID_PATH}{path}>"
            # A title, and the comment that has it, is one line.
            yield f"{name}_name", " ".join((row[1] or "").split()) or "(without a name)"


def find_things(
    connection: sqlite3.Connection, base: str, tables: Container[str]
) -> dict[str, str]:
    """Return what was found, by name, as it stands in a question; only ``tables`` are read."""
    asked = _Asked(connection, base, tables)
    return {
        name: text
        for needed, find in _FINDERS
        if all(table in tables for table in needed)
        for name, text in find(asked)
    }


def _pair(asked: _Asked) -> Found:
    """Find the entity that most articles name, one that is named with it most, and a word."""
    row = asked.row(
        "SELECT entity_id, name FROM (SELECT * FROM entity_counts ORDER BY articles DESC LIMIT 1000)"
        f" JOIN entities ON entities.id = entity_id WHERE lower(entities.type) NOT IN ({_VALUES})"
        " ORDER BY articles DESC, mentions DESC, entity_id LIMIT 1"
    )
    if row is None:
        return
    one, name = row
    yield from asked.entity("one", one)
    word = _WORD.search(name or "")
    if word is not None:
        yield "word", word[0].lower()
    other = asked.row(
        "SELECT there.entity_id FROM (SELECT article_id FROM appearances WHERE entity_id = ?"
        " AND main_mentions > 0 LIMIT 100) AS here JOIN appearances AS there USING (article_id)"
        " JOIN entity_counts USING (entity_id) WHERE there.entity_id <> ?"
        f" AND there.main_mentions > 0 AND lower(entity_counts.type) NOT IN ({_VALUES})"
        " GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
        one,
        one,
    )
    if other is not None:
        yield from asked.entity("other", other[0])


def _person(asked: _Asked) -> Found:
    vocabulary = Vocabulary(asked.base)
    if "vocabulary" in asked.tables:
        try:
            vocabulary = read_vocabulary(asked.connection, asked.base)
        except StoreError:
            # The answer to any question will say so.
            return
    for (type_,) in distinct(asked.connection, "entity_counts", "type"):
        if f"{PREFIXES['schema']}Person" in vocabulary.classes(type_):
            yield "person", type_
            return


def _speaker(asked: _Asked) -> Found:
    row = asked.row(
        f"SELECT speaker_id FROM (SELECT speaker_id FROM quotes LIMIT {_SOME})"
        " WHERE speaker_id IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    return asked.entity("speaker", row and row[0])


def _subject(asked: _Asked) -> Found:
    """Find the subject of most statements about two entities, of those that most articles make."""
    row = asked.row(
        "SELECT subject_id, min(object_id) FROM"
        " (SELECT * FROM relation_counts ORDER BY articles DESC LIMIT 1000)"
        " WHERE object_id <> subject_id AND asserted_up_to >= ? GROUP BY 1"
        " ORDER BY count(*) DESC, 1 LIMIT 1",
        ASSERT_FROM,
    )
    if row is not None:
        yield from asked.entity("subject", row[0])
        yield from asked.entity("object", row[1])


def _titled(asked: _Asked) -> Found:
    row = asked.row(
        f"SELECT entity_id FROM (SELECT entity_id, zone FROM mentions LIMIT {_SOME})"
        " WHERE zone = 'title' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
    )
    return asked.entity("titled", row and row[0])


def _day(asked: _Asked) -> Found:
    row = asked.row(
        f"SELECT start_date FROM (SELECT start_date FROM evidence LIMIT {_SOME})"
        " WHERE start_date IS NOT NULL ORDER BY 1 DESC LIMIT 1"
    )
    day = row and _DAY.match(row[0])
    if day:
        yield "day", day[0]


def _any(name: str, query: str) -> Callable[[_Asked], Found]:
    """Return what tells, under a name, that a query finds anything."""

    def find(asked: _Asked) -> Found:
        if asked.row(query) is not None:
            yield name, name

    return find


def _some(column: str, table: str, condition: str = "IS NOT NULL") -> str:
    """Return a query that looks for a value in some rows of a table."""
    return f"SELECT 1 FROM (SELECT {column} FROM {table} LIMIT {_SOME}) WHERE {column} {condition}"


#: What finds each thing, behind the tables that it reads.
_FINDERS: tuple[tuple[tuple[str, ...], Callable[[_Asked], Found]], ...] = (
    (("entities", "entity_counts", "appearances", "articles"), _pair),
    (("entities", "entity_counts", "appearances", "articles"), _person),
    (("entities", "quotes", "articles"), _speaker),
    (("entities", "relations", "relation_counts", "evidence", "articles"), _subject),
    (("entities", "mentions", "articles", "zones"), _titled),
    (("entities", "relations", "evidence"), _day),
    (("articles",), _any("dated", _some("published", "articles"))),
    (("articles",), _any("publisher", _some("publisher", "articles"))),
    (("articles",), _any("author", _some("authors", "articles", "LIKE '[\"%'"))),
    (
        ("articles", "entities", "relations", "evidence"),
        _any(
            "two_publishers",
            "SELECT 1 FROM articles WHERE publisher > (SELECT min(publisher) FROM articles) LIMIT 1",
        ),
    ),
    (
        ("entities", "identifiers"),
        _any("wikidata", _some("iri", "identifiers", "LIKE 'http://www.wikidata.org/entity/%'")),
    ),
    (("entities",), _any("coordinates", _some("latitude", "entities"))),
    (
        ("entities", "relations"),
        _any("birth_date", f"SELECT 1 FROM relations WHERE predicate IN ({_BIRTH_DATES})"),
    ),
)
