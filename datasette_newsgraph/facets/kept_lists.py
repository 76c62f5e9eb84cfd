"""Put the lists of ``facet_counts`` right when some of their values were counted again.

A list of values keeps the most frequent; what it does not keep, and what was not touched, stays behind
the last of them. So the touched values are put in order with the others. Only where one of them sinks
below the last may some overtake it that nobody has counted. Such a list is counted anew; or, where it
is known which entities can have so many rows, these are counted.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from datasette_newsgraph.facets.counting import KEPT, count_list
from datasette_newsgraph.facets.definition import BY_COUNT, OF_TYPE, Facet
from datasette_newsgraph.store.schema import into

#: The rows of the lists of a facet, over all types of entities and of each. The last condition is for
#: the index: it holds of whatever the others hold of.
_OF_FACET = (
    "view = :view AND (facet = :facet OR facet GLOB :facet || ':*')"
    " AND facet >= :facet AND facet < :facet || ';'"
)
#: The values of the lists of a facet.
VALUES = f"SELECT DISTINCT value FROM facet_counts WHERE {_OF_FACET}"
_LISTS = f"SELECT facet, count(*), min(count) FROM facet_counts WHERE {_OF_FACET} GROUP BY facet"
_AMONG = (
    "SELECT facet, value, label, count FROM facet_counts WHERE view = :view"
    " AND facet IN (SELECT value FROM json_each(:lists))"
    " AND value IN (SELECT value FROM json_each(:values))"
)
_ALL = "SELECT value, label, count FROM facet_counts WHERE view = ? AND facet = ?"
#: Values of a list, with their label and count.
Values: TypeAlias = dict[str, tuple[str, int]]


@dataclass
class Kept:
    """A list that is kept: how long it is, the least count in it, and those of some values that are in
    it. Of most changes no more has to be read of a list.
    """

    size: int
    least: int
    among: Values = field(default_factory=dict)


def kept_lists(
    connection: sqlite3.Connection, names: Mapping[str, str], values: Iterable[str]
) -> dict[str, Kept]:
    """Return the lists of a facet, over all types and of each, by name, with those of some values that
    are in them.
    """
    lists = {name: Kept(size, least) for name, size, least in connection.execute(_LISTS, names)}
    asked = {"view": names["view"], "lists": json.dumps([*lists]), "values": json.dumps([*values])}
    for name, value, label, count in connection.execute(_AMONG, asked):
        lists[name].among[value] = label, count
    return lists


def revise(
    connection: sqlite3.Connection,
    view: str,
    facet: Facet,
    list_: Kept | None,
    again: Values,
    of_type: str | None = None,
) -> None:
    """Make a list that was kept what it is with the values that were counted ``again``, among which it
    was looked up; or count it anew.
    """
    if list_ is not None and _is_the_same(list_, again, facet.order):
        return
    name = facet.name if of_type is None else f"{facet.name}{OF_TYPE}{of_type}"
    if list_ is None:
        count_list(connection, view, facet, of_type)
        return
    rows = connection.execute(_ALL, [view, name])
    kept: Values = {value: (label, count) for value, label, count in rows}
    first = _first(kept, again, facet.order)
    if first is None and facet.counts_at_least:
        first = _overtaken(connection, facet, kept, again, of_type)
    if first is None:
        count_list(connection, view, facet, of_type)
        return
    connection.executemany(
        "DELETE FROM facet_counts WHERE view = ? AND facet = ? AND value = ?",
        ((view, name, value) for value, found in kept.items() if first.get(value) != found),
    )
    connection.executemany(
        f"{into('facet_counts')} VALUES (?, ?, ?, ?, ?)",
        ((view, name, value, *found) for value, found in first.items() if kept.get(value) != found),
    )


def _is_the_same(kept: Kept, again: Values, order: str) -> bool:
    """Tell at once of most lists that they stay as they are: what was counted again is as it was, or
    stays behind the last of a full list.
    """
    if order != BY_COUNT:
        return False
    least = kept.least if kept.size >= KEPT else 1
    return all(
        kept.among[value] == found if value in kept.among else found[1] < least
        for value, found in again.items()
    )


def _first(kept: Values, again: Values, order: str) -> Values | None:
    """Return the values that a list keeps when some were counted again; None if others, of which we
    do not know, may be among them.
    """
    merged = _merged(kept, again)
    if len(kept) < KEPT and len(merged) <= KEPT:
        return merged
    if order != BY_COUNT:
        return None
    first = _most_frequent(merged)
    if len(kept) >= KEPT and (
        len(first) < KEPT or _place(first[-1]) > max(map(_place, kept.items()))
    ):
        return None
    return dict(first)


def _overtaken(
    connection: sqlite3.Connection,
    facet: Facet,
    kept: Values,
    again: Values,
    of_type: str | None,
) -> Values | None:
    """Return the same where others may be among them, when all have been counted that can have as many
    rows as the last; None if the list is too short to tell how many these are.
    """
    merged = _merged(kept, again)
    first = _most_frequent(merged)
    if len(first) < KEPT:
        return None
    others = (
        f"SELECT id FROM entities WHERE id IN ({facet.counts_at_least})"
        " AND type = coalesce(:type, type) AND key NOT IN (SELECT value FROM json_each(:known))"
    )
    least = first[-1][1][1]
    names = {"least": least, "type": of_type, "known": json.dumps(list(kept | again))}
    rows = connection.execute(
        "SELECT entities.key, entities.name, counted.count"
        f" FROM ({facet.counted_for(others)}) AS counted JOIN entities ON entities.id = counted.value",
        names,
    )
    return dict(_most_frequent(merged | {key: (name, count) for key, name, count in rows}))


def _merged(kept: Values, again: Values) -> Values:
    return {value: found for value, found in {**kept, **again}.items() if found[1]}


def _most_frequent(values: Values) -> list[tuple[str, tuple[str, int]]]:
    return sorted(values.items(), key=_place)[:KEPT]


def _place(each: tuple[str, tuple[str, int]]) -> tuple[int, str]:
    value, (_, count) = each
    return -count, value
