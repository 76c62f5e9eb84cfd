"""Identifiers that contradict what was decided: of what is shown as one thing, an authority has two."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from datasette_newsgraph.authorities import authority_of
from datasette_newsgraph.decisions.keys import item_iri_of
from datasette_newsgraph.identity import follows_from

# From the decisions to what is shown, and not through all that is there: each key of an entity that
# stands for several, an IRI, and whether it was decided to be the same.
_IRIS = """
SELECT entities.key, decided.key, decisions.value, 1
FROM decided CROSS JOIN entities ON entities.key = decided.value
LEFT JOIN decisions ON decisions.left_key = decided.key AND +decisions.verdict = 'same'
WHERE {condition}
UNION
SELECT entities.key, decided.key, identifiers.iri, 0
FROM decided CROSS JOIN entities ON entities.key = decided.value
CROSS JOIN identifiers ON identifiers.entity_id = entities.id
WHERE decided.key = decided.value AND {condition}
ORDER BY 1
"""


class IdentifierConflict(NamedTuple):
    """The key of an entity, the name of an authority, and the IRIs, two or more, that it has for the
    entity.
    """

    entity: str
    authority: str
    iris: tuple[str, ...]


def identifier_conflicts(
    connection: sqlite3.Connection, entity: str | None = None
) -> Iterator[IdentifierConflict]:
    """Yield the conflicts of all entities that stand for several keys, by their keys; or those of the
    ``entity`` of a key.

    Each authority says of two of its identifiers that they are two things; DBpedia and Wikipedia say so
    within a language.
    """
    condition = "decided.verdict = 'same'"
    if entity is not None:
        # By the plus, SQLite finds the rows of the key, and does not go through all of the verdict.
        condition = f"+{condition} AND decided.value = :entity"
    rows = connection.execute(_IRIS.format(condition=condition), {"entity": entity})
    for key, of_entity in groupby(rows, itemgetter(0)):
        for authority, iris in sorted(_by_authority(list(of_entity)).items()):
            if len(iris) > 1:
                yield IdentifierConflict(key, authority[0], tuple(sorted(iris)))


def _by_authority(rows: list[tuple[str, str, str | None, int]]) -> dict[tuple[str, str], set[str]]:
    """Return the IRIs of an entity by authority; not those of decisions that were taken back."""
    keys = {member for _, member, _, _ in rows}
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    iris = {
        iri
        for _, _, iri, is_decided in rows
        if iri and (not is_decided or any(follows_from(key, iri) for key in keys))
    }
    for each in iris | {iri for iri in map(item_iri_of, keys) if iri}:
        authority = authority_of(each)
        if authority is not None:
            found[authority].add(each)
    return found
