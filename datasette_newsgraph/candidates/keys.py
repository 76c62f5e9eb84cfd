"""The keys of entities: two that may be one thing have one in common."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum, auto
from typing import NamedTuple

from datasette_newsgraph.candidates.graph import Graph
from datasette_newsgraph.candidates.names import Name
from datasette_newsgraph.candidates.nations import nation_of
from datasette_newsgraph.candidates.sounds import consonants

#: Letters of a name in which a slip may be looked for.
_SLIPPED = range(5, 25)
#: Letters of a name whose consonants are compared, in all words.
_SOUNDED = 4


class Rule(IntEnum):
    """What a key is for."""

    IDENTIFIER = auto()
    LETTERS = auto()
    WORDS = auto()
    COUNTRY = auto()
    INITIALS = auto()
    ACRONYM = auto()
    CONSONANTS = auto()
    SLIP = auto()
    FIRST_NAME = auto()
    SURNAME = auto()


class Key(NamedTuple):
    """A key: its rule, and what is the same in names under it."""

    rule: Rule
    text: str

    @property
    def number(self) -> int:
        """Return a number that stands for the key; an acronym stands under the initials."""
        rule = Rule.INITIALS if self.rule is Rule.ACRONYM else self.rule
        return hash((int(rule), self.text))


def keys_of(graph: Graph, entity: int) -> set[Key]:
    """Return the keys of an entity."""
    found = {Key(Rule.IDENTIFIER, iri) for iri in graph.identifiers.get(entity, ())}
    for name in graph.all_names(entity):
        if len(name.joined) > 1:
            found.update(_of_any_name(name))
    name = graph.name(entity)
    if len(name.joined) > 1:
        found.update(_of_spelling(name))
    return found


def _of_any_name(name: Name) -> Iterator[Key]:
    """Yield the keys that any name of an entity gives it."""
    yield Key(Rule.LETTERS, name.joined)
    if len(name.core) > 1:
        yield Key(Rule.WORDS, " ".join(sorted(name.core)))
    for letters in name.initials:
        yield Key(Rule.INITIALS, letters)
    if name.acronym:
        yield Key(Rule.ACRONYM, name.acronym)
    nation = nation_of(name.raw)
    for country in nation.countries if nation else ():
        yield Key(Rule.COUNTRY, country)


def _of_spelling(name: Name) -> Iterator[Key]:
    """Yield the keys under which names stand that are spelt nearly so."""
    core, joined = name.core, name.joined
    sound = name.sound
    if len(sound.replace(" ", "")) >= _SOUNDED:
        yield Key(Rule.CONSONANTS, sound)
    if len(core) > 1 and len(core[-1]) > 2:
        yield Key(Rule.SURNAME, f"{core[-1]} {core[0][0]}")
        yield Key(Rule.FIRST_NAME, f"{core[0]} {consonants(core[-1])[:2]}")
    if len(joined) in _SLIPPED:
        # Of two that differ in one letter, one with a letter left out is the other, or is so without
        # one of its own.
        yield Key(Rule.SLIP, joined)
        for at in range(len(joined)):
            yield Key(Rule.SLIP, joined[:at] + joined[at + 1 :])
