"""Whether the pairs of a tier may be accepted as one: in which graphs the measured rates hold."""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.candidates.types import Kind, kind_of
from datasette_newsgraph.identity import normalise_label

#: The year before which newspapers are read by machine, mostly.
_PRINTED = "1950"
#: The share of entities that one type may have, and the number of all from which on it says something.
_MOST, _ENOUGH = 0.95, 20

_YEARS = (
    "SELECT count(*), coalesce(sum(published < ?), 0) FROM articles WHERE published IS NOT NULL"
)
_TYPES = "SELECT coalesce(type, ''), count(*) FROM entities WHERE basis <> 'article' GROUP BY 1"


def may_accept_in_bulk(db: Database) -> str | None:
    """Return why the pairs of a tier may not be accepted as one in a graph, in words; None if they may.

    What the rules of the tiers are worth was measured: in old newspapers read by machine one pair in
    ten is wrong, and without types most of the rules say nothing.
    """
    dated, old = db.conn.execute(_YEARS, [_PRINTED]).fetchone()
    if 2 * old > dated:
        return (
            f"Most articles are from before {_PRINTED}: in old newspapers, which are read by machine,"
            " one pair of a tier in ten is wrong. Look at each."
        )
    counts: dict[str, int] = {}
    for type_, count in db.conn.execute(_TYPES):
        label = normalise_label(type_)
        counts[label] = counts.get(label, 0) + count
    every = sum(counts.values())
    unknown = sum(count for label, count in counts.items() if kind_of(label) is Kind.OTHER)
    if 2 * unknown > every:
        return (
            "Most entities are not said to be people, places, organisations or events, so that the"
            " rules of the tiers rest on names alone. Look at each pair."
        )
    label, most = max(counts.items(), key=lambda each: each[1], default=("", 0))
    if every >= _ENOUGH and most > _MOST * every:
        return (
            f"Nearly all entities have the type {label!r}, so that types tell nothing apart. Look at"
            " each pair."
        )
    return None
