"""Decide that entities are one, or that they are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from sqlite_utils import Database

from datasette_newsgraph.authorities import (
    AUTHORITIES,
    OTHER,
    canonical_identifier,
    identifier_iri,
)
from datasette_newsgraph.decisions.decision import Decision
from datasette_newsgraph.decisions.entities_meant import Meant, keys_shown_as, shown_key
from datasette_newsgraph.decisions.keys import item_of
from datasette_newsgraph.decisions.log import logged
from datasette_newsgraph.decisions.names import names_of
from datasette_newsgraph.decisions.standing import in_force
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.wording import listed


def merged(db: Database, entities: Sequence[Meant], keep: Meant | None = None) -> list[Decision]:
    """Return the decisions by which entities become one; none where they are one already.

    What they are shown as is put together; ``keep``, one of them, then stands for all, or else the one
    that ``chosen`` chooses. Raises UsageError for a ``keep`` that is none of them.
    """
    shown = list(dict.fromkeys(each.shown for each in entities))
    if keep is not None and keep.shown not in shown:
        raise UsageError(f"{keep.key} is to be kept, and is none of those that are merged")
    kept = keep.key if keep else chosen(db, entities)
    iris = {each.key: each.identifier for each in entities if each.identifier}
    return [
        Decision("same", kept, each, keep=kept, value=iris.get(each) or iris.get(kept, ""))
        for each in shown
        if each != kept
    ]


def parted(db: Database, entities: Sequence[Meant]) -> list[Decision]:
    """Return the decisions by which each two of some entities are different things; raises UsageError
    where two are called by one key.

    What was merged into one of them, and is named by its own key, is taken out: it is then different
    from all with which it was put together, pair by pair, too.
    """
    keys = sorted({each.key for each in entities})
    if len(keys) < len(entities):
        twice = next(key for key in keys if [each.key for each in entities].count(key) > 1)
        raise UsageError(f"{twice} cannot be different from itself; {_members(db, twice)}")
    pairs = set(combinations(keys, 2))
    shown = {each.key for each in entities if each.key == each.shown}
    for each in entities:
        if each.key != each.shown and each.shown in shown:
            pairs |= _put_together(db, each.key)
    return [Decision("different", *pair) for pair in sorted(pairs)]


def _members(db: Database, key: str) -> str:
    """Return the remedy where one entity is named twice: what was merged into it has keys."""
    members = keys_shown_as(db.conn, shown_key(db.conn, key))[1:]
    if not members:
        return "name another one"
    name_of = names_of(db.conn, [Decision("wrong", each, kind="entity") for each in members])
    told = [f"{each} ({name_of('entity', each)})".removesuffix(" ()") for each in members]
    return f"name what was merged into it by its key: {listed(told)}"


def _put_together(db: Database, key: str) -> set[tuple[str, str]]:
    """Return the pairs with an entity of which the last verdict is that they are the same."""
    of_pairs = {
        (each.left, each.right): each for each in in_force(logged(db.conn)) if each.is_on_pair
    }
    return {pair for pair, each in of_pairs.items() if key in pair and each.verdict == "same"}


def rivals(db: Database, entities: Sequence[Meant]) -> dict[str, list[str]]:
    """Return the identifiers of entities by their authority, where one has given them several: they may
    well be different things then.
    """
    found: dict[str, set[str]] = defaultdict(set)
    keys = [each.shown for each in entities]
    of_items = [identifier_iri("Wikidata", item) for item in map(item_of, keys) if item]
    loaded = db.conn.execute(
        "SELECT DISTINCT iri FROM identifiers JOIN entities ON entities.id = entity_id"
        f" WHERE entities.key IN ({', '.join('?' * len(keys))})",
        keys,
    )
    for iri in (*of_items, *(row[0] for row in loaded)):
        identifier = canonical_identifier(iri)
        if identifier is not None and identifier[0] < OTHER:
            found[AUTHORITIES[identifier[0]].name].add(identifier[1])
    return {name: sorted(iris) for name, iris in found.items() if len(iris) > 1}


def chosen(db: Database, entities: Sequence[Meant]) -> str:
    """Return the key that stands for entities when they are one: that of an entity with an identifier
    before others, then of the one that more articles name, then of the one with the longer name.
    """
    found = {
        key: (basis == "identifier", articles or 0, len(name))
        for key, basis, articles, name in db.conn.execute(
            "SELECT key, basis, articles, name FROM entities"
            " LEFT JOIN entity_counts ON entity_id = entities.id"
            f" WHERE key IN ({', '.join('?' * len(entities))})",
            [each.shown for each in entities],
        )
    }

    def order(each: Meant) -> tuple[bool, int, int]:
        is_identified, articles, length = found.get(each.shown, (False, 0, 0))
        return is_identified or each.is_identified, articles, length

    # Of equal ones the first in the alphabet, whatever the order in which they were given.
    return max(sorted(entities, key=lambda each: each.shown), key=order).shown
