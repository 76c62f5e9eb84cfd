"""Take the things of an answer: each an entity, whose names are looked for in the text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from datasette_newsgraph.article import Entity
from datasette_newsgraph.authorities import canonical_identifier, identifier_iri
from datasette_newsgraph.errors import RecordError
from datasette_newsgraph.identity import collapse, normalise_name
from datasette_newsgraph.readers.building import Building
from datasette_newsgraph.readers.named_keys import by_folded_key, folded
from datasette_newsgraph.readers.plain_values import is_number
from datasette_newsgraph.readers.structured.keys import (
    LINKS,
    NAMING,
    QUOTES,
    THINGS,
    GivenKeys,
    are_type_words,
)
from datasette_newsgraph.readers.structured.lists import Member
from datasette_newsgraph.readers.structured.roles import Taken, taken, taken_of_things

_EXAMPLE = 160


class Things:
    """The entities of one answer, and who is meant by a name or an id."""

    def __init__(self, text: str | None, keys: GivenKeys) -> None:
        self.building = Building(text)
        self.keys = keys
        #: What was taken for what, by list, with the first object of each; fields not known.
        self.told: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.unknown: Counter[str] = Counter()
        self._by_id: dict[str, Entity] = {}
        self._by_name: dict[str, Entity] = {}
        self._sought: set[str] = set()

    def take(self, members: Sequence[Member]) -> None:
        """Take all members of the lists of things; raises RecordError for two keys of the name."""
        objects = {
            at: by_folded_key(m.part) for at, m in enumerate(members) if isinstance(m.part, dict)
        }
        roles = self._roles(members, objects)
        for at, member in enumerate(members):
            if isinstance(member.part, dict):
                self._object(member, objects[at], roles)
            else:
                self._name(member)
        if objects:
            self.tell("entities[]", roles, members[next(iter(objects))].part, len(objects))

    def _roles(self, members: Sequence[Member], objects: Mapping[int, Mapping[str, Any]]) -> Taken:
        """Return what keys the objects have, whose names may be their keys in the record."""
        if not objects:
            return Taken({})
        try:
            return taken_of_things("entities", list(objects.values()), self.keys)
        except RecordError:
            if not all(members[at].key for at in objects):
                raise
        roles = taken(list(objects.values()), THINGS, self.keys).keys
        return Taken({role: key for role, key in roles.items() if role not in NAMING})

    def _object(self, member: Member, given: Mapping[str, Any], roles: Taken) -> None:
        name = words_of(roles.get(given, "name"))
        id_ = words_of(roles.get(given, "id")) or (member.key if name else "")
        name = name or collapse(member.key)
        if not name:
            self.building.fault(f"{member.place}: has no name", member.part)
            return
        label, *further = [*texts_of(roles.get(given, "type")), member.label]
        label = label or next(filter(None, further), "")
        aliases = [*texts_of(roles.get(given, "aliases"))]
        aliases += [words for key in roles.also for words in texts_of(given.get(key))]
        entity = self.building.entity(
            label,
            name,
            aliases=aliases,
            same_as=_identifiers(roles.get(given, "identifier")),
            description=words_of(roles.get(given, "description")) or None,
        )
        self._know(entity, name, aliases, id_)
        self._place(member, given, roles, entity)
        self.unknown.update(unknown_keys("entities[]", member.part, roles, self.keys))

    def _place(
        self, member: Member, given: Mapping[str, Any], roles: Taken, entity: Entity
    ) -> None:
        """Have an entity looked for, or add the mention that the model gives with a place."""
        confidence = self.confidence("entities[]", roles.get(given, "confidence"))
        start, end = roles.get(given, "start"), roles.get(given, "end")
        if type(start) is int and type(end) is int and self.building.text is not None:
            surface = next(
                filter(None, (words_of(given.get(key)) for key in roles.also)), entity.name
            )
            self.building.mention(
                member.place, member.part, entity.type, start, end, surface,
                confidence=confidence, name=entity.name, same_as=entity.same_as[:1],
            )  # fmt: skip
            self._sought.add(entity.id)
        elif entity.id not in self._sought:
            self._sought.add(entity.id)
            self.building.seek(entity, confidence=confidence)

    def _name(self, member: Member) -> None:
        """Take a thing that is a name, maybe with its type."""
        words, label = words_of(member.part), member.label
        if member.key and words:
            # A type under its name, or a name under its type.
            if are_type_words([member.key]) and not are_type_words([words]):
                words, label = words, member.key
            else:
                words, label = member.key, words
        elif isinstance(member.part, list) and len(member.part) == 2:
            words, label = (words_of(each) for each in member.part)
        if not collapse(words):
            self.building.fault(f"{member.place}: is no name and no object", member.part)
            return
        self.named(words, label)

    def named(self, name: str, label: str = "") -> Entity:
        """Return the entity of a name; it is made and looked for if it is not there yet."""
        entity = self.building.entity(label, name)
        self._know(entity, name, (), "")
        if entity.id not in self._sought:
            self._sought.add(entity.id)
            self.building.seek(entity)
        return entity

    def who(self, words: str) -> Entity | None:
        """Return the entity that has this id, name or alias."""
        return self._by_id.get(words) or self._by_name.get(normalise_name(words))

    def _know(self, entity: Entity, name: str, aliases: Sequence[str], id_: str) -> None:
        if id_:
            self._by_id.setdefault(id_, entity)
        # A name comes before the alias of another.
        known = self._by_name.get(normalise_name(name))
        if known is None or normalise_name(known.name) != normalise_name(name):
            self._by_name[normalise_name(name)] = entity
        for alias in aliases:
            self._by_name.setdefault(normalise_name(alias), entity)

    def confidence(self, place: str, given: Any) -> float | None:
        """Return a confidence from 0 to 1 or in per cent; anything else is counted."""
        if given is None:
            return None
        words = given.strip() if isinstance(given, str) else ""
        if words.endswith("%") and is_number(words[:-1].strip()):
            given = float(words[:-1]) / 100
        elif is_number(words):
            given = float(words)
        if isinstance(given, (int, float)) and not isinstance(given, bool) and 0 <= given <= 1:
            return float(given)
        self.unknown[f"{place}.confidence that is none from 0 to 1"] += 1
        return None

    def tell(self, place: str, roles: Taken, part: Any, count: int) -> None:
        """Note what was taken for what in a list."""
        keys = spelled(part)
        named = {role: keys.get(key, key) for role, key in roles.keys.items()}
        told = ", ".join(f"{role} from {named[role]}" for role in sorted(named, key=_in_order))
        also = ", ".join(keys.get(each, each) for each in roles.also)
        also = f", further names from {also}" if also else ""
        line = json.dumps(part, ensure_ascii=False)
        key = f"{place}: {told}{also}"
        self.told[key] += count
        self.examples.setdefault(key, line if len(line) <= _EXAMPLE else f"{line[:_EXAMPLE]}…")


def spelled(part: Any) -> dict[str, str]:
    """Return how the keys of an object are written, by the form in which they are compared."""
    return {folded(key): key for key in part} if isinstance(part, dict) else {}


def unknown_keys(
    place: str, given: Mapping[str, Any], roles: Taken, keys: GivenKeys
) -> Iterator[str]:
    """Yield the fields of an object that have a value and were taken for nothing."""
    passed = roles.known | keys.dropped
    for key, value in given.items():
        if folded(key) not in passed and value not in (None, "", [], {}):
            yield f"{place}.{key}"


def _in_order(role: str) -> int:
    """Return the place of a role: a thing is told by its name first."""
    return (*THINGS, *LINKS, *QUOTES).index(role)


def words_of(given: Any) -> str:
    """Return a string or a number as words, "" for all else; of a list the first that has words."""
    if isinstance(given, list):
        return next(filter(None, map(words_of, given[:1])), "")
    if isinstance(given, (bool, dict)) or given is None:
        return ""
    return str(given).strip()


def texts_of(given: Any) -> list[str]:
    """Return the names in a list of names, or of objects that have one each; one name alone, too."""
    if isinstance(given, dict):
        fields = by_folded_key(given)
        keys = (key for role in ("name", "surface") for key in THINGS[role])
        given = next(filter(None, (words_of(fields.get(key)) for key in keys)), "")
    listed = given if isinstance(given, list) else [given]
    return [
        words
        for each in listed
        for words in (texts_of(each) if isinstance(each, dict) else [words_of(each)])
        if words
    ]


def _identifiers(given: Any) -> list[str]:
    found = []
    for words in texts_of(given):
        if words[:1] == "Q" and words[1:].isdecimal():
            found.append(identifier_iri("Wikidata", words))
        elif "://" in words and (known := canonical_identifier(words)) is not None:
            found.append(known[1])
    return found
