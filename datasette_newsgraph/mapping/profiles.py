"""Profiles: choices of the mapping for those who do not need all of it, each declared here once.

A profile has some kinds of nodes. Of these it has the properties whose object is a node that it has,
too, or no node of ours; and those that only it has. What it leaves out follows from that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from datasette_newsgraph import mapping
from datasette_newsgraph.errors import UsageError
from datasette_newsgraph.mapping import NODES, OF_PEOPLE, Node, Property, Ref, Value

_COLUMNS = re.compile(r"\{\w+\}")
_FRAGMENT = "{_fragment}"


@dataclass(frozen=True)
class Profile:
    """One profile: its name, what it is in a sentence, and the kinds of nodes that it has.

    ``prefixes`` are the vocabularies that it is limited to, by their prefixes; None is no limit.
    """

    name: str
    title: str
    kinds: frozenset[str]
    prefixes: frozenset[str] | None = None

    @property
    def iri(self) -> str:
        """Return the IRI that names the profile, as RFC 6906 has it."""
        # The command line names the profiles in its help, and has no use for the vocabulary there.
        from datasette_newsgraph.vocabulary import OWN_NAMESPACE

        return f"{OWN_NAMESPACE}profile-{self.name}"

    @cached_property
    def nodes(self) -> dict[str, Node]:
        """Return the nodes of the mapping as this profile has them, by their kind."""
        return {node.kind: self._chosen(node) for node in NODES if node.kind in self.kinds}

    @property
    def has_statements(self) -> bool:
        """Tell whether entities have the plain triples of relations."""
        return mapping.RELATION.kind in self.kinds

    @property
    def left_out(self) -> dict[str, tuple[str, ...]]:
        """Return what FULL has and this profile has not: by kind of node the classes and properties, by
        their prefixed names; none of them for a kind that is left out.
        """
        return _beyond(FULL.nodes, self.nodes)

    @property
    def added(self) -> dict[str, tuple[str, ...]]:
        """Return what this profile has and FULL has not, in the same form."""
        return _beyond(self.nodes, FULL.nodes)

    def has_term(self, prefixed: str) -> bool:
        """Tell whether a term, by its prefixed name, is of a vocabulary that the profile has."""
        return self.prefixes is None or prefixed.partition(":")[0] in self.prefixes

    def has_iri(self, iri: str) -> bool:
        """Tell whether a term, by its IRI, is of a vocabulary that the profile has."""
        return self.prefixes is None or iri.startswith(self._namespaces)

    @cached_property
    def _namespaces(self) -> tuple[str, ...]:
        from datasette_newsgraph.vocabulary import PREFIXES

        return tuple(PREFIXES[each] for each in self.prefixes or ())

    def _chosen(self, node: Node) -> Node:
        classes = node.classes_in.get(self.name, node.classes)
        return replace(
            node,
            classes=tuple(each for each in classes if self.has_term(each)),
            properties=tuple(each for each in node.properties if self._has(each)),
        )

    def _has(self, each: Property) -> bool:
        if each.only:
            return self.name in each.only
        if each.value is Value.STATEMENTS:
            return self.has_statements
        if each.term != "rdf:type" and not self.has_term(each.term):
            return False
        return not isinstance(each.value, Ref) or led_to(each.value) in {None, *self.kinds}


def led_to(ref: Ref) -> str | None:
    """Return the kind of node that an IRI of ours names; None for one of any kind.

    >>> led_to(Ref("entity/{subject_key}")), led_to(Ref("article/{article_key}/text{_fragment}"))
    ('entity', 'text')
    """
    return _KINDS.get(_COLUMNS.sub("{}", ref.path.removesuffix(_FRAGMENT)))


#: The kind of each node by its IRI, whatever its columns are called. Of nodes with the same IRI, such
#: as zones and spans, the first one counts.
_KINDS = {_COLUMNS.sub("{}", node.iri.path): node.kind for node in reversed(NODES)}


def _beyond(more: dict[str, Node], less: dict[str, Node]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {kind: () for kind in more if kind not in less}
    for kind in more.keys() & less.keys():
        there = _terms(less[kind])
        terms = tuple(each for each in _terms(more[kind]) if each not in there)
        if terms:
            found[kind] = terms
    return {kind: found[kind] for kind in more if kind in found}


def _terms(node: Node) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys((*node.classes, *(each.term for each in node.properties if each.term)))
    )


def _kinds(*nodes: Node) -> frozenset[str]:
    return frozenset(node.kind for node in nodes)


FULL = Profile(
    "full",
    "All that the mapping has.",
    _kinds(*(each for each in NODES if each is not mapping.PHRASE)),
)
PROFILES: tuple[Profile, ...] = (
    FULL,
    Profile(
        "core",
        "Articles, entities and what is stated of them; nothing of where in a text it stands.",
        _kinds(
            mapping.ENTITY,
            mapping.GEOMETRY,
            mapping.RELATION,
            mapping.PUBLISHER,
            mapping.AUTHOR,
            mapping.ARTICLE,
            *OF_PEOPLE,
        ),
    ),
    Profile(
        "nif",
        "Texts with the phrases that name entities, as tools of the NLP Interchange Format read"
        " them.",
        _kinds(mapping.ENTITY, mapping.GEOMETRY, mapping.TEXT, mapping.PHRASE),
    ),
    Profile(
        "schema",
        "What schema.org has terms for, and no other vocabulary.",
        _kinds(
            mapping.ENTITY,
            mapping.RELATION,
            mapping.PUBLISHER,
            mapping.AUTHOR,
            mapping.ARTICLE,
            mapping.TEXT,
            mapping.QUOTE,
        ),
        frozenset({"schema"}),
    ),
)


def profile_named(name: str) -> Profile:
    """Return the profile of a name, or of an IRI; raises UsageError that lists them all."""
    for each in PROFILES:
        if name in (each.name, each.iri):
            return each
    raise UsageError(f"there is no profile {name!r}; choose {choices()}")


def choices() -> str:
    """Return the names of all profiles in words."""
    *names, last = (each.name for each in PROFILES)
    return f"{', '.join(names)} or {last}"
