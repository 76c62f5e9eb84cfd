"""A question that a visitor has asked, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # It imports rdflib, for which a server that is not asked need not wait.
    from datasette_newsgraph.sparql.answer import Term, Triple


@dataclass(frozen=True)
class Table:
    """The solutions of a SELECT."""

    variables: tuple[str, ...]
    rows: list[tuple[Term, ...]]


@dataclass(frozen=True)
class Asked:
    """A question, and its outcome: a table, true or false, triples; or why there is none.

    ``error`` is one line for people, ``status`` that of HTTP, ``seconds`` how long it took. Of a long
    answer the outcome is the beginning: ``is_cut`` tells that there is more.
    """

    text: str
    outcome: Table | bool | list[Triple] | None
    error: str | None = None
    status: int = 200
    seconds: float = 0.0
    is_cut: bool = False
