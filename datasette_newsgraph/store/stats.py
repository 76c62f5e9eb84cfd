"""Count what is in a database."""

from __future__ import annotations

from sqlite_utils import Database

from datasette_newsgraph.kinds import COUNTED

#: Shown by ``newsgraph stats``: a title, and the query of names with their counts.
_GROUPS = {
    "articles by publisher": "SELECT coalesce(publisher, '(none)'), count(*) FROM articles",
    "articles by language": "SELECT coalesce(language, '(none)'), count(*) FROM articles",
    "entities by type": "SELECT type, count(*) FROM entities",
    "relations by predicate": "SELECT predicate, count(*) FROM relations",
    "mentions by offset status": "SELECT offset_status, count(*) FROM mentions",
    "evidence by offset status": "SELECT offset_status, count(*) FROM evidence",
    "quotes by offset status": "SELECT offset_status, count(*) FROM quotes",
    "rejects by source": "SELECT source, sum(parts) FROM rejects",
}
_TABLES = (*(each.table for each in COUNTED), "rejects")
#: What is counted of a table, if not its rows.
_NUMBERS = {"rejects": "coalesce(sum(parts), 0)"}


def count_tables(db: Database) -> dict[str, int]:
    """Return how many things there are in the tables that people ask about."""
    return {
        name: db.execute(f"SELECT {_NUMBERS.get(name, 'count(*)')} FROM {name}").fetchone()[0]
        for name in _TABLES
    }


def count_groups(db: Database) -> dict[str, list[tuple[str, int]]]:
    """Return counts by publisher, type, predicate …, the largest first."""
    return {
        title: db.execute(f"{query} GROUP BY 1 ORDER BY 2 DESC, 1").fetchall()
        for title, query in _GROUPS.items()
    }
