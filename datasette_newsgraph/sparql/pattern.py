"""What a triple of a question is, and the ways for it to be met."""

from __future__ import annotations

from typing import NamedTuple

from rdflib.paths import Path
from rdflib.term import BNode, Identifier, URIRef, Variable

from datasette_newsgraph.sparql.sources.source import Source


class Other(NamedTuple):
    """Any predicate but some."""

    than: tuple[str, ...]


class Apart(NamedTuple):
    """A path between ends that differ; of ``NO_STEP`` they are the same."""

    path: Identifier | Path


NO_STEP = Apart(URIRef("urn:x-none"))
NAMES = (Variable, BNode)
Term = Identifier | Path | Other | Apart


class Pattern(NamedTuple):
    """A triple of a question."""

    subject: Identifier
    predicate: Term
    object: Identifier


class Closure(NamedTuple):
    """One step or more along some predicates from entity to entity."""

    sources: tuple[Source, ...]


class Choice(NamedTuple):
    """A way for a pattern to be met: the kinds of subject and object, and the source."""

    subject: str
    object: str
    source: Source | Closure
