"""Under which other keys an entity is known: those that were merged into it, and those by which single
articles mean it.
"""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph.web.access.visit import Visit

#: Keys that are listed.
LISTED = 100
_MERGED = "SELECT key FROM decided WHERE verdict = 'same' AND value = ? AND key <> value"
#: A name as one of the articles gives it.
_GIVEN = (
    "SELECT subject_key AS key, count(*) AS articles, coalesce(json_extract(record, '$.name'),"
    " (SELECT name FROM appearances WHERE appearances.article_id = as_given.article_id"
    " AND entity_id = ?)) AS name FROM as_given"
    " WHERE shown_key = ? AND kind = 'appearance' AND subject_key <> shown_key GROUP BY subject_key"
)


class Former(NamedTuple):
    """A key that leads to an entity: what an article calls it, if one is loaded, how many articles do,
    and whether it is the same everywhere, or in these articles only.
    """

    key: str
    name: str | None
    articles: int
    is_merged: bool


async def known_under(visit: Visit, key: str, number: int) -> list[Former]:
    """Return the other keys of the entity with a key and a row number: those of most articles first.

    The caller has made sure that the visitor may see ``decided`` and ``as_given``.
    """
    merged = {row[0] for row in await visit.rows(_MERGED, key)}
    given = {row["key"]: row for row in await visit.rows(_GIVEN, number, key)}
    found = [
        Former(
            each,
            given[each]["name"] if each in given else None,
            given[each]["articles"] if each in given else 0,
            each in merged,
        )
        for each in merged | given.keys()
    ]
    return sorted(found, key=lambda each: (-each.articles, each.key))[:LISTED]
