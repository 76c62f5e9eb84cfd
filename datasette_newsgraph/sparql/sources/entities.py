"""Where in the tables the triples of entities stand that no column has as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from datasette_newsgraph import mapping
from datasette_newsgraph.sparql.facts import Facts, table_of
from datasette_newsgraph.sparql.forms import FORMER, IRI, NUMBERED, TERM, Form
from datasette_newsgraph.sparql.sources.source import (
    RDF_TYPE,
    WKT,
    Source,
    literal,
    quoted,
    string,
)


def entity_classes(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the classes of entities."""
    subject = Form(mapping.ENTITY.kind, ("{0}.id",))
    yield Source(
        iri,
        subject,
        Form(TERM, ("{1}.iri",)),
        ("entities AS {0}", f"{table_of('types')} AS {{1}}"),
        ("{1}.type = {0}.type",),
        row=True,
        of=partial(entities_of_class, facts),
    )


def entities_of_class(facts: Facts, class_: str) -> Source | None:
    """Return the source of entities of a class; None where there are none."""
    types = facts.types.get(class_)
    if not types:
        return None
    return Source(
        RDF_TYPE,
        Form(mapping.ENTITY.kind, ("{0}.id",)),
        Form(TERM, (quoted(class_),)),
        ("entities AS {0}",),
        (f"{{0}}.type IN ({', '.join(map(quoted, types))})",),
        row=True,
        class_=class_,
    )


def aliases(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the other names of entities."""
    table = table_of("aliases")
    subject = Form(mapping.ENTITY.kind, ("{0}.entity_id",))
    near = Source(
        iri,
        Form(mapping.ENTITY.kind, ("{s0}",)),
        string("{0}.value"),
        (
            "json_each(newsgraph_lines((SELECT of_one.alias_text FROM entities AS of_one"
            " WHERE of_one.id = {s0}))) AS {0}",
        ),
    )
    yield Source(iri, subject, string("{0}.name"), (f"{table} AS {{0}}",), near=near)


def same_as(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of what entities are elsewhere."""
    if not facts.decided.is_any:
        yield from _identifiers(facts, iri)
    else:
        yield from _identity(facts, iri, "same_as", Form(IRI, ("{0}.value",)))


def same_things(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of what entities surely are elsewhere."""
    if facts.decided.is_any:
        yield from _identity(facts, iri, "same_things", Form(IRI, ("{0}.value",)))
        return
    for each in _identifiers(facts, iri):
        follows = (
            "(SELECT newsgraph_follows(owner.key, {0}.iri) FROM entities AS owner"
            " WHERE owner.id = {0}.entity_id)"
        )
        only = (
            "NOT EXISTS (SELECT 1 FROM identifiers AS more WHERE"
            " more.entity_id = {0}.entity_id AND more.iri <> {0}.iri)"
        )
        where = (*each.where, "newsgraph_names_thing({0}.iri)", f"({only} OR {follows})")
        yield replace(each, where=where)


def _identifiers(facts: Facts, iri: str) -> Iterator[Source]:
    if facts.rows.may_read("identifiers"):
        yield Source(
            iri,
            Form(mapping.ENTITY.kind, ("{0}.entity_id",)),
            Form(IRI, ("{0}.iri",)),
            ("identifiers AS {0}",),
            (
                "NOT EXISTS (SELECT 1 FROM identifiers AS same WHERE"
                " same.entity_id = {0}.entity_id AND same.iri = {0}.iri AND same.id < {0}.id)",
            ),
        )


def _identity(facts: Facts, iri: str, column: str, found: Form) -> Iterator[Source]:
    table = table_of("identities")
    yield Source(
        iri,
        Form(mapping.ENTITY.kind, ("{0}.entity_id",)),
        found,
        (f"{table} AS {{0}}",),
        (f"{{0}}.column = '{column}'",),
    )


def different(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of what entities are not."""
    if facts.decided.is_any:
        found = Form(mapping.ENTITY.kind, ("{1}.id",))
        for each in _identity(facts, iri, "different", found):
            yield replace(
                each,
                rows=(*each.rows, "entities AS {1}"),
                where=(*each.where, "{1}.key = {0}.value"),
            )


def former(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of what entities were before."""
    if facts.decided.is_any:
        ids = quoted(facts.ids + NUMBERED[mapping.ENTITY.kind].before)
        for each in _identity(facts, iri, "former", Form(FORMER, (f"({ids} || {{0}}.value)",))):
            yield replace(each, subject=each.object, object=each.subject)


def geometry(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the geometries of places."""
    yield Source(
        iri,
        Form(mapping.ENTITY.kind, ("{0}.id",)),
        Form(mapping.GEOMETRY.kind, ("{0}.id",)),
        ("entities AS {0}",),
        ("{0}.latitude IS NOT NULL", "{0}.longitude IS NOT NULL"),
        row=True,
    )


def wkt(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield the sources of the points of geometries."""
    form = literal("newsgraph_point({0}.latitude, {0}.longitude)", WKT)
    yield Source(
        iri,
        Form(mapping.GEOMETRY.kind, ("{0}.id",)),
        form,
        ("entities AS {0}",),
        (form.is_known,),
        row=True,
    )
