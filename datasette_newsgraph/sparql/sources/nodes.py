"""Where in the tables the triples of the mapping's nodes stand.

Most follow from the mapping alone. Properties whose column SQL does not read have ways of their own, by
kind of node and column: one that is forgotten is an AssertionError as soon as sources are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from datasette_newsgraph import mapping
from datasette_newsgraph.mapping import Node, Property, Ref, Value
from datasette_newsgraph.mapping.profiles import FULL, led_to
from datasette_newsgraph.sparql.facts import Facts, table_of
from datasette_newsgraph.sparql.forms import KEYED, NUMBERED, SPAN, TERM, Form
from datasette_newsgraph.sparql.sources import articles, entities, relations, spans
from datasette_newsgraph.sparql.sources.source import (
    COUNT,
    OBJECTS,
    PLACE,
    RDF_TYPE,
    Source,
    literal,
    quoted,
)
from datasette_newsgraph.vocabulary import expand

_JOINED = re.compile(r"JOIN (\w+)(?: AS (\w+))? ON (\w+)\.(\w+) = ((?:\w+\.)?\w+)")
_NAME = re.compile(r"\b(\w+)\.(?=\w)")


#: What has to be read so that there are nodes of a kind; those that name people are in no graph unless
#: asked for, and in none that is asked.
NEEDS: dict[str, tuple[str, ...]] = {
    mapping.EXTRACTION.kind: ("extractions",),
    mapping.AGENT.kind: ("extractions",),
    mapping.ENTITY.kind: ("entities",),
    mapping.GEOMETRY.kind: ("entities",),
    mapping.RELATION.kind: ("relations", "entities"),
    mapping.PUBLISHER.kind: ("articles",),
    mapping.AUTHOR.kind: ("articles",),
    mapping.ARTICLE.kind: ("articles",),
    mapping.TEXT.kind: ("articles",),
    mapping.ZONE.kind: ("articles",),
    mapping.SPAN.kind: ("articles",),
    mapping.MENTION.kind: ("articles", "mentions", "entities"),
    mapping.EVIDENCE.kind: ("articles", "evidence", "entities"),
    mapping.QUOTE.kind: ("articles", "quotes", "entities"),
}


_ANNOTATED = (mapping.MENTION.kind, mapping.EVIDENCE.kind, mapping.QUOTE.kind)


def of_node(facts: Facts, node: Node) -> Iterator[Source]:
    """Yield the sources of the triples of a kind of node."""
    if not facts.rows.may_read(*NEEDS[node.kind]):
        return
    subject = _subject(facts, node)
    if subject is not None:
        for name in node.classes:
            yield _class(subject, expand(name, ""))
    for each in node.properties:
        iri = expand(each.term, "") if each.term else ""
        special = _SPECIAL.get((node.kind, each.column or each.term))
        if special is not None:
            yield from special(facts, iri)
            continue
        assert subject is not None, (node.kind, each.term)
        if each.column is None or not node.columns.get(each.column):
            yield from _following(node, each, replace(subject, predicate=iri))
        else:
            yield from _column(facts, node, each, replace(subject, predicate=iri))


def _subject(facts: Facts, node: Node) -> Source | None:
    """Return the rows of a node as a source without objects; None for one with ways of its own."""
    nothing = Form(TERM, ("NULL",))
    if node.kind in NUMBERED:
        table = NUMBERED[node.kind].table
        where = ("{0}.latitude IS NOT NULL", "{0}.longitude IS NOT NULL")
        return Source(
            None,
            Form(node.kind, ("{0}.id",)),
            nothing,
            (f"{table} AS {{0}}",),
            where if node.kind == mapping.GEOMETRY.kind else (),
            row=True,
        )
    if node.kind in KEYED:
        names = {mapping.PUBLISHER.kind: "publishers", mapping.AUTHOR.kind: "authors"}
        table = table_of(names[node.kind])
        return Source(
            None, Form(node.kind, ("{0}.key",)), nothing, (f"{table} AS {{0}}",), row=True
        )
    if node is FULL.nodes[SPAN]:
        return Source(None, Form(SPAN, PLACE), nothing, (f"{spans.places(facts)} AS {{0}}",))
    return None


def _class(subject: Source, iri: str) -> Source:
    return replace(
        subject,
        predicate=RDF_TYPE,
        object=Form(TERM, (quoted(iri),)),
        class_=iri,
        held=not subject.where,
    )


def _following(node: Node, each: Property, subject: Source) -> Iterator[Source]:
    """Yield the sources of a property that follows from the node itself."""
    assert isinstance(each.value, Ref), each
    kind = led_to(each.value)
    if "{_fragment}" in each.value.path:
        yield from _target(node, subject)
        return
    if node.kind in _ANNOTATED:
        found = Form(mapping.ARTICLE.kind, ("{0}.article_id",))
        yield replace(subject, object=found)
        return
    assert kind in NUMBERED, (node.kind, kind)
    # The same row, by its number.
    yield replace(subject, object=Form(kind, ("{s0}",)), held=True)


def _target(node: Node, subject: Source) -> Iterator[Source]:
    words = "{0}.surface" if node.kind == mapping.MENTION.kind else None
    place = Form(SPAN, PLACE, words=words)
    yield replace(subject, object=place, where=("{0}.start_char IS NOT NULL",))
    text = Form(mapping.TEXT.kind, ("{0}.article_id",))
    yield replace(subject, object=text, where=("{0}.start_char IS NULL",))


def _column(facts: Facts, node: Node, each: Property, subject: Source) -> Iterator[Source]:
    """Yield the sources of a property that a column of SQL has."""
    sql = node.columns[each.column or ""] or ""
    if each.with_text:
        return
    own = NUMBERED[node.kind].table
    if isinstance(each.value, Ref):
        kind = led_to(each.value)
        assert kind is not None
        number, table = _number_of(node, sql.partition(".")[0])
        if not facts.rows.may_read(table):
            return
        form = Form(kind, (_renamed(number, own),))
        yield replace(subject, object=form, where=(*subject.where, form.is_known))
        return
    table = (_NAME.findall(sql) or [own])[0]
    if table == "article_texts":
        if not facts.rows.may_read(table):
            return
        subject = replace(
            subject,
            subject=Form(node.kind, ("{0}.article_id",)),
            rows=("article_texts AS {0}",),
            row=False,
        )
        own = table
    if each.value is Value.COUNT and not _NAME.findall(sql):
        found = literal(f"'{sql}'", COUNT, number=sql)
        yield replace(subject, object=found, held=True)
        return
    assert isinstance(each.value, Value), each
    assert not each.many, each
    for form, condition in OBJECTS[each.value](_renamed(sql, own)):
        where = (*subject.where, *filter(None, (condition,)), form.is_known)
        yield replace(subject, object=form, where=where)


def _nothing(facts: Facts, iri: str) -> Iterator[Source]:
    """Yield nothing: another node has the triples, too."""
    return iter(())


_SPECIAL: dict[tuple[str, str], Callable[[Facts, str], Iterator[Source]]] = {
    (mapping.ENTITY.kind, "classes"): entities.entity_classes,
    (mapping.ENTITY.kind, "aliases"): entities.aliases,
    (mapping.ENTITY.kind, "same_as"): entities.same_as,
    (mapping.ENTITY.kind, "same_things"): entities.same_things,
    (mapping.ENTITY.kind, "different"): entities.different,
    (mapping.ENTITY.kind, "former"): entities.former,
    (mapping.ENTITY.kind, "wkt"): entities.geometry,
    # Whatever the predicate: see ``Sources.all`` and ``Sources.of``.
    (mapping.ENTITY.kind, "statements"): _nothing,
    (mapping.GEOMETRY.kind, "wkt"): entities.wkt,
    (mapping.RELATION.kind, "predicate"): relations.predicates,
    (mapping.RELATION.kind, "label"): relations.relation_labels,
    (mapping.RELATION.kind, "object_key"): relations.objects,
    (mapping.RELATION.kind, "former"): relations.former_relations,
    (mapping.ARTICLE.kind, "publisher_key"): articles.publisher,
    (mapping.ARTICLE.kind, "author_keys"): articles.authors,
    (mapping.ARTICLE.kind, "sections"): articles.sections,
    (mapping.ARTICLE.kind, "entity_keys"): articles.named,
    (mapping.TEXT.kind, "source_url"): articles.source_url,
    (mapping.PUBLISHER.kind, "name"): articles.publisher_names,
    (mapping.AUTHOR.kind, "name"): articles.author_names,
    (mapping.AUTHOR.kind, "classes"): articles.author_classes,
    (mapping.SPAN.kind, "start"): spans.start,
    (mapping.SPAN.kind, "end"): spans.end,
    (mapping.SPAN.kind, "surface"): spans.words,
    (mapping.SPAN.kind, "nif:referenceContext"): spans.context,
    (mapping.ZONE.kind, "classes"): spans.zones,
    (mapping.ZONE.kind, "start"): _nothing,
    (mapping.ZONE.kind, "end"): _nothing,
    (mapping.ZONE.kind, "surface"): _nothing,
    (mapping.ZONE.kind, "nif:referenceContext"): _nothing,
}


def _renamed(sql: str, table: str) -> str:
    """Return the SQL of a column with the first table of a source in place of its own name."""
    return _NAME.sub(lambda found: "{0}." if found[1] == table else found[0], sql)


def _number_of(node: Node, alias: str) -> tuple[str, str]:
    """Return the column with the number of a row that another table of a node has, and that table."""
    own = node.rows.split()[0]
    for table, name, left, _, number in _JOINED.findall(node.rows):
        if (name or table) == alias == left:
            return (number if "." in number else f"{own}.{number}"), table
    raise KeyError(f"{node.kind}: {alias}")
