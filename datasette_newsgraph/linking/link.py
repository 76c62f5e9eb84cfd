"""An entity of a graph, and what an authority knows by its names."""

from __future__ import annotations

from dataclasses import dataclass

from datasette_newsgraph.authorities import canonical_identifier
from datasette_newsgraph.authority.things import Known
from datasette_newsgraph.identity import entity_key


@dataclass(frozen=True)
class Entity:
    """An entity: its key, type and names, and how many articles name it."""

    key: str
    type: str
    name: str
    aliases: tuple[str, ...] = ()
    articles: int = 0


@dataclass(frozen=True)
class Link:
    """The things that have the name of an entity, the best known first.

    ``is_sure``: there is one, and by the rules the entity is that thing. ``words``: the rule, or why
    none decides.
    """

    entity: Entity
    things: tuple[Known, ...]
    is_sure: bool
    words: str

    @property
    def iri(self) -> str:
        """The IRI of the first thing."""
        return self.things[0].iri

    @property
    def key(self) -> str:
        """The key of an entity that has this IRI as its identifier."""
        return key_of(self.iri)


def key_of(iri: str) -> str:
    """Return the key of an entity that a canonical IRI identifies.

    >>> key_of("http://www.wikidata.org/entity/Q90")
    'q90-7vjtwgbjzcbb3'
    """
    return entity_key("", "", [(rank_of(iri), iri)])


def rank_of(iri: str) -> int:
    """Return the rank of the authority that gives a canonical IRI, as of ``authorities``."""
    identifier = canonical_identifier(iri)
    assert identifier is not None, f"{iri} was canonical when it was read"
    return identifier[0]
