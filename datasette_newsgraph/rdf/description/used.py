"""The vocabularies and authorities that a graph uses, as far as its counts show."""

from __future__ import annotations

import re

from datasette_newsgraph.authorities import AUTHORITIES
from datasette_newsgraph.identity import hashed
from datasette_newsgraph.rdf.description.counting import Counts
from datasette_newsgraph.vocabulary import LABEL_PATH, LABEL_PREFIX, PREFIXES

_LOCAL_NAME = re.compile("[A-Za-z0-9_-]+", re.ASCII)


def part_name(iri: str, base: str) -> str:
    """Return the name of the part of a graph that has a term: readable, where the term is of one of
    our prefixes.

    >>> part_name("https://schema.org/Person", "https://example.org/")
    'schema-Person'
    """
    for prefix, namespace in _namespaces(base).items():
        local = iri.removeprefix(namespace)
        if local != iri and _LOCAL_NAME.fullmatch(local):
            return f"{prefix}-{local}"
    return hashed(iri)


def namespaces_of(counts: Counts, base: str) -> list[str]:
    """Return the namespaces of the terms that were counted, as far as they have a prefix of ours."""
    used = [*counts.classes, *counts.properties]
    return sorted(
        namespace
        for namespace in _namespaces(base).values()
        if any(iri.startswith(namespace) for iri in used)
    )


def authority_links(counts: Counts) -> list[tuple[str, tuple[str, str], int]]:
    """Return of each authority to which things are linked: the name of that part of the graph, its own
    name with what its IRIs begin with, and the number of links.
    """
    return [
        (
            f"links-{each.name.lower()}",
            (each.name, each.canonical.partition("{")[0]),
            counts.links[each.name],
        )
        for each in AUTHORITIES
        if counts.links[each.name]
    ]


def _namespaces(base: str) -> dict[str, str]:
    return {**PREFIXES, LABEL_PREFIX: base + LABEL_PATH}
