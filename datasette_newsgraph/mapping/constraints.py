"""What holds of the mapping's nodes beyond what their properties say, for SHACL shapes."""

from __future__ import annotations

from typing import NamedTuple

from datasette_newsgraph.mapping.articles import EVIDENCE, MENTION, PHRASE, QUOTE, SPAN, ZONE
from datasette_newsgraph.mapping.things import ENTITY, RELATION


class Constraint(NamedTuple):
    """A parameter of SHACL (section 4) that the objects of a property keep to, at nodes of some kinds:
    its local name, and a number or the prefixed name of another property.
    """

    kinds: frozenset[str]
    term: str
    parameter: str
    value: int | str


class Inverse(NamedTuple):
    """Each node of a kind is the object of this property of some node of another kind."""

    kind: str
    term: str
    subject_kind: str


_ANNOTATED = frozenset({MENTION.kind, EVIDENCE.kind, QUOTE.kind, PHRASE.kind})
_SPANS = frozenset({SPAN.kind, ZONE.kind, PHRASE.kind})
_ENTITY = frozenset({ENTITY.kind})

CONSTRAINTS = (
    Constraint(_ANNOTATED, "itsrdf:taConfidence", "minInclusive", 0),
    Constraint(_ANNOTATED, "itsrdf:taConfidence", "maxInclusive", 1),
    Constraint(_ENTITY, "schema:latitude", "minInclusive", -90),
    Constraint(_ENTITY, "schema:latitude", "maxInclusive", 90),
    Constraint(_ENTITY, "schema:longitude", "minInclusive", -180),
    Constraint(_ENTITY, "schema:longitude", "maxInclusive", 180),
    Constraint(_ENTITY, "rdfs:label", "equals", "schema:name"),
    Constraint(_ENTITY, "skos:altLabel", "disjoint", "rdfs:label"),
    Constraint(_SPANS, "nif:beginIndex", "lessThan", "nif:endIndex"),
)
INVERSES = (Inverse(RELATION.kind, "oa:hasBody", EVIDENCE.kind),)
