"""Take back an article or a source, with all that it gave, in one transaction."""

from __future__ import annotations

import json
from pathlib import Path

from sqlite_utils import Database

from datasette_newsgraph.errors import UnknownKey
from datasette_newsgraph.loading.settling import settle, take_back
from datasette_newsgraph.readers.source import hash_place
from datasette_newsgraph.store.transactions import transaction
from datasette_newsgraph.wording import listed, printable


def remove_article(db: Database, given_id: str) -> int:
    """Remove the article of a key, or else of an id; return 1. Raises UnknownKey."""
    found = db.conn.execute(
        "SELECT id FROM articles WHERE given_id = :id OR key = :id ORDER BY key = :id DESC LIMIT 1",
        {"id": given_id},
    ).fetchall()
    if not found:
        raise UnknownKey(f"there is no article {given_id!r}; the table articles has all")
    return _remove(db, [row[0] for row in found])


def remove_source(db: Database, path: str) -> int:
    """Remove all articles that a source gave last, and its rejects.

    ``path`` is the file's base name, or its path where files of that name were loaded from several
    folders. The source stays, as not loaded. Returns the number of articles. Raises UnknownKey.
    """
    found = db.conn.execute(
        "SELECT id, place FROM sources WHERE name = ?", [printable(Path(path).name)]
    ).fetchall()
    place = hash_place(Path(path).resolve().parent)
    exact = [row for row in found if row[1] == place]
    if not found:
        names = [
            each[0] for each in db.conn.execute("SELECT DISTINCT name FROM sources ORDER BY name")
        ]
        raise UnknownKey(
            f"no file of the name {path!r} was loaded; there are: {listed(names) or 'none'}"
        )
    if len(found) > 1 and not exact:
        raise UnknownKey(
            f"files of the name {path!r} were loaded from {len(found)} folders; give the path of one"
        )
    source_id = (exact or found)[0][0]
    articles = db.conn.execute(
        "SELECT id FROM articles WHERE source_id = ?", [source_id]
    ).fetchall()
    return _remove(db, [each[0] for each in articles], source_id=source_id)


def _forget_rejects(db: Database, articles: list[int]) -> None:
    """Delete what was rejected of the records of articles: it has their words."""
    db.conn.execute(
        "DELETE FROM rejects WHERE article_key IN"
        " (SELECT key FROM articles WHERE id IN (SELECT value FROM json_each(?)))",
        [json.dumps(articles)],
    )


def _remove(db: Database, articles: list[int], source_id: int | None = None) -> int:
    with transaction(db):
        _forget_rejects(db, articles)
        take_back(db, articles)
        if source_id is not None:
            db.conn.execute("DELETE FROM rejects WHERE source_id = ?", [source_id])
            db.conn.execute(
                "UPDATE sources SET complete = 0, resume_line = NULL, resume_byte = NULL"
                " WHERE id = ?",
                [source_id],
            )
        settle(db)
    return len(articles)
