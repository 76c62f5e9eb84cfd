"""Where in the tables the triples of relations stand that no column has as it is."""

from __future__ import annotations

from collections.abc import Iterator

from datasette_newsgraph import mapping
from datasette_newsgraph.sparql.facts import Facts, table_of
from datasette_newsgraph.sparql.forms import FORMER, IRI, NUMBERED, TERM, Form
from datasette_newsgraph.sparql.sources.source import Source, literal, quoted, string

_OBJECT_TYPE = "newsgraph_value_type(coalesce({0}.value, ''), {0}.datatype)"
#: What the objects of relations are: their form, the condition, the kinds of objects, and when another
#: relation, ``other``, has the same.
OBJECTS_OF_RELATIONS: tuple[tuple[Form, str, tuple[str, ...], str], ...] = (
    (
        Form(mapping.ENTITY.kind, ("{0}.object_id",)),
        "{0}.object_id IS NOT NULL",
        ("entity",),
        "other.object_id = {0}.object_id",
    ),
    (
        Form(IRI, ("{0}.value",)),
        "{0}.object_id IS NULL AND {0}.datatype = 'IRI'",
        ("IRI",),
        "other.value = {0}.value",
    ),
    (
        literal("coalesce({0}.value, '')", _OBJECT_TYPE),
        "{0}.object_id IS NULL AND {0}.datatype IS NOT 'IRI'",
        ("string", "date", "number", "boolean"),
        "coalesce(other.value, '') = coalesce({0}.value, '')"
        " AND newsgraph_value_type(coalesce(other.value, ''), other.datatype) = " + _OBJECT_TYPE,
    ),
)


def predicates(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the predicates of relations."""
    table = table_of("predicates")
    yield Source(
        iri,
        Form(mapping.RELATION.kind, ("{0}.id",)),
        Form(TERM, ("{1}.iri",)),
        ("relations AS {0}", f"{table} AS {{1}}"),
        (kind_of("{0}", "{1}"),),
        row=True,
    )


def relation_labels(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of relations in words."""
    name = "(SELECT named.name FROM entities AS named WHERE named.id = {0}.%s)"
    label = (
        f"({name % 'subject_id'} || ' ' || {{0}}.predicate || ' ' ||"
        f" coalesce({name % 'object_id'}, {{0}}.value, 'None'))"
    )
    yield Source(
        iri,
        Form(mapping.RELATION.kind, ("{0}.id",)),
        string(label),
        ("relations AS {0}",),
        row=True,
    )


def objects(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the objects of relations."""
    for form, condition, _, _ in OBJECTS_OF_RELATIONS:
        yield Source(
            iri,
            Form(mapping.RELATION.kind, ("{0}.id",)),
            form,
            ("relations AS {0}",),
            (condition,),
            row=True,
        )


def former_relations(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of what relations were before."""
    if facts.decided.is_any:
        ids = quoted(facts.ids + NUMBERED[mapping.RELATION.kind].before)
        table = table_of("former_relations")
        yield Source(
            iri,
            Form(FORMER, (f"({ids} || {{0}}.key)",)),
            Form(mapping.RELATION.kind, ("{0}.relation_id",)),
            (f"{table} AS {{0}}",),
        )


def kind_of(relation: str, predicate: str) -> str:
    """Return the condition that a row of the table of predicates is that of a relation."""
    return (
        f"{predicate}.label = {relation}.predicate AND {predicate}.kind = CASE WHEN"
        f" {relation}.object_id IS NOT NULL THEN 'entity'"
        f" ELSE coalesce({relation}.datatype, 'string') END"
    )
