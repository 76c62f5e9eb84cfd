"""What SQL cannot answer as a whole, part by part: rdflib over a store that reads the tables.

rdflib asks the store for triples, and before it works a part of the algebra out asks us whether we can:
so that a part that has a translation is one SELECT, with the terms that are bound already put into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import rdflib.plugins.sparql
from rdflib import Graph
from rdflib.plugins.sparql.evaluate import evalPart
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import FrozenBindings, QueryContext
from rdflib.store import Store
from rdflib.term import Identifier, Variable

from datasette_newsgraph.sparql.answer import Term
from datasette_newsgraph.sparql.branch import Branch, Name, Untranslated, Workshop
from datasette_newsgraph.sparql.evaluating import with_our_comparisons
from datasette_newsgraph.sparql.operators import Operators
from datasette_newsgraph.sparql.question import Question
from datasette_newsgraph.sparql.rows import rows_of
from datasette_newsgraph.sparql.sources.graph import Sources

_S, _P, _O = Variable("_s"), Variable("_p"), Variable("_o")


class NewsStore(Store):
    """A store for rdflib that reads triples of the tables of a news graph, and writes none."""

    def __init__(self, sources: Sources) -> None:
        super().__init__()
        self.sources = sources

    def triples(self, triple_pattern: Any, context: Any = None) -> Iterator[Any]:
        """Yield the triples that a pattern is met by, each with no graph."""
        asked = [
            name if term is None else term
            for name, term in zip((_S, _P, _O), triple_pattern, strict=True)
        ]
        names = [each for each in asked if isinstance(each, Variable)]
        for row in self.solutions(CompValue("BGP", triples=[tuple(asked)]), names):
            given = dict(zip(names, row, strict=True))
            yield tuple(given.get(each, each) for each in asked), iter(())

    def solutions(self, part: CompValue, names: list[Any]) -> Iterator[tuple[Term, ...]]:
        """Yield the terms of names in each solution of a part. Raises Untranslated."""
        workshop, branches = self.translated(part)
        return (row for each in branches for row in rows_of(workshop, each, tuple(names)))

    def translated(self, part: CompValue) -> tuple[Workshop, list[Branch]]:
        """Return the branches of a part, and what they share. Raises Untranslated."""
        workshop = Workshop(self.sources.facts)
        return workshop, Operators(workshop, self.sources).branches(part)

    def __len__(self, context: Any = None) -> int:
        """Return the number of triples."""
        return sum(1 for _ in self.triples((None, None, None)))


def evaluated(
    sources: Sources, question: Question, part: CompValue, names: tuple[Name, ...]
) -> Iterator[tuple[Term, ...]]:
    """Yield the terms of names in each solution of a part of a question, as rdflib works it out."""
    # A table that is made while another SELECT is read would end that one.
    sources.facts.make_all_tables()
    rdflib.plugins.sparql.CUSTOM_EVALS["newsgraph"] = _translated
    context = QueryContext(Graph(store=NewsStore(sources)), initBindings={})
    context.prologue = question.query.prologue
    for found in evalPart(context, with_our_comparisons(part)):
        yield tuple(found.get(each) for each in names)


def _translated(context: QueryContext, part: CompValue) -> Any:
    """Work a part out in SQL; raises NotImplementedError, as rdflib has it, where that cannot be."""
    store = getattr(context.graph, "store", None)
    if not isinstance(store, NewsStore):
        raise NotImplementedError
    bound = {name: term for name, term in context.solution().items() if term is not None}
    if bound and part.name != "BGP":
        raise NotImplementedError
    if part.name == "BGP":
        triples = [tuple(bound.get(term, term) for term in triple) for triple in part.triples]
        part = CompValue("BGP", triples=triples)
    try:
        workshop, branches = store.translated(part)
    except Untranslated as reason:
        raise NotImplementedError from reason
    return _bindings(context, workshop, branches, bound)


def _bindings(
    context: QueryContext, workshop: Workshop, branches: list[Branch], bound: dict[Any, Identifier]
) -> Iterator[FrozenBindings]:
    for branch in branches:
        names = tuple(each for each in branch.forms if isinstance(each, Variable))
        for row in rows_of(workshop, branch, names):
            pairs = zip(names, row, strict=True)
            given = {name: term for name, term in pairs if term is not None}
            yield FrozenBindings(context, {**bound, **given})
