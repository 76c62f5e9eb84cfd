"""The keys that are taken for the parts of things and links, and which of them a list has.

This is the one table of them; the documentation prints it. Keys are compared as ``named_keys.folded``
has them. A user may say what further keys mean, or decide between two (``--map``, ``[keys]``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datasette_newsgraph.errors import RecordError
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
    "verb": ("verb", "cue", "reporting_verb"),
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


@dataclass(frozen=True)
class Taken:
    """By role the folded key that a list has for it; ``also`` are further names, which are aliases."""

    keys: Mapping[str, str]
    also: tuple[str, ...] = ()

    def get(self, given: Mapping[str, Any], role: str) -> Any:
        """Return what an object, by folded keys, has for a role; None where it has nothing."""
        key = self.keys.get(role)
        value = None if key is None else given.get(key)
        return None if value in ("", [], {}) else value

    @property
    def known(self) -> frozenset[str]:
        """The keys that are taken."""
        return frozenset((*self.keys.values(), *self.also))


def has_name(given: Mapping[str, Any]) -> bool:
    """Tell whether an object, by folded keys, has words under a key that means a name."""
    names = (folded(key) for role in NAMING for key in THINGS[role])
    return any(_words(given.get(each)) for each in names)


def taken(
    objects: Sequence[Mapping[str, Any]],
    roles: Mapping[str, tuple[str, ...]],
    given: GivenKeys = NO_KEYS,
) -> Taken:
    """Return what keys a list of objects, by folded keys, has for each role: those of the user, or the
    first that most of them have.
    """
    counts: dict[str, int] = {}
    for each in objects:
        for key, value in each.items():
            if value not in (None, "", [], {}):
                counts[key] = counts.get(key, 0) + 1
    found: dict[str, str] = {}
    said = given.said
    for role, keys in roles.items():
        own = [key for key in given.of(role) if key in counts]
        usual = [key for each in keys if (key := folded(each)) in counts and key not in said]
        # Rather one that half of them have than an earlier one that hardly any has.
        often = [key for key in usual if 2 * counts[key] >= len(objects)]
        choice = next(iter((*own, *often, *usual)), None)
        if choice is not None and choice not in found.values():
            found[role] = choice
    return Taken(found)


def taken_of_things(
    place: str, objects: Sequence[Mapping[str, Any]], given: GivenKeys = NO_KEYS
) -> Taken:
    """Return what keys the objects of a list of things have for each role, one of them for the name.

    Raises RecordError that names both where either of two keys may be the name.
    """
    keys = dict(taken(objects, THINGS, given).keys)
    if given.of("name") and "name" in keys:
        return _named(objects, keys, keys["name"])
    of_types: list[str] = []
    for role in NAMING:
        candidates = [
            key
            for each in THINGS[role]
            if (key := folded(each)) not in given.said
            and any(_words(one.get(key)) for one in objects)
        ]
        names = [key for key in candidates if not _are_types(objects, key)]
        if role != "full name" and len(names) > 1:
            _tell_apart(place, objects, names)
        of_types += (key for key in candidates if key not in names)
        if names:
            if of_types:
                keys.setdefault("type", of_types[0])
            return _named(objects, keys, names[0])
    return _without_a_name(place, objects, keys)


def _named(objects: Sequence[Mapping[str, Any]], keys: dict[str, str], name: str) -> Taken:
    others = {key for role, key in keys.items() if role not in NAMING}
    also = tuple(
        key
        for role in NAMING
        for key in map(folded, THINGS[role])
        if key != name and key not in others and any(_words(each.get(key)) for each in objects)
    )
    rest = {role: key for role, key in keys.items() if role not in NAMING}
    return Taken({role: key for role, key in rest.items() if key != name} | {"name": name}, also)


def _without_a_name(
    place: str, objects: Sequence[Mapping[str, Any]], keys: dict[str, str]
) -> Taken:
    """Take a label or an id for the name, where that is certain."""
    label, id_, type_ = folded("label"), keys.get("id"), keys.get("type")
    has_label = any(_words(each.get(label)) for each in objects)
    if has_label and type_ not in (None, label):
        return _named(objects, keys, label)
    ids = [each.get(id_) for each in objects] if id_ is not None else []
    if id_ is not None and any(isinstance(each, str) and _is_name(each) for each in ids):
        if has_label and not _are_types(objects, label):
            raise _ambiguous(place, "id", "label")
        return Taken({**{role: key for role, key in keys.items() if role != "id"}, "name": id_})
    if has_label and not _are_types(objects, label):
        return Taken({**{r: key for r, key in keys.items() if r != "type"}, "name": label})
    raise RecordError(f"{place}: no key of them is the name; say which one is (--map, [keys])")


def _is_name(words: str) -> bool:
    """Tell whether an id is a name, and no number or code: "Ana Silva", but not "e1"."""
    return " " in words or (words[:1].isupper() and not any(map(str.isdigit, words)))


def are_type_words(words: Sequence[str]) -> bool:
    """Tell whether words are those of types, and no names.

    >>> are_type_words(["PERSON", "Location"]), are_type_words(["PERSON", "Rome"])
    (True, False)
    """
    return bool(words) and all(folded(each) in _TYPE_WORDS for each in words)


def _are_types(objects: Sequence[Mapping[str, Any]], key: str) -> bool:
    return are_type_words([words for each in objects if (words := _words(each.get(key)))])


def _tell_apart(place: str, objects: Sequence[Mapping[str, Any]], keys: list[str]) -> None:
    """Raise RecordError where two keys have different words, so that either may be the name."""
    for each in objects:
        both = [(key, words) for key in keys if (words := _words(each.get(key)))]
        if len({folded(words) for _, words in both}) > 1:
            raise _ambiguous(place, *(key for key, _ in both[:2]))


def _ambiguous(place: str, one: str, other: str) -> RecordError:
    return RecordError(
        f"{place}: both {one!r} and {other!r} may be the name; say which one is"
        f' (--map, with [keys] {one} = "name")'
    )


def _words(given: Any) -> str:
    return given.strip() if isinstance(given, str) else ""
