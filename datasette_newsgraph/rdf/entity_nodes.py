"""Entities as rows that can be written: with their classes, names, identifiers and plain statements."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.authorities import names_thing
from datasette_newsgraph.mapping import Property, Value
from datasette_newsgraph.rdf.graph_rows import GraphRows
from datasette_newsgraph.rdf.node_columns import ordered, value_of
from datasette_newsgraph.rdf.ntriples import TYPED
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.vocabulary import Vocabulary

_NODE = mapping.ENTITY
_given: Any = value_of(_NODE, "id", "type", "alias_text")
#: Puts what is added to a row, in this order, into that of the mapping.
_added: Any = ordered(_NODE, "classes", "aliases", "same_as", "same_things", "statements")

#: The IRI of a predicate, and an object as the syntax writes it.
Plain = tuple[str, str]


def entity_rows(
    rows: GraphRows, part: Part, syntax: Syntax, vocabulary: Vocabulary, assert_from: float
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the entities of a part, by their keys, as the compiled function takes them.

    ``assert_from``: as of ``GraphRows.asserted``. Raises WrongValue.
    """
    identifiers = rows.identifiers(part)
    asserted = rows.asserted(part, assert_from)
    terms = {syntax.iri(each.term) for each in _NODE.properties if each.term}
    classes = lru_cache(maxsize=1024)(vocabulary.classes)
    predicate_iri = lru_cache(maxsize=8192)(vocabulary.predicate)
    entity, written_object = syntax.entity, syntax.written_object
    for row in rows.nodes(_NODE, part):
        number, type_, alias_text = _given(row)
        same_as = sorted({iri for _, iri in identifiers.of(number)})
        said = {
            (
                predicate_iri(predicate),
                entity(key) if key is not None else written_object((None, value, datatype)),
            )
            for _, predicate, key, value, datatype in asserted.of(number)
        }
        added = (
            classes(type_),
            alias_text.split("\n") if alias_text else (),
            same_as,
            [iri for iri in same_as if names_thing(iri)],
        )
        if said and not terms.isdisjoint([predicate for predicate, _ in said]):
            said -= _own(syntax, (*row, *_added((*added, ()))))
        yield (*row, *_added((*added, sorted(said))))


def _own(syntax: Syntax, row: tuple[Any, ...]) -> set[Plain]:
    """Return the statements that an entity's own columns make.

    A relation can make one of them, too, where a predicate's term is one of the mapping: "also called"
    as skos:altLabel.
    """
    columns = dict(zip((*_NODE.read, *_NODE.added), row, strict=True))
    return {
        (syntax.iri(each.term), object_)
        for each in _NODE.properties
        if each.term and each.column
        for object_ in _objects(syntax, each, columns[each.column])
    }


def _objects(syntax: Syntax, each: Property, value: Any) -> Iterator[str]:
    """Yield the objects of a property of an entity as those of statements are written."""
    for one in value if each.many else () if value is None else (value,):
        if each.value is Value.TERM:
            yield syntax.resource(one)
        elif each.value is Value.IRI:
            yield syntax.user_iri(one)
        elif each.value is Value.DOUBLE:
            yield syntax.literal(repr(one), TYPED[Value.DOUBLE][1])
        else:
            yield syntax.literal(one)
