"""The triples of the graph as SQL: for each property of the mapping where its subjects and objects stand.

Most follow from the mapping alone. Properties whose column SQL does not read are written down here, by
kind of node and column: one that is forgotten is a KeyError as soon as sources are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from datasette_newsgraph import mapping
from datasette_newsgraph.mapping import Node, Property, Ref, Value
from datasette_newsgraph.mapping.profiles import FULL, led_to
from datasette_newsgraph.sparql.facts import Facts, table_of
from datasette_newsgraph.sparql.forms import (
    FORMER,
    IRI,
    KEYED,
    LITERAL,
    NUMBERED,
    SPAN,
    Form,
)
from datasette_newsgraph.vocabulary import expand

RDF_TYPE = expand("rdf:type", "")
_JOINED = re.compile(r"JOIN (\w+)(?: AS (\w+))? ON (\w+)\.(\w+) = ((?:\w+\.)?\w+)")
_NAME = re.compile(r"\b(\w+)\.(?=\w)")


@dataclass(frozen=True)
class Source:
    """Triples of one kind, each once: how their subjects, predicate and objects stand in rows.

    ``rows`` are tables, as ``{0}``, ``{1}`` … in the forms and conditions. ``predicate`` is an IRI, or
    None where ``predicate_sql`` reads it. ``row``: the first table has a row for each subject, which
    others of its properties may share. ``held``: the object follows from the form of the subject, in
    which its expressions are ``{s0}``, ``{s1}`` …. ``words``: the object is the words of a span, which its
    form may hold. ``class_``: the IRI that all objects are. ``near``: the same
    triples for a subject that is known, whose expressions are ``{s0}`` … in rows and conditions, too. ``of``: those
    with one object, by its IRI; None where there are none.
    """

    predicate: str | None
    subject: Form
    object: Form
    rows: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    predicate_sql: str | None = None
    row: bool = False
    held: bool = False
    words: bool = False
    class_: str | None = None
    near: Source | None = None
    of: Callable[[str], Source | None] | None = None


def literal(
    value: str, datatype: str = "''", language: str = "''", number: str | None = None
) -> Form:
    """Return the form of a literal by its SQL."""
    return Form(LITERAL, (value, datatype, language), number, is_exact=number is not None)


def quoted(text: str) -> str:
    """Return a constant as SQL for the templates of sources, in which braces are doubled."""
    return "'" + text.replace("'", "''").replace("{", "{{").replace("}", "}}") + "'"


_COUNT = quoted(expand("xsd:nonNegativeInteger", ""))
_DOUBLE = quoted(expand("xsd:double", ""))
_BOOLEAN = quoted(expand("xsd:boolean", ""))
_WKT = quoted(expand("geo:wktLiteral", ""))


def _string(sql: str) -> Form:
    return literal(sql)


def _date(sql: str) -> Form:
    return literal(sql, f"newsgraph_date_type({sql})")


#: The forms of the objects of columns, by what these hold; each may be several, of one kind each, with
#: the condition of its own.
_OBJECTS: dict[Value, Callable[[str], list[tuple[Form, str]]]] = {
    Value.STRING: lambda sql: [(_string(sql), "")],
    Value.CODE: lambda sql: [(_string(sql), "")],
    Value.TEXT: lambda sql: [
        (literal(sql, "''", "newsgraph_language({0}.language)"), ""),
    ],
    Value.DATE: lambda sql: [(_date(sql), "")],
    Value.DOUBLE: lambda sql: [(literal(f"newsgraph_double({sql})", _DOUBLE, number=sql), "")],
    Value.COUNT: lambda sql: [(literal(f"CAST({sql} AS TEXT)", _COUNT, number=sql), "")],
    Value.BOOLEAN: lambda sql: [
        (
            literal(
                f"CASE WHEN {sql} IS NOT NULL THEN CASE WHEN {sql} THEN 'true' ELSE 'false' END END",
                _BOOLEAN,
            ),
            "",
        )
    ],
    Value.WKT: lambda sql: [(literal(sql, _WKT), "")],
    Value.IRI: lambda sql: [(Form(IRI, (sql,)), "")],
    Value.IRI_OR_STRING: lambda sql: [
        (Form(IRI, (f"newsgraph_address({sql})",)), ""),
        (_string(sql), f"newsgraph_address({sql}) IS NULL"),
    ],
}


class Sources:
    """The sources of one graph, of the tables that may be read; ``base`` is that of its IRIs."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.may_read = facts.rows.may_read

    @cached_property
    def all(self) -> tuple[Source, ...]:
        """Return all sources: together they have each triple of the graph once."""
        overlapping = self._overlapping()
        found = [each for each in self._own if each.predicate not in overlapping]
        if self.may_read("relations", "entities"):
            found += self._statements(overlapping)
        for iri in sorted(overlapping):
            found += self.of(iri)
        return tuple(found)

    def of(self, iri: str) -> list[Source]:
        """Return the sources of the triples of one predicate."""
        found = [each for each in self._own if each.predicate == iri]
        if self.may_read("relations", "entities") and iri in self.facts.labels:
            stated = self._stated(iri)
            return _united(found, stated)
        return found

    @cached_property
    def _own(self) -> list[Source]:
        nodes = [each for each in FULL.nodes.values() if each.kind in _NEEDS]
        return [*(each for node in nodes for each in self._of_node(node)), *self._of_terms()]

    def _overlapping(self) -> set[str]:
        """Return the predicates of statements that entities have by their own columns, too."""
        kind = mapping.ENTITY.kind
        of_entities = {each.predicate for each in self._own if each.subject.kind == kind}
        return {iri for iri in self.facts.labels if iri in of_entities}

    # What labels stand for.

    def _of_terms(self) -> Iterator[Source]:
        table = (_TEMPORARY.format(table_of("terms")),)
        subject = Form(IRI, ("{0}.iri",))
        yield Source(RDF_TYPE, subject, Form(IRI, (_class_of_term(self.facts),)), table)
        yield Source(expand("rdfs:label", ""), subject, _string("{0}.label"), table)

    # What relations assert.

    def _asserted(self, alias: str, counts: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the tables beside relations, and the conditions, of those that are asserted."""
        if not self.may_read("relation_counts"):
            return (), ()
        return (), (
            f"NOT EXISTS (SELECT 1 FROM relation_counts AS {counts} WHERE"
            f" {counts}.relation_id = {alias}.id AND {counts}.asserted_up_to < {self.facts.assert_from!r})",
        )

    def _stated(self, iri: str) -> list[Source]:
        """Return the plain triples of relations with one predicate."""
        by_kind = self.facts.labels[iri]
        relations = "relations AS {0}"
        subject = Form(mapping.ENTITY.kind, ("{0}.subject_id",))
        _, asserted = self._asserted("{0}", "counted")
        found = []
        for form, condition, kinds, same in _OBJECTS_OF_RELATIONS:
            labels: dict[str, list[str]] = {
                kind: found_ for kind, found_ in by_kind.items() if kind in kinds
            }
            where = self._labelled("{0}", labels, len(kinds))
            if where is None:
                continue
            conditions = (condition, where, *asserted)
            if len({label for each in labels.values() for label in each}) > 1 or len(kinds) > 1:
                conditions = (*conditions, self._first(condition, where, same, labels))
            found.append(Source(iri, subject, form, (relations,), conditions))
        return found

    def _first(self, condition: str, where: str, same: str, labels: object) -> str:
        """Return the condition that no relation before this one states the same triple."""
        _, asserted = self._asserted("other", "counted_too")
        others = " AND ".join(
            each.replace("{0}", "other") for each in (condition, where, *asserted)
        )
        return (
            "NOT EXISTS (SELECT 1 FROM relations AS other WHERE other.id < {0}.id"
            f" AND other.subject_id = {{0}}.subject_id AND {same} AND {others})"
        )

    def _labelled(self, alias: str, labels: dict[str, list[str]], count: int) -> str | None:
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
            way = f"{alias}.predicate IN ({listed})"
            if len(kinds) < count:
                listed_kinds = ", ".join(map(quoted, kinds))
                way += f" AND coalesce({alias}.datatype, 'string') IN ({listed_kinds})"
            ways.append(way)
        return ways[0] if len(ways) == 1 else f"({' OR '.join(f'({way})' for way in ways)})"

    def _statements(self, overlapping: set[str]) -> list[Source]:
        """Return the plain triples of relations whatever their predicate is, but for some."""
        table = table_of("predicates")
        _, asserted = self._asserted("{0}", "counted")
        subject = Form(mapping.ENTITY.kind, ("{0}.subject_id",))
        left_out = ", ".join(map(quoted, sorted(overlapping)))
        labels = [kinds for by_kind in self.facts.labels.values() for kinds in by_kind.values()]
        several = any(len(each) > 1 for each in labels)
        found = []
        for form, condition, kinds, same in _OBJECTS_OF_RELATIONS:
            where = [condition, *asserted, _kind_of("{0}", "{1}")]
            if left_out:
                where.append(f"{{1}}.iri NOT IN ({left_out})")
            if several or len(kinds) > 1:
                _, asserted_too = self._asserted("other", "counted_too")
                other = " AND ".join(
                    each.replace("{0}", "other").replace("{1}", "named")
                    for each in (condition, *asserted_too, _kind_of("{0}", "{1}"))
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

    # What the mapping's nodes have.

    def _of_node(self, node: Node) -> Iterator[Source]:
        if not self.may_read(*_NEEDS[node.kind]):
            return
        subject = self._subject(node)
        if subject is not None:
            for name in node.classes:
                yield from self._class(node, subject, expand(name, ""))
        for each in node.properties:
            iri = expand(each.term, "") if each.term else ""
            special = _SPECIAL.get((node.kind, each.column or each.term))
            if special is not None:
                yield from special(self, iri)
            elif each.column is None or not node.columns.get(each.column):
                yield from self._following(node, each, iri)
            else:
                yield from self._column(node, each, iri)

    def _subject(self, node: Node) -> Source | None:
        """Return the rows of a node as a source without objects; None for one with ways of its own."""
        nothing = Form(IRI, ("NULL",))
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
            return Source(None, Form(SPAN, _PLACE), nothing, (f"{self._places} AS {{0}}",))
        return None

    def _class(self, node: Node, subject: Source, iri: str) -> Iterator[Source]:
        yield replace(
            subject,
            predicate=RDF_TYPE,
            object=Form(IRI, (quoted(iri),)),
            class_=iri,
            held=not subject.where,
        )

    def _following(self, node: Node, each: Property, iri: str) -> Iterator[Source]:
        """Yield the sources of a property that follows from the node itself."""
        subject = self._subject(node)
        assert subject is not None, node.kind
        assert isinstance(each.value, Ref), each
        kind = led_to(each.value)
        if "{_fragment}" in each.value.path:
            yield from self._target(node, iri)
            return
        if node.kind in _ANNOTATED:
            found = Form(mapping.ARTICLE.kind, ("{0}.article_id",))
            yield replace(subject, predicate=iri, object=found)
            return
        assert kind in NUMBERED, (node.kind, kind)
        # The same row, by its number.
        yield replace(
            subject,
            predicate=iri,
            object=Form(kind, ("{s0}",)),
            held=True,
        )

    def _target(self, node: Node, iri: str) -> Iterator[Source]:
        subject = self._subject(node)
        assert subject is not None
        place = Form(
            SPAN,
            ("{0}.article_id", "{0}.start_char", "{0}.end_char"),
            words="{0}.surface" if node.kind == mapping.MENTION.kind else None,
        )
        yield replace(subject, predicate=iri, object=place, where=("{0}.start_char IS NOT NULL",))
        text = Form(mapping.TEXT.kind, ("{0}.article_id",))
        yield replace(subject, predicate=iri, object=text, where=("{0}.start_char IS NULL",))

    def _column(self, node: Node, each: Property, iri: str) -> Iterator[Source]:
        """Yield the sources of a property that a column of SQL has."""
        sql = node.columns[each.column or ""] or ""
        if each.with_text:
            return
        own = NUMBERED[node.kind].table
        subject = self._subject(node)
        assert subject is not None, node.kind
        if isinstance(each.value, Ref):
            kind = led_to(each.value)
            assert kind is not None
            number, table = _number_of(node, sql.partition(".")[0])
            if not self.may_read(table):
                return
            form = Form(kind, (_renamed(number, own),))
            yield replace(
                subject, predicate=iri, object=form, where=(*subject.where, form.is_known)
            )
            return
        table = (_NAME.findall(sql) or [own])[0]
        if table == "article_texts":
            if not self.may_read(table):
                return
            subject = replace(
                subject,
                subject=Form(node.kind, ("{0}.article_id",)),
                rows=("article_texts AS {0}",),
                row=False,
            )
            own = table
        if each.value is Value.COUNT and not _NAME.findall(sql):
            yield replace(subject, predicate=iri, object=_constant_count(sql), held=True)
            return
        assert isinstance(each.value, Value) and not each.many, each
        for form, condition in _OBJECTS[each.value](_renamed(sql, own)):
            where = (*subject.where, *filter(None, (condition,)), form.is_known)
            yield replace(subject, predicate=iri, object=form, where=where)

    @cached_property
    def _places(self) -> str:
        """Return the SELECT of the places that are spans, each once."""
        tables = [each for each in ("mentions", "evidence", "quotes") if self._annotates(each)]
        ways = [
            f"SELECT article_id, start_char, end_char FROM {table} WHERE start_char IS NOT NULL"
            for table in tables
        ]
        if self.may_read("zones"):
            ways.append("SELECT article_id, start_char, end_char FROM zones")
        if not ways:
            ways.append("SELECT 1 AS article_id, 1 AS start_char, 1 AS end_char WHERE 0")
        return f"({' UNION '.join(ways)})"

    def _annotates(self, table: str) -> bool:
        return self.may_read(table, "entities")

    # Properties with ways of their own.

    def _entity_classes(self, iri: str) -> Iterator[Source]:
        subject = Form(mapping.ENTITY.kind, ("{0}.id",))
        yield Source(
            iri,
            subject,
            Form(IRI, ("{1}.iri",)),
            ("entities AS {0}", f"{table_of('types')} AS {{1}}"),
            ("{1}.type = {0}.type",),
            row=True,
            of=self._entities_of_class,
        )

    def _entities_of_class(self, class_: str) -> Source | None:
        """Return the source of entities of a class; None where there are none."""
        types = self.facts.types.get(class_)
        if not types:
            return None
        return Source(
            RDF_TYPE,
            Form(mapping.ENTITY.kind, ("{0}.id",)),
            Form(IRI, (quoted(class_),)),
            ("entities AS {0}",),
            (f"{{0}}.type IN ({', '.join(map(quoted, types))})",),
            row=True,
            class_=class_,
        )

    def _aliases(self, iri: str) -> Iterator[Source]:
        table = table_of("aliases")
        subject = Form(mapping.ENTITY.kind, ("{0}.entity_id",))
        near = Source(
            iri,
            Form(mapping.ENTITY.kind, ("{s0}",)),
            _string("{0}.value"),
            (
                "json_each(newsgraph_lines((SELECT of_one.alias_text FROM entities AS of_one"
                " WHERE of_one.id = {s0}))) AS {0}",
            ),
        )
        yield Source(iri, subject, _string("{0}.name"), (f"{table} AS {{0}}",), near=near)

    def _same_as(self, iri: str) -> Iterator[Source]:
        if not self.facts.decided.is_any:
            yield from self._identifiers(iri)
        else:
            yield from self._identity(iri, "same_as", Form(IRI, ("{0}.value",)))

    def _same_things(self, iri: str) -> Iterator[Source]:
        if self.facts.decided.is_any:
            yield from self._identity(iri, "same_things", Form(IRI, ("{0}.value",)))
            return
        for each in self._identifiers(iri):
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

    def _identifiers(self, iri: str) -> Iterator[Source]:
        if self.may_read("identifiers"):
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

    def _identity(self, iri: str, column: str, found: Form) -> Iterator[Source]:
        table = table_of("identities")
        yield Source(
            iri,
            Form(mapping.ENTITY.kind, ("{0}.entity_id",)),
            found,
            (f"{table} AS {{0}}",),
            (f"{{0}}.column = '{column}'",),
        )

    def _different(self, iri: str) -> Iterator[Source]:
        if self.facts.decided.is_any:
            found = Form(mapping.ENTITY.kind, ("{1}.id",))
            for each in self._identity(iri, "different", found):
                yield replace(
                    each,
                    rows=(*each.rows, "entities AS {1}"),
                    where=(*each.where, "{1}.key = {0}.value"),
                )

    def _former(self, iri: str) -> Iterator[Source]:
        if self.facts.decided.is_any:
            ids = quoted(self.facts.ids + NUMBERED[mapping.ENTITY.kind].before)
            for each in self._identity(iri, "former", Form(FORMER, (f"({ids} || {{0}}.value)",))):
                yield replace(each, subject=each.object, object=each.subject)

    def _former_relations(self, iri: str) -> Iterator[Source]:
        if self.facts.decided.is_any:
            ids = quoted(self.facts.ids + NUMBERED[mapping.RELATION.kind].before)
            table = table_of("former_relations")
            yield Source(
                iri,
                Form(FORMER, (f"({ids} || {{0}}.key)",)),
                Form(mapping.RELATION.kind, ("{0}.relation_id",)),
                (f"{table} AS {{0}}",),
            )

    def _geometry(self, iri: str) -> Iterator[Source]:
        yield Source(
            iri,
            Form(mapping.ENTITY.kind, ("{0}.id",)),
            Form(mapping.GEOMETRY.kind, ("{0}.id",)),
            ("entities AS {0}",),
            ("{0}.latitude IS NOT NULL", "{0}.longitude IS NOT NULL"),
            row=True,
        )

    def _wkt(self, iri: str) -> Iterator[Source]:
        form = literal("newsgraph_point({0}.longitude, {0}.latitude)", _WKT)
        yield Source(
            iri,
            Form(mapping.GEOMETRY.kind, ("{0}.id",)),
            form,
            ("entities AS {0}",),
            (form.is_known,),
            row=True,
        )

    def _predicates(self, iri: str) -> Iterator[Source]:
        table = table_of("predicates")
        yield Source(
            iri,
            Form(mapping.RELATION.kind, ("{0}.id",)),
            Form(IRI, ("{1}.iri",)),
            ("relations AS {0}", f"{table} AS {{1}}"),
            (_kind_of("{0}", "{1}"),),
            row=True,
        )

    def _relation_labels(self, iri: str) -> Iterator[Source]:
        name = "(SELECT named.name FROM entities AS named WHERE named.id = {0}.%s)"
        label = (
            f"({name % 'subject_id'} || ' ' || {{0}}.predicate || ' ' ||"
            f" coalesce({name % 'object_id'}, {{0}}.value, 'None'))"
        )
        yield Source(
            iri,
            Form(mapping.RELATION.kind, ("{0}.id",)),
            _string(label),
            ("relations AS {0}",),
            row=True,
        )

    def _objects(self, iri: str) -> Iterator[Source]:
        for form, condition, _, _ in _OBJECTS_OF_RELATIONS:
            yield Source(
                iri,
                Form(mapping.RELATION.kind, ("{0}.id",)),
                form,
                ("relations AS {0}",),
                (condition,),
                row=True,
            )

    def _publisher(self, iri: str) -> Iterator[Source]:
        table = table_of("publisher_names")
        yield Source(
            iri,
            Form(mapping.ARTICLE.kind, ("{0}.id",)),
            Form(mapping.PUBLISHER.kind, ("{1}.key",)),
            ("articles AS {0}", f"{table} AS {{1}}"),
            ("{1}.name = {0}.publisher",),
            row=True,
        )

    def _authors(self, iri: str) -> Iterator[Source]:
        table = table_of("authorship")
        near = Source(
            iri,
            Form(mapping.ARTICLE.kind, ("{s0}",)),
            Form(mapping.AUTHOR.kind, ("{0}.key",)),
            (
                "(SELECT DISTINCT newsgraph_author_key(author.value) AS key FROM"
                " json_each((SELECT of_one.authors FROM articles AS of_one WHERE"
                " of_one.id = {s0})) AS author) AS {0}",
            ),
            ("{0}.key IS NOT NULL",),
        )
        yield Source(
            iri,
            Form(mapping.ARTICLE.kind, ("{0}.article_id",)),
            Form(mapping.AUTHOR.kind, ("{0}.key",)),
            (f"{table} AS {{0}}",),
            near=near,
        )

    def _sections(self, iri: str) -> Iterator[Source]:
        yield Source(
            iri,
            Form(mapping.ARTICLE.kind, ("{0}.id",)),
            _string("{1}.value"),
            ("articles AS {0}", "json_each({0}.sections) AS {1}"),
            (
                "NOT EXISTS (SELECT 1 FROM json_each({0}.sections) AS same"
                " WHERE same.value = {1}.value AND same.key < {1}.key)",
            ),
            row=True,
        )

    def _named(self, iri: str) -> Iterator[Source]:
        if self.may_read("appearances", "entities", "zones"):
            zoned = "SELECT 1 FROM zones WHERE zones.article_id = {0}.article_id"
            yield Source(
                iri,
                Form(mapping.ARTICLE.kind, ("{0}.article_id",)),
                Form(mapping.ENTITY.kind, ("{0}.entity_id",)),
                ("appearances AS {0}",),
                (f"({{0}}.main_mentions > 0 OR {{0}}.mentions = 0 AND NOT EXISTS ({zoned}))",),
            )

    def _source_url(self, iri: str) -> Iterator[Source]:
        form = Form(IRI, ("newsgraph_address({0}.url)",))
        yield Source(
            iri,
            Form(mapping.TEXT.kind, ("{0}.id",)),
            form,
            ("articles AS {0}",),
            (form.is_known,),
            row=True,
        )

    def _publisher_names(self, iri: str) -> Iterator[Source]:
        yield Source(
            iri,
            Form(mapping.PUBLISHER.kind, ("{0}.key",)),
            _string("{0}.name"),
            (_TEMPORARY.format(table_of("publishers")),),
            row=True,
        )

    def _author_names(self, iri: str) -> Iterator[Source]:
        yield Source(
            iri,
            Form(mapping.AUTHOR.kind, ("{0}.key",)),
            _string("{0}.name"),
            (_TEMPORARY.format(table_of("authors")),),
            row=True,
        )

    def _author_classes(self, iri: str) -> Iterator[Source]:
        yield Source(
            iri,
            Form(mapping.AUTHOR.kind, ("{0}.key",)),
            Form(IRI, ("{0}.class",)),
            (_TEMPORARY.format(table_of("authors")),),
            row=True,
        )

    def _start(self, iri: str) -> Iterator[Source]:
        yield self._of_place(iri, literal("CAST({s1} AS TEXT)", _COUNT, number="{s1}"))

    def _end(self, iri: str) -> Iterator[Source]:
        yield self._of_place(iri, literal("CAST({s2} AS TEXT)", _COUNT, number="{s2}"))

    def _context(self, iri: str) -> Iterator[Source]:
        yield self._of_place(iri, Form(mapping.TEXT.kind, ("{s0}",)))

    def _of_place(self, iri: str, found: Form) -> Source:
        return Source(iri, Form(SPAN, _PLACE), found, (f"{self._places} AS {{0}}",), held=True)

    def _words(self, iri: str) -> Iterator[Source]:
        if self._annotates("mentions"):
            yield Source(
                iri,
                Form(SPAN, _PLACE),
                _string("{0}.surface"),
                ("mentions AS {0}",),
                (
                    "{0}.start_char IS NOT NULL",
                    "{0}.surface IS NOT NULL",
                    "NOT EXISTS (SELECT 1 FROM mentions AS same WHERE"
                    " same.article_id = {0}.article_id AND same.start_char = {0}.start_char"
                    " AND same.end_char = {0}.end_char AND same.id < {0}.id)",
                ),
                words=True,
            )

    def _zones(self, iri: str) -> Iterator[Source]:
        if self.may_read("zones"):
            yield Source(
                iri,
                Form(SPAN, _PLACE),
                Form(IRI, (_zone_class_of("{0}.zone"),)),
                ("(SELECT DISTINCT article_id, start_char, end_char, zone FROM zones) AS {0}",),
            )

    def _nothing(self, iri: str) -> Iterator[Source]:
        """Yield nothing: another node has the triples, too."""
        return iter(())


_TEMPORARY = "{} AS {{0}}"
_PLACE = ("{0}.article_id", "{0}.start_char", "{0}.end_char")
_ANNOTATED = (mapping.MENTION.kind, mapping.EVIDENCE.kind, mapping.QUOTE.kind)
#: What has to be read so that there are nodes of a kind; those that name people are in no graph unless
#: asked for, and in none that is asked.
_NEEDS: dict[str, tuple[str, ...]] = {
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
_OBJECT_TYPE = "newsgraph_value_type(coalesce({0}.value, ''), {0}.datatype)"
#: What the objects of relations are: their form, the condition, the kinds of objects, and when another
#: relation, ``other``, has the same.
_OBJECTS_OF_RELATIONS: tuple[tuple[Form, str, tuple[str, ...], str], ...] = (
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
_SPECIAL: dict[tuple[str, str], Callable[[Sources, str], Iterator[Source]]] = {
    (mapping.ENTITY.kind, "classes"): Sources._entity_classes,
    (mapping.ENTITY.kind, "aliases"): Sources._aliases,
    (mapping.ENTITY.kind, "same_as"): Sources._same_as,
    (mapping.ENTITY.kind, "same_things"): Sources._same_things,
    (mapping.ENTITY.kind, "different"): Sources._different,
    (mapping.ENTITY.kind, "former"): Sources._former,
    (mapping.ENTITY.kind, "wkt"): Sources._geometry,
    # Whatever the predicate: see ``Sources.all`` and ``Sources.of``.
    (mapping.ENTITY.kind, "statements"): Sources._nothing,
    (mapping.GEOMETRY.kind, "wkt"): Sources._wkt,
    (mapping.RELATION.kind, "predicate"): Sources._predicates,
    (mapping.RELATION.kind, "label"): Sources._relation_labels,
    (mapping.RELATION.kind, "object_key"): Sources._objects,
    (mapping.RELATION.kind, "former"): Sources._former_relations,
    (mapping.ARTICLE.kind, "publisher_key"): Sources._publisher,
    (mapping.ARTICLE.kind, "author_keys"): Sources._authors,
    (mapping.ARTICLE.kind, "sections"): Sources._sections,
    (mapping.ARTICLE.kind, "entity_keys"): Sources._named,
    (mapping.TEXT.kind, "source_url"): Sources._source_url,
    (mapping.PUBLISHER.kind, "name"): Sources._publisher_names,
    (mapping.AUTHOR.kind, "name"): Sources._author_names,
    (mapping.AUTHOR.kind, "classes"): Sources._author_classes,
    (mapping.SPAN.kind, "start"): Sources._start,
    (mapping.SPAN.kind, "end"): Sources._end,
    (mapping.SPAN.kind, "surface"): Sources._words,
    (mapping.SPAN.kind, "nif:referenceContext"): Sources._context,
    (mapping.ZONE.kind, "classes"): Sources._zones,
    (mapping.ZONE.kind, "start"): Sources._nothing,
    (mapping.ZONE.kind, "end"): Sources._nothing,
    (mapping.ZONE.kind, "surface"): Sources._nothing,
    (mapping.ZONE.kind, "nif:referenceContext"): Sources._nothing,
}


def _united(own: list[Source], stated: list[Source]) -> list[Source]:
    """Return sources of one predicate, each triple once, whoever has it of those that are of entities."""
    found = [each for each in own if each.subject.kind != mapping.ENTITY.kind]
    of_entities = [each for each in own if each.subject.kind == mapping.ENTITY.kind]
    kinds = dict.fromkeys(each.object.kind for each in (*of_entities, *stated))
    for kind in kinds:
        same = [each for each in (*of_entities, *stated) if each.object.kind == kind]
        found.append(same[0] if len(same) == 1 else _union(same))
    return found


def _union(sources: list[Source]) -> Source:
    """Return several sources with forms of the same kinds as one, each triple once."""
    selects = []
    for source in sources:
        names = [f"united{place}" for place in range(len(source.rows))]
        columns = (*source.subject.values, *source.object.values)
        selected = ", ".join(f"{each} AS c{place}" for place, each in enumerate(columns))
        where = " AND ".join(source.where) or "1"
        sql = f"SELECT {selected} FROM {', '.join(source.rows)} WHERE {where}"
        selects.append(sql.format(*names).replace("{", "{{").replace("}", "}}"))
    first = sources[0]
    subject = tuple(f"{{0}}.c{place}" for place in range(len(first.subject.values)))
    objects = tuple(
        f"{{0}}.c{place}" for place in range(len(subject), len(subject) + len(first.object.values))
    )
    return Source(
        first.predicate,
        Form(first.subject.kind, subject),
        Form(first.object.kind, objects),
        (f"({' UNION '.join(selects)}) AS {{0}}",),
    )


def _kind_of(relation: str, predicate: str) -> str:
    """Return the condition that a row of the table of predicates is that of a relation."""
    return (
        f"{predicate}.label = {relation}.predicate AND {predicate}.kind = CASE WHEN"
        f" {relation}.object_id IS NOT NULL THEN 'entity'"
        f" ELSE coalesce({relation}.datatype, 'string') END"
    )


def _class_of_term(facts: Facts) -> str:
    ways = (expand(name, "") for name in ("rdf:Property", "rdfs:Class"))
    property_, class_ = map(quoted, ways)
    return f"CASE {{0}}.class WHEN 'rdf:Property' THEN {property_} ELSE {class_} END"


def _zone_class_of(sql: str) -> str:
    from datasette_newsgraph.article import ZONES
    from datasette_newsgraph.vocabulary import zone_class

    ways = " ".join(
        f"WHEN {quoted(zone)} THEN {quoted(expand(zone_class(zone), ''))}" for zone in ZONES
    )
    return f"CASE {sql} {ways} END"


def _constant_count(sql: str) -> Form:
    return literal(f"'{sql}'", _COUNT, number=sql)


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
