"""Registers: what lists of persons, places, organisations, events and works say of each entry."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from datasette_newsgraph.readers.formats.tei.references import Reference, References, identifier

_ADDRESS = re.compile(r"https?://")
#: The elements of lists that are entries, with the labels of what they are.
KINDS = {
    "person": "person",
    "personGrp": "group",
    "place": "place",
    "org": "org",
    "event": "event",
    "object": "object",
    "bibl": "work",
    "biblStruct": "work",
}
_NAMES = {
    "person": ("persName", "name"),
    "group": ("persName", "orgName", "name"),
    "place": ("placeName", "geogName", "name"),
    "org": ("orgName", "name"),
    "event": ("eventName", "label", "name", "head"),
    "object": ("objectName", "name", "head"),
    "work": ("title",),
}
#: What a place may be called if it has no name of its own.
_PARTS_OF_PLACES = ("settlement", "district", "region", "country", "bloc")
_PREFERRED = frozenset({"pref", "preferred", "main", "full", "reg"})
_PLACES = ("placeName", *_PARTS_OF_PLACES)
_LIFE = {"birth": "birth", "death": "death"}
_WHEN = ("when", "when-iso", "value")
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[.,]\d+)?", re.ASCII)
_LONGEST_NAME = 500
#: Names, identifiers or facts of one entry: more are damage.
_MOST = 200


class Fact(NamedTuple):
    """Something that is said of an entry: words, and what these refer to."""

    predicate: str
    words: str
    reference: Reference = Reference()
    is_date: bool = False
    start: str | None = None
    end: str | None = None


@dataclass
class Entry:
    """An entry of a register, by its id."""

    label: str
    names: list[str] = field(default_factory=list)
    fallback: list[str] = field(default_factory=list)
    same_as: list[str] = field(default_factory=list)
    description: str | None = None
    place: tuple[float, float] | None = None
    facts: list[Fact] = field(default_factory=list)
    #: The parts of the name that is being read.
    parts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def called(self) -> list[str]:
        """All names, the preferred one first."""
        return self.names or self.fallback


class Register:
    """All entries of a document, and the relations between them."""

    def __init__(self, references: References) -> None:
        self._references = references
        self.entries: dict[str, Entry] = {}
        self.relations: list[dict[str, str]] = []
        self.passed_over: Counter[str] = Counter()

    def entry(self, name: str, id_: str, attributes: dict[str, str]) -> Entry:
        """Return the entry that begins, a new one unless its id has been given before."""
        entry = self.entries.setdefault(id_, Entry(KINDS[name]))
        for each in ("sameAs", "ref", "corresp"):
            entry.same_as += self._references.read(attributes.get(each)).iris
        return entry

    def take(
        self, entry: Entry, path: tuple[str, ...], attributes: dict[str, str], words: str
    ) -> None:
        """Take an element of an entry, which ends: the names from below the entry down to its own."""
        name, first = path[-1], path[0]
        if name in ("forename", "surname", "nameLink", "genName") and first in ("persName", "name"):
            entry.parts.setdefault(name, []).append(words)
        elif len(path) == 1 and name in _NAMES[entry.label]:
            self._name(entry, attributes, words)
        elif len(path) == 1 and name in _PARTS_OF_PLACES and entry.label == "place":
            entry.fallback += [words[:_LONGEST_NAME]] if words and not entry.fallback else []
        elif name == "idno" and len(path) <= 2:
            self._identifier(entry, attributes, words)
        elif name == "geo" and first == "location":
            entry.place = entry.place or _coordinates(words)
        elif len(entry.facts) >= _MOST:
            self.passed_over["further facts in a register"] += 1
        elif first in _LIFE:
            self._life(entry, path, attributes, words)
        elif path in (("occupation",), ("affiliation",)):
            self._fact(entry, attributes, name, words)
        elif path in (("desc",), ("note",)):
            entry.description = entry.description or words or None
        elif len(path) == 1 and name not in ("location", "persName", "event", "place", "org"):
            self.passed_over[f"{name} in a register"] += 1

    def _name(self, entry: Entry, attributes: dict[str, str], words: str) -> None:
        parts, entry.parts = entry.parts, {}
        if parts.get("forename") and parts.get("surname"):
            order = ("forename", "nameLink", "surname", "genName")
            words = " ".join(each for name in order for each in parts.get(name, ()) if each)
        entry.same_as += self._references.read(attributes.get("ref")).iris
        if len(entry.names) >= _MOST:
            self.passed_over["further names in a register"] += 1
        elif _ADDRESS.match(words):
            # Where a work can be read, as some registers give it beside its title.
            self.passed_over["address for a name in a register"] += 1
        elif words:
            place = 0 if attributes.get("type") in _PREFERRED else len(entry.names)
            entry.names.insert(place, words[:_LONGEST_NAME])

    def _identifier(self, entry: Entry, attributes: dict[str, str], words: str) -> None:
        kinds = (attributes.get("subtype", ""), attributes.get("type", ""))
        found = next(filter(None, (identifier(each, words) for each in kinds)), None)
        if found is not None and len(entry.same_as) < _MOST:
            entry.same_as.append(found)
        elif words:
            self.passed_over["idno of no known kind"] += 1

    def _life(
        self, entry: Entry, path: tuple[str, ...], attributes: dict[str, str], words: str
    ) -> None:
        when = next((attributes[each] for each in _WHEN if attributes.get(each)), None)
        of = _LIFE[path[0]]
        known = {each.predicate for each in entry.facts}
        if when and path[-1] in (path[0], "date") and f"date of {of}" not in known:
            entry.facts.append(Fact(f"date of {of}", when, is_date=True))
        elif path[-1] in _PLACES and words and f"place of {of}" not in known:
            reference = self._references.read(attributes.get("ref") or attributes.get("key"))
            entry.facts.append(Fact(f"place of {of}", words[:_LONGEST_NAME], reference))

    def _fact(self, entry: Entry, attributes: dict[str, str], name: str, words: str) -> None:
        reference = self._references.read(attributes.get("ref") or attributes.get("key"))
        if not words and not reference.ids:
            return
        predicate = attributes.get("role", "") if name == "affiliation" else ""
        entry.facts.append(
            Fact(
                predicate or name,
                words[:_LONGEST_NAME],
                reference if name == "affiliation" else Reference(),
                start=attributes.get("from"),
                end=attributes.get("to"),
            )
        )


def _coordinates(words: str) -> tuple[float, float] | None:
    given = words.split()
    if len(given) != 2:
        given = words.split(",")
    numbers = [each.strip(" ,;") for each in given]
    if len(numbers) != 2 or not all(map(_NUMBER.fullmatch, numbers)):
        return None
    latitude, longitude = (float(each.replace(",", ".")) for each in numbers)
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
