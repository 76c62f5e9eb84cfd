"""Where in the tables the plain triples of relations stand: those that evidence asserts, each once."""

from __future__ import annotations

from datasette_newsgraph import mapping
from datasette_newsgraph.sparql.facts import Facts, table_of
from datasette_newsgraph.sparql.forms import Form
from datasette_newsgraph.sparql.sources.relations import OBJECTS_OF_RELATIONS, kind_of
from datasette_newsgraph.sparql.sources.source import Source, quoted


def stated(facts: Facts, iri: str) -> list[Source]:
    """Return the plain triples of relations with one predicate."""
    by_kind = facts.labels[iri]
    relations = "relations AS {0}"
    subject = Form(mapping.ENTITY.kind, ("{0}.subject_id",))
    asserted = _asserted(facts, "{0}", "counted")
    found = []
    for form, condition, kinds, same in OBJECTS_OF_RELATIONS:
        labels: dict[str, list[str]] = {
            kind: each for kind, each in by_kind.items() if kind in kinds
        }
        where = _labelled(labels, len(kinds))
        if where is None:
            continue
        conditions = (condition, where, *asserted)
        if len({label for each in labels.values() for label in each}) > 1 or len(kinds) > 1:
            conditions = (*conditions, _first(facts, condition, where, same))
        found.append(Source(iri, subject, form, (relations,), conditions))
    return found


def statements(facts: Facts, overlapping: set[str]) -> list[Source]:
    """Return the plain triples of relations whatever their predicate is, but for some."""
    table = table_of("predicates")
    asserted = _asserted(facts, "{0}", "counted")
    subject = Form(mapping.ENTITY.kind, ("{0}.subject_id",))
    left_out = ", ".join(map(quoted, sorted(overlapping)))
    labels = [kinds for by_kind in facts.labels.values() for kinds in by_kind.values()]
    several = any(len(each) > 1 for each in labels)
    found = []
    for form, condition, kinds, same in OBJECTS_OF_RELATIONS:
        where = [condition, *asserted, kind_of("{0}", "{1}")]
        if left_out:
            where.append(f"{{1}}.iri NOT IN ({left_out})")
        if several or len(kinds) > 1:
            asserted_too = _asserted(facts, "other", "counted_too")
            other = " AND ".join(
                each.replace("{0}", "other").replace("{1}", "named")
                for each in (condition, *asserted_too, kind_of("{0}", "{1}"))
            )
            where.append(
                f"NOT EXISTS (SELECT 1 FROM relations AS other, {table} AS named"
                " WHERE other.id < {0}.id AND other.subject_id = {0}.subject_id"
                f" AND named.iri = {{1}}.iri AND {same} AND {other})"
            )
        found.append(
            Source(
                None,
                subject,
                form,
                ("relations AS {0}", f"{table} AS {{1}}"),
                tuple(where),
                "{1}.iri",
            )
        )
    return found


def _asserted(facts: Facts, alias: str, counts: str) -> tuple[str, ...]:
    """Return the conditions of relations that are asserted, as far as that may be read."""
    if not facts.rows.may_read("relation_counts"):
        return ()
    return (
        f"NOT EXISTS (SELECT 1 FROM relation_counts AS {counts} WHERE"
        f" {counts}.relation_id = {alias}.id AND {counts}.asserted_up_to < {facts.assert_from!r})",
    )


def _first(facts: Facts, condition: str, where: str, same: str) -> str:
    """Return the condition that no relation before this one states the same triple."""
    asserted = _asserted(facts, "other", "counted_too")
    others = " AND ".join(each.replace("{0}", "other") for each in (condition, where, *asserted))
    return (
        "NOT EXISTS (SELECT 1 FROM relations AS other WHERE other.id < {0}.id"
        f" AND other.subject_id = {{0}}.subject_id AND {same} AND {others})"
    )


def _labelled(labels: dict[str, list[str]], count: int) -> str | None:
    """Return the condition for relations of some predicates by the kind of their object."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for kind, found in labels.items():
        if found:
            groups.setdefault(tuple(sorted(found)), []).append(kind)
    if not groups:
        return None
    ways = []
    for names, kinds in groups.items():
        listed = ", ".join(map(quoted, names))
        way = f"{{0}}.predicate IN ({listed})"
        if len(kinds) < count:
            listed_kinds = ", ".join(map(quoted, kinds))
            way += f" AND coalesce({{0}}.datatype, 'string') IN ({listed_kinds})"
        ways.append(way)
    return ways[0] if len(ways) == 1 else f"({' OR '.join(f'({way})' for way in ways)})"
