"""Entities and relations: what their pages show."""

from __future__ import annotations

from typing import Any

from datasette_newsgraph.web.passages import after_of, read_passages
from datasette_newsgraph.web.visit import Visit

#: Relations listed on a page; the faceted view has all of them.
LISTED = 100

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
    ", relation_counts.articles, relation_counts.confidence, relation_counts.start_date,"
    " relation_counts.end_date, relation_counts.first_seen, relation_counts.last_seen"
)
_COUNTED = " LEFT JOIN relation_counts ON relation_counts.relation_id = relations.id"


#: The ids of the relations of an entity to be listed, from each side: names are read for these only.
_LISTED_BY_COUNT = " UNION ".join(
    f"SELECT * FROM (SELECT relation_id FROM relation_counts WHERE {side} = ?1"
    f" ORDER BY articles DESC LIMIT {LISTED + 1})"
    for side in ("subject_id", "object_id")
)
_LISTED = " UNION ".join(
    f"SELECT * FROM (SELECT id FROM relations WHERE {side} = ?1"
    f" ORDER BY predicate, key LIMIT {LISTED + 1})"
    for side in ("subject_id", "object_id")
)


def _select_statements(visit: Visit) -> str:
    """Return the SELECT of relations in words, with counts where they may be seen."""
    if visit.sight.sees("relation_counts"):
        return f"{_STATEMENT}{_COUNTS}{_STATED}{_COUNTED}"
    return f"{_STATEMENT}{_STATED}"


async def _relations(visit: Visit, entity_id: int) -> list[Any]:
    """Return the relations of an entity, those of most articles first, one more than are listed."""
    is_counted = visit.sight.sees("relation_counts")
    chosen = _LISTED_BY_COUNT if is_counted else _LISTED
    order = "relation_counts.articles DESC, " if is_counted else ""
    return await visit.rows(
        f"{_select_statements(visit)} WHERE relations.id IN ({chosen})"
        f" ORDER BY {order}relations.predicate, relations.key LIMIT {LISTED + 1}",
        entity_id,
    )


async def entity(visit: Visit, key: str) -> dict[str, Any]:
    """Return what the page of an entity shows. Raises NotFound, Forbidden."""
    visit.require("entities")
    sees = visit.sight.sees
    found = await visit.found(
        "There is no such entity", "SELECT * FROM entities WHERE key = ?", key
    )
    number = found["id"]
    context: dict[str, Any] = {
        "entity": found,
        "names": found["alias_text"].split("\n") if found["alias_text"] else [],
        "limit": LISTED,
    }
    if "identifiers" in visit.sight.readable:
        context["identifiers"] = [
            row[0]
            for row in await visit.rows(
                "SELECT DISTINCT iri FROM identifiers WHERE entity_id = ? ORDER BY iri", number
            )
        ]
    if sees("entity_counts"):
        context["counts"] = await visit.row(
            "SELECT * FROM entity_counts WHERE entity_id = ?", number
        )
    if sees("relations"):
        context["relations"] = await _relations(visit, number)
    if sees("mentions", "articles"):
        context["mentions"], context["next_mention"] = await read_passages(
            visit, "mentions", "spans.entity_id = ?", number, after_of(visit, "mention")
        )
    if sees("quotes", "articles"):
        context["quotes"], context["next_quote"] = await read_passages(
            visit, "quotes", "spans.speaker_id = ?", number, after_of(visit, "quote"), ", verb"
        )
    return context


async def relation(visit: Visit, key: str) -> dict[str, Any]:
    """Return what the page of a relation shows. Raises NotFound, Forbidden."""
    visit.require("relations", "entities")
    query = f"{_select_statements(visit)} WHERE relations.key = ?"
    found = await visit.found("There is no such relation", query, key)
    context: dict[str, Any] = {"relation": found}
    if visit.sight.sees("evidence", "articles"):
        context["evidence"], context["next_evidence"] = await read_passages(
            visit,
            "evidence",
            "spans.relation_id = ?",
            found["id"],
            after_of(visit, "evidence"),
            ", start_date, end_date",
        )
    return context
