"""The namespaces, our own terms, and the published terms of well-known labels.

The one place where a namespace IRI is written; everything else speaks in prefixed names
(``schema:name``). Fixed terms of our own are the same in every database, under ``OWN_NAMESPACE``. The
terms that the labels of a database stand for are under its base, at ``{base}ns#``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias, cast

from datasette_newsgraph.anchoring import STATUSES
from datasette_newsgraph.article import ZONES, Datatype, LabelKind
from datasette_newsgraph.identity import hashed, normalise_label, slug
from datasette_newsgraph.verdicts import EXPORTED

#: The prefix of our own fixed terms, and their namespace. It leads to where the vocabulary is
#: published once it is registered at w3id.org, see docs/contributing.md.
OWN_PREFIX = "ng"
OWN_NAMESPACE = "https://w3id.org/datasette-newsgraph/ns#"
#: The prefix of the terms that labels of a database stand for, and where they are under its base.
LABEL_PREFIX = "term"
LABEL_PATH = "ns#"
#: Where identifier IRIs stand under the base.
ID_PATH = "id/"

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "itsrdf": "http://www.w3.org/2005/11/its/rdf#",
    "prov": "http://www.w3.org/ns/prov#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    OWN_PREFIX: OWN_NAMESPACE,
}
#: The prefixes of the document that describes a graph as a data set, in place of these.
DESCRIBING = {
    **{each: PREFIXES[each] for each in ("rdf", "rdfs", "xsd", "dcterms")},
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "void": "http://rdfs.org/ns/void#",
}


def _below(above: str, *labels: str) -> dict[str, tuple[str, ...]]:
    """Return the classes of schema.org that have the names of some labels, by these, each behind the
    more general one.
    """
    return {
        label: (f"schema:{above}", f"schema:{label.title().replace(' ', '')}") for label in labels
    }


@dataclass(frozen=True)
class OwnTerm:
    """A term of ours: a property, or a class of spans.

    ``domain`` is the class of what has the property; ``range_`` that of its objects, or their datatype;
    ``above`` is what a class is a subclass of. They are prefixed names, or empty where there is none.
    """

    name: str
    is_class: bool
    label: str
    comment: str
    domain: str = ""
    range_: str = ""
    above: str = ""

    @property
    def prefixed(self) -> str:
        """Return the prefixed name of the term."""
        return f"{OWN_PREFIX}:{self.name}"


def zone_class(zone: str) -> str:
    """Return the prefixed name of the class of a zone.

    >>> zone_class("standfirst")
    'ng:StandfirstZone'
    """
    return f"{OWN_PREFIX}:{zone.capitalize()}Zone"


OWN_TERMS: tuple[OwnTerm, ...] = (
    OwnTerm(
        "offsetStatus",
        False,
        "offset status",
        "How the span was found in the text, where it is not exact: "
        + ", ".join(each for each in STATUSES if each != "exact")
        + ".",
        range_="xsd:string",
    ),
    OwnTerm(
        "givenSurface",
        False,
        "given surface",
        "The words that the extractor gave for a span, if the text has other words there or does not"
        " have them at all.",
        range_="xsd:string",
    ),
    OwnTerm(
        "quoteVerb",
        False,
        "quote verb",
        "The verb that introduces a quotation, such as said.",
        "schema:Quotation",
        "xsd:string",
    ),
    OwnTerm(
        "directSpeech",
        False,
        "direct speech",
        "True for the speaker's own words, false for reported speech.",
        "schema:Quotation",
        "xsd:boolean",
    ),
    OwnTerm(
        "modelName",
        False,
        "model name",
        "The model that an extraction tool used.",
        "prov:SoftwareAgent",
        "xsd:string",
    ),
    OwnTerm(
        "patternName",
        False,
        "pattern name",
        "The name of the rule or pattern by which an extraction tool found a statement.",
        "oa:Annotation",
        "xsd:string",
    ),
    OwnTerm(
        "validFrom",
        False,
        "valid from",
        "The date since which a statement holds, as this piece of evidence has it.",
        "oa:Annotation",
        "rdfs:Literal",
    ),
    OwnTerm(
        "validUntil",
        False,
        "valid until",
        "The date until which a statement holds, as this piece of evidence has it.",
        "oa:Annotation",
        "rdfs:Literal",
    ),
    OwnTerm(
        "extractedBy",
        False,
        "extracted by",
        "The extraction that found what is annotated in an article.",
        "schema:NewsArticle",
        "prov:Activity",
    ),
    OwnTerm(
        "verdict",
        False,
        "verdict",
        f"What was decided: {', '.join(EXPORTED)}.",
        "prov:Activity",
        "xsd:string",
    ),
    OwnTerm(
        "decidedValue",
        False,
        "decided value",
        "The type, the name or the identifier that was decided.",
        "prov:Activity",
        "xsd:string",
    ),
    OwnTerm(
        "decidedHow",
        False,
        "decided how",
        "The way or the rule by which something was decided.",
        "prov:Activity",
        "xsd:string",
    ),
    *(
        OwnTerm(
            zone_class(zone).partition(":")[2],
            True,
            f"{zone} zone",
            f"A part of an article's text: its {zone}.",
            above="nif:RFC5147String",
        )
        for zone in ZONES
    ),
)

#: What every entity is that has no published class.
ANY_TYPE = "schema:Thing"
#: Types, by normalised label, whose label and meaning are those of a published class: that class,
#: behind a more general one that generic clients look for.
TYPES: dict[str, tuple[str, ...]] = {
    **{
        label: (f"schema:{label.capitalize()}",)
        for label in ("person", "organization", "place", "event", "thing")
    },
    **_below("Place", "administrative area", "airport", "city", "continent", "country"),
    **_below("Place", "hospital", "landform", "mountain", "museum", "volcano"),
    **_below("Organization", "airline", "corporation", "educational organization"),
    **_below("Organization", "government organization", "news media organization"),
    **_below("Organization", "political party", "sports organization", "sports team"),
    **_below("Event", "festival", "sports event"),
    **_below("CreativeWork", "book", "legislation", "movie"),
    **_below("Thing", "creative work", "language", "product"),
}
TYPES |= {
    label.replace("organization", "organisation"): classes
    for label, classes in TYPES.items()
    if "organization" in label
}

#: What an object is: an entity, or the datatype of a value.
ObjectKind: TypeAlias = Literal["entity"] | Datatype
#: Predicates, by normalised label, where label and definition are those of a published property.
#: A label that only might mean it is not here: it becomes a term of our own. So does one whose object
#: is of a kind that the property does not take, see ``OBJECTS``.
PREDICATES = {
    "affiliation": "schema:affiliation",
    "alumni of": "schema:alumniOf",
    "award": "schema:award",
    "birth date": "schema:birthDate",
    "birth place": "schema:birthPlace",
    "born in": "schema:birthPlace",
    "contained in place": "schema:containedInPlace",
    "contains place": "schema:containsPlace",
    "date of birth": "schema:birthDate",
    "date of death": "schema:deathDate",
    "death date": "schema:deathDate",
    "death place": "schema:deathPlace",
    "dissolution date": "schema:dissolutionDate",
    "end date": "schema:endDate",
    "founded by": "schema:founder",
    "founding date": "schema:foundingDate",
    "job title": "schema:jobTitle",
    "location": "schema:location",
    "member of": "schema:memberOf",
    "nationality": "schema:nationality",
    "organizer": "schema:organizer",
    "parent organization": "schema:parentOrganization",
    "place of birth": "schema:birthPlace",
    "place of death": "schema:deathPlace",
    "sibling": "schema:sibling",
    "spouse": "schema:spouse",
    "start date": "schema:startDate",
    "sub organization": "schema:subOrganization",
    "super event": "schema:superEvent",
    "works for": "schema:worksFor",
}

#: The kinds of objects that published properties take. All others take entities.
OBJECTS: dict[str, frozenset[ObjectKind]] = {
    **dict.fromkeys(("schema:award", "schema:jobTitle"), frozenset[ObjectKind]({"string"})),
    **dict.fromkeys(
        (
            "schema:birthDate",
            "schema:deathDate",
            "schema:dissolutionDate",
            "schema:endDate",
            "schema:foundingDate",
            "schema:startDate",
        ),
        frozenset[ObjectKind]({"date"}),
    ),
    "schema:location": frozenset[ObjectKind]({"entity", "string"}),
}
_ENTITY = frozenset[ObjectKind]({"entity"})

_WORDS = re.compile(r"[a-z][a-z0-9]*(?: [a-z0-9]+)*")
_CAMEL_WORDS = re.compile(r"[a-z][a-z0-9]*(?: [a-z][a-z0-9]*)*")


def expand(name: str, base: str) -> str:
    """Return the IRI of a prefixed name; raises KeyError for a prefix that is not ours.

    >>> expand("schema:name", "https://example.org/")
    'https://schema.org/name'
    """
    prefix, _, local = name.partition(":")
    return (base + LABEL_PATH if prefix == LABEL_PREFIX else PREFIXES[prefix]) + local


def kind_of_object(key: object, datatype: str | None) -> ObjectKind:
    """Return the kind of the object of a relation, from its entity, if it has one, and its datatype."""
    if key is not None:
        return "entity"
    return cast(ObjectKind, datatype or "string")


@lru_cache(maxsize=4096)
def own_name(kind: LabelKind, label: str) -> str:
    """Return the prefixed name of a label that has no published term.

    Predicates are lower-case with hyphens and types in camel case, so that none takes another's name.
    A label that would not survive that (other scripts, punctuation)
    gets the hash of the whole label behind what is readable of it.

    >>> own_name("predicate", "leader of"), own_name("type", "military platform")
    ('term:leader-of', 'term:MilitaryPlatform')
    """
    if kind == "predicate":
        if _WORDS.fullmatch(label):
            return f"{LABEL_PREFIX}:{label.replace(' ', '-')}"
        return f"{LABEL_PREFIX}:{slug(label) or 'predicate'}--{hashed(label)}"
    if _CAMEL_WORDS.fullmatch(label):
        return f"{LABEL_PREFIX}:{''.join(word.capitalize() for word in label.split())}"
    return f"{LABEL_PREFIX}:Type-{slug(label) or 'x'}--{hashed(label)}"


class Vocabulary:
    """The terms of one database: the user's before the published ones before our own.

    ``given`` maps (kind, normalised label) to an absolute IRI: the rows of the table ``vocabulary``.
    """

    def __init__(self, base: str, given: dict[tuple[str, str], str] | None = None) -> None:
        self.base = base
        self.given = given or {}

    def predicate(self, label: str, object_: ObjectKind) -> str:
        """Return the IRI of a predicate by its normalised label, for objects of a kind."""
        given = self.given.get(("predicate", label))
        return given or expand(
            _published(label, object_) or own_name("predicate", label), self.base
        )

    def classes(self, type_: str) -> tuple[str, ...]:
        """Return the IRIs of the classes of an entity by its type as given, a more general class before
        another.
        """
        label = normalise_label(type_)
        given = self.given.get(("type", label))
        if given:
            return tuple(dict.fromkeys((expand(ANY_TYPE, self.base), given)))
        names = TYPES.get(label) or (ANY_TYPE, own_name("type", label))
        return tuple(expand(name, self.base) for name in names)

    def is_own_type(self, label: str) -> bool:
        """Tell whether a type, normalised, has neither a class of the user's nor a published one."""
        return ("type", label) not in self.given and label not in TYPES

    def is_own_predicate(self, label: str, object_: ObjectKind) -> bool:
        """Tell whether a predicate, normalised, has for objects of a kind neither a term of the user's
        nor a published one.
        """
        return ("predicate", label) not in self.given and _published(label, object_) is None


def _published(label: str, object_: ObjectKind) -> str | None:
    """Return the published property of a predicate, if it takes objects of a kind."""
    name = PREDICATES.get(label)
    return name if name and object_ in OBJECTS.get(name, _ENTITY) else None
