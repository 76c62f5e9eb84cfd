"""Which statements are asserted by a plain triple, and by which articles."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from datasette_newsgraph.rdf.graph_rows import IN_ARTICLES, GraphRows
from datasette_newsgraph.rdf.groups import Groups
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.store.asserting import RATED

_first: Any = itemgetter(0)
#: What has to be read so that a statement can stand in the graph of an article.
_STATING = ("articles", "entities", "relations", "evidence")
#: The predicate, and the object as ``written_object`` takes it.
_STATEMENT = "relations.predicate, objects.key, relations.value, datatype"
_WITH_OBJECTS = " LEFT JOIN entities AS objects ON objects.id = relations.object_id"


def asserted(rows: GraphRows, part: Part, assert_from: float, *, in_graphs: bool) -> Groups:
    """Return the relations of entities that evidence asserts from this confidence on; all where nothing
    may be read of their evidence.

    A row is the number of the subject, the predicate, and the object as ``written_object`` takes it.
    ``in_graphs``: only those that no evidence asserts of the articles that are written.
    """
    if not rows.may_read("relations"):
        return Groups((), _first)
    conditions, values = rows.chosen_of("relations")
    joined = "entities CROSS JOIN relations ON relations.subject_id = entities.id"
    if rows.selection is not None:
        # An entity may have very many relations of which few are written: these lead to it.
        joined = "relations CROSS JOIN entities ON entities.id = relations.subject_id"
        conditions = [each.removeprefix("+") for each in conditions]
    joined += _WITH_OBJECTS
    joined = _counted(rows, joined, assert_from, conditions, values)
    if in_graphs and rows.may_read(*_STATING):
        stating, chosen = rows.chosen_of("evidence")
        stating += ["evidence.relation_id = relations.id", f"{RATED} >= ?"]
        conditions.append(
            "NOT EXISTS (SELECT 1 FROM evidence JOIN articles ON articles.id = evidence.article_id"
            f" WHERE {' AND '.join(stating)})"
        )
        values += [*chosen, assert_from]
    cursor = rows.in_key_order(
        f"entities.id, {_STATEMENT}", joined, "entities", part, conditions, values
    )
    return Groups(rows.checked(cursor, [(2, False)], ["entities"]), _first)


def stated(rows: GraphRows, part: Part, assert_from: float) -> Groups:
    """Return the relations that evidence of articles asserts from this confidence on.

    A row is the number of the article, the key of the subject, the predicate and the object as above.
    """
    if not rows.may_read(*_STATING):
        return Groups((), _first)
    joined = (
        IN_ARTICLES.format("evidence")
        + " CROSS JOIN relations ON relations.id = evidence.relation_id"
        " CROSS JOIN entities AS subjects ON subjects.id = relations.subject_id" + _WITH_OBJECTS
    )
    conditions, values = rows.chosen_of("evidence")
    joined = _counted(rows, joined, assert_from, conditions, values)
    conditions.append(f"{RATED} >= ?")
    values.append(assert_from)
    columns = f"articles.id, subjects.key, {_STATEMENT}"
    cursor = rows.in_key_order(columns, joined, "articles", part, conditions, values)
    return Groups(rows.checked(cursor, [(1, True), (3, False)], ["entities"]), _first)


def _counted(
    rows: GraphRows, joined: str, assert_from: float, conditions: list[str], values: list[Any]
) -> str:
    """Leave out relations that no evidence asserts, as far as that may be read."""
    if not rows.may_read("relation_counts"):
        return joined
    conditions.append("(relation_counts.relation_id IS NULL OR asserted_up_to >= ?)")
    values.append(assert_from)
    return f"{joined} LEFT JOIN relation_counts ON relation_counts.relation_id = relations.id"
