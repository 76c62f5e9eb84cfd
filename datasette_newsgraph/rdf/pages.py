"""What is about one thing, page by page: no page is large, however much there is about the thing.

What is about a thing are lists of rows, such as the mentions of an entity. Each page holds the thing
itself and goes on in all of its lists at once, from the row behind the last one of the page before. So
a page costs what is on it, and all pages together hold what ``select`` chooses of the thing.

Some lists begin on the second page only: the mentions and quotes of an entity, and what is annotated in
an article. Clients that follow links would look up each of these, and what each of them is about, while
the first page is to tell what is said of the thing, and where.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple

from datasette_newsgraph import mapping
from datasette_newsgraph.decisions.shown_keys import apart
from datasette_newsgraph.errors import UnknownKey, UsageError
from datasette_newsgraph.kinds import ARTICLE, ENTITY, RELATION, Kind
from datasette_newsgraph.mapping.profiles import FULL, Profile
from datasette_newsgraph.rdf.node_columns import table_of
from datasette_newsgraph.rdf.selection import EVERY_TABLE, Selection, select_all

#: Rows of each list on a page.
PAGE_SIZE = 50

#: What is named in place of a row where a list is still to begin; it looks like no key and no number.
_BEGINNING = "first"

#: By the name of a list, the last row that was on a page: where the next page goes on. A list that is
#: not named has ended.
Places = Mapping[str, str]


class Rows(NamedTuple):
    """Rows about a thing: those of ``table`` of which ``column`` is the number of the thing, in the
    order of the columns ``order``. An index has these behind ``column``, so that nothing is sorted.

    ``named_by`` is the column that says which row a page has ended with; ``condition`` more that holds
    of the rows, with ``:about`` for the number of the thing. ``behind`` are rows about each of these
    rows, which make up the list in their place. ``is_later``: the list begins on the second page.
    """

    table: str
    column: str
    order: tuple[str, ...] = ()
    named_by: str = "key"
    condition: str = "true"
    behind: Rows | None = None
    is_later: bool = False


_EVIDENCE = Rows("evidence", "relation_id", ("confidence", "article_id", "zone"))
_SUBJECT = Rows("relations", "subject_id", ("object_id",))
# One of an entity with itself is in the other list.
_OBJECT = Rows("relations", "object_id", condition="subject_id <> :about")
_ON_BOTH_SIDES = (
    "EXISTS (SELECT 1 FROM relations WHERE subject_id = :about AND object_id = {0})"
    " OR EXISTS (SELECT 1 FROM relations WHERE subject_id = {0} AND object_id = :about)"
)

#: The lists of what is about a thing of a kind, by name.
LISTS: dict[Kind, dict[str, Rows]] = {
    ENTITY: {
        "subject": _SUBJECT,
        "object": _OBJECT,
        "subject_evidence": _SUBJECT._replace(behind=_EVIDENCE),
        "object_evidence": _OBJECT._replace(behind=_EVIDENCE),
        "mentions": Rows("mentions", "entity_id", ("zone", "article_id"), is_later=True),
        "quotes": Rows("quotes", "speaker_id", is_later=True),
    },
    RELATION: {"evidence": _EVIDENCE},
    ARTICLE: {
        "mentions": Rows("mentions", "article_id", is_later=True),
        "evidence": Rows("evidence", "article_id", is_later=True),
        "quotes": Rows("quotes", "article_id", is_later=True),
        "zones": Rows("zones", "article_id", named_by="id", is_later=True),
        "appearances": Rows("appearances", "article_id", ("entity_id",), named_by="id"),
    },
}
#: As which kinds of nodes the rows of a table are written. Zones are read with their articles.
_WRITTEN_AS = {"zones": {mapping.ZONE.kind}}
for _node in mapping.NODES:
    if _node.rows:
        _WRITTEN_AS.setdefault(table_of(_node), set()).add(_node.kind)
#: Of an entity, or an article, the condition that another entity is in what is about it.
_ALSO_IN = {
    ENTITY: ("relations", _ON_BOTH_SIDES),
    ARTICLE: (
        "appearances",
        "EXISTS (SELECT 1 FROM appearances WHERE article_id = :about AND entity_id = {0})",
    ),
}


@dataclass(frozen=True)
class Page:
    """What is on a page, and where the next one goes on: None where this is the last."""

    selection: Selection
    next: Places | None


def select_page(
    connection: sqlite3.Connection,
    kind: Kind,
    key: str,
    after: Places | None = None,
    tables: Container[str] = EVERY_TABLE,
    profile: Profile = FULL,
) -> Page:
    """Return a page of what is about an entity, a relation or an article: the first, or the one
    ``after`` some places, which the page before has named.

    Only ``tables`` are read, and of lists only those of nodes that the ``profile`` has. Raises
    UnknownKey for a thing that is not there, or hidden, and UsageError for places that are none.
    """
    return _Reader(connection, tables, kind, key, profile).page(after)


def next_places(
    connection: sqlite3.Connection,
    kind: Kind,
    key: str,
    after: Places | None = None,
    tables: Container[str] = EVERY_TABLE,
    profile: Profile = FULL,
) -> Places | None:
    """Return where the page behind one goes on, as ``select_page`` does, and nothing else of it."""
    return _Reader(connection, tables, kind, key, profile).rows(after)[1]


@dataclass
class _Reader:
    """Reads the lists of one thing."""

    connection: sqlite3.Connection
    tables: Container[str]
    kind: Kind
    key: str
    profile: Profile
    about: int = field(init=False)

    def __post_init__(self) -> None:
        row = None
        if self.kind.table in self.tables:
            query = f"SELECT id FROM {self.kind.table} WHERE key = ?"
            row = self.connection.execute(query, [self.key]).fetchone()
        if row is None:
            raise UnknownKey(f"there is no {self.kind.name} {self.key!r}")
        self.about = row[0]

    def page(self, after: Places | None) -> Page:
        """Return a page."""
        numbers, places = self.rows(after)
        entities = self._entities("id", numbers.pop("appearances", []))
        if after is None and self.kind is ENTITY:
            entities |= self._different
        numbers.setdefault("entities", []).extend(entities)
        selection = select_all(self.connection, numbers, self.tables)
        selection.entities |= self._also(selection)
        return Page(selection, places)

    def rows(self, after: Places | None) -> tuple[dict[str, list[int]], Places | None]:
        """Return the numbers of the rows on a page, by table, and where the next one goes on."""
        lists = LISTS[self.kind]
        if after is not None and not after.keys() <= lists.keys():
            raise UsageError(f"a page of this kind goes on in {', '.join(lists)}")
        numbers: dict[str, list[int]] = {self.kind.table: [self.about]}
        places: dict[str, str] = {}
        for name, rows in lists.items():
            if (after is not None and name not in after) or not self._has(rows):
                continue
            place = after[name] if after else None
            behind = self._list(rows, None if place == _BEGINNING else place)
            if after is None and rows.is_later:
                if next(behind, None):
                    places[name] = _BEGINNING
                continue
            found = list(islice(behind, PAGE_SIZE + 1))
            if len(found) > PAGE_SIZE:
                places[name] = str(found[PAGE_SIZE - 1][1])
            table = (rows.behind or rows).table
            numbers.setdefault(table, []).extend(each[0] for each in found[:PAGE_SIZE])
        return numbers, places or None

    def _has(self, rows: Rows) -> bool:
        """Tell whether the profile has anything that the rows of a list are written as."""
        kinds = _WRITTEN_AS.get((rows.behind or rows).table)
        return kinds is None or not self.profile.kinds.isdisjoint(kinds)

    def _list(self, rows: Rows, after: str | None) -> Iterator[Any]:
        """Yield the rows of a list behind one: number and name first. Raises UsageError."""
        if not self._sees(rows.table) or (rows.behind and not self._sees(rows.behind.table)):
            return
        inner = rows.behind
        if inner is None:
            yield from self._rows(rows, self.about, self._row(rows, self.about, after))
            return
        reached = None
        if after is not None:
            query = f"SELECT {inner.column} FROM {inner.table} WHERE {inner.named_by} = ?"
            found = self.connection.execute(query, [after]).fetchone()
            if found is None:
                raise _no_longer_there()
            reached = self._row(rows, self.about, found[0], "id")
            yield from self._rows(inner, found[0], self._row(inner, found[0], after))
        for outer in self._rows(rows, self.about, reached):
            yield from self._rows(inner, outer[0], None)

    def _row(self, rows: Rows, about: int, named: Any, by: str | None = None) -> Any:
        """Return the row of a list that is named, or None for no name. Raises UsageError."""
        if named is None:
            return None
        query = (
            f"SELECT {_columns(rows)} FROM {rows.table} WHERE {by or rows.named_by} = :named"
            f" AND {rows.column} = :about AND {rows.condition}"
        )
        row = self.connection.execute(query, {"named": named, "about": about}).fetchone()
        if row is None:
            raise _no_longer_there()
        return row

    def _rows(self, rows: Rows, about: int, after: Any) -> Iterator[Any]:
        """Yield the rows of a list behind a row, along its index: first those that are equal to it in
        all columns of the order but the last, then in one less, and so on. Null comes before all else.
        """
        order = (*rows.order, "id")
        depths = range(len(order) - 1, -1, -1) if after is not None else [0]
        for depth in depths:
            conditions = [f"{rows.column} = :about", rows.condition]
            values: dict[str, Any] = {"about": about}
            if after is not None:
                values |= zip(map("v{}".format, range(depth + 1)), after[2:], strict=False)
                conditions += [f"{order[nth]} IS :v{nth}" for nth in range(depth)]
                if after[2 + depth] is None:
                    conditions.append(f"{order[depth]} IS NOT NULL")
                else:
                    conditions.append(f"{order[depth]} > :v{depth}")
            yield from self.connection.execute(
                f"SELECT {_columns(rows)} FROM {rows.table} WHERE {' AND '.join(conditions)}"
                f" ORDER BY {', '.join(order[depth:])}",
                values,
            )

    def _entities(self, column: str, numbers: Iterable[int]) -> set[int]:
        """Return the entities of appearances of which a column has one of some numbers."""
        given = sorted(numbers)
        if not given or not self._sees("appearances"):
            return set()
        query = (
            "SELECT DISTINCT entity_id FROM appearances"
            f" WHERE {column} IN (SELECT value FROM json_each(?))"
        )
        return {row[0] for row in self.connection.execute(query, [json.dumps(given)])}

    @cached_property
    def _different(self) -> set[int]:
        """Return the entities from which the thing is different."""
        if not self._sees("entities", "decided"):
            return set()
        return {*chain.from_iterable(pair[:2] for pair in apart(self.connection, [self.about]))}

    def _also(self, selection: Selection) -> set[int]:
        """Return the entities on other pages that something on this page is said of: those that its
        articles mention, and those from which one on this page is different.
        """
        if self.kind not in _ALSO_IN:
            return set()
        of_page, others = selection.entities, set[int]()
        if self.kind is ENTITY:
            others |= self._entities("article_id", selection.articles)
            of_page = of_page - {self.about}
        if self._sees("entities", "decided"):
            for one, other, _ in apart(self.connection, of_page):
                others |= {one, other}
        return self._about(others - selection.entities)

    def _about(self, entities: set[int]) -> set[int]:
        """Return those of some entities that are in what is about the thing."""
        table, condition = _ALSO_IN[self.kind]
        found = entities & self._different if self.kind is ENTITY and entities else set()
        if entities and self._sees(table):
            query = (
                "SELECT other.value FROM json_each(:given) AS other"
                f" WHERE {condition.format('other.value')}"
            )
            given = {"given": json.dumps(sorted(entities)), "about": self.about}
            found |= {row[0] for row in self.connection.execute(query, given)}
        return found

    def _sees(self, *tables: str) -> bool:
        return all(table in self.tables for table in tables)


def _columns(rows: Rows) -> str:
    return ", ".join(("id", rows.named_by, *rows.order, "id"))


def _no_longer_there() -> UsageError:
    return UsageError("the row with which the page before ended is no longer there")
