"""The triples of a graph as SQL: for each predicate where its subjects and objects stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from datasette_newsgraph import mapping
from datasette_newsgraph.mapping.profiles import FULL
from datasette_newsgraph.sparql.facts import Facts, table_of
from datasette_newsgraph.sparql.forms import IRI, TERM, Form
from datasette_newsgraph.sparql.sources.nodes import NEEDS, of_node
from datasette_newsgraph.sparql.sources.source import RDF_TYPE, Source, of_subject, quoted, string
from datasette_newsgraph.sparql.sources.statements import stated, statements
from datasette_newsgraph.vocabulary import expand


class Sources:
    """The sources of one graph, of the tables that may be read."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.may_read = facts.rows.may_read

    @cached_property
    def all(self) -> tuple[Source, ...]:
        """Return all sources: together they have each triple of the graph once."""
        overlapping = self._overlapping()
        found = [each for each in self._own if each.predicate not in overlapping]
        if self.may_read("relations", "entities"):
            found += statements(self.facts, overlapping)
        for iri in sorted(overlapping):
            found += self.of(iri)
        return tuple(found)

    def of(self, iri: str) -> list[Source]:
        """Return the sources of the triples of one predicate."""
        found = [each for each in self._own if each.predicate == iri]
        if self.may_read("relations", "entities") and iri in self.facts.labels:
            return _united(found, stated(self.facts, iri))
        return found

    @cached_property
    def _own(self) -> list[Source]:
        nodes = [each for each in FULL.nodes.values() if each.kind in NEEDS]
        return [*(each for node in nodes for each in of_node(self.facts, node)), *_terms()]

    def _overlapping(self) -> set[str]:
        """Return the predicates of statements that entities have by their own columns, too."""
        kind = mapping.ENTITY.kind
        of_entities = {each.predicate for each in self._own if each.subject.kind == kind}
        return {iri for iri in self.facts.labels if iri in of_entities}


def _terms() -> Iterator[Source]:
    """Yield the sources of the terms that labels stand for."""
    table = (f"{table_of('terms')} AS {{0}}",)
    subject = Form(TERM, ("{0}.iri",))
    yield Source(RDF_TYPE, subject, Form(TERM, (_class_of_term(),)), table)
    yield Source(expand("rdfs:label", ""), subject, string("{0}.label"), table)


def _class_of_term() -> str:
    ways = (expand(name, "") for name in ("rdf:Property", "rdfs:Class"))
    property_, class_ = map(quoted, ways)
    return f"CASE {{0}}.class WHEN 'rdf:Property' THEN {property_} ELSE {class_} END"


def _united(own: list[Source], said: list[Source]) -> list[Source]:
    """Return sources of one predicate, each triple once: a relation may say what a column has."""
    found = [each for each in own if each.subject.kind != mapping.ENTITY.kind]
    of_entities = [each for each in own if each.subject.kind == mapping.ENTITY.kind]
    groups: dict[str, list[Source]] = {}
    for each in (*of_entities, *said):
        # An IRI is the same, whether an article gives it or a vocabulary.
        kind = IRI if each.object.kind == TERM else each.object.kind
        groups.setdefault(kind, []).append(each)
    for same in groups.values():
        found.append(same[0] if len(same) == 1 else union(same))
    return found


def union(sources: list[Source]) -> Source:
    """Return several sources with forms of the same kinds as one, each pair of terms once."""
    selects = []
    for source in sources:
        names = [f"united{place}" for place in range(len(source.rows))]
        objects = [of_subject(each, source.subject) for each in source.object.values]
        columns = [*source.subject.values, *objects]
        selected = ", ".join(f"{each} AS c{place}" for place, each in enumerate(columns))
        where = " AND ".join(source.where) or "1"
        sql = f"{selected} FROM {', '.join(source.rows)} WHERE {where}".format(*names)
        selects.append(f"SELECT DISTINCT {sql}")
    together = " UNION ".join(selects).replace("{", "{{").replace("}", "}}")
    first = sources[0]
    subject = tuple(f"{{0}}.c{place}" for place in range(len(first.subject.values)))
    columns_of_object = tuple(
        f"{{0}}.c{place}" for place in range(len(subject), len(subject) + len(first.object.values))
    )
    return Source(
        first.predicate,
        Form(first.subject.kind, subject),
        Form(first.object.kind, columns_of_object),
        (f"({together}) AS {{0}}",),
    )
