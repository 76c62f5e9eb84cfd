"""The keys that are taken for the parts of things, links and quotes, and what a user says of keys.

This is the one table of them; the documentation prints it. Keys are compared as ``named_keys.folded``
has them. A user may say what further keys mean, or decide between two (``--map``, ``[keys]``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from datasette_newsgraph.readers import named_keys
from datasette_newsgraph.readers.named_keys import folded
from datasette_newsgraph.readers.structured import other_languages

#: The better one of two names of a thing: the other one is its alias.
_FULL_NAMES = (
    "canonical_name",
    "canonical_form",
    "full_name",
    "normalized_name",
    "normalised_name",
)
_NAMES = ("name", "entity_name", "entity")
_SURFACES = (
    *(
        "text",
        "mention",
        "surface",
        "surface_form",
        "entity_text",
        "mention_text",
        "span",
        "span_text",
    ),
    *("phrase", "word", "term", "exact_text", "value", "string"),
)

#: By role the keys of a thing.
THINGS: Mapping[str, tuple[str, ...]] = {
    "full name": _FULL_NAMES,
    "name": (*_NAMES, *other_languages.THINGS["name"]),
    "surface": _SURFACES,
    "type": (
        *(*named_keys.TYPES, "label", "tag", "ner_tag", "ner", "entity_group", "entity_class"),
        *other_languages.THINGS["type"],
    ),
    "description": (*named_keys.DESCRIPTIONS, *other_languages.THINGS["description"]),
    "aliases": (*named_keys.ALIASES, "mentions", "surface_forms", "variants"),
    "identifier": named_keys.IDENTIFIERS,
    "id": ("id", "entity_id", "node_id", "key", "uid", "ref"),
    "confidence": named_keys.CONFIDENCES,
    "start": ("start", "start_char", "start_offset", "begin", "start_index", "char_start"),
    "end": ("end", "end_char", "end_offset", "stop", "end_index", "char_end"),
}
#: The roles that name a thing, the better first.
NAMING = ("full name", "name", "surface")
#: By role the keys of a link.
LINKS: Mapping[str, tuple[str, ...]] = {
    "subject": (
        *named_keys.SUBJECTS,
        "agent",
        "e1",
        "entity1_name",
        *other_languages.LINKS["subject"],
    ),
    "object": (
        *named_keys.OBJECTS,
        "patient",
        "e2",
        "entity2_name",
        *other_languages.LINKS["object"],
    ),
    "predicate": (
        *(k for k in named_keys.PREDICATES if k not in ("keywords", "relationship_keywords")),
        *other_languages.LINKS["predicate"],
    ),
    "description": named_keys.STATEMENT_DESCRIPTIONS,
    "confidence": named_keys.CONFIDENCES,
    "evidence": (*named_keys.EVIDENCE, "supporting_quote", "quotation", "text", "span", "citation"),
    "start date": ("start_date", "valid_from", "date", "year", "when"),
    "end date": ("end_date", "valid_to"),
    "subject type": ("subject_type", "source_type", "head_type", "from_type", "subject_label"),
    "object type": ("object_type", "target_type", "tail_type", "to_type", "object_label"),
}
#: By role the keys of a quote.
QUOTES: Mapping[str, tuple[str, ...]] = {
    "words": ("quote", "text", "quotation", "content", "words", "statement"),
    "speaker": ("speaker", "source", "author", "attributed_to", "name", "person"),
    "verb": ("verb", "cue", "reporting_verb", "attribution_verb", "speech_verb", "quote_verb"),
    "confidence": named_keys.CONFIDENCES,
}
#: What a user may say that a key is.
ROLES: tuple[str, ...] = tuple(dict.fromkeys((*THINGS, *LINKS, *QUOTES, "text", "things", "links")))

#: Words for types, which stand in the place of a type and never of a name.
_TYPE_WORDS = frozenset(
    (
        *(
            "per",
            "pers",
            "person",
            "people",
            "human",
            "politician",
            "org",
            "organization",
            "company",
        ),
        *(
            "organisation",
            "loc",
            "location",
            "place",
            "gpe",
            "geopoliticalentity",
            "city",
            "country",
        ),
        *("norp", "group", "fac", "facility", "event", "product", "concept", "workofart", "law"),
        *("language", "misc", "miscellaneous", "date", "time", "money", "quantity", "percent"),
        *("cardinal", "ordinal"),
    )
)


@dataclass(frozen=True)
class GivenKeys:
    """What a user says of keys: by role the folded keys that have it, and those to be passed over."""

    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()

    def of(self, role: str) -> tuple[str, ...]:
        """Return the keys that have a role."""
        return self.roles.get(role, ())

    @property
    def said(self) -> frozenset[str]:
        """All keys of which the user says something: none of them means what it means by itself."""
        return self.dropped.union(*self.roles.values())


NO_KEYS = GivenKeys()


def are_type_words(words: Sequence[str]) -> bool:
    """Tell whether words are those of types, and no names.

    >>> are_type_words(["PERSON", "Location"]), are_type_words(["PERSON", "Rome"])
    (True, False)
    """
    return bool(words) and all(folded(each) in _TYPE_WORDS for each in words)
