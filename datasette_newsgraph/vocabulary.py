"""The namespaces, our own terms, and the published terms of well-known labels.

The one place where a namespace IRI is written; everything else speaks in prefixed names
(``schema:name``). Terms of our own live under the database's base, at ``{base}ns#``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from datasette_newsgraph.anchoring import STATUSES
from datasette_newsgraph.article import ZONES, LabelKind
from datasette_newsgraph.identity import hashed, normalise_label, slug
from datasette_newsgraph.verdicts import EXPORTED

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
}
#: The prefix of our own terms, and where they stand under the base.
OWN_PREFIX = "ng"
OWN_PATH = "ns#"
#: Where identifier IRIs stand under the base.
ID_PATH = "id/"


@dataclass(frozen=True)
class OwnTerm:
    """A term of ours: a property, or a class of spans."""

    name: str
    is_class: bool
    label: str
    comment: str


OWN_TERMS: tuple[OwnTerm, ...] = (
    OwnTerm(
        "offsetStatus",
        False,
        "offset status",
        "How the span was found in the text: " + ", ".join(STATUSES) + ".",
    ),
    OwnTerm(
        "givenSurface",
        False,
        "given surface",
        "The words that the extractor gave for a span, if the text has other words there or does not"
        " have them at all.",
    ),
    OwnTerm(
        "quoteVerb", False, "quote verb", "The verb that introduces a quotation, such as said."
    ),
    OwnTerm(
        "directSpeech",
        False,
        "direct speech",
        "True for the speaker's own words, false for reported speech.",
    ),
    OwnTerm("modelName", False, "model name", "The model that an extraction tool used."),
    OwnTerm(
        "patternName",
        False,
        "pattern name",
        "The name of the rule or pattern by which an extraction tool found a statement.",
    ),
    OwnTerm("verdict", False, "verdict", f"What was decided: {', '.join(EXPORTED)}."),
    OwnTerm(
        "decidedValue",
        False,
        "decided value",
        "The type, the name or the identifier that was decided.",
    ),
    OwnTerm(
        "decidedHow", False, "decided how", "The way or the rule by which something was decided."
    ),
    *(
        OwnTerm(f"{zone}Zone", True, f"{zone} zone", f"A part of an article's text: its {zone}.")
        for zone in ZONES
    ),
)

#: Types, by normalised label, whose meaning is that of a published class.
TYPES = {
    "person": "schema:Person",
    "organization": "schema:Organization",
    "organisation": "schema:Organization",
    "place": "schema:Place",
    "event": "schema:Event",
    "thing": "schema:Thing",
}
#: What every entity is that has no published class.
ANY_TYPE = "schema:Thing"

#: Predicates, by normalised label, where label and definition are those of a published property.
#: A label that only might mean it is not here: it becomes a term of our own.
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
    "number of employees": "schema:numberOfEmployees",
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

_WORDS = re.compile(r"[a-z][a-z0-9]*(?: [a-z0-9]+)*")
_CAMEL_WORDS = re.compile(r"[a-z][a-z0-9]*(?: [a-z][a-z0-9]*)*")


def expand(name: str, base: str) -> str:
    """Return the IRI of a prefixed name; raises KeyError for a prefix that is not ours.

    >>> expand("schema:name", "https://example.org/")
    'https://schema.org/name'
    """
    prefix, _, local = name.partition(":")
    return (base + OWN_PATH if prefix == OWN_PREFIX else PREFIXES[prefix]) + local


@lru_cache(maxsize=4096)
def own_name(kind: LabelKind, label: str) -> str:
    """Return the prefixed name of a label that has no published term.

    Predicates are lower-case with hyphens, types in camel case, our fixed terms in mixed case, so
    that none takes another's name. A label that would not survive that (other scripts, punctuation)
    gets the hash of the whole label behind what is readable of it.

    >>> own_name("predicate", "leader of"), own_name("type", "military platform")
    ('ng:leader-of', 'ng:MilitaryPlatform')
    """
    if kind == "predicate":
        if _WORDS.fullmatch(label):
            return f"{OWN_PREFIX}:{label.replace(' ', '-')}"
        return f"{OWN_PREFIX}:{slug(label) or 'predicate'}--{hashed(label)}"
    if _CAMEL_WORDS.fullmatch(label):
        return f"{OWN_PREFIX}:{''.join(word.capitalize() for word in label.split())}"
    return f"{OWN_PREFIX}:Type-{slug(label) or 'x'}--{hashed(label)}"


class Vocabulary:
    """The terms of one database: the user's before the published ones before our own.

    ``given`` maps (kind, normalised label) to an absolute IRI: the rows of the table ``vocabulary``.
    """

    def __init__(self, base: str, given: dict[tuple[str, str], str] | None = None) -> None:
        self.base = base
        self.given = given or {}
        self._terms: dict[tuple[str, str], str] = {}

    def predicate(self, label: str) -> str:
        """Return the IRI of a predicate by its normalised label."""
        return self._term("predicate", label, PREDICATES)

    def classes(self, type_: str) -> tuple[str, ...]:
        """Return the IRIs of the classes of an entity by its type as given."""
        label = normalise_label(type_)
        iri = self._term("type", label, TYPES)
        if ("type", label) not in self.given and label in TYPES:
            return (iri,)
        return tuple(dict.fromkeys((expand(ANY_TYPE, self.base), iri)))

    def is_own(self, kind: LabelKind, label: str) -> bool:
        """Tell whether a normalised label has neither a term of the user's nor a published one."""
        published = PREDICATES if kind == "predicate" else TYPES
        return (kind, label) not in self.given and label not in published

    def _term(self, kind: LabelKind, label: str, published: dict[str, str]) -> str:
        term = self._terms.get((kind, label))
        if term is None:
            term = self.given.get((kind, label))
            if term is None:
                term = expand(published.get(label) or own_name(kind, label), self.base)
            if len(self._terms) > 10_000:
                self._terms.clear()
            self._terms[kind, label] = term
        return term
