"""Gather which rows go with which values of facets: for facets that are alike in one pass over a
table.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from datasette_newsgraph.facets.catalogue import FACETS, IN_ALL_ZONES, facet_named
from datasette_newsgraph.facets.definition import Facet
from datasette_newsgraph.facets.rowsets import bits_of, pack

#: The row numbers of each value, some of them perhaps twice.
_Rows: TypeAlias = "dict[str, array[int]]"
#: Values, each with the set of its rows.
Sets: TypeAlias = Iterator[tuple[str, int]]
_NAMED = "SELECT article_id, entity_id FROM appearances ORDER BY article_id"
_GIVEN = "SELECT value FROM json_each(?)"


def facets_together() -> Iterator[tuple[str, tuple[Facet, ...]]]:
    """Yield all facets, those together whose rows are gathered in one pass: the view, and a facet, or
    one over the main zones with that over all, or all of entities by what holds of their articles.
    """
    for view, facets in FACETS.items():
        named = tuple(each for each in facets if each.named_by)
        if named:
            yield view, named
        for facet in facets:
            if not facet.named_by:
                wider = IN_ALL_ZONES.get(view, {}).get(facet.name)
                yield view, (facet, wider) if wider else (facet,)


def sets_of_all(
    connection: sqlite3.Connection, together: tuple[Facet, ...], most: int
) -> list[Sets | None]:
    """Return the values of facets with their sets of rows, for each facet; None if there are more
    than ``most``.
    """
    if together[0].named_by:
        rows = _by_articles(connection, together, most)
    elif together[-1].pairs_in_zones:
        rows = _by_zones(connection, together[-1], most)
    else:
        rows = [_by_value(connection.execute(together[0].pairs), most)]
    return [None if each is None else _sets(each) for each in rows]


def _sets(rows: _Rows) -> Sets:
    return ((value, bits_of(numbers, max(numbers))) for value, numbers in rows.items() if numbers)


def _by_value(pairs: Iterable[tuple[object, int]], most: int) -> _Rows | None:
    rows: _Rows = {}
    for value, number in pairs:
        if value is None:
            continue
        text = str(value)
        if text not in rows:
            if len(rows) == most:
                return None
            rows[text] = array("Q")
        rows[text].append(number)
    return rows


def _by_zones(connection: sqlite3.Connection, wider: Facet, most: int) -> list[_Rows | None]:
    """Return the rows over the main zones, and over all."""
    main: _Rows = {}
    rows: _Rows = {}
    for value, number, is_main in connection.execute(wider.pairs_in_zones):
        if value not in rows:
            if value is None:
                continue
            if len(rows) == most:
                return [None, None]
            main[value], rows[value] = array("Q"), array("Q")
        rows[value].append(number)
        if is_main:
            main[value].append(number)
    return [main, rows]


def _by_articles(
    connection: sqlite3.Connection, together: tuple[Facet, ...], most: int
) -> list[_Rows | None]:
    """Return the entities of each value that holds of articles: each article has given its entities to
    its values.
    """
    found: list[_Rows | None] = []
    values_of: dict[int, list[array[int]]] = {}
    for facet in together:
        of_articles = facet_named("article_index", facet.of_articles)
        assert of_articles is not None
        articles = _by_value(connection.execute(of_articles.pairs), most)
        found.append(None if articles is None else {value: array("Q") for value in articles})
        for value, entities in (found[-1] or {}).items():
            for article in (articles or {})[value]:
                values_of.setdefault(article, []).append(entities)
    for article, named in groupby(connection.execute(_NAMED), key=itemgetter(0)):
        numbers = array("Q", [entity for _, entity in named])
        for entities in values_of.get(article, ()):
            entities.extend(numbers)
    return found


def packed_in_zones(
    connection: sqlite3.Connection,
    together: tuple[Facet, ...],
    values: list[set[str]],
) -> Iterator[tuple[Facet, str, bytes]]:
    """Yield the packed sets of some values of a facet over the main zones, and of some of that over
    all. Most sets are the same.
    """
    main_zones, wider = together
    of_main, of_all = values
    query = wider.pairs_in_zones.format(values=_GIVEN)
    rows = connection.execute(query, [json.dumps(list(of_main | of_all))])
    for value, pairs in groupby(rows, key=itemgetter(0)):
        both = [(number, is_main) for _, number, is_main in pairs]
        numbers = [number for number, _ in both]
        main = [number for number, is_main in both if is_main]
        packed = pack(bits_of(numbers, max(numbers)))
        if value in of_all:
            yield wider, value, packed
        if value in of_main and main:
            is_same = len(main) == len(numbers)
            yield main_zones, value, packed if is_same else pack(bits_of(main, max(main)))


def packed_of_values(
    connection: sqlite3.Connection, facet: Facet, values: Iterable[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield the packed sets of some values of a facet."""
    rows = {value: array("Q") for value in values}
    if not rows:
        return
    is_listed = "{values}" in facet.pairs
    query = facet.pairs.format(values=_GIVEN)
    for value, number in connection.execute(query, [json.dumps(list(rows))] if is_listed else []):
        # One that is called "None" is not one that has none.
        numbers = None if value is None else rows.get(str(value))
        if numbers is not None:
            numbers.append(number)
    for value, bits in _sets(rows):
        yield value, pack(bits)
