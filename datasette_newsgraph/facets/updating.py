"""Count the facets again after a small change, at the cost of what it touched.

The result is that of counting everything. A list of values keeps the most frequent; what it does not
keep, and what was not touched, stays behind the last of them. So the touched values are counted and
put in order with the others. Only where one of them sinks below the last may some overtake it that
nobody has counted: such a list is counted anew.

Which values were touched, and their counts, each kind of facet has in a way of its own:

- Entities are noted in ``unsettled``, and counted by the indexes that begin with them.
- Where the rows of a value are kept, what its set says of the touched rows is put right; the size of
  the set is the count.
- Mentions and quotes, which are many and have one article each, are added and taken away with it.
- The rest is quick to count anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import TypeAlias

from datasette_newsgraph.facets.catalogue import all_facets
from datasette_newsgraph.facets.counting import FREQUENT_TYPES, KEPT, count_list
from datasette_newsgraph.facets.definition import BY_COUNT, OF_TYPE, Facet
from datasette_newsgraph.facets.rowsets import bits_of, pack, unpack
from datasette_newsgraph.facets.stored_sets import counted_values, rows_of_facet
from datasette_newsgraph.store.schema import into

#: Where more than one of so many articles was touched, counting everything is as quick.
_SHARE = 10
#: Articles whose entities are held in memory.
_MOST = 5000
#: The SELECT of the row numbers that are noted of a kind.
TOUCHED = "SELECT row_id FROM unsettled WHERE kind = '{}'"
_ENTITIES = TOUCHED.format("entity")
#: The rows of the views whose rows are kept for the values of facets.
_ROWS = {"article_index": TOUCHED.format("article"), "entity_index": _ENTITIES}
#: The SELECT of the articles that a parameter has as a JSON array.
IN_ARTICLES = "SELECT value FROM json_each(:articles)"
_LISTS = (
    "SELECT facet, value, label, count FROM facet_counts"
    " WHERE view = :view AND (facet = :facet OR facet GLOB :facet || ':*')"
)
#: The keys of the entities that were touched, and of those counted that are no longer there.
_TOUCHED_KEYS = (
    f"SELECT key FROM entities WHERE id IN ({_ENTITIES})"
    f" UNION SELECT value FROM ({_LISTS}) WHERE value NOT IN (SELECT key FROM entities)"
)
_SETS = "SELECT value, rows FROM facet_rows WHERE view = :view AND facet = :facet"

#: Values of a list, with their label and count.
Values: TypeAlias = dict[str, tuple[str, int]]
#: What is said of a value that no row goes with any longer.
_GONE = ("", 0)


def tally(connection: sqlite3.Connection, articles: str, sign: int) -> None:
    """Add the mentions and quotes of some articles to the counts of their facets, or take them away
    (-1), inside the caller's transaction; ``articles`` are row numbers as a JSON array.

    Values that are no longer there stay with a count of 0 until the end of the load.
    """
    for view, facet in all_facets():
        if facet.given_by:
            given = facet.given_by.format(articles=IN_ARTICLES)
            connection.execute(
                f"{into('facet_counts')} SELECT '{view}', '{facet.name}', text, text,"
                f" {sign:d} * count(*) FROM (SELECT CAST(value AS TEXT) AS text FROM ({given}))"
                " WHERE text IS NOT NULL GROUP BY text"
                " ON CONFLICT (view, facet, value) DO UPDATE SET count = count + excluded.count",
                {"articles": articles},
            )


def are_few_touched(connection: sqlite3.Connection) -> bool:
    """Tell whether the articles noted in ``unsettled`` are so few that it is quicker to count what
    was touched than to count everything.
    """
    noted = TOUCHED.format("article")
    touched, articles = connection.execute(
        f"SELECT (SELECT count(*) FROM ({noted})), (SELECT count(*) FROM articles)"
    ).fetchone()
    return 0 < int(touched) <= min(int(articles) // _SHARE, _MOST)


def count_touched(connection: sqlite3.Connection) -> None:
    """Count again what the rows noted in ``unsettled`` may have changed, inside the caller's
    transaction. Entities and relations have been settled and counted.
    """
    for view, facet in all_facets():
        if facet.given_by:
            _end_tally(connection, view, facet)
        elif facet.of_entities:
            _count_entities(connection, view, facet)
        elif facet.pairs:
            _count_sets(connection, view, facet)
        else:
            count_list(connection, view, facet)


def _end_tally(connection: sqlite3.Connection, view: str, facet: Facet) -> None:
    names = [view, facet.name]
    where = "view = ? AND facet = ?"
    query = f"SELECT count(*) FROM facet_counts WHERE {where}"
    if connection.execute(query, names).fetchone()[0] >= KEPT:
        # Perhaps not all values are there, and what was added to one is not its count.
        count_list(connection, view, facet)
    else:
        connection.execute(f"DELETE FROM facet_counts WHERE {where} AND count = 0", names)


def _count_entities(connection: sqlite3.Connection, view: str, facet: Facet) -> None:
    names = {"view": view, "facet": facet.name}
    lists = _lists(connection, names)
    touched = [row[0] for row in connection.execute(_TOUCHED_KEYS, names)]
    counted = {row[0]: row[1:] for row in connection.execute(facet.counted_for(_ENTITIES))}
    again = {key: counted[key][:2] if key in counted else _GONE for key in touched}
    _revise(connection, view, facet, lists.pop(facet.name, {}), again)
    if not facet.pairs:
        return
    for (type_,) in connection.execute(FREQUENT_TYPES).fetchall():
        of_type = {
            key: found if key in counted and counted[key][2] == type_ else _GONE
            for key, found in again.items()
        }
        # A type that has no list may be one that was not frequent before.
        kept = lists.pop(f"{facet.name}{OF_TYPE}{type_}", None)
        _revise(connection, view, facet, kept, of_type, type_)
    connection.executemany(
        "DELETE FROM facet_counts WHERE view = ? AND facet = ?", ((view, name) for name in lists)
    )
    # To gather them is no more work than it was to count them.
    _put_sets(connection, view, facet, dict.fromkeys(touched, 0))


def _count_sets(connection: sqlite3.Connection, view: str, facet: Facet) -> None:
    names = {"view": view, "facet": facet.name}
    kept = _lists(connection, names).get(facet.name, {})
    sets = _changed_sets(connection, view, facet)
    is_full = len(kept) >= KEPT
    known = {value: rows for value, rows in sets.items() if not is_full or value in kept}
    again = {value: (value, rows.bit_count()) for value, rows in known.items()}
    # How many more rows go with a value that was not kept, no set tells.
    _revise(connection, view, facet, kept if len(known) == len(sets) else None, again)
    _put_sets(connection, view, facet, known)


def _lists(connection: sqlite3.Connection, names: Mapping[str, str]) -> dict[str, Values]:
    """Return the lists of a facet, over all types and of each, by name."""
    lists: dict[str, Values] = {}
    for name, value, label, count in connection.execute(_LISTS, names):
        lists.setdefault(name, {})[value] = label, count
    return lists


def _changed_sets(connection: sqlite3.Connection, view: str, facet: Facet) -> dict[str, int]:
    """Return the sets of rows that the touched rows change, and those of values that had none: only
    of touched rows.
    """
    touched_rows = _ROWS[view]
    numbers = [row[0] for row in connection.execute(touched_rows)]
    highest = max(numbers, default=0)
    touched = bits_of(numbers, highest)
    now: dict[str, list[int]] = {}
    for value, number in connection.execute(facet.pairs_of(touched_rows)):
        if value is not None:
            now.setdefault(str(value), []).append(number)
    sets = {}
    names = {"view": view, "facet": facet.name}
    for value, stored in connection.execute(_SETS, names):
        before = unpack(stored)
        after = before & ~touched | bits_of(now.pop(value, ()), highest)
        if after != before:
            sets[value] = after
    return sets | {value: bits_of(found, highest) for value, found in now.items()}


def _put_sets(
    connection: sqlite3.Connection, view: str, facet: Facet, sets: Mapping[str, int]
) -> None:
    """Keep these sets in place of those of the same values, but for empty ones; and gather those of
    what is now counted and has none.
    """
    names = {"view": view, "facet": facet.kept}
    connection.executemany(
        "DELETE FROM facet_rows WHERE view = ? AND facet = ? AND value = ?",
        ((view, facet.kept, value) for value in sets),
    )
    connection.executemany(
        f"{into('facet_rows')} VALUES (?, ?, ?, ?)",
        ((view, facet.kept, value, pack(rows)) for value, rows in sets.items() if rows),
    )
    connection.execute(
        "DELETE FROM facet_rows WHERE view = :view AND facet = :facet"
        f" AND value NOT IN ({counted_values(facet)})",
        names,
    )
    connection.executemany(
        f"{into('facet_rows')} VALUES (?, ?, ?, ?)",
        rows_of_facet(connection, view, facet, only_lacking=True),
    )


def _revise(
    connection: sqlite3.Connection,
    view: str,
    facet: Facet,
    kept: Values | None,
    again: Values,
    of_type: str | None = None,
) -> None:
    """Make a list that was ``kept`` what it is with the values that were counted ``again``; or count
    it anew.
    """
    name = facet.name if of_type is None else f"{facet.name}{OF_TYPE}{of_type}"
    first = None if kept is None else _first(kept, again, facet.order)
    if kept is None or first is None:
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


def _first(kept: Values, again: Values, order: str) -> Values | None:
    """Return the values that a list keeps when some were counted again; None if others, of which we
    do not know, may be among them.
    """
    merged = {value: found for value, found in {**kept, **again}.items() if found[1]}
    if len(kept) < KEPT and len(merged) <= KEPT:
        return merged
    if order != BY_COUNT:
        return None

    def place(each: tuple[str, tuple[str, int]]) -> tuple[int, str]:
        value, (_, count) = each
        return -count, value

    first = sorted(merged.items(), key=place)[:KEPT]
    if len(kept) >= KEPT and (
        len(first) < KEPT or place(first[-1]) > max(map(place, kept.items()))
    ):
        return None
    return dict(first)
