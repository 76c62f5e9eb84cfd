"""What the key of an entity comes from, where it shows entities of other keys, too."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from datasette_newsgraph.identity import Basis, basis_of

#: The keys of what records gave that entities show, with what the record said of one of them.
_GIVEN = """
SELECT entities.id, entities.key, coalesce(as_given.key, entities.key),
  coalesce(json_extract(record, '$.type'), appearances.type),
  coalesce(json_extract(record, '$.name'), appearances.name),
  CASE WHEN record IS NULL
    THEN EXISTS (SELECT 1 FROM identifiers WHERE appearance_id = appearances.id)
    ELSE json_array_length(record, '$.identifiers') > 0 END
FROM entities JOIN appearances ON entity_id = entities.id
LEFT JOIN as_given ON as_given.article_id = appearances.article_id AND kind = 'appearance'
  AND shown_key = entities.key
WHERE entities.id IN (SELECT value FROM json_each(?))
GROUP BY 1, 3
"""
#: Of an entity whose own key no record gave, what others can make its key from comes first.
_ORDER: tuple[Basis, ...] = ("identifier", "name", "article")


def renew_bases_of(connection: sqlite3.Connection, entities: Iterable[int]) -> None:
    """Give entities the basis of their own key if some record gave it, or else one of the keys that
    they show, inside the caller's transaction; ``entities`` are row numbers.
    """
    own: dict[int, Basis] = {}
    others: dict[int, set[Basis]] = defaultdict(set)
    for number, entity, key, type_, name, is_identified in connection.execute(
        _GIVEN, [json.dumps(sorted(entities))]
    ):
        basis = basis_of(key, type_, name, is_identified=bool(is_identified))
        others[number].add(basis)
        if key == entity:
            own[number] = basis
    chosen = {
        number: own[number] if number in own else next(each for each in _ORDER if each in bases)
        for number, bases in others.items()
    }
    connection.executemany(
        "UPDATE entities SET basis = ?1 WHERE id = ?2 AND basis <> ?1",
        ((basis, number) for number, basis in chosen.items()),
    )
