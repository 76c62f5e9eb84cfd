"""Decide that some articles mean another thing by what is shown as one entity."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence

from sqlite_utils import Database

from datasette_newsgraph.decisions.decision import Decision, split_key
from datasette_newsgraph.decisions.entities_meant import Meant
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.identity import collapse

_NAMING = (
    "SELECT articles.key FROM articles JOIN appearances ON article_id = articles.id"
    " WHERE articles.key IN (SELECT value FROM json_each(?))"
    " AND entity_id = (SELECT id FROM entities WHERE key = ?)"
)
#: What articles give otherwise than it is shown, with the keys as they give them.
_GIVEN = (
    "SELECT articles.key, subject_key FROM as_given JOIN articles ON articles.id = article_id"
    " WHERE kind = 'appearance' AND shown_key = ?"
    " AND articles.key IN (SELECT value FROM json_each(?))"
)


def split(
    db: Database,
    entity: Meant,
    articles: Sequence[str],
    *,
    name: str = "",
    into: Meant | None = None,
) -> list[Decision]:
    """Return the decisions by which what ``articles`` (keys) call an entity is another one: a new one
    of a ``name``, or ``into``, which is there.

    An article may give the entity under a key that was merged into it, or under several: there is a
    decision for each. Raises UsageError where an article does not name the entity, for a blank name,
    and for ``into`` that is the same entity, or what was split into this one.
    """
    shown = entity.shown
    if into is not None and into.shown == shown:
        raise UsageError(f"{into.key} is shown as {shown}; name another entity, or a new one")
    name = "" if into is not None else collapse(name)
    if into is None and not name:
        raise UsageError("what is split off has no name; give one that can be read")
    keys = json.dumps(articles)
    naming = {row[0] for row in db.conn.execute(_NAMING, [keys, shown])}
    for article in articles:
        if article not in naming:
            raise UsageError(f"the article {article} does not name {shown}; leave it out")
    right = split_key(shown, name) if into is None else into.shown
    given = _given(db, shown, keys, articles)
    if right in given:
        raise UsageError(
            f"these articles call it {right} themselves, and a split made {shown} of it: newsgraph undo"
            " takes that back"
        )
    return [
        Decision("split", left, right, articles=tuple(sorted(of)), value=name)
        for left, of in sorted(given.items())
    ]


def _given(db: Database, shown: str, keys: str, articles: Sequence[str]) -> dict[str, list[str]]:
    """Return the articles by each key under which they give what is shown as an entity."""
    found: dict[str, list[str]] = defaultdict(list)
    for article, given in db.conn.execute(_GIVEN, [shown, keys]):
        found[given].append(article)
    otherwise = {each for of in found.values() for each in of}
    # What is not kept there is given as it is shown.
    if own := [each for each in articles if each not in otherwise]:
        found[shown] += own
    return found
