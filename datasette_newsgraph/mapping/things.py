"""Entities and relations: what the news is about, and what it says of it."""

from __future__ import annotations

from datasette_newsgraph.mapping.model import Node, Property, Ref, Value


def _former(kind: str, why: str) -> Property:
    """Return the property that names what was shown as the node before something was decided."""
    comment = f"The IRI under which it was known before. {why}"
    return Property(
        "owl:sameAs", Ref(f"{kind}/{{_item}}"), "former", comment, many=True, is_turned=True
    )


ENTITY = Node(
    "entity",
    Ref("entity/{key}"),
    (),
    {
        "id": "entities.id",
        "key": "entities.key",
        "type": "entities.type",
        "name": "entities.name",
        "alias_text": "entities.alias_text",
        "description": "entities.description",
        "latitude": "entities.latitude",
        "longitude": "entities.longitude",
        "classes": None,
        "aliases": None,
        "same_as": None,
        "same_things": None,
        "different": None,
        "wkt": None,
        "statements": None,
        "former": None,
    },
    (
        Property(
            "rdf:type", Value.TERM, "classes", "The classes for the entity's type.", many=True
        ),
        Property(
            "schema:name",
            Value.STRING,
            "name",
            "The name that most articles give it.",
            required=True,
        ),
        Property(
            "rdfs:label",
            Value.STRING,
            "name",
            "The same name, where every tool looks for one.",
            required=True,
        ),
        Property("skos:altLabel", Value.STRING, "aliases", "Its other names.", many=True),
        Property(
            "schema:alternateName",
            Value.STRING,
            "aliases",
            "Its other names.",
            many=True,
            only=("schema",),
        ),
        Property("schema:description", Value.STRING, "description", "What the entity is."),
        Property("schema:latitude", Value.DOUBLE, "latitude", "Degrees north (WGS 84)."),
        Property("schema:longitude", Value.DOUBLE, "longitude", "Degrees east (WGS 84)."),
        Property(
            "geo:hasGeometry",
            Ref("entity/{key}#geometry"),
            "wkt",
            "The same place, as GeoSPARQL has it.",
        ),
        Property(
            "schema:sameAs", Value.IRI, "same_as", "IRIs of the same thing elsewhere.", many=True
        ),
        Property(
            "owl:sameAs",
            Value.IRI,
            "same_things",
            "Of these IRIs, the one from which the key follows, and those that were decided to be the"
            " same; not those that name a page about the thing.",
            many=True,
        ),
        Property(
            "owl:differentFrom",
            Ref("entity/{_item}"),
            "different",
            "Entities that it was decided not to be; said of one of each pair.",
            many=True,
        ),
        Property(
            "",
            Value.STATEMENTS,
            "statements",
            "The plain triple of each relation that is asserted.",
            many=True,
        ),
        _former("entity", "It was decided to be the same."),
    ),
    "entities",
)
GEOMETRY = Node(
    "geometry",
    Ref("entity/{key}#geometry"),
    ("geo:Geometry",),
    {"key": None, "wkt": None},
    (
        Property(
            "geo:asWKT", Value.WKT, "wkt", "The point: longitude, then latitude.", required=True
        ),
    ),
)
RELATION = Node(
    "relation",
    Ref("relation/{key}"),
    ("rdf:Statement",),
    {
        "key": "relations.key",
        "subject_key": "subjects.key",
        "subject": "subjects.name",
        "predicate_label": "relations.predicate",
        "object_key": "objects.key",
        "object": "objects.name",
        "value": "relations.value",
        "datatype": "relations.datatype",
        "predicate": None,
        "label": None,
        "about": None,
        "stated_in": None,
        "former": None,
    },
    (
        Property("rdfs:label", Value.STRING, "label", "The relation in words.", required=True),
        Property(
            "schema:name",
            Value.STRING,
            "label",
            "The relation in words.",
            required=True,
            only=("schema",),
        ),
        Property(
            "schema:about",
            Ref("entity/{_item}"),
            "about",
            "Its subject, and its object.",
            many=True,
            only=("schema",),
        ),
        Property(
            "schema:appearance",
            Ref("article/{_item}"),
            "stated_in",
            "The articles that state it.",
            many=True,
            only=("schema",),
        ),
        Property(
            "rdf:subject", Ref("entity/{subject_key}"), "subject_key", "Its subject.", required=True
        ),
        Property("rdf:predicate", Value.TERM, "predicate", "Its predicate.", required=True),
        Property("rdf:object", Value.OBJECT, "object_key", "Its object or value.", required=True),
        _former("relation", "Its subject or object was decided to be the same."),
    ),
    "relations JOIN entities AS subjects ON subjects.id = subject_id"
    " LEFT JOIN entities AS objects ON objects.id = object_id",
    classes_in={"schema": ("schema:Claim",)},
)
