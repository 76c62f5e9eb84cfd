"""What an answer to a question in SPARQL is: solutions, true or false, or triples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from rdflib.term import Node

#: An RDF term, or None for a variable that a solution does not bind.
Term: TypeAlias = Node | None
Triple: TypeAlias = tuple[Node, Node, Node]


@dataclass(frozen=True)
class Solutions:
    """What a SELECT found: the names of the variables, and a row of terms for each solution."""

    variables: tuple[str, ...]
    rows: Iterator[tuple[Term, ...]]


@dataclass(frozen=True)
class Truth:
    """What an ASK found."""

    holds: bool


@dataclass(frozen=True)
class Triples:
    """What a CONSTRUCT or DESCRIBE made: each triple once."""

    triples: Iterator[Triple]


Answer: TypeAlias = Solutions | Truth | Triples
