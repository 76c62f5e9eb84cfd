"""Relations in words: the SELECT of a statement, and an entity's statements by predicate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from datasette_newsgraph.web.access.visit import Visit

#: Predicates listed for an entity, and relations listed of each; the faceted view has all of them.
PREDICATES = 8
LISTED = 6
#: Further predicates named.
NAMED = 60

_STATEMENT = (
    "SELECT relations.id, relations.key, relations.predicate, relations.value, relations.datatype,"
    " subjects.key AS subject_key, subjects.name AS subject, subjects.type AS subject_type,"
    " objects.key AS object_key, objects.name AS object, objects.type AS object_type"
)
_STATED = (
    " FROM relations JOIN entities AS subjects ON subjects.id = relations.subject_id"
    " LEFT JOIN entities AS objects ON objects.id = relations.object_id"
)
_COUNTS = (
    ", relation_counts.articles, relation_counts.confidence, asserted_up_to,"
    " relation_counts.start_date, relation_counts.end_date, relation_counts.first_seen,"
    " relation_counts.last_seen"
)
_COUNTED = " LEFT JOIN relation_counts ON relation_counts.relation_id = relations.id"


@dataclass(frozen=True)
class Predicate:
    """The statements of an entity that have the same predicate: how many, and the first of them.

    ``link`` leads to all of them, where they may be seen.
    """

    name: str
    count: int
    link: str | None
    statements: list[Any]


@dataclass(frozen=True)
class Direction:
    """The statements in which an entity is the subject, or the object: those of most articles first.

    ``further`` are predicates of which none is listed; there may be more.
    """

    name: str
    count: int
    predicates: list[Predicate]
    further: list[Predicate]


def statement_query(visit: Visit) -> str:
    """Return the SELECT of relations in words, with counts where they may be seen.

    The caller adds what chooses among ``relations``, and has made sure that these and entities may be
    seen.
    """
    if visit.sight.sees("relation_counts"):
        return f"{_STATEMENT}{_COUNTS}{_STATED}{_COUNTED}"
    return f"{_STATEMENT}{_STATED}"


async def statements_of(visit: Visit, entity: Any) -> list[Direction]:
    """Return what is stated of an entity, a row of ``entities``: as subject, then as object.

    The caller has made sure that the visitor may see relations and entities.
    """
    found = [await _direction(visit, entity, side) for side in ("subject", "object")]
    return [each for each in found if each.count]


async def _direction(visit: Visit, entity: Any, side: str) -> Direction:
    is_counted = visit.sight.sees("relation_counts")
    # The counts have an index that holds all that is asked for here.
    table, weight = (
        ("relation_counts", "sum(articles)") if is_counted else ("relations", "count(*)")
    )
    groups = await visit.rows(
        f"SELECT predicate, count(*) AS count FROM {table} WHERE {side}_id = ?"
        f" GROUP BY predicate ORDER BY {weight} DESC, predicate",
        entity["id"],
    )
    names = [row["predicate"] for row in groups[:PREDICATES]]
    listed = await _listed(visit, entity["id"], side, names) if names else {}
    predicates = [
        Predicate(name, row["count"], _rows_link(visit, entity, side, name), listed.get(name, []))
        for row in groups[: PREDICATES + NAMED]
        for name in [row["predicate"]]
    ]
    count = sum(row["count"] for row in groups)
    return Direction(side, count, predicates[:PREDICATES], predicates[PREDICATES:])


async def _listed(
    visit: Visit, entity: int, side: str, predicates: Iterable[str]
) -> dict[str, list[Any]]:
    """Return the first statements of each predicate."""
    is_counted = visit.sight.sees("relation_counts")
    table, number, order = (
        ("relation_counts", "relation_id", "articles DESC, relation_id DESC")
        if is_counted
        else ("relations", "id", "id")
    )
    chosen = " UNION ALL ".join(
        f"SELECT * FROM (SELECT {number} FROM {table} WHERE {side}_id = ?1"
        f" AND predicate = ?{nth} ORDER BY {order} LIMIT {LISTED})"
        for nth, _ in enumerate(predicates, start=2)
    )
    order = "relation_counts.articles DESC, relations.id DESC" if is_counted else "relations.id"
    found: dict[str, list[Any]] = {}
    for row in await visit.rows(
        f"{statement_query(visit)} WHERE relations.id IN ({chosen}) ORDER BY {order}",
        entity,
        *predicates,
    ):
        found.setdefault(row["predicate"], []).append(row)
    return found


def _rows_link(visit: Visit, entity: Any, side: str, predicate: str) -> str | None:
    if not visit.sight.sees("relation_index"):
        return None
    filters = {"_entity": entity["key"], "predicate": predicate, f"{side}_key": entity["key"]}
    return visit.links.rows("relation_index", None, **filters)
