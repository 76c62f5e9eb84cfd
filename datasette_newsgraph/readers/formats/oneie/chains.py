"""Which mentions are of one entity, where their ids tell that as those of ACE do: ``…-E3-25``.

Other data sets number sentences where ACE numbers entities. There mentions of several types have one
id, or the numbers of mentions begin again; then ids tell nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from datasette_newsgraph.article import Entity
from datasette_newsgraph.identity import collapse
from datasette_newsgraph.readers.chains import fullest
from datasette_newsgraph.readers.formats.oneie.sentence import EntityMention, Sentence

_OF_ACE = re.compile(r"(.*-E\d{1,9})-(\d{1,9})", re.DOTALL)


class Chains:
    """The entities of one article by what the ids of their mentions have in common."""

    def __init__(self, names: dict[str, str] | None = None) -> None:
        #: What the entity of each chain is called; None if ids tell no chains.
        self._names = names
        self._unnamed: dict[str, Entity] = {}
        self._named: set[str] = set()

    @classmethod
    def of(cls, sentences: Iterable[Sentence]) -> Chains:
        """Return the chains that the ids of all mentions tell, if they do."""
        chains: dict[str, list[EntityMention]] = {}
        numbers: set[str] = set()
        for mention in (each for sentence in sentences for each in sentence.entity_mentions):
            found = _OF_ACE.fullmatch(mention.key)
            if found is None or found[2] in numbers:
                return cls()
            numbers.add(found[2])
            chains.setdefault(found[1], []).append(mention)
        if any(len({each.entity_type for each in chain}) > 1 for chain in chains.values()):
            return cls()
        return cls({key: _called(chain) for key, chain in chains.items()})

    def key(self, mention: EntityMention) -> str | None:
        """Return what tells the entity of a mention; None if its words do."""
        found = _OF_ACE.fullmatch(mention.key) if self._names is not None else None
        return found[1] if found else None

    def name(self, key: str | None) -> str | None:
        """Return what the entity of a chain is called; None for words of its own."""
        return (self._names or {}).get(key or "") or None

    def note(self, key: str | None, mention: EntityMention, words: str, entity: Entity) -> None:
        """Note that an entity has a mention, which may be another name of it."""
        if not mention.is_name:
            self._unnamed[entity.id] = entity
            return
        self._named.add(entity.id)
        other = collapse(words)
        if key is not None and other != entity.name and other not in entity.aliases:
            entity.aliases.append(other)

    def settle(self) -> None:
        """Let what has no name mean something in its article only."""
        for id_, entity in self._unnamed.items():
            entity.local = id_ not in self._named


def _called(chain: list[EntityMention]) -> str:
    """Return what an entity is called: by its names before its descriptions, by these before pronouns;
    by the most frequent one, or a longer one that contains it.
    """
    by_level: dict[int, Counter[str]] = {}
    for each in chain:
        level = 0 if each.is_name else 1 if each.mention_type == "NOM" else 2
        by_level.setdefault(level, Counter())[collapse(each.text or "")] += 1
    return fullest(by_level[min(by_level)])
