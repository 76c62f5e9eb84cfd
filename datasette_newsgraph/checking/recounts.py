"""Check what is counted and chosen against the rows that it follows from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from datasette_newsgraph.checking.article_rows import RowsOfArticles
from datasette_newsgraph.checking.comparing import Comparison, differing_counts
from datasette_newsgraph.checking.fault import Fault, Mend, differ
from datasette_newsgraph.facets.counting import facet_contents
from datasette_newsgraph.loading.names import DISPUTED, alias_query, disputed_query, winner_query
from datasette_newsgraph.zone_counts import ZoneCounts, count_zones

_EVERY = "SELECT id FROM entities"
_APPEARANCES = (
    "SELECT article_id, id, entity_id, mentions, main_mentions, mentions_by_zone FROM appearances"
    " WHERE typeof(article_id) = 'integer' ORDER BY article_id"
)
#: What stands behind the last entity that has other names.
_NO_MORE: tuple[int | None, Iterator[Any]] = (None, iter(()))


def check_appearances(db: Database) -> Iterator[Fault]:
    """Yield what is wrong with the counts of mentions."""
    appearances = sum(1 for _ in _wrong_appearances(db.conn))
    if appearances:
        words = f"counts: {differ(appearances, 'appearances')} from a recount of mentions"
        yield Fault(words, Mend.APPEARANCES)


def check_counts(db: Database) -> Iterator[Fault]:
    """Yield what is wrong with the counts of entities and relations."""
    for table in ("entity_counts", "relation_counts"):
        yield from _told(differing_counts(db.conn, table), table, Mend.COUNTS)


def check_facets(db: Database) -> Iterator[Fault]:
    """Yield what is wrong with the counts of facets, and with the sets of rows of their values."""
    tables = {table: Comparison(db.conn, table) for table in ("facet_counts", "facet_rows")}
    for table, row in facet_contents(db.conn):
        tables[table].add(row)
    for table, comparison in tables.items():
        yield from _told(comparison.differing(), table, Mend.FACETS)


def _told(differing: int, table: str, mend: Mend) -> Iterator[Fault]:
    if differing:
        yield Fault(f"counts: {differ(differing, table)} from a recount", mend)


def recount_appearances(db: Database) -> None:
    """Count again what appearances count of mentions, inside the caller's transaction."""
    rows = [(*right, number) for number, right in _wrong_appearances(db.conn)]
    places = ", ".join(f"{column} = ?" for column in ZoneCounts._fields)
    db.conn.executemany(f"UPDATE appearances SET {places} WHERE id = ?", rows)


def _wrong_appearances(connection: sqlite3.Connection) -> Iterator[tuple[int, ZoneCounts]]:
    """Yield the appearances that do not have what is to be counted of their mentions, and that."""
    mentions = RowsOfArticles(connection, "mentions", "entity_id, zone")
    by_article = groupby(connection.execute(_APPEARANCES), key=itemgetter(0))
    for article, appearances in by_article:
        zones: dict[int, list[str | None]] = {}
        for _, entity, zone in mentions.of(article):
            zones.setdefault(entity, []).append(zone)
        for _, number, entity, *kept in appearances:
            right = count_zones(tuple(zones.get(entity, ())))
            if right != tuple(kept):
                yield number, right


def check_names(db: Database) -> Iterator[Fault]:
    """Yield what is wrong with what is chosen of all that articles say of an entity."""
    # All that articles agree on is chosen already: most entities, which need not be counted.
    disputed = json.dumps([row[0] for row in db.conn.execute(disputed_query(_EVERY))])
    for columns in DISPUTED:
        query = winner_query(columns, "SELECT value FROM json_each(?)")
        for number, *_ in db.conn.execute(query, [disputed]):
            words = f"names: the {columns[0]} of entity {number} is not what most articles give"
            yield Fault(words, Mend.NAMES)
    yield from _aliases(db)


def _aliases(db: Database) -> Iterator[Fault]:
    # Both in the order of the entities.
    given = groupby(db.conn.execute(alias_query(_EVERY)), key=itemgetter(0))
    named, names = next(given, _NO_MORE)
    for number, text in db.conn.execute("SELECT id, alias_text FROM entities ORDER BY id"):
        right: list[str] = []
        if number == named:
            right = [alias for _, alias in names]
            named, names = next(given, _NO_MORE)
        if (text.split("\n") if text else []) != right:
            words = f"names: the alias_text of entity {number} is not what the articles give"
            yield Fault(words, Mend.NAMES)
