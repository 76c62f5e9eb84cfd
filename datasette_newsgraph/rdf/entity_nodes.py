"""Entities as rows that can be written: with their classes, names, identifiers and plain statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from datasette_newsgraph import mapping
from datasette_newsgraph.authorities import authority_of, names_thing
from datasette_newsgraph.decisions.keys import item_iri_of
from datasette_newsgraph.identity import follows_from
from datasette_newsgraph.mapping import Property, Ref, Value
from datasette_newsgraph.mapping.profiles import Profile
from datasette_newsgraph.rdf.asserted_rows import asserted
from datasette_newsgraph.rdf.decided_rows import DecidedRows
from datasette_newsgraph.rdf.groups import Groups
from datasette_newsgraph.rdf.node_columns import ordered, value_of
from datasette_newsgraph.rdf.ntriples import TYPED
from datasette_newsgraph.rdf.parts import Part
from datasette_newsgraph.rdf.syntax import Syntax
from datasette_newsgraph.vocabulary import ID_PATH, Vocabulary, kind_of_object

_NODE = mapping.ENTITY
_given: Any = value_of(_NODE, "id", "key", "type", "alias_text", "latitude", "longitude")
#: Puts what is added to a row, in this order, into that of the mapping.
_added: Any = ordered(
    _NODE,
    *("classes", "aliases", "same_as", "same_things", "different", "wkt", "former"),
    "statements",
)

_COLUMNS = (*_NODE.read, *_NODE.added)
_place: Any = itemgetter(_COLUMNS.index("key"), _COLUMNS.index("wkt"))
_of_geometry: Any = ordered(mapping.GEOMETRY, "key", "wkt")

#: The IRI of a predicate, and an object as the syntax writes it.
Plain = tuple[str, str]


def entity_rows(
    decided: DecidedRows,
    part: Part,
    syntax: Syntax,
    vocabulary: Vocabulary,
    profile: Profile,
    assert_from: float,
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the entities of a part, by their keys, as the compiled function takes them.

    ``assert_from``: as of ``asserted``. Raises WrongValue.
    """
    rows = decided.rows
    identifiers = rows.identifiers(part)
    is_decided = decided.is_any
    former_keys, links = decided.former_entities(part), decided.links(part)
    statements = (
        asserted(rows, part, assert_from, in_graphs=syntax.has_graphs)
        if profile.has_statements
        else Groups((), itemgetter(0))
    )
    properties = profile.nodes[_NODE.kind].properties
    terms = {syntax.iri(each.term) for each in properties if each.term}
    classes = lru_cache(maxsize=1024)(partial(classes_of, vocabulary, profile))
    predicate_iri = lru_cache(maxsize=8192)(vocabulary.predicate)
    entity, written_object = syntax.entity, syntax.written_object
    for row in rows.nodes(_NODE, part):
        number, own, type_, alias_text, latitude, longitude = _given(row)
        iris = {iri for _, iri in identifiers.of(number)}
        former: Sequence[str] = ()
        if is_decided:
            former = sorted(key for _, key in former_keys.of(number))
            iris.update(iri for _, iri in links.of(number) if _is_of(iri, own, *former))
        if former and rows.may_read("identifiers"):
            # A decision need not say the identifier, where the key alone tells which it is.
            iris.update(iri for iri in map(item_iri_of, (own, *former)) if iri)
        same_as = sorted(iris)
        said = {
            (
                predicate_iri(predicate, kind_of_object(key, datatype)),
                entity(key) if key is not None else written_object((None, value, datatype)),
            )
            for _, predicate, key, value, datatype in statements.of(number)
        }
        if profile.prefixes is not None:
            said = {each for each in said if profile.has_iri(each[0])}
        added = (
            classes(type_),
            alias_text.split("\n") if alias_text else (),
            same_as,
            # The only identifier is the one from which the key follows, unless somebody decided.
            _same_things(same_as, own, former)
            if is_decided or len(same_as) > 1
            else [iri for iri in same_as if names_thing(iri)],
            sorted(decided.different.get(number, ())) if is_decided else (),
            point_of(latitude, longitude),
            former,
        )
        if said and not terms.isdisjoint([predicate for predicate, _ in said]):
            said -= _own(syntax, properties, (*row, *_added((*added, ()))))
        yield (*row, *_added((*added, sorted(said))))


def classes_of(vocabulary: Vocabulary, profile: Profile, type_: str) -> tuple[str, ...]:
    """Return the IRIs of the classes that an entity of a type has in a profile."""
    return tuple(filter(profile.has_iri, vocabulary.classes(type_)))


def point_of(latitude: float | None, longitude: float | None) -> str | None:
    """Return a point as Well-Known Text (OGC 06-103r4, section 7), or None where a part is missing."""
    return None if latitude is None or longitude is None else f"POINT({longitude!r} {latitude!r})"


def geometry_row(row: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Return the row of the geometry of an entity, of which this is the row; None if it has none."""
    place = _place(row)
    return None if place[1] is None else _of_geometry(place)


def _same_things(iris: list[str], own: str, former: Sequence[str]) -> list[str]:
    """Return those of an entity's identifiers that are the thing for certain: that of its own key, and
    those of the keys that people decided to be the same. Any other may be the slip of one article.

    An authority that has two of these contradicts the decision, so only that of the own key is left.
    """
    found = [iri for iri in iris if names_thing(iri) and _is_of(iri, own, *former)]
    if len(found) < 2:
        return found
    of_authority = Counter(map(authority_of, found))
    return [iri for iri in found if of_authority[authority_of(iri)] == 1 or _is_of(iri, own)]


def _is_of(iri: str, *keys: str) -> bool:
    return any(follows_from(key, iri) for key in keys)


def _own(syntax: Syntax, properties: Iterable[Property], row: tuple[Any, ...]) -> set[Plain]:
    """Return the statements that an entity's own columns make.

    A relation can make one of them, too, where a predicate's term is one of the mapping: "also called"
    as skos:altLabel.
    """
    columns = dict(zip(_COLUMNS, row, strict=True))
    return {
        (syntax.iri(each.term), object_)
        for each in properties
        if each.term and each.column
        for object_ in _objects(syntax, each, columns)
        if not each.is_turned
    }


def _objects(syntax: Syntax, each: Property, columns: dict[str, Any]) -> Iterator[str]:
    """Yield the objects of a property of an entity as those of statements are written."""
    value = columns[each.column or ""]
    for one in value if each.many else () if value is None else (value,):
        if each.value is Value.TERM:
            yield syntax.resource(one)
        elif each.value is Value.IRI:
            yield syntax.user_iri(one)
        elif isinstance(each.value, Ref):
            if each.many:
                yield syntax.entity(one)
            else:
                # A node that belongs to the entity.
                yield syntax.resource(syntax.base + ID_PATH + each.value.path.format_map(columns))
        elif each.value is Value.DOUBLE:
            yield syntax.literal(repr(one), TYPED[Value.DOUBLE][1])
        else:
            yield syntax.literal(one)
