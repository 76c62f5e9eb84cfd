"""From the annotations of one set to entities, coreference and relations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import identifier_iri
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.iri import clean_iri
from datasette_newsgraph.pronouns import pronouns_of
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.chains import PRONOUNS, fullest
from datasette_newsgraph.readers.formats.gate.document import Annotation, Document, Relation
from datasette_newsgraph.readers.plain_values import datatype_of

#: Annotations about words, sentences and layout, and what grammars write for themselves.
_STRUCTURE = frozenset(
    [
        "token",
        "spacetoken",
        "default_token",
        "sentence",
        "split",
        "lookup",
        "paragraph",
        "nounchunk",
        "np",
        "vp",
        "vg",
        "verbchunk",
        "syntaxtreenode",
        "dependency",
        "morph",
        "pronoun",
        "firstperson",
        "urlpre",
        "temp",
        "tempdate",
        "document",
        "section",
        "body",
        "chunk",
        "clause",
        "emoticon",
    ]
)
#: What a document brought with it: the elements of a page.
ORIGINAL = "Original markups"
#: The set of what people have annotated.
_KEY = "key"
#: Types that leave it to a feature to say what is named.
_ANY = frozenset({"mention", "entity", "namedentity", "ne", "named_entity"})
_CLASSES = ("class", "type", "kind", "majortype", "category")
_IDENTIFIERS = ("inst", "uri", "dbpedia", "dbpinst", "wikidata", "kbid", "kb_id", "link")
_VALUES = ("normalized", "normalised", "timexvalue")
_ITEM = re.compile(r"Q[1-9]\d*", re.ASCII)
_IDS = re.compile(r"\d+", re.ASCII)
#: More members of one relation are damage.
_MOST_MEMBERS = 100
_LONGEST_NAME = 1000


def is_name(annotation: Annotation) -> bool:
    """Tell whether an annotation is of a name, by its type."""
    return annotation.type.casefold() not in _STRUCTURE


def chosen(document: Document) -> str | None:
    """Return the name of the set that is read: that of people, else the default one, else the one with
    most names; None if no set has any.
    """
    counts = {
        name: sum(map(is_name, annotations))
        for name, annotations in document.sets.items()
        if name != ORIGINAL
    }
    named = [name for name, count in counts.items() if count]
    if not named:
        return None
    return min(named, key=lambda name: (name.casefold() != _KEY, name != "", -counts[name]))


class Annotations:
    """The entities of one set, and what relates them."""

    def __init__(self, document: Document, set_name: str | None, language: str | None) -> None:
        self.building = Building(document.text, document.unit)
        self.passed_over: Counter[str] = Counter()
        self._pronouns = pronouns_of(language)
        self._by_id: dict[str, Entity] = {}
        given = document.sets.get(set_name, []) if set_name is not None else []
        names = [each for each in given if is_name(each)]
        if missed := len(given) - len(names):
            self.passed_over["annotations of words and sentences"] = missed
        for name, others in document.sets.items():
            if name not in (set_name, ORIGINAL) and others:
                self.passed_over["annotations of other sets"] += len(others)
        self._chains = _Chains(names)
        for each in names:
            self._chains.called(each, self._words(each), self._pronouns)
        for number, each in enumerate(names):
            self._name(f"{each.type}[{number if each.id is None else each.id}]", each)
        for number, relation in enumerate(document.relations.get(set_name or "", ()), 1):
            self._relation(f"Relation[{relation.id or number}]", relation)

    def _words(self, annotation: Annotation) -> str:
        start, end = annotation.start, annotation.end
        if start is None or end is None or end - start > _LONGEST_NAME:
            return ""
        return self.building.words(start, end) or ""

    def _name(self, place: str, given: Annotation) -> None:
        chain = self._chains.of(given)
        words = self._words(given)
        if chain is not None and words.casefold() in self._pronouns:
            self.passed_over[PRONOUNS] += 1
            entity = self._by_id.get(f"chain {chain}")
        else:
            features = {key.casefold(): value for key, value in (given.features or {}).items()}
            main = None if chain is None else self._chains.main(chain)
            entity = self.building.mention(
                place,
                given,
                _label(given, features) if main is None else main[0],
                given.start,
                given.end,
                id=None if chain is None else f"chain {chain}",
                name=None if main is None else main[1],
                same_as=_identifiers(features),
            )
            if entity is not None:
                self._say_more(entity, given, features, words if main else None)
                if chain is not None:
                    self._by_id[f"chain {chain}"] = entity
        if entity is not None and given.id is not None:
            self._by_id[str(given.id)] = entity

    def _say_more(
        self, entity: Entity, given: Annotation, features: dict[str, Any], words: str | None
    ) -> None:
        if words is not None:
            name = collapse(words)
            if name != entity.name and name not in entity.aliases:
                entity.aliases.append(name)
        value = next((features[each] for each in _VALUES if features.get(each)), None)
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            of_date = given.type.casefold() in ("date", "time")
            self.building.value(entity, str(value), datatype_of(str(value), of_date=of_date))

    def _relation(self, place: str, relation: Relation) -> None:
        missing = [each for each in relation.members if each not in self._by_id]
        if missing or not 2 <= len(relation.members) <= _MOST_MEMBERS:
            what = (
                f"{missing[0]} is no name of this set" if missing else "does not relate two names"
            )
            self.building.fault(f"{place}: {what}", relation)
            return
        first, *others = (self._by_id[each] for each in relation.members)
        for other in others:
            self.building.relation(first, relation.type, other)


class _Chains:
    """Annotations that match each other: they are of one entity."""

    def __init__(self, annotations: list[Annotation]) -> None:
        self._leaders: dict[str, str] = {}
        self._types: dict[str, Counter[str]] = {}
        self._names: dict[str, Counter[str]] = {}
        known = {str(each.id) for each in annotations if each.id is not None}
        for each in annotations:
            if each.id is None:
                continue
            for other in _matches(each):
                if other in known and other != str(each.id):
                    one, two = self._leader(str(each.id)), self._leader(other)
                    self._leaders[two] = one

    def _leader(self, id_: str) -> str:
        path = []
        while (above := self._leaders.setdefault(id_, id_)) != id_:
            path.append(id_)
            id_ = above
        for each in path:
            self._leaders[each] = id_
        return id_

    def of(self, annotation: Annotation) -> str | None:
        """Return what the chain of an annotation is known by, None if it matches no other."""
        id_ = str(annotation.id)
        return self._leader(id_) if id_ in self._leaders else None

    def called(self, annotation: Annotation, words: str, pronouns: frozenset[str]) -> None:
        """Note what an annotation of a chain is called."""
        chain = self.of(annotation)
        if chain is not None and words and words.casefold() not in pronouns:
            self._names.setdefault(chain, Counter())[collapse(words)] += 1
            # What nothing is known of says nothing of the others.
            weight = 0 if annotation.type.casefold() == "unknown" else 1
            self._types.setdefault(chain, Counter())[annotation.type] += weight

    def main(self, chain: str) -> tuple[str, str] | None:
        """Return the type of most annotations of a chain, and the fullest name."""
        names = self._names.get(chain)
        return None if not names else (self._types[chain].most_common(1)[0][0], fullest(names))


def _matches(annotation: Annotation) -> Iterator[str]:
    given = (annotation.features or {}).get("matches")
    if isinstance(given, list):
        yield from (str(each) for each in given if isinstance(each, (int, str)))
    elif isinstance(given, str):
        yield from _IDS.findall(given)


def _label(annotation: Annotation, features: dict[str, Any]) -> str | None:
    if annotation.type.casefold() not in _ANY:
        return annotation.type
    given = next((features[each] for each in _CLASSES if features.get(each)), None)
    # Of the IRI of a class its last part.
    return re.split("[/#]", given)[-1] if isinstance(given, str) else None


def _identifiers(features: dict[str, Any]) -> list[str]:
    found = []
    for each in _IDENTIFIERS:
        given = features.get(each)
        if not isinstance(given, str):
            continue
        if _ITEM.fullmatch(given):
            found.append(identifier_iri("Wikidata", given))
        elif given.startswith(("http://", "https://", "urn:")) and (iri := clean_iri(given)):
            found.append(iri)
    return found
