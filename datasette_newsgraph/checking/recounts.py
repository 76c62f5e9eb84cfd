"""Check what is counted and chosen against the rows that it follows from."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from datasette_newsgraph.article import MAIN_ZONES, ZONES
from datasette_newsgraph.checking.fault import Fault, Mend, differ
from datasette_newsgraph.facets.counting import facet_counts_query
from datasette_newsgraph.facets.stored_sets import facet_rows
from datasette_newsgraph.loading.counts import recount_query
from datasette_newsgraph.loading.names import DISPUTED, alias_query, winner_query
from datasette_newsgraph.store.schema import select

_EVERY = "SELECT id FROM entities"
_MAIN = ", ".join(f"'{each}'" for each in sorted(MAIN_ZONES))
#: What a mention without a zone is counted under.
_UNKNOWN = "unknown"
_BY_ZONE = " || ".join(
    f"coalesce(', \"{zone}\": ' || nullif(sum(coalesce(zone, '{_UNKNOWN}') = '{zone}'), 0), '')"
    for zone in sorted((*ZONES, _UNKNOWN))
)
#: The SELECT of what appearances count of mentions: each once for all, as an article may name many
#: entities, each of them often.
_MENTIONS = (
    "SELECT article_id, entity_id, count(*) AS counted,"
    f" sum(coalesce(zone IN ({_MAIN}), 0)) AS main,"
    f" '{{' || substr({_BY_ZONE}, 3) || '}}' AS by_zone FROM mentions GROUP BY entity_id, article_id"
)
_COUNTED = {
    "mentions": "coalesce(counted, 0)",
    "main_mentions": "coalesce(main, 0)",
    "mentions_by_zone": "coalesce(by_zone, '{}')",
}
_WRONG = " OR ".join(f"{column} IS NOT {right}" for column, right in _COUNTED.items())
_WRONG_APPEARANCES = (
    f"FROM appearances LEFT JOIN ({_MENTIONS}) USING (article_id, entity_id) WHERE {_WRONG}"
)


def check_counts(db: Database) -> Iterator[Fault]:
    """Yield what is wrong with counts."""
    (appearances,) = db.conn.execute(f"SELECT count(*) {_WRONG_APPEARANCES}").fetchone()
    if appearances:
        words = f"counts: {differ(appearances, 'appearances')} from a recount of mentions"
        yield Fault(words, Mend.APPEARANCES)
    recounts = {
        "entity_counts": recount_query("entity_counts", _EVERY),
        "relation_counts": recount_query("relation_counts", "SELECT id FROM relations"),
        "facet_counts": facet_counts_query(),
    }
    for table, query in recounts.items():
        stored = set(db.conn.execute(select(table)))
        recounted = set(db.conn.execute(query))
        if stored != recounted:
            mend = Mend.FACETS if table == "facet_counts" else Mend.COUNTS
            words = f"counts: {differ(len(stored ^ recounted), table)} from a recount"
            yield Fault(words, mend)
    kept = set(db.conn.execute(select("facet_rows")))
    gathered = set(facet_rows(db.conn))
    if kept != gathered:
        words = f"counts: {differ(len(kept ^ gathered), 'facet_rows')} from a recount"
        yield Fault(words, Mend.FACETS)


def recount_appearances(db: Database) -> None:
    """Count again what appearances count of mentions, inside the caller's transaction."""
    columns = ", ".join(_COUNTED.values())
    rows = db.conn.execute(f"SELECT {columns}, id {_WRONG_APPEARANCES}").fetchall()
    places = ", ".join(f"{column} = ?" for column in _COUNTED)
    db.conn.executemany(f"UPDATE appearances SET {places} WHERE id = ?", rows)


def check_names(db: Database) -> Iterator[Fault]:
    """Yield what is wrong with what is chosen of all that articles say of an entity."""
    for columns in DISPUTED:
        for number, *_ in db.conn.execute(winner_query(columns, _EVERY)):
            words = f"names: the {columns[0]} of entity {number} is not what most articles give"
            yield Fault(words, Mend.NAMES)
    names: dict[int, list[str]] = {}
    for entity, alias in db.conn.execute(alias_query(_EVERY)):
        names.setdefault(entity, []).append(alias)
    for number, text in db.conn.execute("SELECT id, alias_text FROM entities"):
        if (text.split("\n") if text else []) != names.get(number, []):
            words = f"names: the alias_text of entity {number} is not what the articles give"
            yield Fault(words, Mend.NAMES)
