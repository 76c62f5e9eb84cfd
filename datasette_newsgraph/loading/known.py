"""Find out which records a database has already, to the byte."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from datasette_newsgraph.loading.rows import rows_in


def known_records(db: Database, hashes: Iterable[str]) -> dict[str, str]:
    """Return of the hashes of records those that are there whole, with the keys of their articles."""
    query = (
        "SELECT record_hash, key FROM articles WHERE record_hash IN ({})"
        " AND id NOT IN (SELECT article_id FROM article_faults)"
    )
    return dict(rows_in(db.conn, query, hashes))
